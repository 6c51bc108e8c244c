"""Is a text English? Function words and script decide; short texts get the benefit of the doubt."""

from __future__ import annotations

import re
from functools import cache

from diurna.tables import load

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SAMPLE = 20_000
_FEWEST_WORDS = 12
_FEWEST_ENGLISH = 0.05


def other_language(text: str) -> str:
    """Return the name of the language a text is in when it is not English ("German", "not English"), else an empty string."""
    words = _WORD.findall(text[:_SAMPLE].lower())
    letters = "".join(words)
    if not letters:
        return ""
    if sum(char.isascii() for char in letters) < 0.6 * len(letters):
        return "a language not written in Latin letters"
    if len(words) < _FEWEST_WORDS:
        return ""
    shares = {name: sum(word in common for word in words) / len(words) for name, common in _languages().items()}
    best = max(shares, key=lambda name: shares[name])
    if best != "English" and shares[best] > 1.3 * shares["English"]:
        return best
    # Headlines and lists hold few function words; only a long text without any is surely something else.
    return "no English" if shares["English"] < _FEWEST_ENGLISH and len(words) >= 60 else ""


@cache
def _languages() -> dict[str, frozenset[str]]:
    rows = load("cues/languages.tsv", ("language", "name", "words"))
    return {row["name"]: frozenset(row.items("words")) for row in rows}
