"""From the fields of a form to a judgement: the words that a form shows for an event, and what a judge made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from diurna.errors import StopRun
from diurna.ledger import desk, judgements
from diurna.ledger.changes import Changes, modes, nobody, party, place, speakers, when
from diurna.ledger.replay import Judgement, Standing
from diurna.ledger.store import Ledger
from diurna.records import Event, Participant, When, content_id
from diurna.web.marks import seen

_STATUS = ("polarity", "modality", "period")
_YES, _NO = "yes", "no"
_NEVER_EMPTY = ("event", *_STATUS)


class Stale(StopRun):
    """The event is no longer what the form showed."""


@dataclass(frozen=True, slots=True)
class Posted:
    """The fields of a form, in order; a field may come several times."""

    pairs: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """Return the first value of a field, without blanks around it."""
        return next((value.strip() for key, value in self.pairs if key == name), "")

    def all(self, name: str) -> list[str]:
        """Return every value of a field."""
        return [value.strip() for key, value in self.pairs if key == name and value.strip()]

    def has(self, name: str) -> bool:
        """Tell whether a field was sent."""
        return any(key == name for key, _ in self.pairs)


@dataclass(frozen=True, slots=True)
class Form:
    """What the fields of an event's form hold."""

    event: str
    actors: str
    recipients: str
    reciprocal: str
    polarity: str
    modality: str
    period: str
    ongoing: str
    said_by: str
    when: str
    where: str
    cameo: str
    mode: str = ""
    note: str = ""
    parts: str = "2"
    others: Sequence[str] = field(default=())


def form_of(event: Event) -> Form:
    """Return the form of an event as it stands."""
    place_words = f"{event.where.name} ({event.where.country})" if event.where.country else event.where.name
    return Form(
        event=event.event, actors=_lines(event.actors), recipients=_lines(event.recipients),
        reciprocal=_YES if event.reciprocal else _NO, polarity=event.polarity, modality=event.modality, period=event.period,
        ongoing=_YES if event.ongoing else _NO, said_by="\n".join(event.said_by), when=_day(event.when),
        where=place_words.strip(), cameo=event.cameo,
    )  # fmt: skip


def form_again(event: Event, posted: Posted) -> Form:
    """Return the form of an event as a judge had filled it in, to be sent again."""
    known = form_of(event)
    names = [name for name in Form.__dataclass_fields__ if name != "others"]
    filled = {name: posted.get(name) if posted.has(name) else getattr(known, name) for name in names}
    return Form(**filled, others=posted.all("others"))


def mark_of(standing: Standing) -> str:
    """Return what tells whether an event, or what others said of it, has changed since a form was made for it."""
    return content_id("seen", standing.event, standing.stands, standing.judged)


@dataclass(frozen=True, slots=True)
class Missed:
    """What the form for an event that the coder missed holds."""

    words: str = ""
    event: str = ""
    actors: str = ""
    recipients: str = ""
    reciprocal: str = _NO
    when: str = ""
    note: str = ""


def missed_of(posted: Posted) -> Missed:
    """Return the form as a judge had filled it in."""
    return Missed(**{name: posted.get(name) for name in Missed.__dataclass_fields__})


def add_missed(ledger: Ledger, article_id: str, posted: Posted, by: str) -> Judgement:
    """Store an event that the coder missed, as a form tells it.

    Raises:
        StopRun: the words do not stand once in the article, no root, or a value that the scheme does not have.
    """
    told = missed_of(posted)
    # A browser may send what a page showed: without control characters, and with other ends of lines.
    actors, recipients = (_parties(_clean(words), ()) for words in (told.actors, told.recipients))
    added = Changes(
        event=told.event.upper() or None, actors=actors, recipients=recipients, reciprocal=told.reciprocal == _YES,
        when=when(told.when),
    )  # fmt: skip
    return judgements.add(ledger, article_id, told.words, by, added, told.note)


def carry_out(ledger: Ledger, event_id: str, posted: Posted, by: str) -> Judgement:
    """Store the judgement that a form asks for.

    Raises:
        Stale: somebody judged the event, or it was coded again, after the form was made.
        StopRun: no such event, nothing to put right, or a value that the scheme does not have.
    """
    verdict, note = posted.get("verdict"), posted.get("note")
    if verdict == "withdraw":
        return judgements.withdraw(ledger, _number(posted, "number"), by, note)
    found = desk.entry(ledger, event_id)
    if posted.get("seen") != mark_of(found.standing):
        raise Stale("this event has changed since the page was made; look at it as it stands now, then judge")
    if verdict == "merge":
        return judgements.merge(ledger, [event_id, *posted.all("others")], by, note)
    if verdict == "split":
        return judgements.split(ledger, event_id, by, _number(posted, "parts"), note)[0]
    fixed = changes(found.event, posted) if verdict == "fix" else None
    return judgements.judge(ledger, event_id, verdict, by, fixed, note)


def changes(event: Event, posted: Posted) -> Changes:
    """Return what a judge changed in the form of an event; a field left as it was shown changes nothing."""
    shown = form_of(event)
    readers: dict[str, Callable[[str], Any]] = {
        "event": str.upper,
        "actors": lambda words: _parties(words, event.actors),
        "recipients": lambda words: _parties(words, event.recipients),
        "reciprocal": lambda words: words == _YES,
        "ongoing": lambda words: words == _YES,
        **dict.fromkeys(_STATUS, str.lower),
        "said_by": lambda words: speakers(words.splitlines() or ["reporter"]),
        "when": lambda words: when(words or "unknown"),
        "where": lambda words: place(words or "none"),
        "cameo": str,
    }
    written = {name: _clean(posted.get(name)) for name in readers if posted.has(name)}
    if blank := [name for name in _NEVER_EMPTY if written.get(name) == ""]:
        raise StopRun(f"{blank[0]} must not be empty")
    found = {name: readers[name](words) for name, words in written.items() if words != _clean(getattr(shown, name))}
    if not found.get("cameo"):
        # A blank asks for the code that goes with root and mode.
        found.pop("cameo", None)
    if posted.get("mode"):
        found["modes"] = modes([posted.get("mode")])
    return Changes(**found)


def _clean(words: str) -> str:
    """Return the lines of a field as a page shows them, without blanks around them and without empty ones."""
    return "\n".join(line for line in (" ".join(line.split()) for line in seen(words).splitlines()) if line)


def _parties(words: str, known: Sequence[Participant]) -> tuple[Participant, ...]:
    """Return the parties of lines; one that is written as it was shown stays whole, with its words in the text."""
    named = {_clean(party_words(one)): one for one in known}
    lines = words.splitlines()
    return () if nobody(lines) else tuple(named.get(line) or party(line) for line in lines)


def party_words(one: Participant) -> str:
    """Return a party as a judge writes it: NAME (KOR:GOV)."""
    codes = ":".join((one.country, *one.sectors)) if one.country or one.sectors else ""
    return f"{one.name or one.text} ({codes})" if codes else one.name or one.text


def _lines(people: Sequence[Participant]) -> str:
    return "\n".join(party_words(one) for one in people)


def _day(time: When) -> str:
    if not time.start:
        return ""
    length = {"month": 7, "year": 4}.get(time.precision, 10)
    first, last = time.start[:length], (time.end or time.start)[:length]
    return first if first == last else f"{first}/{last}"


def _number(posted: Posted, name: str) -> int:
    words = posted.get(name)
    if not words.isascii() or not words.isdigit() or len(words) > 18:
        raise StopRun(f"{name} must be a number, not {words[:20]!r}")
    return int(words)
