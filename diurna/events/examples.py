"""Running the example sentences of the frame tables: every row must code its own examples as it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Token

from diurna.events.analyse import Analyser
from diurna.events.compose import Composition
from diurna.events.frames import Frame, Lexicon
from diurna.events.relate import tables_opinion
from diurna.records import Span

_MARK = re.compile(r"\{([ART]) ([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Example:
    """A marked sentence: its plain text and the character spans of the marked roles (keys "A", "R", "T")."""

    text: str
    spans: dict[str, list[Span]]


def parse_example(marked: str) -> Example:
    """Read a sentence with {A actor}, {R recipient} and {T trigger} marked.

    Raises:
        ValueError: a brace without its partner.
    """
    plain: list[str] = []
    length = at = 0
    spans: dict[str, list[Span]] = {"A": [], "R": [], "T": []}
    for mark in _MARK.finditer(marked):
        before = marked[at : mark.start()]
        plain += [before, mark[2]]
        start = length + len(before)
        length = start + len(mark[2])
        spans[mark[1]].append((start, length))
        at = mark.end()
    plain.append(marked[at:])
    text = "".join(plain)
    if "{" in text or "}" in text:
        raise ValueError(f"unpaired brace in example: {marked}")
    return Example(text, spans)


def failures(nlp: Language, lexicon: Lexicon, composition: Composition, frames: Sequence[Frame]) -> Iterator[str]:
    """Yield one line per example that is not coded with its frame's root (or, for an operator without root, at all)."""
    jobs = [(frame, parse_example(e)) for frame in frames for e in frame.examples]
    docs = nlp.pipe(((e.text, (f, e)) for f, e in jobs), as_tuples=True, batch_size=64)
    for doc, (frame, example) in docs:
        marked = [*example.spans["A"], *example.spans["R"]]

        def is_actor(token: Token, marked: list[Span] = marked) -> bool:
            return any(a <= token.idx < b for a, b in marked)

        analyser = Analyser(doc, lexicon, composition, is_actor)
        opinion = tables_opinion(doc, analyser, example.spans["A"], example.spans["R"])
        got = opinion.finding.code.root if opinion else "nothing"
        fired = opinion.finding.predicate.frame.id if opinion else "-"
        if not opinion or (not frame.operator and got != frame.root):
            yield f"{frame.id} ({' '.join(frame.words)}): wanted {frame.root or 'an event'}, got {got} by {fired}: {example.text}"
