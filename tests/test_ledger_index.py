"""The index of a copy gives the answers that the ledger gives without it."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

from diurna.errors import StopRun
from diurna.ledger import Ledger, almanac, index, queries
from diurna.ledger.filters import EventFilter
from diurna.ledger.questions import ThreadFilter
from diurna.ledger.quotations import QuoteFilter

sys.path.insert(0, str(Path(__file__).parent.parent / "eval" / "bench"))

FILTERS = [
    EventFilter(),
    EventFilter(actor=("Leader 55",)),
    EventFilter(party=("Leader 55", "RUS")),
    EventFilter(dyad=("Leader 9", "Leader 1")),
    EventFilter(said_by=("Speaker 7",)),
    EventFilter(said_by=("reporter",), root=("SANCTION",)),
    EventFilter(recipient=("no such name",)),
    EventFilter(publisher=("gazette 7",)),
    EventFilter(publisher=("zette 1",), place=("town 9", "Town 11")),
    EventFilter(party=("AFG:MIL", "REB"), quad=(4,)),
    EventFilter(party=("AFG",), until="2009", text=("troops",)),
    EventFilter(dyad=("AFG", "ALB"), min_confidence=0.3),
    EventFilter(dyad=("AFG", "Leader 9")),
    EventFilter(party=("MIL",)),
    EventFilter(party=("AFG:GOV",), quad=(1, 4)),
]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ledger, Ledger]:
    """A ledger of 4,000 synthetic events, plain and indexed."""
    import ledger as synthetic

    folder = tmp_path_factory.mktemp("index")
    made = []
    for name in ("plain", "indexed"):
        store = Ledger(folder / f"{name}.duckdb")
        store.add_tables(synthetic.tables(0, 4000))
        store.con.execute("UPDATE current_events SET reciprocal = true WHERE len(actors) > 1 AND hash(event_id) % 2 = 0")
        store.con.execute(
            "UPDATE current_events SET when_precision = 'year', when_start = date_trunc('year', when_start), "
            "when_end = last_day(date_trunc('year', when_start) + INTERVAL 11 MONTH) WHERE hash(event_id) % 5 = 0"
        )
        made.append(store)
    index.build(made[1])
    return made[0], made[1]


@pytest.mark.parametrize("chosen", FILTERS, ids=range(len(FILTERS)))
def test_events_are_the_same(both: tuple[Ledger, Ledger], chosen: EventFilter) -> None:
    plain, indexed = both
    assert indexed.where(EventFilter(actor=("Leader 55",)).condition()) != plain.where(
        EventFilter(actor=("Leader 55",)).condition()
    )
    assert indexed.count(chosen) == plain.count(chosen)
    found, wanted = (ledger.events(chosen, limit=40, skip=3).drop_columns(["run_id"]) for ledger in (indexed, plain))
    assert found.equals(wanted)


@pytest.mark.parametrize("sort", ["-when", "score"])
@pytest.mark.parametrize("chosen", FILTERS, ids=range(len(FILTERS)))
def test_pages_are_the_same(both: tuple[Ledger, Ledger], chosen: EventFilter, sort: str) -> None:
    (found, total), (wanted, count) = (ledger.page(chosen.condition(), sort, 40, 3) for ledger in reversed(both))
    assert found.drop_columns(["run_id"]).equals(wanted.drop_columns(["run_id"]))
    assert total == count == both[0].count(chosen)


@pytest.mark.parametrize("chosen", FILTERS, ids=range(len(FILTERS)))
def test_dyads_are_the_same(both: tuple[Ledger, Ledger], chosen: EventFilter) -> None:
    for days in ((None, None), (date(2001, 1, 1), date(2009, 1, 1)), (date(2003, 5, 5), None)):
        found, wanted = (almanac.dyads(ledger, days, chosen, 500).to_pylist() for ledger in reversed(both))
        assert found == wanted


@pytest.mark.parametrize("pair", [("AFG", "ALB"), ("AFG", "AFG"), ("AFG:MIL", "ALB"), ("Leader 9", "AFG")])
@pytest.mark.parametrize("by", ["day", "year"])
def test_series_of_dyads_are_the_same(both: tuple[Ledger, Ledger], pair: tuple[str, str], by: str) -> None:
    plain, indexed = both
    for chosen in (EventFilter(), EventFilter(quad=(1, 4))):
        found, wanted = indexed.dyad_series(*pair, by, chosen), plain.dyad_series(*pair, by, chosen)
        assert (found.periods.to_pylist(), found.left_out) == (wanted.periods.to_pylist(), wanted.left_out)
    assert indexed.dyad("AFG", "ALB").num_rows > 2
    assert indexed.dyad_series("AFG", "ALB", "day").left_out > indexed.dyad_series("AFG", "ALB", "year").left_out == 0


@pytest.mark.parametrize("sort", ["-when", "when", "-score"])
def test_the_order_is_the_same(both: tuple[Ledger, Ledger], sort: str) -> None:
    found, wanted = (ledger.events(EventFilter(party=("AFG",)), sort, 30, 7)["id"].to_pylist() for ledger in both)
    assert found == wanted
    assert len(found) == 30


def test_events_and_reports_are_found_by_their_ids(both: tuple[Ledger, Ledger]) -> None:
    plain, indexed = both
    event, article = (plain.events(limit=1)[name][0].as_py() for name in ("id", "article_id"))
    assert queries.find_event(indexed, event) == queries.find_event(plain, event)
    assert queries.find_event(indexed, event.removeprefix("evt-")) == queries.find_event(plain, event)
    assert almanac.report(indexed, article) == almanac.report(plain, article)
    with pytest.raises(StopRun, match="no event"):
        queries.find_event(indexed, "evt-nothing")


def test_pulses_are_the_same(both: tuple[Ledger, Ledger]) -> None:
    plain, indexed = both
    pairs = [(row["one"], row["other"]) for row in almanac.dyads(plain, (None, None), EventFilter(), 50).to_pylist()]
    found = almanac.pulses(indexed, pairs, date(2005, 6, 1), 3000)
    assert found == almanac.pulses(plain, pairs, date(2005, 6, 1), 3000)
    assert any(sum(peace) + sum(strife) for peace, strife in found.values())


@pytest.mark.parametrize("name", ["RUS", "Afghanistan", "Leader 55", "RUS:MIL", "MIL", "AFG:REB", "nobody"])
def test_actors_are_the_same(both: tuple[Ledger, Ledger], name: str) -> None:
    plain, indexed = both
    for part in ("roles", "partners", "roots"):
        found = getattr(indexed.actor(name, limit=50), part)
        assert found.to_pylist() == getattr(plain.actor(name, limit=50), part).to_pylist()


def test_other_questions_are_the_same(both: tuple[Ledger, Ledger]) -> None:
    plain, indexed = both
    assert almanac.parties(indexed, 100).to_pylist() == almanac.parties(plain, 100).to_pylist()
    for chosen in (QuoteFilter(), QuoteFilter("Speaker 7"), QuoteFilter(text="troops"), QuoteFilter(since="2001", until="2003")):
        assert indexed.quotes(chosen, 30).to_pylist() == plain.quotes(chosen, 30).to_pylist()
    for asked in (
        ThreadFilter(),
        ThreadFilter(("RUS",)),
        ThreadFilter(last_stages=("invite",)),
        ThreadFilter(last_stages=("hold",)),
    ):
        assert indexed.threads(asked, 30).to_pylist() == plain.threads(asked, 30).to_pylist()
    assert indexed.threads(ThreadFilter(last_stages=("hold",))).num_rows == 0 < indexed.threads().num_rows


def test_names_are_found_by_words(both: tuple[Ledger, Ledger]) -> None:
    somebody = both[0].events(limit=1)["actors"][0].as_py()[0]
    assert somebody.lower() in index.names(both[1], somebody, 1000)
    assert all("leader 9" in name for name in index.names(both[1], "LEADER 9", 20))
    assert index.names(both[1], "xyz", 10) == []


def test_searching_goes_through_slices(both: tuple[Ledger, Ledger], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(almanac, "SLICE", 1500)
    found, reached, left = [], [], []
    for part in range(4):
        answer = almanac.search(both[1], "troops", part, 5000)
        found += answer.events["id"].to_pylist()
        reached.append(answer.reached)
        left.append(answer.left)
    assert sorted(found) == sorted(both[0].events(EventFilter(text=("troops",)))["id"].to_pylist())
    assert (reached, left) == ([1500, 3000, 4000, 4000], [2500, 1000, 0, 0])
