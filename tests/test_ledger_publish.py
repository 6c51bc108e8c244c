"""Copies of a ledger that is being written to: whole, and without hindering whoever writes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from time import sleep

import pytest

from diurna import Article, Event, Result
from diurna.errors import StopRun
from diurna.ledger import Ledger, index
from diurna.ledger.publish import Publisher, copy, state_of
from diurna.records import Versions

ROUNDS = 25
# Writes round after round of ten articles, each with one event, in one transaction a round.
WRITER = f"""
import sys, time
from diurna import Article, Event, Result
from diurna.ledger import Ledger
from diurna.records import Versions
with Ledger(sys.argv[1]) as ledger:
    print("open", flush=True)
    for number in range({ROUNDS}):
        articles = [Article(f"Report {{number}}.{{i}} of some length. " * 200) for i in range(10)]
        ledger.add([Result(a, (Event(f"evt-{{number}}-{{i}}", a.id, "ACCUSE", quad=3),), (), (), Versions("1", "p", "t"))
                    for i, a in enumerate(articles)])
        time.sleep(0.25)
"""


def filled(path: Path, articles: int) -> Path:
    with Ledger(path) as ledger:
        add(ledger, "first", articles)
    return path


def add(ledger: Ledger, name: str, articles: int) -> None:
    for number in range(articles):
        article = Article(f"{name} {number}")
        event = Event(f"evt-{name}-{number}", article.id, "ACCUSE", quad=3)
        ledger.add([Result(article, (event,), (), (), Versions("1", "p", "t"))])


def settled() -> None:
    """Wait until a file that was just written counts as quiet."""
    sleep(0.2)


def test_copies_are_whole_while_another_process_writes(tmp_path: Path) -> None:
    path = filled(tmp_path / "busy.duckdb", 1)
    settled()
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    writer.stdout.readline()
    with pytest.raises(StopRun, match="another program"):
        Ledger(path, read_only=True)  # what the site must not need
    publisher = Publisher(path, index.build)
    seen = set()
    try:
        while writer.poll() is None:
            publisher.refresh()
            with publisher.reading() as ledger:
                seen.add(ledger.count())
                assert ledger.count() == ledger.con.execute("SELECT count(*) FROM events").fetchall()[0][0]
            sleep(0.05)
        assert writer.returncode == 0
        settled()
        publisher.refresh()
        with publisher.reading() as ledger:
            seen.add(ledger.count())
    finally:
        publisher.close()
    assert max(seen) == ROUNDS * 10 + 1
    assert len(seen) > 2, "no copy was taken while the other process wrote"
    assert all(count % 10 == 1 for count in seen), "a copy held half a transaction"


def test_the_ledger_can_be_written_while_its_copy_is_read(tmp_path: Path) -> None:
    path = filled(tmp_path / "one.duckdb", 3)
    settled()
    publisher = Publisher(path)
    try:
        with publisher.reading() as before, Ledger(path) as ledger:
            add(ledger, "second", 4)
            assert before.count() == 3
        settled()
        assert publisher.refresh()
        assert not publisher.refresh(), "nothing had changed"
        with publisher.reading() as after:
            assert after.count() == 7
    finally:
        publisher.close()


def test_a_reader_keeps_its_copy_when_a_newer_one_is_taken(tmp_path: Path) -> None:
    path = filled(tmp_path / "one.duckdb", 3)
    settled()
    publisher = Publisher(path, folder=tmp_path)
    try:
        with publisher.reading() as old:
            with Ledger(path) as ledger:
                add(ledger, "second", 1)
            settled()
            assert publisher.refresh()
            assert old.count() == 3
        folders = [folder for folder in tmp_path.iterdir() if folder.is_dir()]
        assert [file.name for file in folders[0].iterdir()] == ["2.duckdb"]
    finally:
        publisher.close()
    assert not any(item.is_dir() for item in tmp_path.iterdir()), "copies are left behind"


def test_what_was_written_to_the_log_alone_is_copied_too(tmp_path: Path) -> None:
    path = filled(tmp_path / "one.duckdb", 1)
    writing = Ledger(path)
    add(writing, "second", 2)
    assert any(name.endswith(".wal") for name, *_ in state_of(path)), "this test needs a log that is not yet in the file"
    settled()
    copy(path, tmp_path / "copy.duckdb")
    with Ledger(tmp_path / "copy.duckdb") as found:
        assert found.count() == 3
    writing.close()


def test_a_ledger_that_never_stands_still_is_said_so(tmp_path: Path) -> None:
    path = filled(tmp_path / "one.duckdb", 1)
    with pytest.raises(StopRun, match="without a pause"):
        copy(path, tmp_path / "copy.duckdb", tries=0)


def test_what_cannot_be_copied_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(StopRun, match="no such ledger"):
        Publisher(tmp_path / "none.duckdb")
    other = tmp_path / "other.duckdb"
    other.write_text("no database " * 1000)
    settled()
    with pytest.raises(StopRun, match="is not a ledger"):
        Publisher(other)
    with pytest.raises(StopRun, match="no folder for copies"):
        Publisher(filled(tmp_path / "one.duckdb", 1), folder=tmp_path / "nowhere")


def test_a_ledger_that_vanishes_leaves_the_last_copy(tmp_path: Path) -> None:
    path = filled(tmp_path / "one.duckdb", 2)
    settled()
    publisher = Publisher(path)
    try:
        path.unlink()
        assert not publisher.refresh()
        assert "no such ledger" in publisher.problem
        with publisher.reading() as ledger:
            assert ledger.count() == 2
    finally:
        publisher.close()
