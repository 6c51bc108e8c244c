"""Status, attribution, date, place and numbers of events in small parsed sentences (codebook, sections 4 to 7)."""

from __future__ import annotations

from datetime import date

import pytest
from spacy.language import Language

import diurna
from diurna.context.component import Context
from diurna.context.place import Places
from diurna.context.quantities import Quantities
from diurna.language.notes import Draft, notes_of
from diurna.settings import Settings

PUBLISHED = date(2019, 3, 20)  # a Wednesday

pytestmark = pytest.mark.model


def told(nlp: Language, text: str, trigger: str, root: str = "ASSAULT", chain: tuple[str, ...] = ()) -> Draft:
    doc = nlp(text)
    notes = notes_of(doc)
    notes.published = PUBLISHED
    index = next(t.i for t in doc if t.text == trigger)
    sentence = next(i for i, s in enumerate(doc.sents) if s.start <= index < s.end)
    draft = Draft(root, "", "", (index,), sentence, chain=chain or (root,))
    notes.drafts.append(draft)
    Context()(doc)
    return draft


@pytest.mark.parametrize(
    ("text", "trigger", "polarity"),
    [
        ("The navy attacked the convoy.", "attacked", "affirmed"),
        ("The navy did not attack the convoy.", "attack", "negated"),
        ("The navy never attacked the convoy.", "attacked", "negated"),
        ("The rebels denied attacking the convoy.", "attacking", "negated"),
        ("Guards foiled an attack on the embassy.", "attack", "negated"),
        ("The marines left without attacking the village.", "attacking", "negated"),
        ("No attack was carried out.", "attack", "negated"),
        ("Neither side attacked the other.", "attacked", "negated"),
        ("The army did not only attack the port but burned it.", "attack", "affirmed"),
        ("The council did not discuss the attack.", "attack", "affirmed"),
        ("Officials did not say that the rebels attacked the convoy.", "attacked", "affirmed"),
        ("The militia failed to attack the base.", "attack", "negated"),
        ("The militia did not fail to attack the base.", "attack", "affirmed"),
        ("The navy has yet to attack the convoy.", "attack", "negated"),
        ("The police made not a single arrest.", "made", "negated"),
        ("The navy came close to attacking the convoy.", "attacking", "negated"),
    ],
)
def test_polarity(nlp: Language, text: str, trigger: str, polarity: str) -> None:
    assert told(nlp, text, trigger).polarity == polarity


@pytest.mark.parametrize(
    ("text", "trigger", "modality"),
    [
        ("The navy attacked the convoy.", "attacked", "actual"),
        ("The navy will attack the convoy.", "attack", "future"),
        ("The fleet is expected to attack the island.", "attack", "future"),
        ("The minister is due to visit Lima next week.", "visit", "future"),
        ("The fleet could attack the island.", "attack", "hypothetical"),
        ("If the fleet attacks the island, the talks end.", "attacks", "hypothetical"),
        ("The junta is considering attacking the camp.", "attacking", "hypothetical"),
        ("Analysts warned of a possible attack on the dam.", "attack", "hypothetical"),
        ("The envoy leaves Kabul on Friday.", "leaves", "actual"),
        ("The general said the army would attack the camp.", "attack", "future"),
        ("The army would have attacked the camp.", "attacked", "hypothetical"),
    ],
)
def test_modality(nlp: Language, text: str, trigger: str, modality: str) -> None:
    assert told(nlp, text, trigger).modality == modality


def test_what_is_only_weighed_is_not_threatened(nlp: Language) -> None:
    assert told(nlp, "Parliament is weighing sanctions.", "weighing", "THREATEN").modality == "hypothetical"


@pytest.mark.parametrize(
    "text",
    [
        "The army has since arrested the minister.",
        "The army has arrested the minister before.",
        "The army arrested priests for ten years.",
        "The army arrested the minister during the war.",
    ],
)
def test_words_beside_the_verb_put_an_event_in_the_past(nlp: Language, text: str) -> None:
    assert told(nlp, text, "arrested", "COERCE").period == "historical"


@pytest.mark.parametrize(
    ("text", "trigger", "start"),
    [
        ("The coup of March 10 was bloodless. Mali lost its seat three days after the coup.", "lost", "2019-03-13"),
        ("The king fled on Tuesday, two days after troops attacked the palace.", "attacked", "2019-03-17"),
        ("Nine days after the marines attacked the port, a truce was signed.", "attacked", "2019-03-11"),
        ("Troops captured the port in May 2018, nine months after they had attacked the town.", "attacked", "2017-08-01"),
        ("The union, which abstained when the council met on March 3, sold arms.", "abstained", "2019-03-03"),
    ],
)
def test_dates_by_distance_from_another_event(nlp: Language, text: str, trigger: str, start: str) -> None:
    assert told(nlp, text, trigger).when.start == start


