"""What the API answers, for its description: the fields of each answer, from the records and the columns of tables."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
from pydantic import BaseModel, create_model

from diurna.ledger import layout
from diurna.ledger.questions import QUADS
from diurna.ledger.told import Told
from diurna.records import Event, Versions

_DAY: Any = date | None
_SCORE: Any = float | None
_COUNTS = {**dict.fromkeys(QUADS, int), "events": int, "mean_score": _SCORE}


def _answer(name: str, /, **kinds: Any) -> Any:
    """Return the model of an answer with these fields, each of which is always there."""
    fields: dict[str, Any] = {field: (kind, ...) for field, kind in kinds.items()}
    return create_model(name, __base__=BaseModel, **fields)


def _rows(name: str, /, **kinds: Any) -> Any:
    return list[_answer(name, **kinds)]  # type: ignore[misc]


def _columns(name: str, schema: pa.Schema | pa.StructType) -> dict[str, Any]:
    return {field.name: _kind(f"{name} {field.name}", field.type) for field in schema}


def _kind(name: str, kind: pa.DataType) -> Any:
    if pa.types.is_list(kind):
        return list[_kind(name, kind.value_type)]  # type: ignore[misc]
    if pa.types.is_map(kind):
        return list[tuple[str, str]]
    if pa.types.is_struct(kind):
        return _answer(name, **_columns(name, kind))
    if pa.types.is_boolean(kind):
        return bool
    if pa.types.is_string(kind):
        return str
    return {pa.types.is_date(kind): _DAY, pa.types.is_integer(kind): int | None}.get(True, _SCORE)


Refusal = _answer("Refusal", error=str)
Status = _answer("Status", articles=int, runs=int, events=int, quotes=int, skipped=int, last_day=_DAY)
Events = _answer("Events", total=int, events=_rows("Event row", **_columns("Event row", layout.FLAT), reports=int))
_JUDGED = dict.fromkeys(("made_at", "judge", "verdict", "article_id", "run_id", "event_id", "changes", "note"), str)
Entry = _answer(
    "Entry", event=Event, versions=Versions, stands=bool, judgements=_rows("Judged", number=int, **_JUDGED), joined=Told | None
)
Day = _answer("Day", day=_DAY, dyads=_rows("Dyad", one=str, other=str, **_COUNTS))
Dyad = _answer("Periods", periods=_rows("Period", period=date, **_COUNTS))
_SIDES = {"as_actor": int, "as_recipient": int}
_KNOWN = {f"{side}_{part}": kind for side in ("first", "last") for part, kind in
          (("end", _DAY), ("precision", str), ("assumed", bool))}  # fmt: skip
Actor = _answer(
    "Actor",
    roles=_rows("Role", name=str, country=str, sectors=str, first=_DAY, last=_DAY, events=int, **_KNOWN),
    partners=_rows("Partner", partner=str, **_SIDES, mean_score=_SCORE),
    roots=_rows("Root", event=str, **_SIDES),
)
_SAID = dict.fromkeys(("speaker", "text", "cue", "addressee", "title", "url", "quote_id", "article_id"), str)
Quotes = _answer("Quotes", total=int, quotes=_rows("Quotation", published=_DAY, **_SAID))
_UNDERTAKING = dict.fromkeys(("thread_id", "kind", "state", "last", "rule", "article_id"), str)
_STAGES = _rows("Stage of a thread", event_id=str, name=str, date=str)
Threads = _answer("Threads", threads=_rows("Thread row", **_UNDERTAKING, parties=list[str], stages=_STAGES))
Places = _answer("Places", places=_rows("Place", place=str, place_country=str, lat=float, lon=float, **_COUNTS))
