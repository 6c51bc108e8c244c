"""The filter of events: each field lets through what it should and nothing else; bad values name the allowed ones."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.errors import StopRun
from diurna.ledger import Ledger
from diurna.ledger.current import rebuild
from diurna.ledger.filters import EventFilter, first_day, last_day
from diurna.ledger.schema import MIGRATIONS
from diurna.records import Article, Event, Mention, Participant, Result, Versions, When, Where

TEXT = "Oslo expelled two envoys of Lima. Quito's navy may visit Riga, Müller's agency said."
ARTICLE = Article(TEXT, id="a1", published="2020-05-04", publisher="The Daily Gull", title="Envoys")
EXPEL = Event(
    "evt-1",
    "a1",
    "SANCTION",
    ("expel",),
    ("diplomatic",),
    "145",
    4,
    -7.0,
    (Participant("Oslo", name="Norway", country="NOR", sectors=("GOV",), entity_id="Q20"),),
    (Participant("envoys of Lima", country="PER", sectors=("GOV",)),),
    when=When("2020-05-01", "2020-05-01", "day"),
    where=Where("Oslo", "NOR", "Oslo County"),
    mentions=(Mention(0, (0, 33), ((5, 13),)),),
    confidence=0.9,
)
VISIT = Event(
    "evt-2",
    "a1",
    "CONSULT",
    ("visit",),
    ("military",),
    "042",
    1,
    4.0,
    (Participant("Quito's navy", name="Navy of Ecuador", country="ECU", sectors=("MIL",)),),
    (Participant("Riga", name="Latvia", country="LVA"),),
    polarity="negated",
    modality="hypothetical",
    period="historical",
    ongoing=True,
    said_by=("Jürgen Müller",),
    source="state news agency",
    when=When("2019-01-01", "2019-12-31", "year"),
    mentions=(Mention(1, (34, len(TEXT)), ((51, 56),)),),
    confidence=0.4,
)
MEET = replace(VISIT, id="evt-3", actors=(*EXPEL.actors, *VISIT.recipients), recipients=(), reciprocal=True, when=When())
RESULT = Result(ARTICLE, (EXPEL, VISIT, MEET), (), (), Versions("1", "sm", "t"))


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    found = Ledger(tmp_path_factory.mktemp("filters") / "l.duckdb")
    found.add([RESULT])
    return found


def ids(ledger: Ledger, **chosen: Any) -> set[str]:
    condition = EventFilter(**chosen).condition()
    query = f"SELECT event_id FROM current_events WHERE {condition.sql}"
    return {row[0].removeprefix("evt-") for row in ledger.con.execute(query, list(condition.values)).fetchall()}


CASES: list[tuple[dict[str, Any], str]] = [
    ({}, "123"),
    ({"actor": ("NOR",)}, "13"),
    ({"actor": ("norway",)}, "13"),
    ({"actor": ("Q20",)}, "13"),
    ({"actor": ("navy",)}, "2"),
    ({"actor": ("nav",)}, ""),
    ({"actor": ("MIL",)}, "2"),
    ({"actor": ("ECU:MIL",)}, "2"),
    ({"actor": ("Norway:mil",)}, ""),
    ({"actor": ("NOR", "ECU")}, "123"),
    ({"recipient": ("envoys",)}, "1"),
    ({"party": ("LVA",)}, "23"),
    ({"dyad": ("PER", "NOR")}, "1"),
    ({"dyad": ("LVA", "NOR")}, "3"),
    ({"dyad": ("NOR", "NOR")}, ""),
    ({"root": ("sanction",)}, "1"),
    ({"root": ("SANCTION", "CONSULT")}, "123"),
    ({"mode": ("visit",)}, "23"),
    ({"cameo": ("14",)}, "1"),
    ({"quad": (1,)}, "23"),
    ({"context": ("military",)}, "23"),
    ({"polarity": ("negated",)}, "23"),
    ({"modality": ("actual",)}, "1"),
    ({"period": ("current", "historical")}, "123"),
    ({"ongoing": False}, "1"),
    ({"said_by": ("muller",)}, "23"),
    ({"said_by": ("Reporter",)}, "1"),
    ({"source": ("News Agency",)}, "23"),
    ({"dataset": ("diurna",)}, "123"),
    ({"dataset": ("ICEWS", "gdelt2")}, ""),
    ({"place": ("count",)}, ""),
    ({"place": ("oslo county",)}, "1"),
    ({"place_country": ("Norway",)}, "1"),
    ({"since": "2020"}, "1"),
    ({"since": "2019-06", "until": "2019-07"}, "2"),
    ({"until": "2018"}, ""),
    ({"min_confidence": 0.5}, "1"),
    ({"text": ("ENVOYS",)}, "1"),
    ({"text": ("müller", "riga")}, "23"),
    ({"text": ("envoys", "riga")}, ""),
    ({"publisher": ("daily gull",)}, "123"),
    ({"actor": ("NOR",), "root": ("CONSULT",)}, "3"),
]


@pytest.mark.parametrize(("chosen", "expected"), CASES, ids=[str(case[0]) for case in CASES])
def test_each_field_chooses(ledger: Ledger, chosen: dict[str, Any], expected: str) -> None:
    assert ids(ledger, **chosen) == set(expected)


def test_every_field_is_tried() -> None:
    assert {name for chosen, _ in CASES for name in chosen} == {entry.name for entry in fields(EventFilter)}


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"root": ("PUNISH",)}, "no root 'PUNISH'; known are ACCUSE, AGREE"),
        ({"mode": ("expl",)}, "no mode 'expl'"),
        ({"root": ("AID",), "mode": ("expel",)}, "no mode of AID 'expel'"),
        ({"cameo": ("99",)}, "the roots are 01, 02"),
        ({"quad": (5,)}, "known are 1, 2, 3, 4"),
        ({"context": ("x",)}, "known are "),
        ({"polarity": ("no",)}, "affirmed, negated"),
        ({"actor": ("NOR:XXX",)}, "no sector 'XXX'"),
        ({"actor": (" ",)}, "must not be empty"),
        ({"place_country": ("Narnia",)}, "no country 'Narnia'"),
        ({"since": "2020-13"}, "write 2018, 2018-06"),
        ({"since": "2020", "until": "2019"}, "lies after"),
        ({"min_confidence": 7.0}, "between 0 and 1"),
        ({"dyad": ("NOR",)}, "two parties and not 1"),
        ({"said_by": ("",)}, "--said-by must not be empty"),
        *(({name: (" ",)}, f"--{name} must not be empty") for name in ("place", "text", "publisher", "source")),
    ],
)
def test_bad_values_are_told(chosen: dict[str, Any], message: str) -> None:
    with pytest.raises(StopRun, match=message) as error:
        EventFilter(**chosen).condition()
    assert "\n" not in str(error.value)


def test_one_value_stands_for_a_list_of_one(ledger: Ledger) -> None:
    assert ids(ledger, actor="NOR") == {"1", "3"}
    assert EventFilter(actor="NOR", quad=4, root=["AID"]) == EventFilter(actor=("NOR",), quad=(4,), root=("AID",))
    with pytest.raises(StopRun, match="two parties"):
        EventFilter(dyad="RUS")


def test_days() -> None:
    today = date(2024, 3, 1)
    assert first_day("2024-02", today) == date(2024, 2, 1)
    assert last_day("2024-02", today) == date(2024, 2, 29)
    assert first_day("7d", today) == date(2024, 2, 23)
    assert last_day("Yesterday", today) == date(2024, 2, 29)
    assert last_day("2023", today) == date(2023, 12, 31)


@given(st.text())
def test_any_words_for_a_day_are_read_or_refused(words: str) -> None:
    with suppress(StopRun):
        assert first_day(words) <= last_day(words)


@given(st.text(min_size=1).filter(str.strip))
def test_any_words_are_values_and_never_sql(ledger: Ledger, words: str) -> None:
    for name in ("actor", "party", "said_by", "place", "text", "source", "publisher"):
        with suppress(StopRun):
            assert ids(ledger, **{name: (words,)}) <= set("123")


def test_the_newest_coding_alone_is_current(tmp_path: Path) -> None:
    newer = replace(RESULT, versions=Versions("2", "sm", "t"), events=(EXPEL,))
    with Ledger(tmp_path / "l.duckdb") as found:
        found.add([RESULT])
        found.add([newer])
        assert ids(found) == {"1"}
        found.add([RESULT, replace(newer, versions=Versions("3", "sm", "t"), events=(VISIT, MEET))])
        assert ids(found) == {"2", "3"}
        kept = found.con.execute("FROM current_events ORDER BY event_id").fetchall()
        rebuild(found.con)
        assert found.con.execute("FROM current_events ORDER BY event_id").fetchall() == kept
    with Ledger(tmp_path / "two.duckdb") as found:
        found.add([RESULT, replace(newer, events=())])
        assert ids(found) == set()


def test_a_ledger_of_the_first_tables_is_brought_up(tmp_path: Path) -> None:
    path, new = tmp_path / "l.duckdb", tmp_path / "new.duckdb"
    with Ledger(new) as found:
        found.add([RESULT])
    with duckdb.connect(str(path)) as con:
        con.execute(MIGRATIONS[0][1])
        con.execute("CREATE TABLE migrations (version INTEGER, title VARCHAR, applied_at TIMESTAMP)")
        con.execute("INSERT INTO migrations VALUES (1, 'first tables', NULL)")
        con.execute(f"ATTACH '{new}' AS new (READ_ONLY)")
        for table in ("articles", "versions", "codings", "events"):
            con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM new.{table}")
    with pytest.raises(StopRun, match="older Diurna"):
        Ledger(path, read_only=True)
    with Ledger(path) as found:
        assert ids(found) == {"1", "2", "3"}
