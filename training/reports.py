"""Read the annotated reports of `training/reports/*.txt`: running news prose, every event of every sentence marked.

    python training/reports.py FILE...        check files; prints bad lines and counts

A report is a line `# id | date | register`, then its sentences, each a line that begins with `> `. Under a sentence stand
its events, indented by two spaces, eight fields separated by ` | `:

    ROOT/mode/cameo | trigger | actor | recipient | status | said_by | when | where

Trigger, actor, recipient, said_by, when and where are exact words of the sentence (`word#2` for the second occurrence),
several joined by ` + `; `-` is nobody or nothing; `^name` a participant whom only the context names.
Status: `-` or words out of STATUS; mode and cameo may be `-`.

A line `  = words | name` says for whom a pronoun or a description of the sentence stands: a name in the words of the report,
several joined by ` + `. Not every report has such lines; one that has any has all of them.

A line `  @ words | USA` says to which country a noun or pronoun belongs that takes part in an event: codes of countries or
bodies (codebook, section 3), several joined by ` + `, or `-` for none.

A line `  & Aleppo, SYR | 2016-12-13` under an event says where and when it took place as a reader of the whole report would say,
wherever that is told; `-` is nowhere, or no day. A day with `?` is that of the report, for want of another.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
DATA = HERE.parent / "diurna" / "data" / "ontology"
STATUS = {"negated", "future", "hypothetical", "historical", "ongoing", "recip", "optional"}
Span = tuple[int, int]
KEPT = 5  # every fifth report of a file is kept from training


@dataclass
class Told:
    """One event as a sentence tells it; spans are offsets into the sentence, `implied` names come from the context."""

    root: str
    mode: str
    cameo: str
    trigger: list[Span]
    actor: list[Span]
    recipient: list[Span]
    status: set[str]
    said_by: list[Span]
    when: list[Span]
    where: list[Span]
    implied: dict[str, list[str]]
    setting: Setting | None = None


@dataclass(frozen=True)
class Setting:
    """Where and when an event took place; empty is unknown. when: ISO days, months or years, two joined by a slash."""

    place: str
    country: str
    when: str
    assumed: bool


@dataclass
class Sentence:
    """One sentence of a report with its events (none for most atmosphere and background)."""

    text: str
    events: list[Told] = field(default_factory=list)
    refers: list[tuple[Span, list[str]]] = field(default_factory=list)
    belongs: list[tuple[Span, list[str]]] = field(default_factory=list)


@dataclass
class Report:
    """One annotated report."""

    id: str
    date: str
    register: str
    sentences: list[Sentence] = field(default_factory=list)


def find(text: str, words: str) -> Span:
    """Return the span of `words` (or `words#n`, its n-th occurrence) in `text`; ValueError when absent.

    Whole words are preferred over parts of words.
    """
    name, _, number = words.partition("#")
    nth = int(number) if number else 1
    places = [m.span() for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
    places = places or [m.span() for m in re.finditer(re.escape(name), text)]
    if len(places) < nth:
        raise ValueError(f"{words!r} is not in the sentence")
    return places[nth - 1]


def _spans(text: str, cell: str) -> tuple[list[Span], list[str]]:
    parts = [p.strip() for p in cell.split(" + ")] if cell != "-" else []
    return [find(text, p) for p in parts if not p.startswith("^")], [p[1:] for p in parts if p.startswith("^")]


def event(text: str, line: str, modes: dict[str, set[str]]) -> Told:
    """Read one event line under the sentence `text`; ValueError says what is wrong."""
    cells = [c.strip() for c in line.split(" | ")]
    if len(cells) != 8:
        raise ValueError(f"{len(cells)} fields, not 8")
    code = [("" if c == "-" else c) for c in cells[0].split("/")]
    if len(code) != 3 or code[0] not in modes:
        raise ValueError(f"code {cells[0]!r} is not ROOT/mode/cameo")
    if code[1] and code[1] not in modes[code[0]]:
        raise ValueError(f"mode {code[1]!r} is not one of {code[0]}: {' '.join(sorted(modes[code[0]]))}")
    if code[2] and not re.fullmatch(r"\d{2,4}", code[2]):
        raise ValueError(f"CAMEO code {code[2]!r}")
    status = set() if cells[4] == "-" else set(cells[4].split())
    if status - STATUS:
        raise ValueError(f"status {' '.join(status - STATUS)!r}")
    spans, implied = {}, {}
    for name, cell in zip(("trigger", "actor", "recipient", "said_by", "when", "where"), cells[1:4] + cells[5:], strict=True):
        spans[name], implied[name] = _spans(text, cell)
    if not spans["trigger"]:
        raise ValueError("no trigger")
    return Told(*code, status=status, implied=implied, **spans)


def refers(report: Report, line: str) -> tuple[Span, list[str]]:
    """Read one line `words | name`, about the last sentence of a report; ValueError says what is wrong."""
    words, bar, cell = line.partition(" | ")
    names = [n.strip() for n in cell.split(" + ")]
    if not bar or not all(names):
        raise ValueError("a line of reference is '= words | name'")
    for name in names:
        if not any(name in s.text for s in report.sentences):
            raise ValueError(f"{name!r} is not in the report so far")
    return find(report.sentences[-1].text, words.strip()), names


def belongs(text: str, line: str) -> tuple[Span, list[str]]:
    """Read one line `words | codes` under the sentence `text`; ValueError says what is wrong."""
    words, bar, cell = line.partition(" | ")
    codes = [] if cell.strip() == "-" else cell.strip().split(" + ")
    if not bar or not all(re.fullmatch("[A-Z]{3}", code) for code in codes):
        raise ValueError("a line of belonging is '@ words | USA + GBR' or '@ words | -'")
    return find(text, words.strip()), codes


def setting(line: str) -> Setting:
    """Read one line `place, ISO3 | when`; ValueError says what is wrong."""
    found = re.fullmatch(
        r"(?:-|(?P<place>.+), (?P<country>[A-Z]{3}|-)) \| (?P<when>-|[\d/-]{4,21})(?P<assumed>\??)", line.strip()
    )
    if not found:
        raise ValueError("a line of setting is '& Aleppo, SYR | 2016-12-13' or '& - | -'")
    cells = {name: (found[name] or "").strip("-") for name in ("place", "country", "when")}
    return Setting(**cells, assumed=bool(found["assumed"]))


def is_kept(number: int) -> bool:
    """Tell whether the report of this number in its file, from 0, is kept from training."""
    return number % KEPT == KEPT - 1


def modes() -> dict[str, set[str]]:
    """Return root -> its PLOVER modes."""
    table: dict[str, set[str]] = {}
    for line in (DATA / "plover.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        root, mode = line.split("\t")[:2]
        table.setdefault(root, set()).add(mode)
    return table


def read(path: Path, problems: list[str] | None = None) -> list[Report]:
    """Read one file; bad lines are appended to `problems`, or raise ValueError where none is given."""
    known, reports = modes(), []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            if line.startswith("# "):
                reports.append(Report(*[c.strip() for c in line[2:].split(" | ")]))
            elif line.startswith("> "):
                reports[-1].sentences.append(Sentence(line[2:].strip()))
            elif line.startswith("  = "):
                reports[-1].sentences[-1].refers.append(refers(reports[-1], line[4:]))
            elif line.startswith("  @ "):
                reports[-1].sentences[-1].belongs.append(belongs(reports[-1].sentences[-1].text, line[4:]))
            elif line.startswith("  & "):
                reports[-1].sentences[-1].events[-1].setting = setting(line[4:])
            elif line.startswith("  "):
                reports[-1].sentences[-1].events.append(event(reports[-1].sentences[-1].text, line.strip(), known))
            elif line.strip():
                raise ValueError("a line begins with '# ', '> ' or two spaces")
        except (ValueError, TypeError, IndexError) as why:
            if problems is None:
                raise ValueError(f"{path}:{number}: {why}") from why
            problems.append(f"{path}:{number}: {why}")
    return reports


def main(paths: list[str]) -> int:
    """Check files and print what they hold; returns the exit code."""
    problems: list[str] = []
    roots: Counter[str] = Counter()
    reports = sentences = empty = links = owned = placed = 0
    for path in paths:
        for report in read(Path(path), problems):
            reports += 1
            sentences += len(report.sentences)
            empty += sum(not s.events for s in report.sentences)
            links += sum(len(s.refers) for s in report.sentences)
            owned += sum(len(s.belongs) for s in report.sentences)
            placed += sum(e.setting is not None for s in report.sentences for e in s.events)
            roots.update(e.root for s in report.sentences for e in s.events)
    print("\n".join(problems[:40]))
    print(f"{reports} reports, {sentences} sentences ({empty} without event), {roots.total()} events")
    print(f"{links} references, {owned} belongings, {placed} settings")
    print(f"{len(problems)} bad lines")
    print(" ".join(f"{r} {n}" for r, n in roots.most_common()))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
