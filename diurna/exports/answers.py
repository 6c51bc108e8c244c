"""Answers of a ledger (Arrow tables) on the screen or in a file: readable for the eye, whole as CSV, JSONL or Parquet."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from math import isfinite
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from diurna.charts.drawing import KINDS, PAPER, picture
from diurna.charts.timeline import timeline
from diurna.errors import StopRun
from diurna.exports.screen import clean, short_id, status, when, when_known
from diurna.exports.tabular import csv_cell
from diurna.exports.writers import screen
from diurna.ledger.questions import QUADS
from diurna.records import Event, When

Row = dict[str, Any]
Look = Callable[[pa.Table], RenderableType]
QUAD_STYLES = ("green", "blue", "yellow", "red")
LINES = ("csv", "jsonl")
_AT_ONCE = 2000
_BAR = 40
_WIDTH_IN_A_FILE = 160


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Open a file beside `path` that takes its place at the end; what goes wrong on the way leaves `path` as it was.

    Raises:
        StopRun: the file cannot be written.
    """
    if path.is_dir():
        raise StopRun(f"{path}: is a folder; name a file")
    target = path.resolve()  # a link stays, and what it names is replaced
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as stream:  # a device or a pipe is written to, and not replaced
                yield stream
            return
        with beside.open("wb") as stream:
            yield stream
        beside.replace(target)
    except OSError as error:
        raise StopRun(f"{path}: cannot be written ({error.strerror}); check folder and permissions") from error
    finally:
        beside.unlink(missing_ok=True)


def show(table: pa.Table, kind: str, output: Path | None, look: Look) -> None:
    """Write an answer as one of `writers.FORMATS`, to a file or to standard output.

    Args:
        table: the answer.
        kind: the format; "table" shows it by `look`.
        output: the file; standard output when None.
        look: makes a picture for the screen.

    Raises:
        StopRun: the file cannot be written, or Parquet was asked for on a terminal.
    """
    if kind == "table" and output is None:
        screen().print(look(table))
    elif output is not None:
        with replacing(output) as stream:
            stream.write(_written(table, kind, look))
    elif kind == "parquet" and sys.stdout.isatty():
        raise StopRun("Parquet is no text for a terminal; name a file: -o answer.parquet")
    else:
        sys.stdout.buffer.write(_written(table, kind, look))
        sys.stdout.flush()


def draw(table: pa.Table, by: str, title: str, path: Path) -> bool:
    """Draw the answer of `Ledger.dyad` as a file, and tell whether it had rows to draw.

    Raises:
        StopRun: another ending than those of `drawing.KINDS`, or the file cannot be written.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise StopRun(f"--plot {path}: no such kind of picture; the name must end in .{', .'.join(KINDS[:-1])} or .{KINDS[-1]}")
    chart = timeline(table.to_pylist(), by, PAPER, title)
    if chart is not None:
        with replacing(path) as stream:
            stream.write(picture(chart, kind))
    return chart is not None


def events_look(table: pa.Table) -> Table:
    """Return rows of `layout.FLAT` for the screen: id, when, actor, event, recipient, status, said by, sentence."""
    found = _table({"id": 0, "when": 0, "actor": 4, "event": 3, "recipient": 4, "status": 3, "said by": 3, "sentence": 8})
    for row in table.to_pylist():
        event = event_of(row)
        code = " ".join(part for part in (event.event, "+".join(event.modes)) if part)
        people = (_names(row["actors"], row["actor_countries"]), _names(row["recipients"], row["recipient_countries"]))
        cells = (short_id(event.id), when(event), people[0], code, people[1], status(event), ", ".join(event.said_by))
        found.add_row(*(Text(clean(cell)) for cell in (*cells, _short(row["sentence"]))))
    return found


def dyad_look(table: pa.Table) -> Table:
    """Return a dyad's periods with their counts, mean score and a bar, each quad class in its colour."""
    rows = table.to_pylist()
    found = _table({"period": 0, **{name.replace("_", " "): 0 for name in QUADS}, "events": 0, "score": 0, "": 8}, QUAD_STYLES)
    most = max((row["events"] for row in rows), default=1)
    for row in rows:
        counts = [row[name] for name in QUADS]
        cells = [str(row["period"]), *(str(n or "") for n in counts), str(row["events"]), f"{row['mean_score'] or 0:+.1f}"]
        found.add_row(*cells, _bar(counts, most))
    return found


def threads_look(table: pa.Table) -> Table:
    """Return threads for the screen: state, kind, parties, stages with their dates."""
    found = _table({"state": 0, "kind": 0, "parties": 3, "stages": 8})
    for row in table.to_pylist():
        stages = " → ".join(f"{stage['name']} {stage['date'] or '?'}" for stage in row["stages"])
        style = "bold" if row["state"] == "open" else ""
        found.add_row(*(Text(clean(cell), style) for cell in (row["state"], row["kind"], ", ".join(row["parties"]), stages)))
    return found


