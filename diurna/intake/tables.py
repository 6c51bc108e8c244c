"""Tables of articles: JSONL, JSON, CSV and Parquet, read as streams, one article a line or row."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, BinaryIO

from diurna.errors import SkipItem
from diurna.intake.decoding import decode, stream_encoding
from diurna.intake.items import MAX_BYTES, Columns, Intake, make_article
from diurna.records import Article

SAMPLE = 65_536
_ROWS_AT_ONCE = 256


def read_jsonl(source: str, stream: BinaryIO, intake: Intake) -> Iterator[Article | SkipItem]:
    """Yield the articles of a JSON Lines stream; a broken line is one skipped item."""
    number = 0
    # Twice the limit: JSON escapes make a line longer than its text.
    while line := stream.readline(2 * MAX_BYTES):
        number += 1
        where = f"{source}:{number}"
        if len(line) >= 2 * MAX_BYTES and not line.endswith(b"\n"):
            _drain(stream)
            yield SkipItem(where, "line too long for one article; split it into its reports")
        elif line.strip(b" \t\r\n\xef\xbb\xbf"):
            yield _from_json(where, line, intake)


def read_json(source: str, data: bytes, intake: Intake) -> Iterator[Article | SkipItem]:
    """Yield the articles of a JSON file that holds one object or a list of objects."""
    try:
        found = json.loads(decode(data)[0])
    except (ValueError, RecursionError) as error:
        yield SkipItem(source, f"broken JSON ({error}); mend the file")
        return
    items = found if isinstance(found, list) else [found]
    if not items:
        yield SkipItem(source, "an empty list; nothing to code")
    for number, item in enumerate(items, start=1):
        yield _from_object(f"{source}:{number}" if len(items) > 1 else source, item, intake)


def read_csv(source: str, stream: io.BufferedReader[Any], intake: Intake) -> Iterator[Article | SkipItem]:
    """Yield the articles of a CSV stream with a header line; comma, semicolon, tab and bar are told apart by the header."""
    encoding = stream_encoding(stream.peek(SAMPLE)[:SAMPLE])
    text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
    csv.field_size_limit(4 * MAX_BYTES)
    header = text.readline()
    delimiter, names = header_names(header)
    if missing := _missing(names, intake.columns):
        yield SkipItem(f"{source}:1", missing)
        return
    reader = csv.reader(text, delimiter=delimiter)
    line = 2  # where the row begins; a quoted report covers many lines
    try:
        for row in reader:
            if row:
                yield make_article(f"{source}:{line}", _fields(dict(zip(names, row, strict=False)), intake.columns), intake)
            line = reader.line_num + 2
    except csv.Error as error:
        yield SkipItem(f"{source}:{line}", f"not readable as CSV from here on ({error}); mend the quotes")


def header_names(header: str) -> tuple[str, list[str]]:
    """Return the delimiter that a header line uses and the column names in it."""
    delimiter = max(",;\t|", key=header.count)
    try:
        names = next(csv.reader([" ".join(header.splitlines())], delimiter=delimiter), [])
    except csv.Error:  # no header that a CSV writer makes; then no column has a name
        names = []
    return delimiter, [name.strip().lstrip("\ufeff") for name in names]


def read_parquet(source: str, path: Path, intake: Intake) -> Iterator[Article | SkipItem]:
    """Yield the articles of a Parquet file, a few hundred rows in memory at a time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        names = file.schema_arrow.names
        if missing := _missing(names, intake.columns):
            yield SkipItem(source, missing)
            return
        wanted = [name for name in names if name in _by_column(intake.columns)]
        number = 0
        for batch in file.iter_batches(batch_size=_ROWS_AT_ONCE, columns=wanted):
            for row in batch.to_pylist():
                number += 1
                yield make_article(f"{source}:{number}", _fields(row, intake.columns), intake)
    except (pa.ArrowException, OSError) as error:
        yield SkipItem(source, f"not readable as Parquet ({str(error).splitlines()[0][:120]}); write the file again")


def _from_json(where: str, line: bytes, intake: Intake) -> Article | SkipItem:
    text, remark = decode(line)
    try:
        item = json.loads(text)
    except (ValueError, RecursionError) as error:
        return SkipItem(where, f"broken JSON ({error}); mend or drop the line")
    return _from_object(where, item, intake, (remark,) if remark else ())


def _from_object(where: str, item: object, intake: Intake, remarks: tuple[str, ...] = ()) -> Article | SkipItem:
    if not isinstance(item, dict):
        return SkipItem(where, "not a JSON object; write one object with a text for each article")
    if missing := _missing(list(item), intake.columns):
        return SkipItem(where, missing)
    return make_article(where, _fields(item, intake.columns), intake, remarks)


def _missing(names: list[str], columns: Columns) -> str:
    if columns.text in names:
        return ""
    there = ", ".join(str(name)[:30] for name in names[:12]) or "none"
    return f"no column {columns.text!r} (columns: {there}); name the one with the report by --text-column"


def _fields(row: Mapping[str, object], columns: Columns) -> dict[str, object]:
    names = _by_column(columns)
    return {names[column]: value for column, value in row.items() if column in names}


def _by_column(columns: Columns) -> dict[str, str]:
    """Return the article's field by the column that holds it."""
    return {getattr(columns, entry.name): entry.name for entry in fields(Columns)}


def _drain(stream: BinaryIO) -> None:
    while (rest := stream.readline(MAX_BYTES)) and not rest.endswith(b"\n"):
        pass
