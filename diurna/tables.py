"""The one loader of the reviewed tables under `diurna/data/`: reads, checks columns, fingerprints.

A table is a UTF-8 TSV whose first line names the columns. Lines that start with `#` are comments. `|` separates the
items of a list inside a cell. A user's own folder (`--tables DIR`) is read after the built-in one: a file of the same
relative name adds rows.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from diurna.errors import TableError

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its cells by column name, and where it stands for messages."""

    cells: dict[str, str]
    path: str
    line: int

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def items(self, column: str) -> tuple[str, ...]:
        """Return the `|`-separated items of a cell; empty when the cell is empty."""
        cell = self.cells[column]
        return tuple(item.strip() for item in cell.split("|") if item.strip()) if cell else ()

    def error(self, reason: str) -> TableError:
        """Return an error that names this row."""
        return TableError(self.path, self.line, reason)


def read_rows(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of one file.

    Args:
        path: the file.
        columns: columns that must be there; further ones are kept.

    Raises:
        TableError: a column is missing, a row has more cells than the header, or the file is not UTF-8.
    """
    header: list[str] | None = None
    for number, line in enumerate(_text(path).splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if header is None:
            header = [cell.strip() for cell in cells]
            missing = [column for column in columns if column not in header]
            if missing:
                raise TableError(str(path), number, f"missing column {', '.join(missing)}")
            continue
        if len(cells) > len(header):
            raise TableError(str(path), number, f"{len(cells)} cells under {len(header)} columns")
        cells += [""] * (len(header) - len(cells))
        yield Row(dict(zip(header, map(str.strip, cells), strict=True)), str(path), number)


def _text(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise TableError(str(path), data.count(b"\n", 0, error.start) + 1, "not UTF-8; save the file as UTF-8") from error


def load(name: str, columns: Sequence[str], extra: Path | None = None) -> list[Row]:
    """Return the rows of the built-in table `name` (such as "actors/countries.tsv"), then those of the user's folder `extra`.

    `name` may be a folder: its `.tsv` files are read in alphabetical order.
    """
    rows: list[Row] = []
    for base in (DATA, extra):
        if base is None:
            continue
        path = base / name
        files = sorted(path.glob("*.tsv")) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                rows.extend(read_rows(file, columns))
    if not rows:
        raise TableError(str(DATA / name), 0, "no such table")
    return rows


@cache
def weights(name: str) -> dict[str, float]:
    """Return trait -> weight of a built-in table that a script under `training/` fitted."""
    return {row["trait"]: float(row["weight"]) for row in load(name, ("trait", "weight"))}


@cache
def worth(name: str, traits: tuple[str, ...]) -> float:
    """Return the sum of the weights of traits that often come together; traits that the table lacks count nothing."""
    return sum(weights(name).get(trait, 0.0) for trait in traits)


class SortedTable:
    """A large table that a script made, sorted by its first column: rows are found there, and read only then."""

    def __init__(self, path: Path) -> None:
        lines = path.read_text(encoding="utf-8").splitlines()
        head = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
        self._lines = lines[head + 1 :]

    def find(self, key: str) -> list[str] | None:
        """Return the cells of the row whose first cell is `key`, None when there is none."""
        start = key + "\t"
        at = bisect_left(self._lines, start)
        return self._lines[at].split("\t") if at < len(self._lines) and self._lines[at].startswith(start) else None


@cache
def sorted_table(name: str) -> SortedTable:
    """Open the built-in table `name`, once.

    Raises:
        OSError: no such table.
    """
    return SortedTable(DATA / name)


@cache
def fingerprint(extra: Path | None = None, own: tuple[Path, ...] = ()) -> str:
    """Return 12 hex digits over every table that codes a text, so that a record tells which tables made it.

    extra: folder of the user's own tables. own: further files that take part, such as dictionaries of actors.
    """
    digest = hashlib.sha256()
    for base in (DATA, extra):
        if base is None:
            continue
        for file in sorted(base.rglob("*.tsv")):
            if file.relative_to(base).parts[0] in ("exports", "imports", "site"):
                continue  # layouts of files and what the site shows code no text
            digest.update(str(file.relative_to(base)).encode())
            digest.update(file.read_bytes())
    for file in own:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
