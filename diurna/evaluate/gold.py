"""`diurna gold export`: judged articles as gold files, which `diurna evaluate articles` reads (docs/evaluation.md)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diurna.errors import StopRun
from diurna.ledger import Ledger, queries
from diurna.ledger.judgements import judgements, standing
from diurna.ledger.replay import Standing
from diurna.records import Article, Event, Participant, content_id

_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_MARK = 13  # a hyphen and so many digits of a hash
_SHOWN = {"month": 7, "year": 4, "decade": 4}


@dataclass(frozen=True, slots=True)
class Gold:
    """What was written. partial: articles left out because not every event of theirs is judged, with how many are open."""

    files: tuple[Path, ...]
    events: int
    partial: tuple[tuple[str, int], ...]


def export_gold(ledger: Ledger, folder: Path, judge: str = "", partly: bool = False) -> Gold:
    """Write a gold file and its text for each article of which every event was judged.

    What was rejected, merged away or split is not in it; quotations are not judged, so the files ask for none.

    Args:
        ledger: open for reading.
        folder: made when it is missing; files of the same names are replaced.
        judge: one person's reading; what all judgements together left when empty.
        partly: also articles with events that nobody judged; those events are written as not required.

    Raises:
        StopRun: nobody has judged anything, or the folder cannot be written.
    """
    ids = sorted({item.article_id for item in judgements(ledger, by=judge)})
    if not ids:
        raise StopRun(
            f"{ledger.path}: no judgements{' by ' + judge if judge else ''} to export; make some: diurna judge accept EVENT"
        )
    files: list[Path] = []
    partial: list[tuple[str, int]] = []
    events = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for article_id in ids:
            found = [item for item in standing(ledger, article_id, judge) if item.stands]
            unseen = sum(not item.judged for item in found)
            if unseen and not partly:
                partial.append((article_id, unseen))
                continue
            files.append(_write(folder, queries.find_article(ledger, article_id), found))
            events += len(found)
    except OSError as error:
        raise StopRun(f"{folder}: cannot be written ({error.strerror}); check folder and permissions") from error
    return Gold(tuple(files), events, tuple(partial))


def gold_of(article: Article, found: list[Standing], file: str) -> dict[str, Any]:
    """Return the gold record of an article; `file` names its text."""
    head = {"id": article.id, "file": file, "published": article.published or None, "title": article.title or None}
    return {**head, "events": [_event(item) for item in found], "quotes": [], "boilerplate": []}


def _write(folder: Path, article: Article, found: list[Standing]) -> Path:
    # Ids may come from users' own files and hold anything; the name of a file holds no separators.
    name = _NAME.sub("_", article.id).strip(".")[:100]
    if name != article.id:
        # Other ids may come to the same name.
        name = f"{name or 'article'}{content_id('', article.id)[:_MARK]}"
    text, gold = folder / f"{name}.txt", folder / f"{name}.json"
    with text.open("w", encoding="utf-8", newline="") as stream:
        stream.write(article.text)
    gold.write_text(json.dumps(gold_of(article, found, text.name), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return gold


def _event(item: Standing) -> dict[str, Any]:
    event = item.event
    return {
        "id": event.id,
        "event": [event.event],
        "evidence": [list(span) for mention in event.mentions for span in mention.trigger_spans],
        "actor": [_party(each) for each in event.actors],
        "recipient": [_party(each) for each in event.recipients],
        "reciprocal": event.reciprocal,
        "required": bool(item.judged),
        "recipient_optional": False,
        "polarity": event.polarity,
        "modality": event.modality,
        "period": event.period,
        "said_by": list(event.said_by) or None,
        "source": event.source or None,
        "cameo": [event.cameo] if event.cameo else [],
        "modes": list(event.modes),
        "contexts": list(event.contexts),
        "when": _day(event),
        "where": event.where.name or None,
    }


def _party(each: Participant) -> dict[str, Any]:
    return {"text": each.name or each.text, "country": each.country or None, "sector": list(each.sectors) or None}


def _day(event: Event) -> str | None:
    return event.when.start[: _SHOWN.get(event.when.precision, 10)] or None
