"""Copies, same events and threads over the articles of a ledger (codebook, sections 1 and 8)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.ledger import Ledger
from diurna.ledger.copies import copies
from diurna.ledger.join import join, join_threads
from diurna.ledger.same_event import Report, join_events, same_event
from diurna.records import Article, Event, Participant, Result, Versions, When, Where

WIRE = (
    "Gunmen stormed a customs post near the river on Tuesday and killed four guards before fleeing into the hills, police said. "
    "The governor promised to send two companies of soldiers to the district and asked villagers to stay at home until Friday."
)


def party(code: str) -> Participant:
    return Participant(code, name=code, country=code)


def raid(number: int, day: str = "2021-05-04", **changes: object) -> Report:
    event = Event(
        f"evt-{number}",
        f"art-{number}",
        "ASSAULT",
        actors=(party("MLI"),),
        recipients=(party("NER"),),
        when=When(day, day, "day"),
        where=Where("Gao", "MLI", lat=16.27, lon=-0.04),
        quantities={"dead": 4},
    )
    return Report(replace(event, **changes), f"Outlet {number}", "2021-05-05")  # type: ignore[arg-type]


def test_copies_are_found_under_another_headline_and_cut_short() -> None:
    texts = [
        ("a", WIRE),
        ("b", "Four die at border\n\n" + WIRE),
        ("c", WIRE[:150]),
        ("d", "Ministers met in Lima to talk of tin. " * 6),
    ]
    assert copies(texts) == {"a": "a", "b": "a", "c": "a", "d": "d"}


@given(st.lists(st.text(max_size=80), max_size=8))
def test_every_article_has_an_original_that_is_no_later(texts: list[str]) -> None:
    named = [(str(i), text) for i, text in enumerate(texts)]
    assert all(int(original) <= int(article) for article, original in copies(named).items())
    assert set(copies(named)) == {name for name, _ in named}


@pytest.mark.parametrize(
    "changes",
    [
        {"event": "COERCE"},
        {"polarity": "negated"},
        {"recipients": (party("BFA"),)},
        {"where": Where("Kidal", "MLI", lat=18.44, lon=1.4)},
        {"where": Where("Niamey", "NER")},
        {"quantities": {"dead": 40}},
        {"when": When("2021-05-07", "2021-05-07", "day")},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_parts_two_reports(changes: dict[str, object]) -> None:
    assert not same_event(raid(1), raid(2, **changes))
    assert not same_event(raid(2, **changes), raid(1))


def test_within_one_country_rebels_and_soldiers_are_not_exchanged() -> None:
    rebels, soldiers = (Participant(s, name=s, country="MLI", sectors=(s,)) for s in ("REB", "MIL"))
    one = raid(1, actors=(rebels,), recipients=(soldiers,))
    assert not same_event(one, raid(2, actors=(soldiers,), recipients=(rebels,)))
    assert same_event(one, raid(2, actors=(rebels,), recipients=(soldiers,)))


def test_deeds_of_nobody_named_need_a_town_or_a_number() -> None:
    nobody = {"actors": (), "where": Where("Mali", "MLI"), "quantities": {}}
    assert not same_event(raid(1, **nobody), raid(2, **nobody))
    assert same_event(raid(1, actors=()), raid(2, actors=()))
    assert same_event(raid(1, **nobody | {"quantities": {"dead": 4}}), raid(2, **nobody | {"quantities": {"dead": 4}}))


def test_reports_of_one_event_keep_their_figures() -> None:
    (joined,) = join_events([raid(1), raid(2, "2021-05-05", quantities={"dead": 6})])
    assert joined.outlets == ("Outlet 1", "Outlet 2")
    assert joined.figures == {"dead": (("evt-1", 4), ("evt-2", 6))}
    assert (joined.first_seen, joined.last_seen) == ("2021-05-05", "2021-05-05")


def test_two_events_of_one_article_stay_two() -> None:
    assert len(join_events([raid(1), raid(2, article_id="art-1")])) == 2


def test_a_thread_runs_over_articles() -> None:
    invited = raid(1, event="AGREE", stage="invite", thread_kind="visit", when=When("2021-01-05", "2021-01-05", "day"))
    held = raid(2, event="CONSULT", stage="hold", thread_kind="visit")
    (thread,) = join_threads(join_events([held, invited]))
    assert [(s.name, s.date) for s in thread.stages] == [("invite", "2021-01-05"), ("hold", "2021-05-04")]
    assert thread.state == "fulfilled"


def test_joining_a_ledger_twice_gives_the_same_rows(tmp_path: Path) -> None:
    results = []
    for number in (1, 2):
        report = raid(number)
        article = Article(f"{WIRE} Edition {number}.", f"art-{number}", publisher=report.outlet, published="2021-05-05")
        results.append(Result(article, (report.event,), (), (), Versions("1", "sm", "t")))
    with Ledger(tmp_path / "l.duckdb") as ledger:
        ledger.add(results)
        done = [join(ledger) for _ in range(2)]
        rows = ledger.con.execute("SELECT reports, outlets, first_seen::VARCHAR FROM joined_events").fetchall()
        members = ledger.con.execute("SELECT article_id, copy_of FROM same_events ORDER BY article_id").fetchall()
    assert done[0] == done[1]
    assert rows == [(2, ["Outlet 1", "Outlet 2"], "2021-05-05")]
    assert members == [("art-1", "art-1"), ("art-2", "art-1")]
