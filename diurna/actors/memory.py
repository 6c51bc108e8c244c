"""Names met in one article: a family name alone stands for the fuller name in the same text."""

from __future__ import annotations

import re

from diurna.actors.judgement import GUESSED, Resolution
from diurna.actors.keys import key
from diurna.actors.naming import NAMESAKE
from diurna.actors.words import countries_where

FAMILY_FIRST = countries_where("family_first")  # the second mention uses it alone ("Kim", "Xi")
_GIVEN_LAST = re.compile(r"[A-Z]\w+ [A-Z]\w+-\w+")  # "Park Chang-kwon": family names of Korea and China go first


class Memory:
    """People named in an article, by the words a later mention may use."""

    def __init__(self) -> None:
        self._people: dict[str, Resolution] = {}
        self._given: dict[str, Resolution] = {}

    def remember(self, person: Resolution) -> None:
        """Note a person by full name, family name, and given name; the surest and first telling of a name stays."""
        words = key(person.name).split()
        introduced = self._people.get(" ".join(words))
        if not words or (introduced is not None and bears_name_of(introduced, person)):
            return  # the report has said that he is not the one whom the tables know
        self._people.update({name: person for name, known in self._people.items() if bears_name_of(person, known)})
        self._note(" ".join(words), person)
        if len(words) > 1:
            self._note(words[-1], person)
            if person.country in FAMILY_FIRST or _GIVEN_LAST.fullmatch(person.name) or NAMESAKE in person.resolved_by:
                self._note(words[0], person)
            self._given.setdefault(words[0], person)

    def find(self, name: str) -> Resolution | None:
        """Return the person a name stands for in this article: the full name, else its last word, else its first."""
        words = key(name).split()
        if not words:
            return None
        found = self._people.get(" ".join(words))
        if found:
            return found
        return self._given.get(words[0]) if len(words) == 1 else self._fuller(words)

    def _fuller(self, words: list[str]) -> Resolution | None:
        """The only person whose name begins with these words: "Ali Mahdi" for Ali Mahdi Mohamed."""
        short = " ".join(words) + " "
        longer = {p.name: p for name, p in self._people.items() if name.startswith(short)}
        return next(iter(longer.values())) if len(longer) == 1 else None

    def _note(self, words: str, person: Resolution) -> None:
        known = self._people.get(words)
        if known is not None and _GIVEN_LAST.fullmatch(known.name) and "; family name" in person.resolved_by:
            return  # whom the report names in full goes before the best known of the many who bear the name
        if known is not None and _is_guessed(person) and " " in known.name and not _is_guessed(known):
            return
        if known is not None and _is_guessed(known) and " " in person.name and not _is_guessed(person):
            self._people[words] = person
            return
        if known is None or (known.confidence < person.confidence and (not known.country or known.name == person.name)):
            self._people[words] = person


def _is_guessed(person: Resolution) -> bool:
    """Tell whether a family name alone was taken for its best known bearer, without a title that says so."""
    return GUESSED in person.resolved_by


def bears_name_of(person: Resolution, known: Resolution) -> bool:
    """Tell whether a report introduces a person who only bears the name of somebody known."""
    return person.resolved_by.endswith(NAMESAKE + known.name)
