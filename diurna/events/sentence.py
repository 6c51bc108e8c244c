"""The main event of a single sentence, with the full spans of its actors and recipients (for span tasks)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from spacy.tokens import Doc, Token

from diurna.events.analyse import Analyser, Finding
from diurna.events.component import participant_at
from diurna.events.compose import composition
from diurna.events.frames import lexicon
from diurna.language.notes import Notes, notes_of
from diurna.ontology import Ontology
from diurna.records import Span

_CUT = ("relcl", "acl", "appos", "punct", "cc", "conj", "advcl", "ccomp")


def find_spans(doc: Doc, tables: Path | None, scheme: Ontology) -> tuple[list[Span], list[Span], int]:
    """Return actor spans, recipient spans and quad of the main event of a Doc that went through the pipeline.

    The main event is the one highest in its sentence's tree that names both sides; a reciprocal event gives its subject
    as actor and its other parties as recipients.
    """
    notes = notes_of(doc)
    analyser = Analyser(doc, lexicon(tables), composition(tables), lambda t: participant_at(notes, t) is not None)
    found = [f for sentence in doc.sents for f in analyser.findings(sentence)]
    if not found:
        return [], [], 0
    main = min(enumerate(found), key=lambda pair: _rank(pair[1], pair[0], notes))[1]
    actors, recipients = parties(main)
    return spans_of(actors), spans_of(recipients), scheme.roots[main.code.root].quad


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


def _rank(finding: Finding, order: int, notes: Notes) -> tuple[int, int, int]:
    actors, recipients = parties(finding)
    depth, token = 0, finding.predicate.token
    while token.head != token and depth < 50:
        token, depth = token.head, depth + 1
    complete = 0 if actors and recipients else 1 if actors else 2
    return complete, depth, order
