"""One line of a data set as a record of the ledger: an article without text, and its one event.

Whatever a data set does not say stays empty. Its confidence is 0, for it states none, and an explanation names data set and line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit

from diurna.imports import codes
from diurna.imports.reading import Line
from diurna.ontology import ontology
from diurna.records import Article, Event, Participant, Reason, When, Where

_CACHED = 100_000


class NoRoot(Exception):
    """The line is sound, but PLOVER has no root for what it codes."""


def record(dataset: str, place: str, line: Line) -> tuple[Article, Event]:
    """Return article and event of a line.

    Args:
        dataset: its name.
        place: file and line, for `Article.source_file`.
        line: the cells by column.

    Raises:
        NoRoot: a CAMEO code, such as a statement, that PLOVER has no root for.
        ValueError: a cell that cannot be used; the message says which.
    """
    return _READERS[dataset](dataset, place, line)


def _gdelt(dataset: str, place: str, line: Line) -> tuple[Article, Event]:
    day = _day(line["SQLDATE"], "SQLDATE")
    added = line["DATEADDED"][:8]
    url = line["SOURCEURL"]
    article = _article(dataset, line["GLOBALEVENTID"], place, _day(added, "DATEADDED") if added else day, url, _outlet(url))
    root, modes, cameo = _cameo(line["EventCode"])
    parties = [_gdelt_party(*(line[f"Actor{n}{name}"] for name in _GDELT_PARTY)) for n in (1, 2)]
    country = codes.fips_country(line["ActionGeo_CountryCode"])
    where = Where(line["ActionGeo_FullName"], country, "", *_point(line["ActionGeo_Lat"], line["ActionGeo_Long"]))
    return article, _event(article, root, modes, cameo, parties, day, where)


_GDELT_PARTY = ("Code", "Name", "CountryCode", "KnownGroupCode", "Type1Code", "Type2Code", "Type3Code")


@lru_cache(_CACHED)
def _gdelt_party(code: str, name: str, country: str, group: str, *types: str) -> tuple[Participant, ...]:
    if not code and not name:
        return ()
    where = codes.cameo_country(country) or codes.body(group, types)
    return _party(name.title() if name.isupper() and len(name) > 4 else name or code, where, codes.sectors_of_types(types))


def _icews(dataset: str, place: str, line: Line) -> tuple[Article, Event]:
    day = _day(line["Event Date"], "Event Date")
    article = _article(dataset, line["Event ID"], place, day, "", line["Publisher"])
    root, modes, cameo = _cameo(line["CAMEO Code"])
    parties = [
        _icews_party(*(line[f"{side} {name}"] for name in ("Name", "Sectors", "Country"))) for side in ("Source", "Target")
    ]
    country = codes.named_country(line["Country"])
    name = line["City"] or line["Province"] or line["Country"]
    where = Where(name, country, line["Province"], *_point(line["Latitude"], line["Longitude"]))
    return article, _event(article, root, modes, cameo, parties, day, where)


@lru_cache(_CACHED)
def _icews_party(name: str, sectors: str, country: str) -> tuple[Participant, ...]:
    held = codes.sectors_of_words(sectors)
    if not name and not country and not held:
        return ()
    where = codes.named_country(country) or codes.body("", held)
    return _party(name or country, where, held)


def _polecat(dataset: str, place: str, line: Line) -> tuple[Article, Event]:
    day = _day(line["Event Date"], "Event Date")
    told = line["Publication Date"]
    article = _article(dataset, line["Event ID"], place, _day(told, "Publication Date") if told else day, "", line["Source"])
    scheme = ontology()
    root, modes = line["Event Type"].upper(), codes.items(line["Event Mode"].lower())
    if root not in scheme.roots:
        raise ValueError(f"no PLOVER root {root!r}")
    known = tuple(mode for mode in modes if scheme.has(root, mode))
    parties = [_polecat_party(*(line[name.format(side)] for name in _POLECAT_PARTY)) for side in ("Actor", "Recipient")]
    number = line["GeoNames ID"]
    spot = _point(line["Latitude"], line["Longitude"])
    country = codes.named_country(line["Country"])
    where = Where(line["Placename"], country, line["Province"], *spot, int(number) if number.isdigit() else None)
    event = _event(article, root, known, scheme.cameo_of(root, known), parties, day, where)
    contexts = tuple(item for item in codes.items(line["Contexts"].lower()) if item in scheme.contexts)
    return article, replace(event, contexts=contexts)


_POLECAT_PARTY = ("{} Name", "{} Country", "{} Sectors", "{} Title", "{} Name Raw")


@lru_cache(_CACHED)
def _polecat_party(name: str, country: str, sectors: str, title: str, raw: str) -> tuple[Participant, ...]:
    if not (name or country or raw):
        return ()
    return _party(name or raw or country, codes.named_country(country), codes.items(sectors.upper()), title, raw)


_READERS: dict[str, Callable[[str, str, Line], tuple[Article, Event]]] = {
    "gdelt1": _gdelt,
    "gdelt2": _gdelt,
    "icews": _icews,
    "polecat": _polecat,
}


def _article(dataset: str, number: str, place: str, published: date, url: str, publisher: str) -> Article:
    if not number:
        raise ValueError("no id of the event")
    return Article("", f"{dataset}-{number}", url, publisher=publisher, published=published.isoformat(), source_file=place)


def _event(
    article: Article,
    root: str,
    modes: tuple[str, ...],
    cameo: str,
    parties: list[tuple[Participant, ...]],
    day: date,
    where: Where,
) -> Event:
    scheme = ontology()
    dataset = article.id.partition("-")[0]
    return Event(
        id=article.id, article_id=article.id, event=root, modes=modes, cameo=cameo, quad=scheme.roots[root].quad,
        score=scheme.score(root, modes[0] if modes else ""), actors=parties[0], recipients=parties[1],
        when=When(day.isoformat(), day.isoformat(), "day"), where=where,
        explanation=(Reason("event", f"imported from {dataset}", article.source_file),),
    )  # fmt: skip


def _party(name: str, country: str, sectors: tuple[str, ...], office: str = "", text: str = "") -> tuple[Participant, ...]:
    party = Participant(text or name, (), name, country=country, sectors=sectors, office=office, resolved_by="imported")
    return (party,)


def _cameo(code: str) -> tuple[str, tuple[str, ...], str]:
    """Return root, modes and code; ICEWS files that went through a spreadsheet have lost a leading zero."""
    names = ontology().cameo_names
    lost = len(code) == 2 or (len(code) == 3 and code not in names and f"0{code}" in names)  # no row has fewer than three digits
    whole = f"0{code}" if code.isdigit() and lost else code
    root, mode = codes.plover_of(whole)
    if not root:
        raise NoRoot(whole)
    return root, (mode,) if mode else (), whole


@lru_cache(_CACHED)
def _day(words: str, column: str) -> date:
    digits = words[:10].replace("-", "")
    try:
        if len(digits) != 8 or not digits.isascii():
            raise ValueError
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise ValueError(f"{column} {words[:40]!r} is no day") from None


def _point(lat: str, lon: str) -> tuple[float | None, float | None]:
    if not lat or not lon:
        return None, None
    try:
        north, east = float(lat), float(lon)
    except ValueError:
        raise ValueError(f"{lat[:20]!r}, {lon[:20]!r} are no coordinates") from None
    if not (-90 <= north <= 90 and -180 <= east <= 180):
        raise ValueError(f"{lat[:20]}, {lon[:20]} are no coordinates on this Earth")
    return north, east


def _outlet(url: str) -> str:
    """Return the host of an address, or the words themselves: GDELT names agencies without one."""
    try:
        return (urlsplit(url).hostname or url).removeprefix("www.")
    except ValueError:
        return ""
