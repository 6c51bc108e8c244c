"""Which country a pronoun, description or unclaimed noun belongs to: every country that the report names is weighed by traits.

The rules of `coref.py` propose one; their proposal is a trait among others. The weights (`data/belonging_weights.tsv`) are
fitted on annotated reports (`training/belonging.py`), by conditional logit (McFadden 1974).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache
from math import exp, inf

from spacy.tokens import Token

from diurna.language.grammar import is_definite
from diurna.language.notes import NounPhrase
from diurna.language.presence import how_far, how_often, part
from diurna.language.reading import Cues, Reading
from diurna.language.salience import SUBJECTS, Candidate, coarguments, placed
from diurna.language.standing import Standing
from diurna.records import Participant
from diurna.tables import weights

NOBODY = ""
_TABLE = "belonging_weights.tsv"
_REACH = 8  # sentences
_UNSURE = 0.6  # a body that several countries have: "the Foreign Office"
_SPOKEN = ("first", "second")
_KINDS = (*_SPOKEN, "person", "plural", "thing")
_BODIES = ("UNO", "EUR", "IGO", "NGO", "MNC", "IMG")
CLEARLY = 1.0  # more cautious than the weights alone: as often right on reports they were not fitted on, in fewer changes
_NEAREST, _NAMED = 4, 3  # so many of the countries met last, and of those that the whole report names most, are weighed
_LEAD = 0.5
_MENTIONS = 4  # of a country, so many are asked who of it a pronoun means
_ACTS = {True: "of it acts above", False: "of another acts above"}
Trait = tuple[str, bool]  # what is the case, and whether it is told apart by the noun and its sector
Group = tuple[Trait, ...]  # those that come together are looked up together


def is_open(phrase: NounPhrase, own: Participant | None, cues: Cues) -> bool:
    """Tell whether a phrase leaves open which country it belongs to; own: whom the tables alone see in it.

    Pronouns that the tables give no person ("that", "none") stand for nobody of their own.
    """
    if phrase.kind == "pronoun":
        return any(kind in cues for kind in _KINDS)
    if own is None:
        return False
    unknown = not own.entity_id and not own.country
    return unknown or (phrase.kind == "description" and own.confidence < _UNSURE)


def belong(reading: Reading, index: int, own: Participant | None, rule: str) -> None:
    """Give a phrase the country that weighs most, unless the one that the rules proposed weighs nearly as much.

    own: whom the tables alone see in the phrase, before any rule of coreference. rule: the rule that proposed a country.
    """
    phrase = reading.notes.phrases[index]
    if phrase.kind == "pronoun" and _is_certain(reading.weighed.get(phrase.head, {})):
        return
    options = Options(reading, index, own, rule)
    weighed = {country: options.weigh(country) for country in options.countries()}
    best = max(weighed, key=lambda c: (weighed[c], c))
    if weighed[best] <= weighed[options.proposal] + CLEARLY:
        return
    if phrase.kind == "pronoun":
        _restand(reading, phrase, options, best)
    elif own is not None:
        share = 1 / sum(exp(w - weighed[best]) for w in weighed.values())
        phrase.antecedent = options.before[best][-1].index if best in options.before else -1
        if phrase.kind == "name":
            reading.nationalities[own.name] = best  # later mentions of the person follow
        phrase.participant = replace(
            own,
            entity_id="",
            country=best,
            confidence=round(min(share, own.confidence), 2),
            resolved_by=f"weighed: {best or 'nobody'}; {own.resolved_by}",
        )


def _is_certain(presence: dict[str, float]) -> bool:
    """Tell whether one country's candidate for a pronoun leads all others: then the whole report hardly ever says otherwise."""
    first, second = sorted((*presence.values(), -inf, -inf), reverse=True)[:2]
    return first - second >= _LEAD if second > -inf else first > -inf


def _restand(reading: Reading, phrase: NounPhrase, options: Options, best: str) -> None:
    """Let a pronoun stand for the most present candidate of a country, if one agrees with it."""
    near = [c for c in options.before.get(best, ()) if options.here - c.sentence <= _REACH]
    chosen = reading.best(options.head, [c for c in near if _agrees(reading, options, c)][-_MENTIONS:])
    if chosen is not None:
        reading.copy(phrase, chosen.index)
    elif not best:
        phrase.participant, phrase.antecedent = None, -1


def _agrees(reading: Reading, options: Options, found: Candidate) -> bool:
    if options.kind == "person":
        gender = reading.cues_of(options.index)["person"][1]
        return found.person and found.single and reading.gender(found) in ("", gender)
    if options.kind == "thing":
        return not found.person and found.single
    return options.kind != "plural" or found.plural or not found.person


