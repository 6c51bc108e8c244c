"""Files written so that a killed run loses little and a second run can go on: a part file, and a journal of what is in it.

`events.jsonl` is written as `events.jsonl.part` and gets its name when it is whole. Beside it, `events.jsonl.part.journal`
says, a line a commit, up to which byte the part file is good and which articles that covers; what was written after the
last whole line of the journal is cut off before a resumed run writes on.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from diurna.errors import SkipItem, StopRun
from diurna.records import Article


class Journal:
    """The journal of one part file.

    Args:
        part: the file whose growth it records; need not exist yet.
        head: what made it (versions, format, thresholds); a resumed run must have the same.
        resume: go on with what is there, instead of beginning anew.

    Raises:
        StopRun: a journal to resume was made by other versions or settings.
    """

    def __init__(self, part: Path, head: Mapping[str, object], resume: bool) -> None:
        self.part = part
        self.path = journal_of(part)
        self.done: Counter[str] = Counter()
        self.skipped: list[SkipItem] = []
        self.events = 0
        self._new: list[str] = []
        self._new_skipped: list[SkipItem] = []
        size = good = 0
        if resume and self.path.is_file():
            size, good = self._read(head)
        with self.path.open("ab") as stream:
            stream.truncate(good)
        if part.is_file():
            os.truncate(part, min(size, part.stat().st_size))
        if not good:
            self._append({"head": dict(head)})

    def _read(self, head: Mapping[str, object]) -> tuple[int, int]:
        """Read what a former run recorded; return the good lengths of the part file and of the journal itself."""
        size = good = 0
        for number, line in enumerate(self.path.read_bytes().splitlines(keepends=True)):
            entry = _entry(line)
            if entry is None:
                break  # torn by a kill: it never counted
            if number == 0 and entry.get("head") != json.loads(json.dumps(head)):
                reason = "was begun with other versions or settings"
                raise StopRun(f"{self.part}: {reason}; finish it with those, or start anew without --resume")
            if number:
                size, self.events = entry["size"], self.events + entry["events"]
                self.done.update(entry["done"])
                self.skipped += [SkipItem(*item) for item in entry["skipped"]]
            good += len(line)
        return size, good

    def is_done(self, article: Article) -> bool:
        """Tell whether the part file covers this article; of a text that came twice, each coming is asked about once."""
        key = article.key
        if self.done[key] <= 0:
            del self.done[key]
            return False
        self.done[key] -= 1
        return True

    def add(self, article: Article) -> None:
        """Note an article for the next commit."""
        self._new.append(article.key)

    def add_skipped(self, item: SkipItem) -> None:
        """Note an article that could not be coded, so that a resumed run lists it again without trying it again."""
        self._new.append(item.article)
        self._new_skipped.append(item)

    def commit(self, events: int) -> None:
        """Record that the part file, flushed by its writer, is good as it stands; `events` were added since the last commit."""
        if not self._new:
            return
        _sync(self.part)
        skipped = [[item.source, item.reason, item.article] for item in self._new_skipped]
        self._append({"size": self.part.stat().st_size, "events": events, "done": self._new, "skipped": skipped})
        self._new, self._new_skipped = [], []

    def drop(self) -> None:
        """Remove the journal of a file that is whole."""
        self.path.unlink(missing_ok=True)

    def _append(self, entry: Mapping[str, object]) -> None:
        with self.path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(entry, ensure_ascii=True) + "\n")
            stream.flush()
            os.fsync(stream.fileno())


def part_of(path: Path) -> Path:
    """Return the name under which a file is written until it is whole."""
    return path.with_name(path.name + ".part")


def journal_of(part: Path) -> Path:
    """Return the name of a part file's journal."""
    return part.with_name(part.name + ".journal")


def _entry(line: bytes) -> dict[str, Any] | None:
    if not line.endswith(b"\n"):
        return None
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _sync(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
