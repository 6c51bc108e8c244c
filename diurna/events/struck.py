"""Places that are struck, or only the scene of it: the state they stand in is no party by that (codebook, section 3)."""

from __future__ import annotations

from collections.abc import Collection

from spacy.tokens import Doc, Token

from diurna.events.frames import normal
from diurna.language.notes import Draft, Notes
from diurna.language.scene import WITHIN
from diurna.records import Participant

STRIKES = ("ASSAULT", "COERCE")  # what is done to people where they are
_AT_HOME = 0.5


def name_struck(draft: Draft, doc: Doc, notes: Notes, civil: Collection[str]) -> None:
    """Put people in the place of a state that is recipient only because something of theirs stands there.

    civil: nouns for what belongs to people and not to a state.
    """
    for index, head in enumerate(draft.recipients):
        place = notes.participant(head)
        thing = _thing_at(doc[head]) if place is not None and _is_place(place) else None
        if place is None or thing is None or normal(thing.lemma_) not in civil or thing.i not in notes.phrase_at:
            continue
        phrase = notes.phrases[notes.phrase_at[thing.i]]
        if phrase.participant is None:
            span = doc[phrase.start : phrase.end]
            phrase.participant = Participant(
                text=span.text,
                spans=((span.start_char, span.end_char),),
                name=thing.lemma_.lower(),
                country=place.country,
                sectors=("CVL",),
                resolved_by=f"stands in {place.name}",
                confidence=_AT_HOME,
            )
        draft.recipients[index] = thing.i


def leave_places(draft: Draft, doc: Doc, notes: Notes) -> None:
    """Take away the states that are parties only because something was done in them: "a bombing *in Kabul*"."""
    draft.actors = [head for head in draft.actors if not is_scene(head, doc, notes)]
    draft.recipients = [head for head in draft.recipients if not is_scene(head, doc, notes)]


def is_scene(head: int, doc: Doc, notes: Notes) -> bool:
    """Tell whether a party is named only as a place where something is."""
    party, word = notes.participant(head), doc[head]
    return party is not None and _is_place(party) and word.dep_ == "pobj" and word.head.lower_ in WITHIN


def _is_place(party: Participant) -> bool:
    return party.entity_id.startswith(("country:", "region:")) or party.resolved_by.startswith("city:")


def _thing_at(place: Token) -> Token | None:
    """What stands in a place: "*a market* in Mali", also where the parse hangs the place on the verb."""
    prep = place.head
    if place.dep_ != "pobj" or prep.lower_ not in WITHIN:
        return None
    if prep.head.pos_ == "NOUN":
        return prep.head
    return next((c for c in prep.head.children if c.dep_ in ("dobj", "nsubjpass") and c.pos_ == "NOUN"), None)
