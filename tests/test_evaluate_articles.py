"""Matching coded events to gold ones, and the fields of matched events, on hand-made records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from diurna.errors import StopRun
from diurna.evaluate.articles import (
    Tally,
    evaluate_articles,
    gold_files,
    match,
    score_article,
)
from diurna.evaluate.commands import _flatten
from diurna.evaluate.names import same_name
from diurna.evaluate.places import same_country, same_place
from diurna.evaluate.telling import field_results, same_number, same_speaker, same_time
from diurna.records import Article, Event, Mention, Participant, Quote, Result, Versions, When, Where

TEXT = "Lima expelled Quito's envoy. Quito protested. Share this page."
VERSIONS = Versions("0", "p", "t")


def event(
    root: str = "SANCTION", actor: str = "PER", recipient: str = "ECU", sentence: tuple[int, int] = (0, 28), **more: Any
) -> Event:
    sides = [(Participant(c, country=c, sectors=("GOV",)),) if c else () for c in (actor, recipient)]
    mention = Mention(0, sentence, ((sentence[0] + 5, sentence[0] + 13),))
    return Event("evt-1", "a", root, actors=sides[0], recipients=sides[1], mentions=(mention,), **more)


def gold(root: str = "SANCTION", actor: str = "PER", recipient: str = "ECU", **more: Any) -> dict[str, Any]:
    sides = [[{"text": c, "country": c, "sector": "GOV"}] if c else [] for c in (actor, recipient)]
    base = {"id": "g", "event": [root], "actor": sides[0], "recipient": sides[1], "evidence": [[5, 13]], "required": True}
    return {**base, **more}


@pytest.mark.parametrize(
    ("wanted", "found", "fits"),
    [
        (gold(), event(), True),
        (gold(event=["REJECT", "SANCTION"]), event(), True),
        (gold(), event("REJECT"), False),
        (gold(), event(actor="BOL"), False),
        (gold(actor=""), event(actor=""), True),
        (gold(actor=""), event(), False),
        (gold(), event(recipient=""), False),
        (gold(recipient_optional=True), event(recipient=""), True),
        (gold(), event(sentence=(29, 45)), False),
        (gold(actor="KOS"), event(actor="XKX"), True),
    ],
)
def test_what_fits(wanted: dict[str, Any], found: Event, fits: bool) -> None:
    assert match([wanted], [found]) == ({0: 0} if fits else {})


def test_matching_is_one_to_one_and_required_ones_go_first() -> None:
    wanted = [gold(required=False), gold()]
    assert match(wanted, [event()]) == {1: 0}
    assert match(wanted, [event(), event()]).keys() == {0, 1}
    assert len(match([gold()], [event(), event()])) == 1


def test_matching_is_a_largest_one() -> None:
    either, strict = gold(event=["SANCTION", "REJECT"]), gold()
    assert match([either, strict], [event(), event("REJECT")]) == {0: 1, 1: 0}


def result(*events: Event, quotes: tuple[Quote, ...] = ()) -> Result:
    return Result(Article(text=TEXT, id="a"), events, quotes, (), VERSIONS)


def test_counts() -> None:
    tally = Tally()
    annotated = {"id": "a", "events": [gold(), gold("ACCUSE", "ECU", "PER", evidence=[[35, 44]])], "boilerplate": [[46, 62]]}
    litter = event("COERCE", sentence=(46, 62))
    score_article(annotated, TEXT, result(event(), litter), tally)
    assert (tally.predicted, tally.right, tally.required, tally.matched, tally.boilerplate) == (2, 1, 2, 1, 1)
    assert [e["words"] for e in tally.errors if "missed" in e] == [["protested"]]
    assert [e["trigger"] for e in tally.errors if "spurious" in e] == [[TEXT[51:59]]]


def test_optional_match_counts_for_precision_and_not_for_recall() -> None:
    tally = Tally()
    score_article({"id": "a", "events": [gold(required=False)]}, TEXT, result(event()), tally)
    assert (tally.right, tally.required, tally.matched) == (1, 0, 0)


def test_fields_of_matched_events() -> None:
    tally = Tally()
    wanted = gold(polarity="affirmed", modality="future", period="current", said_by="Lima", when="2020-05", where="Quito")
    found = event(said_by=("Peru's Lima office",), when=When("2020-05-03", "2020-05-03", "day"), where=Where("Guayaquil"))
    score_article({"id": "a", "events": [wanted]}, TEXT, result(found), tally)
    right = {name for name, count in tally.fields_right.items() if count}
    assert right == {"polarity", "period", "said_by", "sector", "when"}
    assert {e["field"] for e in tally.errors if "field" in e} == {"modality", "where", "where_country"}


@pytest.mark.parametrize(
    ("wanted", "start", "end", "same"),
    [
        ("2020-05-03", "2020-05-03", "2020-05-03", True),
        ("2020-05-03", "2020-05-01", "2020-05-31", True),
        ("2020-05-03", "2020-05-04", "2020-05-31", False),
        ("2020-05", "2020-05-09", "2020-05-09", True),
        ("2020", "2020-01-01", "2020-12-31", True),
        ("2020", "2019-01-01", "2020-12-31", False),
        ("2020-05-03", "", "", False),
    ],
)
def test_same_time(wanted: str, start: str, end: str, same: bool) -> None:
    assert same_time(wanted, event(when=When(start, end))) is same


@pytest.mark.parametrize(
    ("wanted", "found", "same"),
    [("Kim Jong-un", "kim jong un", True), ("the ministry", "ministry", True), ("Moon", "Kim", False), ("the", "a", False)],
)
def test_same_name(wanted: str, found: str, same: bool) -> None:
    assert same_name(wanted, found) is same


def test_speaker_may_be_empty_or_one_of_several() -> None:
    assert same_speaker(None, event())
    assert not same_speaker(None, event(said_by=("Lima",)))
    assert not same_speaker("Lima", event())
    assert same_speaker(["Quito", "Lima"], event(said_by=("Lima",)))


@pytest.mark.parametrize(
    ("wanted", "found", "countries", "same"),
    [
        ("Goma, Congo", Where("Goma"), (), True),
        ("Goma", Where(), (), False),
        ("Kenya", Where("Mombasa", "KEN", "28", -4.05, 39.66), (), True),  # a town in the gold country
        ("Mombasa", Where("Kenya", "KEN"), (), False),  # a country for a gold town
        ("Niger", Where("Nigeria", "NGA"), (), False),  # letters in common are no name in common
        ("Washington", Where("White House", "USA", "District of Columbia", 38.895, -77.036), ("USA",), True),
        ("Helmand", Where("Kandahar province", "AFG", "Kandahar"), (), False),
        ("Tripoli", Where("Mitiga", "LBY", "77", 32.89, 13.28), ("LBY",), True),
        ("Tripoli", Where("Mitiga", "LBY", "77", 32.89, 13.28), ("LBN",), False),  # the annotator meant the Lebanese one
    ],
)
def test_same_place(wanted: str, found: Where, countries: tuple[str, ...], same: bool) -> None:
    assert same_place(wanted, found, countries) is same


def test_the_country_of_a_place_that_no_gazetteer_knows_is_not_scored() -> None:
    assert same_country("Kök-Tash", Where("Batken", "KGZ")) is None
    assert same_country("Mombasa", Where("Kenya", "KEN")) is True
    assert same_country("Mombasa", Where()) is False


def test_fields_that_the_gold_leaves_empty_are_scored_against_over_coding() -> None:
    told = event(where=Where("Lima", "PER"), source="state media", quantities={"dead": 3, "money": 5, "currency": "PEN"})
    none = {"where": None, "source": None, "quantities": {}, "contexts": []}
    verdicts = dict(field_results(gold(**none), told))
    assert not any(verdicts[f] for f in ("where_none", "source", "quantities_none"))
    assert {"where", "where_country", "source_told", "quantities", "contexts"}.isdisjoint(verdicts)


def test_numbers_sources_and_contexts_are_scored_one_by_one() -> None:
    told = event(source="state media", contexts=("legal", "military"), quantities={"dead": 3, "money": 5, "currency": "PEN"})
    wanted = gold(source="the state media", contexts=["legal"], quantities={"dead": 4, "money": [5, "PEN"]})
    verdicts = list(field_results(wanted, told))
    assert [v for v in verdicts if v[0] == "quantities"] == [("quantities", False), ("quantities", True)]
    assert ("source_told", True) in verdicts
    assert [r for f, r in verdicts if f == "contexts"] == [True]
    assert [r for f, r in verdicts if f == "contexts_coded"] == [True, False]


@pytest.mark.parametrize(("speaker", "right"), [("Rosa Pinto", 1), ("Ana Diaz", 0)])
def test_quotes_need_the_right_speaker(speaker: str, right: int) -> None:
    tally = Tally()
    annotated = {"id": "a", "events": [], "quotes": [{"span": [0, 10], "speaker": "Pinto"}]}
    score_article(annotated, TEXT, result(quotes=(Quote("q", "a", ((5, 20),), "x", speaker),)), tally)
    assert (tally.quotes, tally.quotes_right) == (1, right)


def test_a_folder_of_gold_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "a.json").write_text(json.dumps({"id": "a", "file": "a.txt", "published": None, "events": [gold()]}))
    found, errors = evaluate_articles(tmp_path, lambda article: result(event()))
    assert found["events"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "predicted": 1, "required": 1, "matched": 1}
    assert found["boilerplate_events"] == 0
    assert found["quotes"] == {"recall": None, "n": 0}  # nobody marked any, so nothing is said of them
    assert errors == []
    rows: list[tuple[str, str]] = []
    _flatten("", found, lambda name, value: rows.append((name, value)))
    assert ("quotes recall", "–") in rows


def test_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(StopRun, match="no gold file"):
        gold_files(tmp_path)


def test_numbers_may_be_told_with_bounds() -> None:
    assert same_number("dead", {"low": 3, "high": None, "words": "at least three"}, {"dead": 3, "dead_approx": True})
    assert same_number("dead", {"low": 3, "high": 5}, {"dead": 3, "dead_high": 5})
    assert not same_number("dead", {"low": 3, "high": 5}, {"dead": 3})
    assert not same_number("money", {"low": 5, "high": 5, "currency": "PEN"}, {"money": 5, "currency": "USD"})
