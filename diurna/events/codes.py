"""The CAMEO code of an event that no frame tells: the one that annotators gave most to such words (naive Bayes).

`data/code_words.tsv` counts for each root and mode, and for each of its words, how often the annotated reports have which code;
`training/codes.py` makes it. Frames say their code themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from math import exp, log

from diurna.language.gate import stem
from diurna.tables import sorted_table

TABLE = "code_words.tsv"
_PRIOR = 0.5  # how many sightings of a word the class as a whole stands for


def likeliest_code(root: str, mode: str, words: Iterable[str]) -> tuple[str, float] | None:
    """Return the likeliest code of an event and its share among all codes of the root and mode; None where none is known.

    Args:
        root, mode: of the event; the mode may be empty.
        words: of its trigger, in any form.
    """
    usual = _counts(f"{root}/{mode}")
    if not usual:
        return None
    total = sum(usual.values())
    seen = [counts for word in sorted({stem(w) for w in words}) if (counts := _counts(f"{root}/{mode} {word}"))]
    scores = {}
    for code, number in usual.items():
        share = number / total
        told = (log((c.get(code, 0) + _PRIOR * share) / (number + _PRIOR)) for c in seen)
        scores[code] = log(share) + sum(told)
    best = max(scores, key=lambda code: (scores[code], code))
    return best, 1 / sum(exp(score - scores[best]) for score in scores.values())


@cache
def _counts(key: str) -> dict[str, int]:
    found = sorted_table(TABLE).find(key)
    return {code: int(n) for code, n in (pair.split(":") for pair in found[1].split())} if found else {}
