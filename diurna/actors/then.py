"""The role a person had on the day of an event that the report looks back on (codebook, section 3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from diurna.actors.base import Entry, KnowledgeBase
from diurna.actors.keys import key
from diurna.actors.roles import FORMER
from diurna.records import Event, Participant


def in_role_then(event: Event, base: KnowledgeBase) -> Event:
    """Return the event with the sectors its known persons had at its time: "Saddam Hussein gassed the town in 1988" is GOV."""
    when = event.when
    days = [date.fromisoformat(day) for day in (when.start, when.end) if len(day) == 10 and not when.assumed]
    if not days and event.period != "historical":
        return event
    return replace(
        event,
        actors=tuple(_then(p, days, base) for p in event.actors),
        recipients=tuple(_then(p, days, base) for p in event.recipients),
    )


def _then(participant: Participant, days: list[date], base: KnowledgeBase) -> Participant:
    if not participant.entity_id or participant.entity_id.startswith(("country:", "region:", "body:")):
        return participant
    spells = [
        entry
        for sense in base.senses(key(participant.name))
        for entry in sense.entries
        if entry.kind == "person" and entry.entity_id == participant.entity_id
    ]
    held = (e for day in days for e in spells if e.covers(day) and day != e.end)  # on his last day he is as good as out
    entry = next(held, None) if days else _in_office(participant, spells)
    if entry is None or participant.sectors == entry.sectors or "offices.tsv" in participant.resolved_by:
        return participant
    rule = f"{participant.resolved_by}; then {entry.office} {entry.spell()}"
    return replace(participant, sectors=entry.sectors, office=entry.office, resolved_by=rule)


def _in_office(participant: Participant, spells: list[Entry]) -> Entry | None:
    """The last office of somebody who has left it, for the past without a date, unless the text calls him former."""
    if participant.sectors != FORMER or "; former" in participant.resolved_by:
        return None
    return max(spells, key=lambda e: e.start or date.min, default=None)
