"""When two names of a speaker, source or place agree."""

from __future__ import annotations

from difflib import SequenceMatcher
from unicodedata import combining, normalize

_SMALL = {"the", "a", "an", "of", "one", "his", "her", "its", "their"}
_ALIKE = 0.85  # of letters in common: two spellings of a name ("Zelensky", "Zelenskyy")
_LONG = 6  # letters from which a spelling may vary


def same_name(gold: str, found: str) -> bool:
    """Tell whether one name holds the other's words, accents, hyphens and small words aside, or spells them otherwise."""
    a, b = words(gold), words(found)
    return bool(a and b) and (_within(a, b) or _within(b, a))


def _within(few: set[str], many: set[str]) -> bool:
    return all(word in many or any(_alike(word, other) for other in many) for word in few)


def _alike(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= _LONG and SequenceMatcher(None, one, other).ratio() >= _ALIKE


def words(name: str) -> set[str]:
    """Return the words that count of a name, plain and in lower case."""
    plain = "".join(c for c in normalize("NFKD", name) if not combining(c))
    plain = plain.lower().replace("’", "'").replace("-", " ").replace(".", "").replace(",", "")
    return {word.removesuffix("'s").rstrip("'") for word in plain.split()} - _SMALL