def test_a_long_span_dates_its_own_verb_only(nlp: Language) -> None:
    assert (
        told(nlp, "Peru has kept the border shut since 2012 and thanked Chile.", "thanked", "SUPPORT").when.start == "2019-03-20"
    )


def test_a_paper_tells_what_the_day_before_brought(nlp: Language) -> None:
    draft = told(
        nlp, "Troops entered the capital on Tuesday. The rector was beaten.\nPolice arrested the mayor.", "arrested", "COERCE"
    )
    assert (draft.when.start, draft.when.assumed) == ("2019-03-19", True)


def test_composition_spends_its_own_future(nlp: Language) -> None:
    assert told(nlp, "Oslo will send aid to Malawi.", "send", "AGREE", ("will", "AID")).modality == "actual"
    assert told(nlp, "Oslo promised to send aid to Malawi.", "promised", "AGREE", ("agree", "AID")).modality == "actual"


def test_an_appointment_that_nobody_promises_is_future(nlp: Language) -> None:
    assert told(nlp, "The envoys will meet on Monday.", "meet", "AGREE", ("will", "CONSULT")).modality == "future"
    assert told(nlp, "The envoys will meet on Monday.", "meet", "AGREE", ("agree", "CONSULT")).modality == "actual"


@pytest.mark.parametrize(
    ("text", "trigger", "period", "ongoing"),
    [
        ("The navy attacked the convoy.", "attacked", "current", False),
        ("The navy attacked the convoy in 2015.", "attacked", "historical", False),
        ("The navy attacked the convoy last week.", "attacked", "current", False),
        ("The two had clashed over fishing rights.", "clashed", "current", False),
        ("Police said gunmen had attacked the convoy.", "attacked", "current", False),
        ("The regime has detained him since 2011.", "detained", "historical", True),
        ("The coalition is fighting the militia.", "fighting", "current", True),
        ("He previously attacked the mayor.", "attacked", "historical", False),
        ("In 1991 he ran the party. His men attacked the palace.", "attacked", "historical", False),
    ],
)
def test_period(nlp: Language, text: str, trigger: str, period: str, ongoing: bool) -> None:
    draft = told(nlp, text, trigger)
    assert (draft.period, draft.ongoing) == (period, ongoing)


@pytest.mark.parametrize(
    ("text", "trigger", "said_by", "source"),
    [
        ("The navy attacked the convoy.", "attacked", (), ""),
        ("Kenya said gunmen attacked the convoy.", "attacked", ("Kenya",), ""),
        ("Gunmen attacked the convoy, Kenya said.", "attacked", ("Kenya",), ""),
        ("Gunmen attacked the convoy, according to Kenya.", "attacked", ("Kenya",), ""),
        ("Gunmen attacked the convoy, according to a report by the mission.", "attacked", (), "report by the mission"),
        ("State media reported that gunmen attacked the convoy.", "attacked", (), "State media"),
        ("“They attacked our convoy,” said Amina Diallo.", "attacked", ("Amina Diallo",), ""),
        ("The port closed after what Kenya called an attack.", "attack", ("Kenya",), ""),
        ("A Kenyan general denied that gunmen had attacked the convoy.", "attacked", ("Kenyan general",), "Kenyan general"),
        ("Gunmen attacked the convoy; the road is open again, Kenya said.", "attacked", (), ""),
        ("The road is closed; gunmen attacked the convoy, Kenya said.", "attacked", ("Kenya",), ""),
        ("The gunmen, who attacked the convoy in May, are in jail, Kenya said.", "attacked", (), ""),
        ("Gunmen attacked the border post, the defence minister, Amina Diallo, said.", "attacked", ("Amina Diallo",), ""),
        ("Gunmen attacked the convoy, the Kremlin said.", "attacked", ("Kremlin",), ""),
        (
            "Gunmen attacked the convoy, the International Committee of the Red Cross said.",
            "attacked",
            ("International Committee of the Red Cross",),
            "",
        ),
    ],
)
def test_attribution(nlp: Language, text: str, trigger: str, said_by: tuple[str, ...], source: str) -> None:
    draft = told(nlp, text, trigger)
    assert (draft.said_by, draft.source) == (said_by, source)


def test_a_speakers_own_act_is_told_directly(nlp: Language) -> None:
    assert told(nlp, "Kenya condemned the raid.", "condemned", "ACCUSE").said_by == ()


