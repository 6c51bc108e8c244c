"""From paths to articles: files of every kind, folders and standard input, read one after the other as a stream.

Nothing here raises for bad input: what cannot be coded comes as a `SkipItem` in its place, and the batch goes on.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, cast

from diurna.errors import SkipItem
from diurna.intake.decoding import binary_kind, decode
from diurna.intake.items import MAX_BYTES, Intake, make_article
from diurna.intake.tables import SAMPLE, header_names, read_csv, read_json, read_jsonl, read_parquet
from diurna.intake.webpage import looks_like_html, read_page
from diurna.records import Article

_KINDS = {
    ".txt": "text", ".text": "text",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json",
    ".csv": "csv", ".tsv": "csv",
    ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip


def read_articles(
    paths: Iterable[str | Path], intake: Intake | None = None, stdin: io.BufferedReader[Any] | None = None
) -> Iterator[Article | SkipItem]:
    """Yield the articles that paths hold, in order, and a `SkipItem` for everything that cannot be coded.

    Args:
        paths: files (text, HTML, JSONL, JSON, CSV, TSV, Parquet), folders (read with all below them, in order of name), or "-".
        intake: column names, publication day, today.
        stdin: what "-" reads; the process's own standard input by default.
    """
    intake = intake or Intake()
    for path in paths:
        if str(path) == "-":
            # Its type says BinaryIO, yet the buffer of a text stream is a BufferedReader.
            stream = stdin or cast("io.BufferedReader[Any]", sys.stdin.buffer)
            yield from _read_stream("standard input", stream, "", intake)
        else:
            yield from _read_path(Path(path), intake)


def _read_path(path: Path, intake: Intake) -> Iterator[Article | SkipItem]:
    source = os.fsencode(path).decode("utf-8", "replace")
    try:
        if path.is_dir():
            yield from _read_folder(path, source, intake)
        elif not path.exists():
            yield SkipItem(source, "no such file or folder; check the path")
        else:
            yield from _read_file(path, source, intake)
    except OSError as error:
        yield SkipItem(source, f"cannot be read ({error.strerror or error}); check the file and its permissions")


def _read_folder(path: Path, source: str, intake: Intake) -> Iterator[Article | SkipItem]:
    """Yield the articles of all files under a folder; hidden files and folders are passed over."""
    found = False
    for folder, below, files in os.walk(path):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                found = True
                yield from _read_path(Path(folder) / name, intake)
    if not found:
        yield SkipItem(source, "an empty folder; nothing to code")


def _read_file(path: Path, source: str, intake: Intake) -> Iterator[Article | SkipItem]:
    kind = _KINDS.get(path.suffix.lower(), "")
    if kind == "parquet":
        yield from read_parquet(source, path, intake)
        return
    with io.BufferedReader(io.FileIO(path), SAMPLE) as stream:
        yield from _read_stream(source, stream, kind, intake)


def _read_stream(source: str, stream: io.BufferedReader[Any], kind: str, intake: Intake) -> Iterator[Article | SkipItem]:
    """Yield the articles of an open stream; a kind that is not known is judged by its first bytes."""
    head = stream.peek(SAMPLE)[:SAMPLE]
    if binary := binary_kind(head):
        yield SkipItem(source, f"this is {binary}, not text; convert it to text first")
        return
    if kind in ("", "text"):
        kind = "html" if looks_like_html(head) else kind or _kind_of(head, intake)
    if kind == "jsonl":
        yield from _or_empty(source, read_jsonl(source, stream, intake))
    elif kind == "csv":
        yield from _or_empty(source, read_csv(source, stream, intake))
    else:
        yield from _read_whole(source, stream.read(MAX_BYTES + 1), kind, intake)


def _kind_of(head: bytes, intake: Intake) -> str:
    """Return what unnamed bytes are: JSON Lines, CSV with the text column in its header, or plain text."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b'{"', b"{ ", b"{'")):
        return "jsonl"
    first_line = start.split(b"\n", 1)[0].decode("utf-8", "replace")
    delimiter, names = header_names(first_line[:2000])
    return "csv" if delimiter in first_line and intake.columns.text in names else "text"


def _or_empty(source: str, items: Iterator[Article | SkipItem]) -> Iterator[Article | SkipItem]:
    """Yield the items, and say so when a table holds none."""
    item: Article | SkipItem | None = None
    for item in items:
        yield item
    if item is None:
        yield SkipItem(source, "empty; nothing to code")


def _read_whole(source: str, data: bytes, kind: str, intake: Intake) -> Iterator[Article | SkipItem]:
    """Yield what a file that is read in one piece holds: one article, or a JSON list of them."""
    if not data.strip():
        yield SkipItem(source, "empty; nothing to code")
    elif len(data) > MAX_BYTES:
        yield SkipItem(
            source, f"more than {MAX_BYTES // 1_000_000} MB in one piece; split it into its reports, one a file or JSONL line"
        )
    elif kind == "json":
        yield from read_json(source, data, intake)
    elif kind == "html":
        yield read_page(source, data, intake)
    else:
        text, remark = decode(data)
        yield make_article(source, {"text": text}, intake, (remark,) if remark else ())
