"""Upkeep: faults are found and named, copies are whole, nothing is lost when a ledger is written anew or made of parts."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from parts_standin import obey, records, result, write
from typer.testing import CliRunner

from diurna.batch import parts
from diurna.batch.parts import Task, code_file
from diurna.cli import app
from diurna.errors import StopRun
from diurna.ledger import Ledger
from diurna.ledger.archive import Archive
from diurna.ledger.check import check
from diurna.ledger.dyads import summary
from diurna.ledger.filters import EventFilter
from diurna.ledger.sql import select
from diurna.ledger.upkeep import backup, compact, merge
from diurna.records import Article, Versions

ARTICLES = [Article(f"Oslo met Kyiv {n}.", published=f"2020-0{1 + n % 5}-03") for n in range(12)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Ledger(tmp_path / "l.duckdb") as ledger:
        ledger.add(result(article) for article in ARTICLES)
    return tmp_path / "l.duckdb"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("archive")
    for name in write(folder / "in", 3, 6):
        code_file(Task(name, str(folder / "out"), serves=obey))
    Archive(folder / "out").write_manifest()
    yield folder / "out"
    parts._forget_pool()


def content(path: Path) -> dict[str, list[Any]]:
    """All rows of all tables and views that answers come from."""
    names = ("articles", "versions", "codings", "events", "quotes", "threads", "judgements", "latest_events", "current_events")
    with Ledger(path, read_only=True) as ledger:
        return {name: ledger.con.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for name in names}


def test_a_sound_ledger_and_a_sound_archive_have_no_faults(path: Path, archive: Path) -> None:
    assert not list(check(path))
    assert not list(check(archive))


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        ("UPDATE articles SET text = text || ' Not said.' WHERE article_id = '{a}'", "1 × article whose text is not the one"),
        ("DELETE FROM articles WHERE article_id = '{a}'", "1 × coding of an article that is not there"),
        ("DELETE FROM versions", "12 × coding by versions"),
        ("UPDATE versions SET tables = 'other'", "1 × run whose versions"),
        ("DELETE FROM codings WHERE article_id = '{a}'", "1 × event of no coding"),
        ("UPDATE quotes SET text = 'Bonn' WHERE article_id = '{a}'", "1 × quotation whose words are not"),
        ("DELETE FROM events WHERE article_id = '{a}'", "1 × thread that names an event"),
        ("INSERT INTO events SELECT * FROM events WHERE article_id = '{a}'", "1 × event that stands twice"),
        ("DELETE FROM current_events WHERE article_id = '{a}'", "1 × event that questions do not see"),
        ("UPDATE articles SET text = 'Os' WHERE article_id = '{a}'", "1 × event whose words lie outside"),
    ],
)
def test_each_fault_is_named(path: Path, damage: str, fault: str) -> None:
    with duckdb.connect(str(path)) as con:
        con.execute(damage.format(a=ARTICLES[3].id))
    assert any(line.startswith(fault) for line in check(path))
    ran = CliRunner().invoke(app, ["ledger", "check", str(path)])
    assert ran.exit_code == 1
    assert fault in ran.stdout


def test_half_written_and_changed_parts_are_named_and_never_merged(archive: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    backup(archive, copy)
    files = sorted((copy / "events").rglob("*.parquet"))
    files[0].write_bytes(files[0].read_bytes()[:-30])
    changed = bytearray(files[1].read_bytes())
    changed[20] ^= 1
    files[1].write_bytes(changed)
    files[2].unlink()
    faults = "\n".join(check(copy))
    assert all(words in faults for words in ("bytes", "its content changed", "is missing"))
    with Ledger(tmp_path / "l.duckdb") as ledger, pytest.raises(StopRun, match="code its file again"):
        merge(Archive(copy), ledger)
    with pytest.raises(StopRun, match="not whole"):
        backup(copy, tmp_path / "second")
    assert not (tmp_path / "second").exists()


def test_a_backup_is_the_same_ledger(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    backup(path, copy)
    assert content(copy) == content(path)
    with pytest.raises(StopRun, match="is there already"):
        backup(path, copy)


def test_a_damaged_ledger_is_not_backed_up(path: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(path)) as con:
        con.execute("DELETE FROM versions")
    with pytest.raises(StopRun, match="not whole"):
        backup(path, tmp_path / "copy.duckdb")
    assert [file.name for file in tmp_path.iterdir()] == ["l.duckdb"]


def test_a_compact_ledger_holds_the_same_in_order_and_goes_on(path: Path) -> None:
    before = content(path)
    with Ledger(path, read_only=True) as ledger:
        days = ledger.con.execute("SELECT when_start FROM current_events").fetchall()
    compact(path)
    assert content(path) == before
    with Ledger(path, read_only=True) as ledger:
        assert days != ledger.con.execute("SELECT when_start FROM current_events").fetchall() == sorted(days)
    assert not list(check(path))
    with Ledger(path) as ledger:
        newer = replace(result(ARTICLES[0]), versions=Versions("2", "sm", "t"))
        assert ledger.add([newer]).codings == 1
        assert ledger.con.execute("SELECT run_id FROM latest WHERE article_id = ?", [ARTICLES[0].id]).fetchall() == [
            (newer.versions.id,)
        ]


def test_a_compact_archive_has_each_article_once_in_order_of_the_days(archive: Path, tmp_path: Path) -> None:
    twice = tmp_path / "twice"
    backup(archive, twice)
    again = tmp_path / "again.jsonl"
    again.write_text((archive.parent / "in" / "f00.jsonl").read_text() + json.dumps({"id": "new", "text": "Oslo left."}) + "\n")
    code_file(Task(str(again), str(twice), serves=obey))
    Archive(twice).write_manifest()
    assert len(records(twice)["codings"]) == 18 + 7
    made = tmp_path / "made"
    compact(twice, made)
    assert not list(check(made))
    found = records(made)
    assert {table: len(rows) for table, rows in found.items()} == dict.fromkeys(found, 19)
    paths = Archive(made).manifest().paths("current_events")
    assert len(paths) == len(set(paths)) == 4
    for file in paths:
        days = [day for (day,) in duckdb.sql(f"SELECT when_start FROM '{made / file}'").fetchall()]
        assert days == sorted(days, key=str)
    with pytest.raises(StopRun, match="never changed"):
        compact(made)


def test_a_merge_brings_each_report_once_and_can_be_run_again(archive: Path, tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.duckdb") as ledger:
        assert merge(Archive(archive), ledger).articles == 18
        again = merge(Archive(archive), ledger)
        assert (again.articles, again.known, again.refused) == (0, 18, [])
    assert not list(check(tmp_path / "l.duckdb"))
    rows = content(tmp_path / "l.duckdb")
    assert len(rows["events"]) == len(rows["quotes"]) == len(rows["threads"]) == len(rows["current_events"]) == 18


def test_a_merge_refuses_an_id_that_stands_for_another_text(archive: Path, tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.duckdb") as ledger:
        ledger.add([result(Article("Oslo wept.", id="a0-0", published="2011-01-01"))])
        done = merge(Archive(archive), ledger)
        assert done.articles == 17
        assert ["the id a0-0 already stands" in item.reason for item in done.refused] == [True]
        assert ledger.con.execute("SELECT text FROM articles WHERE article_id = 'a0-0'").fetchall() == [("Oslo wept.",)]


def test_an_archive_answers_as_the_ledger_made_of_it(archive: Path, tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.duckdb") as ledger:
        merge(Archive(archive), ledger)
    compact(archive, tmp_path / "made")
    with Ledger(tmp_path / "l.duckdb", read_only=True) as ledger:
        expected = _answers(ledger)
    for place in (archive, tmp_path / "made"):
        with Ledger(place, read_only=True) as shown:
            assert _answers(shown) == expected
        assert select(place, "SELECT count(*) AS n FROM current_events").to_pylist() == [{"n": 18}]
    outside = str(tmp_path / "l.duckdb.csv").replace("'", "''")
    with pytest.raises(StopRun):
        select(archive, f"SELECT * FROM read_csv('{outside}')")
    with pytest.raises(StopRun, match="read only"):
        Ledger(archive)


def _answers(ledger: Ledger) -> list[Any]:
    chosen = EventFilter(since="2011", actor=("NOR",))
    return [
        ledger.dyad("NOR", "UKR").to_pylist(),
        ledger.dyad("Ukraine", "NOR", "year").to_pylist(),
        ledger.dyad("NOR", "UKR", "day").to_pylist(),
        ledger.events(chosen, limit=5).to_pylist(),
        ledger.events(chosen).to_pylist(),
        ledger.timeline(by="year").to_pylist(),
        ledger.quotes().to_pylist(),
        ledger.actor("UKR").partners.to_pylist(),
    ]


def test_dyads_summed_by_month_are_those_that_are_counted(tmp_path: Path) -> None:
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE e AS SELECT i AS n, [['NOR'], ['NOR', 'UKR'], ['USA', 'USA'], [''], []][i % 5 + 1] AS actor_countries, "
        "[['UKR'], ['USA', 'NOR'], ['USA'], []][i % 4 + 1] AS recipient_countries, i % 3 = 0 AS reciprocal, 1 + i % 4 AS quad, "
        "(i % 7)::DOUBLE AS score, DATE '2020-01-01' + (i % 90)::INT AS when_start, "
        "CASE WHEN i % 9 = 0 THEN 'year' ELSE 'day' END AS when_precision, DATE '2020-12-31' AS when_end FROM range(2000) t(i)"
    )
    con.execute(f"CREATE TABLE sums AS {summary('e')}")
    for one, other in (("NOR", "UKR"), ("NOR", "USA"), ("USA", "USA"), ("UKR", "USA"), ("NOR", "NOR"), ("UKR", "UKR")):
        sides = [f"list_contains({side}_countries, '{name}')" for side in ("actor", "recipient") for name in (one, other)]
        either = f"({sides[0]} AND {sides[3]}) OR ({sides[1]} AND {sides[2]})"
        mutual = "" if one == other else f" OR (reciprocal AND {sides[0]} AND {sides[1]})"
        counted = (
            "SELECT CASE WHEN when_precision = 'day' THEN date_trunc('month', when_start)::DATE END, count(*), sum(score), "
            f"count(*) FILTER (quad = 4) FROM e WHERE {either}{mutual} GROUP BY 1 ORDER BY 1"
        )
        summed = (
            "SELECT CASE WHEN month = latest THEN month END, sum(events), sum(score), sum(quad4) "
            f"FROM sums WHERE one = '{one}' AND other = '{other}' GROUP BY 1 ORDER BY 1"
        )
        assert con.execute(summed).fetchall() == con.execute(counted).fetchall()


def test_a_folder_that_is_no_archive_says_so(tmp_path: Path) -> None:
    with pytest.raises(StopRun, match="no archive"):
        Ledger(tmp_path, read_only=True)


def test_two_writers_and_a_missing_ledger_are_one_line(path: Path, tmp_path: Path) -> None:
    opens = f"import sys; from diurna.ledger import Ledger; held = Ledger({str(path)!r})"
    hold = f"{opens}; print('open', flush=True); sys.stdin.readline()"
    with subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        for work in (lambda: backup(path, tmp_path / "b.duckdb"), lambda: compact(path), lambda: Ledger(path)):
            with pytest.raises(StopRun, match=f"process {other.pid}"):
                work()
        other.communicate("\n")
    assert not list(check(path))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["l.duckdb"]
    ran = CliRunner().invoke(app, ["ledger", "check", str(tmp_path / "none.duckdb")])
    assert isinstance(ran.exception, StopRun)
