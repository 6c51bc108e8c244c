"""Normal keys: how a name as printed becomes the key under which the knowledge base keeps it."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from diurna.tables import load

_PARTICLE = re.compile(r"\b(?:al|el|ad|an|as|ash|at|ul|ud|ur|ol)-(?=\w)", re.IGNORECASE)
_INNER_AL = re.compile(r"(?<=\w )al (?=\w)")
_DROPPED = str.maketrans("", "", "'’‘`´ʼʻ.\"“”")
_SPACED = str.maketrans({"-": " ", "–": " ", "‑": " ", "/": " ", "_": " ", "&": " and ", "\xa0": " "})
_PLAIN = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae", "Æ": "Ae"})
_UNCHANGED = ("ss", "us", "sis", "congress", "corps")


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """Return the normal key: lower case, no diacritics, apostrophes or full stops, hyphens as spaces, no Arabic article."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_PLAIN))
        text = "".join(c for c in text if not unicodedata.combining(c))
    if "-" in text:
        text = _PARTICLE.sub("", text)
    words = text.translate(_DROPPED).translate(_SPACED).lower().split()
    joined = " ".join(words)
    return _INNER_AL.sub("", joined) if " al " in joined else joined


@cache
def _irregular() -> dict[str, str]:
    return {row["form"]: row["singular"] for row in load("actors/plurals.tsv", ("form", "singular"))}


@lru_cache(maxsize=16384)
def singular(text: str) -> str:
    """Return a key with its last word in the singular, by rule: "riot policemen" gives "riot policeman"."""
    start, _, last = text.rpartition(" ")
    if last in _irregular():
        last = _irregular()[last]
    elif last.endswith("men") and len(last) > 4:
        last = last[:-3] + "man"
    elif last.endswith("ies") and len(last) > 4:
        last = last[:-3] + "y"
    elif last.endswith(("sses", "shes", "ches", "xes")):
        last = last[:-2]
    elif last.endswith("s") and not last.endswith(_UNCHANGED) and len(last) > 3:
        last = last[:-1]
    return f"{start} {last}" if start else last


@lru_cache(maxsize=32768)
def skeleton(text: str) -> str:
    """Return the consonants of a key, folded over common transliterations: Gadhafi, Qaddafi and Kadafi share one.

    Words run together, since "Abdel Fattah" is also printed "Abdelfattah".
    """
    words: list[str] = []
    for word in text.split():
        for old, new in (
            ("kh", "k"),
            ("gh", "k"),
            ("dh", "d"),
            ("th", "t"),
            ("ph", "f"),
            ("tch", "ch"),
            ("sch", "sh"),
            ("q", "k"),
            ("g", "k"),
            ("c", "k"),
            ("w", "v"),
            ("z", "s"),
            ("j", "y"),
        ):
            word = word.replace(old, new)
        first = "a" if not words and word[:1] in "aeiouy" else ""
        consonants = re.sub(r"[aeiouyh]", "", word)
        words.append(first + re.sub(r"(.)\1+", r"\1", consonants))
    return "".join(words)
