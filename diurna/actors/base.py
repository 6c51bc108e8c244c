"""The knowledge base of actors: dated entries for names, and the nouns, titles and qualifiers around them.

One lexicon maps a normal key (see `keys.key`) to senses. A sense says what kind of thing the words are; entities carry
entries, one per spell in a role (codebook, section 3: sectors follow the person's role on the day of the event).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path

from diurna.actors.days import read_day
from diurna.actors.keys import key, singular, skeleton
from diurna.actors.own import OwnRow, conflicts, read_own
from diurna.actors.words import countries_where, entity_tables, words_of
from diurna.errors import TableError
from diurna.tables import Row, load

ENTITY_COLUMNS = ("name", "aliases", "country", "sectors", "start", "end", "office", "wikidata")
COUNTRY_COLUMNS = ("iso3", "plover", "name", "aliases", "adjectives", "demonyms", "seats", "start", "end", "iso2", "wikidata")
_ALIKE = 0.7  # share of letters in common of two spellings of one name
_SYLLABLE = 0.6  # and of two spellings of one syllable
OWN = -1  # rank of a user's own entries, before every table


@dataclass(frozen=True, slots=True)
class Entry:
    """One spell of an entity in a role.

    entity_id: its kind, a colon, and its Wikidata id if known, else its name; of states their code. start, end: first and last
    day, None when open. origin, line: where it is written. rank: order of its table; the user's own come first (`OWN`).
    """

    name: str
    entity_id: str
    country: str
    sectors: tuple[str, ...]
    kind: str
    start: date | None = None
    end: date | None = None
    office: str = ""
    origin: str = ""
    rank: int = 9
    line: int = 0
    wikidata: str = ""

    def covers(self, when: date) -> bool:
        """Tell whether the spell contains the day."""
        return (self.start is None or self.start <= when) and (self.end is None or when <= self.end)

    def spell(self) -> str:
        """Return the spell as "2000-05-07..2008-05-07", with a side left empty where it is open."""
        return f"{self.start or ''}..{self.end or ''}"

    def own_on(self, when: date | None) -> bool:
        """Tell whether this is a user's own entry that holds on the day."""
        return self.rank == OWN and (when is None or self.covers(when))

    def distance(self, when: date) -> int:
        """Return how many days lie between the day and the spell; 0 inside it."""
        if self.covers(when):
            return 0
        if self.start is not None and when < self.start:
            return (self.start - when).days
        return (when - self.end).days if self.end is not None else 0


@dataclass(frozen=True, slots=True)
class Sense:
    """What the words of a key can mean.

    kind: person, body, country, adjective, demonym, seat, region, office, agent, or the kind of a qualifier.
    caps: the words count only when printed in capitals ("US", "IS"). number, noun: of agents, see agents.tsv.
    own: from a user's own file, and so before every other sense of the words.
    """

    kind: str
    country: str = ""
    sectors: tuple[str, ...] = ()
    name: str = ""
    noun: str = ""
    number: str = ""
    gender: str = ""
    honorific: bool = False
    caps: bool = False
    entries: list[Entry] = field(default_factory=list)
    origin: str = ""
    own: bool = False


