"""A user's own actors (`--actors FILE`): CSV or TSV with the columns below, or PETRARCH, TABARI and Phoenix dictionaries.

Every format becomes the same rows. What cannot be read is a problem with file and line; the rest counts.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from diurna.actors.days import read_day
from diurna.actors.keys import key
from diurna.errors import StopRun, TableError
from diurna.tables import load

OWN_COLUMNS = ("name", "aliases", "country", "sectors", "start", "end", "office", "wikidata", "kind")
KINDS = ("person", "body", "place", "agent")
_SAMPLE = 65_536
_DELIMITERS = {".csv": ",", ".tsv": "\t", ".tab": "\t"}
OWN_SUFFIXES = (*_DELIMITERS, ".txt")


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One spell of one actor. kind: person (ELI outside all spells), body, place (a name of a country) or agent (a noun).

    start, end: first and last day, None when open. plurals: plural forms of an agent that no rule gives.
    """

    name: str
    aliases: tuple[str, ...]
    country: str
    sectors: tuple[str, ...]
    start: date | None
    end: date | None
    office: str
    wikidata: str
    kind: str
    path: str
    line: int
    plurals: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Name and aliases."""
        return (self.name, *self.aliases)

    def error(self, reason: str) -> TableError:
        """Return an error that names this row."""
        return TableError(self.path, self.line, reason)

    def cells(self) -> list[str]:
        """Return the row as cells under `OWN_COLUMNS`."""
        days = [str(day or "") for day in (self.start, self.end)]
        return [
            self.name,
            "|".join(self.aliases),
            self.country,
            "|".join(self.sectors),
            *days,
            self.office,
            self.wikidata,
            self.kind,
        ]


@dataclass(slots=True)
class Own:
    """What files of a user's own gave: rows, and what is wrong in them."""

    rows: list[OwnRow] = field(default_factory=list)
    problems: list[TableError] = field(default_factory=list)


class Codes:
    """The codes a row may use: countries and bodies of PLOVER, and its sectors."""

    def __init__(self) -> None:
        entities = load("actors/phoenix_codes.tsv", ("plover", "kind"))
        self.domains = {row["plover"] for row in entities if row["kind"] == "domain"}
        self.countries = {row["plover"] for row in load("actors/countries.tsv", ("plover",))} | self.domains
        self.sectors = {row["sector"] for row in load("ontology/sectors.tsv", ("sector",))}

    def problem(self, country: str, sectors: Iterable[str]) -> str:
        """Say which code is unknown to the scheme; empty when all are known."""
        if country and country not in self.countries:
            return f"no country {country}; write ISO alpha-3 or one of {', '.join(sorted(self.domains))}"
        unknown = [sector for sector in sectors if sector not in self.sectors]
        return f"no sector {', '.join(unknown)}; `diurna codebook` lists them" if unknown else ""


def read_own(paths: Sequence[Path]) -> Own:
    """Read files of a user's own, each by its suffix: .csv and .tsv by columns, everything else as a dictionary.

    Raises:
        StopRun: a file cannot be opened.
        TableError: a table lacks the column `name`.
    """
    from diurna.actors.phoenix import read_dictionary

    own = Own()
    for path in paths:
        try:
            delimiter = _DELIMITERS.get(path.suffix.lower())
            found = _read_table(path, delimiter) if delimiter else read_dictionary(path)
        except OSError as error:
            raise StopRun(f"{path}: cannot be read ({error.strerror})") from error
        own.rows += found.rows
        own.problems += found.problems
    return own


def read_text(path: Path) -> tuple[str, list[TableError]]:
    """Return the text of a file, and what is wrong with how it is written: not UTF-8 (then read as Windows-1252), or no text.

    Raises:
        OSError: the file cannot be opened.
    """
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace"), []
    if b"\0" in data[:_SAMPLE]:
        return "", [TableError(str(path), 1, "this is no text; save the table as CSV or TSV in UTF-8")]
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        advice = "not UTF-8 from here on; read as Windows-1252 (Latin-1): save the file as UTF-8 to be sure of its names"
        return data.decode("cp1252", errors="replace"), [TableError(str(path), line, advice)]


