"""The stream behind `diurna code`, with a stand-in coder: what is written, stored, skipped and said."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from diurna.batch.journal import Journal, part_of
from diurna.cli_code import Job, run, write_skipped
from diurna.errors import SkipItem, StopRun
from diurna.ledger import Ledger, queries
from diurna.records import Article, Event, Result, Versions


class OneEventCoder:
    """Finds one event in every article but those that say "unreadable"; at its `last` article somebody presses Ctrl-C."""

    versions = Versions("1", "sm", "t")

    def __init__(self, last: int = 10**9) -> None:
        self.last, self.stopping, self.coded = last, False, 0

    def stop(self) -> None:
        """Take no further articles."""
        self.stopping = True

    def pipe(self, articles: Iterable[Article]) -> Iterator[Result | SkipItem]:
        """Code a stream of articles."""
        for article in articles:
            self.coded += 1
            if self.coded == self.last:
                signal.raise_signal(signal.SIGINT)
            if "unreadable" in article.text:
                yield SkipItem(article.id, "unreadable", article.key)
            else:
                event = Event(f"ev-{article.id}", article.id, "CONSULT")
                yield Result(article, (event,), (), (), self.versions, notes=("cut off",))
            if self.stopping:
                return


def _articles(count: int) -> list[Article | SkipItem]:
    return [Article(f"Report {number}.", id=f"a{number}", published="2020-01-01") for number in range(count)]


def test_results_are_written_and_stored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    items = [*_articles(600), SkipItem("x.txt", "empty"), Article("unreadable", id="bad")]
    tally = run(items, OneEventCoder(), Job("jsonl", tmp_path / "out.jsonl", tmp_path / "l.duckdb"))
    assert (tally.articles, tally.events, tally.stored, len(tally.skipped)) == (600, 600, 600, 2)
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 600
    with Ledger(tmp_path / "l.duckdb", read_only=True) as ledger:
        assert queries.counts(ledger) == {"articles": 600, "runs": 1, "events": 600, "quotes": 0, "skipped": 2}
    err = capsys.readouterr().err
    assert "skipped x.txt: empty" in err
    assert "note a0: cut off" in err


def test_a_second_run_stores_nothing(tmp_path: Path) -> None:
    for stored in (3, 0):
        assert run(_articles(3), OneEventCoder(), Job("csv", tmp_path / "o.csv", tmp_path / "l.duckdb")).stored == stored


def test_an_id_used_twice_for_different_texts_is_skipped(tmp_path: Path) -> None:
    first = Article("One text.", id="7")
    job = Job("csv", tmp_path / "o.csv", tmp_path / "l.duckdb")
    tally = run([first, replace(first, text="Another.")], OneEventCoder(), job)
    assert (tally.stored, tally.articles, len(tally.skipped)) == (1, 1, 1)
    assert "another text" in str(tally.skipped[0])
    assert len((tmp_path / "o.csv").read_text().splitlines()) == 2
    again = run(
        [replace(first, text="A third."), Article("Four.", id="8")], OneEventCoder(), replace(job, output=tmp_path / "p.csv")
    )
    assert (again.stored, len(again.skipped)) == (1, 1)
    assert "ev-7" not in (tmp_path / "p.csv").read_text()


def test_many_skipped_items_do_not_flood_the_screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tally = run([SkipItem(f"{n}.txt", "empty") for n in range(100)], OneEventCoder(), Job("csv", tmp_path / "o.csv"))
    assert len(capsys.readouterr().err.splitlines()) == 21
    write_skipped(tally.skipped, tmp_path / "skipped.jsonl")
    lines = (tmp_path / "skipped.jsonl").read_text().splitlines()
    assert len(lines) == 100
    assert json.loads(lines[0]) == {"source": "0.txt", "reason": "empty"}


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path, kind: str) -> None:
    items = [*_articles(300), Article("unreadable", id="bad"), *_articles(5)]  # five texts come twice
    whole, stopped = tmp_path / f"whole.{kind}", tmp_path / f"stopped.{kind}"
    first = run(items, OneEventCoder(), Job(kind, whole))
    assert run(items, OneEventCoder(last=302), Job(kind, stopped)).stopped
    assert not stopped.exists()
    with part_of(stopped).open("ab") as stream:
        stream.write(b"torn by a kill")
    again = OneEventCoder()
    second = run(items, again, Job(kind, stopped, resume=True))
    assert again.coded == 4
    assert [str(item) for item in second.skipped] == [str(item) for item in first.skipped]
    if kind == "parquet":
        assert pq.read_table(stopped) == pq.read_table(whole)
    else:
        assert stopped.read_bytes() == whole.read_bytes()
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted([stopped.name, whole.name])


def test_other_versions_do_not_go_on_with_a_part(tmp_path: Path) -> None:
    run(_articles(20), OneEventCoder(last=10), Job("jsonl", tmp_path / "o.jsonl"))
    with pytest.raises(StopRun, match="other versions or settings"):
        run(_articles(20), OneEventCoder(), Job("jsonl", tmp_path / "o.jsonl", resume=True, thresholds={"min_confidence": 0.5}))


def test_a_ledger_alone_is_gone_on_with(tmp_path: Path) -> None:
    ledger = tmp_path / "l.duckdb"
    run(_articles(20), OneEventCoder(last=10), Job("table", ledger=ledger))
    again = OneEventCoder()
    assert run(_articles(20), again, Job("table", ledger=ledger, resume=True)).stored == again.coded == 10


def test_a_torn_line_of_the_journal_never_counted(tmp_path: Path) -> None:
    part = tmp_path / "o.jsonl.part"
    one, two = Article("One."), Article("Two.")
    for article, text in ((one, "1\n"), (two, "2\n")):
        journal = Journal(part, {}, resume=True)
        with part.open("a") as stream:
            stream.write(text)
        journal.add(article)
        journal.commit(1)
    journal.path.write_bytes(journal.path.read_bytes()[:-7])
    left = Journal(part, {}, resume=True)
    assert (left.is_done(one), left.is_done(one), left.is_done(two)) == (True, False, False)
    assert part.read_text() == "1\n"
