"""spaCy component "diurna_context": what kind of telling each event is, and the quotations (codebook, sections 4 to 7)."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from diurna.context.anchors import Anchors
from diurna.context.attribution import Attribution
from diurna.context.background import Background
from diurna.context.dating import Dating
from diurna.context.place import Places
from diurna.context.quantities import Quantities
from diurna.context.quotes import Quotations, to_record
from diurna.context.scenes import Scenes
from diurna.context.status import Status
from diurna.context.topics import Topics
from diurna.language.notes import Draft, notes_of
from diurna.language.syntax import Syntax
from diurna.records import Reason


class Context:
    """Reads the telling of a Doc's events; needs `diurna_events` before it."""

    def __call__(self, doc: Doc) -> Doc:
        notes = notes_of(doc)
        syntax = Syntax(doc)
        quotations = Quotations(doc, notes, syntax).run()
        notes.quotes = [to_record(q, doc, notes.article_id) for q in quotations]
        if not notes.drafts:
            return doc
        status, dating = Status(doc), Dating(doc, notes)
        attribution = Attribution(doc, notes, syntax, quotations)
        background = Background(doc, notes, dating)
        places, quantities, topics = Places(doc, notes), Quantities(doc), Topics(doc, notes)
        for draft in notes.drafts:
            status.polarity(draft)
            status.modality(draft)
            dating.run(draft)
        Anchors(doc, dating, notes.published).run(notes.drafts)
        for draft in notes.drafts:
            status.period(draft, notes.published)
            background.run(draft)
            dating.fill(draft)
            _foretold(draft, told=attribution.run(draft))
            places.run(draft)
            quantities.run(draft)
            topics.run(draft)
        dating.headline(notes.drafts)
        scenes = Scenes(doc, notes, places)
        for draft in notes.drafts:
            scenes.run(draft)
        return doc


@Language.factory(
    "diurna_context",
    requires=["doc._.diurna", "token.dep", "token.lemma", "token.pos", "token.tag"],
    assigns=["doc._.diurna"],
    default_config={"tables": ""},
)
def make_context(nlp: Language, name: str, tables: str) -> Context:
    """Make the component. `tables` is accepted like by the other components; the cue tables are the built-in ones."""
    return Context()


def _foretold(draft: Draft, told: bool) -> None:
    """ "Kyiv said the allies would meet", "the envoys will meet on Monday": nobody promises it (codebook, sections 2 and 4).

    told: somebody says so, be it the actor. Of what the report itself foretells only meetings and visits are plain appointments.
    """
    if draft.chain[:1] != ("will",) or draft.modality != "actual":
        return
    if draft.said_by:
        draft.modality = "future"
        draft.reasons.append(Reason("modality", "foretold by another", draft.said_by[0]))
    elif not told and draft.chain[1:2] == ("CONSULT",):
        draft.modality = "future"
        draft.reasons.append(Reason("modality", "will, and nobody promises it"))
