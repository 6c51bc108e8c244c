"""Events to Arrow tables, column by column: several times faster than row by row, where there are millions of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from datetime import date
from itertools import accumulate, chain
from operator import attrgetter
from typing import Any

import pyarrow as pa

from diurna.ledger import layout
from diurna.records import Event, Mention, Participant, Reason, Span

Read = Callable[[Any], Any]
_json = json.JSONEncoder(ensure_ascii=False).encode  # made once: `json.dumps` makes an encoder each time
_sorted_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
_OF_REASON = tuple(entry.name for entry in fields(Reason))
_of_reason = attrgetter(*_OF_REASON)
# What a column of events reads from a record; the others have the record's name for it.
_READ: dict[str, Read] = {
    "event_id": attrgetter("id"),
    "when_start": lambda event: _day(event.when.start),
    "when_end": lambda event: _day(event.when.end),
    "when_precision": attrgetter("when.precision"),
    "when_words": attrgetter("when.words"),
    "when_assumed": attrgetter("when.assumed"),
    "place": attrgetter("where.name"),
    "place_country": attrgetter("where.country"),
    "place_admin1": attrgetter("where.admin1"),
    "lat": attrgetter("where.lat"),
    "lon": attrgetter("where.lon"),
    "geonames_id": attrgetter("where.geonames_id"),
    "quantities": lambda event: _sorted_json(event.quantities) if event.quantities else "{}",
    "explanation": lambda event: _json([_reason(reason) for reason in event.explanation]),
}


def value(name: str, event: Event) -> Any:
    """Return what stands in a column of `layout.EVENTS` for an event; not of its run, participants and mentions."""
    found = _READ.get(name, attrgetter(name))(event)
    return list(found) if isinstance(found, tuple) else found


def of_events(events: Sequence[Event], runs: Sequence[str]) -> pa.Table:
    """Return events as a table of `layout.EVENTS`, each with the id of the run that coded it.

    Raises:
        ValueError: a start or end that is no ISO day.
    """
    made: dict[str, pa.Array] = {
        "run_id": pa.array(runs, pa.string()),
        "actors": _lists([event.actors for event in events], _participants),
        "recipients": _lists([event.recipients for event in events], _participants),
        "mentions": _lists([event.mentions for event in events], _mentions),
    }
    for entry in layout.EVENTS:
        if entry.name not in made:
            made[entry.name] = pa.array(map(_READ.get(entry.name, attrgetter(entry.name)), events), entry.type, size=len(events))
    return pa.table([made[name] for name in layout.EVENTS.names], schema=layout.EVENTS)


def _lists(groups: Sequence[Sequence[Any]], make: Callable[[list[Any]], pa.Array]) -> pa.Array:
    offsets = pa.array(accumulate(map(len, groups), initial=0), pa.int32())
    return pa.ListArray.from_arrays(offsets, make(list(chain.from_iterable(groups))))


def _participants(people: list[Participant]) -> pa.Array:
    kind = layout.EVENTS.field("actors").type.value_type
    made = [
        _lists([person.spans for person in people], _spans)
        if entry.name == "spans"
        else pa.array(map(attrgetter(entry.name), people), entry.type, size=len(people))
        for entry in kind
    ]
    return pa.StructArray.from_arrays(made, fields=list(kind))


def _mentions(mentions: list[Mention]) -> pa.Array:
    kind = layout.EVENTS.field("mentions").type.value_type
    sentences = pa.array([mention.sentence for mention in mentions], pa.int32())
    told = _spans([mention.sentence_span for mention in mentions])
    triggers = _lists([mention.trigger_spans for mention in mentions], _spans)
    return pa.StructArray.from_arrays([sentences, told, triggers], fields=list(kind))


def _spans(spans: Iterable[Span]) -> pa.Array:
    both = list(spans)
    ends = [pa.array([span[end] for span in both], pa.int32()) for end in (0, 1)]
    return pa.StructArray.from_arrays(ends, names=["start", "end"])


def _reason(reason: Reason) -> dict[str, Any]:
    return dict(zip(_OF_REASON, _of_reason(reason), strict=True))


def _day(words: str) -> date | None:
    return date.fromisoformat(words) if words else None
