"""Which events are asked for: one frozen filter for the command line, Python, the exports, the site and the reports."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from diurna.errors import StopRun
from diurna.ledger.conditions import Condition, all_of, any_of, has_key, has_words
from diurna.ledger.current import fold
from diurna.ontology import ontology
from diurna.tables import load

POLARITIES = ("affirmed", "negated")
MODALITIES = ("actual", "future", "hypothetical")
PERIODS = ("current", "historical")
_REPORTER = "reporter"
_UNITS = {"d": 1, "w": 7, "m": 30, "y": 365}
_MUTUAL = Condition("reciprocal", (), "SELECT rowid AS number FROM current_events WHERE reciprocal")
WORDS_IN = f"contains({{}}, ' ' || {fold('?')} || ' ')"


def _ask(about: str, metavar: str = "", default: Any = ()) -> Any:
    return field(default=default, metadata={"help": about, "metavar": metavar})


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What events must be like; an empty field asks for nothing. Several values of one field: any of them; several fields: all.

    A party is a country code or name (RUS, "North Korea"), a sector (MIL), both (RUS:MIL), an entity id, or words of a name
    (Putin). The metadata of each field are its help text, from which the command line makes its options.
    """

    actor: tuple[str, ...] = _ask("Who did it: country, sector, RUS:MIL, or words of a name.", "PARTY")
    recipient: tuple[str, ...] = _ask("To whom it was done.", "PARTY")
    party: tuple[str, ...] = _ask("On either side.", "PARTY")
    dyad: tuple[str, str] | tuple[()] = _ask("Between these two, either way.", "PARTY PARTY")
    root: tuple[str, ...] = _ask("PLOVER root, as SANCTION.", "ROOT")
    mode: tuple[str, ...] = _ask("Mode, as expel.", "MODE")
    cameo: tuple[str, ...] = _ask("CAMEO code or its beginning, as 17.", "CODE")
    quad: tuple[int, ...] = _ask("Quad class: 1 and 2 verbal and material cooperation, 3 and 4 conflict.", "1-4")
    context: tuple[str, ...] = _ask("Context, as military.", "CONTEXT")
    polarity: tuple[str, ...] = _ask("affirmed or negated.", "WORD")
    modality: tuple[str, ...] = _ask("actual, future or hypothetical.", "WORD")
    period: tuple[str, ...] = _ask("current or historical.", "WORD")
    ongoing: bool | None = _ask("Only what still holds, or only what does not.", default=None)
    said_by: tuple[str, ...] = _ask('Who says so: words of a name, or "reporter" for nobody.', "NAME")
    source: tuple[str, ...] = _ask("Words of the origin that the report names.", "WORDS")
    place: tuple[str, ...] = _ask("Words of the place or its division.", "WORDS")
    place_country: tuple[str, ...] = _ask("Country of the place.", "COUNTRY")
    since: str = _ask("First day: 2018, 2018-06, 2018-06-14, today, or 7d for the last seven days.", "DATE", "")
    until: str = _ask("Last day, written likewise.", "DATE", "")
    min_confidence: float = _ask("Leave out events below this (0 to 1).", default=0.0)
    text: tuple[str, ...] = _ask("Words in the sentences that tell it; several: all of them.", "WORDS")
    publisher: tuple[str, ...] = _ask("Words of the outlet's name.", "WORDS")
    dataset: tuple[str, ...] = _ask("Where it comes from: diurna (coded), gdelt1, gdelt2, icews or polecat.", "NAME")

    def __post_init__(self) -> None:
        """Take one value for a list of one: the letters of "RUS" are no parties."""
        for entry in fields(self):
            value = getattr(self, entry.name)
            if entry.default == () and not isinstance(value, tuple):
                object.__setattr__(self, entry.name, several(value))
        if len(self.dyad) not in (0, 2):
            raise StopRun(f"a dyad has two parties and not {len(self.dyad)}; give both, as RUS and UKR")

    def condition(self) -> Condition:
        """Return the condition over `current_events`.

        Raises:
            StopRun: a value that the scheme does not have, a date that cannot be read; the message names what is allowed.
        """
        return all_of(*_parts(self))

    @property
    def empty(self) -> bool:
        """Tell whether every event passes."""
        return all(getattr(self, entry.name) == entry.default for entry in fields(self))


