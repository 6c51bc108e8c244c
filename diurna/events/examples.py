"""Running the example sentences of the frame tables: every row must code its own examples as it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Token

from diurna.events.analyse import Analyser
from diurna.events.compose import Composition
from diurna.events.frames import Frame, Lexicon
from diurna.events.marked import parse_example
from diurna.events.relate import tables_opinion
from diurna.records import Span


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
