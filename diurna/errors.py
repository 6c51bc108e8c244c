"""Errors, split by what the caller should do: skip one item, mend a table, or stop."""


class DiurnaError(Exception):
    """Base of every error that Diurna raises on purpose; its text is one line fit for a user."""


class SkipItem(DiurnaError):
    """One input item cannot be coded; the rest of the batch goes on.

    Args:
        source: file or stream the item came from, with a line number where there is one.
        reason: what is wrong and what the user can do.
        article: `Article.key` of the article that could not be coded; empty where there was none to begin with.
    """

    def __init__(self, source: str, reason: str, article: str = "") -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason
        self.article = article

    def __reduce__(self) -> tuple[type, tuple[str, str, str]]:
        """Travel between processes whole; an exception's own way would call it with its one line only."""
        return type(self), (self.source, self.reason, self.article)


class TableError(DiurnaError):
    """A reviewed table under `data/` (or a user's own) holds a row that cannot be used."""

    def __init__(self, path: str, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason

    def __reduce__(self) -> tuple[type, tuple[str, int, str]]:
        """Travel between processes whole, as `SkipItem` does."""
        return type(self), (self.path, self.line, self.reason)


class StopRun(DiurnaError):
    """Nothing sensible can be done: bad arguments, a ledger from a newer version, a full disk."""