class KnowledgeBase:
    """Everything the tables say of actors. Make one with `knowledge(extra, own)`, which keeps it.

    problems: rows that could not be used, each with file and line.
    """

    def __init__(self, extra: Path | None = None, own: Sequence[Path] = ()) -> None:
        self.lexicon: dict[str, list[Sense]] = {}
        self.countries: dict[str, Sense] = {}
        self.family: dict[str, list[Sense]] = {}
        self.given: dict[str, list[Sense]] = {}
        self.sole: dict[str, list[Sense]] = {}
        self.by_iso2: dict[str, str] = {}
        self.longest = 1
        self._by_spelling: dict[str, list[Sense]] = {}
        self.problems: list[TableError] = []
        self._sense_of: dict[str, Sense] = {}
        self._skeletons: dict[str, list[str]] | None = None
        self._extra = extra
        rows = self._rows("spelling.tsv", ("british", "american"))
        self._spelling = {row["british"]: row["american"] for row in rows if row["british"][0] != "-"}
        self._endings = {row["british"][1:]: row["american"][1:] for row in rows if row["british"][0] == "-"}
        self._read_countries()
        ordered = [(table, kind) for kind in ("person", "body") for table in entity_tables(kind)]
        for rank, (table, kind) in enumerate(ordered):
            self._read_entities(table, kind, rank)
        self._read_nouns()
        if own:
            self._read_own(own)

    def senses(self, words: str) -> list[Sense]:
        """Return the senses of a normal key, else of its other spelling ("spelling.tsv")."""
        if found := self.lexicon.get(words):
            return found
        spelled = self.spelled(words)
        return self.lexicon.get(spelled) or self._by_spelling.get(spelled, [])

    def spelled(self, words: str) -> str:
        """Return a key in its other spelling: "world food programme" and "... program", "navalnyy" and "navalny"."""
        parts = words.split(" ")
        ends = tuple(self._endings)
        if self._spelling.keys().isdisjoint(parts) and not any(part.endswith(ends) for part in parts):
            return words
        return " ".join([self._spelling.get(part) or self._ended(part) for part in parts])

    def _ended(self, word: str) -> str:
        end = next((end for end in self._endings if word.endswith(end) and len(word) > len(end) + 2), "")
        return word.removesuffix(end) + self._endings[end] if end else word

    def similar(self, words: str) -> list[Sense]:
        """Return the senses of a name that differs from `words` only in transliteration, if there is exactly such a one."""
        words = self.spelled(words)
        bones = skeleton(words)
        if len(bones) < (4 if " " in words else 3) or len(words) < 6:
            return []
        if self._skeletons is None:
            self._skeletons = {}
            for name, senses in self.lexicon.items():
                if senses[0].kind in ("person", "body"):
                    self._skeletons.setdefault(skeleton(self.spelled(name)), []).append(name)
        near = [
            n for n in self._skeletons.get(bones, ()) if self.lexicon[n][0].kind == "person" or n.count(" ") == words.count(" ")
        ]
        alike = {n: difflib.SequenceMatcher(None, n, words).ratio() for n in near if not self._other_syllable(n, words)}
        best = max(alike, key=lambda n: alike[n], default="")
        if best and alike[best] >= _ALIKE:
            return self.lexicon[best]
        parts = words.split(" ")
        return [s for s in self.senses(f"{parts[0]} {parts[-1]}") if s.kind == "person"] if len(parts) > 2 else []

    def _other_syllable(self, known: str, words: str) -> bool:
        """Tell whether the last syllables differ of two names that are written family name first: Jong-un is not Jong-hoon."""
        ours, theirs = known.split(" "), words.split(" ")
        lands = {entry.country for sense in self.lexicon[known] for entry in sense.entries}
        if len(ours) != 3 or len(theirs) != 3 or not lands & countries_where("family_first"):
            return False
        one, other = ours[-1], theirs[-1]
        return (one[:1] == "h") != (other[:1] == "h") or difflib.SequenceMatcher(None, one, other).ratio() < _SYLLABLE

    def _add(self, words: str, sense: Sense) -> None:
        if not words:
            return
        senses = self.lexicon.setdefault(words, [])
        if (spelled := self.spelled(words)) != words:
            self._by_spelling.setdefault(spelled, senses)
        if all(known is not sense for known in senses):
            senses.append(sense)
        self.longest = max(self.longest, words.count(" ") + 1)

    def _rows(self, table: str, columns: Iterable[str]) -> list[Row]:
        return load(f"actors/{table}", tuple(columns), self._extra)

    def _read_countries(self) -> None:
        for row in (*self._rows("countries.tsv", COUNTRY_COLUMNS), *self._rows("former_states.tsv", COUNTRY_COLUMNS)):
            self._read_country(row, row["iso3"], row["plover"], ("GOV", *row.items("sectors")), "country")
            if row["iso2"] and not row["end"]:
                self.by_iso2[row["iso2"]] = row["plover"]
        for row in self._rows("regions.tsv", ("name", "aliases", "country", "adjectives", "demonyms")):
            self._read_country(row, "", row["country"], ("GOV",), "region")

    def _read_country(self, row: Row, iso3: str, country: str, sectors: tuple[str, ...], kind: str) -> None:
        origin = f"{Path(row.path).name}: {row['name']}"
        entity = f"country:{country}" if kind == "country" and iso3 == country else _entity_id(kind, row["name"])
        start, end = read_day(row.cells.get("start", "")), read_day(row.cells.get("end", ""), last=True)
        wikidata = row.cells.get("wikidata", "")

        def sense(of: str, chosen: tuple[str, ...], text: str) -> Sense:
            entry = Entry(row["name"], entity, country, chosen, kind, start, end, origin=origin, wikidata=wikidata)
            return Sense(of, country, chosen, row["name"], caps=_capitals(text), entries=[entry], origin=origin)

        names = (row["name"], *row.items("aliases"))
        for text in names:
            self._add(key(text), sense(kind, sectors, text))
        if country not in self.countries or (kind == "country" and iso3 == country and not end):
            self.countries[country] = sense(kind, sectors, row["name"])
        for text in row.items("adjectives"):
            self._add(key(text), sense("adjective", sectors, text))
        people = ("CVL", *sectors[1:])
        for text in row.items("demonyms"):
            self._add(singular(key(text)), sense("demonym", people, text))
        for item in row.items("seats") if "seats" in row.cells else ():
            text, _, codes = item.partition("=")
            self._add(key(text), sense("seat", tuple(codes.split(",")) if codes else sectors, text))

    def _read_entities(self, table: str, kind: str, rank: int) -> None:
        for row in self._rows(table, ENTITY_COLUMNS):
            try:
                start, end = read_day(row["start"]), read_day(row["end"], last=True)
            except ValueError as error:
                self.problems.append(row.error(str(error)))
                continue
            wikidata = row["wikidata"]
            entry = Entry(
                row["name"], _entity_id(kind, row["name"], wikidata), row["country"], row.items("sectors"), kind, start, end,
                row["office"], table, rank, row.line, wikidata,
            )  # fmt: skip
            self._add_entry(entry, row.items("aliases"))

    def _add_entry(self, entry: Entry, aliases: tuple[str, ...]) -> None:
        identity = f"{entry.kind}|{key(entry.name)}" + (f"|{entry.country}" if entry.kind == "body" else "")
        sense = self._sense_of.get(identity)
        if sense is None:
            sense = Sense(entry.kind, entry.country, entry.sectors, entry.name, origin=entry.origin, own=entry.rank == OWN)
            self._sense_of[identity] = sense
            if entry.kind == "person":
                self._add_name_orders(entry, sense)
        sense.entries.append(entry)
        if entry.office in words_of("sole"):
            self.sole.setdefault(entry.office, []).append(sense)
        for text in (entry.name, *aliases):
            words = key(text)
            shout = _capitals(text) and len(words) < 4  # "Nato" and "Isis" are printed so too
            self._add(words, replace(sense, caps=True) if shout else sense)
            if text[:3] in ("al-", "Al-", "AL-"):
                self._add("al " + words, sense)

    def _add_name_orders(self, entry: Entry, sense: Sense) -> None:
        """Family names, and the orders in which a country's names are printed: "Abe Shinzo", "Peña Nieto"."""
        words = key(entry.name).split()
        if len(words) < 2:
            return
        self.given.setdefault(words[0], []).append(sense)
        first = entry.country in countries_where("family_first")
        if not (first and "-" in entry.name.split()[-1]):  # "Kim Yo-jong" is no Jong
            self.family.setdefault(words[-1], []).append(sense)
        if first and entry.rank == 0 and "GOV" in entry.sectors:
            self.family.setdefault(words[0], []).append(sense)
        if len(words) > 2 and entry.country in countries_where("two_families"):
            self.family.setdefault(" ".join(words[-2:]), []).append(sense)
        if entry.country in countries_where("either"):
            turned = (*words[1:], words[0]) if first else (words[-1], *words[:-1])
            self._add(" ".join(turned), sense)

    def _read_own(self, paths: Sequence[Path]) -> None:
        own = read_own(paths)
        self.problems += (*own.problems, *conflicts(own.rows))
        for row in own.rows:
            origin = f"{Path(row.path).name}:{row.line}"
            if row.kind == "agent":
                noun = Sense("agent", row.country, row.sectors, row.name, "person", "singular", origin=origin, own=True)
                for words in row.names:
                    self._add(singular(key(words)), noun)
                for words in row.plurals:
                    self._add(key(words), replace(noun, number="plural"))
            elif row.kind == "place":
                self._add_place(row, origin)
            else:
                entry = Entry(
                    row.name, _entity_id(row.kind, row.name, row.wikidata), self._home(row), row.sectors, row.kind, row.start,
                    row.end, row.office, origin, OWN, row.line, row.wikidata,
                )  # fmt: skip
                self._add_entry(entry, row.aliases)

    def _home(self, row: OwnRow) -> str:
        """Return the country of a user's row; for a body without one that of the same body in the tables ("Reuters")."""
        known = (s for s in self.senses(key(row.name)) if row.kind == s.kind == "body" and s.sectors[:1] == row.sectors[:1])
        return row.country or next((s.country for s in known), "")

    def _add_place(self, row: OwnRow, origin: str) -> None:
        """Add names of a country that the tables do not know as such: adjectives and demonyms keep their own rules."""
        country = f"country:{row.country}"
        entry = Entry(row.name, country, row.country, row.sectors, "country", row.start, row.end, "", origin, OWN, row.line)
        for words in row.names:
            if all(row.country != known.country for known in self.senses(key(words))):
                caps = _capitals(words)
                self._add(
                    key(words),
                    Sense("country", row.country, row.sectors, row.name, caps=caps, entries=[entry], origin=origin, own=True),
                )

    def _read_nouns(self) -> None:
        for row in self._rows("agents.tsv", ("phrase", "sectors", "country", "kind", "number")):
            self._add(
                key(row["phrase"]),
                Sense(
                    "agent",
                    row["country"],
                    row.items("sectors"),
                    row["phrase"],
                    row["kind"],
                    row["number"],
                    origin=f"agents.tsv: {row['phrase']}",
                ),
            )
        for row in self._rows("offices.tsv", ("title", "sectors", "gender", "honorific")):
            self._add(
                key(row["title"]),
                Sense(
                    "office",
                    "",
                    row.items("sectors"),
                    row["title"],
                    "person",
                    "singular",
                    row["gender"],
                    row["honorific"] == "yes",
                    origin=f"offices.tsv: {row['title']}",
                ),
            )
        for row in self._rows("qualifiers.tsv", ("phrase", "kind")):
            self._add(key(row["phrase"]), Sense(row["kind"], name=row["phrase"], origin=f"qualifiers.tsv: {row['phrase']}"))


def _entity_id(kind: str, name: str, wikidata: str = "") -> str:
    return f"{kind}:{wikidata or key(name).replace(' ', '-')}"


def _capitals(text: str) -> bool:
    """Tell whether a name is a short abbreviation, which then counts only in capitals."""
    return len(text.replace(".", "")) <= 5 and text.replace(".", "").isupper()


@cache
def knowledge(extra: Path | None = None, own: tuple[Path, ...] = ()) -> KnowledgeBase:
    """Return the knowledge base of the built-in tables, the user's folder `extra` and files of actors `own`, read once."""
    return KnowledgeBase(extra, own)
