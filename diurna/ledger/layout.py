"""How records lie in tables: Arrow schemas, and the way from record to row and back without loss.

The same layout serves the ledger and the exports. Dates are real dates, lists stay lists, offsets are structs of start and end.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

import pyarrow as pa

from diurna.records import (
    Article,
    Event,
    Mention,
    Participant,
    Quote,
    Reason,
    Span,
    Stage,
    Thread,
    Versions,
    When,
    Where,
)

Row = dict[str, Any]

_TEXTS = pa.list_(pa.string())
_SPAN = pa.struct([("start", pa.int32()), ("end", pa.int32())])
_SPANS = pa.list_(_SPAN)
_PARTICIPANT = pa.struct(
    [
        ("text", pa.string()),
        ("spans", _SPANS),
        ("name", pa.string()),
        ("entity_id", pa.string()),
        ("country", pa.string()),
        ("sectors", _TEXTS),
        ("office", pa.string()),
        ("resolved_by", pa.string()),
        ("confidence", pa.float64()),
    ]
)
_MENTION = pa.struct([("sentence", pa.int32()), ("sentence_span", _SPAN), ("trigger_spans", _SPANS)])
_STAGE = pa.struct([("event_id", pa.string()), ("name", pa.string()), ("date", pa.string())])

ARTICLES = pa.schema(
    [
        ("article_id", pa.string()),
        ("url", pa.string()),
        ("title", pa.string()),
        ("publisher", pa.string()),
        ("byline", pa.string()),
        ("published", pa.date32()),
        ("language", pa.string()),
        ("source_file", pa.string()),
        ("text", pa.string()),
        ("remarks", _TEXTS),
    ]
)
VERSIONS = pa.schema([(name, pa.string()) for name in ("run_id", "diurna", "pipeline", "tables", "model")])
CODINGS = pa.schema([("run_id", pa.string()), ("article_id", pa.string()), ("boilerplate", _SPANS), ("notes", _TEXTS)])
_KEYS = [("run_id", pa.string()), ("article_id", pa.string())]
EVENTS = pa.schema(
    [
        *_KEYS,
        ("event_id", pa.string()),
        ("event", pa.string()),
        ("modes", _TEXTS),
        ("contexts", _TEXTS),
        ("cameo", pa.string()),
        ("quad", pa.int32()),
        ("score", pa.float64()),
        ("actors", pa.list_(_PARTICIPANT)),
        ("recipients", pa.list_(_PARTICIPANT)),
        ("reciprocal", pa.bool_()),
        ("polarity", pa.string()),
        ("modality", pa.string()),
        ("period", pa.string()),
        ("ongoing", pa.bool_()),
        ("said_by", _TEXTS),
        ("source", pa.string()),
        ("when_start", pa.date32()),
        ("when_end", pa.date32()),
        ("when_precision", pa.string()),
        ("when_words", pa.string()),
        ("when_assumed", pa.bool_()),
        ("place", pa.string()),
        ("place_country", pa.string()),
        ("place_admin1", pa.string()),
        ("lat", pa.float64()),
        ("lon", pa.float64()),
        ("geonames_id", pa.int64()),
        ("quantities", pa.string()),
        ("mentions", pa.list_(_MENTION)),
        ("stage", pa.string()),
        ("thread_kind", pa.string()),
        ("explanation", pa.string()),
        ("confidence", pa.float64()),
    ]
)
# One row an event for R, pandas and spreadsheets.
# Actors and recipients are parallel lists: name, country and sectors ("GOV|MIL") of
# the n-th stand in the n-th place. Columns of the same name as in `EVENTS` or `ARTICLES` have their types.
_FLAT = [
    "id",
    "article_id",
    "published",
    "publisher",
    "title",
    "url",
    "source_file",
    "event",
    "modes",
    "contexts",
    "cameo",
    "quad",
    "score",
    "actors",
    "actor_countries",
    "actor_sectors",
    "recipients",
    "recipient_countries",
    "recipient_sectors",
    "reciprocal",
    "polarity",
    "modality",
    "period",
    "ongoing",
    "said_by",
    "source",
    "when_start",
    "when_end",
    "when_precision",
    "when_assumed",
    "place",
    "place_country",
    "place_admin1",
    "lat",
    "lon",
    "geonames_id",
    "quantities",
    "trigger",
    "sentence",
    "stage",
    "confidence",
    "run_id",
]
_FLAT_TYPES = {"id": pa.string(), "sentence": pa.string(), "trigger": _TEXTS} | {
    f"{side}{ending}": _TEXTS for side in ("actor", "recipient") for ending in ("s", "_countries", "_sectors")
}
FLAT = pa.schema(
    [(name, _FLAT_TYPES.get(name) or (EVENTS if name in EVENTS.names else ARTICLES).field(name).type) for name in _FLAT]
)

QUOTES = pa.schema(
    [
        *_KEYS,
        ("quote_id", pa.string()),
        ("spans", _SPANS),
        ("text", pa.string()),
        ("speaker", pa.string()),
        ("cue", pa.string()),
        ("addressee", pa.string()),
    ]
)
THREADS = pa.schema(
    [
        *_KEYS,
        ("thread_id", pa.string()),
        ("kind", pa.string()),
        ("parties", _TEXTS),
        ("stages", pa.list_(_STAGE)),
        ("state", pa.string()),
        ("rule", pa.string()),
    ]
)
SKIPPED = pa.schema([("source", pa.string()), ("reason", pa.string())])

_COPIED = [
    name
    for name in EVENTS.names
    if name
    in {entry.name for entry in fields(Event)} - {"article_id", "actors", "recipients", "quantities", "mentions", "explanation"}
]


def article_row(article: Article) -> Row:
    """Return the row of an article."""
    row = {name: getattr(article, name) for name in ARTICLES.names if name not in ("article_id", "published", "remarks")}
    return {**row, "article_id": article.id, "published": _day(article.published), "remarks": list(article.remarks)}


def article_from_row(row: Mapping[str, Any]) -> Article:
    """Return the article of a row of `ARTICLES`."""
    values = {name: row[name] for name in ARTICLES.names if name not in ("article_id", "published", "remarks")}
    return Article(id=row["article_id"], published=_iso(row["published"]), remarks=tuple(row["remarks"] or ()), **values)


def versions_row(versions: Versions) -> Row:
    """Return the row of a combination of versions; its id keys the runs."""
    return {"run_id": versions.id, **{entry.name: getattr(versions, entry.name) for entry in fields(Versions)}}


def versions_from_row(row: Mapping[str, Any]) -> Versions:
    """Return the versions of a row of `VERSIONS`."""
    return Versions(**{entry.name: row[entry.name] for entry in fields(Versions)})


def event_from_row(row: Mapping[str, Any]) -> Event:
    """Return the event of a row of `EVENTS`, explanation and all."""
    copied: dict[str, Any] = {name: tuple(row[name]) if isinstance(row[name], list) else row[name] for name in _COPIED}
    return Event(
        id=row["event_id"],
        article_id=row["article_id"],
        actors=tuple(_participant(item) for item in row["actors"]),
        recipients=tuple(_participant(item) for item in row["recipients"]),
        when=When(_iso(row["when_start"]), _iso(row["when_end"]), row["when_precision"], row["when_words"], row["when_assumed"]),
        where=Where(row["place"], row["place_country"], row["place_admin1"], row["lat"], row["lon"], row["geonames_id"]),
        quantities=json.loads(row["quantities"]),
        mentions=tuple(
            Mention(item["sentence"], _span(item["sentence_span"]), _spans(item["trigger_spans"])) for item in row["mentions"]
        ),
        explanation=tuple(
            Reason(item["field"], item["rule"], item["words"], tuple(item["span"]) if item["span"] else None)
            for item in json.loads(row["explanation"])
        ),
        **copied,
    )


def quote_row(quote: Quote, run_id: str) -> Row:
    """Return the row of a quotation."""
    row = {name: getattr(quote, name) for name in ("article_id", "text", "speaker", "cue", "addressee")}
    return {**row, "run_id": run_id, "quote_id": quote.id, "spans": _span_rows(quote.spans)}


def quote_from_row(row: Mapping[str, Any]) -> Quote:
    """Return the quotation of a row of `QUOTES`."""
    values = {name: row[name] for name in ("article_id", "text", "speaker", "cue", "addressee")}
    return Quote(id=row["quote_id"], spans=_spans(row["spans"]), **values)


def thread_row(thread: Thread, article_id: str, run_id: str) -> Row:
    """Return the row of a thread found within one article."""
    stages = [{entry.name: getattr(stage, entry.name) for entry in fields(Stage)} for stage in thread.stages]
    row = {name: getattr(thread, name) for name in ("kind", "state", "rule")}
    return {
        **row, "run_id": run_id, "article_id": article_id, "thread_id": thread.id,
        "parties": list(thread.parties), "stages": stages,
    }  # fmt: skip


def thread_from_row(row: Mapping[str, Any]) -> Thread:
    """Return the thread of a row of `THREADS`."""
    stages = tuple(Stage(**stage) for stage in row["stages"])
    return Thread(row["thread_id"], row["kind"], tuple(row["parties"]), stages, row["state"], row["rule"])


def table(rows: Iterable[Row], schema: pa.Schema) -> pa.Table:
    """Return rows as an Arrow table of one of the schemas of this module."""
    return pa.Table.from_pylist(list(rows), schema=schema)


def _participant(row: Mapping[str, Any]) -> Participant:
    return Participant(**{**row, "spans": _spans(row["spans"]), "sectors": tuple(row["sectors"])})


def _span_rows(spans: Iterable[Span]) -> list[Row]:
    return [{"start": start, "end": end} for start, end in spans]


def _span(row: Mapping[str, int]) -> Span:
    return row["start"], row["end"]


def _spans(rows: Iterable[Mapping[str, int]]) -> tuple[Span, ...]:
    return tuple(_span(row) for row in rows)


def _day(words: str) -> date | None:
    return date.fromisoformat(words) if words else None


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