class Options:
    """The countries that a phrase may belong to, and what speaks for or against each.

    before: the mentions of each country before the phrase. after: its first mention in the rest of the sentence.
    """

    def __init__(self, reading: Reading, index: int, own: Participant | None, rule: str) -> None:
        self.reading, self.index, self.own, self.rule = reading, index, own, rule
        self.phrase = reading.notes.phrases[index]
        self.head = reading.doc[self.phrase.head]
        self.here = reading.sentence_of[self.head.i]
        self.kind = _kind(reading, index, self.head)
        self.noun = self.head.lemma_.lower() if self.phrase.kind == "description" else ""
        self.sector = (own.sectors or ("",))[0] if own is not None else "none"
        self.proposed = self.phrase.participant
        self.proposal = self.proposed.country if self.proposed is not None else NOBODY
        self.before = {c: met for c, s in reading.standing.items() if (met := self._until(s))}
        self.after = {c: reading.doc[i] for i, c in reversed(reading.named_in(self.here)) if i > self.head.i}
        self.order = sorted(self.before, key=lambda c: -self.before[c][-1].head.i)
        self.ranked = reading.ranked
        self.presence = reading.weighed.get(self.head.i, {})
        self.speaker = reading.speaker_country(self.head)
        self.verb = next((a for a in self.head.ancestors if a.pos_ in ("VERB", "AUX")), None)
        owner = next((c for c in self.head.children if c.dep_ == "poss"), None)
        owning = reading.at(owner) if owner is not None else None
        self.owner = owning.country if owning is not None else ""
        self.acting = self._acting()

    def countries(self) -> list[str]:
        """Return the countries to weigh, among them `NOBODY`, in a fixed order."""
        return sorted({NOBODY, self.proposal, *self.order[:_NEAREST], *self.after, *self.ranked[:_NAMED]})

    def weigh(self, country: str) -> float:
        """Return the sum of the weights of a country's traits."""
        return round(sum([_worth(group, self.kind, self.sector, self.noun) for group in self._groups(country)]), 6)

    def traits(self, country: str) -> set[str]:
        """Return the traits of a country at this phrase, as the table names them."""
        return {t for group in self._groups(country) for t in _spelled(group, self.kind, self.sector, self.noun)}

    def _until(self, standing: Standing) -> list[Candidate]:
        """The mentions before the phrase and outside it."""
        if self.kind in _SPOKEN:  # these are read last
            return [c for c in standing.met if c.head.i < self.head.i]
        end = len(standing.met)
        while end and (standing.met[end - 1].head.i >= self.head.i or self.head.is_ancestor(standing.met[end - 1].head)):
            end -= 1
        return standing.met[:end]

    def _acting(self) -> Participant | None:
        """The subject of the clause that the phrase belongs to, nobody when the phrase is that subject."""
        for verb in () if self.head.dep_ in SUBJECTS else self.head.ancestors:
            if verb.pos_ in ("VERB", "AUX"):
                subjects = [c for c in verb.children if c.dep_ in SUBJECTS]
                outside = [c for c in subjects if c.i != self.head.i and not c.is_ancestor(self.head)]
                if outside:
                    return self.reading.at(outside[0])
        return None

    def _groups(self, country: str) -> Iterator[Group]:
        if self.proposal == country:
            yield _proposed(_way(self.proposed), _sure(self.proposed), self.rule or "none")
        if country == NOBODY:
            yield _nobody(_way(self.proposed), self.rule or "none")
            return
        rank = self.ranked.index(country) if country in self.ranked else 9
        yield _in_report(min(rank, 4), min(int(self.reading.share(country) * 10), 6), country == self.reading.dateline(self.head))
        if country in self.before:
            yield from self._mentions(country, self.before[country], self.reading.standing[country])
        else:
            yield (("not yet named", True),)
        if country in self.after:
            yield tuple(self._later(self.after[country]))
        yield tuple(self._circumstances(country))

    def _circumstances(self, country: str) -> Iterator[Trait]:
        if country in _BODIES:
            yield f"body {country}", True
        if self.own is not None and self.own.country == country:
            yield "its own by the tables", True
        if self.presence:
            yield self._candidate(country), True
        if self.speaker:
            yield ("speaker" if country == self.speaker else "not the speaker"), True
        if self.owner:
            yield ("owner" if country == self.owner else "not the owner"), True
        if self.acting is not None and self.acting.country:
            form = "a state" if self.acting.entity_id.startswith("country:") else "somebody"
            yield f"{form} {_ACTS[country == self.acting.country]}", True

    def _mentions(self, country: str, met: list[Candidate], standing: Standing) -> Iterator[Group]:
        last = met[-1]
        gap = self.here - last.sentence
        far = how_far(gap)
        yield _placed(far, min(self.order.index(country), 4), part(last.head))
        yield _stands(how_often(len(met)), standing.form, placed(last), last.adjective)
        if gap == 0:
            yield tuple(self._here([c for c in met[-4:] if c.sentence == self.here]))
        if 0 <= self.here - standing.led <= 2:
            yield ((f"main subject {self.here - standing.led} back", True),)
        if self.noun:
            yield tuple(self._alike(standing))

    def _here(self, same: list[Candidate]) -> Iterator[Trait]:
        if any(coarguments(c.head, self.head) for c in same):
            yield "argument of the same verb", True
        if any(c.head.head.i == self.head.i for c in same):
            yield "within the phrase", True
        inside = [c for c in same if self.verb is not None and self.verb.is_ancestor(c.head)]
        if inside:
            yield ("adjective in its clause" if all(c.adjective for c in inside) else "in its clause"), True
        elif same[-1].adjective:
            yield "adjective in the sentence", False
        if any(placed(c) for c in inside):
            yield "place of its clause", True

    def _later(self, head: Token) -> Iterator[Trait]:
        role = part(head)
        yield "later in the sentence", True
        yield f"later, {role}", True
        if self.verb is not None and self.verb.is_ancestor(head):
            yield f"later in its clause, {role}", True
        if head.dep_ == "pobj":
            yield f"later, {head.head.lower_} it", True
            if head.head.head.i == self.head.i:
                yield f"{head.head.lower_} it", True
        if coarguments(head, self.head):
            yield "later, argument of the same verb", True

    def _alike(self, standing: Standing) -> Iterator[Trait]:
        if self.noun in standing.nouns:
            yield f"same noun, {_back(self.here - standing.nouns[self.noun])}", True
        if self.noun in standing.names:
            yield "the noun is in a name", True
        kin = standing.sectors.get(self.sector)
        if kin is None:
            yield "nobody of the sector", True
            return
        yield f"same sector, {_back(self.here - kin.sentence)}", True
        if kin.plural == (self.head.tag_ in ("NNS", "NNPS")):
            yield "same sector and number", True

    def _candidate(self, country: str) -> str:
        """How a country stands among the candidates that the rules weighed (`presence.py`)."""
        if country not in self.presence:
            return "was no candidate"
        behind = max(self.presence.values()) - self.presence[country]
        if behind:
            return f"behind by {_step(behind)}"
        others = [w for c, w in self.presence.items() if c != country]
        return f"first candidate by {_step(self.presence[country] - max(others))}" if others else "only candidate"


