"""Who of one family name is meant by a title: the one who held an office of that title, on that day, in that country."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from diurna.actors.base import KnowledgeBase, Sense
from diurna.actors.doubt import AMBIGUOUS
from diurna.actors.judgement import NOUNS, Frame, Resolution, by_title, heads_body, serves
from diurna.actors.keys import key
from diurna.actors.roles import ABROAD, pick_entity, role_sectors, spell_on
from diurna.actors.segments import PLACE_KINDS, Segment
from diurna.actors.words import words_of
from diurna.tables import load

_LOWER = words_of("lower")


@dataclass(frozen=True, slots=True)
class _Title:
    """The office that a title names; loose: the title is no name of it, but those who hold it are called so, too."""

    office: str
    loose: bool


@cache
def _titles() -> dict[str, _Title]:
    rows = load("actors/titles.tsv", ("title", "office", "loose"))
    return {key(row["title"]): _Title(row["office"], row["loose"] == "yes") for row in rows}


def names_office(title: str) -> bool:
    """Tell whether a title (a key) names one office, as "president" does and "leader" does not."""
    return title in _titles()


def held_as(title: str, office: str) -> int:
    """Return how well a title names an office: 2 the office itself, 1 one like it ("president of the senate"), 0 not."""
    forms = {form: known.loose for form, known in _titles().items() if known.office == _titles()[title].office}
    words = key(office)
    if words in forms:
        return 1 if forms[words] else 2
    if _LOWER.intersection(words.split()) - set(title.split()):
        return 0
    return int(any(f" {form} " in f" {words} " for form in forms))


def _held(sense: Sense, title: str, country: str, when: date | None, any_day: bool) -> int:
    """Return how well somebody held the office of a title, on the day and in the country if one is named."""
    spells = [e for e in sense.entries if not country or e.country == country]
    days = [e for e in spells if any_day or when is None or e.covers(when)]
    return max((held_as(title, e.office) for e in days), default=0)


def _best(senses: list[Sense], title: str, country: str, when: date | None, any_day: bool) -> list[Sense]:
    held = [(_held(s, title, country, when, any_day), s) for s in senses]
    best = max((how for how, _ in held), default=0)
    return [s for how, s in held if how == best] if best else []


def family(base: KnowledgeBase, name: str, frame: Frame, title: Sense | None, when: date | None) -> Resolution | None:
    """Resolve a title and a family name ("President Bush") when just one office holder of the day fits."""
    words = key(name)
    senses = [s for s in base.family.get(words, ()) if s.kind == "person"]
    if " " in words:
        senses = senses or [s for s in base.similar(words) if s.kind == "person"]
    office = key(title.name) if title else ""
    fits = [s for s in senses if s.entries and (not frame.country or any(e.country == frame.country for e in s.entries))]
    if title is not None and names_office(office) and " " not in words and not frame.designate:
        fits = _best(fits, office, frame.country, when, frame.former) or _by_given_name(base, words, office, frame, when)
    elif title is not None and office:
        fits = [s for s in fits if any(office in e.office or e.sectors[:1] == title.sectors[:1] for e in s.entries)] or (
            fits if frame.former else _heads_of(base, words, frame, title, when)
        )
    if when is not None and not frame.former and " " not in words:
        fits = [s for s in fits if any(e.covers(when) for e in s.entries)]
    chosen = pick_entity(fits, when, frame.country, office)
    if chosen is None:
        return None
    entry, in_spell = spell_on(chosen, when, frame.country, office)
    frame.titles = (*frame.titles, title) if title else frame.titles
    found = Resolution(
        entry.name,
        entry.entity_id,
        entry.country,
        role_sectors(entry, in_spell),
        entry.office,
        f"{entry.origin}: {entry.office} {entry.spell()}; family name",
        0.7 if len(fits) == 1 else AMBIGUOUS,
        "person",
    )
    return by_title(found, entry, in_spell, frame)


def _by_given_name(base: KnowledgeBase, words: str, title: str, frame: Frame, when: date | None) -> list[Sense]:
    """ "President Hassan of Somalia": where country and office are told, the first of several names is enough."""
    if not frame.country or when is None:
        return []
    fits = _best(base.given.get(words, []), title, frame.country, when, frame.former)
    return fits if len(fits) == 1 else []


def _heads_of(base: KnowledgeBase, words: str, frame: Frame, title: Sense, when: date | None) -> list[Sense]:
    """ "IAEA head Grossi": who of that family name held office in a body on a day, by whatever title."""
    if when is None or not heads_body(frame, title):
        return []
    bearers = (s for s in base.family.get(words.split(" ")[-1], ()) if key(s.name).endswith(f" {words}"))
    return [s for s in bearers if s.kind == "person" and any(e.covers(when) and serves(frame, e) for e in s.entries)]


def sole_holder(base: KnowledgeBase, core: list[Segment], when: date | None) -> Resolution | None:
    """Return whom "the Pope" means on a day: a title that one person bears, with nothing but his state beside it."""
    *before, last = core
    title = key(last.text)
    lands = {s.sense.country for s in before if s.kind in PLACE_KINDS}
    if when is None or any(s.kind not in PLACE_KINDS for s in before):
        return None
    for sense in base.sole.get(title, ()):
        entry, in_spell = spell_on(sense, when, "", title)
        if in_spell and entry.office == title and lands <= {entry.country}:
            rule = f"{entry.origin}: {title} {entry.spell()}"
            return Resolution(entry.name, entry.entity_id, entry.country, entry.sectors, title, rule, 0.9, "person")
    return None


def titled_medium(core: list[Segment], segment: Segment) -> Sense | None:
    """Return the title of a person who bears the name of a news medium: "Mayor Bloomberg"."""
    at = core.index(segment)
    before = core[at - 1] if at else None
    if before is None or " " in segment.text or segment.sense.origin != "media.tsv" or before.possessive:
        return None
    titles = [s for s in before.senses if s.kind == "office"] if before.capital and before.end == segment.start else []
    return titles[0] if titles and not before.plural else None


def in_office(base: KnowledgeBase, name: str, senses: list[Sense], when: date | None) -> list[Sense]:
    """ "Assad" in 1995 is Hafez: who bears the name in office that day goes before the best known, when he is not."""
    words = key(name)
    if when is None or " " in words or any(s.kind != "person" or any(e.covers(when) for e in s.entries) for s in senses):
        return []
    at_home = {e.country for s in senses for e in s.entries}
    bearers = [s for s in base.family.get(words, ()) if s.kind == "person"]
    return [s for s in bearers if any(e.covers(when) and e.country in at_home for e in s.entries)]


def country_after(tail: list[Segment]) -> Segment | None:
    """Return the country that stands behind a name: "King Abdullah *of Jordan*"; None where more than a country does."""
    if len(tail) < 2 or tail[0].kind != "preposition" or tail[0].text.lower() != "of":
        return None
    rest = [s for s in tail[1:] if s.kind != "determiner"]
    whole = len(rest) == 1 or rest[1].kind in ("comma", "preposition") if rest else False
    return rest[0] if whole and rest[0].kind == "country" and not rest[0].possessive else None


def other_country(
    base: KnowledgeBase, core: list[Segment], segment: Segment, frame: Frame, when: date | None
) -> Resolution | None:
    """Return who bears title and name of somebody known ("King Abdullah") in the country that is named, when he is of none such.

    None where the name tells more than a title and one word, or nothing shows that the country is that of the office.
    """
    country = frame.country
    lands = {e.country for s in segment.senses for e in s.entries}
    title, name = _parts(base, segment, frame)
    if not country or title is None or country in ABROAD or lands & {country, *ABROAD} or not _beside(core, segment):
        return None
    if found := family(base, name, frame, title, when):
        return found
    return unknown_holder(name, title, frame)


def unknown_holder(name: str, title: Sense, frame: Frame) -> Resolution:
    """Return somebody nobody knows who bears a title."""
    rule = f"{title.origin}; {frame.country_by}" if frame.country else title.origin
    sure = 0.85 if frame.country else 0.5
    return Resolution(name, "", frame.country, title.sectors, key(title.name), rule, sure, "person")


def _parts(base: KnowledgeBase, segment: Segment, frame: Frame) -> tuple[Sense | None, str]:
    """Return title and name of "King Abdullah" and "President | Karzai", no title for any other name."""
    first, _, name = segment.text.rpartition(" ")
    known = [s for s in base.senses(key(first)) if s.kind == "office"] if first else []
    title = known[0] if known else None if first else frame.title
    return (title if title is not None and names_office(key(title.name)) else None), name


def _beside(core: list[Segment], segment: Segment) -> bool:
    """Tell whether only titles stand between the country and the name, as in "Jordan's King Abdullah"; or it stands behind."""
    before = core[: core.index(segment)]
    places = [i for i, s in enumerate(before) if s.kind in PLACE_KINDS]
    return all(s.kind in (*NOUNS, "incumbent") for s in before[places[-1] + 1 :]) if places else True
