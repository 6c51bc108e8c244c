"""How a date of a sentence stands to an event: traits weighed by `cues/date_weights.tsv` (codebook, section 6).

Only the parse and the calendar are read here. `dating.py` chooses among the dates of the sentence, or none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from spacy.tokens import Doc, Token

from diurna.context.calendar import Interval
from diurna.context.sites import SPOKEN_ROOTS
from diurna.context.status import RECENT_DAYS, tense_of, verb_over
from diurna.context.time import Expression
from diurna.context.voices import is_speech
from diurna.language.notes import Draft

_VERBAL = ("VERB", "AUX")
_MAX_CLIMB = 12
_LONGEST = 4  # links of a path that is told link by link


def traits(doc: Doc, draft: Draft, expression: Expression, at: tuple[int, int], step: int) -> Iterator[str]:
    """Yield how a date stands to an event: what it hangs on, what lies between, which side it is on.

    Args:
        doc: the text.
        draft: the event; its parties, trigger and modality are read.
        expression: the date.
        at: tokens of the date and of its host.
        step: how far the rules of `dating.py` find it from the event; large when they give it to something else.
    """
    trigger, (token, host) = doc[draft.trigger[0]], (doc[at[0]], doc[at[1]])
    side = "before" if token.i < trigger.i else "after"
    verb = verb_over(trigger)
    rule, path = f"rule {step if step < 7 else 'far' if step < 30 else 'never'}", _path(trigger, host)
    yield from ("any", rule, f"{rule}, {side}", f"path {path}", f"path {path}, {side}")
    yield f"kind {expression.kind}"
    yield f"kind {expression.kind}, {rule}"
    yield f"preposition {expression.preposition or 'none'}"
    yield f"relation {expression.relation or 'none'}, {side}"
    yield f"hangs on {_holder(draft, host, verb)}"
    yield f"hangs on {_holder(draft, host, verb)}, {rule}"
    yield f"{'words' if draft.root in SPOKEN_ROOTS else 'deeds'}, {rule}"
    yield f"event is {draft.modality}, {rule}"
    yield f"tense {tense_of(verb)}, {rule}"
    between = doc[min(token.i, trigger.i) + 1 : max(token.i, trigger.i)]
    verbs = sum(t.pos_ == "VERB" for t in between)
    yield f"verbs between {min(verbs, 3)}"
    yield f"verbs between {min(verbs, 3)}, {side}"
    yield f"commas between {min(sum(t.text == ',' for t in between), 3)}, {side}"
    yield f"distance {'near' if len(between) < 4 else 'middling' if len(between) < 10 else 'far'}, {side}"
    if token.left_edge.i <= trigger.sent.start + 2 or token.i <= trigger.sent.start + 2:
        yield f"opens the sentence, {rule}"
        yield f"opens the sentence, verbs between {min(verbs, 3)}"


def age(interval: Interval | None, published: date | None) -> str:
    """Return how a date lies to the day of the report: unresolved, to come, recent or old."""
    if interval is None or published is None:
        return "unresolved"
    if interval.start > published:
        return "to come"
    return "recent" if (published - interval.end).days <= RECENT_DAYS else "old"


def _holder(draft: Draft, host: Token, verb: Token) -> str:
    if host.i in draft.trigger:
        return "the trigger"
    if host == verb:
        return "its verb"
    if host.i in (*draft.actors, *draft.recipients):
        return "a party"
    if is_speech(host):
        return "a verb of speaking"
    return "another verb" if host.pos_ in _VERBAL else "another word"


def _path(trigger: Token, host: Token) -> str:
    """Return the links from the trigger up to where its branch meets the date's, and down from there."""
    over = _branch(host)
    places = {t.i: k for k, t in enumerate(over)}
    links: list[str] = []
    for token in _branch(trigger):
        if token.i in places:
            down = [t.dep_ for t in over[: places[token.i]]]
            return " ".join([*links, "|", *reversed(down)]) if len(links) + len(down) <= _LONGEST else "long"
        links.append(token.dep_)
    return "none"


def _branch(token: Token) -> list[Token]:
    found = [token]
    while found[-1].head != found[-1] and len(found) < _MAX_CLIMB:
        found.append(found[-1].head)
    return found
