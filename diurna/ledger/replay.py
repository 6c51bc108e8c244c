"""From machine claims and judgements to the corrected events of one article. A pure function: nothing is read or written here.

An event that a person accepted or put right stays as that person saw it, whatever a newer coding says of the same words. A
rejection holds for the claim that was rejected: the same root between the same parties, told by the same words. Another claim
over those words is a new one, to be judged again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from diurna.ledger.changes import Changes, apply, with_changes
from diurna.records import Event, Mention, Participant, Reason, content_id

Claimed = tuple[str, str]  # run and event


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one person said of one event. `run_id` is the coding in which it was seen; `number` orders the judgements."""

    number: int
    made_at: str
    judge: str
    verdict: str
    article_id: str
    run_id: str
    event_id: str
    changes: Changes = field(default_factory=Changes)
    note: str = ""

    @property
    def rule(self) -> str:
        """What an explanation says of it."""
        return f"judgement {self.number}: {self.verdict} by {self.judge}, {self.made_at[:10]}"


@dataclass(frozen=True, slots=True)
class Standing:
    """An event after judgement. run_id: its coding. judged: by whom, in order. stands: not rejected, merged away or split.

    fate: the last verdict; empty when nobody judged it.
    """

    event: Event
    run_id: str
    stands: bool = True
    judged: tuple[str, ...] = ()
    fate: str = ""


@dataclass(slots=True)
class _Board:
    """The newest claims nobody has judged yet, and what was judged, by id."""

    run_id: str
    open: dict[str, Event]
    judged: dict[str, Standing] = field(default_factory=dict)


def replay(
    run_id: str, machine: Iterable[Event], judgements: Sequence[Judgement], seen: Mapping[Claimed, Event]
) -> list[Standing]:
    """Return every event of an article with what judgement made of it, in order of the text.

    Args:
        run_id: the newest coding of the article.
        machine: its events.
        judgements: of this article, in order; those withdrawn later count for nothing.
        seen: the events as they were judged, by coding and id.
    """
    board = _Board(run_id, {event.id: event for event in machine})
    for judgement in in_force(judgements):
        if judgement.verdict == "add":
            _add(board, judgement)
            continue
        standing = _found(board, judgement.event_id, judgement.run_id, seen, judgement.verdict == "reject")
        if standing is not None:
            _STEPS[judgement.verdict](board, standing, judgement, seen)
    untouched = (Standing(event, run_id) for event in board.open.values())
    return sorted((*untouched, *board.judged.values()), key=lambda found: _place(found.event))


def in_force(judgements: Sequence[Judgement]) -> list[Judgement]:
    """Return the judgements that were not taken back."""
    withdrawn = {item.changes.withdrawn for item in judgements if item.verdict == "withdraw"}
    return [item for item in judgements if item.verdict != "withdraw" and item.number not in withdrawn]


def part_id(event_id: str, number: int) -> str:
    """Return the id of a part of a split event, numbered from 1."""
    return content_id("evt", event_id, "part", number)


def _found(board: _Board, event_id: str, run_id: str, seen: Mapping[Claimed, Event], rejected: bool) -> Standing | None:
    """Return the event as judged so far, or as it was seen; the newest claim of the same words gives way to it."""
    if event_id in board.judged:
        return board.judged[event_id]
    # What a merge takes in may have been seen in another coding than the event that it goes into.
    event = seen.get((run_id, event_id)) or next((found for (_, name), found in seen.items() if name == event_id), None)
    if event is None:
        return None
    _displace(board, event, rejected)
    return Standing(event, run_id)


def _displace(board: _Board, event: Event, rejected: bool = False) -> None:
    """Take away the newest claim that an event stands in the place of: that of the same id, else of the same root, else any."""
    rivals = [other for other in board.open.values() if _share_words(event, other)]
    if rejected:
        rivals = [other for other in rivals if _claim(event) == _claim(other)]
    same = min(rivals, key=lambda other: (other.id != event.id, other.event != event.event), default=None)
    if same is not None:
        del board.open[same.id]


