"""What follows from the words around a head noun: titles, "former", the body or country it belongs to (codebook, section 3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from diurna.actors.base import Entry, Sense
from diurna.actors.keys import key, singular
from diurna.actors.roles import ABROAD, FORMER
from diurna.actors.segments import SKIPPED, Segment
from diurna.actors.words import words_of

NOUNS = ("agent", "office")
PEOPLE = ("person", "human")
# A head noun that only says "someone of": the body it belongs to gives the sectors ("Hamas leader", "spokesman for the navy").
GENERIC = words_of("generic")
GUESSED = "; family name alone"  # nothing beside it says that the best known bearer is meant
_HEADING = words_of("heading")
_MEN_AT_ARMS = (("MIL",), ("UAF",))
ARMED = frozenset(("REB", "IMG", "PRM", "UAF"))


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who a mention stands for. Empty country: nobody's in particular ("12 civilians"). resolved_by names the row or rule."""

    name: str
    entity_id: str = ""
    country: str = ""
    sectors: tuple[str, ...] = ()
    office: str = ""
    resolved_by: str = ""
    confidence: float = 0.0
    kind: str = ""


@dataclass(slots=True)
class Frame:
    """What stands around the head of a mention: country named, titles, and marks such as "former"."""

    country: str = ""
    country_by: str = ""
    body: Resolution | None = None
    titles: tuple[Sense, ...] = ()
    former: bool = False
    designate: bool = False
    incumbent: bool = False
    opposition: bool = False

    @property
    def title(self) -> Sense | None:
        return next((t for t in reversed(self.titles) if t.sectors), None)


def stands_alone(segment: Segment) -> bool:
    """ "the British", "the Dutch": an adjective without a noun of its own for people stands for the government."""
    return not any(s.kind == "demonym" for s in segment.senses)


def noun_sense(segment: Segment) -> Sense:
    """Prefer the richer table for a noun that is in both: offices for a title, agents for a plural."""
    wanted = "agent" if segment.plural else "office"
    nouns = [s for s in segment.senses if s.kind in NOUNS or s.kind == "kin"]
    if any(s.kind == "kin" for s in nouns):
        return next((s for s in nouns if s.kind == "agent"), nouns[0])
    return next((s for s in nouns if s.kind == wanted), nouns[0])


def says_someone_of(sense: Sense) -> bool:
    """Tell whether a noun only says "someone of", in singular or plural: "official", "officials", "staff"."""
    last = key(sense.name).split()[-1]
    return last in GENERIC or singular(last) in GENERIC


def noun_kind(sense: Sense, name: str) -> str:
    if sense.noun != "person":
        return sense.noun
    return "person" if name else "human"


def of_that_kind(segment: Segment, head: Segment) -> Segment:
    """Leave of the bodies of one name those that the noun after it fits: "ADF rebels" are no soldiers of Australia."""
    if head.kind not in NOUNS or len(segment.senses) < 2:
        return segment
    first = noun_sense(head).sectors[:1]
    fits = [s for s in segment.senses if s.kind == "body" and first and any(e.sectors[:1] == first for e in s.entries)]
    return replace(segment, senses=tuple(fits)) if fits else segment


def spell_of_place(segment: Segment, when: date | None) -> Sense:
    """Return what a name of a place meant on a day: the state of those years ("Burma" in 1980) before the one of today."""
    senses = [s for s in segment.senses if s.kind == segment.kind]
    if when is not None and (then := [s for s in senses if s.entries[0].covers(when)]):
        return next((s for s in then if s.entries[0].end is not None), then[0])
    return next((s for s in senses if s.entries[0].end is None), senses[0])


def heads_body(frame: Frame, title: Sense) -> bool:
    """Tell whether a title only says that its bearer heads a body that is named: "IAEA head", "FBI director"."""
    return frame.body is not None and frame.body.kind == "body" and not _HEADING.isdisjoint(key(title.name).split())


def serves(frame: Frame, entry: Entry) -> bool:
    """Tell whether a spell is one in the body that is named, as far as country and sectors tell."""
    body = frame.body
    return body is not None and entry.country == body.country and body.sectors[:1] != () and body.sectors[0] in entry.sectors


def by_title(base: Resolution, entry: Entry, in_spell: bool, frame: Frame) -> Resolution:
    title = frame.title
    same_office = title is not None and in_spell and bool(entry.office) and key(title.name) == key(entry.office)
    if frame.designate:
        return replace(base, sectors=("ELI", "GOV"), resolved_by=f"{base.resolved_by}; designate")
    if frame.former:
        return replace(base, sectors=FORMER, office="", resolved_by=f"{base.resolved_by}; former")
    at_its_head = in_spell and title is not None and heads_body(frame, title) and serves(frame, entry)  # "FBI director" Wray
    abroad = in_spell and entry.country in ABROAD  # a "president" of the World Bank is no government's
    by_rank = in_spell and title is not None and title.sectors[:1] == ("MIL",) and entry.sectors[:1] == ("GOV",)
    if (
        title is None
        or same_office
        or at_its_head
        or abroad
        or by_rank  # "Colonel Gaddafi" rules all the same
        or (in_spell and (title.sectors[:1] == entry.sectors[:1] or key(title.name) in ("leader", "chairman")))
    ):
        return base if in_spell else replace(base, office="", confidence=min(base.confidence, 0.85))
    country = frame.country or base.country
    told = replace(
        base, sectors=title.sectors, office=key(title.name), country=country, resolved_by=f"{base.resolved_by}; {title.origin}"
    )
    if in_spell or title.sectors[:1] in (("GOV",), ("MIL",), ("LEG",), ("OPP",), ("PTY",)):
        return told
    return replace(told, confidence=min(told.confidence, 0.55))  # a farmer of that name may well be somebody else


