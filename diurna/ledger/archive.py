"""An archive: what a cluster coded, as a folder of Parquet files that no two workers share, and a manifest of those that count.

    archive.json                      versions and settings that made all of it
    commits/PART.json                 one for each input file that is done: files with rows, bytes, SHA-256; what was skipped
    TABLE/year=2018/PART.parquet      rows of the ledger's table of that name, by the year of the report
    manifest.json                     all commits; readers open what it names and nothing else

PART is the hash of the input file's bytes, so that coding a file twice, in whatever order and however often it was begun, gives
one part. A file counts when a commit names it: what a killed worker left behind is never read.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import fsspec

from diurna.errors import SkipItem, StopRun
from diurna.ledger.current import SECTOR_KEYS, fold
from diurna.ledger.dyads import SUMMED

HEAD, MANIFEST, COMMITS = "archive.json", "manifest.json", "commits"
TABLES = ("articles", "codings", "events", "quotes", "threads", "current_events")
_PIECE = 1 << 20
# Columns that a ledger has and the files of an archive have not.
_ADDED = {
    "articles": ", NULL::TIMESTAMP AS added_at",
    "codings": ", 1 AS number",
    "quotes": f", {fold('text')} AS told",
    "current_events": f", {SECTOR_KEYS}",
}


@dataclass(frozen=True, slots=True)
class Stored:
    """One Parquet file of an archive; `path` is within the archive."""

    table: str
    path: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Commit:
    """What one input file became. skipped: source and reason of what could not be coded."""

    part: str
    source: str
    articles: int = 0
    events: int = 0
    skipped: tuple[tuple[str, str], ...] = ()
    files: tuple[Stored, ...] = ()

    @property
    def items(self) -> list[SkipItem]:
        """What could not be coded, as records."""
        return [SkipItem(source, reason) for source, reason in self.skipped]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Commit:
        """Return the commit that JSON holds."""
        files = tuple(Stored(**item) for item in row["files"])
        skipped = tuple((source, reason) for source, reason in row["skipped"])
        return cls(row["part"], row["source"], row["articles"], row["events"], skipped, files)


@dataclass(frozen=True, slots=True)
class Manifest:
    """An archive as a whole: what made it, and its parts in order of name."""

    head: Mapping[str, Any]
    parts: tuple[Commit, ...] = field(default=())

    def paths(self, table: str) -> list[str]:
        """Return the files of one table."""
        return [item.path for part in self.parts for item in part.files if item.table == table]


class Archive:
    """A folder on a disk, or in an object store, by any address that fsspec knows (s3://bucket/events).

    Args:
        address: where it is; need not exist yet.
    """

    def __init__(self, address: str | Path) -> None:
        self.address = str(address)
        try:
            self.fs, self.root = fsspec.core.url_to_fs(self.address)
        except (ImportError, ValueError) as error:
            raise StopRun(f"{self.address}: cannot be reached ({error})") from error
        self.local = "file" in (self.fs.protocol if isinstance(self.fs.protocol, tuple) else (self.fs.protocol,))

    def at(self, name: str) -> str:
        """Return where something lies, as DuckDB and fsspec understand it."""
        path = f"{self.root.rstrip('/')}/{name}"
        return path if self.local else str(self.fs.unstrip_protocol(path))

    def put(self, file: Path, name: str) -> None:
        """Store a whole file; others see it whole or not at all (object stores promise that of every file).

        Raises:
            StopRun: it cannot be written.
        """
        target = self.at(name)
        try:
            self.fs.makedirs(target.rsplit("/", 1)[0], exist_ok=True)
            if not self.local:
                self.fs.put_file(str(file), target)
                return
            making = Path(f"{target}.{uuid4().hex}.making")
            try:
                shutil.copyfile(file, making)
                with making.open("rb") as stream:
                    os.fsync(stream.fileno())
                os.replace(making, target)
            finally:
                making.unlink(missing_ok=True)
        except OSError as error:
            raise StopRun(f"{target}: cannot be written ({error.strerror or error}); check space and permissions") from error

    def write_json(self, name: str, value: Mapping[str, Any]) -> None:
        """Store a JSON file, whole or not at all."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "made.json"
            file.write_text(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")
            self.put(file, name)

    def read_json(self, name: str) -> dict[str, Any] | None:
        """Return what a JSON file holds; None when it is not there.

        Raises:
            StopRun: it is there and is no JSON.
        """
        try:
            with self.fs.open(self.at(name), "rb") as stream:
                found: dict[str, Any] = json.loads(stream.read())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise StopRun(f"{self.at(name)}: cannot be read ({error}); take it from a backup, or code anew") from error
        return found

    def claim(self, head: Mapping[str, Any]) -> None:
        """Say what makes this archive, or check that the same makes more of it.

        Raises:
            StopRun: it was begun with other versions or settings.
        """
        wanted = json.loads(json.dumps(head))
        found = self.read_json(HEAD)
        if found is None:
            self.write_json(HEAD, wanted)
        elif found != wanted:
            reason = "was begun with other versions or settings"
            raise StopRun(f"{self.address}: {reason}; finish it with those, or name another folder")

    def committed(self, part: str) -> Commit | None:
        """Return what is known of a part; None while it is not done."""
        found = self.read_json(f"{COMMITS}/{part}.json")
        return Commit.of(found) if found else None

    def commit(self, done: Commit) -> None:
        """Let a part count, whose files are all stored."""
        self.write_json(f"{COMMITS}/{done.part}.json", asdict(done))

    def write_manifest(self) -> Manifest:
        """Gather all commits into the manifest."""
        names = sorted(name for name in self._listed(COMMITS) if name.endswith(".json"))
        texts = self.fs.cat([self.at(name) for name in names]) if names else {}
        parts = sorted((Commit.of(json.loads(text)) for text in texts.values()), key=lambda done: done.part)
        manifest = Manifest(self.read_json(HEAD) or {}, tuple(parts))
        self.publish(manifest)
        return manifest

    def publish(self, manifest: Manifest) -> None:
        """Let readers see what a manifest names."""
        self.write_json(MANIFEST, {"head": dict(manifest.head), "parts": [asdict(part) for part in manifest.parts]})

    def manifest(self) -> Manifest:
        """Return the manifest.

        Raises:
            StopRun: there is none.
        """
        found = self.read_json(MANIFEST)
        if found is None:
            raise StopRun(f"{self.address}: no archive, or not finished (no {MANIFEST}); run `diurna code --engine dask` again")
        return Manifest(found["head"], tuple(Commit.of(row) for row in found["parts"]))

    def files(self) -> Iterator[str]:
        """Yield the name of every Parquet file that lies there, whether it counts or not."""
        for table in TABLES:
            yield from self._listed(table)

    def digest(self, name: str) -> tuple[int, str] | None:
        """Return length and SHA-256 of a file; None when it is not there."""
        try:
            with self.fs.open(self.at(name), "rb") as stream:
                return digest(iter(lambda: stream.read(_PIECE), b""))
        except FileNotFoundError:
            return None

    def _listed(self, folder: str) -> list[str]:
        try:
            found = self.fs.find(self.at(folder))
        except FileNotFoundError:
            return []
        above = len(self.root.rstrip("/")) + 1
        return [str(path)[above:] for path in found]


def digest(pieces: Iterable[bytes]) -> tuple[int, str]:
    """Return length and SHA-256 of bytes that come piece by piece."""
    size, made = 0, hashlib.sha256()
    for piece in pieces:
        size += len(piece)
        made.update(piece)
    return size, made.hexdigest()


def look_through(con: duckdb.DuckDBPyConnection, archive: Archive) -> None:
    """Let views on an archive's files take the place of a ledger's tables, so that every question can be put to it.

    Args:
        con: an empty ledger in memory.
        archive: what it should show.
    """
    manifest = archive.manifest()
    if not archive.local:
        con.register_filesystem(archive.fs)
    for table in (*TABLES, SUMMED):
        paths = [archive.at(path) for path in manifest.paths(table)]
        if paths:
            extra = _ADDED.get(table, "")
            listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
            con.execute(f"DROP TABLE IF EXISTS {table}")
            con.execute(f"CREATE VIEW {table} AS SELECT *{extra} FROM read_parquet([{listed}], hive_partitioning = false)")
    if manifest.head:
        versions = manifest.head["versions"]
        con.execute(
            "INSERT INTO versions (run_id, diurna, pipeline, tables, model) VALUES (?, ?, ?, ?, ?)",
            [manifest.head["run_id"], *(versions[name] for name in ("diurna", "pipeline", "tables", "model"))],
        )
    # One run made an archive, so nothing in it is older than anything else.
    con.execute("CREATE OR REPLACE VIEW latest AS SELECT article_id, run_id FROM codings")


def has_sums(con: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether a ledger shows dyads that were summed when its archive was made compact."""
    return bool(con.execute("SELECT 1 FROM duckdb_views() WHERE view_name = ?", [SUMMED]).fetchall())