def several(value: Any) -> tuple[Any, ...]:
    """Return values as a tuple: one alone, or those of a list."""
    return tuple(value) if isinstance(value, (list, tuple, set, frozenset)) else (value,)


def first_day(words: str, today: date | None = None) -> date:
    """Return the first day that words for a date stand for: 2018, 2018-06, 2018-06-14, today, yesterday, 7d, 2w.

    Raises:
        StopRun: the words cannot be read.
    """
    return _days(words, today or date.today())[0]


def last_day(words: str, today: date | None = None) -> date:
    """Return the last day that words for a date stand for.

    Raises:
        StopRun: the words cannot be read.
    """
    return _days(words, today or date.today())[1]


def party(column: str, wanted: str) -> Condition:
    """Return the condition that a side (`actor_keys` or `recipient_keys`) holds a party.

    Raises:
        StopRun: no party is named, or a sector that does not exist.
    """
    codes = party_codes(wanted)
    return any_of(_of_code(column, code) for code in codes) if codes else has_words(column, WORDS_IN, wanted.strip())


def either_side(wanted: str) -> Condition:
    """Return the condition that one of the two sides holds a party.

    Raises:
        StopRun: as `party`.
    """
    sides = any_of(party(side, wanted) for side in ("actor_keys", "recipient_keys"))
    codes = party_codes(wanted)
    known = any_of(has_key("party", code) for code in codes)
    return replace(sides, rows=known.rows, row_values=known.values) if codes else sides


def party_codes(wanted: str) -> tuple[str, ...]:
    """Return the keys of a party that is asked for by its codes: RUS, :MIL or RUS:MIL; none where it is asked for by name."""
    words = wanted.strip()
    if not words:
        raise StopRun("a party must not be empty; give a country (RUS), RUS:MIL, a sector (MIL) or words of a name")
    country, colon, sector = words.partition(":")
    if colon and sector.strip().upper() in sectors():
        return (f"{countries().get(country.strip().casefold(), country.strip().upper())}:{sector.strip().upper()}",)
    if colon and country.strip().casefold() in {"", *countries()}:
        raise StopRun(f"no sector {sector.strip()!r}; known are {_listed(sectors())}")
    found = [countries().get(words.casefold(), ""), f":{words.upper()}" if words.upper() in sectors() else ""]
    return tuple(code for code in found if code)


def _of_code(column: str, code: str) -> Condition:
    country = code.partition(":")[0]
    if code == country:
        return _of_country(column, code)
    if not country:
        sector = Condition(f"contains({column.replace('_keys', '_sector_keys')}, '|' || ? || '|')", (code[1:],))
        return replace(sector, rows=has_key(column, code).rows, row_values=(code,))
    return all_of(_of_country(column, country), has_key(column, code))


def is_party(name: str) -> str:
    """Return the condition by which one participant of an event is the party that was asked for, and not a companion."""
    if party_values(name):
        return f"contains(' ' || {fold('name')} || ' ', ' ' || {fold('?')} || ' ')"
    country, colon, sector = name.strip().partition(":")
    code = countries().get(country.strip().casefold(), "") or ("" if colon else None)
    if code is None:
        return f"list_contains(string_split(sectors, '|'), '{_sector(name)}')"
    has_sector = f" AND list_contains(string_split(sectors, '|'), '{_sector(sector)}')" if colon else ""
    return (f"country = '{code}'" if code else "true") + has_sector


def party_values(name: str) -> tuple[str, ...]:
    """Return the words to look for in names; none when a party is asked for by its codes."""
    return (name,) if "' '" in party("actor_keys", name).sql else ()


def _sector(words: str) -> str:
    return words.strip().upper()


def _of_country(column: str, code: str) -> Condition:
    """A short list of few different codes is searched some ten times faster than the keys."""
    return has_key(column, code, f"list_contains({column.replace('_keys', '_countries')}, ?)")


@cache
def folded() -> dict[str, str]:
    """Return the code that a ledger writes for former states and dependencies (SUN: RUS, GRL: DNK)."""
    rows = load("actors/countries.tsv", ("iso3", "plover"))
    return {row["iso3"]: row["plover"] for row in rows if row["iso3"] != row["plover"]}


