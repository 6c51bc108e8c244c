"""Coding on Spark, for sites that run it: a function for `DataFrame.mapInArrow` (docs/scale.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import pyarrow as pa

from diurna.batch.parts import pool_here
from diurna.batch.pool import Serves
from diurna.batch.worker import serve
from diurna.errors import SkipItem
from diurna.exports.tabular import FLAT, event_rows
from diurna.intake.items import Intake, make_article
from diurna.ledger import layout
from diurna.records import Article
from diurna.settings import Settings

# One row an event, as in the Parquet files of `diurna code`; or the reason why a report could not be coded, and its id.
CODED = FLAT.append(pa.field("skipped", pa.string()))
_DDL = {pa.string(): "string", pa.int32(): "int", pa.int64(): "bigint", pa.float64(): "double", pa.bool_(): "boolean",
        pa.date32(): "date", pa.list_(pa.string()): "array<string>"}  # fmt: skip

Coded = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]


def arrow_coder(settings: Settings | None = None, intake: Intake | None = None, serves: Serves = serve) -> Coded:
    """Return the function that codes a frame's rows.

    Args:
        settings: of the coder; each Python worker of Spark loads one, in a process of its own.
        intake: names of the columns; `text` must be there.
        serves: what runs in that process.

    Example:
        >>> from diurna.batch.spark import arrow_coder, schema
        >>> events = reports.mapInArrow(arrow_coder(), schema())  # doctest: +SKIP
    """
    chosen, reading = settings or Settings(), intake or Intake()

    def code(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        pool = pool_here(chosen, serves)
        for batch in batches:
            rows: list[layout.Row] = []
            skipped: list[SkipItem] = []
            for found in pool.pipe(_articles(batch, reading, skipped)):
                if isinstance(found, SkipItem):
                    skipped.append(found)
                else:
                    rows += event_rows(found)
            rows += [{"article_id": item.source, "skipped": item.reason} for item in skipped]
            yield from layout.table(rows, CODED).to_batches()

    return code


def schema() -> str:
    """Return the columns that come out, as Spark wants them named."""
    return ", ".join(f"`{field.name}` {_DDL[field.type]}" for field in CODED)


def _articles(batch: pa.RecordBatch, intake: Intake, skipped: list[SkipItem]) -> Iterable[Article]:
    columns = intake.columns
    names = {field: getattr(columns, field) for field in ("text", "id", "title", "url", "publisher", "byline", "published")}
    for row in batch.to_pylist():
        fields = {field: row.get(name) for field, name in names.items()}
        item = make_article(str(fields["id"] or "a row without an id"), fields, intake)
        if isinstance(item, SkipItem):
            skipped.append(item)
        else:
            yield replace(item, source_file="")
