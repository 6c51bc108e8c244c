"""Reads dictionaries of PETRARCH, TABARI and Phoenix: names with `_` for spaces, `+` synonyms, `[CODE dates]` lines.

Dates bound a code: `[AFGGOV <991231]` holds until then, `[AFGELI >991231]` from then, `[AFGGOV 331108-730717]` between.
They have two-digit years (31 and later are the 1900s) or four-digit ones. Agent files hold `NOUN {PLURALS} [~CODE]`
and sets: after `!PERSON! = MAN, WOMAN` the line `CONGRESS!PERSON! [~LEG]` stands for both words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from diurna.actors.own import Own, OwnRow, read_text
from diurna.errors import TableError
from diurna.tables import load

_CODE = re.compile(r"\[\s*(~?[^\]\s<>~]*)\s*([<>]?)\s*(\d{6,8})?\s*(?:-\s*(\d{6,8}))?\s*\]")
_SET = re.compile(r"!(\w+)!\s*=\s*(.+)")
_PLURALS = re.compile(r"\{([^}]*)\}")
_PIVOT = 31
_NOBODY = "---"  # "not coded" in these files


@dataclass(slots=True)
class _Actor:
    """One entry: names (the first is its own), spells as (code, first day, last day, line), plural forms of a noun.

    marred: a code of it could not be read, which is told by itself.
    """

    names: list[str]
    line: int
    spells: list[tuple[str, date | None, date | None, int]] = field(default_factory=list)
    plurals: list[str] = field(default_factory=list)
    marred: bool = False


class _Reader:
    """Reads one dictionary line by line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.actors: list[_Actor] = []
        self.problems: list[TableError] = []
        self.sets: dict[str, list[str]] = {}

    def read(self, number: int, line: str) -> None:
        """Read one line without its comment."""
        if made := _SET.match(line):
            self.sets[made[1]] = [word.strip() for word in made[2].split(",") if word.strip()]
            return
        codes = list(_CODE.finditer(line))
        name = re.split(r"[\[;{]", line, maxsplit=1)[0].strip()
        if problem := self._problem(line, codes):
            self.problems.append(TableError(str(self.path), number, problem))
            if line.startswith("[") and self.actors:
                self.actors[-1].marred = True
            return
        if name.startswith("+"):
            self.actors[-1].names += [plain for part in name.split("+") for plain in self._spelled(part)]
        elif name:
            self.actors.append(_Actor(self._spelled(name), number))
        if plurals := _PLURALS.search(line):
            self.actors[-1].plurals += [_plain(word) for word in plurals[1].split(",") if word.strip()]
        for match in codes:
            self._add_spell(match, number)

    def _problem(self, line: str, codes: list[re.Match[str]]) -> str:
        if "[" in line and not codes:
            return f"cannot read the code in {line!r}"
        if line.startswith(("+", "[", "{")) and not self.actors:
            return "a synonym or code before any name"
        if not line.startswith(("[", "{")) and not re.search(r"\w", line.split("[")[0]):
            return "no name"
        if "{" in line and "}" not in line:
            return f"no brace closes the plurals in {line!r}"
        missing = [name for name in re.findall(r"!(\w+)!", line) if name not in self.sets]
        return f"no set !{missing[0]}! above this line" if missing else ""

    def _spelled(self, name: str) -> list[str]:
        found = re.search(r"!(\w+)!", name)
        if not found:
            return [plain] if (plain := _plain(name)) else []
        return [each for word in self.sets[found[1]] for each in self._spelled(name.replace(found[0], word, 1))]

    def _add_spell(self, match: re.Match[str], number: int) -> None:
        code, sign, first, second = match.groups()
        try:
            start, end = _day(first), _day(second)
        except ValueError:
            self._mar(number, f"no such day in {match[0]}")
            return
        if first and not second:
            start, end = (None, start) if sign == "<" else (start, None)
        if start and end and end < start:
            self._mar(number, f"ends {end} before it starts {start}")
            return
        self.actors[-1].spells.append((code, start, end, number))

    def _mar(self, number: int, problem: str) -> None:
        self.problems.append(TableError(str(self.path), number, problem))
        self.actors[-1].marred = True