@cache
def countries() -> dict[str, str]:
    """Return the codes of parties as `places`, by code, name and alias in lower case.

    A former state or a dependency has the code of its state (SUN: RUS); its name is left out, to be looked for as words: a ledger
    tells the Soviet Union from Russia by name only.
    """
    own = {name: code for name, code in places().items() if code not in folded()}
    return own | {code.casefold(): state for code, state in folded().items()}


@cache
def places() -> dict[str, str]:
    """Return the codes of countries by code, name and alias in lower case; names that several countries bear are left out."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    codes: dict[str, str] = {}
    for row in load("actors/countries.tsv", ("iso3", "name", "aliases")):
        codes[row["iso3"].casefold()] = row["iso3"]
        for name in {row["name"].casefold(), *(alias.casefold() for alias in row.items("aliases"))}:
            shared |= {name} if found.setdefault(name, row["iso3"]) != row["iso3"] else set()
    special = {code.casefold(): code for code in ("IGO", "UNO", "EUR", "NGO", "MNC", "IMG", "ISM", "INT")}
    return {name: code for name, code in found.items() if name not in shared} | special | codes


def _parts(chosen: EventFilter) -> Iterator[Condition]:
    yield any_of(party("actor_keys", item) for item in chosen.actor)
    yield any_of(party("recipient_keys", item) for item in chosen.recipient)
    yield any_of(either_side(item) for item in chosen.party)
    if chosen.dyad:
        yield _dyad(*chosen.dyad)
    scheme = ontology()
    roots = _known(chosen.root, sorted(scheme.roots), "root", str.upper)
    yield _one_of("event", roots)
    modes = {mode for root in roots or scheme.roots for mode in scheme.roots[root].modes}
    yield _lists("modes", _known(chosen.mode, sorted(modes), "mode" + (f" of {', '.join(roots)}" if roots else ""), str.lower))
    yield any_of(Condition("starts_with(cameo, ?)", (_code(item),)) for item in chosen.cameo)
    yield _one_of("quad", _known(chosen.quad, (1, 2, 3, 4), "quad class", int))
    yield _lists("contexts", _known(chosen.context, sorted(scheme.contexts), "context", str.lower))
    yield _one_of("polarity", _known(chosen.polarity, POLARITIES, "polarity", str.lower))
    yield _one_of("modality", _known(chosen.modality, MODALITIES, "modality", str.lower))
    yield _one_of("period", _known(chosen.period, PERIODS, "period", str.lower))
    if chosen.ongoing is not None:
        yield Condition("ongoing = ?", (chosen.ongoing,))
    yield any_of(_speaker(item) for item in _worded("said-by", chosen.said_by))
    yield any_of(Condition(f"contains({fold('source')}, {fold('?')})", (item,)) for item in _worded("source", chosen.source))
    yield any_of(has_words("place_keys", WORDS_IN, item) for item in _worded("place", chosen.place))
    yield _one_of("place_country", tuple(_country(item) for item in chosen.place_country))
    yield from _dates(chosen)
    yield _confidence(chosen.min_confidence)
    for item in _worded("text", chosen.text):
        yield Condition(f"contains(told, {fold('?')})", (item,))
    yield any_of(_of_outlet(item) for item in _worded("publisher", chosen.publisher))
    yield any_of(_dataset(item) for item in _known(chosen.dataset, ("diurna", *imported()), "data set", str.lower))


def _worded(name: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Return words to look for; where there are none, everything or nothing would be found."""
    if not all(item.strip() for item in wanted):
        raise StopRun(f"--{name} must not be empty; give words, or leave it out")
    return wanted


def _dyad(one: str, other: str) -> Condition:
    """Both parties, on two sides either way, or side by side in what is mutual (codebook, section 3)."""
    sides = {(side, name): party(f"{side}_keys", name) for side in ("actor", "recipient") for name in (one, other)}
    there, back = all_of(sides["actor", one], sides["recipient", other]), all_of(sides["actor", other], sides["recipient", one])
    if one == other:
        return there
    return any_of((there, back, all_of(_MUTUAL, sides["actor", one], sides["actor", other])))


def _dates(chosen: EventFilter) -> Iterator[Condition]:
    """An event lies in a time when its interval touches it; one without a date lies in none."""
    if chosen.since:
        yield Condition("when_end >= ?", (first_day(chosen.since),))
    if chosen.until:
        yield Condition("when_start <= ?", (last_day(chosen.until),))
    if chosen.since and chosen.until and first_day(chosen.since) > last_day(chosen.until):
        raise StopRun(f"--since {chosen.since} lies after --until {chosen.until}; exchange them")


