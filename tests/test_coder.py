"""Whole reports in, records out: own short reports, the user's tables, and the founding example where it is at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import diurna
from diurna.errors import SkipItem
from diurna.evaluate.articles import Tally, score_article
from diurna.events.frames import COLUMNS
from diurna.records import Article, Event, Result, to_dict
from diurna.settings import Settings

pytestmark = pytest.mark.model

SEED = Path(__file__).parent.parent.parent / "shared" / "seed"

DENIAL = "Ankara denies strike\n\nTurkey on Friday denied attacking the Syrian town of Azaz.\n"
PLEDGE = "OSLO, May 3 - Norway pledged on Thursday to expel three Russian diplomats after an attack on a power station."
INVITATION = "Vladimir Putin invited Kim Jong-un to visit Vladivostok in September."
CANCELLED = "French President Emmanuel Macron cancelled a visit to Germany on Monday."
ACCORD = "Kenya and Ethiopia signed a border agreement in Nairobi on Tuesday."
CONDEMNED = "Tokyo condemned the bombing of Aden by Saudi Arabia on Sunday."
TOLD = "Russian troops killed 12 civilians in Kharkiv on Thursday, Ukraine said."
LITTER = (
    "Sign up for our newsletter\n\nFollow us on Twitter and Facebook\n\n"
    "Photo: Police arrest a protester in Minsk. Reuters\n\nRead more: Turkey attacks Syria\n"
)


@pytest.fixture(scope="module")
def coder() -> diurna.Coder:
    return diurna.Coder(Settings(model=False))


def code(coder: diurna.Coder, text: str, published: str) -> tuple[Event, ...]:
    return coder.code(Article(text=text, published=published)).events


def sides(event: Event) -> tuple[set[str], set[str]]:
    return {p.country for p in event.actors}, {p.country for p in event.recipients}


def test_denied_attack_is_no_assault(coder: diurna.Coder) -> None:
    assert "ASSAULT" not in {event.event for event in code(coder, DENIAL, "2017-03-11")}


def test_pledged_expulsion_is_a_threat(coder: diurna.Coder) -> None:
    events = code(coder, PLEDGE, "2018-05-03")
    (threat,) = [event for event in events if event.event == "THREATEN"]
    assert (threat.modes, threat.modality, threat.when.start) == (("expel",), "actual", "2018-05-03")
    assert sides(threat) == ({"NOR"}, {"RUS"})
    assert not {"SANCTION", "COERCE"} & {event.event for event in events}, "what is only pledged did not happen"


def test_invitation_opens_a_visit(coder: diurna.Coder) -> None:
    result = coder.code(Article(text=INVITATION, published="2018-06-14"))
    (event,) = result.events
    assert (event.event, event.quad, event.stage, event.said_by) == ("AGREE", 1, "invite", ())
    assert sides(event) == ({"RUS"}, {"PRK"})
    assert [(thread.kind, thread.state) for thread in result.threads] == [("visit", "open")]


def test_cancelled_visit_is_rejection(coder: diurna.Coder) -> None:
    result = coder.code(Article(text=CANCELLED, published="2023-07-04"))
    (event,) = result.events
    assert (event.event, event.modes, event.when.start) == ("REJECT", ("meet",), "2023-07-03")
    assert sides(event) == ({"FRA"}, {"DEU"})
    assert [thread.state for thread in result.threads] == ["cancelled"]


def test_signatories_are_both_actors(coder: diurna.Coder) -> None:
    (event,) = code(coder, ACCORD, "2019-02-05")
    assert (event.event, event.where.name) == ("SUPPORT", "Nairobi")
    assert sides(event) == ({"KEN", "ETH"}, set())


def test_condemned_fact_is_an_event_too(coder: diurna.Coder) -> None:
    found = {event.event: sides(event) for event in code(coder, CONDEMNED, "2016-10-10")}
    assert found == {"ACCUSE": ({"JPN"}, {"SAU"}), "ASSAULT": ({"SAU"}, {"YEM"})}


def test_speaker_and_numbers(coder: diurna.Coder) -> None:
    (event,) = code(coder, TOLD, "2022-03-05")
    assert (event.event, event.said_by, event.quantities["dead"]) == ("ASSAULT", ("Ukraine",), 12)
    assert sides(event)[0] == {"RUS"}
    assert [p.text for p in event.recipients] == ["12 civilians"]


def test_victims_belong_to_the_place(coder: diurna.Coder) -> None:
    (event,) = code(coder, TOLD, "2022-03-05")
    assert sides(event) == ({"RUS"}, {"UKR"})


def test_page_litter_yields_nothing(coder: diurna.Coder) -> None:
    result = coder.code(Article(text=LITTER, published="2020-08-10"))
    assert result.events == ()
    assert result.quotes == ()
    assert result.article.text == LITTER
    assert result.boilerplate


def test_offsets_slice_the_words(coder: diurna.Coder) -> None:
    text = "Page\u00a0one\r\n\r\n" + PLEDGE
    for event in code(coder, text, "2018-05-03"):
        assert [text[a:b] for a, b in event.mentions[0].trigger_spans][:2] == ["pledged", "expel"]
        assert [text[a:b] for p in event.actors for a, b in p.spans] == [p.text for p in event.actors]


def test_same_text_same_records_in_any_order(coder: diurna.Coder) -> None:
    texts = [DENIAL, PLEDGE, INVITATION, CANCELLED, ACCORD]
    articles = [Article(text=text, published="2018-06-14") for text in texts]

    def run(order: list[Article]) -> dict[str, object]:
        return {r.article.id: to_dict(r) for r in coder.pipe(order) if isinstance(r, Result)}

    once = run(articles)
    assert run(articles[::-1]) == once
    assert len(once) == len(texts)
    ids = [e.id for a in articles for e in coder.code(a).events]
    assert len(ids) == len(set(ids))


def test_empty_article_is_skipped_and_the_rest_is_coded(coder: diurna.Coder) -> None:
    found = list(coder.pipe([Article(text=" \n"), Article(text=ACCORD, published="2019-02-05")]))
    assert isinstance(found[0], SkipItem)
    assert isinstance(found[1], Result)


def test_long_article_is_cut_off_with_a_remark() -> None:
    cut = diurna.Coder(Settings(model=False, max_chars=len(ACCORD)))
    result = cut.code(Article(text=ACCORD + " " + CONDEMNED, published="2019-02-05"))
    assert {event.event for event in result.events} == {"SUPPORT"}
    assert any("only the first" in note for note in result.notes)


def test_min_confidence_drops_events() -> None:
    assert code(diurna.Coder(Settings(model=False, min_confidence=1.0)), ACCORD, "2019-02-05") == ()


def test_user_tables_add_a_root_and_a_frame(tmp_path: Path) -> None:
    (tmp_path / "ontology").mkdir()
    (tmp_path / "frames").mkdir()
    header = ["event", "mode", "score", "quad", "needs_recipient", "covers"]
    row = ["FLATTER", "", "3", "1", "no", "excessive praise"]
    (tmp_path / "ontology" / "plover.tsv").write_text("\t".join(header) + "\n" + "\t".join(row) + "\n")
    cells = {"trigger": "serenade", "pos": "v", "root": "FLATTER"}
    line = "\t".join(cells.get(column, "") for column in COLUMNS)
    (tmp_path / "frames" / "mine.tsv").write_text("\t".join(COLUMNS) + "\n" + line + "\n")
    own = diurna.Coder(Settings(model=False, tables=tmp_path))
    (event,) = code(own, "France serenaded Germany on Monday.", "2019-02-05")
    assert (event.event, event.score, event.quad, event.cameo) == ("FLATTER", 3.0, 1, "")
    assert sides(event) == ({"FRA"}, {"DEU"})
    assert event.explanation[0].rule.startswith("frame mine:2")
    assert own.versions.tables != diurna.Coder(Settings(model=False)).versions.tables


def test_as_spacy_components(nlp: object) -> None:
    import spacy

    own = spacy.load(Settings().pipeline)
    for name in ("diurna_actors", "diurna_coref", "diurna_events", "diurna_context"):
        own.add_pipe(name)
    doc = own(CONDEMNED)
    assert {draft.root for draft in doc._.diurna.drafts} == {"ACCUSE", "ASSAULT"}


@pytest.mark.skipif(not SEED.is_dir(), reason="the founding example (../shared/seed) does not lie beside this checkout")
def test_founding_example() -> None:
    gold = json.loads((SEED / "gold.json").read_text(encoding="utf-8"))
    text = (SEED / gold["file"]).read_text(encoding="utf-8")
    result = diurna.Coder().code(Article(text=text, id=gold["id"], published=gold["published"]))
    tally = Tally()
    score_article(gold, text, result, tally)
    errors = "\n".join(json.dumps(e, ensure_ascii=False, default=list) for e in tally.errors)
    assert tally.matched >= 11, errors
    assert tally.predicted - tally.right <= 5, errors
    assert tally.boilerplate == 0, errors
    assert tally.quotes_right == len(gold["quotes"]) == 9, errors
