"""Quotations of a ledger: the newest coding alone, however many older ones stand before it; ledgers made before."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from diurna.ledger import Ledger
from diurna.ledger.quotations import QuoteFilter
from diurna.ledger.schema import MIGRATIONS
from diurna.records import Article, Quote, Result, Versions

WORDS = "We will not sign, said the envoy. The harbour of Århus stays shut."
NEW = Article(WORDS, "late", published="2021-05-02")
OLD = Article(WORDS + " ", "early", published="2020-01-01")


def quote(article: Article, number: int, text: str) -> Quote:
    return Quote(f"{article.id}-{number:03}", article.id, ((0, 4),), text, "the envoy", "said")


def coded(article: Article, version: str, texts: list[str]) -> Result:
    said = tuple(quote(article, number, text) for number, text in enumerate(texts))
    return Result(article, (), said, (), Versions(version, "sm", "t"))


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    found = Ledger(tmp_path / "q.duckdb")
    found.add([coded(OLD, "1", ["The harbour of Århus stays shut", "We sign"])])
    found.add([coded(NEW, "1", [f"We will not sign {n}" for n in range(300)])])
    found.add([coded(NEW, "2", ["We will not sign"])])
    return found


@pytest.mark.parametrize("limit", [1, 2, 3, 50, 2000, None])
def test_only_the_newest_coding_counts(ledger: Ledger, limit: int | None) -> None:
    wanted = ["We will not sign", "The harbour of Århus stays shut", "We sign"]
    assert ledger.quotes(limit=limit)["text"].to_pylist() == wanted[:limit]


@pytest.mark.parametrize(("chosen", "count"), [
    (QuoteFilter(text="arhus"), 1), (QuoteFilter(text="sign"), 2), (QuoteFilter(text="sign 7"), 0),
    (QuoteFilter(until="2020"), 2), (QuoteFilter("the envoy", "sign", "2021"), 1), (QuoteFilter("nobody"), 0),
])  # fmt: skip
def test_filters(ledger: Ledger, chosen: QuoteFilter, count: int) -> None:
    assert ledger.quotes(chosen, 10).num_rows == ledger.quotes(chosen).num_rows == count


def test_an_older_ledger_is_brought_up(ledger: Ledger) -> None:
    """Before the seventh migration quotations had no words to search in."""
    ledger.close()
    with duckdb.connect(str(ledger.path)) as con:
        con.execute("DROP VIEW latest_quotes")
        con.execute("ALTER TABLE quotes DROP told")
        con.execute("CREATE VIEW latest_quotes AS SELECT quotes.* FROM quotes JOIN latest USING (article_id, run_id)")
        con.execute("DELETE FROM migrations WHERE version >= 7")
        con.execute(MIGRATIONS[5][1])
    with Ledger(ledger.path) as again:
        assert again.quotes(QuoteFilter(text="ARHUS"), 5)["text"].to_pylist() == ["The harbour of Århus stays shut"]
        again.add([coded(OLD, "2", ["Nothing"])])
        assert again.quotes(limit=9)["text"].to_pylist() == ["We will not sign", "Nothing"]
