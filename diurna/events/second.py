"""The learned model in whole reports: it weighs the events of the tables and proposes those where the tables are silent."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc, Token
from spacy.tokens import Span as DocSpan

from diurna.events.frames import Lexicon
from diurna.events.opinion import Opinion, Vote
from diurna.language.notes import Draft, Notes
from diurna.records import Participant, Reason, Span

_SUBJECTS = ("nsubj", "nsubjpass", "poss", "pobj", "conj")
_OBJECTS = ("dobj", "pobj", "dative", "conj", "nsubjpass", "nsubj", "poss", "amod", "compound")
_LONGEST = 70  # tokens; longer sentences are lists or litter
SURE = 0.95  # proposals below this are not made
_CERTAIN = 0.7
_MOST_PAIRS = 6  # a sentence; more participants than that are a list


def weigh_drafts(doc: Doc, notes: Notes, model: Opinion) -> None:
    """Ask the model about every draft with a named actor and recipient, and lower or raise its confidence."""
    sentences = list(doc.sents)
    asked = [d for d in notes.drafts if d.actors and d.recipients]
    if not asked:
        return
    votes = model.votes([_row(sentences[d.sentence], notes, d.actors, d.recipients) for d in asked])
    for draft, vote in zip(asked, votes, strict=True):
        share = sum(p for code, p in vote.ranked if code.root == draft.root)
        draft.confidence = round(draft.confidence * (0.6 + 0.4 * share), 3)
        draft.reasons.append(
            Reason("confidence", f"learned model finds {draft.root} likely to {share:.2f}, no event {vote.none:.2f}")
        )


def propose(doc: Doc, notes: Notes, model: Opinion, lexicon: Lexicon) -> None:
    """Add drafts for pairs of participants on which the tables are silent and the model is sure.

    A word that the tables know as a denial is no trigger, however sure the model is (codebook, section 2).
    """
    for index, sentence in enumerate(doc.sents):
        if len(sentence) > _LONGEST or any(sentence.start_char < b and a < sentence.end_char for a, b in notes.boilerplate):
            continue
        told = [d for d in notes.drafts if d.sentence == index]
        pairs = _silent_pairs(sentence, notes, told)
        if not pairs:
            continue
        votes = model.votes([_row(sentence, notes, [a.i], [r.i]) for a, r in pairs])
        best = max(zip(pairs, votes, strict=True), key=lambda pv: pv[1].ranked[0][1])
        if best[1].ranked[0][1] >= SURE:
            draft = _proposal(doc, sentence, index, best[0], best[1])
            if draft is None or _denial(doc[draft.trigger[0]], lexicon):
                continue
            if not any(set(d.trigger) & set(draft.trigger) for d in told):
                notes.drafts.append(draft)
    notes.drafts.sort(key=lambda d: (d.sentence, d.trigger[0]))


def _denial(token: Token, lexicon: Lexicon) -> bool:
    frames = lexicon.frames(lexicon.lemma(token.lower_, token.lemma_), "v")
    return any(frame.operator == "deny" for frame in frames)


def _silent_pairs(sentence: DocSpan, notes: Notes, told: Sequence[Draft]) -> list[tuple[Token, Token]]:
    known = [t for t in sentence if _certain(_participant(notes, t.i)) and t.pos_ != "ADJ"]
    busy = {h for d in told for h in d.actors}
    pairs = [
        (a, r)
        for a in known
        for r in known
        if a.i != r.i and a.dep_ in _SUBJECTS[:2] and r.dep_ in _OBJECTS and a.i not in busy and _differ(notes, a.i, r.i)
    ]
    return pairs if len(pairs) <= _MOST_PAIRS else []


def _certain(participant: Participant | None) -> bool:
    """The model proposes only between participants that the tables know by name, not by their surroundings."""
    return participant is not None and bool(participant.country) and participant.confidence >= _CERTAIN


def _differ(notes: Notes, a: int, b: int) -> bool:
    one, two = _participant(notes, a), _participant(notes, b)
    return one is not None and two is not None and one.name != two.name and notes.phrase_at[a] != notes.phrase_at[b]


def _participant(notes: Notes, head: int) -> Participant | None:
    index = notes.phrase_at.get(head)
    return notes.phrases[index].participant if index is not None else None


def _row(sentence: DocSpan, notes: Notes, actors: Sequence[int], recipients: Sequence[int]) -> tuple[str, list[Span], list[Span]]:
    return sentence.text, _spans(sentence, notes, actors), _spans(sentence, notes, recipients)


def _spans(sentence: DocSpan, notes: Notes, heads: Sequence[int]) -> list[Span]:
    spans = []
    for head in heads:
        if not sentence.start <= head < sentence.end:
            continue
        index = notes.phrase_at.get(head)
        start, end = (notes.phrases[index].start, notes.phrases[index].end) if index is not None else (head, head + 1)
        run = sentence.doc[start:end]
        spans.append((run.start_char - sentence.start_char, run.end_char - sentence.start_char))
    return spans


def _proposal(doc: Doc, sentence: DocSpan, index: int, pair: tuple[Token, Token], vote: Vote) -> Draft | None:
    code, share = vote.ranked[0]
    where = sentence.start_char + vote.trigger[0]
    trigger = next((t for t in sentence if t.idx <= where < t.idx + len(t.text)), None)
    if trigger is None or trigger.pos_ not in ("VERB", "NOUN", "ADJ"):
        return None
    draft = Draft(code.root, code.mode, code.cameo, (trigger.i,), index, [pair[0].i], [pair[1].i], chain=(code.root,))
    draft.confidence = round(0.5 * share, 3)
    draft.frame = "model"
    draft.reasons.append(Reason("event", f"learned model: {code.root} {share:.2f}, tables silent", trigger.text))
    return draft
