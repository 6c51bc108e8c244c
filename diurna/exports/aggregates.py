"""Exports that sum up: the panel of country dyads by month, and the network of actors."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import IO, Any

from lxml import etree

from diurna.exports import codes, tabular
from diurna.exports.labels import label as name_of
from diurna.exports.layouts import Layout
from diurna.exports.lines import RULES, Line
from diurna.records import Participant

# What XML cannot hold at all; lxml refuses it.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_GRAPHML = "http://graphml.graphdrawing.org/xmlns"
_KINDS = {"text": "string", "date": "string", "integer": "int", "number": "double"}


@dataclass(slots=True)
class _Sum:
    """Events of one dyad, counted by quad class, with the sums of their scores."""

    quads: list[int] = field(default_factory=lambda: [0] * 5)
    score: float = 0.0
    goldstein: list[float] = field(default_factory=list)
    first: date = date.max
    last: date = date.min

    def add(self, line: Line) -> None:
        self.quads[line.event.quad] += 1
        self.score += line.event.score
        scale = RULES["goldstein"](line)
        if scale != "":
            self.goldstein.append(scale)
        self.first, self.last = min(self.first, line.dated), max(self.last, line.dated)

    @property
    def events(self) -> int:
        return sum(self.quads)

    def figures(self) -> dict[str, Any]:
        return {**dict(zip(codes.QUAD_NAMES[1:], self.quads[1:], strict=True)), "mean_score": round(self.score / self.events, 4)}


def panel_rows(lines: Iterable[Line], layout: Layout) -> Iterator[list[Any]]:
    """Yield the rows of the panel. The lines must come in order of their days: a month is held at a time and no more."""
    month, sums, seen = (0, 0), dict[tuple[str, str], _Sum](), set[tuple[str, str, str]]()
    for line in lines:
        if (line.dated.year, line.dated.month) != month:
            yield from _month(month, sums, layout)
            month, sums, seen = (line.dated.year, line.dated.month), {}, set()
        pair = line.actor.country, line.recipient.country
        key = (line.event.id, *pair)
        if pair[0] == pair[1] or key in seen or not all(country in codes.countries() for country in pair):
            continue
        seen.add(key)
        sums.setdefault(pair, _Sum()).add(line)
    yield from _month(month, sums, layout)


def _month(month: tuple[int, int], sums: dict[tuple[str, str], _Sum], layout: Layout) -> Iterator[list[Any]]:
    for pair in sorted(sums):
        found = sums[pair]
        first = date(*month, 1).isoformat()
        row = {"year": month[0], "month": month[1], "date": first, "events": found.events}
        for side, country in zip(("actor", "recipient"), pair, strict=True):
            known = codes.state_on(country, first)
            row |= {f"{side}_iso3": country, **{f"{side}_{name}": getattr(known, name) for name in ("cow", "gw", "name")}}
        scale = found.goldstein
        row |= {**found.figures(), "mean_goldstein": round(sum(scale) / len(scale), 4) if scale else ""}
        yield [row[name] for name in layout.names]


def write_panel(lines: Iterable[Line], layout: Layout, stream: IO[bytes]) -> None:
    """Write the panel as CSV with a header."""
    import io

    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(layout.names)
    for row in panel_rows(lines, layout):
        writer.writerow([tabular.csv_cell(cell) for cell in row])
    text.detach()


def write_graph(lines: Iterable[Line], layout: Layout, stream: IO[bytes]) -> None:
    """Write the network of actors as GraphML. It is held in memory while it grows: one entry for each pair of actors."""
    nodes: dict[tuple[str, str, str], Participant] = {}
    edges: dict[tuple[tuple[str, str, str], tuple[str, str, str]], _Sum] = {}
    for line in lines:
        keys = []
        for party in (line.actor, line.recipient):
            if label := name_of(party):
                keys.append((label, party.country, ";".join(party.sectors)))
                nodes.setdefault(keys[-1], party)
        if len(keys) == 2:
            edges.setdefault((keys[0], keys[1]), _Sum()).add(line)
    ids = {key: f"n{number}" for number, key in enumerate(sorted(nodes))}
    with etree.xmlfile(stream, encoding="utf-8") as xml, xml.element("graphml", nsmap={None: _GRAPHML}):
        for column in layout.columns:
            name = f"{column.rule}_{column.name}"
            xml.write(
                _element("key", {"id": name, "for": column.rule, "attr.name": column.name, "attr.type": _KINDS[column.type]})
            )
        with xml.element("graph", {"edgedefault": "directed"}):
            for key, number in ids.items():
                country = codes.countries().get(key[1])
                facts: dict[str, Any] = {
                    "name": key[0],
                    "country": key[1],
                    "sectors": key[2],
                    "cow": country.cow if country else "",
                }
                xml.write(_with_data("node", {"id": number}, facts))
            for (one, other), found in sorted(edges.items()):
                days = {"first": found.first.isoformat(), "last": found.last.isoformat()}
                facts = {"weight": found.events, **found.figures(), **days}
                xml.write(_with_data("edge", {"source": ids[one], "target": ids[other]}, facts))


def _element(tag: str, attributes: dict[str, str]) -> Any:
    return etree.Element(tag, attributes)


def _with_data(tag: str, attributes: dict[str, str], facts: dict[str, Any]) -> Any:
    element = _element(tag, attributes)
    for name, fact in facts.items():
        if fact != "":
            etree.SubElement(element, "data", key=f"{tag}_{name}").text = _NO_XML.sub("", str(fact))
    return element
