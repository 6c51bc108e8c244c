"""Threads: events about one undertaking of the same parties, in order, and how it stands (codebook, section 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from diurna.records import Event, Stage, Thread, content_id
from diurna.tables import load

_SAME_NEWS_DAYS = 14
_FIRST_DAY = "0000"
# A cancellation says nothing of what kind of encounter it ends; it joins an open one of the same parties.
_ENCOUNTERS = ("visit", "meeting", "talks")
# What one party does alone, so that the other need not be named again.
_ONE_SIDED = frozenset({"accept", "cancel", "refuse", "postpone", "suspend"})
_LONE_KINDS = frozenset({"detention", "deployment", "ceasefire"})
# What an event is to an undertaking whose stage its words leave open.
_STAGE_OF = {("REJECT", "meet"): "cancel", ("AGREE", "encounter"): "schedule", ("ACCUSE", "pact"): "breach"}
_GROUP_OF = {"visit": "encounter", "meeting": "encounter", "talks": "encounter", "agreement": "pact", "ceasefire": "pact"}
_EQUAL = {"meeting": ("meeting", "talks"), "talks": ("talks", "meeting")}
_BREAKS = {("REJECT", "meet"): "cancel", ("SANCTION", "discontinue"): "suspend"}


@dataclass(frozen=True, slots=True)
class Rule:
    """A stage of a kind: what may come before it, the state after it, and the days of silence after which it lapses."""

    follows: frozenset[str]
    state: str
    lapse: int | None


@dataclass(slots=True)
class _Growing:
    kind: str
    parties: frozenset[str]
    stages: list[Stage] = field(default_factory=list)
    named: frozenset[str] = frozenset()

    @property
    def last(self) -> Stage:
        return self.stages[-1]


@cache
def rules() -> dict[tuple[str, str], Rule]:
    """Return the rules of `threads.tsv` by (kind, stage)."""
    found = {}
    for row in load("threads.tsv", ("kind", "stage", "follows", "state", "lapse")):
        lapse = int(row["lapse"]) if row["lapse"] else None
        found[row["kind"], row["stage"]] = Rule(frozenset(row.items("follows")), row["state"], lapse)
    return found


def build_threads(events: Sequence[Event], published: date | None) -> list[Thread]:
    """Join events into threads.

    Args:
        events: of one article or of many, in any order; those without a kind and stage, negated or hypothetical, are left out.
        published: the day on which states are read (lapsed or still open), and the date of current events that have none.

    Returns:
        The threads in order of their first stage; the ids depend on the events alone.
    """
    growing: list[_Growing] = []
    by_kind: dict[str, list[_Growing]] = {}
    for day, _, event in sorted(_told(events, published), key=lambda t: t[:2]):
        kind, stage = _step(event)
        parties = parties_of(event)
        if not stage or not parties:
            continue
        one_sided = not kind or (kind in _ENCOUNTERS and stage in _ONE_SIDED)
        kinds = _ENCOUNTERS if one_sided else _EQUAL.get(kind, (kind,))
        candidates = [t for k in kinds for t in reversed(by_kind.get(k, []))]
        thread = next((t for t in candidates if _joins(t, event, parties, stage, day)), None)
        if thread is None:
            if not kind or (len(parties) < 2 and kind not in _LONE_KINDS):
                continue
            thread = _Growing(kind, parties)
            growing.append(thread)
            by_kind.setdefault(kind, []).append(thread)
        _add(thread, event, parties, stage, day)
    return [_finish(t, published) for t in growing]


def parties_of(event: Event) -> frozenset[str]:
    """Return the countries of an event's participants; a participant without one stands under its name.

    Where all who act, or both sides, are of one country, sectors tell them apart: a government and its rebels are
    LKA GOV and LKA REB.
    """
    everybody = [p for p in (*event.actors, *event.recipients) if p.country or p.name]
    codes = frozenset(p.country or p.name for p in everybody)
    if len(codes) > 1 or len(event.actors) + bool(event.recipients) < 2:
        return codes
    finer = frozenset(f"{p.country} {p.sectors[0]}" for p in everybody if p.country and p.sectors)
    return finer if len(finer) > 1 else codes


def _told(events: Sequence[Event], published: date | None) -> list[tuple[str, int, Event]]:
    found = []
    for index, event in enumerate(events):
        if event.polarity == "negated" or event.modality == "hypothetical":
            continue
        day = event.when.start
        if not day:
            day = published.isoformat() if published and event.period == "current" else ""
        found.append((day or _FIRST_DAY, index, event))
    return found


def _step(event: Event) -> tuple[str, str]:
    """Return (kind, stage) of an event; a meeting to come is scheduled, and a stage that the kind lacks is none."""
    kind, stage = event.thread_kind, event.stage
    mode = event.modes[0] if event.modes else ""
    if event.event == "REJECT" and stage not in ("cancel", "refuse", "postpone", "suspend"):
        stage = _STAGE_OF.get(("REJECT", mode), "refuse")
    elif stage == "hold" and (event.modality == "future" or event.event == "AGREE"):
        stage = "schedule"
    elif stage == "hold" and event.event == "REQUEST":
        stage = "propose"
    stage = stage or _STAGE_OF.get((event.event, _GROUP_OF.get(kind, "")), "")
    if not kind and not stage:
        stage = _BREAKS.get((event.event, mode), "")
    if not kind and (event.event, mode) not in _BREAKS:
        return "", ""
    if kind and (kind, stage) not in rules():
        return "", ""
    return kind, stage


def _joins(thread: _Growing, event: Event, parties: frozenset[str], stage: str, day: str) -> bool:
    rule = rules().get((thread.kind, stage))
    if rule is None or not _same_parties(thread, event, parties, stage):
        return False
    if stage == thread.last.name:
        return _same_news(thread, event, day)
    if any(s.name == stage and s.date[:10] == day for s in thread.stages):
        return True
    return thread.last.name in rule.follows and not _lapsed(thread, day)


def _same_parties(thread: _Growing, event: Event, parties: frozenset[str], stage: str) -> bool:
    if thread.kind == "detention":
        return bool(thread.named & _names(event)) or (not thread.named and thread.parties == parties)
    if stage in _ONE_SIDED and parties <= thread.parties:
        return True
    shared = parties & thread.parties
    return len(shared) >= min(2, len(thread.parties)) and (parties <= thread.parties or thread.parties <= parties)


def _same_news(thread: _Growing, event: Event, day: str) -> bool:
    """The same stage told again: within two weeks, or while nothing else has happened to an open undertaking."""
    last = _day(thread.last.date)
    now = _day(day)
    if last is None or now is None:
        return True
    return abs((now - last).days) <= _SAME_NEWS_DAYS or (
        rules()[thread.kind, thread.last.name].state == "open" and not _lapsed(thread, day)
    )


def _lapsed(thread: _Growing, day: str) -> bool:
    rule, last, now = rules()[thread.kind, thread.last.name], _day(thread.last.date), _day(day)
    return bool(rule.lapse and last and now and rule.state == "open" and now > last + timedelta(days=rule.lapse))


def _add(thread: _Growing, event: Event, parties: frozenset[str], stage: str, day: str) -> None:
    thread.parties |= parties
    thread.named |= _names(event)
    told = "" if day == _FIRST_DAY else event.when.start or day
    if any(s.name == stage and (s.date == told or stage == thread.last.name) for s in thread.stages[-2:]):
        return
    thread.stages.append(Stage(event.id, stage, _short(event, told)))


def _short(event: Event, day: str) -> str:
    """Return a date as precise as the text: a year as 2015, a month as 2015-03."""
    return day[: {"year": 4, "decade": 4, "month": 7}.get(event.when.precision, 10)]


def _names(event: Event) -> frozenset[str]:
    return frozenset(p.name for p in event.recipients if p.name)


def _day(text: str) -> date | None:
    parts = [int(n) for n in text[:10].split("-") if n.isdigit()]
    if not parts or not parts[0]:
        return None
    try:
        return date(*[*parts, 1, 1][:3])
    except ValueError:
        return None


def _finish(thread: _Growing, published: date | None) -> Thread:
    rule = rules()[thread.kind, thread.last.name]
    state, reason = rule.state, f"{thread.kind}: {thread.last.name} leaves it {rule.state}"
    last = _day(thread.last.date)
    if state == "open" and rule.lapse and last and published and published > last + timedelta(days=rule.lapse):
        state, reason = "lapsed", f"{thread.kind}: no news for {rule.lapse} days after {thread.last.name}"
    parties = tuple(sorted(thread.parties))
    stages = tuple(thread.stages)
    thread_id = content_id("thr", thread.kind, parties, [s.event_id for s in stages])
    return Thread(thread_id, thread.kind, parties, stages, state, reason)
