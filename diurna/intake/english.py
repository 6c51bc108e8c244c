"""Is a text English? Function words and script decide; short texts get the benefit of the doubt.

Only words in small letters count: an English report on Polish politics is full of Polish names. What stands between two
capitals ("Salvador de la Cruz", "Sejm i Senat") may be part of a name, and speaks for no language but English.
"""

from __future__ import annotations

import re
from functools import cache

from diurna.tables import load

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SAMPLE = 20_000
_FEWEST_WORDS = 12
_FEWEST_FOREIGN = 3
_FEWEST_GERMAN = 0.25  # of its small words: "von der" in names is less
_FEWEST_ENGLISH = 0.05
_LONGEST_LINK = 3  # words that link two parts of a name: "y de la"


def other_language(text: str) -> str:
    """Return the name of the language a text is in when it is not English ("German", "not English"), else an empty string."""
    words = _WORD.findall(text[:_SAMPLE])
    letters = "".join(words)
    if not letters:
        return ""
    if sum(char.isascii() for char in letters) < 0.6 * len(letters):
        return "a language not written in Latin letters"
    return _foreign(words)


def _foreign(words: list[str]) -> str:
    if sum(word.isupper() for word in words) > len(words) / 2:
        words = [word.lower() for word in words]
    small = [word for word in words if word.islower()]
    if len(small) < _FEWEST_WORDS:
        return ""
    free = _outside_names(words)
    english = sum(word.lower() in _languages()["English"] for word in words)
    others = {name: common for name, common in _languages().items() if name != "English"}
    found = {name: [w for w in (small if name in _noun_capitals() else free) if w in common] for name, common in others.items()}
    best = max(found, key=lambda name: len(found[name]))
    least = len(small) * _FEWEST_GERMAN if best in _noun_capitals() else _FEWEST_FOREIGN
    if len(found[best]) >= least and len(set(found[best])) > 1 and len(found[best]) > 1.3 * english:
        return best
    # Headlines and lists hold few function words; only a long text without any is surely something else.
    return "no English" if english < _FEWEST_ENGLISH * len(words) and len(small) >= 60 else ""


def _outside_names(words: list[str]) -> list[str]:
    """Return the words in small letters without those that link two words with capitals."""
    free: list[str] = []
    run: list[str] = []
    for at, word in enumerate(words):
        if word.islower():
            run.append(word)
            continue
        linked = len(run) <= _LONGEST_LINK and at > len(run)
        free += [] if linked else run
        run = []
    return free + run


@cache
def _languages() -> dict[str, frozenset[str]]:
    rows = load("cues/languages.tsv", ("language", "name", "words"))
    return {row["name"]: frozenset(row.items("words")) for row in rows}


@cache
def _noun_capitals() -> frozenset[str]:
    """Return the languages whose nouns begin with a capital."""
    rows = load("cues/languages.tsv", ("name", "nouns"))
    return frozenset(row["name"] for row in rows if row["nouns"] == "capital")
