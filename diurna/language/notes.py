"""What the pipeline components write on a `Doc`: plain values and offsets under `doc._.diurna`.

Components run in the order actors, coreference, events, context; each fills its own part and reads earlier parts only.
Token indices refer to the Doc; character offsets equal offsets into `Article.text` (the Doc keeps every character).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from spacy.tokens import Doc

from diurna.records import Participant, Quote, Reason, Span, When, Where


@dataclass(slots=True)
class NounPhrase:
    """A noun phrase or pronoun that may take part in an event.

    start, end: token interval of the phrase without trailing relative clauses; head: token index of its head noun.
    kind: "name", "description" or "pronoun". participant: who it stands for, None when nobody political is known.
    members: for "the two leaders", "both sides": indices into `Notes.phrases` of those it stands for (coreference).
    antecedent: index into `Notes.phrases` of the phrase it refers back to (coreference), -1 when none.
    """

    start: int
    end: int
    head: int
    kind: str
    participant: Participant | None = None
    antecedent: int = -1
    members: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Draft:
    """An event while its Doc is alive. Token indices throughout; `Coder` freezes it into an `Event`.

    trigger: token indices of the trigger words, head first. actors, recipients: head token indices of the phrases.
    clause: token index of the verb or noun that heads the trigger's clause (where status cues attach).
    chain: composition steps, outermost first, for example ("agree", "AID").
    heard: how likely the learned model finds the event negated, future, hypothetical, historical; empty without it.
    evidence: what speaks for the event, weighed into `confidence` by `data/belief.tsv`; empty without the model.
    """

    root: str
    mode: str
    cameo: str
    trigger: tuple[int, ...]
    sentence: int
    actors: list[int] = field(default_factory=list)
    recipients: list[int] = field(default_factory=list)
    reciprocal: bool = False
    frame: str = ""
    stage: str = ""
    thread_kind: str = ""
    contexts: tuple[str, ...] = ()
    chain: tuple[str, ...] = ()
    confidence: float = 0.0
    polarity: str = "affirmed"
    modality: str = "actual"
    period: str = "current"
    ongoing: bool = False
    said_by: tuple[str, ...] = ()
    source: str = ""
    when: When = field(default_factory=When)
    where: Where = field(default_factory=Where)
    quantities: dict[str, object] = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)
    heard: dict[str, float] = field(default_factory=dict)
    evidence: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Notes:
    """Everything Diurna knows of one Doc.

    text: the words of the Doc; kept here because spaCy writes `doc.text` anew from all tokens each time it is asked.
    boilerplate: character spans that are never evidence. headline: character span of the headline, or None.
    phrase_at: phrase index by token index of the phrase's head.
    """

    article_id: str = ""
    text: str = ""
    published: date | None = None
    headline: Span | None = None
    boilerplate: tuple[Span, ...] = ()
    phrases: list[NounPhrase] = field(default_factory=list)
    phrase_at: dict[int, int] = field(default_factory=dict)
    quotes: list[Quote] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def participant(self, head: int) -> Participant | None:
        """Return who the phrase headed by a token (its index) stands for."""
        index = self.phrase_at.get(head)
        return self.phrases[index].participant if index is not None else None

    def participants(self, heads: Iterable[int]) -> list[Participant]:
        """Return who the phrases of several heads stand for; those that stand for nobody are left out."""
        return [found for head in heads if (found := self.participant(head)) is not None]


def notes_of(doc: Doc) -> Notes:
    """Return the notes of a Doc, made empty on first use."""
    if not Doc.has_extension("diurna"):
        Doc.set_extension("diurna", default=None)
    if doc._.diurna is None:
        doc._.diurna = Notes(text=doc.text)
    notes: Notes = doc._.diurna
    return notes
