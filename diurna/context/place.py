"""Where an event took place by the words of its own sentence (codebook, section 6).

A place that acts or is acted on is no place of the event; nor is one that merely stands in the sentence.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc

from diurna.context.placenames import Named, PlaceNames
from diurna.context.site_traits import candidates, traits
from diurna.context.sites import SPOKEN_ROOTS, rules
from diurna.language.notes import Draft, Notes
from diurna.records import Reason, Where
from diurna.tables import weights

LIKELY = -0.6  # a place counts from odds of about one to two on: an empty place helps nobody, and scores are in the explanation
DOUBTFUL = -1.5  # from here on it is likelier than the dateline


class Places:
    """Finds the own places of the events of one Doc; what they leave open is for `scenes.py`."""

    def __init__(self, doc: Doc, notes: Notes) -> None:
        self.doc, self.names = doc, PlaceNames(doc, notes)
        self.dateline = self.names.dateline
        self._named: dict[int, list[Named]] = {}
        self._last: tuple[Draft | None, list[tuple[int, str]]] = (None, [])

    def run(self, draft: Draft) -> None:
        """Set `where` of a draft when a word of its own sentence tells it."""
        found = self.best(draft, LIKELY)
        if found is not None:
            draft.where = found[0].where
            draft.reasons.append(_reason(*found))

    def best(self, draft: Draft, least: float) -> tuple[Named, float] | None:
        """Return the place of its sentence that an event most likely took place at, with its weight, if that is over `least`."""
        known, own = weights("cues/place_weights.tsv"), [n for n in self.named(draft) if not _origin(n, draft)]
        scored = [(sum(known.get(t, 0.0) for t in self.traits(n, draft)), n) for n in own]
        likely = [(score, n) for score, n in scored if score > least]
        if not likely:
            return None
        score, best = max(likely, key=lambda s: s[0])
        if best.where.lat is None:  # "near Tripoli in Libya": the town says more than the country around it
            towns = [s for s in likely if s[1].where.lat is not None and s[1].where.country == best.where.country]
            towns = towns or [(score, n) for _, n in scored if n.site.token == best.site.governor and n.where.lat is not None]
            score, best = max(towns, key=lambda s: s[0], default=(score, best))
        return best, score

    def doubtful(self, draft: Draft) -> Where | None:
        """Return a place of the event's sentence that is not likely, but likelier than a place that no word tells."""
        found = self.best(draft, DOUBTFUL)
        return found[0].where if found is not None else None

    def named(self, draft: Draft) -> list[Named]:
        """Return the places that the sentence of a draft names."""
        return self.named_in(self.doc[draft.trigger[0]].sent.start)

    def named_in(self, start: int) -> list[Named]:
        """Return the places that the sentence beginning at a token names."""
        if start not in self._named:
            found = (self.names.read(site) for site in candidates(self.doc[start].sent))
            self._named[start] = [n for n in found if n is not None]
        return self._named[start]

    def _ruled(self, draft: Draft) -> list[tuple[int, str]]:
        if self._last[0] is not draft:
            self._last = (draft, [(token.i, rule) for token, rule in rules(self.doc, draft)])
        return self._last[1]

    def traits(self, named: Named, draft: Draft) -> Iterator[str]:
        """Yield the traits of a place for an event: those of its words, and what kind of place it is."""
        yield "any"
        found = list(traits(named.site, draft, self._ruled(draft), self.doc[draft.trigger[0]]))
        yield from found
        link = next(t for t in found if t.startswith("hangs on"))
        entity = named.site.token.ent_type_ or "no entity"
        yield from (named.level, f"{named.level}, {link}", entity)
        yield f"{named.level}, {next(t for t in found if t.startswith('preposition'))}"
        if named.level == "reference":
            yield f"word {named.site.token.lower_}"
        if len({n.where.name for n in self.named(draft)}) == 1:
            yield "only place"
        if self.names.in_dateline(named.span):
            yield "dateline"
            yield f"dateline, {'words' if draft.root in SPOKEN_ROOTS else 'deeds'}"


def _reason(named: Named, score: float) -> Reason:
    return Reason("where", f"words of the sentence, weight {score:.1f}", named.where.name, named.span)


def _origin(named: Named, draft: Draft) -> bool:
    """ "The minister from Paris": where somebody is from is not where he acts."""
    governor = named.site.governor
    return named.site.preposition == "from" and (governor.i in draft.actors or governor.dep_ in ("nsubj", "agent"))
