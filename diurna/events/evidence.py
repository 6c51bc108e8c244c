"""Circumstances of an event that speak for or against it, beside what the model says: its frame or word, its place in the sentence
and in the report, and who takes part. `training/belief.py` measures what each is worth.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Token

from diurna.language.notes import Draft, Notes
from diurna.language.syntax import is_passive
from diurna.records import Participant

_CLAUSES = ("relcl", "acl", "advcl", "ccomp", "xcomp", "conj", "pcomp", "ROOT", "parataxis")
_HEAD = 3  # sentences that open a report


def circumstances(draft: Draft, doc: Doc, notes: Notes) -> Iterator[str]:
    """Yield the names of the circumstances of a draft whose participants are known."""
    trigger = doc[draft.trigger[0]]
    source = "tables" if draft.frame != "model" else "model"
    yield f"{draft.root}, {source}"
    yield f"frame {draft.frame}" if source == "tables" else f"word {trigger.lemma_.lower()}"
    yield f"{draft.root}/{draft.mode}"
    form = _form(trigger)
    yield from (f"form {form}", f"{draft.root}, form {form}", f"{source}, form {form}")
    yield f"clause {_clause(trigger)}"
    yield "opens the report" if draft.sentence < _HEAD else "later in the report"
    if notes.headline and notes.headline[0] <= trigger.idx < notes.headline[1]:
        yield "headline"
    yield from _company(draft, notes)
    yield from _parties(draft, notes)


def _form(trigger: Token) -> str:
    if trigger.pos_ in ("NOUN", "PROPN"):
        return f"noun under {trigger.dep_}" if trigger.dep_ in ("compound", "pobj", "nsubj", "dobj", "ROOT") else "noun"
    if trigger.pos_ not in ("VERB", "AUX"):
        return "other"
    if is_passive(trigger):
        return "passive"
    return {"VBG": "participle", "VBN": "past participle", "VB": "infinitive"}.get(trigger.tag_, "finite")


def _clause(trigger: Token) -> str:
    token = trigger
    while token.dep_ not in _CLAUSES and token.head.i != token.i:
        token = token.head
    return token.dep_


def _company(draft: Draft, notes: Notes) -> Iterator[str]:
    """Other events that the same sentence tells."""
    others = [d for d in notes.drafts if d.sentence == draft.sentence and d is not draft]
    yield f"{min(len(others), 3)} others in the sentence"
    if any(d.root == draft.root for d in others):
        yield f"{draft.root}, told twice"
    if any(d.trigger[0] < draft.trigger[0] for d in others):
        yield "not the first"


def _parties(draft: Draft, notes: Notes) -> Iterator[str]:
    sides = [[_at(h, notes) for h in side] for side in (draft.actors, draft.recipients)]
    for name, side in zip(("actor", "recipient"), sides, strict=True):
        who = next((p for p in side if p is not None), None)
        kind = "nobody" if not side else "unknown" if who is None else who.sectors[0] if who.sectors else "none"
        yield from (f"{name} {kind}", f"{draft.root}, {name} {kind}")
        if any(r.field == f"{name}s" and r.rule.startswith("from the context") for r in draft.reasons):
            yield from (f"{name} from the context", f"{draft.root}, {name} from the context")
    mine, theirs = (_countries(side) for side in sides)
    if mine and theirs:
        yield f"{draft.root}, {'at home' if mine & theirs else 'between countries'}"


def _countries(side: Sequence[Participant | None]) -> set[str]:
    return {p.country for p in side if p is not None and p.country}


def _at(head: int, notes: Notes) -> Participant | None:
    index = notes.phrase_at.get(head)
    return notes.phrases[index].participant if index is not None else None
