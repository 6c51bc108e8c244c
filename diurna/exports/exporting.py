"""`diurna export`: events of a ledger, streamed in order of their days, into the layout that other people's scripts expect."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from tempfile import mkdtemp
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from diurna.errors import StopRun
from diurna.exports import aggregates, tabular
from diurna.exports.answers import replacing
from diurna.exports.layouts import Column, Layout, layouts
from diurna.exports.lines import Line, check, day_of, lines, vague, value
from diurna.ledger import Ledger
from diurna.ledger import layout as stored
from diurna.ledger.filters import EventFilter
from diurna.records import Article, Event

_AT_ONCE = 1000
_UNDATED = "__HIVE_DEFAULT_PARTITION__"
_BREAKS = str.maketrans(dict.fromkeys("\t\n\r\x0b\x0c\x00\x1c\x1d\x1e\x85\u2028\u2029", " "))

Found = tuple[Event, Article, str]


@dataclass(slots=True)
class Exported:
    """What an export wrote.

    status, undated: events left out because they did not happen (so), or have no day. vague: those of which the day is not known,
    which stand on the first that it may be; in a panel those of which the month is not, which are left out.
    """

    lines: int = 0
    status: int = 0
    undated: int = 0
    vague: int = 0


def export(ledger: Ledger, kind: str, output: Path | None, chosen: EventFilter | None = None) -> Exported:
    """Write the chosen events in the layout `kind`; an unfinished file is never left under the name asked for.

    Args:
        ledger: open for reading.
        kind: a layout of `data/exports/layouts.tsv`.
        output: the file, or the folder for `parquet`; standard output when None.
        chosen: which events; all when None.

    Raises:
        StopRun: no such layout, a bad filter, or the output cannot be written.
    """
    if _layout(kind).form == "parquet":
        tally = Exported()
        _write_folder(_flat(ledger, chosen or EventFilter()), output, tally)
        return tally
    with _target(output) as stream:
        return export_to(ledger, kind, stream, chosen)


def export_to(ledger: Ledger, kind: str, stream: IO[bytes], chosen: EventFilter | None = None) -> Exported:
    """Write the chosen events to an open stream in a layout that is one file.

    Raises:
        StopRun: no such layout, a layout that is a folder, or a bad filter.
    """
    layout, chosen, tally = _layout(kind), chosen or EventFilter(), Exported()
    if layout.form == "parquet":
        raise StopRun("parquet is written as a folder: diurna export parquet -o events/")
    if layout.form == "csv" and not layout.actual:
        _write_csv(_flat(ledger, chosen), stream, tally)
        return tally
    found = _kept(events(ledger, chosen), layout, chosen, tally)
    _WRITERS[_way(layout)](found, layout, stream, tally)
    return tally


def _layout(kind: str) -> Layout:
    if kind not in layouts():
        raise StopRun(f"no export {kind!r}; known are {', '.join(layouts())}")
    check(layouts()[kind])
    return layouts()[kind]


def events(ledger: Ledger, chosen: EventFilter) -> Iterator[Found]:
    """Yield the chosen current events with article and run, by day, article and id; some thousand are held at a time."""
    condition = chosen.condition()
    columns = ", ".join(f"e.{name}" for name in stored.EVENTS.names)
    heads = ", ".join(f"a.{name} AS a_{name}" for name in stored.ARTICLES.names)
    query = (
        f"SELECT {columns}, {heads} FROM latest_events e JOIN articles a USING (article_id) WHERE (e.article_id, e.event_id) IN "
        f"(SELECT (article_id, event_id) FROM current_events WHERE {condition.sql}) "
        "ORDER BY coalesce(e.when_start, a.published) NULLS LAST, e.article_id, e.event_id"
    )
    relation: Any = ledger.con.sql(query, params=list(condition.values))
    for batch in relation.to_arrow_reader(_AT_ONCE):
        for row in batch.to_pylist():
            article = stored.article_from_row({name: row[f"a_{name}"] for name in stored.ARTICLES.names})
            yield stored.event_from_row(row), article, row["run_id"]


def _kept(found: Iterable[Found], layout: Layout, chosen: EventFilter, tally: Exported) -> Iterator[Found]:
    """Leave out what a layout cannot say: that an event was negated or only planned, unless the filter asks for just that."""
    asked, panel = chosen.polarity or chosen.modality, layout.kind == "panel"
    dated = any(column.rule in ("day", "day8", "panel") for column in layout.columns)
    for item in found:
        event, article, _ = item
        if layout.actual and not asked and (event.polarity, event.modality) != ("affirmed", "actual"):
            tally.status += 1
        elif layout.actual and day_of(event, article) is None:
            tally.undated += 1
        else:
            unknown = dated and vague(event, "month" if panel else "day")
            tally.vague += unknown
            if not (unknown and panel):
                yield item


def _lines(found: Iterable[Found], layout: Layout, tally: Exported) -> Iterator[Line]:
    for event, article, run_id in found:
        for line in lines(event, article, run_id, layout):
            tally.lines += 1
            yield line


def _write_tsv(found: Iterable[Found], layout: Layout, stream: IO[bytes], tally: Exported) -> None:
    if layout.header:
        stream.write(("\t".join(layout.names) + "\n").encode())
    for line in _lines(found, layout, tally):
        stream.write(("\t".join(_cell(value(column, line)) for column in layout.columns) + "\n").encode("utf-8", "replace"))


def _write_jsonl(found: Iterable[Found], layout: Layout, stream: IO[bytes], tally: Exported) -> None:
    for line in _lines(found, layout, tally):
        record = {column.name: _item(column, value(column, line)) for column in layout.columns}
        stream.write((json.dumps(record, ensure_ascii=False) + "\n").encode("utf-8", "replace"))


def _item(column: Column, found: Any) -> Any:
    """Return a value as JSON has it: every field is there, empty words for no text and null for no number."""
    return ("" if column.type in ("text", "date") else None) if found is None or found == "" else found


def _write_records(found: Iterable[Found], _: Layout, stream: IO[bytes], tally: Exported) -> None:
    for event, article, run_id in found:
        tally.lines += 1
        stream.write(tabular.event_json(event, article, run_id).encode("utf-8", "replace"))


def _flat(ledger: Ledger, chosen: EventFilter) -> Iterator[pa.Table]:
    """Yield the chosen events as tables of `FLAT`, in the order of `events`; no record is made of them."""
    for batch in ledger.stream(chosen, _AT_ONCE):
        yield pa.Table.from_batches([batch]).cast(tabular.FLAT)


def _write_csv(found: Iterable[pa.Table], stream: IO[bytes], tally: Exported) -> None:
    stream.write(tabular.csv_lines([], header=True).encode())
    for table in found:
        tally.lines += table.num_rows
        stream.write(tabular.csv_lines(table.to_pylist()).encode("utf-8", "replace"))


def _write_panel(found: Iterable[Found], layout: Layout, stream: IO[bytes], tally: Exported) -> None:
    aggregates.write_panel(_lines(found, layout, tally), layout, stream)


def _write_graph(found: Iterable[Found], layout: Layout, stream: IO[bytes], tally: Exported) -> None:
    aggregates.write_graph(_lines(found, layout, tally), layout, stream)


_WRITERS: dict[str, Callable[[Iterable[Found], Layout, IO[bytes], Exported], None]] = {
    "tsv": _write_tsv,
    "jsonl": _write_jsonl,
    "graphml": _write_graph,
    "panel": _write_panel,
    "record": _write_records,
}


def _way(layout: Layout) -> str:
    if layout.kind == "panel":
        return "panel"
    return "record" if layout.form == "jsonl" and layout.columns[0].rule == "record" else layout.form


def _cell(found: Any) -> str:
    """Return a value as a cell between tabs: what would break the line becomes a space."""
    return "" if found is None else str(found).translate(_BREAKS).strip()


def _write_folder(found: Iterable[Found], output: Path | None, tally: Exported) -> None:
    """Write one Parquet file for each day, `date=2024-05-31/part-0.parquet`; one file is open at a time."""
    if output is None:
        raise StopRun("parquet is written as a folder; name it: -o events/")
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise StopRun(f"{output}: exists and is not an empty folder; name another, or remove it first")
    try:
        half = Path(mkdtemp(prefix=f".{output.name}.", dir=output.absolute().parent))
    except OSError as error:
        raise _unwritable(output, error) from error
    try:
        for day, group in groupby(_by_day(found), lambda item: item[0]):
            folder = half / f"date={day}"
            folder.mkdir()
            with pq.ParquetWriter(folder / "part-0.parquet", tabular.FLAT, compression="zstd") as writer:
                for _, table in group:
                    tally.lines += table.num_rows
                    writer.write_table(table)
        if not tally.lines:
            # An empty folder can be read by nobody; the columns are known all the same.
            pq.write_table(tabular.FLAT.empty_table(), half / "part-0.parquet")
        half.chmod(0o755)
        half.replace(output)
    except OSError as error:
        raise _unwritable(output, error) from error
    finally:
        shutil.rmtree(half, ignore_errors=True)


def _by_day(found: Iterable[pa.Table]) -> Iterator[tuple[str, pa.Table]]:
    """Yield the parts of tables that lie on one day, with the day."""
    for table in found:
        days = pc.coalesce(table["when_start"], table["published"]).to_pylist()
        start = 0
        for day, group in groupby(days):
            count = sum(1 for _ in group)
            yield (day.isoformat() if day else _UNDATED), table.slice(start, count)
            start += count


@contextmanager
def _target(output: Path | None) -> Iterator[IO[bytes]]:
    """Open a file beside the one asked for, and give it its name when all is written."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with replacing(output) as stream:
        yield stream


def _unwritable(output: Path, error: OSError) -> StopRun:
    return StopRun(f"{output}: cannot be written ({error.strerror}); check folder and permissions")
