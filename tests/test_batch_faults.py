"""Faults: a run killed in the middle of writing, and texts that nobody would write."""

from __future__ import annotations

import multiprocessing as mp
import os
import signal
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diurna import cli_code
from diurna.batch.bounds import code_bounded
from diurna.batch.journal import journal_of, part_of
from diurna.cli_code import Job, run
from diurna.coder import Coder
from diurna.errors import SkipItem
from diurna.records import Article, Event, Result, Versions
from diurna.settings import Settings

ARTICLES = [Article(f"Report {number}.", id=f"a{number}") for number in range(400)]


class SlowCoder:
    """Finds one event an article, after a while."""

    versions = Versions("1", "sm", "t")

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds, self.coded = seconds, 0

    def stop(self) -> None:
        """Take no further articles."""

    def pipe(self, articles: Iterable[Article]) -> Iterator[Result | SkipItem]:
        """Code a stream of articles."""
        for article in articles:
            time.sleep(self.seconds)
            self.coded += 1
            yield Result(article, (Event(f"ev-{article.id}", article.id, "CONSULT"),), (), (), self.versions)


def _slowly(path: Path) -> None:
    cli_code._COMMIT_SECONDS = 0.02
    run(ARTICLES, SlowCoder(0.005), Job("jsonl", path))


def test_a_run_killed_while_it_writes_goes_on_to_the_same_file(tmp_path: Path) -> None:
    path, whole = tmp_path / "killed.jsonl", tmp_path / "whole.jsonl"
    journal = journal_of(part_of(path))
    run(ARTICLES, SlowCoder(), Job("jsonl", whole))
    process = mp.get_context("spawn").Process(target=_slowly, args=(path,))
    process.start()
    while not (journal.is_file() and journal.read_bytes().count(b"\n") > 3):
        time.sleep(0.005)
        assert process.is_alive(), "the run ended before it could be killed"
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert not path.exists()
    rest = SlowCoder()
    run(ARTICLES, rest, Job("jsonl", path, resume=True))
    assert 0 < rest.coded < len(ARTICLES)
    assert path.read_bytes() == whole.read_bytes()


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder(Settings())


_ODD = st.sampled_from(
    ["\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u0301", "\U0001f600", "\x00", "\r", "\u2028", "“", "”", '"', "’s", "—"]
)
_WORDS = st.sampled_from(["Turkey", "expelled", "diplomats", "police", "he", "said", "Москва", "北京", "القاهرة", "U.S.", "."])
_TEXTS = st.lists(st.one_of(_ODD, _WORDS, st.text(max_size=8)), min_size=1, max_size=40).map(" ".join)


@pytest.mark.model
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(text=_TEXTS.filter(lambda text: bool(text.strip())))
def test_odd_texts_are_coded_and_their_offsets_hold(coder: Coder, text: str) -> None:
    result = coder.code(Article(text, published="2017-03-11"))
    for event in result.events:
        for participant in (*event.actors, *event.recipients):
            assert all(0 <= start < end <= len(text) for start, end in participant.spans)
        for mention in event.mentions:
            assert all(text[start:end].strip() for start, end in mention.trigger_spans)


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "Turkey expelled " + "very " * 20_000 + "angry diplomats.",
        "\u202eTurkey\u202c expelled\u200b diplomats. " * 200,
        "“" * 5_000,
        "(" * 5_000 + "Ankara" + ")" * 5_000,
        "Ankara, " * 5_000,
    ],
    ids=["giant token", "giant sentence", "bidi", "quotes", "brackets", "list"],
)
def test_giant_texts_are_coded_or_cut_off_in_time(coder: Coder, text: str) -> None:
    start = time.monotonic()
    found = code_bounded(coder, Article(text, published="2017-03-11"), 20)
    assert time.monotonic() - start < 60
    assert isinstance(found, Result) or "took longer" in found.reason
