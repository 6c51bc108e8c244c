"""One event, many reports: which events of different articles are the same (codebook, section 1).

Copies of one text tell the same events; otherwise root, status, parties, day, place and numbers must agree. A number need not be
equal, since early and late reports differ; each report keeps its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from diurna.records import Event, Participant, Where, content_id

_DAYS_APART = 1  # a wire of Tuesday night and a paper of Wednesday
_ASSUMED_APART = 2
_FIGURES = 3.0
_DEGREES = 0.3  # a town and its outskirts
_COUNTS = ("dead", "injured", "arrested")
_STATUS = ("event", "polarity", "modality")
_WORDS = frozenset({"AGREE", "SUPPORT", "CONCEDE", "REQUEST", "ACCUSE", "REJECT", "THREATEN"})


@dataclass(frozen=True, slots=True)
class Report:
    """One article's telling of an event, with the outlet and the day of publication (ISO or empty)."""

    event: Event
    outlet: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True)
class Joined:
    """An event with all its reports. outlets: those of copies too; first_seen, last_seen: ISO days of publication, or empty.

    figures: quantity -> (event id, value) for each report that gives one.
    """

    id: str
    reports: tuple[Report, ...]
    outlets: tuple[str, ...]
    first_seen: str
    last_seen: str
    figures: dict[str, tuple[tuple[str, object], ...]]


def join_events(reports: Iterable[Report], copied: Mapping[str, str] | None = None) -> list[Joined]:
    """Join the reports of each event, in the order of their first publication.

    Args:
        reports: events of many articles, each article coded once.
        copied: article id -> article it copies (`copies.copies`); without it only the events themselves are compared.
    """
    groups: list[list[Report]] = []
    near: dict[tuple[str, ...], list[list[Report]]] = defaultdict(list)
    for report in sorted(reports, key=lambda r: (r.published, r.event.article_id)):
        key = tuple(getattr(report.event, name) for name in _STATUS)
        group = next((g for g in near[key] if _belongs(g, report, copied or {})), None)
        if group is None:
            group = []
            groups.append(group)
            near[key].append(group)
        group.append(report)
    return [_joined(group) for group in groups]


def _belongs(group: Sequence[Report], report: Report, copied: Mapping[str, str]) -> bool:
    """The articles of a group have other events beside it: two events of one article stay two."""
    if any(r.event.article_id == report.event.article_id for r in group):
        return False
    return any(same_event(r, report, copied) for r in group[:3])


def same_event(one: Report, other: Report, copied: Mapping[str, str] | None = None) -> bool:
    """Tell whether two reports tell one event; symmetric."""
    a, b = one.event, other.event
    if any(getattr(a, name) != getattr(b, name) for name in _STATUS) or (a.modes and b.modes and a.modes != b.modes):
        return False
    if not _same_parties(a, b) or _crossed(a, b) or _crossed(b, a):
        return False
    source = copied or {}
    if source.get(a.article_id, a.article_id) == source.get(b.article_id, b.article_id):
        return _same_place(a, b) and a.period == b.period
    return _close(one, other) and _same_place(a, b) and _same_figures(a, b) and _evident(a, b)


def _same_parties(a: Event, b: Event) -> bool:
    """The sides agree in their countries; both orders where nobody leads. Named people of a side must not contradict."""
    sides = _sides_agree(a.actors, b.actors) and _sides_agree(a.recipients, b.recipients, open_end=True)
    if a.reciprocal or b.reciprocal or a.event == "CONSULT":
        one, other = _codes((*a.actors, *a.recipients)), _codes((*b.actors, *b.recipients))
        sides = sides or (len(one) > 1 and one == other)
    return sides


def _sides_agree(ours: Sequence[Participant], theirs: Sequence[Participant], open_end: bool = False) -> bool:
    mine, others = _codes(ours), _codes(theirs)
    if not mine or not others:
        return mine == others or open_end
    return mine <= others or others <= mine


def _crossed(a: Event, b: Event) -> bool:
    """Within one country sectors tell who leads: rebels attacked soldiers, or soldiers rebels."""
    ours, theirs = _sectors(a.actors), _sectors(b.actors)
    return not a.reciprocal and not b.reciprocal and bool(ours & _sectors(b.recipients)) and bool(theirs) and not ours & theirs


def _sectors(side: Iterable[Participant]) -> frozenset[tuple[str, str]]:
    return frozenset((p.country, p.sectors[0]) for p in side if p.country and p.sectors)


def _codes(side: Iterable[Participant]) -> frozenset[str]:
    return frozenset(p.country or p.name for p in side)


def _close(one: Report, other: Report) -> bool:
    """Stated days lie within a day of each other; months and years must overlap and speak of the same words' precision."""
    a, b = _days(one), _days(other)
    if a is None or b is None:
        return False
    assumed = one.event.when.assumed or other.event.when.assumed
    coarse = "day" not in (one.event.when.precision, other.event.when.precision)
    gap = timedelta(days=0 if coarse else _ASSUMED_APART if assumed else _DAYS_APART)
    if one.event.event in _WORDS and not assumed:
        gap = timedelta(days=0)
    return a[0] <= b[1] + gap and b[0] <= a[1] + gap and (coarse or _length(a) + _length(b) <= 16)


def _days(report: Report) -> tuple[date, date] | None:
    when = report.event.when
    start = when.start or (report.published if report.event.period == "current" else "")
    try:
        return (date.fromisoformat(start), date.fromisoformat(when.end or start)) if start else None
    except ValueError:
        return None


def _length(days: tuple[date, date]) -> int:
    return (days[1] - days[0]).days


def _same_place(a: Event, b: Event) -> bool:
    """A town agrees with itself and with its country; words are spoken wherever a reporter hears them."""
    if a.event in _WORDS or not a.where.name or not b.where.name:
        return True
    if a.where.country and b.where.country and a.where.country != b.where.country:
        return False
    if a.where.lat is None or b.where.lat is None or b.where.lon is None or a.where.lon is None:
        return _same_unlisted(a.where, b.where)
    return abs(a.where.lat - b.where.lat) + abs(a.where.lon - b.where.lon) < _DEGREES


def _same_unlisted(a: Where, b: Where) -> bool:
    """Villages that no gazetteer has differ when their names share no word; a country or region may hold either."""
    listed = a.geonames_id is not None or b.geonames_id is not None
    return listed or bool(set(a.name.lower().split()) & set(b.name.lower().split()))


def _same_figures(a: Event, b: Event) -> bool:
    pairs = [(a.quantities[k], b.quantities[k]) for k in _COUNTS if k in a.quantities and k in b.quantities]
    return all(max(x, y) <= _FIGURES * min(x, y) for x, y in pairs)


def _evident(a: Event, b: Event) -> bool:
    """Deeds of nobody named ("the killing of protesters") are one only when a town or a number says so."""
    if a.actors or b.actors:
        return True
    town = a.where.lat is not None and b.where.lat is not None
    return town or any(k in _COUNTS and b.quantities.get(k) == n for k, n in a.quantities.items())


def _joined(group: Sequence[Report]) -> Joined:
    days = sorted(r.published for r in group if r.published)
    kinds = dict.fromkeys(k for r in group for k in r.event.quantities)
    figures = {k: tuple((r.event.id, r.event.quantities[k]) for r in group if k in r.event.quantities) for k in kinds}
    outlets = tuple(dict.fromkeys(r.outlet for r in group if r.outlet))
    name = content_id("same", group[0].event.id)
    return Joined(name, tuple(group), outlets, days[0] if days else "", days[-1] if days else "", figures)
