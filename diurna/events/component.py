"""spaCy component "diurna_events": triggers, frames and composition to drafts of events."""

from __future__ import annotations

from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from diurna.events.analyse import Analyser, Finding
from diurna.events.compose import composition
from diurna.events.frames import lexicon
from diurna.events.implicit import carry_over
from diurna.events.implied import Implied
from diurna.events.opinion import Opinion, load_opinion
from diurna.events.passages import Passages
from diurna.events.second import SecondOpinion
from diurna.events.struck import STRIKES, leave_places, name_struck
from diurna.language.notes import Draft, Notes, notes_of
from diurna.language.syntax import is_passive
from diurna.records import Participant, Reason

_WITH_OWN_MEANS = ("RETREAT", "CONCEDE", "MOBILIZE", "AID", "AGREE")


class Events:
    """Codes every sentence of a Doc that is not page litter; needs `diurna_actors` and `diurna_coref` before it."""

    def __init__(self, tables: Path | None = None, model: Opinion | None = None) -> None:
        self.model = model
        self.lexicon = lexicon(tables)
        self.composition = composition(tables)

    def __call__(self, doc: Doc) -> Doc:
        notes = notes_of(doc)
        analyser = Analyser(doc, self.lexicon, self.composition, lambda token: participant_at(notes, token) is not None)
        for index, sentence in enumerate(doc.sents):
            if _litter(notes, sentence):
                continue
            for finding in analyser.findings(sentence):
                draft = self._draft(finding, index, notes)
                if draft is not None:
                    notes.drafts.append(draft)
        second = SecondOpinion(doc, notes, Passages(doc, notes, self.model), self.lexicon) if self.model is not None else None
        if second is not None:
            second.speak()
        implied = Implied(doc, notes, self.lexicon.classes, second.parts if second is not None else None)
        for draft in notes.drafts:
            if draft.root in _WITH_OWN_MEANS:
                draft.recipients = [r for r in draft.recipients if not _own_means(r, notes)]
            if draft.root in STRIKES:
                name_struck(draft, doc, notes, self.lexicon.classes["civil"])
                leave_places(draft, doc, notes)
            implied.fill(draft)
        _join_doubles(notes, doc)
        carry_over(doc, notes)
        notes.drafts = [d for d in notes.drafts if _reportable(d, doc, notes)]
        if second is not None:
            second.judge()
        return doc

    def _draft(self, finding: Finding, sentence: int, notes: Notes) -> Draft | None:
        frame = finding.predicate.frame
        inner = finding.inner.frame if finding.inner else frame
        draft = Draft(
            root=finding.code.root,
            mode=finding.code.mode,
            cameo=finding.code.cameo,
            trigger=tuple(dict.fromkeys(w.i for w in (finding.predicate.token, *finding.words))),
            sentence=sentence,
            actors=_heads(finding.actors, notes),
            recipients=_heads(finding.recipients, notes),
            reciprocal=finding.reciprocal and len(finding.actors) > 1,
            frame=frame.id,
            stage=frame.stage or (inner.stage if not frame.operator else ""),
            thread_kind=(inner.kind or frame.kind) if frame.operator else frame.kind,
            chain=finding.chain,
            confidence=_confidence(finding),
        )
        if len(draft.actors) > len(finding.actors) and len(finding.actors) == 1:
            draft.reciprocal = not draft.recipients  # "the two countries agreed": a set acts, each on the other
        draft.recipients = [r for r in draft.recipients if r not in draft.actors and not _own_state(r, draft.actors, notes)]
        if draft.reciprocal and draft.root == "CONSULT":
            _seat_hosts(draft, finding.predicate.token, notes)
        words = " ".join(w.text for w in sorted(set(finding.words), key=lambda t: t.i))
        draft.reasons.append(Reason("event", f"frame {frame.id} ({' '.join(frame.words)})", words))
        if len(finding.chain) > 1:
            draft.reasons.append(Reason("event", "composition " + " of ".join(finding.chain), words))
        return draft


@Language.factory(
    "diurna_events",
    requires=["doc._.diurna", "token.dep", "token.lemma", "token.pos"],
    assigns=["doc._.diurna"],
    default_config={"tables": "", "model": True, "reader": ""},
)
def make_events(nlp: Language, name: str, tables: str, model: bool, reader: str) -> Events:
    """Make the component.

    Args:
        tables: folder of the user's own tables, or empty.
        model: whether the learned second opinion is asked.
        reader: folder of another trained model than the shipped one, or empty.
    """
    return Events(Path(tables) if tables else None, load_opinion(Path(reader) if reader else None) if model else None)