def _read_table(path: Path, delimiter: str) -> Own:
    text, problems = read_text(path)
    own, codes = Own(problems=problems), Codes()
    header: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            cells = [cell.strip() for cell in _cells(line, delimiter)]
            if not header and any(cells):
                header = _header(cells, path, number)
            elif any(cells):
                own.rows.append(_row(_under(header, cells), path, number, codes))
        except _NoTable:
            raise
        except TableError as problem:
            own.problems.append(problem)
        except (ValueError, csv.Error) as problem:
            own.problems.append(TableError(str(path), number, str(problem)))
    return own


class _NoTable(TableError):
    """A file without the columns of a table: none of it counts."""


def _cells(line: str, delimiter: str) -> list[str]:
    """Return the cells of one line; a row is one line, so that a quote left open spoils no other.

    Raises:
        ValueError: the quotes do not match.
    """
    if delimiter != ",":
        return next(csv.reader([line], delimiter=delimiter, quoting=csv.QUOTE_NONE))
    try:
        return next(csv.reader([line], strict=True))
    except csv.Error as error:
        raise ValueError(
            f"a quote is not closed on this line, or stands inside a cell ({error}); close it or take it out"
        ) from error


def _header(cells: list[str], path: Path, line: int) -> list[str]:
    header = [cell.lower() for cell in cells]
    if "name" not in header:
        raise _NoTable(str(path), line, f"missing column name; known are {', '.join(OWN_COLUMNS)}")
    return header


def _under(header: list[str], cells: list[str]) -> dict[str, str]:
    """Return the cells by column; empty ones beyond the last column say nothing.

    Raises:
        ValueError: further cells hold something.
    """
    if any(cells[len(header) :]):
        raise ValueError(f"{len(cells)} cells under {len(header)} columns; quote a cell that holds a comma, or take the rest out")
    return dict(zip(header, cells, strict=False))


def _row(cells: dict[str, str], path: Path, line: int, codes: Codes) -> OwnRow:
    get = {column: cells.get(column, "") for column in OWN_COLUMNS}
    sectors = tuple(code.upper() for code in _items(get["sectors"]))
    kind = get["kind"].lower() or ("person" if get["start"] or get["end"] or get["office"] else "body")
    country = get["country"].upper()
    try:
        start, end = read_day(get["start"]), read_day(get["end"], last=True)
    except ValueError as error:
        raise TableError(str(path), line, str(error)) from error
    row = OwnRow(
        get["name"], _items(get["aliases"]), country, sectors, start, end, get["office"], get["wikidata"], kind, str(path), line
    )
    if problem := _problem(row, codes):
        raise row.error(problem)
    return row


def _items(cell: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in cell.replace(";", "|").split("|") if item.strip())


def _problem(row: OwnRow, codes: Codes) -> str:
    if not key(row.name):
        return "no name"
    if row.kind not in KINDS:
        return f"no kind {row.kind}; known are {', '.join(KINDS)}"
    if not row.country and row.kind == "place":
        return "a place needs a country"
    if not row.sectors and (row.kind != "place"):
        return "no sectors"
    if row.start and row.end and row.end < row.start:
        return f"ends {row.end} before it starts {row.start}"
    return codes.problem(row.country, row.sectors)


def conflicts(rows: Iterable[OwnRow]) -> Iterator[TableError]:
    """Yield rows that give one name two roles on one day: overlapping spells, or two actors that claim the name.

    An undated spell beside dated ones is what holds on all other days, and no conflict. A person may hold two offices of one
    country.
    """
    claims: dict[str, list[OwnRow]] = {}
    for row in rows:
        found = None
        for words in dict.fromkeys(map(key, row.names)):
            others = claims.setdefault(words, [])
            found = found or next((other for other in others if _clash(row, other)), None)
            others.append(row)
        if found is not None:
            where = f"line {found.line}" if found.path == row.path else f"{found.path}:{found.line}"
            same = key(found.name) == key(row.name)
            yield row.error(f"overlaps the spell of {where}" if same else f"claims a name of {found.name!r}, {where}, on one day")


def _clash(row: OwnRow, other: OwnRow) -> bool:
    if (row.country, row.sectors) == (other.country, other.sectors) and key(row.name) == key(other.name):
        return False
    if bool(row.start or row.end) != bool(other.start or other.end):
        return False
    offices = row.office and other.office and row.office != other.office and row.country == other.country
    if key(row.name) == key(other.name) and offices:
        return False
    starts_late = row.start is not None and other.end is not None and row.start >= other.end
    ends_early = row.end is not None and other.start is not None and row.end <= other.start
    return not (starts_late or ends_early)