@pytest.mark.parametrize(
    ("text", "trigger", "start", "precision", "assumed"),
    [
        ("The navy attacked the convoy on Monday.", "attacked", "2019-03-18", "day", False),
        ("The navy attacked the convoy.", "attacked", "2019-03-20", "day", True),
        ("The navy attacked the convoy over the weekend.", "attacked", "2019-03-16", "week", False),
        ("It ended on Monday, when the navy attacked the convoy.", "attacked", "2019-03-18", "day", False),
        ("The ships met on Monday. The navy then attacked the convoy.", "attacked", "2019-03-18", "day", True),
        ("The attack on Monday killed the mayor.", "attack", "2019-03-18", "day", False),
        ("In February, the navy attacked the convoy.", "attacked", "2019-02-01", "month", False),
        ("The minister said on Tuesday that gunmen had attacked the convoy.", "attacked", "2019-03-20", "day", True),
        ("The navy attacked the convoy, which left on Sunday.", "attacked", "2019-03-20", "day", True),
    ],
)
def test_when(nlp: Language, text: str, trigger: str, start: str, precision: str, assumed: bool) -> None:
    when = told(nlp, text, trigger).when
    assert (when.start, when.precision, when.assumed) == (start, precision, assumed)


@pytest.mark.parametrize(
    ("text", "trigger", "name", "country"),
    [
        ("Gunmen attacked the convoy near Tripoli in Libya.", "attacked", "Tripoli", "LBY"),
        ("Gunmen attacked the convoy in northern Syria.", "attacked", "northern Syria", "SYR"),
        ("Russian guns shelled Kharkiv.", "shelled", "Kharkiv", "UKR"),
        ("The minister from Paris condemned the raid.", "condemned", "", ""),
        ("NAIROBI, Kenya (AP) — Kenya condemned the raid.", "condemned", "", ""),
    ],
)
def test_where(nlp: Language, text: str, trigger: str, name: str, country: str) -> None:
    root = "ACCUSE" if trigger == "condemned" else "ASSAULT"
    where = told(nlp, text, trigger, root).where
    assert (where.name, where.country) == (name, country)


@pytest.mark.parametrize(
    ("text", "trigger", "quantities"),
    [
        ("Gunmen killed 12 villagers and wounded thirty others.", "killed", {"dead": 12, "injured": 30}),
        (
            "Three policemen and at least two miners were killed.",
            "killed",
            {"dead": 5, "dead_approx": True},
        ),
        ("The attack killed at least 1,200 people.", "attack", {"dead": 1200, "dead_approx": True}),
        ("Police arrested dozens of students.", "arrested", {"arrested": 24, "arrested_approx": True}),
        ("Oslo gave Malawi $2.5bn in aid.", "gave", {"money": 2_500_000_000, "currency": "USD"}),
        ("Oslo gave Malawi 40 million euros.", "gave", {"money": 40_000_000, "currency": "EUR"}),
        ("Gunmen killed the 40-year-old mayor.", "killed", {}),
        ("Soldiers killed several hundred villagers.", "killed", {"dead": 300, "dead_approx": True}),
        ("Soldiers killed two dozen villagers.", "killed", {"dead": 24}),
    ],
)
def test_quantities(nlp: Language, text: str, trigger: str, quantities: dict[str, object]) -> None:
    assert told(nlp, text, trigger).quantities == quantities


@pytest.mark.parametrize(
    ("text", "root", "trigger", "victim", "quantities"),
    [
        ("Gunmen killed a priest.", "ASSAULT", "killed", "priest", {"dead": 1}),
        ("Gunmen shot dead at least a dozen protesters.", "ASSAULT", "shot", "protesters", {"dead": 12, "dead_approx": True}),
        ("Police arrested the crowd.", "COERCE", "arrested", "crowd", {}),
        ("Peru took in 300 refugees.", "AID", "took", "refugees", {"crowd": 300}),
        ("The killing of three policemen angered Peru.", "ASSAULT", "killing", "policemen", {"dead": 3}),
    ],
)
def test_whom_an_act_reached(
    nlp: Language, text: str, root: str, trigger: str, victim: str, quantities: dict[str, object]
) -> None:
    doc = nlp(text)
    index = {t.text: t.i for t in doc}
    draft = Draft(root, "", "", (index[trigger],), 0, recipients=[index[victim]])
    Quantities(doc).run(draft)
    assert draft.quantities == quantities


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("Sudanese soldiers attacked an Ethiopian garrison.", "military"),
        ("Chinese police arrested three Uighur activists.", "repression"),
        ("The Serbian president met the Kosovan prime minister in Brussels to discuss the border.", "diplomatic"),
    ],
)
def test_contexts(text: str, context: str) -> None:
    events = diurna.Coder(Settings(model=False)).code(diurna.Article(text=text, id="a", published="2019-03-20")).events
    assert [e.contexts for e in events] == [(context,)]