def quotes_look(table: pa.Table) -> Table:
    """Return quotations for the screen: day of the report, speaker, words, to whom."""
    found = _table({"report": 0, "speaker": 3, "said": 0, "words": 9, "to": 2})
    for row in table.to_pylist():
        cells = (str(row["published"] or "–"), row["speaker"] or "?", row["cue"], row["text"], row["addressee"])
        found.add_row(*(Text(clean(cell or "")) for cell in cells))
    return found


def roles_look(table: pa.Table) -> Table:
    """Return roles of `Ledger.actor` for the screen, their first and last days as precisely as they are known."""
    found = _table(dict.fromkeys(("name", "country", "sectors", "first", "last", "events"), 1))
    for row in table.to_pylist():
        cells = (row["name"], row["country"], row["sectors"], role_day(row, "first"), role_day(row, "last"), str(row["events"]))
        found.add_row(*(Text(clean(_short(cell or ""))) for cell in cells))
    return found


def role_day(row: Row, side: str) -> str:
    """Return the first or last day of a role, as precisely as it is known; "~" marks an assumed day."""
    start, end = (row[name].isoformat() if row[name] else "" for name in (side, f"{side}_end"))
    return when_known(When(start, end, row[f"{side}_precision"], "", row[f"{side}_assumed"]))


def plain_look(table: pa.Table) -> Table:
    """Return any table for the screen."""
    found = _table(dict.fromkeys(table.column_names, 1))
    for row in table.to_pylist():
        found.add_row(*(Text(clean(_short(_cell(value)))) for value in row.values()))
    return found


def _written(table: pa.Table, kind: str, look: Look) -> bytes:
    if kind == "parquet":
        import pyarrow.parquet as pq

        out = BytesIO()
        pq.write_table(table, out, compression="zstd")
        return out.getvalue()
    if kind in LINES:
        return b"".join(lines(table, kind))
    text = StringIO()
    Console(file=text, width=_WIDTH_IN_A_FILE).print(look(table))
    return text.getvalue().encode("utf-8", errors="replace")


def lines(table: pa.Table, kind: str) -> Iterator[bytes]:
    """Yield an answer as CSV or JSON Lines, some thousand rows at a time; in CSV no cell can run as a formula."""
    if kind == "csv":
        yield _csv([table.column_names])
    for batch in table.to_batches(max_chunksize=_AT_ONCE):
        rows = batch.to_pylist()
        if kind == "csv":
            yield _csv([_flat(value) for value in row.values()] for row in rows)
        else:
            yield "".join(json_of(row) + "\n" for row in rows).encode("utf-8", errors="replace")


def json_of(value: Any) -> str:
    """Return rows, lists of them or single values as JSON; days and moments as ISO has them, null for what is no number."""
    try:
        return json.dumps(value, ensure_ascii=False, default=_json, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value), ensure_ascii=False, default=_json)


def _finite(value: Any) -> Any:
    """Return a value with nothing for NaN and the infinities, which JSON does not have."""
    if isinstance(value, dict):
        return {name: _finite(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    if isinstance(value, Decimal):
        value = float(value)
    return None if isinstance(value, float) and not isfinite(value) else value


def _csv(rows: Iterable[Iterable[Any]]) -> bytes:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows([csv_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8", errors="replace")


def _flat(value: Any) -> Any:
    nested = isinstance(value, dict) or (isinstance(value, list) and any(not isinstance(item, str) for item in value))
    return json_of(value) if nested else value


def _json(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else str(value)


def _cell(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else str(_flat(value))


def _table(columns: dict[str, int], styles: Sequence[str] = ()) -> Table:
    """Return an empty table; a column with a share folds, one with share 0 is as wide as its words."""
    found = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    shades = dict(zip((name.replace("_", " ") for name in QUADS), styles, strict=False))
    for name, share in columns.items():
        found.add_column(name, ratio=share or None, no_wrap=name in ("id", "period"), overflow="fold", style=shades.get(name, ""))
    return found


def _bar(counts: Sequence[int], most: int) -> Text:
    """Return a stacked bar; the longest period fills it, and every class that occurs has at least one block."""
    bar = Text()
    for count, style in zip(counts, QUAD_STYLES, strict=True):
        bar.append("█" * (max(1, round(count * _BAR / most)) if count else 0), style)
    return bar


def event_of(row: Row) -> Event:
    """Return the event of a row of `layout.FLAT`, as far as its date and status are concerned."""
    names = ("event", "polarity", "modality", "period", "ongoing")
    day = {name: row[name].isoformat() if row[name] else "" for name in ("when_start", "when_end")}
    told = When(day["when_start"], day["when_end"], row["when_precision"], "", bool(row["when_assumed"]))
    kept = {name: row[name] for name in names}
    return Event(row["id"], row["article_id"], modes=tuple(row["modes"]), said_by=tuple(row["said_by"]), when=told, **kept)


def _names(names: Sequence[str], codes: Sequence[str]) -> str:
    pairs = zip(names, codes, strict=True)
    return ", ".join(f"{name} ({code})" if code and code != name else name for name, code in pairs)


def _short(words: str, most: int = 160) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"
