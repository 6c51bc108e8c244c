"""The quotations of a ledger: which are asked for, and how they are found, the newest report first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from diurna.ledger.conditions import KEYED, Condition, all_of, given, has_words
from diurna.ledger.current import fold, newest_of
from diurna.ledger.filters import WORDS_IN, first_day, last_day, several

if TYPE_CHECKING:
    from diurna.ledger.questions import Questions

FEW = 1000
_ORDER = "published DESC NULLS LAST, article_id, quote_id"
_COLUMNS = "quote_id, q.article_id, published, speaker, q.text, cue, addressee"
_SHOWN = "h.published, speaker, h.text, cue, addressee, title, url, quote_id, h.article_id"
# Speakers are fewer than quotations: each name is compared once, which takes a table of them that no condition is moved into.
_SPEAKERS = (
    "speaker IN (WITH s AS MATERIALIZED (SELECT DISTINCT speaker FROM quotes) SELECT speaker FROM s "
    f"WHERE contains(' ' || {fold('speaker')} || ' ', ' ' || {fold('?')} || ' '))"
)


@dataclass(frozen=True, slots=True)
class QuoteFilter:
    """What quotations must be like: words of the speaker's name, words of the quotation, days of the report, ids of articles.

    speakers: whole names; any of them.
    """

    speaker: str = ""
    text: str = ""
    since: str = ""
    until: str = ""
    articles: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Take one article for a list of one."""
        object.__setattr__(self, "articles", several(self.articles))


def quotes(ledger: Questions, chosen: QuoteFilter, limit: int | None) -> pa.Table:
    """Return quotations of the newest codings: report's day first, speaker, text, cue, addressee, title, url, ids.

    Raises:
        StopRun: a date that cannot be read.
    """
    said, days = _conditions(ledger, chosen)
    if limit is not None and limit <= FEW and ledger.numbered and not ledger.indexed:
        found = _first(ledger, said, days, limit)
    else:
        query = _indexed(said, days) if ledger.indexed else _all(said, days)
        found = ledger.answer(query if limit is None else f"{query} LIMIT {int(limit)}", (*said.values, *days.values))
    return ledger.with_articles(found, _SHOWN, _ORDER, limit)


def page(ledger: Questions, chosen: QuoteFilter, limit: int, skip: int = 0) -> tuple[pa.Table, int]:
    """Return some of the quotations that `quotes` gives, and how many there are in all.

    Raises:
        StopRun: as `quotes`.
    """
    if not ledger.indexed:
        found = quotes(ledger, chosen, None)
        return found.slice(skip, limit), found.num_rows
    said, days = _conditions(ledger, chosen)
    hits = f"SELECT rowid AS number FROM dated_quotes WHERE {said.sql} AND {days.sql}"
    query = (
        f"WITH hits AS MATERIALIZED ({hits}) SELECT number, (SELECT count(*) FROM hits) AS total FROM hits "
        f"ORDER BY number LIMIT {int(limit)} OFFSET {int(skip)}"
    )
    numbers = ledger.answer(query, (*said.values, *days.values))
    rows = f"SELECT {_COLUMNS} FROM dated_quotes q WHERE rowid IN (SELECT unnest(?::BIGINT[]))"
    found = ledger.with_articles(ledger.answer(rows, (numbers["number"].to_pylist(),)), _SHOWN, _ORDER, limit)
    return found, numbers["total"][0].as_py() if numbers.num_rows else 0


def _conditions(ledger: Questions, chosen: QuoteFilter) -> tuple[Condition, Condition]:
    """Return the condition on what was said, and that on the day of the report."""
    said = ledger.where(
        all_of(
            *([has_words("speaker", WORDS_IN, chosen.speaker, _SPEAKERS)] if chosen.speaker else []),
            *([has_name("speaker", chosen.speakers)] if chosen.speakers else []),
            *given(f"contains(told, {fold('?')})", chosen.text),
            *given("article_id IN (SELECT unnest(?))", list(chosen.articles)),
        )
    )
    days = all_of(
        *given("published >= ?", first_day(chosen.since) if chosen.since else None),
        *given("published <= ?", last_day(chosen.until) if chosen.until else None),
    )
    return said, days


def has_name(column: str, names: tuple[str, ...]) -> Condition:
    """Return the condition that a column is one of these names, but for accents and letters' case."""
    wanted = f"SELECT {fold('n')} FROM (SELECT unnest(?) AS n)"
    keys = f"SELECT hash(' ' || {fold('n')} || ' ') FROM (SELECT unnest(?) AS n)"
    rows = f"SELECT number FROM key_rows WHERE side = {KEYED.index(column)} AND key IN ({keys})"
    return Condition(f"{fold(column)} IN ({wanted})", (list(names),), rows)


def _indexed(said: Condition, days: Condition) -> str:
    """They lie in order in an indexed copy."""
    return f"SELECT {_COLUMNS} FROM dated_quotes q WHERE {said.sql} AND {days.sql} ORDER BY rowid"


def _all(said: Condition, days: Condition) -> str:
    """Quotations are chosen first: which coding is the newest is then worked out for their articles alone."""
    return (
        f"WITH q AS MATERIALIZED (SELECT * FROM quotes WHERE {said.sql}) SELECT {_COLUMNS} FROM q JOIN articles a "
        f"USING (article_id) JOIN ({newest_of('SELECT article_id FROM q')}) USING (article_id, run_id) "
        f"WHERE {days.sql} ORDER BY {_ORDER}"
    )


def _first(ledger: Questions, said: Condition, days: Condition, limit: int) -> pa.Table:
    """Return the first quotations under two conditions: newest codings are worked out for the reports that come first only."""
    reach = 2 * limit
    while True:
        chosen = (
            f"SELECT q.rowid AS number, article_id, run_id FROM quotes q JOIN articles a USING (article_id) "
            f"WHERE {said.sql} AND {days.sql} ORDER BY {_ORDER} LIMIT {reach}"
        )
        query = (
            f"WITH h AS MATERIALIZED ({chosen}) SELECT number, n.run_id IS NOT NULL AS newest FROM h "
            f"LEFT JOIN ({newest_of('SELECT article_id FROM h')}) n USING (article_id, run_id)"
        )
        hits = ledger.answer(query, (*said.values, *days.values)).to_pylist()
        numbers = [hit["number"] for hit in hits if hit["newest"]]
        if len(numbers) >= limit or len(hits) < reach:
            break
        reach *= 8  # codings that newer ones replaced stand among them
    query = (
        f"SELECT {_COLUMNS} FROM (SELECT * FROM quotes WHERE rowid IN (SELECT unnest(?::BIGINT[]))) q "
        f"JOIN articles a USING (article_id) ORDER BY {_ORDER} LIMIT {int(limit)}"
    )
    return ledger.answer(query, (numbers,))