@pytest.mark.parametrize(
    ("text", "trigger", "name", "country"),
    [
        ("PRISTINA (Agency) - Gunmen attacked the convoy here.", "attacked", "Pristina", "KOS"),
        ("Gunmen attacked the convoy in the Bekaa.", "attacked", "Bekaa", "LBN"),
        ("Ukrainian soldiers attacked the convoy in Sumy region.", "attacked", "Sumy region", "UKR"),
        ("Gunmen attacked a tanker in the Gulf of Aden.", "attacked", "Gulf of Aden", ""),
    ],
)
def test_places_that_are_no_towns(nlp: Language, text: str, trigger: str, name: str, country: str) -> None:
    where = told(nlp, text, trigger).where
    assert (where.name, where.country) == (name, country)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("The army attacked the port, two envoys in Brussels said.", "two envoys in Brussels"),
        ("The army attacked the port, a spokesman said.", ""),
        ("Guerrillas said they had attacked the port.", ""),
    ],
)
def test_people_without_names_are_sources(nlp: Language, text: str, source: str) -> None:
    assert told(nlp, text, "attacked").source == source


def test_a_cue_decides_status_before_the_model_does(nlp: Language) -> None:
    doc = nlp("The navy will attack the convoy. The army attacked the port.")
    notes = notes_of(doc)
    notes.published = PUBLISHED
    heard = {"negated": 0.0, "future": 0.1, "hypothetical": 0.9, "historical": 0.9}
    drafts = [Draft("ASSAULT", "", "", (t.i,), k, chain=("ASSAULT",), heard=heard) for k, t in enumerate((doc[3], doc[9]))]
    notes.drafts += drafts
    Context()(doc)
    assert [d.modality for d in drafts] == ["future", "hypothetical"]
    assert drafts[1].period == "historical"
    assert any(r.rule.startswith("learned model") for r in drafts[1].reasons)


def test_an_event_without_place_keeps_the_scene_for_two_sentences(nlp: Language) -> None:
    doc = nlp("Troops freed a pilot in Kharkiv. They released him. It rained. It snowed. They relented.")
    notes = notes_of(doc)
    notes.published = PUBLISHED
    words = {t.text: t.i for t in doc}
    drafts = [
        Draft("RETREAT", "", "", (words[w],), k, chain=("RETREAT",)) for k, w in ((0, "freed"), (1, "released"), (4, "relented"))
    ]
    notes.drafts += drafts
    Context()(doc)
    assert [d.where.name for d in drafts] == ["Kharkiv", "Kharkiv", ""]


def where_of(nlp: Language, text: str, root: str, trigger: str) -> str:
    doc = nlp(text)
    notes = notes_of(doc)
    notes.published = PUBLISHED
    at = next(t for t in doc if t.text == trigger)
    sentence = [s.start for s in doc.sents].index(at.sent.start)
    notes.drafts.append(Draft(root, "", "", (at.i,), sentence, chain=(root,)))
    Context()(doc)
    return notes.drafts[0].where.name


@pytest.mark.parametrize(
    ("text", "root", "trigger", "place"),
    [
        ("Thousands marched through Lagos on Monday.", "PROTEST", "marched", "Lagos"),
        ("Planes bombed the Eritrean capital on Friday.", "ASSAULT", "bombed", "Asmara"),
        ("Police arrested the banker as she changed planes in Vancouver.", "COERCE", "arrested", "Vancouver"),
        ("Police in Minsk arrested dozens of students.", "COERCE", "arrested", "Minsk"),
        ("Damascus experienced missile attacks.", "ASSAULT", "attacks", "Damascus"),
        ("It led to a meeting in Singapore where the two sides agreed to talk.", "AGREE", "agreed", "Singapore"),
        ("A crowd cheered him outside Westminster magistrates court.", "SUPPORT", "cheered", "Westminster magistrates court"),
        ("The ministers visited Smith last week.", "CONSULT", "visited", ""),
        ("Canada imposed sanctions on Iran.", "SANCTION", "imposed", ""),
    ],
)
def test_the_place_is_the_events_own(nlp: Language, text: str, root: str, trigger: str, place: str) -> None:
    assert where_of(nlp, text, root, trigger) == place


@pytest.mark.parametrize(
    "head",
    [
        "ASMARA, Eritrea (Wire), June 6 - Rockets fell and the army arrested two men.",
        "By our correspondent, ASMARA\nRockets fell and the army arrested two men.",
    ],
)
def test_datelines_with_agency_and_bylines(nlp: Language, head: str) -> None:
    doc = nlp(head)
    place = Places(doc, notes_of(doc)).dateline
    assert place is not None
    assert (place.country, place.name) == ("ERI", "Asmara")