@cache
def _proposed(way: str, sure: str, rule: str) -> Group:
    return (f"proposed by {way}", True), (f"proposed, {sure}", False), (f"proposed by the rule {rule}", True)


@cache
def _nobody(way: str, rule: str) -> Group:
    return ("nobody", True), (f"nobody beside {way}", True), (f"nobody beside the rule {rule}", False)


@cache
def _in_report(rank: int, share: int, dateline: bool) -> Group:
    written = (("dateline", True),) if dateline else ()
    return (f"rank {rank}", True), (f"share {share}", False), *written


@cache
def _placed(far: str, nearer: int, role: str) -> Group:
    both = f"{nearer} nearer, {far} back"
    return (f"{far} back", True), (f"{nearer} nearer", True), (both, False), (f"{role}, {far} back", True)


@cache
def _stands(often: str, form: str, place: bool, adjective: bool) -> Group:
    last = [("last only a place", True)] * place + [("last an adjective", False)] * adjective
    return (f"named {often}", False), (f"mostly a {form}", False), *last


@lru_cache(1 << 16)
def _worth(group: Group, kind: str, sector: str, noun: str) -> float:
    known = weights(_TABLE)
    return sum(known.get(trait, 0.0) for trait in _spelled(group, kind, sector, noun))


def _spelled(group: Group, kind: str, sector: str, noun: str) -> Iterator[str]:
    """Yield traits as the table names them: for all phrases, for those of its kind, of its sector, with its noun."""
    for name, rich in group:
        yield name
        yield f"{kind}: {name}"
        if rich and kind not in _KINDS:
            yield f"{sector} {name}"
            if noun:
                yield f"{noun}: {name}"


def _kind(reading: Reading, index: int, head: Token) -> str:
    """What sort of phrase it is: a pronoun's person and number, a name, or a noun, definite or not."""
    cues = reading.cues_of(index)
    found = next((kind for kind in _KINDS if kind in cues), "")
    if found:
        return found
    if reading.notes.phrases[index].kind == "name":
        return "a name"
    number = "nouns" if head.tag_ in ("NNS", "NNPS") else "noun"
    return f"the {number}" if is_definite(head) else number


def _back(gap: int) -> str:
    return str(gap) if gap < 3 else "3 to 6" if gap < 7 else "farther"


def _step(lead: float) -> str:
    return next((str(bound) for bound in (0.25, 0.5, 1, 1.5, 2, 3) if lead < bound), "more")


def _sure(found: Participant | None) -> str:
    return f"{int(found.confidence * 5) / 5:.1f}" if found is not None and found.confidence else "unsure"


def _way(found: Participant | None) -> str:
    """In which way the rules came to their proposal."""
    if found is None:
        return "nobody"
    if found.resolved_by.startswith(("coreference", "surroundings")):
        return found.resolved_by.partition(":")[0]
    return "owner" if "; owner" in found.resolved_by else "the tables" if found.country else "no rule"
