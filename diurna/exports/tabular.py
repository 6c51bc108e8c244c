"""Events as flat tables that a researcher opens in R, pandas or a spreadsheet: one row an event, one layout for all formats."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from unicodedata import category

import pyarrow as pa

from diurna.exports.labels import label, sentence, trigger_words
from diurna.ledger import columns, layout
from diurna.records import Article, Event, Participant, Result, to_dict

if TYPE_CHECKING:
    import pandas as pd

FLAT = layout.FLAT
_NAMED = {"article_id", "run_id", "actors", "recipients"}
# No reader of CSV shows them and many stumble over them (a NUL ends the cell, or the file); tabs and ends of lines may stand.
_CONTROLS = {code: " " for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n\r"}
_FORMULA = tuple("=+-@＝＋－＠﹦﹢﹣﹫")

# Columns that an article or an event has under the same name.
_PLAIN = [name for name in FLAT.names if name in {*layout.ARTICLES.names, *layout.EVENTS.names} - _NAMED]


def event_rows(result: Result) -> list[layout.Row]:
    """Return one row of `FLAT` for each event of a result."""
    return [flat_row(event, result.article, result.versions.id) for event in result.events]


def to_arrow(results: Iterable[Result]) -> pa.Table:
    """Return the events of results as an Arrow table of `FLAT`."""
    return layout.table((row for result in results for row in event_rows(result)), FLAT)


def to_pandas(results: Iterable[Result]) -> pd.DataFrame:
    """Return the events of results as a data frame with the columns of `FLAT`; lists stay lists."""
    frame: pd.DataFrame = to_arrow(results).to_pandas()
    return frame


def quotes_to_arrow(results: Iterable[Result]) -> pa.Table:
    """Return the quotations of results as an Arrow table of `layout.QUOTES`."""
    rows = (layout.quote_row(quote, result.versions.id) for result in results for quote in result.quotes)
    return layout.table(rows, layout.QUOTES)


def json_lines(result: Result) -> str:
    """Return one JSON line for each event: the whole record, with its article's head, its trigger words and its sentence."""
    return "".join(event_json(event, result.article, result.versions.id) for event in result.events)


def event_json(event: Event, article: Article, run_id: str) -> str:
    """Return the JSON line of one event."""
    head = {name: getattr(article, name) for name in ("id", "title", "url", "publisher", "published", "source_file")}
    found = {**to_dict(event), "trigger": trigger_words(event, article), "sentence": sentence(event, article)}
    return json.dumps({**found, "article": head, "run_id": run_id}, ensure_ascii=False) + "\n"


def csv_lines(rows: Iterable[layout.Row], header: bool = False) -> str:
    """Return rows of `FLAT` as CSV lines; lists are joined by "; ", and no cell can run as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if header:
        writer.writerow(FLAT.names)
    for row in rows:
        writer.writerow([csv_cell(row[name]) for name in FLAT.names])
    return out.getvalue()


def csv_cell(value: Any) -> object:
    """Return a value as a safe CSV cell: no control characters, an apostrophe before what could be a formula; numbers stay."""
    if isinstance(value, list):
        value = "; ".join(item for item in value if item)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        value = value.translate(_CONTROLS)
        # Spreadsheets pass over space of every kind and what is not seen before a formula, and take the full-width and the small
        # signs of East Asia for it too.
        formula = _seen(value).startswith(_FORMULA) or value.lstrip(" ").startswith(("\t", "\r", "\n"))
        return "'" + value if formula else value
    return "" if value is None else value


def _seen(words: str) -> str:
    """Return words from the first character on that can be seen."""
    if words[:1].isalnum():
        return words
    return next((words[place:] for place, sign in enumerate(words) if category(sign)[0] not in "CZ"), "")


def flat_row(event: Event, article: Article, run_id: str) -> layout.Row:
    """Return the row of `FLAT` of one event."""
    head = layout.article_row(article)
    return {
        **{name: head[name] if name in head else columns.value(name, event) for name in _PLAIN},
        "id": event.id,
        "article_id": event.article_id,
        "run_id": run_id,
        **_columns("actor", event.actors),
        **_columns("recipient", event.recipients),
        "trigger": trigger_words(event, article),
        "sentence": sentence(event, article),
    }


def _columns(role: str, participants: Sequence[Participant]) -> layout.Row:
    return {
        f"{role}s": [label(participant) for participant in participants],
        f"{role}_countries": [participant.country for participant in participants],
        f"{role}_sectors": ["|".join(participant.sectors) for participant in participants],
    }