def _add(board: _Board, judgement: Judgement) -> None:
    bare = Event(judgement.event_id, judgement.article_id, "", explanation=(Reason("event", judgement.rule, judgement.note),))
    event = with_changes(judgement.changes, bare)
    _displace(board, event)
    _put(board, Standing(event, judgement.run_id), event, judgement, stands=True)


def _accept(board: _Board, found: Standing, judgement: Judgement, _: Mapping[Claimed, Event]) -> None:
    event = replace(found.event, explanation=(*found.event.explanation, Reason("event", judgement.rule, judgement.note)))
    _put(board, found, event, judgement, stands=True)


def _reject(board: _Board, found: Standing, judgement: Judgement, _: Mapping[Claimed, Event]) -> None:
    _put(board, found, found.event, judgement, stands=False)


def _fix(board: _Board, found: Standing, judgement: Judgement, _: Mapping[Claimed, Event]) -> None:
    _put(board, found, apply(judgement.changes, found.event, judgement.rule), judgement, stands=True)


def _merge(board: _Board, found: Standing, judgement: Judgement, seen: Mapping[Claimed, Event]) -> None:
    mentions = list(found.event.mentions)
    for event_id in judgement.changes.others or ():
        other = _found(board, event_id, judgement.run_id, seen, rejected=False)
        if other is not None:
            mentions += other.event.mentions
            _put(board, other, other.event, judgement, stands=False)
    reason = Reason("mentions", judgement.rule, f"{len(mentions)} tellings")
    together = tuple(sorted(dict.fromkeys(mentions), key=lambda mention: (mention.sentence, mention.trigger_spans)))
    merged = replace(found.event, mentions=together, explanation=(*found.event.explanation, reason))
    _put(board, found, merged, judgement, stands=True)


def _split(board: _Board, found: Standing, judgement: Judgement, _: Mapping[Claimed, Event]) -> None:
    _put(board, found, found.event, judgement, stands=False)
    count = judgement.changes.parts or 2
    for number in range(1, count + 1):
        mentions = found.event.mentions
        # Where there is a telling for each part, each gets its own.
        own: tuple[Mention, ...] = (mentions[number - 1],) if len(mentions) == count else mentions
        reason = Reason("event", judgement.rule, f"part {number} of {count} of {found.event.id}")
        part = replace(
            found.event,
            id=part_id(found.event.id, number),
            mentions=own,
            explanation=(*found.event.explanation, reason),
        )
        _put(board, Standing(part, found.run_id), part, judgement, stands=True)


_STEPS = {"accept": _accept, "reject": _reject, "fix": _fix, "merge": _merge, "split": _split}


def _put(board: _Board, found: Standing, event: Event, judgement: Judgement, stands: bool) -> None:
    judges = tuple(dict.fromkeys((*found.judged, judgement.judge)))
    sure = replace(event, confidence=1.0) if stands else event
    board.judged[event.id] = Standing(sure, found.run_id, stands, judges, judgement.verdict)


def _share_words(one: Event, other: Event) -> bool:
    """Told by overlapping trigger words; events without words, as imported ones, go by their ids."""
    if one.id == other.id:
        return True
    spans = [span for mention in one.mentions for span in mention.trigger_spans]
    return any(
        start < last and first < end
        for start, end in spans
        for mention in other.mentions
        for first, last in mention.trigger_spans
    )


def _claim(event: Event) -> tuple[str, frozenset[str], frozenset[str]]:
    return event.event, _parties(event.actors), _parties(event.recipients)


def _parties(named: Sequence[Participant]) -> frozenset[str]:
    return frozenset(item.country or item.name or item.text for item in named)


def _place(event: Event) -> tuple[int, int, str]:
    first = event.mentions[0] if event.mentions else None
    spans = first.trigger_spans if first else ()
    return first.sentence if first else 0, spans[0][0] if spans else 0, event.id
