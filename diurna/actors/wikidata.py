"""Reads leaders and organisations out of Wikidata: a JSON dump (plain, gz or bz2) or a query result, both on disk.

A dump is streamed twice: once for countries, classes and offices, once for those who held them. An office is read by its
English label with the resolver itself, so that "Minister of Defence of Ghana" gets the country and sectors of the tables.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from diurna.actors.base import ENTITY_COLUMNS, Sense
from diurna.actors.days import read_day
from diurna.actors.keys import key
from diurna.actors.resolve import Resolver
from diurna.actors.roles import ABROAD
from diurna.actors.words import words_of
from diurna.errors import StopRun, TableError
from diurna.tables import load

_HOLDS, _APPLIES, _IS, _COUNTRY, _ISO3, _BEGAN, _ENDED = "P39", "P1001", "P31", "P17", "P298", "P571", "P576"
_START, _END = "P580", "P582"
_OPENERS: dict[str, Callable[..., IO[str]]] = {".gz": gzip.open, ".bz2": bz2.open}
_JOINT = re.compile(r" of | for |, ")
_TIME = re.compile(r"\+?(\d{4})-(\d\d)-(\d\d)")

Item = dict[str, Any]
Cells = tuple[str, ...]


@dataclass(slots=True)
class Built:
    """Rows by table, and what could not be read of a file. Cells stand under the columns of the entity tables."""

    path: Path
    rows: dict[str, dict[Cells, None]] = field(default_factory=dict)
    problems: list[TableError] = field(default_factory=list)

    def add(self, table: str, cells: Cells) -> None:
        """Add a row once."""
        self.rows.setdefault(table, {})[cells] = None

    def day(self, text: str, item: str, line: int) -> str:
        """Return "+2010-05-00T00:00:00Z" as "2010-05"; empty, and a problem, for a day that does not exist."""
        found = _day(text)
        try:
            read_day(found)
        except ValueError as error:
            self.problems.append(TableError(str(self.path), line, f"{item}: {error}; left empty"))
            return ""
        return found


@dataclass(slots=True)
class _Facts:
    """What the first reading of a dump gives: ISO codes of countries, and offices by id."""

    iso3: dict[str, str] = field(default_factory=dict)
    offices: dict[str, tuple[str, str, Cells]] = field(default_factory=dict)


class Builder:
    """Turns Wikidata files into rows."""

    def __init__(self) -> None:
        self.resolver = Resolver()
        self.plover = {row["iso3"]: row["plover"] for row in load("actors/countries.tsv", ("iso3", "plover")) if row["iso3"]}
        rows = load("actors/wikidata_classes.tsv", ("id", "table", "sectors", "country", "office"))
        self.classes = {row["id"]: row for row in rows}

    def build(self, path: Path) -> Built:
        """Read a dump or a query result.

        Raises:
            StopRun: the file cannot be read, or holds neither.
        """
        built = Built(path)
        try:
            if path.suffix.lower() == ".csv":
                with path.open(encoding="utf-8-sig", newline="") as stream:
                    self._add_results(csv.DictReader(stream), built)
            elif (bindings := _bindings(path)) is not None:
                self._add_results(bindings, built)
            else:
                self._add_dump(path, built)
        except (OSError, EOFError) as error:
            raise StopRun(f"{path}: cannot be read ({error})") from error
        if not built.rows and not built.problems:
            raise StopRun(f"{path}: neither holders of offices nor organisations in it")
        return built

    def _add_results(self, results: Iterator[dict[str, str]] | csv.DictReader[str], built: Built) -> None:
        for number, result in enumerate(results, start=2):
            get = {name: (value or "").strip() for name, value in result.items() if name}
            item, name = get.get("item", "").rpartition("/")[2], get.get("itemLabel", "")
            aliases = [a.strip() for a in re.split(r"[|;]", get.get("aliases", "")) if a.strip()]
            start, end = (built.day(get.get(side, ""), item, number) for side in ("start", "end"))
            if label := get.get("positionLabel", ""):
                if office := self._office(label):
                    _add_person(built, (name, aliases, item), office, (start, end))
            elif (kind := get.get("class", "").rpartition("/")[2]) in self.classes:
                self._add_body(built, kind, (name, aliases, item), get.get("iso3", ""), (start, end))

    def _add_dump(self, path: Path, built: Built) -> None:
        facts = _Facts()
        for _, item in _items(path, (_ISO3, _APPLIES), built.problems):
            if code := next(iter(_values(item, _ISO3)), ""):
                facts.iso3[item["id"]] = code
            if _values(item, _APPLIES) and (office := self._office(_label(item))):
                facts.offices[item["id"]] = office
        for number, item in _items(path, (_HOLDS, _IS), built.problems):
            name = (_label(item), [a["value"] for a in item.get("aliases", {}).get("en", [])], item["id"])
            for claim in _claims(item, _HOLDS):
                if (office := facts.offices.get(_value(claim))) is not None:
                    start, end = (built.day(_qualifier(claim, side), item["id"], number) for side in (_START, _END))
                    _add_person(built, name, office, (start, end))
            kind = next((k for k in _values(item, _IS) if k in self.classes), "")
            if kind:
                country = next((facts.iso3[c] for c in _values(item, _COUNTRY) if c in facts.iso3), "")
                start, end = (built.day(next(iter(_values(item, side)), ""), item["id"], number) for side in (_BEGAN, _ENDED))
                self._add_body(built, kind, name, country, (start, end))

    def _office(self, label: str) -> tuple[str, str, Cells] | None:
        """Return country, office and sectors of "President of Ghana"; None when the tables do not know the title."""
        for cut in _JOINT.finditer(label):
            country = self._country(label[cut.end() :])
            title = self._title(label[: cut.start()]) if country else None
            if title is not None:
                return country, key(title.name), title.sectors
        stop = _JOINT.search(label)
        end = stop.start() if stop else 1
        found = self.resolver.resolve(label[:end].lower() + label[end:])
        if found is None or not found.country or not found.office or found.entity_id:
            return None
        return found.country, found.office, found.sectors

    def _country(self, name: str) -> str:
        senses = self.resolver.base.senses(key(name.removeprefix("the ")))
        return next((s.country for s in senses if s.kind == "country"), "")

    def _title(self, label: str) -> Sense | None:
        """Return the title of the tables for "Minister of the Interior", which is "interior minister" there."""
        words = key(label)
        last, _, first = words.partition(" of ")
        turned = f"{first.removeprefix('the ').removesuffix(' affairs')} {last}"
        senses = [s for form in (turned, words) for s in self.resolver.base.senses(form) if s.kind == "office"]
        return next((s for s in senses if s.sectors and not s.honorific), None)

    def _add_body(self, built: Built, kind: str, name: tuple[str, list[str], str], iso3: str, days: tuple[str, str]) -> None:
        row = self.classes[kind]
        country = row["country"] or self.plover.get(iso3, "")
        if country and not _nameless(name[0]):
            built.add(row["table"], _cells(name, country, row["sectors"], days, row["office"]))


def write_tables(built: Built, folder: Path) -> dict[str, int]:
    """Write the rows as tables under `folder`/actors, each whole or not at all; return how many rows each has.

    Raises:
        StopRun: the folder cannot be written.
    """
    counts = {}
    for table, rows in built.rows.items():
        write_table(folder / "actors" / table, ENTITY_COLUMNS, sorted(rows))
        counts[table] = len(rows)
    return counts


def write_table(path: Path, columns: Cells, rows: list[Cells]) -> None:
    """Write one table beside its place and rename it.

    Raises:
        StopRun: the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(path.name + ".part")
        beside.write_text("".join("\t".join(cells) + "\n" for cells in (columns, *rows)), encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise StopRun(f"{path}: cannot be written ({error.strerror})") from error


def _add_person(built: Built, name: tuple[str, list[str], str], office: tuple[str, str, Cells], days: tuple[str, str]) -> None:
    country, title, sectors = office
    if _nameless(name[0]):
        return
    table = "organization_heads.tsv" if country in ABROAD else "leaders.tsv" if title in words_of("ruler") else "ministers.tsv"
    built.add(table, _cells(name, country, "|".join(sectors), days, title))


def _nameless(label: str) -> bool:
    """Tell whether a label says no name: a query gives the id of an item that has none in English."""
    return not label or re.fullmatch(r"Q\d+", label) is not None


def _cells(name: tuple[str, list[str], str], country: str, sectors: str, days: tuple[str, str], office: str) -> Cells:
    own, aliases, item = name
    kept = [alias for alias in dict.fromkeys(aliases) if key(alias) != key(own) and not re.search(r"[\t|]", alias)]
    return (own, "|".join(kept), country, sectors, *days, office, item)


def _items(path: Path, properties: Cells, problems: list[TableError]) -> Iterator[tuple[int, Item]]:
    """Yield line and item of those in a dump that have one of the properties, one line in memory at a time."""
    wanted = [f'"{name}"' for name in properties]
    with _OPENERS.get(path.suffix.lower(), open)(path, "rt", encoding="utf-8") as stream:
        for number, line in enumerate(stream, start=1):
            text = line.strip().rstrip(",")
            whole = text.startswith("{") and text.endswith("}")
            if text in ("", "[", "]") or (whole and not any(name in text for name in wanted)):
                continue
            try:
                yield number, json.loads(text)
            except json.JSONDecodeError as error:
                if all(known.line != number for known in problems):  # a dump is read twice
                    problems.append(TableError(str(path), number, f"no JSON item ({error.msg})"))


def _bindings(path: Path) -> Iterator[dict[str, str]] | None:
    """Return the rows of a SPARQL query result in JSON, None when the file is no such thing."""
    if path.suffix.lower() in _OPENERS:
        return None
    with path.open(encoding="utf-8") as stream:
        if '"head"' not in stream.read(4096).split('"results"')[0]:
            return None
        stream.seek(0)
        try:
            found = json.load(stream)["results"]["bindings"]
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise StopRun(f"{path}: not a whole query result ({error})") from error
    return ({name: cell.get("value", "") for name, cell in row.items()} for row in found)


def _label(item: Item) -> str:
    return str(item.get("labels", {}).get("en", {}).get("value", ""))


def _values(item: Item, name: str) -> list[str]:
    return [value for claim in _claims(item, name) if (value := _value(claim))]


def _claims(item: Item, name: str) -> list[Item]:
    """Return the statements of a property but those that Wikidata itself marks as wrong."""
    return [claim for claim in item.get("claims", {}).get(name, []) if claim.get("rank") != "deprecated"]


def _value(claim: Item) -> str:
    value = claim.get("mainsnak", claim).get("datavalue", {}).get("value", "")
    return str(value.get("id") or value.get("time") or "") if isinstance(value, dict) else str(value)


def _qualifier(claim: Item, name: str) -> str:
    found = claim.get("qualifiers", {}).get(name)
    return _value(found[0]) if found else ""


def _day(text: str) -> str:
    """Return "+2010-05-00T00:00:00Z" as "2010-05": a month or day of 00 is not known."""
    match = _TIME.match(text)
    return "-".join(part for part in match.groups() if part != "00") if match else ""
