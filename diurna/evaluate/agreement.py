"""Agreement between people who judged the same events: Krippendorff's alpha, field by field.

Own code, tested against the published examples: the one library of this name is under a licence that this project cannot take in.
K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), nominal data, any number of observers, missing values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from diurna.errors import StopRun
from diurna.ledger import Ledger
from diurna.ledger.judgements import judgements, standing
from diurna.ledger.replay import Standing
from diurna.records import Event, Participant

Values = Mapping[str, Hashable]  # of one unit: what each observer said
_WHETHER = "stands"


@dataclass(frozen=True, slots=True)
class Agreement:
    """One field. alpha: 1 is perfect, 0 is chance; None where all values are the same or nothing can be paired.

    units: events that at least two judges judged. same: share of pairs of values that agree; None without pairs.
    """

    field: str
    units: int
    same: float | None
    alpha: float | None


def krippendorff(units: Sequence[Values]) -> float | None:
    """Return nominal alpha over units; values that only one observer gave are left out.

    Returns:
        None when there is no pair, or when there is but one value and so nothing to agree about.
    """
    pairable = [list(unit.values()) for unit in units if len(unit) > 1]
    totals = Counter(value for values in pairable for value in values)
    n = sum(totals.values())
    expected = n * n - sum(count * count for count in totals.values())
    if not expected:
        return None
    observed = sum(_unlike(values) / (len(values) - 1) for values in pairable)
    return 1 - (n - 1) * observed / expected


def agreement(ledger: Ledger, judges: Sequence[str] = ()) -> list[Agreement]:
    """Return how far judges agree on the events that several of them judged, each read as each judge saw them.

    Args:
        ledger: open for reading.
        judges: whom to compare; everybody when empty.

    Raises:
        StopRun: fewer than two judges, or a name that never judged.
    """
    made = judgements(ledger)
    known = sorted({item.judge for item in made})
    strangers = [name for name in judges if name not in known]
    if strangers:
        raise StopRun(f"{ledger.path}: {strangers[0]} has judged nothing; judges are {', '.join(known) or 'none'}")
    compared = sorted(set(judges)) or known
    if len(compared) < 2:
        raise StopRun(f"{ledger.path}: agreement needs two judges; here are {', '.join(compared) or 'none'}")
    said = _said(ledger, compared, {item.article_id for item in made})
    found = [
        _agreed(_WHETHER, [{who: item.fate if not item.stands else _WHETHER for who, item in unit.items()} for unit in said])
    ]
    both = [{who: item.event for who, item in unit.items() if item.stands} for unit in said]
    return found + [
        _agreed(name, [{who: read(event) for who, event in unit.items()} for unit in both]) for name, read in FIELDS.items()
    ]


def _said(ledger: Ledger, judges: Sequence[str], articles: set[str]) -> list[dict[str, Standing]]:
    """Return, of each event that somebody judged, what each judge made of it."""
    units: dict[tuple[str, str], dict[str, Standing]] = {}
    for article_id in sorted(articles):
        for who in judges:
            for item in standing(ledger, article_id, who):
                if item.judged:
                    units.setdefault((article_id, item.event.id), {})[who] = item
    return list(units.values())


def _agreed(name: str, units: Sequence[Values]) -> Agreement:
    pairable = [list(unit.values()) for unit in units if len(unit) > 1]
    pairs = sum(len(values) * (len(values) - 1) for values in pairable)
    same = round(1 - sum(map(_unlike, pairable)) / pairs, 4) if pairs else None
    return Agreement(name, len(pairable), same, krippendorff(units))


def _unlike(values: Sequence[Hashable]) -> int:
    """Return how many ordered pairs of values differ."""
    return len(values) ** 2 - sum(count * count for count in Counter(values).values())


def _countries(named: Sequence[Participant]) -> frozenset[str]:
    return frozenset(item.country or item.name for item in named)


FIELDS: dict[str, Callable[[Event], Hashable]] = {
    "event": lambda event: event.event,
    "modes": lambda event: frozenset(event.modes),
    "actors": lambda event: _countries(event.actors),
    "recipients": lambda event: _countries(event.recipients),
    "polarity": lambda event: event.polarity,
    "modality": lambda event: event.modality,
    "period": lambda event: event.period,
    "said_by": lambda event: event.said_by,
    "date": lambda event: (event.when.start, event.when.end),
    "place": lambda event: event.where.name,
}
