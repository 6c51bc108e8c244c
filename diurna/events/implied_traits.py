"""What speaks for somebody's being the participant that an event leaves unnamed: the traits of `data/implied_weights.tsv`.

Traits come in groups that depend on the same few things, so that the names and weights of a group are looked up once. Every
trait names the side that it is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from spacy.tokens import Token

from diurna.language.notes import Draft
from diurna.language.syntax import is_passive

SIDES = ("actor", "recipient")
Group = tuple[str, ...]
_RANKS = ("nearest", "second", "third")
_PLACES = ("first", "second", "third")
_HEARD = ((0.6, "sure"), (0.3, "likely"), (0.1, "possible"), (0.03, "hardly"), (0.0, "not"))


@dataclass(frozen=True, slots=True)
class Earlier:
    """An event told before: its root, the kind of its undertaking, and the countries on its sides."""

    root: str
    thread_kind: str
    sides: tuple[set[str], set[str]]


@dataclass
class Question:
    """Who is on a side of a draft? With all that holds whoever is asked about.

    other: countries of the other side. told: the events told before. ranking: the countries that the report has named so far,
    the most named first, without those of the draft.
    """

    draft: Draft
    side: int
    trigger: Token
    other: set[str]
    told: Sequence[Earlier]
    ranking: Sequence[str]

    @cached_property
    def form(self) -> str:
        """Tell how the trigger tells the event."""
        return "noun" if self.trigger.pos_ not in ("VERB", "AUX") else "passive" if is_passive(self.trigger) else "active"

    def dealings(self, country: str) -> Group:
        """Return what the events told so far say of a country."""
        own = "countryman" if country in self.other else "foreigner" if self.other else ""
        return _dealings(self.side, self.draft.root, own, tuple(name for name, met in self._met if country in met))

    @cached_property
    def _met(self) -> list[tuple[str, set[str]]]:
        mine, yours = self.side, 1 - self.side
        before = [e.sides for e in self.told]
        alike = [e.sides for e in self.told if e.root == self.draft.root]
        kind = self.draft.thread_kind
        undertaken = [s for e in self.told if kind and e.thread_kind == kind for s in e.sides]
        return [
            ("same part before", _all(s[mine] for s in before)),
            ("same part just before", _all(s[mine] for s in before[-1:])),
            ("same part in such an event", _all(s[mine] for s in alike)),
            ("other part before", _all(s[yours] for s in before)),
            ("other part just before", _all(s[yours] for s in before[-1:])),
            ("dealt so with the other before", _all(s[mine] for s in before if self.other & s[yours])),
            ("dealt with the other before", _all(s[yours] for s in before if self.other & s[mine])),
            ("of the same undertaking", _all(undertaken)),
        ]

    def standing(self, country: str) -> tuple[str, str]:
        """Tell how much the report is about a country, up to here, beside others that the draft does not name."""
        count = len(self.ranking)
        many = "one other" if count < 2 else "two others" if count < 3 else "several others"
        if country not in self.ranking:
            return "own", many
        place = self.ranking.index(country)
        return _PLACES[place] if place < len(_PLACES) else "low", many


def _all(sides: Iterable[set[str]]) -> set[str]:
    return set().union(*sides)


def _of(side: int, *names: str) -> Group:
    return tuple(f"{SIDES[side]}: {name}" for name in dict.fromkeys(names))


@cache
def plain(side: int, root: str, form: str, by_model: bool) -> Group:
    """What holds for every candidate of a draft."""
    return _of(side, "any", root, f"{root}, {form}", "model" if by_model else "tables")


@cache
def placed(side: int, root: str, form: str, at: tuple[str, int, str]) -> Group:
    """Where a candidate was named: how far away, how many nearer ones there are, in which part of its clause."""
    far, nearer, part = at
    rank = _RANKS[nearer] if nearer < len(_RANKS) else "other"
    return _of(side, far, f"{root}, {far}", rank, f"{far}, {rank}", part, f"{far}, {part}", f"{form}, {far}, {part}")


@cache
def linked(side: int, root: str, form: str, by: tuple[str, str]) -> Group:
    """How a candidate of the draft's own sentence stands to the trigger in the tree, and its part in its clause."""
    link, part = by
    return _of(side, link, f"{link}, {part}", f"{root}, {link}", f"{form}, {link}, {part}")


def heard(side: int, far: str, mine: float | None, other: float | None) -> Group:
    """How likely the model finds a candidate on this side, and on the other; None where it read nothing of it."""
    return _heard(side, far, _share(mine), _share(other))


@cache
def _heard(side: int, far: str, mine: str, other: str) -> Group:
    return _of(side, f"heard {mine}", f"heard {mine}, {far}", f"heard {other} on the other side")


def _share(share: float | None) -> str:
    return "nothing" if share is None else next(name for least, name in _HEARD if share >= least)


@cache
def _dealings(side: int, root: str, own: str, met: tuple[str, ...]) -> Group:
    names = {"countryman": ("countryman", f"{root}, countryman"), "foreigner": ("of another country",), "": ()}[own]
    return _of(side, *names, *met)


@cache
def standing(side: int, root: str, place: str, many: str, at_head: bool) -> Group:
    """How much the report is about a candidate's country."""
    names = (f"{place} in the report", f"{place} of {many}", f"{root}, {place} of {many}")
    return _of(side, *names, *(("named at the head",) if at_head else ()))


@cache
def described(side: int, root: str, sectors: tuple[str, ...], far: str, kind: str) -> Group:
    """Who a candidate is, and by what kind of phrase."""
    sector = sectors[0] if sectors else "none"
    return _of(side, sector, f"{root}, {sector}", kind, f"{far}, {kind}")
