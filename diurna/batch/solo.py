"""One coder in this process, for small inputs: no second process has to load. Behaves as the pool does."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import chain
from types import TracebackType
from typing import Self

from diurna.batch.bounds import code_bounded
from diurna.batch.pool import Pool, cores
from diurna.batch.worker import ONE_THREAD
from diurna.errors import SkipItem
from diurna.records import Article, Result, Versions
from diurna.settings import Settings

_FEW = 8  # articles
_SHORT = 40_000  # characters in all; up to here a second process would load for longer than it would code


class Solo:
    """Codes a stream of articles one after the other."""

    def __init__(self, settings: Settings) -> None:
        for name, value in ONE_THREAD.items():
            os.environ.setdefault(name, value)
        from diurna.coder import Coder

        self.settings, self.coder = settings, Coder(settings)
        self._stopping = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        pass

    @property
    def versions(self) -> Versions:
        """What codes the texts."""
        return self.coder.versions

    def stop(self) -> None:
        """Take no further articles."""
        self._stopping = True

    def pipe(self, articles: Iterable[Article]) -> Iterator[Result | SkipItem]:
        """Code a stream of articles in order; one that cannot be coded in time comes as a `SkipItem`."""
        for article in articles:
            if self._stopping:
                return
            yield code_bounded(self.coder, article, self.settings.article_seconds)


def choose(
    settings: Settings, items: Iterable[Article | SkipItem], ordered: bool = True
) -> tuple[Solo | Pool, Iterator[Article | SkipItem]]:
    """Return what should code a stream, by its beginning, and the whole stream."""
    stream = iter(items)
    first: list[Article | SkipItem] = []
    chars = 0
    while len(first) <= _FEW and chars <= _SHORT:
        found = next(stream, None)
        if found is None:
            return Solo(settings), iter(first)
        first.append(found)
        chars += len(found.text) if isinstance(found, Article) else 0
    return Pool(settings, settings.workers or cores(), ordered), chain(first, stream)
