"""Worker processes: order, poison, hanging and stopping, with a stand-in for the coder that does what its text says."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from diurna.batch.bounds import code_bounded
from diurna.batch.pool import Pool
from diurna.batch.solo import Solo, choose
from diurna.coder import Coder
from diurna.errors import SkipItem, StopRun
from diurna.records import Article, Result, Versions
from diurna.settings import Settings

VERSIONS = Versions("1", "sm", "t")


def obey(pipe: Connection, settings: Settings) -> None:
    """Serve as a worker whose articles say what happens to it."""
    if settings.pipeline == "missing":
        pipe.send(StopRun("no such pipeline"))
        return
    pipe.send(VERSIONS)
    try:
        while True:
            for article in pipe.recv():
                if article.text == "kill":
                    os.kill(os.getpid(), signal.SIGKILL)
                word, _, file = article.text.partition(":")
                time.sleep(60 if word == "hang" else 0)
                if word == "make":
                    Path(file).touch()
                while word == "wait" and not Path(file).exists():
                    time.sleep(0.01)
                pipe.send(Result(article, (), (), (), VERSIONS))
    except EOFError:
        return


def _code(texts: list[str], workers: int = 2, ordered: bool = True, seconds: float = 0.0) -> list[str]:
    settings = Settings(article_seconds=seconds)
    with Pool(settings, workers, ordered, serves=obey) as pool:
        found = pool.pipe(Article(text, id=f"{text} {number}") for number, text in enumerate(texts))
        return [f"skipped {item}" if isinstance(item, SkipItem) else item.article.text for item in found]


def test_results_come_in_input_order(tmp_path: Path) -> None:
    for ordered in (True, False):
        mark = tmp_path / str(ordered)  # the first text is done only after the fortieth, which another worker gets
        texts = [f"wait:{mark}", *(f"text {number}" for number in range(100))]
        texts.insert(40, f"make:{mark}")
        found = _code(texts, ordered=ordered)
        assert (found == texts) is ordered
        assert sorted(found) == sorted(texts)


def test_a_text_that_kills_its_worker_twice_is_set_aside_and_the_rest_is_coded() -> None:
    texts = [*map(str, range(20)), "kill", *map(str, range(20, 40))]
    found = _code(texts)
    assert [text for text in found if text.isdigit()] == [text for text in texts if text.isdigit()]
    assert found[20].startswith("skipped kill 20: its worker ended with status -9 2 times")


def test_a_text_that_hangs_its_worker_is_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diurna.batch.pool._GRACE", 0.2)
    found = _code(["a", "hang", "b"], seconds=0.2)
    assert (found[0], found[2]) == ("a", "b")
    assert "hung 2 times" in found[1]


def test_a_worker_that_cannot_load_stops_the_run() -> None:
    with pytest.raises(StopRun, match="no such pipeline"), Pool(Settings(pipeline="missing"), 2, serves=obey) as pool:
        list(pool.pipe([Article("a")]))


def test_a_stop_finishes_what_is_in_hand_and_reads_no_more() -> None:
    read = []

    def endless() -> Iterator[Article]:
        for number in range(10**6):
            read.append(number)
            yield Article(f"text {number}")

    with Pool(Settings(), 2, serves=obey) as pool:
        found = []
        for result in pool.pipe(endless()):
            found.append(result)
            if len(found) == 50:
                pool.stop()
    assert len(found) == len(read) < 500


@pytest.mark.model
def test_two_workers_code_as_one_does() -> None:
    lines = ["Turkey expelled three Dutch diplomats.", "Police in Minsk arrested dozens.", "Norway welcomed the truce.", " "]
    articles = [Article(line, published="2017-03-11", id=f"{n}") for n in range(4) for line in lines]
    with Solo(Settings()) as solo, Pool(Settings(), 2) as pool:
        one, two = list(solo.pipe(articles)), list(pool.pipe(articles))
        assert solo.versions == pool.versions
    assert [str(item) for item in one] == [str(item) for item in two]
    assert any(isinstance(item, Result) and item.events for item in one)


@pytest.mark.model
def test_few_short_articles_need_no_second_process() -> None:
    few = [Article("One."), SkipItem("x", "empty")]
    coder, items = choose(Settings(), few)
    assert isinstance(coder, Solo)
    assert list(items) == few
    coder, items = choose(Settings(workers=3), [Article(f"Text {n}.") for n in range(100)])
    assert isinstance(coder, Pool)
    assert coder.count == 3
    assert len(list(items)) == 100


class _Odd:
    """A coder with a fault."""

    def code(self, article: Article) -> Result:
        """Fail as the text says."""
        if article.text == "slow":
            time.sleep(5)
        raise RecursionError("too deep")


def test_time_and_faults_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    odd: Coder = _Odd()  # type: ignore[assignment]
    slow, fault = (code_bounded(odd, Article(text, id=text), 0.1) for text in ("slow", "deep"))
    assert isinstance(slow, SkipItem)
    assert "took longer than 0.1 s" in slow.reason
    assert isinstance(fault, SkipItem)
    assert "RecursionError: too deep" in fault.reason