def participant_at(notes: Notes, token: Token) -> Participant | None:
    """Return the participant of the phrase that `token` heads, if it stands for someone political."""
    index = notes.phrase_at.get(token.i)
    if index is None:
        return None
    phrase = notes.phrases[index]
    if phrase.participant is not None and (phrase.participant.country or phrase.participant.sectors):
        return phrase.participant
    return _member(notes, phrase.members)


def _member(notes: Notes, members: list[int]) -> Participant | None:
    for member in members:
        participant = notes.phrases[member].participant
        if participant is not None:
            return participant
    return None


def _heads(tokens: list[Token], notes: Notes) -> list[int]:
    """Heads of the phrases that take part; "the two leaders" stands for its members."""
    found: dict[int, None] = {}
    for token in tokens:
        index = notes.phrase_at.get(token.i)
        members = notes.phrases[index].members if index is not None else []
        for head in [notes.phrases[m].head for m in members] or [token.i]:
            found[head] = None
    return list(found)


def _litter(notes: Notes, sentence: Span) -> bool:
    return any(sentence.start_char < b and a < sentence.end_char for a, b in notes.boilerplate)


def _reportable(draft: Draft, doc: Doc, notes: Notes) -> bool:
    """An event needs an actor whose side is known; only a passive without agent may go without one ("was arrested")."""
    if draft.root in ("CONSULT", "COOPERATE") and not draft.recipients and len(draft.actors) < 2:
        return False  # takes two; whoever the other one was, the text does not say
    if draft.heard:
        return any(_known(head, notes) for head in (*draft.actors, *draft.recipients))  # the rest is left to the evidence
    if draft.actors:
        return any(_known(head, notes) for head in draft.actors)
    return is_passive(doc[draft.trigger[0]]) and any(_known(head, notes) for head in draft.recipients)


def _seat_hosts(draft: Draft, trigger: Token, notes: Notes) -> None:
    """ "held talks in *Ankara* with ...": whoever the place belongs to is the host, and recipient (codebook, section 3)."""
    hooks = [trigger, *(c for c in trigger.children if c.dep_ == "dobj")]
    located = [prep for hook in hooks for prep in hook.children if prep.lower_ in ("in", "at")]
    places = [p for prep in located for p in prep.children if p.dep_ == "pobj" and p.tag_ == "NNP"]
    here = {p.country for place in places if (p := participant_at(notes, place)) is not None and p.country}
    hosts = [a for a in draft.actors if (p := notes.participant(a)) is not None and p.country in here]
    guests = [a for a in draft.actors if a not in hosts and a not in {p.i for p in places}]
    if guests and (hosts := [h for h in hosts if h not in {p.i for p in places}]):
        draft.actors, draft.recipients, draft.reciprocal = guests, hosts, False


def _join_doubles(notes: Notes, doc: Doc) -> None:
    """ "held talks": a verb and the noun it carries, both triggers of one root, tell one event."""
    at = {d.trigger[0]: d for d in notes.drafts}
    for draft in notes.drafts:
        noun = doc[draft.trigger[0]]
        carrier = at.get(noun.head.i) if noun.dep_ == "dobj" else None
        if carrier is not None and carrier is not draft and carrier.root == draft.root and carrier.actors:
            carrier.trigger += tuple(i for i in draft.trigger if i not in carrier.trigger)
            carrier.mode = carrier.mode or draft.mode
            draft.root = ""
    notes.drafts = [d for d in notes.drafts if d.root]


def _own_means(head: int, notes: Notes) -> bool:
    """ "pledge to pull *troops*": soldiers that the text gives no country are those of the actor."""
    found = notes.participant(head)
    return found is not None and found.sectors[:1] == ("MIL",) and found.resolved_by.startswith("surroundings")


def _own_state(head: int, actors: list[int], notes: Notes) -> bool:
    """Tell whether a participant is the bare state that the actors themselves stand for ("our visit to Russia", says Moscow)."""
    other = notes.participant(head)
    if other is None or not other.country or other.sectors[:1] != ("GOV",) or other.office:
        return False
    return any(p.country == other.country and p.sectors[:1] == ("GOV",) for p in notes.participants(actors))


def _known(head: int, notes: Notes) -> bool:
    participant = notes.participant(head)
    return participant is not None and bool(participant.country)


def _confidence(finding: Finding) -> float:
    frame = finding.predicate.frame
    score = 0.5 + 0.04 * min(frame.specificity, 5)
    score += 0.1 * bool(finding.actors) + 0.1 * bool(finding.recipients or finding.reciprocal)
    return round(min(score, 0.95), 3)
