"""A ledger read while others write to it: readers get copies, and never touch the file itself.

DuckDB lets one process write, and then nobody else can open the file, not even to read; a reader in turn keeps writers out. So
the bytes of the file and of its write-ahead log are copied without any lock. A copy counts only when neither changed from
before it began until after it ended: then it is what a process killed at that moment would leave, and DuckDB recovers from that.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock

import duckdb

from diurna.errors import StopRun
from diurna.ledger.sql import LOCKED
from diurna.ledger.store import IN_USE, Ledger

# A file changed more recently may change again within the same tick of the file system's clock, unseen.
_QUIET = 0.1
_TRIES = 50
_PAUSE = 0.1
# How long a write waits for a copy that is being taken, and for another program.
_PATIENCE = 5.0
_WAIT = 1.0

State = tuple[tuple[str, int, int, int], ...]


class Busy(StopRun):
    """The ledger cannot be written at this moment; a little later it can."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One published copy. taken: when it was copied; seconds: what copying and preparing took."""

    ledger: Ledger
    state: State
    taken: datetime
    seconds: float


def state_of(path: Path) -> State:
    """Return what tells whether a ledger has changed: inode, size and time of the file and of its logs."""
    found = []
    for file in sorted(path.parent.glob(f"{path.name}*")):
        if file.name == path.name or file.name.endswith(".wal"):
            with suppress(FileNotFoundError):
                facts = file.stat()
                found.append((file.name, facts.st_ino, facts.st_size, facts.st_mtime_ns))
    return tuple(found)


def copy(path: Path, target: Path, tries: int = _TRIES) -> State:
    """Copy a ledger as it stands at one moment, and return its state; somebody may be writing to it.

    Raises:
        StopRun: no such ledger, or it never stood still for as long as a copy takes.
    """
    for _ in range(tries):
        before = state_of(path)
        if not path.is_file():
            raise StopRun(f"{path}: no such ledger; make one: diurna code REPORT.txt --ledger {path}")
        if time.time() - max(entry[3] for entry in before) / 1e9 >= _QUIET and _copied(path, target, before):
            return before
        time.sleep(_PAUSE)
    raise StopRun(f"{path}: is being written to without a pause; try again later")


def _copied(path: Path, target: Path, before: State) -> bool:
    for old in target.parent.glob(f"{target.name}*"):
        old.unlink()
    try:
        for name, *_ in before:
            shutil.copyfile(path.with_name(name), target.with_name(target.name + name.removeprefix(path.name)))
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StopRun(f"{target}: cannot be written ({error.strerror}); name another folder for the copies") from error
    return state_of(path) == before


class Publisher:
    """Holds the newest copy of a ledger, open for reading by many threads, and takes a newer one when the ledger has changed.

    Args:
        path: the ledger, which is never opened.
        prepare: what is done to each copy before anybody reads it.
        folder: where copies lie; a temporary folder when None. They are removed again.

    Raises:
        StopRun: there is no ledger, or it cannot be read.
    """

    def __init__(self, path: Path, prepare: Callable[[Ledger], None] | None = None, folder: Path | None = None) -> None:
        self.path = path
        self.problem = ""
        self._prepare = prepare
        try:
            self._folder = Path(mkdtemp(prefix="diurna-site-", dir=folder))
        except OSError as error:
            raise StopRun(f"{folder}: no folder for copies of the ledger ({error.strerror})") from error
        self._numbers = count(1)
        self._refreshing = Lock()
        self._file = Lock()
        try:
            self._edition = self._take()
        except BaseException:
            self.close()
            raise

    @property
    def edition(self) -> Edition:
        """The copy that is read now."""
        return self._edition

    @contextmanager
    def reading(self) -> Iterator[Ledger]:
        """Give a connection of one's own to the newest copy; it stays good while newer ones are taken."""
        with self._edition.ledger.another() as ledger:
            yield ledger

    @contextmanager
    def writing(self) -> Iterator[Ledger]:
        """Open the ledger itself for writing, for a moment, while no copy of it is taken.

        Both must not happen at once in one process: with any closing of a file, POSIX lets go of all locks of the process on it.

        Raises:
            Busy: another program has the ledger open, or a copy is being taken and takes long.
            StopRun: it cannot be opened or written.
        """
        if not self._file.acquire(timeout=_PATIENCE):
            raise Busy(f"{self.path}: a copy of the ledger is being taken; nothing was stored; try again in a moment")
        try:
            with self._opened() as ledger:
                yield ledger
        except duckdb.Error as error:
            raise StopRun(f"{self.path}: cannot be written ({str(error).splitlines()[0][:160]})") from error
        finally:
            self._file.release()

    def _opened(self) -> Ledger:
        """Open the ledger; another program may hold it for just the moment of a write of its own."""
        if not self.path.is_file():
            raise StopRun(f"{self.path}: the ledger is gone; nothing was stored")
        until = time.monotonic() + _WAIT
        while True:
            try:
                return Ledger(self.path)
            except StopRun as error:
                if IN_USE not in str(error):
                    raise
                if time.monotonic() > until:
                    raise Busy(f"{error}; nothing was stored; try again") from error
            time.sleep(_PAUSE)

    def refresh(self) -> bool:
        """Take a new copy when the ledger has changed, and tell whether it was; what goes wrong is kept in `problem`."""
        with self._refreshing:
            if state_of(self.path) == self._edition.state:
                return False
            try:
                self._edition = self._take()
            except StopRun as error:
                self.problem = str(error)
                return False
            self.problem = ""
            return True

    def close(self) -> None:
        """Remove the copies. What is being read stays readable where the system lets open files be removed."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _take(self) -> Edition:
        start, taken = time.perf_counter(), datetime.now()
        target = self._folder / f"{next(self._numbers)}.duckdb"
        try:
            with self._file:
                state = copy(self.path, target)
            with Ledger(target) as ledger:
                if self._prepare is not None:
                    self._prepare(ledger)
            ready = Ledger(target, read_only=True, config=LOCKED)
        except duckdb.Error as error:
            self._remove(target.name)
            raise StopRun(f"{self.path}: its copy cannot be read ({str(error).splitlines()[0][:160]})") from error
        except StopRun as error:
            self._remove(target.name)
            raise StopRun(str(error).replace(str(target), str(self.path))) from error
        self._remove(*(file.name for file in self._folder.iterdir() if not file.name.startswith(target.name)))
        return Edition(ready, state, taken, time.perf_counter() - start)

    def _remove(self, *names: str) -> None:
        """Remove copies. An open file that is removed lives on until its last reader lets go of it."""
        for file in [file for name in names for file in self._folder.glob(f"{name}*")]:
            # Where open files cannot be removed, it goes with the folder.
            with suppress(OSError):
                file.unlink()
