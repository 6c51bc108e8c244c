"""One article coded within bounds: of time, and of what an unforeseen error may stop."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from diurna.errors import SkipItem
from diurna.records import Article, Result

if TYPE_CHECKING:
    from diurna.coder import Coder


class _TimeIsUp(Exception):
    """Raised by the alarm inside whatever the coder is doing."""


def code_bounded(coder: Coder, article: Article, seconds: float) -> Result | SkipItem:
    """Code one article; what takes too long or fails comes back as the `SkipItem` that says so.

    Args:
        coder: a loaded coder.
        article: what to code.
        seconds: most seconds it may take; 0 for no bound. The bound needs the main thread of a process.
    """
    source = article.source_file or article.id
    try:
        with _alarm(seconds):
            return coder.code(article)
    except SkipItem as skip:
        return SkipItem(skip.source, skip.reason, article.key)
    except _TimeIsUp:
        return SkipItem(
            source, f"took longer than {seconds:g} s and was cut off; split it, or raise article_seconds", article.key
        )
    except Exception as error:
        # A fault of ours on one odd text must not cost a batch of a million; it is listed, with what a report of it needs.
        why = f"could not be coded ({type(error).__name__}: {str(error)[:160]}); please report this text"
        return SkipItem(source, why, article.key)


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Interrupt what runs inside after some seconds; without effect off the main thread and where there are no alarms."""
    if seconds <= 0 or not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise _TimeIsUp

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