def _confidence(least: float) -> Condition:
    if not 0 <= least <= 1:
        raise StopRun(f"confidence {least} is not between 0 and 1")
    return Condition("confidence >= ?", (least,)) if least else Condition()


def _dataset(wanted: str) -> Condition:
    """The id of an imported event begins with its data set, that of a coded one with "evt"."""
    return Condition("starts_with(event_id, ?)", ("evt-" if wanted == "diurna" else f"{wanted}-",))


def _speaker(wanted: str) -> Condition:
    if wanted.strip().lower() == _REPORTER:
        return Condition("speaker_keys = '||'")
    return has_words("speaker_keys", WORDS_IN, wanted)


def _of_outlet(wanted: str) -> Condition:
    """Outlets are few: their names are compared once each, and not once an article."""
    test = f"contains({{}}, {fold('?')})"
    names = "WITH o AS MATERIALIZED (SELECT DISTINCT publisher FROM articles) SELECT publisher FROM o"
    outlets = f"{names} WHERE {test.format(fold('publisher'))}"
    told = f"article_id IN (SELECT article_id FROM articles WHERE publisher IN ({outlets}))"
    return has_words("publisher", test, wanted, told)


def _country(wanted: str) -> str:
    code = places().get(wanted.strip().casefold())
    if code is None:
        raise StopRun(f"no country {wanted!r}; give its three-letter code (FRA) or English name")
    return code


def _code(wanted: str) -> str:
    names = ontology().cameo_names
    if not wanted or not any(code.startswith(wanted) for code in names):
        raise StopRun(f"no CAMEO code begins with {wanted!r}; the roots are {_listed(code for code in names if len(code) == 2)}")
    return wanted


def check_known(chosen: Iterable[str], allowed: Iterable[str], name: str) -> tuple[str, ...]:
    """Return the words chosen.

    Raises:
        StopRun: one of them is not allowed; the message names those that are.
    """
    return _known(chosen, allowed, name, str)


def _known(chosen: Iterable[Any], allowed: Iterable[Any], name: str, write: Callable[[Any], Any]) -> tuple[Any, ...]:
    known = tuple(allowed)
    found = tuple(write(item) for item in chosen)
    for item in found:
        if item not in known:
            raise StopRun(f"no {name} {item!r}; {f'known are {_listed(known)}' if known else 'there is none'}")
    return found


def _one_of(column: str, values: tuple[Any, ...]) -> Condition:
    return Condition(f"{column} IN ({', '.join('?' * len(values))})", values) if values else Condition()


def _lists(column: str, values: tuple[Any, ...]) -> Condition:
    return any_of(Condition(f"list_contains({column}, ?)", (value,)) for value in values)


def _listed(values: Iterable[Any]) -> str:
    return ", ".join(str(value) for value in values)


@cache
def imported() -> tuple[str, ...]:
    """Return the data sets that can be imported."""
    return tuple(row["dataset"] for row in load("imports/datasets.tsv", ("dataset",)))


@cache
def sectors() -> tuple[str, ...]:
    """Return the sectors of the scheme."""
    return tuple(row["sector"] for row in load("ontology/sectors.tsv", ("sector",)))


def _days(words: str, today: date) -> tuple[date, date]:
    text = words.strip().lower()
    if text in ("today", "yesterday"):
        day = today - timedelta(days=text == "yesterday")
        return day, day
    try:
        if back := re.fullmatch(r"(\d{1,5})([dwmy])", text):
            day = today - timedelta(days=int(back[1]) * _UNITS[back[2]])
            return day, day
        if not (found := re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", text)):
            raise ValueError
        year, month, day_of = (int(part) if part else 0 for part in found.groups())
        start = date(year, month or 1, day_of or 1)
        return start, date(year, month or 12, day_of or monthrange(year, month or 12)[1])
    except (ValueError, OverflowError) as error:
        raise StopRun(
            f"cannot read the date {words!r}; write 2018, 2018-06, 2018-06-14, today, yesterday, or 7d, 2w, 3m, 1y ago"
        ) from error