def within(found: Resolution, sense: Sense, owner: Resolution | None) -> Resolution:
    """Let the body a generic noun belongs to give country and sectors: "Houthi fighters", "spokesman for the navy"."""
    if owner is None:
        return found
    generic = says_someone_of(sense)
    country = owner.country or found.country
    armed_troops = found.sectors[:1] == ("MIL",) and bool(ARMED.intersection(owner.sectors))
    if owner.kind not in PEOPLE and owner.sectors and (generic or armed_troops) and not _keeps_own(found, owner):
        return replace(
            found,
            country=country,
            sectors=owner.sectors,
            confidence=_no_surer(0.85, owner),
            resolved_by=f"{found.resolved_by}; {owner.resolved_by}",
        )
    if owner.kind in PEOPLE and ARMED.intersection(owner.sectors) and generic:  # "a spokesman for Aidid"
        found = replace(found, sectors=owner.sectors)
    return replace(
        found,
        country=country,
        confidence=_no_surer(0.8, owner) if country else found.confidence,
        resolved_by=f"{found.resolved_by}; {owner.resolved_by}",
    )


def _no_surer(confidence: float, owner: Resolution) -> float:
    """Someone of a body is no surer than which body is meant."""
    return min(confidence, owner.confidence) if owner.kind == "body" else confidence


def of_their_kind(found: Resolution, sense: Sense, frame: Frame) -> Resolution:
    """ "a *church* delegation", "*paramilitary* soldiers": a noun before a generic or armed one gives the sectors."""
    title = frame.titles[-1] if frame.titles else None
    if title is not None and title.sectors[:1] == ("PRM",) and (says_someone_of(sense) or found.sectors[:1] in _MEN_AT_ARMS):
        return replace(found, sectors=title.sectors, resolved_by=f"{found.resolved_by}; {title.origin}")
    if (
        title is None
        or title.noun != "group"
        or found.sectors[:1] not in ((), ("GOV",), ("CVL",), ("SOC",), ("LAB",))
        or not title.sectors
        or not says_someone_of(sense)
        or _hired(found, title.sectors)
    ):
        return found
    return replace(found, sectors=title.sectors, resolved_by=f"{found.resolved_by}; {title.origin}")


def following(found: Resolution, sectors: tuple[str, ...]) -> Resolution:
    """Armed men of a warlord are what he is: "gunmen loyal to Aidid", "his fighters"."""
    if found.sectors[:1] and found.sectors[0] in (*ARMED, "MIL") and sectors[:1] and sectors[0] in ARMED:
        return replace(found, sectors=sectors)
    return found


def _keeps_own(found: Resolution, owner: Resolution) -> bool:
    """State forces of an international body stay soldiers, those a firm employs labour: "NATO troops", "Google staff"."""
    if _hired(found, owner.sectors):
        return True
    return (found.sectors[:1] == ("MIL",) and not ARMED.intersection(owner.sectors)) or owner.kind == "seat"


def _hired(found: Resolution, sectors: tuple[str, ...]) -> bool:
    return found.sectors[:1] == ("LAB",) and sectors[:1] == ("BUS",)


def qualified(found: Resolution, frame: Frame, sense: Sense) -> Resolution:
    if frame.former and sense.noun == "person":
        return replace(found, sectors=FORMER, office="", resolved_by=f"{found.resolved_by}; former")
    if frame.designate:
        return replace(found, sectors=("ELI", *found.sectors))
    if frame.opposition and "OPP" not in found.sectors:
        return replace(found, sectors=(*found.sectors, "OPP"))
    return found


def other_bearer(core: list[Segment], head: int, segment: Segment) -> str:
    """Return the full name when a one-word match ("Trump") stands among other parts of a name that is not that person's."""
    if " " in segment.text:
        return ""
    before = [s for s in core[:head] if s.kind == "word" and s.capital and not s.possessive]
    while before and before[-1].end != segment.start:
        before.pop()
    after = [s for s in core[head + 1 :] if s.kind in ("word", "person") and s.capital]
    given = key(segment.sense.name).split()
    if not (before or after) or (before and key(before[0].text) in given):
        return ""
    return " ".join(s.text for s in (*before, segment, *after))


def is_name(segments: list[Segment]) -> bool:
    """Tell whether all segments are printed as parts of a name."""
    return all(s.kind in ("word", "person", "body", "region", "adjective", "agent", "office") and s.capital for s in segments)


def heads_strangers(found: Resolution, sense: Sense, tail: list[Segment]) -> bool:
    """Tell whether a generic office is held in a body that has a name which nobody knows."""
    if found.country or found.sectors[:1] != ("GOV",) or key(sense.name) not in GENERIC or len(tail) < 2:
        return False
    rest = [s for s in tail[1:] if s.kind not in SKIPPED]
    return tail[0].text.lower() == "of" and bool(rest) and rest[0].kind == "word" and rest[0].capital
