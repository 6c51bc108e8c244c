"""The main event of a single sentence, with the full spans of its actors and recipients (for span tasks)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from spacy.tokens import Doc, Token

from diurna.events.analyse import Analyser, Finding
from diurna.events.component import participant_at
from diurna.events.compose import composition
from diurna.events.frames import lexicon
from diurna.events.opinion import Opinion
from diurna.events.relate import TableOpinion, weigh
from diurna.language.notes import Notes, notes_of
from diurna.ontology import Ontology
from diurna.records import Span

_ABOUT = ("with", "against", "on", "to", "over", "about", "of", "for", "towards", "toward")
_NO_EVENT = 0.5  # the model's doubt above which a sentence on which the tables are silent tells nothing
_CUT = ("relcl", "acl", "appos", "punct", "cc", "conj", "advcl", "ccomp")


def find_spans(
    doc: Doc, tables: Path | None, scheme: Ontology, model: Opinion | None = None
) -> tuple[list[Span], list[Span], int]:
    """Return actor spans, recipient spans and quad of the main event of a Doc that went through the pipeline.

    The main event is the one highest in its sentence's tree that names both sides; a reciprocal event gives its subject
    as actor and its other parties as recipients. Once the sides are found the model has its say on what passed between them.
    """
    notes = notes_of(doc)
    analyser = Analyser(doc, lexicon(tables), composition(tables), lambda t: participant_at(notes, t) is not None)
    found = [f for sentence in doc.sents for f in analyser.findings(sentence)]
    main = min(enumerate(found), key=lambda pair: _rank(pair[1], pair[0]))[1] if found else None
    actors, recipients = parties(main) if main else bare_parties(doc, analyser)
    sides = spans_of(_named(actors, notes)), spans_of(_named(recipients, notes))
    vote = model.vote(doc.text, *sides) if model and sides[0] else None
    if main is None and (vote is None or vote.none > _NO_EVENT):
        return *sides, 0
    code, _ = weigh(TableOpinion(main, 1.0) if main else None, vote)
    return *sides, scheme.span_quads[code.root]


def bare_parties(doc: Doc, analyser: Analyser) -> tuple[list[Token], list[Token]]:
    """Return who does something to whom in a sentence without a coded event: subject and object of the main statement."""
    root = next((t for t in doc if t.dep_ == "ROOT"), None)
    if root is None or root.pos_ not in ("VERB", "AUX"):
        return [], []
    actors = analyser.syntax.subjects(root)
    verbs = [root]
    for verb in verbs:
        verbs += [c for c in analyser.syntax.complements(verb) if c not in verbs][:1]
        objects = [t for t in analyser.syntax.objects(verb) if t.ent_type_ not in ("DATE", "TIME", "MONEY")]
        about = [
            p for t in [verb, *objects] for p in analyser.syntax.prepositional(t, _ABOUT) if p.ent_type_ not in ("DATE", "TIME")
        ]
        if about or objects:
            return actors, [t for t in (about or objects) if t not in actors][:1]
    return actors, []


def _named(tokens: Sequence[Token], notes: Notes) -> list[Token]:
    """Pronouns give way to the phrase of the same sentence that they stand for ("*Slovakia* says it will not ...")."""
    found = []
    for token in tokens:
        index = notes.phrase_at.get(token.i, -1)
        earlier = notes.phrases[index].antecedent if token.pos_ == "PRON" and index >= 0 else -1
        found.append(token.doc[notes.phrases[earlier].head] if earlier >= 0 else token)
    return found


def parties(finding: Finding) -> tuple[list[Token], list[Token]]:
    """Return the tokens of both sides; what stands in the recipient slot serves when it is nobody political."""
    actors, recipients = finding.actors, finding.recipients or [t for t in finding.raw if t.ent_type_ not in ("DATE", "TIME")]
    if finding.reciprocal:
        first = finding.predicate.first or actors[:1]
        recipients = [t for t in actors if t not in first]
        actors = first
    return actors, [t for t in recipients if t not in actors]


def spans_of(tokens: Sequence[Token]) -> list[Span]:
    """Return the character spans of the noun phrases that the tokens head, without relative clauses and appositions."""
    spans = []
    for token in tokens:
        inside = [t for t in token.subtree if not _below_cut(t, token)]
        start, end = min(t.i for t in inside), max(t.i for t in inside)
        run = token.doc[start : end + 1]
        spans.append((run.start_char, run.end_char))
    return spans


def _below_cut(token: Token, head: Token) -> bool:
    while token.i != head.i:
        if token.dep_ in _CUT:
            return True
        token = token.head
    return False


def _rank(finding: Finding, order: int) -> tuple[int, int, int]:
    actors, recipients = parties(finding)
    depth, token = 0, finding.predicate.token
    while token.head != token and depth < 50:
        token, depth = token.head, depth + 1
    complete = 0 if actors and recipients else 1 if actors else 2
    return complete, depth, order
