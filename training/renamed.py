"""The same sentence about other countries, so that a reader learns the telling, not who: names, adjectives and capitals change.

Only single words that stand for one country are exchanged, consistently within a sentence; spans follow.
"""

from __future__ import annotations

import csv
import random
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

from rows import Event, Example, Reference, Span

TABLE = Path(__file__).resolve().parent.parent / "diurna" / "data" / "actors" / "countries.tsv"
_KINDS = ("name", "adjectives", "capital")


@cache
def _countries() -> tuple[list[dict[str, str]], dict[str, tuple[int, str]]]:
    """Return the countries that have all three words, and word -> (country, kind)."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader((x for x in lines if not x.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE))
    words = [{kind: row[kind].split("|")[0] for kind in _KINDS} for row in rows if not row["end"]]
    counts: dict[str, int] = {}
    for country in words:
        for word in set(country.values()):
            counts[word] = counts.get(word, 0) + 1
    whole = [c for c in words if all(re.fullmatch(r"[A-Z][a-z]+", w) and counts[w] == 1 for w in c.values())]
    return whole, {word: (n, kind) for n, country in enumerate(whole) for kind, word in country.items()}


def renamed(example: Example, rng: random.Random) -> Example:
    """Return the example with its countries exchanged; the same one where it names none."""
    countries, known = _countries()
    chosen: dict[int, int] = {}
    cuts: list[tuple[int, int, str]] = []
    for found in re.finditer(r"(?:\b([Aa])(n?) )?\b([A-Z][a-z]+)\b", example.text):
        if found[3] not in known:
            continue
        number, kind = known[found[3]]
        other = countries[chosen.setdefault(number, rng.randrange(len(countries)))][kind]
        if found[1]:
            cuts.append((found.start(2), found.end(2), "n" if other[0] in "AEIO" else ""))
        cuts.append((found.start(3), found.end(3), other))
    if not cuts:
        return example
    text, at = "", 0
    opened, closed = list(range(len(example.text) + 1)), list(range(len(example.text) + 1))
    for start, end, new in [*cuts, (len(example.text), len(example.text), "")]:
        for old in range(at, start + 1):
            opened[old] = closed[old] = len(text) + old - at
        text += example.text[at:start]
        opened[start:end] = [len(text)] * (end - start)
        text += new
        closed[start + 1 : end + 1] = [len(text)] * (end - start)
        at = end

    def move(spans: list[Span]) -> list[Span]:
        return [(opened[a], closed[b]) for a, b in spans]

    def moved(event: Event) -> Event:
        trigger, actor, recipient, (sentence,) = (
            move(x) for x in (event.trigger, event.actor, event.recipient, [event.sentence])
        )
        hinted = {side: move(spans) for side, spans in event.hinted.items()}
        return replace(event, trigger=trigger, actor=actor, recipient=recipient, sentence=sentence, hinted=hinted)

    def referred(told: Reference) -> Reference:
        span, sentence = move([told.span, told.sentence])
        return replace(told, span=span, sentence=sentence, mentions=move(told.mentions))

    pairs = [(move(a), move(r)) for a, r in example.pairs]
    references = [referred(r) for r in example.references]
    return replace(example, text=text, events=[moved(e) for e in example.events], pairs=pairs, references=references)
