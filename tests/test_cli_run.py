"""The stream behind `diurna code`, with a stand-in coder: what is written, stored, skipped and said."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from diurna.cli_code import run, write_skipped
from diurna.errors import SkipItem
from diurna.ledger import Ledger, queries
from diurna.records import Article, Event, Result, Versions


class OneEventCoder:
    """Finds one event in every article but those that say "unreadable"."""

    def pipe(self, articles: Iterable[Article]) -> Iterator[Result | SkipItem]:
        """Code a stream of articles."""
        for article in articles:
            if "unreadable" in article.text:
                yield SkipItem(article.id, "unreadable")
            else:
                event = Event(f"ev-{article.id}", article.id, "CONSULT")
                yield Result(article, (event,), (), (), Versions("1", "sm", "t"), notes=("cut off",))


def _articles(count: int) -> list[Article | SkipItem]:
    return [Article(f"Report {number}.", id=f"a{number}", published="2020-01-01") for number in range(count)]


def test_results_are_written_and_stored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    items = [*_articles(600), SkipItem("x.txt", "empty"), Article("unreadable", id="bad")]
    tally = run(items, OneEventCoder(), "jsonl", tmp_path / "out.jsonl", tmp_path / "l.duckdb")
    assert (tally.articles, tally.events, tally.stored, len(tally.skipped)) == (600, 600, 600, 2)
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 600
    with Ledger(tmp_path / "l.duckdb", read_only=True) as ledger:
        assert queries.counts(ledger) == {"articles": 600, "runs": 1, "events": 600, "quotes": 0, "skipped": 2}
    err = capsys.readouterr().err
    assert "skipped x.txt: empty" in err
    assert "note a0: cut off" in err


def test_a_second_run_stores_nothing(tmp_path: Path) -> None:
    for stored in (3, 0):
        assert run(_articles(3), OneEventCoder(), "csv", tmp_path / "o.csv", tmp_path / "l.duckdb").stored == stored


def test_an_id_used_twice_for_different_texts_is_skipped(tmp_path: Path) -> None:
    first = Article("One text.", id="7")
    tally = run([first, replace(first, text="Another.")], OneEventCoder(), "csv", tmp_path / "o.csv", tmp_path / "l.duckdb")
    assert tally.stored == 1
    assert "another text" in str(tally.skipped[0])


def test_many_skipped_items_do_not_flood_the_screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tally = run([SkipItem(f"{n}.txt", "empty") for n in range(100)], OneEventCoder(), "csv", tmp_path / "o.csv")
    assert len(capsys.readouterr().err.splitlines()) == 21
    write_skipped(tally.skipped, tmp_path / "skipped.jsonl")
    lines = (tmp_path / "skipped.jsonl").read_text().splitlines()
    assert len(lines) == 100
    assert json.loads(lines[0]) == {"source": "0.txt", "reason": "empty"}
