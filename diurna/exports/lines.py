"""From an event to the lines of a layout: list actors become dyads here and nowhere earlier, and each column has its rule."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations, permutations, product
from typing import Any

from diurna.errors import TableError
from diurna.exports import codes
from diurna.exports.labels import file_name, label, sentence, trigger_words
from diurna.exports.layouts import Column, Layout
from diurna.records import Article, Event, Participant, to_dict

_LEAD = 3  # sentences that count as the lead
_NOBODY = Participant("")
_TOWNS_ABROAD, _TOWNS_OF_USA = 4, 3


@dataclass(frozen=True, slots=True)
class Line:
    """What one line of a layout is made of. number: of the dyad in its event, from 0. day: the event's, else of publication."""

    event: Event
    article: Article
    run_id: str
    day: date | None
    actor: Participant = _NOBODY
    recipient: Participant = _NOBODY
    number: int = 0

    @property
    def dated(self) -> date:
        """The day, of lines that have one: all but those of `lists`."""
        assert self.day is not None
        return self.day


Rule = Callable[[Line], Any]


def day_of(event: Event, article: Article) -> date | None:
    """Return the first day of an event, else the day of publication; None when neither is known."""
    words = event.when.start or article.published
    if event.period == "historical" and not event.when.start:
        return None
    return date.fromisoformat(words) if words else None


def vague(event: Event, by: str) -> bool:
    """Tell whether it is not known on which day, or in which month, an event began: "in 1960" says neither."""
    when, length = event.when, {"day": 10, "month": 7}[by]
    return when.precision != "day" and when.start[:length] != (when.end or when.start)[:length]


def lines(event: Event, article: Article, run_id: str, layout: Layout) -> Iterator[Line]:
    """Yield the lines of an event: one for each dyad, or one altogether for layouts that keep lists.

    A dyad is an actor and a recipient; a missing side is empty. The parties of a mutual event make a dyad each way
    (`each`), or one (`pairs`). An event without any day yields nothing there.
    """
    day = day_of(event, article)
    if layout.dyads == "lists":
        yield Line(event, article, run_id, day)
        return
    if day is None:
        return
    for number, (actor, recipient) in enumerate(_dyads(event, layout.dyads)):
        yield Line(event, article, run_id, day, actor, recipient, number)


def _dyads(event: Event, way: str) -> Iterator[tuple[Participant, Participant]]:
    if event.reciprocal and len(event.actors) > 1:
        yield from (permutations if way == "each" else combinations)(event.actors, 2)
        if not event.recipients:
            return
    yield from product(event.actors or (_NOBODY,), event.recipients or (_NOBODY,))


def check(layout: Layout) -> None:
    """Check that every rule of a layout exists.

    Raises:
        TableError: a rule has no function.
    """
    for column in layout.columns:
        if (
            not column.rule.startswith(("=", "empty"))
            and column.rule not in RULES
            and column.rule not in ("panel", "node", "edge")
        ):
            raise TableError(f"exports/{layout.kind}.tsv", 0, f"column {column.name}: no rule {column.rule!r}")


def value(column: Column, line: Line) -> Any:
    """Return the value of a column; None or "" when it is empty."""
    if column.rule == "empty":
        return ""
    if column.rule.startswith("="):
        return column.rule[1:]
    return RULES[column.rule](line)


def identity(line: Line) -> int:
    """Return a number of at most sixty bits for a dyad of an event, the same everywhere."""
    words = f"{line.event.id}/{line.number}"
    return int(hashlib.sha256(words.encode()).hexdigest()[:15], 16)


def _code(line: Line) -> str:
    return codes.cameo_code(line.event.cameo, line.event.event, line.event.modes)


def _goldstein(line: Line) -> float | str:
    found = codes.cameo().get(_code(line))
    return "" if found is None or found.goldstein is None else found.goldstein


def _quad(line: Line) -> int:
    found = codes.cameo().get(_code(line))
    return found.quad if found else line.event.quad


def _geo_type(line: Line) -> int:
    where = line.event.where
    if not where.country:
        return 0
    if not _city(line):
        return 1
    return _TOWNS_OF_USA if where.country == "USA" else _TOWNS_ABROAD


def _city(line: Line) -> str:
    where = line.event.where
    country = codes.countries().get(where.country)
    return "" if where.name in (where.country, country.name if country else "") else where.name


def _fips(line: Line) -> str:
    return codes.fips().get(line.event.where.country, "")


def _adm1(line: Line) -> str:
    admin1 = line.event.where.admin1
    return _fips(line) + (admin1 if len(admin1) == 2 and _fips(line) else "")


def _first_sentence(line: Line) -> int:
    return line.event.mentions[0].sentence if line.event.mentions else 0


def _auxiliary(line: Line) -> list[str]:
    event = line.event
    words = ["negation" if event.polarity == "negated" else "", event.modality if event.modality != "actual" else ""]
    return [word for word in (*words, "historical" if event.period == "historical" else "") if word]


def _location(line: Line) -> dict[str, Any]:
    where = line.event.where
    place = {"name": where.name, "country": where.country, "admin1": where.admin1, "latitude": where.lat}
    return {**place, "longitude": where.lon, "geonames_id": where.geonames_id}


def _published(line: Line) -> str:
    return line.article.published.replace("-", "") or f"{line.dated:%Y%m%d}"


def _parties(side: str) -> Rule:
    def rule(line: Line) -> list[dict[str, Any]]:
        named = getattr(line.event, side)
        return [
            {"text": p.text, "name": label(p), "country": p.country, "sector": list(p.sectors), "office": p.office} for p in named
        ]

    return rule


def _of_party(side: str, rule: Callable[[Participant], Any]) -> Rule:
    return lambda line: rule(getattr(line, side))


