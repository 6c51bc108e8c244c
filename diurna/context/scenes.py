"""Places that an event's own words leave to the reader (codebook, section 6): told elsewhere, the scene, the dateline, home.

These are read when all events of the report have their own places. A place found here is marked by its rule and has no span.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from spacy.tokens import Doc

from diurna.context.cues import of_kind
from diurna.context.place import Places
from diurna.context.sites import SPEECH_ROOTS, SPOKEN_ROOTS
from diurna.context.whereabouts import Whereabouts
from diurna.gazetteer import of_country
from diurna.language.notes import Draft, Notes
from diurna.records import Participant, Reason, Where

_LASTS = 2  # sentences for which a scene lasts
_REACHING = frozenset({"ASSAULT", "AID", "COERCE", "PROTEST", "COOPERATE"})
_FIGHT = frozenset({"ASSAULT", "MOBILIZE"})


class Scenes:
    """Gives the events of one Doc the places that the story leaves to the reader."""

    def __init__(self, doc: Doc, notes: Notes, places: Places) -> None:
        self.doc, self.notes, self.places = doc, notes, places
        self.placed = [d for d in notes.drafts if d.where.name]
        self.subject = self._subject()
        self.whereabouts = Whereabouts(doc, notes, places)

    def _subject(self) -> str:
        """The country that most mentions of a report are of, when no other comes near."""
        named = Counter(p.participant.country for p in self.notes.phrases if p.participant is not None and p.participant.country)
        ranked = [(c, n) for c, n in named.most_common(3) if of_country(c) is not None]
        clear = ranked and ranked[0][1] > 1.5 * sum(n for _, n in ranked[1:2])
        return ranked[0][0] if clear else ""

    def run(self, draft: Draft) -> None:
        """Set `where` of a draft that has none by the first rule that answers."""
        if draft.where.name or self._remote(draft):
            return
        for where, rule in self._rules(draft):
            if where is not None:
                draft.where = where
                draft.reasons.append(Reason("where", rule, where.name))
                return

    def _rules(self, draft: Draft) -> Iterator[tuple[Where | None, str]]:
        if _placeless(draft) and self.doc[draft.trigger[0]].lemma_.lower() not in of_kind("places", "together"):
            if draft.modality == "actual" and draft.period == "current":
                yield self.whereabouts.of(draft), "where the speaker is"
            return
        yield self._told_elsewhere(draft), "told elsewhere"
        if draft.modality == "actual" and draft.root not in SPEECH_ROOTS:
            yield self._scene(draft), "scene of the sentences before"
        if draft.root == "ASSAULT" and draft.period == "current":
            yield _arena(self._beside(draft)), "where the other fights of the report are"
        if self._at_dateline(draft):
            yield self.places.doubtful(draft), "doubtful words of the sentence"
            yield self._dateline(draft), "dateline"
        if draft.root not in SPEECH_ROOTS:
            if self._home(draft) is not None:
                yield self.places.doubtful(draft), "doubtful words of the sentence"
            yield self._home(draft), "everyone concerned is at home there"
            yield self._stage(draft), "country that the report is about"

    def _remote(self, draft: Draft) -> bool:
        """ "Telephoned", "spoke by video link": who meets so is in no one place."""
        words = [w for i in draft.trigger for w in (self.doc[i], *self.doc[i].children)]
        words += [c for w in words if w.dep_ == "prep" for c in w.children]
        return draft.root == "CONSULT" and any(w.lemma_.lower() in of_kind("places", "remote") for w in words)

    def _told_elsewhere(self, draft: Draft) -> Where | None:
        """The place of the nearest telling of the same kind of act between the same parties on the same day."""
        same = [d for d in self._beside(draft) if _same_kind(d, draft) and _compatible(d, draft) and self._share(d, draft)]
        return min(same, key=lambda d: abs(d.sentence - draft.sentence)).where if same else None

    def _beside(self, draft: Draft) -> list[Draft]:
        """The events with a place that are told under the same dateline."""
        return [d for d in self.placed if self._dateline(d) == self._dateline(draft)]

    def _scene(self, draft: Draft) -> Where | None:
        before = [d for d in self._beside(draft) if 0 <= draft.sentence - d.sentence <= _LASTS and d.root not in SPOKEN_ROOTS]
        before = [d for d in before if d.trigger[0] < draft.trigger[0]]
        if not before:
            return None
        last = max(before, key=lambda d: d.trigger[0])
        return last.where if last.period == draft.period and self._at_home(draft, last.where) else None

    def _at_dateline(self, draft: Draft) -> bool:
        """What the day brought took place where the report was written when a party is from there, or nobody is named."""
        dateline = self._dateline(draft)
        if draft.modality != "actual" or draft.period != "current" or dateline is None:
            return False
        if not self._at_home(draft, dateline):
            return False
        parties = self._parties(draft)
        return not parties or any(p.country == dateline.country for p in parties)

    def _dateline(self, draft: Draft) -> Where | None:
        return self.places.names.dateline_over(self.doc[draft.trigger[0]])

    def _home(self, draft: Draft) -> Where | None:
        homes = self._homes(draft)
        if draft.root in _FIGHT and not (draft.actors and draft.recipients):
            return None  # a state's air strikes and soldiers killed are as likely abroad
        return of_country(homes[0]) if homes else None

    def _stage(self, draft: Draft) -> Where | None:
        """The country that the report is about, when those whom an act reached are from there."""
        reached = {p.country for p in self._parties(draft)} if draft.recipients else set()
        return of_country(self.subject) if self.subject in reached and draft.root in _REACHING else None

    def _homes(self, draft: Draft) -> list[str]:
        """The only country concerned; a state coerces and convicts on its own soil, whoever the prisoner is."""
        if _police(draft):
            countries = {p.country for p in self._parties(draft, recipients=False)}
        else:
            countries = {p.country for p in self._parties(draft)}
        return list(countries) if len(countries) == 1 else []

    def _at_home(self, draft: Draft, where: Where) -> bool:
        """Tell whether an event may have happened in a place: not an arrest by another state's police."""
        homes = self._homes(draft) if _police(draft) else []
        return not homes or not where.country or where.country in homes or of_country(homes[0]) is None

    def _share(self, one: Draft, other: Draft) -> bool:
        """Tell whether two acts have a party in common, on whichever side."""
        ours, theirs = ({p.name or p.country for p in self._parties(d)} for d in (one, other))
        return bool(ours & theirs)

    def _parties(self, draft: Draft, recipients: bool = True) -> list[Participant]:
        heads = (*draft.actors, *draft.recipients) if recipients else tuple(draft.actors)
        return self.notes.participants(heads)


def _placeless(draft: Draft) -> bool:
    """Tell whether an act has a place only when one is told: what is said, and what one state withholds from another."""
    return draft.root in SPOKEN_ROOTS or (draft.root == "SANCTION" and draft.mode != "convict")


def _police(draft: Draft) -> bool:
    return draft.root == "COERCE" or (draft.root == "SANCTION" and draft.mode == "convict")


def _same_kind(one: Draft, other: Draft) -> bool:
    return one.root == other.root or bool(one.thread_kind and one.thread_kind == other.thread_kind)


def _compatible(one: Draft, other: Draft) -> bool:
    """Tell whether two tellings may be of one time: same period, and no dates that exclude each other."""
    a, b = one.when, other.when
    dated = a.start and b.start and not (a.assumed or b.assumed)
    return one.period == other.period and not (dated and (a.end < b.start or b.end < a.start))


def _arena(placed: list[Draft]) -> Where | None:
    """The place where most fights of a report are told to be, when they are all in one country."""
    fights = [d.where for d in placed if d.root in _FIGHT and d.period == "current"]
    if not fights or len({w.country for w in fights}) > 1:
        return None
    return Counter(fights).most_common(1)[0][0]
