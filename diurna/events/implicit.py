"""Participants that a sentence leaves out because the reader knows them from the one before."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from diurna.language.notes import Draft, Notes
from diurna.records import Participant, Reason

_REACH = 3  # sentences
_CLAUSE_REACH = 14  # tokens
_BACK_REACH = 45  # tokens


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


def counterpart(trigger: Token, actors: list[int], notes: Notes) -> list[int]:
    """Return the first participant after a trigger inside its own clause that is not on the actors' side.

    Serves where no slot names the recipient: "gave in to pressure over *Tehran*'s shipments".
    """
    mine = {_key(h, notes) for h in actors} | {p.country for h in actors if (p := _participant(h, notes)) is not None}
    for token in trigger.subtree:
        if token.i <= trigger.i or token.i - trigger.i > _CLAUSE_REACH:
            continue
        participant = _participant(token.i, notes)
        if participant is None or not participant.country or {participant.country, _key(token.i, notes)} & mine:
            continue
        if not _other_clause(token, trigger):
            return [token.i]
    return []


def addressee_before(trigger: Token, actors: list[int], notes: Notes) -> list[int]:
    """Return the nearest earlier participant of another country, at most two sentences back.

    A speech act told without its addressee ("Ottawa condemned the ruling") is directed at whom the report speaks of.
    """
    mine = {p.country for h in actors if (p := _participant(h, notes)) is not None}
    earlier = [p for p in notes.phrases if p.head < trigger.i and trigger.i - p.head <= _BACK_REACH]
    for phrase in sorted(earlier, key=lambda p: -p.head):
        participant = phrase.participant
        if participant is None or not participant.country or participant.country in mine or participant.sectors[:1] == ("JRN",):
            continue
        token = trigger.doc[phrase.head]
        if token.dep_ == "pobj" and token.head.lower_ in ("in", "at", "near", "from", "outside", "across"):
            continue  # a place, not a party
        if token.dep_ in ("nsubj", "nsubjpass", "dobj", "pobj", "poss", "conj", "dative"):
            return [phrase.head]
    return []


def _other_clause(token: Token, trigger: Token) -> bool:
    while token.i != trigger.i:
        if token.dep_ in ("advcl", "relcl", "ccomp", "parataxis") or (token.dep_ == "conj" and token.pos_ == "VERB"):
            return True
        if token.dep_ == "prep" and token.lower_ in ("in", "at", "near", "by", "after", "before", "since", "during"):
            return True
        token = token.head
    return False


def _other_party(draft: Draft, earlier: Draft, notes: Notes) -> list[int]:
    mine = {_key(h, notes) for h in draft.actors}
    for here, there in ((earlier.actors, earlier.recipients), (earlier.recipients, earlier.actors)):
        if mine & {_key(h, notes) for h in here}:
            return [h for h in there if _key(h, notes) not in mine]
    return []


def _key(head: int, notes: Notes) -> str:
    participant = _participant(head, notes)
    return f"#{head}" if participant is None else participant.name or participant.country


def _participant(head: int, notes: Notes) -> Participant | None:
    index = notes.phrase_at.get(head)
    return notes.phrases[index].participant if index is not None else None
