"""Copies of a ledger: a backup that is known to be whole, a compact one, and one ledger of many parts."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from diurna.errors import SkipItem, StopRun
from diurna.ledger import current, layout
from diurna.ledger.archive import HEAD, TABLES, Archive, Commit, Manifest, Stored, digest
from diurna.ledger.check import check, damaged
from diurna.ledger.dyads import SUMMED, summary
from diurna.ledger.store import Ledger, Tables

_PIECE = 1 << 20
_GROUP = 122_880  # rows of a row group; DuckDB skips whole groups by their least and greatest day
_ORDER = {
    "current_events": "when_start NULLS FIRST, article_id, event_id",
    "events": "when_start NULLS FIRST, article_id, event_id",
}


@dataclass(slots=True)
class Merged:
    """What a merge did. known: codings that the ledger had already, or that stood in an earlier part."""

    parts: int = 0
    articles: int = 0
    events: int = 0
    known: int = 0
    refused: list[SkipItem] = field(default_factory=list)


def backup(source: Path, target: Path) -> None:
    """Copy a ledger or an archive, check the copy, and only then give it its name.

    Raises:
        StopRun: the source is in use or not whole, or the copy cannot be written.
    """
    with _made(target, source) as making:
        if source.is_dir():
            _copy_archive(Archive(source), making)
        else:
            with Ledger(source) as ledger:  # nobody else can write while it is open, so that the copy is of one moment
                ledger.con.execute("CHECKPOINT")
                shutil.copyfile(source, making)
        if fault := next(check(making), None):
            raise StopRun(f"{source}: not whole ({fault}); nothing was kept. `diurna ledger check {source}` lists all")


def compact(source: Path, target: Path | None = None) -> None:
    """Write a ledger or an archive anew, small and in order of the days, so that questions about a time read little.

    Args:
        source: the ledger or archive.
        target: where to; a ledger in one file takes the place of the old one when None.

    Raises:
        StopRun: the source cannot be used, or the target not be written.
    """
    if source.is_dir():
        if target is None:
            raise StopRun(f"{source}: a folder is never changed; name a new one: diurna ledger compact {source} -o NEW")
        with _made(target, source) as making:
            _compact_archive(Archive(source), making)
        return
    with _made(target or source, source) as making, Ledger(source) as ledger:
        with ledger.transaction():
            current.rebuild(ledger.con)
        ledger.con.execute(f"ATTACH {_quoted(str(making))} AS made")
        ledger.con.execute(f"COPY FROM DATABASE {_name(ledger.con)} TO made")
        ledger.con.execute("DETACH made")


def merge(archive: Archive, ledger: Ledger, told: Callable[[Commit], None] = lambda part: None) -> Merged:
    """Bring the parts of an archive into a ledger, each in one transaction; a merge that was stopped can be run again.

    Raises:
        StopRun: a part is damaged; the parts before it are stored.
    """
    done = Merged()
    manifest = archive.manifest()
    versions = layout.table([{"run_id": manifest.head["run_id"], **manifest.head["versions"]}], layout.VERSIONS)
    for part in manifest.parts:
        if fault := next(damaged(archive, part), None):
            raise StopRun(f"{archive.address}: {fault}; delete {part.part} from its commits and code its file again")
        _merge(archive, part, versions, ledger, done)
        ledger.add_skipped(part.items)
        done.parts += 1
        told(part)
    ledger.add_skipped(done.refused)
    return done


def _merge(archive: Archive, part: Commit, versions: pa.Table, ledger: Ledger, done: Merged) -> None:
    read = {name: _read(archive, part, name) for name in TABLES if name != "current_events"}
    run_id = versions["run_id"][0].as_py()
    articles = read["articles"]
    known = ledger.coded(set(articles["article_id"].to_pylist()), run_id)
    refused = ledger.other_texts(dict(zip(articles["article_id"].to_pylist(), articles["text"].to_pylist(), strict=True)))
    out = pa.array(sorted(known | set(refused)), pa.string())
    fresh = {name: table.filter(pc.invert(pc.is_in(table["article_id"], out))) for name, table in read.items()}
    if fresh["codings"].num_rows:
        ledger.add_tables(Tables(versions=versions, **fresh))
    done.articles += fresh["codings"].num_rows
    done.events += fresh["events"].num_rows
    done.known += len(known)
    reason = "already stands for another text in this ledger; give this one another id"
    done.refused += [SkipItem(part.source, f"the id {name} {reason}") for name in refused]


def _read(archive: Archive, part: Commit, name: str) -> pa.Table:
    schema: pa.Schema = getattr(layout, name.upper())
    tables = []
    for item in part.files:
        if item.table == name:
            with archive.fs.open(archive.at(item.path), "rb") as stream:
                tables.append(pq.ParquetFile(stream).read().select(schema.names).cast(schema))
    return pa.concat_tables(tables) if tables else schema.empty_table()


def _copy_archive(archive: Archive, making: Path) -> None:
    copy = Archive(making)
    manifest = archive.manifest()
    for part in manifest.parts:
        for item in part.files:
            target = making / item.path
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                archive.fs.get_file(archive.at(item.path), str(target))
            except FileNotFoundError as error:
                raise StopRun(f"{archive.address}: not whole ({item.path}: is missing); nothing was kept") from error
        copy.commit(part)
    copy.write_json(HEAD, dict(manifest.head))
    copy.publish(manifest)


def _compact_archive(archive: Archive, making: Path) -> None:
    """Write one file a table and year, in order; an article counts in the first part that holds it, as it does in a merge."""
    manifest = archive.manifest()
    files: list[Stored] = []
    with duckdb.connect() as con:
        if not archive.local:
            con.register_filesystem(archive.fs)
        con.execute("SET preserve_insertion_order = false")
        if not manifest.parts:
            Archive(making).publish(manifest)
            return
        codings = _rows_of(archive, manifest.paths("codings"))
        con.execute(f"CREATE TABLE kept AS SELECT article_id, min(part) AS part FROM {codings} GROUP BY article_id")
        for table in TABLES:
            for year, paths in sorted(_by_year(manifest.paths(table)).items()):
                query = (
                    f"SELECT r.* EXCLUDE (part) FROM {_rows_of(archive, paths)} r SEMI JOIN kept USING (article_id, part) "
                    f"ORDER BY {_ORDER.get(table, 'article_id')}"
                )
                files.append(_copy(con, query, making, table, year))
        days = ", ".join(_quoted(str(making / item.path)) for item in files if item.table == "current_events")
        if days:
            files.append(_copy(con, summary(f"read_parquet([{days}], hive_partitioning = false)"), making, SUMMED, "year=all"))
    rows = {table: sum(item.rows for item in files if item.table == table) for table in ("codings", "events")}
    skipped = tuple(item for part in manifest.parts for item in part.skipped)
    whole = Commit("compact", archive.address, rows["codings"], rows["events"], skipped, tuple(files))
    made = Archive(making)
    made.write_json(HEAD, dict(manifest.head))
    made.commit(whole)
    made.publish(Manifest(manifest.head, (whole,)))


def _copy(con: duckdb.DuckDBPyConnection, query: str, making: Path, table: str, year: str) -> Stored:
    name = f"{table}/{year}/compact.parquet"
    (making / name).parent.mkdir(parents=True, exist_ok=True)
    options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_GROUP}"
    con.execute(f"COPY ({query}) TO {_quoted(str(making / name))} ({options})")
    return stored(making, table, name)


def stored(folder: Path, table: str, name: str) -> Stored:
    """Return the entry of a Parquet file for a commit."""
    with (folder / name).open("rb") as stream:
        size, sha = digest(iter(lambda: stream.read(_PIECE), b""))
    return Stored(table, name, int(pq.read_metadata(folder / name).num_rows), size, sha)


def _rows_of(archive: Archive, paths: list[str]) -> str:
    listed = ", ".join(_quoted(archive.at(path)) for path in paths)
    part = "regexp_extract(filename, '([^/]+)[.]parquet$', 1) AS part"
    return f"(SELECT * EXCLUDE (filename), {part} FROM read_parquet([{listed}], hive_partitioning = false, filename = true))"


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def _by_year(paths: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(path.split("/")[1], []).append(path)
    return found


def _name(con: duckdb.DuckDBPyConnection) -> str:
    name: str = con.execute("SELECT current_database()").fetchall()[0][0]
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def _made(target: Path, source: Path) -> Iterator[Path]:
    """Give what is written inside its name when all went well, and leave nothing else behind."""
    if target.exists() and target != source:
        raise StopRun(f"{target}: is there already; name another, or delete it first")
    if not target.absolute().parent.is_dir():
        raise StopRun(f"{target}: no folder {target.parent}; make it first")
    making = target.with_name(target.name + ".making")
    _remove(making)
    try:
        yield making
        os.replace(making, target)
    except (OSError, duckdb.IOException) as error:
        raise StopRun(f"{target}: cannot be written ({_why(error)}); check space and permissions") from error
    finally:
        _remove(making)


def _why(error: Any) -> str:
    return getattr(error, "strerror", None) or str(error).splitlines()[0][:160]


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    for file in (path, path.with_name(path.name + ".wal")):
        file.unlink(missing_ok=True)
