"""Work at many hosts side by side, handed over as it comes, and left at once when nobody waits for it any more."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TypeVar

_HOSTS_AT_ONCE = 8
_HANDFUL = 10
_Item = TypeVar("_Item")
_Made = TypeVar("_Made")


def side_by_side(
    items: Iterable[_Item], url: Callable[[_Item], str], do: Callable[[_Item], _Made]
) -> Generator[list[tuple[_Item, _Made]], None, None]:
    """Yield items with what `do` makes of them, some at a time: those of one host one after another, hosts side by side.

    Close the iterator to end early: nothing more is begun then, and nobody waits for what is under way. That is why the threads
    are daemons and not a pool's, which Python waits for at its end, however slow the servers are.
    """
    by_host: dict[str, list[_Item]] = {}
    for item in items:
        by_host.setdefault(_host(url(item)), []).append(item)
    hosts: SimpleQueue[list[_Item]] = SimpleQueue()
    for row in by_host.values():
        hosts.put(row)
    come: SimpleQueue[tuple[_Item, Future[_Made]]] = SimpleQueue()
    stopped = Event()

    def work() -> None:
        while not stopped.is_set():
            try:
                row = hosts.get_nowait()
            except Empty:
                return
            for item in row:
                if not stopped.is_set():
                    come.put((item, _outcome(do, item)))

    for _ in range(min(_HOSTS_AT_ONCE, len(by_host))):
        Thread(target=work, daemon=True).start()
    left = sum(len(row) for row in by_host.values())
    try:
        while left:
            some = [come.get()]
            while len(some) < _HANDFUL and not come.empty():
                some.append(come.get())
            left -= len(some)
            yield [(item, outcome.result()) for item, outcome in some]
    finally:
        stopped.set()


def _outcome(do: Callable[[_Item], _Made], item: _Item) -> Future[_Made]:
    """Return what was made or raised; an error that stayed in its thread would be waited for without end."""
    found: Future[_Made] = Future()
    try:
        found.set_result(do(item))
    except Exception as error:
        found.set_exception(error)
    return found


def _host(url: str) -> str:
    """Return what stands between scheme and path, of addresses that are none, too."""
    return url.partition("//")[2].partition("/")[0].lower()
