"""Resolves a mention to who it stands for on a day: country, sectors, office (codebook, section 3). No spaCy here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from diurna.actors.base import Sense, knowledge
from diurna.actors.bearers import country_after, family, in_office, other_country, sole_holder, titled_medium, unknown_holder
from diurna.actors.cities import city_country
from diurna.actors.doubt import AMBIGUOUS, certainty, long_out, rivals
from diurna.actors.judgement import (
    GUESSED,
    NOUNS,
    PEOPLE,
    Frame,
    Resolution,
    by_title,
    following,
    heads_strangers,
    is_name,
    noun_kind,
    noun_sense,
    of_that_kind,
    of_their_kind,
    other_bearer,
    qualified,
    says_someone_of,
    spell_of_place,
    stands_alone,
    within,
)
from diurna.actors.keys import key, singular
from diurna.actors.roles import FORMER, pick_entity, role_sectors, spell_on
from diurna.actors.segments import PLACE_KINDS, SKIPPED, Segment, Segmenter
from diurna.actors.words import words_of

__all__ = ["Resolution", "Resolver"]

ENTITIES = ("person", "body")
HELD = words_of("held")
WHERE = words_of("where")
BELONGING = words_of("belonging")
PLAIN = words_of("plain")


class Resolver:
    """Resolves mentions with the built-in tables and, if given, the user's own folder of tables and files of actors."""

    def __init__(self, extra: Path | None = None, own: tuple[Path, ...] = ()) -> None:
        self.base = knowledge(extra, own)
        self.segmenter = Segmenter(self.base)

    def resolve(self, words: Sequence[str] | str, when: date | None = None) -> Resolution | None:
        """Return who the mention stands for on the day, or None when nobody political is known.

        Args:
            words: the mention as text or as words: a noun phrase without relative clauses.
            when: day of the event; without it the latest spell counts.
        """
        text = words if isinstance(words, str) else " ".join(words)
        return self._resolve(self.segmenter.cut(text), when, 0)

    def bearers_named(self, text: str) -> list[Sense]:
        """Return who may be meant by the first name in a mention that several bodies, or several persons, bear."""
        for segment in self.segmenter.cut(text):
            for kind in ENTITIES:
                if len(found := [s for s in segment.senses if s.kind == kind]) > 1:
                    return found
        return []

    def _resolve(self, segments: list[Segment], when: date | None, depth: int) -> Resolution | None:
        while segments and segments[0].kind in (*SKIPPED, "comma"):
            segments = segments[1:]
        stop = next((i for i, s in enumerate(segments) if s.kind in ("preposition", "comma")), len(segments))
        core, tail = segments[:stop], segments[stop:]
        if not core or depth > 3:
            return None
        head = self._head(core)
        if head is None:
            return self._unknown(core, tail, when, depth)
        frame = self._frame(core[:head], when, core[head])
        segment = core[head]
        after = [s for s in core[head + 1 :] if s.kind not in ("designate", "former")]
        if any(s.kind == "designate" for s in core[head:]):
            frame.designate = True
        name = self._trailing_name(after)
        if after and not name:
            return self._modifier(core, frame)
        if (name or segment.kind == "person") and not frame.country and (place := country_after(tail)):
            frame.country, frame.country_by = place.sense.country, place.sense.origin
        if segment.kind == "body" and any(s.kind in NOUNS for s in segment.senses):
            if self._elsewhere(segment, frame, tail, when, depth):
                return self._noun(segment, frame, tail, name, when, depth)
            return replace(self._entity(segment, frame, when), confidence=AMBIGUOUS)
        if segment.kind == "person" and (other := other_bearer(core, head, segment)):
            return self._namesake(other, frame, when)
        if segment.kind == "person" and (found := other_country(self.base, core, segment, frame, when)):
            return found
        if segment.kind == "body" and (title := titled_medium(core, segment)):
            return family(self.base, segment.text, frame, title, when) or unknown_holder(segment.text, title, frame)
        if segment.kind in ENTITIES:
            return self._entity(segment, frame, when)
        if not (name or tail) and (holder := sole_holder(self.base, core, when)):
            return holder
        if segment.kind in NOUNS or segment.kind == "kin":
            return self._noun(segment, frame, tail, name, when, depth)
        if segment.kind in PLACE_KINDS:
            person = family(self.base, f"{segment.text} {name}", frame, None, when) if name and not segment.possessive else None
            return person or self._place(segment, frame, name, when)
        return None

    def _namesake(self, name: str, frame: Frame, when: date | None) -> Resolution | None:
        """Ivanka Trump is not Trump: a family name with a given name the table does not know is somebody else."""
        similar = pick_entity(self.base.similar(key(name)), when, frame.country)
        if similar is not None:
            entry, in_spell = spell_on(similar, when, "", "")
            return Resolution(
                entry.name,
                entry.entity_id,
                entry.country,
                role_sectors(entry, in_spell),
                entry.office,
                f"{entry.origin}: {entry.office} {entry.spell()}; spelling",
                0.8,
                "person",
            )
        title = frame.title
        sectors = title.sectors if title else ()
        confidence = 0.85 if frame.country and sectors else 0.3
        rule = f"{title.origin}; {frame.country_by}" if title else "unknown person"
        found = Resolution(name, "", frame.country, sectors, key(title.name) if title else "", rule, confidence, "person")
        return replace(found, sectors=FORMER) if frame.former and sectors else found

    def _elsewhere(self, segment: Segment, frame: Frame, tail: list[Segment], when: date | None, depth: int) -> bool:
        """Tell whether a body of one country ("Supreme Court") is named beside another country, and so is that one's."""
        country = frame.country
        if not country and tail and tail[0].kind == "preposition" and tail[0].text.lower() in ("of", "in"):
            owner = self._resolve(tail[1:], when, depth + 1)
            country = owner.country if owner else ""
        return bool(country) and all(e.country != country for s in segment.senses for e in s.entries)

    def _head(self, core: list[Segment]) -> int | None:
        for index in range(len(core) - 1, -1, -1):
            if core[index].kind in (*ENTITIES, *NOUNS, *PLACE_KINDS, "kin"):
                later = core[index + 1 :]
                if core[index].possessive and later and not is_name(later):
                    return None
                return index
        return None

    def _trailing_name(self, after: list[Segment]) -> str:
        return " ".join(s.text for s in after) if after and is_name(after) else ""

    def _frame(self, before: list[Segment], when: date | None, head: Segment) -> Frame:
        frame = Frame()
        titles: list[Sense] = []
        for index, segment in enumerate(before):
            if segment.possessive:
                titles, frame.former, frame.opposition = [], False, False
            if segment.kind in PLACE_KINDS:
                frame.country, frame.country_by = segment.sense.country, segment.sense.origin
                if segment.kind == "seat" and segment.possessive is False and segment.sense.sectors[0] != "GOV":
                    frame.body = self._place(segment, Frame(), "", when)
            elif segment.kind in ENTITIES:
                frame.body = self._entity(of_that_kind(segment, head), Frame(), when)
                frame.country, frame.country_by = frame.body.country, frame.body.resolved_by
            elif segment.kind in NOUNS:
                chosen = noun_sense(segment)
                if segment.possessive and not chosen.honorific and chosen.noun == "group":
                    frame.body = Resolution(segment.text, "", chosen.country, chosen.sectors, "", chosen.origin, 0.6)
                elif not segment.possessive:
                    titles.append(chosen)
                frame.opposition |= chosen.sectors[:1] == ("OPP",) and chosen.name == "opposition"
            elif segment.kind == "former":
                frame.former = True
            elif segment.kind == "designate":
                frame.designate = True
            elif segment.kind == "incumbent":
                frame.incumbent = True
            elif segment.kind == "word" and segment.capital and not frame.country:
                plain = segment.start == 0 and key(segment.text) in PLAIN  # "Young protesters" are nobody's
                leader = family(self.base, segment.text, Frame(), None, when) if index == len(before) - 1 and not plain else None
                if leader:  # "the Bush administration"
                    frame.body, frame.country, frame.country_by = leader, leader.country, leader.resolved_by
                else:
                    self._city_before(before, index, frame)
        frame.titles = tuple(titles)
        return frame

    def _city_before(self, before: list[Segment], index: int, frame: Frame) -> None:
        run = [s.text for s in before[index : index + 3] if s.kind == "word" and s.capital]
        for length in range(len(run), 0, -1):
            if found := self._city(" ".join(run[:length])):
                frame.country, frame.country_by = found.country, found.resolved_by
                return

    def _city(self, text: str) -> Resolution | None:
        found = city_country(text)
        country = self.base.by_iso2.get(found[0], "") if found else ""
        if not found or not country:
            return None
        return Resolution(
            found[1], f"city:{key(found[1]).replace(' ', '-')}", country, ("CVL",), "", f"city: {found[1]}", 0.4, "city"
        )

    def _entity(self, segment: Segment, frame: Frame, when: date | None) -> Resolution:
        title = frame.title
        office = key(title.name) if title else ""
        senses = [s for s in segment.senses if s.kind in ENTITIES]
        namesakes = in_office(self.base, segment.text, senses, when)
        chosen = pick_entity(namesakes or senses, when, frame.country, office, title.sectors if title else ())
        assert chosen is not None
        entry, in_spell = spell_on(chosen, when, "" if chosen.kind == "person" else frame.country, office)
        abroad = chosen.kind == "body" and segment.text.isupper() and frame.country not in ("", entry.country)  # "Ghana's PPP"
        sure, doubt = certainty(chosen, when, rivals(senses, chosen, when, frame.country), abroad)
        if not (frame.titles or frame.country or frame.former):
            bearers = len({s.name for s in self.base.family.get(key(chosen.name).split(" ")[-1], ())})
            sure, doubt = long_out(chosen, when, bearers) or (sure, doubt)
        base = Resolution(
            entry.name,
            entry.entity_id,
            entry.country,
            role_sectors(entry, in_spell),
            entry.office,
            f"{entry.origin}: {entry.office or entry.name} {entry.spell()}"
            + (("; family name" if frame.titles else GUESSED) if namesakes else doubt),
            0.6 if namesakes else sure,
            entry.kind,
        )
        if entry.kind != "person":
            return replace(base, office="")
        return by_title(base, entry, in_spell, frame)

    def _place(self, segment: Segment, frame: Frame, name: str, when: date | None) -> Resolution:
        sense = spell_of_place(segment, when)
        entry = sense.entries[0]
        sectors, (confidence, doubt) = sense.sectors, certainty(sense, when, ())
        if segment.kind == "adjective":
            sectors, confidence = ("GOV", *sense.sectors[1:]), 0.6
        if (segment.kind == "adjective" and not stands_alone(segment)) or segment.kind == "demonym":
            sectors, confidence = ("CVL", *sense.sectors[1:]), 0.7
        if name:
            return Resolution(name, "", sense.country, (), "", f"nationality: {segment.text}", 0.3, "person")
        entity = f"country:{sense.country}" if segment.kind in ("seat", "adjective") else entry.entity_id
        return Resolution(sense.name, entity, sense.country, sectors, "", sense.origin + doubt, confidence, segment.kind)

    def _noun(self, segment: Segment, frame: Frame, tail: list[Segment], name: str, when: date | None, depth: int) -> Resolution:
        sense = noun_sense(segment)
        if name and (person := family(self.base, name, frame, sense, when)):
            return person
        found = Resolution(
            name or segment.text,
            "",
            frame.country or sense.country,
            sense.sectors,
            "",
            sense.origin,
            0.85 if frame.country or sense.country else 0.5,
            noun_kind(sense, name),
        )
        if sense.kind == "office" or name:
            found = replace(found, office=key(sense.name))
        belongs = frame.body or (self._belonging(tail, when, depth) if says_someone_of(sense) else None)
        found = within(found, sense, belongs) if belongs else of_their_kind(found, sense, frame)
        if not found.country:
            found = self._from_tail(found, tail, when, depth)
        elif frame.country_by:
            found = replace(found, resolved_by=f"{sense.origin}; {frame.country_by}")
        if belongs is None and heads_strangers(found, sense, tail):
            found = replace(found, sectors=("SOC",), confidence=0.5)  # "president of the 48 Cantons": no government's
        if segment.kind == "kin" and (frame.titles or frame.body or _is_possessed_by_person(tail, self, when, depth)):
            return replace(found, sectors=FORMER, resolved_by=f"family: {found.resolved_by}")
        return qualified(found, frame, sense)

    def _belonging(self, tail: list[Segment], when: date | None, depth: int) -> Resolution | None:
        if not tail or tail[0].kind != "preposition" or tail[0].text.lower() not in BELONGING:
            return None
        owner = self._resolve(tail[1:], when, depth + 1)
        return owner if owner and owner.kind in ("body", "group", "seat", *PEOPLE) and owner.confidence >= 0.5 else None

    def _from_tail(self, found: Resolution, tail: list[Segment], when: date | None, depth: int) -> Resolution:
        for index, segment in enumerate(tail):
            loyal = index > 0 and tail[index - 1].text.lower() == "loyal"
            if segment.kind == "comma" or (segment.kind == "preposition" and segment.text.lower() not in WHERE and not loyal):
                return found
            if segment.kind != "preposition" or segment.text.lower() == "loyal":
                continue
            rest = tail[index + 1 :]
            owner = self._resolve(rest, when, depth + 1) or self._named_city(rest)
            if owner and owner.country:
                rule = f"{found.resolved_by}; {segment.text} {owner.name}"
                found = replace(found, country=owner.country, confidence=0.75, resolved_by=rule)
                return following(found, owner.sectors) if segment.text.lower() == "to" else found
        return found

    def _named_city(self, segments: list[Segment]) -> Resolution | None:
        run: list[str] = []
        for segment in segments:
            if segment.kind in SKIPPED and not run:
                continue
            if segment.kind != "word" or not segment.capital:
                break
            run.append(segment.text)
        return next((city for n in range(len(run), 0, -1) if (city := self._city(" ".join(run[:n])))), None)

    def _unknown(self, core: list[Segment], tail: list[Segment], when: date | None, depth: int) -> Resolution | None:
        frame = self._frame(core, when, core[-1])
        words = [s for s in core if s.kind == "word"]
        if words and all(s.capital for s in words) and not frame.country_by.startswith("countries"):
            text = " ".join(s.text for s in words)
            common = depth == 0 and len(words) == 1 and core[0].start > 0  # "the Park" is nobody
            found = None if common else family(self.base, text, frame, None, when)
            if found:
                rule = found.resolved_by.replace("; family name", GUESSED)
                return replace(found, confidence=min(found.confidence, 0.6), resolved_by=rule)
            apposition = self._resolve(tail[1:], when, depth + 1) if tail and tail[0].kind == "comma" else None
            if apposition and apposition.kind in PEOPLE and apposition.sectors:
                return replace(
                    apposition, name=text, entity_id="", kind="person", resolved_by=f"apposition: {apposition.resolved_by}"
                )
            return self._city(text)
        return self._modifier(core, frame)

    def _modifier(self, core: list[Segment], frame: Frame) -> Resolution | None:
        """Nothing is known of the head noun: keep only the country that a modifier names, at low confidence."""
        if holder := self._holder(core):
            return holder
        for segment in core:
            if segment.kind in PLACE_KINDS:
                return Resolution(
                    " ".join(s.text for s in core), "", segment.sense.country, (), "", f"modifier only: {segment.text}", 0.3
                )
        if frame.country:
            return Resolution(
                " ".join(s.text for s in core), "", frame.country, (), "", f"modifier only: {frame.country_by}", 0.3
            )
        return None

    def _holder(self, core: list[Segment]) -> Resolution | None:
        """ "rebel-held positions", "Taliban positions": a place that stands for the armed men in it."""
        name = " ".join(s.text for s in core)
        if singular(key(core[-1].text)) not in HELD:
            return None
        for segment in core[:-1]:
            held = segment.text.rpartition("-")[0] if segment.kind == "neutral" else ""
            senses = self.base.senses(key(held)) if held else segment.senses
            sense = next((s for s in senses if s.kind in ("body", "agent", "adjective", "country")), None)
            if sense is not None and sense.sectors:
                sectors = ("MIL",) if sense.sectors[:1] == ("GOV",) else sense.sectors
                return Resolution(name, "", sense.country, sectors, "", f"held by {sense.name}: {sense.origin}", 0.6, "group")
        return None


def _is_possessed_by_person(tail: list[Segment], resolver: Resolver, when: date | None, depth: int) -> bool:
    if not tail or tail[0].text.lower() != "of":
        return False
    owner = resolver._resolve(tail[1:], when, depth + 1)
    return owner is not None and owner.kind in PEOPLE and owner.sectors[:1] in (("GOV",), ("ELI",))
