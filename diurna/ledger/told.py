"""One event, many reports: what `diurna join` found about an event that is shown, with the other reports that tell it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from diurna.ledger.store import Ledger

_MOST = 50


@dataclass(frozen=True, slots=True)
class Telling:
    """One report of an event. copied: whether its text is a copy of an earlier report's."""

    event_id: str
    article_id: str
    title: str
    publisher: str
    published: date | None
    copied: bool


@dataclass(frozen=True, slots=True)
class Told:
    """An event over all reports, as the last join found it. tellings: the first reports, by day; reports: how many there are."""

    same_id: str
    reports: int
    outlets: tuple[str, ...]
    first_seen: date | None
    last_seen: date | None
    tellings: tuple[Telling, ...]


def told(ledger: Ledger, event_id: str, article_id: str) -> Told | None:
    """Return how an event of an article is told over all reports; None when no join has seen it."""
    query = (
        "SELECT same_id, reports, outlets, first_seen, last_seen FROM same_events s JOIN joined_events USING (same_id) "
        "WHERE s.event_id = ? AND s.article_id = ? LIMIT 1"
    )
    found = ledger.con.execute(query, [event_id, article_id]).fetchall()
    if not found:
        return None
    same_id, reports, outlets, first, last = found[0]
    query = (
        "SELECT s.event_id, s.article_id, a.title, a.publisher, a.published, s.copy_of != s.article_id "
        "FROM same_events s JOIN articles a USING (article_id) WHERE same_id = ? "
        f"ORDER BY a.published NULLS LAST, s.article_id, s.event_id LIMIT {_MOST}"
    )
    tellings = tuple(Telling(*row) for row in ledger.con.execute(query, [same_id]).fetchall())
    return Told(same_id, reports, tuple(outlets), first, last, tellings)


def ever_joined(ledger: Ledger) -> bool:
    """Tell whether a join has found any event over all reports."""
    return bool(ledger.con.execute("SELECT 1 FROM joined_events LIMIT 1").fetchall())


def with_reports(ledger: Ledger, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of events, each with the number of its `reports`: 1 where no join has seen more."""
    query = (
        "SELECT s.event_id, s.article_id, reports FROM same_events s JOIN joined_events USING (same_id) "
        "WHERE reports > 1 AND s.event_id IN (SELECT unnest(?::VARCHAR[]))"
    )
    found = ledger.con.execute(query, [[row["id"] for row in rows]]).fetchall() if rows else []
    several = {(event, article): reports for event, article, reports in found}
    return [{**row, "reports": several.get((row["id"], row["article_id"]), 1)} for row in rows]
