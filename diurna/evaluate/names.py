"""When two names of a speaker, source or place agree."""

from __future__ import annotations

from unicodedata import combining, normalize

_SMALL = {"the", "a", "an", "of"}


def same_name(gold: str, found: str) -> bool:
    """Tell whether one name holds the other's words, letter case, accents, hyphens and small words aside."""
    a, b = words(gold), words(found)
    return bool(a and b) and (a <= b or b <= a)


def words(name: str) -> set[str]:
    """Return the words that count of a name, plain and in lower case."""
    plain = "".join(c for c in normalize("NFKD", name) if not combining(c))
    return set(plain.lower().replace("-", " ").replace(".", "").replace(",", "").split()) - _SMALL
