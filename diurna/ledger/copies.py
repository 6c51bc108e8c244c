"""Near-duplicate texts: agency copy printed by several outlets, a report put online again with a new headline.

Shingles of words are hashed and only the hashes divisible by `_ONE_IN` are kept (Broder's sampling, the sibling of MinHash that
needs no fixed signature length); texts that share enough of them are copies. datasketch would do this too, but brings scipy.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from hashlib import blake2b

_WORDS = 4
_ONE_IN = 4
_ENOUGH = 0.5  # of the shorter text: a copy may be cut
_CROWDED = 200  # a shingle in more texts than this is a formula


def sketch(text: str) -> frozenset[int]:
    """Return the sampled shingles of a text; equal texts have equal sketches."""
    words = re.findall(r"\w+", text.lower())
    hashes = (_hash(" ".join(words[i : i + _WORDS])) for i in range(max(1, len(words) - _WORDS + 1)))
    return frozenset(h for h in hashes if h % _ONE_IN == 0)


def copies(texts: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return article id -> id of the first article whose text it copies (its own id when it copies none), in the order given."""
    first: dict[str, str] = {}
    size: dict[str, int] = {}
    holders: dict[int, list[str]] = defaultdict(list)
    for article_id, text in texts:
        mine = sketch(text)
        shared = Counter(a for h in mine if len(holders[h]) < _CROWDED for a in holders[h])
        likely = [a for a, n in shared.most_common(3) if n >= _ENOUGH * min(len(mine), size[a]) and n > 2]
        first[article_id] = first[likely[0]] if likely else article_id
        size[article_id] = len(mine)
        for h in mine:
            holders[h].append(article_id)
    return first


def _hash(words: str) -> int:
    return int.from_bytes(blake2b(words.encode(), digest_size=6).digest(), "big")
