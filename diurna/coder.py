"""The orchestrator: an article in, frozen records out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from itertools import islice

from spacy.language import Language
from spacy.tokens import Doc, Token

from diurna.actors.base import KnowledgeBase, knowledge
from diurna.actors.then import in_role_then
from diurna.calibration import calibrated
from diurna.errors import SkipItem
from diurna.events.analyse import Analyser
from diurna.events.component import participant_at
from diurna.events.compose import composition
from diurna.events.frames import lexicon
from diurna.events.opinion import Opinion, load_opinion
from diurna.events.relate import TableOpinion, relate_doc, tables_opinion
from diurna.events.sentence import find_spans
from diurna.freeze import freeze
from diurna.intake.boilerplate import find_boilerplate, find_headline
from diurna.language.gate import Gate, gate
from diurna.language.notes import notes_of
from diurna.language.pipeline import build, make_doc
from diurna.ledger.threads import build_threads
from diurna.ontology import ontology
from diurna.records import Article, Relation, Result, Span, Versions
from diurna.settings import Settings
from diurna.tables import fingerprint

_BATCH = 64


class Coder:
    """Codes articles. Loading takes about a second; keep one and use it for many texts.

    Args:
        settings: which pipeline, tables and model to use.

    Example:
        >>> import diurna
        >>> coder = diurna.Coder()
        >>> result = coder.code(diurna.Article(text="Turkey expelled three Dutch diplomats on Friday.", published="2017-03-11"))
        >>> result.events[0].event
        'SANCTION'
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.nlp: Language = build(self.settings)
        self.scheme = ontology(self.settings.tables)
        self.versions = Versions(
            diurna=_version(),
            pipeline=f"{self.nlp.meta['name']}-{self.nlp.meta['version']}{'+gate' if self.gate else ''}",
            tables=fingerprint(self.settings.tables, self.settings.actors),
            model=self.opinion.fingerprint if self.opinion else "",
        )

    @cached_property
    def opinion(self) -> Opinion | None:
        """The learned second opinion, or None when the settings switch it off."""
        return load_opinion(self.settings.reader) if self.settings.model else None

    @cached_property
    def _actors(self) -> KnowledgeBase:
        return knowledge(self.settings.tables, tuple(self.settings.actors))

    @cached_property
    def gate(self) -> Gate | None:
        """The sentence gate, or None when the settings leave it off."""
        return gate(self.settings.tables) if self.settings.gate else None

    def code(self, article: Article) -> Result:
        """Code one article.

        Raises:
            SkipItem: the text is empty.
        """
        return next(self._batch([article]))

    def pipe(self, articles: Iterable[Article], batch_size: int = _BATCH) -> Iterator[Result | SkipItem]:
        """Code a stream of articles in order; an article that cannot be coded comes out as the `SkipItem` that says why."""
        stream = iter(articles)
        while batch := list(islice(stream, batch_size)):
            for article in batch:
                try:
                    yield self.code(article)
                except SkipItem as skip:
                    yield skip

    def relate(self, text: str, actor: Sequence[Span], recipient: Sequence[Span]) -> Relation:
        """Say which event `text` reports from the actor spans to the recipient spans (character offsets, end exclusive)."""
        doc = self.nlp(text)
        return relate_doc(doc, self._analyser(doc, actor, recipient), actor, recipient, self.scheme, self.opinion)

    def tables_opinion(self, text: str, actor: Sequence[Span], recipient: Sequence[Span]) -> TableOpinion | None:
        """Return what the tables alone find between the given spans, with the slots they fill."""
        doc = self.nlp(text)
        return tables_opinion(doc, self._analyser(doc, actor, recipient), actor, recipient)

    def _analyser(self, doc: Doc, actor: Sequence[Span], recipient: Sequence[Span]) -> Analyser:
        given, notes, tables = [*actor, *recipient], notes_of(doc), self.settings.tables

        def is_actor(token: Token) -> bool:
            return any(a <= token.idx < b for a, b in given) or participant_at(notes, token) is not None

        return Analyser(doc, lexicon(tables), composition(tables), is_actor)

    def relate_by_model(self, text: str, actor: Sequence[Span], recipient: Sequence[Span]) -> Relation:
        """Answer as `relate` does with the learned model alone, to measure what it is worth."""
        if self.opinion is None:
            return Relation("")
        vote = self.opinion.vote(text, actor, recipient)
        return Relation(vote.best.root, vote.best.mode, vote.best.cameo, explanation=vote.reasons())

    def main_event(self, text: str) -> tuple[list[Span], list[Span], int]:
        """Return actor spans, recipient spans and quad class of the main event of one sentence; quad 0 when there is none."""
        return find_spans(self.nlp(text), self.settings.tables, self.scheme, self.opinion)

    def _batch(self, articles: Sequence[Article]) -> Iterator[Result]:
        for article in articles:
            yield self._result(article, self._doc(article))

    def _doc(self, article: Article) -> Doc:
        if not article.text.strip():
            raise SkipItem(article.source_file or article.id, "the text is empty; leave the item out")
        text = article.text[: self.settings.max_chars]
        if self.gate is not None and not self.gate.holds_events(text):
            return self.nlp.make_doc("")
        return self.nlp(make_doc(self.nlp, article, text, find_boilerplate(text), find_headline(text)))

    def _result(self, article: Article, doc: Doc) -> Result:
        notes = notes_of(doc)
        with_model = self.opinion is not None
        told = (in_role_then(e, self._actors) for e in freeze(doc, notes, self.scheme))
        found = (replace(e, confidence=calibrated(e.confidence, with_model)) for e in told)
        events = tuple(e for e in found if e.confidence >= self.settings.min_confidence)
        remarks = list(notes.remarks)
        if len(article.text) > self.settings.max_chars:
            remarks.append(f"only the first {self.settings.max_chars:,} characters were coded")
        return Result(
            article=article,
            events=events,
            quotes=tuple(notes.quotes),
            threads=tuple(build_threads(events, notes.published)),
            versions=self.versions,
            boilerplate=notes.boilerplate,
            notes=tuple(remarks),
        )


def _version() -> str:
    try:
        return version("diurna")
    except PackageNotFoundError:
        return "source"
