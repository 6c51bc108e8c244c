"""`diurna code --engine dask`: input files handed to the workers of a Dask cluster, one file a task."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import fsspec

from diurna.batch.parts import Task, code_file
from diurna.batch.worker import ONE_THREAD
from diurna.errors import SkipItem, StopRun
from diurna.ledger.archive import Archive, Commit, Manifest

_QUIET = logging.CRITICAL  # what failed is told in one line each
_MISSING = "Dask is not installed; install it: pip install 'diurna[cluster]'"


def input_files(paths: Iterable[str]) -> list[str]:
    """Return the files below paths and addresses that fsspec knows, each once, in order; hidden ones are passed over.

    Raises:
        StopRun: there are none, or standard input was named.
    """
    found: list[str] = []
    for path in paths:
        if path == "-":
            raise StopRun("a cluster reads files, not standard input; name files or folders that all its workers can reach")
        fs, inside = fsspec.core.url_to_fs(path)
        local = "file" in (fs.protocol if isinstance(fs.protocol, tuple) else (fs.protocol,))
        below = sorted(str(name) for name in fs.find(inside)) if fs.isdir(inside) else [inside]
        root = len(inside)
        shown = [name for name in below if not any(piece.startswith(".") for piece in name[root:].split("/"))]
        found += shown if local else [str(fs.unstrip_protocol(name)) for name in shown]
    if not found:
        raise StopRun(f"{', '.join(paths)}: no files; nothing to code")
    return list(dict.fromkeys(found))


def code_on_cluster(client: Any, tasks: Sequence[Task], told: Callable[[Commit], None] = lambda done: None) -> Manifest:
    """Code files on the workers of a Dask client, and write the manifest of all that the archive then holds.

    A worker that dies costs the file it had in hand, which another takes up. A file during which one worker after another dies
    (Dask's `allowed-failures`) is set aside and told as skipped; so is one that fails in a way nobody foresaw.

    Args:
        client: a `distributed.Client`.
        tasks: one for each file, all for one archive.
        told: hears of each file as it is done.

    Raises:
        StopRun: a worker cannot load, or the archive not be written; what is done is kept and will not be done again.
    """
    from dask.distributed import as_completed

    archive = Archive(tasks[0].archive)
    futures = {
        client.submit(code_file, task, pure=False, key=f"diurna-{number}-{os.urandom(4).hex()}"): task
        for number, task in enumerate(tasks)
    }
    try:
        for future in as_completed(list(futures)):
            told(_outcome(future, futures[future]))
            future.release()
    finally:
        client.cancel(list(futures))
        manifest = archive.write_manifest()
    return manifest


@contextmanager
def dask_client(scheduler: str, workers: int) -> Iterator[Any]:
    """Give a client of a running scheduler, or of a cluster of processes on this machine when no address is given.

    Raises:
        StopRun: Dask is not installed, or the scheduler does not answer.
    """
    try:
        import dask
        from dask.distributed import Client, LocalCluster
    except ImportError as error:
        raise StopRun(_MISSING) from error
    if scheduler:
        try:
            client = Client(scheduler, timeout="20s")
        except (OSError, TimeoutError, ValueError) as error:
            raise StopRun(f"--scheduler {scheduler}: does not answer ({error}); is `dask scheduler` running there?") from error
        with client:
            yield client
        return
    # A worker starts a process of its own for the texts, which daemons may not.
    options = {"distributed.worker.daemon": False, "distributed.nanny.pre-spawn-environ": dict(ONE_THREAD)}
    with (
        dask.config.set(options),
        LocalCluster(
            n_workers=workers, threads_per_worker=1, memory_limit=0, dashboard_address="127.0.0.1:0", silence_logs=_QUIET
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


def _outcome(future: Any, task: Task) -> Commit:
    error = future.exception()
    if error is None:
        done: Commit = future.result()
        return done
    if isinstance(error, StopRun):
        raise error
    from dask.distributed import KilledWorker

    why = f"could not be coded ({type(error).__name__}: {str(error)[:160]}); please report this file"
    if isinstance(error, KilledWorker):
        why = "its workers died one after the other; set aside. Split it, or give workers more memory"
    item = SkipItem(task.source, why)
    return Commit("", task.source, skipped=((item.source, item.reason),))