def _quantity(name: str) -> Rule:
    return lambda line: line.event.quantities.get(name)


def _threes(words: str, start: int, end: int | None = None) -> str:
    return ";".join(words[i : i + 3] for i in range(start, len(words) if end is None else min(end, len(words)), 3))


def _nth(items: list[str], place: int) -> str:
    return items[place] if place < len(items) else ""


def _party_code(party: Participant) -> str:
    return codes.actor_code(party.country, party.sectors)


def _phoenix_code(party: Participant) -> str:
    return codes.actor_code(party.country, party.sectors, "phoenix")


def _country(party: Participant, field: str) -> str:
    found = codes.countries().get(party.country)
    return getattr(found, field) if found else ""


def _words_of(sectors: tuple[str, ...]) -> str:
    return ",".join(codes.sector_table().get(sector, ("", sector))[1] for sector in sectors)


PARTY: dict[str, Callable[[Participant], Any]] = {
    "cameo": _party_code,
    "cameo_or_dash": lambda p: _phoenix_code(p) or "---",
    "name": label,
    "name_upper": lambda p: label(p).upper(),
    "text": lambda p: p.text,
    "office": lambda p: p.office,
    "country": lambda p: p.country,
    "country_name": lambda p: codes.written(p.country, "icews"),
    "cow": lambda p: _country(p, "cow"),
    "cameo_country": lambda p: "" if p.country in codes.bodies() else codes.written(p.country, "gdelt"),
    "group": lambda p: codes.bodies()[p.country].group if p.country in codes.bodies() else "",
    "type1": lambda p: _nth(codes.types(p.country, p.sectors), 0),
    "type2": lambda p: _nth(codes.types(p.country, p.sectors), 1),
    "type3": lambda p: _nth(codes.types(p.country, p.sectors), 2),
    "entity": lambda p: _phoenix_code(p)[:3],
    "role": lambda p: _phoenix_code(p)[3:6],
    "attribute": lambda p: _threes(_phoenix_code(p), 6),
    "sector1": lambda p: p.sectors[0] if p.sectors else "",
    "sectors": lambda p: ";".join(p.sectors),
    "sector_words": lambda p: _words_of(p.sectors),
}

RULES: dict[str, Rule] = {
    **{f"{side}.{name}": _of_party(side, rule) for side in ("actor", "recipient") for name, rule in PARTY.items()},
    "actors_plover": _parties("actors"),
    "recipients_plover": _parties("recipients"),
    "added14": lambda line: _published(line) + "000000",
    "added8": _published,
    "adm1": _adm1,
    "admin1": lambda line: line.event.where.admin1,
    "article_id": lambda line: line.article.id,
    "auxiliary": _auxiliary,
    "cameo": _code,
    "cameo_base": lambda line: _code(line)[:3],
    "cameo_name": lambda line: codes.cameo()[_code(line)].name if _code(line) in codes.cameo() else "",
    "cameo_quad": _quad,
    "cameo_root": lambda line: _code(line)[:2],
    "city": _city,
    "context_list": lambda line: list(line.event.contexts),
    "contexts": lambda line: ";".join(line.event.contexts),
    "day": lambda line: line.dated.isoformat() if line.day else "",
    "day8": lambda line: f"{line.dated:%Y%m%d}",
    "day_of": lambda line: line.dated.day,
    "dyad_id": lambda line: line.event.id + (f"-{line.number}" if line.number else ""),
    "event": lambda line: line.event.event,
    "fips": _fips,
    "fips_feature": lambda line: _fips(line) if _geo_type(line) == 1 else "",
    "fraction": lambda line: f"{line.dated.year + ((line.dated.month - 1) * 30 + line.dated.day) / 365:.4f}",
    "geo_type": _geo_type,
    "geonames_id": lambda line: line.event.where.geonames_id,
    "goldstein": _goldstein,
    "id": lambda line: line.event.id,
    "issues": lambda line: ";".join(f"{name.upper()},1" for name in line.event.contexts),
    "language": lambda line: line.article.language,
    "lat": lambda line: line.event.where.lat,
    "lead": lambda line: int(_first_sentence(line) < _LEAD),
    "location": _location,
    "lon": lambda line: line.event.where.lon,
    "mentions": lambda line: max(1, len(line.event.mentions)),
    "mode_list": lambda line: list(line.event.modes),
    "modes": lambda line: ";".join(line.event.modes),
    "month": lambda line: line.dated.month,
    "month6": lambda line: f"{line.dated:%Y%m}",
    "number": identity,
    "origin": lambda line: line.article.url or line.article.publisher or file_name(line.article.source_file),
    "penta": lambda line: 0 if _code(line)[:2] in ("01", "02") else _quad(line),
    "place": lambda line: line.event.where.name,
    "place_country": lambda line: line.event.where.country,
    "place_country_name": lambda line: codes.written(line.event.where.country, "icews"),
    "published": lambda line: line.article.published,
    "publisher": lambda line: line.article.publisher,
    "quad": lambda line: line.event.quad,
    "quad_words": lambda line: codes.quad_words(line.event.quad),
    "run_id": lambda line: line.run_id,
    "score": lambda line: line.event.score,
    "sentence": lambda line: sentence(line.event, line.article),
    "sentence_id": lambda line: f"{line.article.id}_{_first_sentence(line)}",
    "sentence_number": lambda line: _first_sentence(line) + 1,
    "trigger": lambda line: trigger_words(line.event, line.article),
    "url": lambda line: line.article.url,
    "year": lambda line: line.dated.year,
    "record": lambda line: to_dict(line.event),
    **{name: _quantity(name) for name in ("dead", "injured", "arrested", "crowd", "money")},
}
