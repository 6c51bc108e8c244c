"""How a country stands in a report so far: who of it was met, in which words, where last."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from diurna.language.salience import SUBJECTS, Candidate, is_state

_NEVER = -99


@dataclass(slots=True)
class Standing:
    """The mentions of one country, in the order in which they were read.

    forms: how many are the state itself, persons, people. nouns: sentence of the last mention by its noun. sectors: the last
    one of each first sector. names: words of the names. led: the last sentence whose main clause it is the subject of.
    """

    met: list[Candidate] = field(default_factory=list)
    forms: Counter[str] = field(default_factory=Counter)
    nouns: dict[str, int] = field(default_factory=dict)
    sectors: dict[str, Candidate] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    led: int = _NEVER

    def add(self, found: Candidate) -> None:
        """Remember a mention."""
        self.met.append(found)
        self.forms["state" if is_state(found) else "person" if found.person else "people"] += 1
        self.nouns[found.head.lemma_.lower()] = found.sentence
        self.sectors[(found.participant.sectors or ("",))[0]] = found
        if found.phrase.kind == "name":
            self.names.update(found.participant.name.lower().split())
        if found.head.dep_ in SUBJECTS and found.head.head.dep_ == "ROOT":
            self.led = max(self.led, found.sentence)

    @property
    def form(self) -> str:
        """What most mentions are: "state", "person" or "people"."""
        return self.forms.most_common(1)[0][0]
