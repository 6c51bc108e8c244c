"""From machine claims and judgements to the corrected events of one article. A pure function: nothing is read or written here.

An event that a person accepted or put right stays as that person saw it, whatever a newer coding says of the same words. A
rejection holds for the claim that was rejected: the same root between the same parties, told by the same words. Another claim
over those words is a new one, to be judged again.

Who judges an event judges it as it stood then: `counted` says which judgements a reading rests on.
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

    @property
    def replaced(self) -> bool:
        """Whether others stand in its place: its parts, or the event that it was merged into."""
        return not self.stands and self.fate in ("merge", "split")


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
        judgements: of this article, those that count, in order.
        seen: the events as they were judged, by coding and id.
    """
    board = _Board(run_id, {event.id: event for event in machine})
    for judgement in judgements:
        if judgement.verdict == "add":
            _add(board, judgement, seen)
            continue
        standing = _found(board, judgement.event_id, judgement.run_id, seen, judgement.verdict == "reject")
        if standing is not None and not standing.replaced:
            _STEPS[judgement.verdict](board, standing, judgement, seen)
    untouched = (Standing(event, run_id) for event in board.open.values())
    return sorted((*untouched, *board.judged.values()), key=lambda found: _place(found.event))


def in_force(judgements: Sequence[Judgement]) -> list[Judgement]:
    """Return the judgements that were not taken back."""
    withdrawn = {item.changes.withdrawn for item in judgements if item.verdict == "withdraw"}
    return [item for item in judgements if item.verdict != "withdraw" and item.number not in withdrawn]


def counted(judgements: Sequence[Judgement], judge: str = "") -> list[Judgement]:
    """Return the judgements that make a reading, in order: that of one judge, or of all together when none is named.

    One judge's reading holds what others had made of the judged events by then, since that is what was before the judge. In the
    reading of all, a fix that somebody accepted stays when it is taken back later.
    """
    own = [item for item in in_force(judgements) if judge in ("", item.judge)]
    kept = {item.number: item for item in own}
    for item in own:
        if judge:
            kept |= {earlier.number: earlier for earlier in _before(item, judgements)}
        elif item.verdict == "accept":
            kept |= {earlier.number: earlier for earlier in _before(item, judgements) if earlier.verdict == "fix"}
    return [kept[number] for number in sorted(kept)]


def _before(made: Judgement, judgements: Sequence[Judgement]) -> list[Judgement]:
    """Return the judgements in force when one was made that had shaped its event: of it, of what it took in, of its whole."""
    shaped = _events_of(made)
    found = []
    for earlier in reversed(in_force([item for item in judgements if item.number < made.number])):
        parts = {part_id(earlier.event_id, number + 1) for number in range(earlier.changes.parts or 0)}
        if shaped & (_events_of(earlier) | parts):
            shaped |= _events_of(earlier)
            found.append(earlier)
    return found


def _events_of(judgement: Judgement) -> set[str]:
    return {judgement.event_id, *(judgement.changes.others or ())}


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
    _displace(board, event, _beside(event, run_id, seen), rejected)
    return Standing(event, run_id)


def _beside(event: Event, run_id: str, seen: Mapping[Claimed, Event]) -> set[str]:
    """Return the ids of the other claims that stood beside an event when it was judged."""
    return {name for run, name in seen if run == run_id} - {event.id}


def _displace(board: _Board, event: Event, beside: set[str], rejected: bool = False) -> None:
    """Take away the newest claim that an event stands in the place of: that of the same id, else of the same root, else any.

    beside: claims that stay, since they stood beside the event when it was judged.
    """
    rivals = [other for other in board.open.values() if _share_words(event, other) and other.id not in beside]
    if rejected:
        rivals = [other for other in rivals if _claim(event) == _claim(other)]
    same = min(rivals, key=lambda other: (other.id != event.id, other.event != event.event), default=None)
    if same is not None:
        del board.open[same.id]


def _add(board: _Board, judgement: Judgement, seen: Mapping[Claimed, Event]) -> None:
    bare = Event(judgement.event_id, judgement.article_id, "", explanation=(Reason("event", judgement.rule, judgement.note),))
    event = with_changes(judgement.changes, bare)
    _displace(board, event, _beside(event, judgement.run_id, seen))
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
        if other is not None and not other.replaced:
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
