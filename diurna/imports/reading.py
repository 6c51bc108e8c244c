"""Files of event data, line by line: plain, gzip or zip, with or without header. Nothing is held but the line in hand."""

from __future__ import annotations

import gzip
import io
import shutil
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import IO, Any

from diurna.errors import SkipItem
from diurna.exports.layouts import columns
from diurna.intake.decoding import marked_encoding, western
from diurna.tables import load

_LONGEST = 1_000_000
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"

Line = dict[str, str]
Note = Callable[[str, str, str], None]


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set as `data/imports/datasets.tsv` describes it."""

    name: str
    title: str
    columns: tuple[str, ...]
    header: bool
    least: int


@cache
def datasets() -> dict[str, Dataset]:
    """Return the data sets by name."""
    found = {}
    for row in load("imports/datasets.tsv", ("dataset", "columns", "header", "least", "title")):
        names = tuple(column.name for column in columns(row["columns"]))
        found[row["dataset"]] = Dataset(row["dataset"], row["title"], names, row["header"] == "yes", int(row["least"]))
    return found


def read_lines(path: str, dataset: str = "", note: Note = lambda *_: None) -> Iterator[tuple[str, Dataset, Line] | SkipItem]:
    """Yield (place, data set, cells by column) of each line, and a `SkipItem` for each that cannot be used.

    Args:
        path: a file, or - for standard input.
        dataset: its name; judged by the first line when empty.
        note: told of lines that are no UTF-8: kind (see `losses`), words, place.
    """
    try:
        for name, stream in _streams(path):
            yield from _lines(name, stream, dataset, note)
    except FileNotFoundError:
        yield SkipItem(path, "no such file; check the path")
    # zipfile raises the last two for a compression that Python lacks and for a file locked by a password.
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        yield SkipItem(path, f"cannot be read to its end ({reason}); check the file, or fetch it anew")


def _streams(path: str) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield the streams that a file or a pipe holds, with their names; those of a zip one after the other."""
    if path == "-":
        piped: Any = sys.stdin.buffer
        yield from _unpacked("standard input", piped if hasattr(piped, "peek") else io.BufferedReader(piped))
        return
    with Path(path).open("rb") as file:
        yield from _unpacked(path, file)


def _unpacked(name: str, file: io.BufferedReader) -> Iterator[tuple[str, IO[bytes]]]:
    head = file.peek(4)[:4]
    if head == _ZIP:
        with tempfile.TemporaryFile() as copy:
            if not file.seekable():  # the contents of a zip stand at its end
                shutil.copyfileobj(file, copy)
            with zipfile.ZipFile(file if file.seekable() else copy) as archive:
                for item in archive.infolist():
                    if not item.is_dir():
                        with archive.open(item) as stream:
                            yield f"{name}/{item.filename}", stream
    elif head.startswith(_GZIP):
        with gzip.open(file) as stream:
            yield name, io.BufferedReader(stream)
    else:
        yield name, file


def _lines(
    name: str, stream: IO[bytes], wanted: str, note: Note = lambda *_: None
) -> Iterator[tuple[str, Dataset, Line] | SkipItem]:
    numbered = _cells(name, stream, note)
    first = next(numbered, None)
    if first is None:
        yield SkipItem(name, "empty; nothing to import")
        return
    if isinstance(first, SkipItem):
        yield first
        return
    kind = datasets()[wanted] if wanted else _kind_of(first[1])
    if kind is None:
        known = ", ".join(f"{item.name} ({len(item.columns)} columns)" for item in datasets().values())
        yield SkipItem(name, f"{len(first[1])} columns, none of {known}; if it is one, name it: --dataset NAME")
        return
    titles = kind.columns
    if kind.header:
        missing = [title for title in kind.columns if title not in first[1]]
        if missing:
            yield SkipItem(f"{name}:1", f"no column {missing[0]!r} in the first line; {kind.title} has it")
            return
        titles = tuple(first[1])
    for item in numbered if kind.header else chain([first], numbered):
        yield item if isinstance(item, SkipItem) else _line(name, kind, titles, *item)


def _line(
    name: str, kind: Dataset, titles: tuple[str, ...], number: int, cells: list[str]
) -> tuple[str, Dataset, Line] | SkipItem:
    place = f"{name}:{number}"
    least = len(titles) if kind.header else kind.least
    if not least <= len(cells) <= len(titles):
        return SkipItem(place, f"{len(cells)} cells, {len(titles)} expected")
    return place, kind, dict(zip(titles, cells + [""] * (len(titles) - len(cells)), strict=True))


def _cells(name: str, stream: IO[bytes], note: Note) -> Iterator[tuple[int, list[str]] | SkipItem]:
    """Yield the number and the cells of each line that is not empty."""
    number = 0
    while data := stream.readline(_LONGEST):
        number += 1
        if len(data) >= _LONGEST:
            while data and not data.endswith(b"\n"):
                data = stream.readline(_LONGEST)
            yield SkipItem(f"{name}:{number}", f"more than {_LONGEST:,} bytes in one line; this is no event")
            continue
        if number == 1 and (wide := marked_encoding(data)) not in ("", "utf-8-sig"):
            yield SkipItem(name, f"written in {wide.upper()}; save it as UTF-8: iconv -f {wide.upper()} -t UTF-8 FILE")
            return
        words = _decoded(data, f"{name}:{number}", note).rstrip("\r\n")
        if words.strip():
            cells = words.split("\t")
            yield number, [_bare(cell) for cell in cells] if '"' in words else [cell.strip() for cell in cells]


def _decoded(data: bytes, place: str, note: Note) -> str:
    """Return a line as text; one that is no UTF-8 is read as other texts are, by itself: files of many hands mix both."""
    try:
        return data.decode("utf-8-sig" if place.endswith(":1") else "utf-8")
    except UnicodeDecodeError:
        encoding = western(data)
        words = data.decode(encoding or "utf-8", "replace")
        odd = next((word for word in words.split() if not word.isascii()), "")
        note("western" if encoding else "damaged", odd, place)
        return words


def _bare(cell: str) -> str:
    """Return a cell without space around it, and without the quotes that some programs put round every cell."""
    cell = cell.strip()
    return cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell


def _kind_of(cells: list[str]) -> Dataset | None:
    named = [kind for kind in datasets().values() if kind.header and len(set(cells) & set(kind.columns)) > len(kind.columns) // 2]
    counted = [kind for kind in datasets().values() if not kind.header and kind.least <= len(cells) <= len(kind.columns)]
    return next(iter(named + counted), None)
