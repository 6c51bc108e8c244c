"""The ledger: what goes in comes out, coding twice adds nothing, and every misuse is one line."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from diurna.errors import SkipItem, StopRun
from diurna.ledger import Ledger, queries
from diurna.ledger.schema import NEWEST
from diurna.records import (
    Article,
    Event,
    Mention,
    Participant,
    Quote,
    Reason,
    Result,
    Stage,
    Thread,
    Versions,
    When,
    Where,
)

ARTICLE = Article("Oslo met Kyiv.", published="2020-01-02", remarks=("a remark",), title="T", url="u", byline="b")
EVENT = Event(
    id="ev-00aa11",
    article_id=ARTICLE.id,
    event="CONSULT",
    modes=("visit", "meet"),
    contexts=("diplomatic",),
    cameo="042",
    quad=1,
    score=-2.5,
    actors=(Participant("Oslo", ((0, 4),), "Norway", "NOR", "NOR", ("GOV", "MIL"), "minister", "table", 0.9),),
    recipients=(Participant("Kyiv"),),
    reciprocal=True,
    polarity="negated",
    modality="future",
    period="historical",
    ongoing=True,
    said_by=("a", "b"),
    source="state media",
    when=When("2020-01-01", "2020-01-31", "month", "in January", True),
    where=Where("Kyiv", "UKR", "30", 50.4, 30.5, 703448),
    quantities={"dead": 3, "money": {"amount": 2e9, "currency": "USD"}},
    mentions=(Mention(0, (0, 14), ((5, 8),)), Mention(1, (15, 20), ())),
    stage="hold",
    thread_kind="visit",
    explanation=(Reason("event", "frame met", "met", (5, 8)), Reason("when", "headline")),
    confidence=0.75,
)
QUOTE = Quote("q-1", ARTICLE.id, ((0, 4), (9, 13)), "Oslo Kyiv", "Oslo", "said", "Kyiv")
THREAD = Thread("t-1", "visit", ("NOR", "UKR"), (Stage("ev-00aa11", "hold", "2020-01"),), "open", "r")
RESULT = Result(ARTICLE, (EVENT,), (QUOTE,), (THREAD,), Versions("1", "sm", "t1", "m1"), ((0, 4),), ("note",))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.duckdb"


def test_records_come_back_whole(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.add([RESULT])
        found = queries.find_event(ledger, EVENT.id)
        assert (found.event, found.article, found.versions) == (EVENT, ARTICLE, RESULT.versions)
        assert queries.quotes(ledger, ARTICLE.id) == [QUOTE]
        assert queries.threads(ledger) == [THREAD]


def test_same_versions_add_nothing(path: Path) -> None:
    with Ledger(path) as ledger:
        assert ledger.add([RESULT, RESULT]).codings == 1
        added = ledger.add([RESULT])
        assert (added.articles, added.codings, added.events) == (0, 0, 0)
    with Ledger(path, read_only=True) as ledger:
        assert queries.counts(ledger) == {"articles": 1, "runs": 1, "events": 1, "quotes": 1, "skipped": 0}


def test_new_versions_stand_beside_the_old(path: Path) -> None:
    newer = replace(RESULT, versions=Versions("2", "sm", "t1"), events=(replace(EVENT, event="AGREE"),), quotes=())
    with Ledger(path) as ledger:
        ledger.add([RESULT])
        assert ledger.add([newer]).articles == 0
        assert [event.event for event in queries.events(ledger)] == ["AGREE"]
        assert [event.event for event in queries.events(ledger, RESULT.versions.id)] == ["CONSULT"]
        assert queries.find_event(ledger, EVENT.id).event.event == "AGREE"
        assert queries.counts(ledger)["runs"] == 2


def test_an_id_that_stands_for_another_text_is_refused(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.add([RESULT])
        added = ledger.add([replace(RESULT, article=replace(ARTICLE, text="Other."))])
        assert added.articles == 0
        assert "another text" in str(added.refused[0])


def test_a_batch_is_written_whole_or_not_at_all(path: Path) -> None:
    bad = replace(RESULT, article=replace(ARTICLE, id="b"), events=(replace(EVENT, when=When("2020-13-01")),))
    with Ledger(path) as ledger:
        with pytest.raises(ValueError, match="month"):
            ledger.add([RESULT, bad])
        assert queries.counts(ledger)["articles"] == 0
        assert ledger.add([RESULT]).events == 1


def test_skipped_items_are_kept_once(path: Path) -> None:
    with Ledger(path) as ledger:
        for _ in range(2):
            ledger.add_skipped([SkipItem("a.txt", "empty")])
        assert queries.counts(ledger)["skipped"] == 1


def test_events_by_prefix(path: Path) -> None:
    other = replace(EVENT, id="ev-00bb22")
    with Ledger(path) as ledger:
        ledger.add([replace(RESULT, events=(EVENT, other))])
        assert queries.find_event(ledger, "00aa").event == EVENT
        assert queries.find_event(ledger, "ev-00b").event == other
        with pytest.raises(StopRun, match="fits 2 events"):
            queries.find_event(ledger, "00")
        with pytest.raises(StopRun, match="no event"):
            queries.find_event(ledger, "zz")


def test_migrations_are_recorded(path: Path) -> None:
    Ledger(path).close()
    Ledger(path).close()
    with duckdb.connect(str(path)) as con:
        assert con.execute("SELECT version FROM migrations").fetchall() == [(n,) for n in range(1, NEWEST + 1)]


def test_newer_ledger_is_refused(path: Path) -> None:
    Ledger(path).close()
    with duckdb.connect(str(path)) as con:
        con.execute("INSERT INTO migrations (version, title) VALUES (?, 'future')", [NEWEST + 1])
    for read_only in (True, False):
        with pytest.raises(StopRun, match="newer Diurna"):
            Ledger(path, read_only)


def test_other_files_are_refused(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("no database " * 500)
    with pytest.raises(StopRun):
        Ledger(text)
    foreign = tmp_path / "other.duckdb"
    with duckdb.connect(str(foreign)) as con:
        con.execute("CREATE TABLE t (a INTEGER)")
    with pytest.raises(StopRun, match="no ledger of Diurna"):
        Ledger(foreign)
    with pytest.raises(StopRun, match="no such ledger"):
        Ledger(tmp_path / "none.duckdb", read_only=True)
    with pytest.raises(StopRun, match="no folder"):
        Ledger(tmp_path / "none" / "l.duckdb")


def test_a_ledger_in_use_says_who_holds_it(path: Path) -> None:
    Ledger(path).close()
    code = "import sys; from diurna.ledger import Ledger; l = Ledger(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(StopRun, match=f"process {holder.pid}"):
            Ledger(path, read_only=True)
        holder.communicate()
