"""Reads actor dictionaries of PETRARCH and Phoenix: names with `_` for spaces, `+` synonyms, `[CODE dates]` lines.

Dates bound a code: `[AFGGOV <991231]` holds until then, `[AFGELI >991231]` from then, `[AFGGOV 331108-730717]` between.
They have two-digit years (31 and later are the 1900s) or four-digit ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from diurna.actors.base import ENTITY_COLUMNS
from diurna.errors import SkipItem
from diurna.tables import load

PEOPLE_FILE, BODIES_FILE = "imported_people.tsv", "imported_bodies.tsv"
_CODE = re.compile(r"\[\s*([^\]\s<>]*)\s*([<>]?)\s*(\d{6,8})?\s*(?:-\s*(\d{6,8}))?\s*\]")
_PIVOT = 31


@dataclass(slots=True)
class PhoenixActor:
    """One actor: names (the first is its own), and spells as (code, first day, last day)."""

    names: list[str]
    spells: list[tuple[str, date | None, date | None]] = field(default_factory=list)
    line: int = 0


@dataclass(slots=True)
class Imported:
    """What a dictionary gave: actors, and the lines that could not be read, each with its reason."""

    actors: list[PhoenixActor] = field(default_factory=list)
    unreadable: list[SkipItem] = field(default_factory=list)


def read_dictionary(path: Path) -> Imported:
    """Read one dictionary file whole; unreadable lines are reported, never fatal."""
    imported = Imported()
    current: PhoenixActor | None = None
    text = path.read_bytes().decode("utf-8", errors="replace")
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.split("#", 1)[0].strip()
        if not line:
            continue
        codes = list(_CODE.finditer(line))
        name = re.split(r"[\[;]", line, maxsplit=1)[0].strip()
        problem = _problem(line, codes, current)
        if problem:
            imported.unreadable.append(SkipItem(f"{path.name}:{number}", problem))
            continue
        if name.startswith("+"):
            assert current is not None
            current.names += [plain for part in name.split("+") if (plain := _plain(part))]
        elif name:
            current = PhoenixActor([_plain(name)], line=number)
            imported.actors.append(current)
        for match in codes:
            _add_spell(current, match, imported, f"{path.name}:{number}")
    return imported


def _problem(line: str, codes: list[re.Match[str]], current: PhoenixActor | None) -> str:
    if "[" in line and not codes:
        return f"cannot read the code in {line!r}"
    if line.startswith(("+", "[")) and current is None:
        return "a synonym or code before any name"
    if not line.startswith("[") and not re.search(r"\w", line.split("[")[0]):
        return "no name"
    return ""


def _add_spell(actor: PhoenixActor | None, match: re.Match[str], imported: Imported, where: str) -> None:
    assert actor is not None
    code, sign, first, second = match.groups()
    try:
        start, end = _day(first), _day(second)
    except ValueError:
        imported.unreadable.append(SkipItem(where, f"no such day in {match[0]}"))
        return
    if first and not second:
        start, end = (None, start) if sign == "<" else (start, None)
    actor.spells.append((code, start, end))


def _day(text: str | None) -> date | None:
    if not text:
        return None
    if len(text) == 6:
        text = ("19" if int(text[:2]) >= _PIVOT else "20") + text
    if len(text) == 7:
        raise ValueError(text)
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    if month == 2 and day == 29 and year % 4:
        return date(year, 3, 1) - timedelta(days=1)
    return date(year, max(month, 1), max(day, 1))


def _plain(name: str) -> str:
    words = name.replace("_", " ").split()
    return " ".join(w if len(w) <= 3 and len(words) == 1 else _titled(w) for w in words)


def _titled(word: str) -> str:
    return word.lower() if word in ("OF", "THE", "AND", "FOR", "IN") else "-".join(p.capitalize() for p in word.split("-"))


class CodeTable:
    """Turns codes such as "AFGGOVMIL" into PLOVER country and sectors."""

    def __init__(self) -> None:
        rows = load("actors/phoenix_codes.tsv", ("code", "plover", "kind"))
        self.domains = {row["code"]: row["plover"] for row in rows if row["kind"] == "domain"}
        self.sectors = {row["code"]: row["plover"] for row in rows if row["kind"] == "sector"}
        self.countries = {row["iso3"]: row["plover"] for row in load("actors/countries.tsv", ("iso3", "plover"))}

    def read(self, code: str) -> tuple[str, tuple[str, ...]]:
        """Return country and sectors; both empty for a code that names none (ethnic or religious groups)."""
        parts = [code[i : i + 3] for i in range(0, len(code), 3)]
        country = self.countries.get(parts[0], "") if parts else ""
        domains = [self.domains[p] for p in parts if p in self.domains]
        sectors = [self.sectors[p] for p in parts if p in self.sectors]
        if not country and domains:
            country = "UNO" if "UNO" in domains else domains[0]
            sectors = sectors or [domains[0]]
        return country, tuple(dict.fromkeys(reversed(sectors))) or (("GOV",) if country else ())


def to_rows(actors: Iterable[PhoenixActor], codes: CodeTable | None = None) -> Iterator[tuple[bool, list[str]]]:
    """Yield (is a person, cells of an entity table) for each spell; a person is an actor with dated codes."""
    table = codes or CodeTable()
    for actor in actors:
        person = any(start or end for _, start, end in actor.spells)
        for code, start, end in actor.spells:
            country, sectors = table.read(code)
            if not country or sectors == ("ELI",):  # outside every spell a person is ELI anyway
                continue
            aliases = "|".join(dict.fromkeys(name for name in actor.names[1:] if name != actor.names[0]))
            yield person, [actor.names[0], aliases, country, "|".join(sectors), str(start or ""), str(end or ""), "", ""]


def import_dictionaries(paths: Iterable[Path], folder: Path) -> tuple[int, list[SkipItem]]:
    """Write dictionaries as tables into a user's folder; return how many rows there are, and the unreadable lines."""
    unreadable: list[SkipItem] = []
    lines: dict[bool, list[str]] = {True: [], False: []}
    table = CodeTable()
    for path in paths:
        imported = read_dictionary(path)
        unreadable += imported.unreadable
        for person, cells in to_rows(imported.actors, table):
            lines[person].append("\t".join(cells))
    (folder / "actors").mkdir(parents=True, exist_ok=True)
    for person, name in ((True, PEOPLE_FILE), (False, BODIES_FILE)):
        text = "\n".join(["\t".join(ENTITY_COLUMNS), *lines[person]]) + "\n"
        (folder / "actors" / name).write_text(text, encoding="utf-8")
    return len(lines[True]) + len(lines[False]), unreadable
