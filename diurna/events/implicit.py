"""Participants that a sentence leaves out because the reader knows them from the one before."""

from __future__ import annotations

from spacy.tokens import Doc

from diurna.language.notes import Draft, Notes
from diurna.records import Reason

_REACH = 3  # sentences


def carry_over(doc: Doc, notes: Notes) -> None:
    """Give a step of a known undertaking its other party: "... but later cancelled the trip" (codebook, section 8).

    Only within three sentences, only for the same kind of undertaking, and only when the actor is one of its parties.
    """
    for index, draft in enumerate(notes.drafts):
        if draft.recipients or draft.reciprocal or not draft.thread_kind or not draft.actors:
            continue
        for earlier in reversed(notes.drafts[:index]):
            if draft.sentence - earlier.sentence > _REACH:
                break
            if earlier.thread_kind != draft.thread_kind:
                continue
            other = _other_party(draft, earlier, notes)
            if other:
                draft.recipients = other
                draft.reasons.append(Reason("recipients", f"carried over from the {earlier.stage or earlier.root} before"))
                break


def _other_party(draft: Draft, earlier: Draft, notes: Notes) -> list[int]:
    mine = {_key(h, notes) for h in draft.actors}
    for here, there in ((earlier.actors, earlier.recipients), (earlier.recipients, earlier.actors)):
        if mine & {_key(h, notes) for h in here}:
            return [h for h in there if _key(h, notes) not in mine]
    return []


def _key(head: int, notes: Notes) -> str:
    participant = notes.participant(head)
    return f"#{head}" if participant is None else participant.name or participant.country