def read_dictionary(path: Path) -> Own:
    """Read one dictionary file whole; lines that cannot be read and codes that say nothing are problems, never fatal."""
    reader = _Reader(path)
    text, reader.problems = read_text(path)
    for number, raw in enumerate(text.splitlines(), start=1):
        if line := raw.split("#", 1)[0].strip():
            reader.read(number, line)
    own, codes = Own(problems=reader.problems), _Codes()
    nouns = any(spell[0].startswith("~") for actor in reader.actors for spell in actor.spells)
    for actor in reader.actors:
        try:
            own.rows += _rows(actor, codes, path, nouns)
        except ValueError as error:
            own.problems.append(TableError(str(path), actor.line, str(error)))
    own.problems.sort(key=lambda problem: problem.line)
    return own


class _Codes:
    """Turns codes such as "AFGGOVMIL" into PLOVER country and sectors."""

    def __init__(self) -> None:
        rows = load("actors/phoenix_codes.tsv", ("code", "plover", "kind"))
        self.domains = {row["code"]: row["plover"] for row in rows if row["kind"] == "domain"}
        self.sectors = {row["code"]: row["plover"] for row in rows if row["kind"] == "sector"}
        self.countries = {row["iso3"]: row["plover"] for row in load("actors/countries.tsv", ("iso3", "plover"))}
        self.countries |= {row["code"]: row["plover"] for row in rows if row["kind"] == "country"}

    def sectors_alone(self, code: str) -> bool:
        """Tell whether a code holds sectors and nothing else: "MED"."""
        parts = _parts(code)
        return bool(parts) and all(part in self.sectors for part in parts)

    def read(self, code: str) -> tuple[str, tuple[str, ...]]:
        """Return country and sectors; both empty for a code that names none (ethnic or religious groups)."""
        parts = _parts(code)
        country = next((self.countries[p] for p in parts if p in self.countries), "")
        domains = [self.domains[p] for p in parts if p in self.domains]
        sectors = [self.sectors[p] for p in parts if p in self.sectors]
        if domains and parts[0] in self.domains:
            country = "UNO" if "UNO" in domains else domains[0]
            sectors = sectors or [domains[0]]
        return country, tuple(dict.fromkeys(reversed(sectors)))


def _parts(code: str) -> list[str]:
    return [code[i : i + 3] for i in range(0, len(code), 3)]


def _rows(actor: _Actor, codes: _Codes, path: Path, nouns: bool) -> Iterator[OwnRow]:
    """Yield a row for each spell; an actor with dated codes is a person.

    nouns: the file is one of agents; a code of sectors alone then is a noun's without its tilde, else a body's of no country.

    Raises:
        ValueError: no code of the actor names a country, body or sector.
    """
    person = any(start or end for _, start, end, _ in actor.spells)
    aliases = tuple(dict.fromkeys(name for name in actor.names[1:] if name != actor.names[0]))
    bare = nouns or bool(actor.plurals)
    read = [
        (code.startswith("~") or (bare and codes.sectors_alone(code)), *codes.read(code.lstrip("~")), start, end, line)
        for code, start, end, line in actor.spells
    ]
    if not actor.spells and not actor.marred:
        raise ValueError(f"{actor.names[0] if actor.names else 'an entry'}: no code; write one behind it in brackets")
    alone = [codes.sectors_alone(code) for code, *_ in actor.spells]
    told = [spell for spell, plain in zip(read, alone, strict=True) if plain or (spell[2] if spell[0] else spell[1])]
    if not told and any(code != _NOBODY for code, *_ in actor.spells):
        raise ValueError(f"{actor.names[0]}: no country, body or sector in {', '.join(code for code, *_ in actor.spells)}")
    roles = [spell for spell in told if not (person and spell[2] == ("ELI",))]  # outside every spell a person is ELI anyway
    for agent, country, sectors, start, end, line in roles or told:
        kind = "agent" if agent else "person" if person else "body" if sectors else "place"
        yield OwnRow(
            actor.names[0],
            aliases,
            country,
            sectors or ("GOV",),
            start,
            end,
            "",
            "",
            kind,
            str(path),
            line,
            tuple(actor.plurals),
        )


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
