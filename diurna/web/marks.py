"""A report's text cut into pieces that can be marked: what happened, who took part, what was quoted, what is page litter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from diurna.records import Event, Quote, Span

# What HTML cannot hold or what would turn the words round; each becomes one blank, so that offsets stay.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_PARAGRAPH = re.compile(r"\n\s*\n|\n")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the text and what it is: trigger, actor, recipient, party, quote, litter. event: id of the event."""

    span: Span
    kind: str
    event: str = ""
    quad: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """Words with all that is marked on them. first: events whose first trigger begins here."""

    words: str
    kinds: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    quad: int = 0
    first: tuple[str, ...] = field(default=())


def seen(words: str) -> str:
    """Return words of a report as a page can show them, of the same length."""
    return _UNSEEN.sub(" ", words)


def of_event(event: Event) -> list[Mark]:
    """Return the marks of one event: its triggers, actors and recipients."""
    sides = [("actor", event.actors), ("recipient", event.recipients)]
    marks = [Mark(span, role) for role, people in sides for one in people for span in one.spans]
    return marks + _triggers(event)


def of_article(events: Iterable[Event], quotes: Iterable[Quote], litter: Iterable[Span]) -> list[Mark]:
    """Return the marks of a whole report; whoever takes part in any event is a party."""
    marks = [Mark(span, "litter") for span in litter]
    marks += [Mark(span, "quote") for quote in quotes for span in quote.spans]
    for event in events:
        marks += [Mark(span, "party") for one in (*event.actors, *event.recipients) for span in one.spans]
        marks += _triggers(event)
    return marks


def _triggers(event: Event) -> list[Mark]:
    return [Mark(span, "trigger", event.id, event.quad) for mention in event.mentions for span in mention.trigger_spans]


def paragraphs(text: str, marks: Sequence[Mark]) -> Iterator[list[Piece]]:
    """Yield the paragraphs of a text as pieces; together they hold every word of it once."""
    start, told = 0, set[str]()
    for stop, after in [*((found.start(), found.end()) for found in _PARAGRAPH.finditer(text)), (len(text), len(text))]:
        if text[start:stop].strip():
            yield list(_pieces(text, (start, stop), marks, told))
        start = after


def pieces(text: str, span: Span, marks: Sequence[Mark]) -> list[Piece]:
    """Return one stretch of a text as pieces."""
    return list(_pieces(text, span, marks, set()))


def _pieces(text: str, span: Span, marks: Sequence[Mark], told: set[str]) -> Iterator[Piece]:
    start, stop = span
    inside = [mark for mark in marks if mark.span[0] < stop and mark.span[1] > start and mark.span[0] < mark.span[1]]
    cuts = sorted({start, stop} | {cut for mark in inside for cut in mark.span if start < cut < stop})
    for one, other in pairwise(cuts):
        here = [mark for mark in inside if mark.span[0] <= one and mark.span[1] >= other]
        events = tuple(dict.fromkeys(mark.event for mark in here if mark.event))
        first = tuple(event for event in events if event not in told)
        told.update(first)
        kinds = tuple(sorted({mark.kind for mark in here}))
        yield Piece(seen(text[one:other]), kinds, events, max((mark.quad for mark in here), default=0), first)
