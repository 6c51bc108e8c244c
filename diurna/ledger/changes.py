"""What a judge changes in an event, and how a person writes it: `KOR:GOV`, `Lee Myung-bak (KOR:GOV)`, 2018-06, reporter."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any

from diurna.errors import StopRun
from diurna.ledger.filters import MODALITIES, PERIODS, POLARITIES, check_known, first_day, folded, last_day, places, sectors
from diurna.ontology import ontology
from diurna.records import Event, Mention, Participant, Reason, Span, When, Where, to_dict
from diurna.tables import load

MOST_NAMED = 30
LONGEST_NAME = 200
_NONE = "none"
_REPORTER = "reporter"
_NAMED = re.compile(r"(?P<name>.*?)\s*\((?P<codes>[^()]*)\)")
_PRECISIONS = {4: "year", 7: "month", 10: "day"}


@dataclass(frozen=True, slots=True)
class Changes:
    """The fields of an event that a judge puts right; None leaves a field as it is.

    others: the events that a merge takes in. parts: how many a split makes. withdrawn: number of the judgement taken back.
    """

    event: str | None = None
    modes: tuple[str, ...] | None = None
    cameo: str | None = None
    actors: tuple[Participant, ...] | None = None
    recipients: tuple[Participant, ...] | None = None
    reciprocal: bool | None = None
    polarity: str | None = None
    modality: str | None = None
    period: str | None = None
    ongoing: bool | None = None
    said_by: tuple[str, ...] | None = None
    when: When | None = None
    where: Where | None = None
    mentions: tuple[Mention, ...] | None = None
    others: tuple[str, ...] | None = None
    parts: int | None = None
    withdrawn: int | None = None

    @property
    def named(self) -> tuple[str, ...]:
        """The fields of `Event` that are changed."""
        return tuple(name for name in _EVENT_FIELDS if getattr(self, name) is not None)

    def to_json(self) -> str:
        """Return the changes as JSON, without what is left as it is."""
        kept = {name: value for name, value in to_dict(self).items() if value is not None}
        return json.dumps(kept, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, words: str) -> Changes:
        """Return the changes that `to_json` wrote."""
        return cls(**{name: _read(name, value) for name, value in json.loads(words or "{}").items()})


_EVENT_FIELDS = tuple(entry.name for entry in fields(Changes) if entry.name not in ("others", "parts", "withdrawn"))


def check(changes: Changes, event: Event) -> None:
    """Check changes of an event against the coding scheme and the bounds of names.

    Raises:
        StopRun: a root, mode, code or status that does not exist; the message names what is allowed. A name that is empty or
            too long, or too many of them.
    """
    scheme = ontology()
    root = changes.event or event.event
    check_known((root,), sorted(scheme.roots), "root")
    check_known(changes.modes or (), sorted(scheme.roots[root].modes), f"mode of {root}")
    if changes.cameo and changes.cameo not in scheme.cameo_names:
        raise StopRun(f"no CAMEO code {changes.cameo!r}; see docs/codebook.md")
    for name, allowed in (("polarity", POLARITIES), ("modality", MODALITIES), ("period", PERIODS)):
        check_known((getattr(changes, name) or allowed[0],), allowed, name)
    _check_names(changes, event)


def check_length(what: str, words: str, most: int) -> None:
    """Refuse words that are longer than what a judgement may hold.

    Raises:
        StopRun: they are; `what` names them.
    """
    if len(words) > most:
        raise StopRun(f"{what} has at most {most} characters, not {len(words)}")


def _check_names(changes: Changes, event: Event) -> None:
    """Check what a judge names; what the machine named may stay as it is."""
    for what in ("actors", "recipients", "said_by"):
        given, known = getattr(changes, what) or (), getattr(event, what)
        if len(given) > max(MOST_NAMED, len(known)):
            raise StopRun(f"{what.replace('_', ' ')}: at most {MOST_NAMED} of them, not {len(given)}")
        for name in (one if isinstance(one, str) else one.name or one.text for one in given if one not in known):
            check_length("a name", name, LONGEST_NAME)
    if not all(name.strip() for name in changes.said_by or ()):
        raise StopRun("a speaker must have a name; write reporter for nobody else")
    check_length("a place", changes.where.name if changes.where else "", LONGEST_NAME)


def apply(changes: Changes, event: Event, rule: str) -> Event:
    """Return an event with changes; scores follow root and mode, and each changed field says in `explanation` what it was.

    rule: who judged, for the explanation.
    """
    reasons = tuple(Reason(name, rule, f"was {_said(getattr(event, name))}") for name in changes.named)
    return replace(with_changes(changes, event), explanation=(*event.explanation, *reasons))


def with_changes(changes: Changes, event: Event) -> Event:
    """Return an event with changes, and scores and codes to match."""
    given = {name: getattr(changes, name) for name in changes.named}
    fixed = replace(event, **given)
    return _recoded(fixed, given, event) if "event" in given or "modes" in given else fixed


def parties(words: Sequence[str]) -> tuple[Participant, ...] | None:
    """Return the participants that words stand for; None when there are no words, empty for "none".

    Raises:
        StopRun: as `party`; "none" beside others.
    """
    if not words:
        return None
    return () if nobody(words) else tuple(party(item) for item in words)


def nobody(words: Sequence[str]) -> bool:
    """Tell whether words say that no party is named."""
    return [item.strip().lower() for item in words] == [_NONE]


def party(words: str) -> Participant:
    """Return the participant of `NAME (CCC:SEC:SEC)`, of codes alone (`KOR:GOV`), or of a name alone.

    Raises:
        StopRun: nothing is named, "none", which is no party's name, or a country or sector that does not exist.
    """
    text = " ".join(words.split())
    if not text:
        raise StopRun('a party must not be empty; write "Lee Myung-bak (KOR:GOV)", KOR:GOV, or none')
    if nobody([text]):
        raise StopRun("none stands alone: it says that nobody is named; leave it out beside other parties")
    found = _NAMED.fullmatch(text)
    if not found and ":" not in text and text.casefold() not in places():
        return Participant(text, (), text, resolved_by="judgement", confidence=1.0)
    codes = found["codes"] if found else text
    code, held = _codes(codes)
    called = codes.partition(":")[0].strip().casefold()
    name = (found["name"] if found else "") or _names().get(called) or _names().get(code.casefold(), code)
    country = folded().get(code, code)  # as the coder has it: the Soviet Union's is Russia's, and the name tells them apart
    return Participant(name, (), name, country=country, sectors=held, resolved_by="judgement", confidence=1.0)


def modes(words: Sequence[str]) -> tuple[str, ...] | None:
    """Return modes; None for no words, empty for "none"."""
    if not words:
        return None
    return () if [item.strip().lower() for item in words] == [_NONE] else tuple(item.strip().lower() for item in words)


def when(words: str) -> When | None:
    """Return the time of 2018, 2018-06, 2018-06-14, 2018-06-14/2018-06-20 or unknown; None for no words.

    Raises:
        StopRun: the words cannot be read.
    """
    text = words.strip().lower()
    if not text:
        return None
    if text == "unknown":
        return When()
    begin, _, end = text.partition("/")
    if len(begin) not in _PRECISIONS or len(end or begin) not in _PRECISIONS:
        raise StopRun(f"cannot read the date {words!r}; write 2018, 2018-06, 2018-06-14, 2018-06-14/2018-06-20 or unknown")
    first, last = first_day(begin), last_day(end or begin)
    if first > last:
        raise StopRun(f"the date {words} ends before it begins; exchange its days")
    # No words: those of an event's date are the report's.
    return When(first.isoformat(), last.isoformat(), _PRECISIONS[len(begin)])


def speakers(words: Sequence[str]) -> tuple[str, ...] | None:
    """Return the speakers, innermost first; None for no words, empty for "reporter".

    Raises:
        StopRun: "reporter" beside others.
    """
    if not words:
        return None
    named = tuple(" ".join(item.split()) for item in words)
    if _REPORTER not in (item.lower() for item in named):
        return named
    if len(named) > 1:
        raise StopRun("reporter stands alone: it says that nobody else is the source; leave it out beside other speakers")
    return ()


def place(words: str) -> Where | None:
    """Return the place of `Riga (LVA)` or of a name alone; none for "none"; None for no words.

    Raises:
        StopRun: a country that does not exist.
    """
    text = " ".join(words.split())
    if not text:
        return None
    if text.lower() == _NONE:
        return Where()
    found = _NAMED.fullmatch(text)
    return Where(found["name"], _codes(found["codes"])[0]) if found else Where(text)


def _recoded(event: Event, given: Mapping[str, Any], before: Event) -> Event:
    """Scores and codes of another root or mode; its stage in a thread is no longer that of the old word."""
    scheme = ontology()
    modes = event.modes if "modes" in given else tuple(mode for mode in event.modes if scheme.has(event.event, mode))
    stage = (event.stage, event.thread_kind) if event.event == before.event else ("", "")
    return replace(
        event, modes=modes, quad=scheme.roots[event.event].quad, score=scheme.score(event.event, modes[0] if modes else ""),
        cameo=event.cameo if "cameo" in given else scheme.cameo_of(event.event, modes), stage=stage[0], thread_kind=stage[1],
    )  # fmt: skip


def _codes(words: str) -> tuple[str, tuple[str, ...]]:
    country, *held = (part.strip() for part in words.split(":"))
    code = places().get(country.casefold(), "")
    if country and not code:
        raise StopRun(f"no country {country!r}; give its three-letter code (FRA) or English name, then sectors: FRA:GOV")
    return code, check_known((item.upper() for item in held if item), sectors(), "sector")


@cache
def _names() -> dict[str, str]:
    """Return the names of countries by code and by name, in lower case; by code that of today."""
    rows = load("actors/countries.tsv", ("iso3", "name"))
    return {row[column].casefold(): row["name"] for row in reversed(rows) for column in ("name", "iso3")}


def _said(value: Any) -> str:
    if isinstance(value, When):
        return "/".join(dict.fromkeys(part for part in (value.start, value.end) if part)) or "unknown"
    if isinstance(value, Where):
        return value.name or "nowhere"
    if isinstance(value, tuple):
        return ", ".join(_said(item) for item in value) or "none"
    if isinstance(value, Mention):
        return f"at {value.trigger_spans[0][0]}" if value.trigger_spans else "without words"
    return (value.name or value.text) if isinstance(value, Participant) else str(value)


def _read(name: str, value: Any) -> Any:
    if name in ("actors", "recipients"):
        return tuple(_participant(item) for item in value)
    if name in ("modes", "said_by", "others"):
        return tuple(value)
    if name == "mentions":
        return tuple(
            Mention(row["sentence"], _span(row["sentence_span"]), tuple(map(_span, row["trigger_spans"]))) for row in value
        )
    return When(**value) if name == "when" else Where(**value) if name == "where" else value


def _participant(row: Mapping[str, Any]) -> Participant:
    return Participant(**{**row, "spans": tuple(map(_span, row["spans"])), "sectors": tuple(row["sectors"])})


def _span(pair: Sequence[int]) -> Span:
    return pair[0], pair[1]
