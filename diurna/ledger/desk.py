"""One report as a judge has it before them: its events after judgement, those set aside, and everything that was said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diurna.errors import StopRun
from diurna.ledger import almanac, judgements, queries
from diurna.ledger.almanac import Report
from diurna.ledger.replay import Judgement, Standing, in_force
from diurna.ledger.store import Ledger
from diurna.records import Article, Event, Versions


@dataclass(frozen=True, slots=True)
class Desk:
    """A report with its judgements. events: those that stand and those that do not; judged: all judgements, in order."""

    report: Report
    events: tuple[Standing, ...]
    judged: tuple[Judgement, ...] = ()

    @property
    def aside(self) -> list[Standing]:
        """Events that judgement took away: rejected, merged into another, split."""
        return [item for item in self.events if not item.stands]

    @property
    def open(self) -> frozenset[int]:
        """Numbers of the judgements that can be withdrawn."""
        return frozenset(item.number for item in in_force(self.judged))

    def find(self, event_id: str) -> Standing | None:
        """Return an event of the report."""
        return next((item for item in self.events if item.event.id == event_id), None)

    def last_word(self, event_id: str) -> Judgement | None:
        """Return the newest judgement of an event that was not taken back."""
        own = [item for item in self.judged if item.number in self.open and item.event_id == event_id]
        return own[-1] if own else None

    def of(self, event_id: str) -> list[Judgement]:
        """Return what was said of an event, and of what its judgements take in; in order, with what was withdrawn."""
        own = {item.number for item in self.judged if event_id in (item.event_id, *(item.changes.others or ()))}
        return [item for item in self.judged if item.number in own or item.changes.withdrawn in own]


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as it stands, with the desk it lies on."""

    standing: Standing
    versions: Versions
    desk: Desk

    @property
    def event(self) -> Event:
        """The event after judgement."""
        return self.standing.event

    @property
    def article(self) -> Article:
        """The report that tells it."""
        return self.desk.report.article


def desk(ledger: Ledger, article_id: str) -> Desk:
    """Return the desk of a report.

    Raises:
        StopRun: there is no such article.
    """
    report = almanac.report(ledger, article_id)
    judged = judgements.judgements(ledger, article_id)
    if not judged:
        return Desk(report, _unjudged(report.events))
    return Desk(report, tuple(judgements.standing(ledger, article_id)) or _unjudged(report.events), tuple(judged))


def entry(ledger: Ledger, id_or_prefix: str) -> Entry:
    """Return an event by its id or the beginning of it; an event that only a judgement made and another took away is found too.

    Raises:
        StopRun: no such event, or several.
    """
    try:
        found = queries.find_event(ledger, id_or_prefix)
    except StopRun:
        told = judgements.judgements(ledger, event_id=id_or_prefix)
        on = desk(ledger, told[0].article_id) if told else None
        standing = on.find(id_or_prefix) if on else None
        if on is None or standing is None:
            raise
        return Entry(standing, on.report.versions, on)
    on = desk(ledger, found.article.id)
    return Entry(on.find(found.event.id) or Standing(found.event, found.run_id), found.versions, on)


def _unjudged(events: Sequence[Event]) -> tuple[Standing, ...]:
    return tuple(Standing(event, "") for event in events)
