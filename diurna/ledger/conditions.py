"""Conditions over the current events, as SQL with parameters; each may also say which rows it means by the index of a copy.

A copy of a ledger that is only read has an index of keys (`index.py`): everything that one may call a party, speaker, place,
outlet or event by, with the numbers of its rows. Where conditions are joined by OR or AND, so are the rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

# What the index has keys of, in order of their numbers there: the first four are columns of `current_events`, as the numbers of
# the first six are its rows; then rows of `events` by article, those of `dated_quotes` by speaker and by article, and rows of
# `current_events` by a code on either side.
KEYED = (
    "actor_keys", "recipient_keys", "speaker_keys", "place_keys", "publisher", "event_id", "article_events", "speaker",
    "article_quotes", "party",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition over `current_events`.

    sql: with one mark for each of the values. rows: the query for the numbers of the same rows by the index, with `row_values` or
    the same values; empty where the index cannot tell. parts: what is joined by AND in `sql`.
    """

    sql: str = "true"
    values: tuple[Any, ...] = ()
    rows: str = ""
    parts: tuple[Condition, ...] = ()
    row_values: tuple[Any, ...] | None = None

    @property
    def indexed(self) -> Condition:
        """The same condition where a copy has an index: rows that it names, and the rest of the condition."""
        parts = self.parts or (self,)
        known, rest = [part for part in parts if part.rows], [part for part in parts if not part.rows]
        if not known:
            return self
        named = " INTERSECT ".join(f"({part.rows})" for part in known)
        sql = " AND ".join([f"rowid IN ({named})", *(f"({part.sql})" for part in rest)])
        values = tuple(value for values in (*map(_of_rows, known), *(part.values for part in rest)) for value in values)
        return Condition(sql, values, "" if rest else named)


def has_key(column: str, key: str, sql: str = "") -> Condition:
    """Return the condition that one of a column's keys is this one, to the letter.

    Args:
        column: one of `KEYED`.
        key: the key.
        sql: the condition without an index, when the column does not hold keys between bars.
    """
    rows = f"SELECT number FROM key_rows WHERE side = {KEYED.index(column)} AND key = hash(?)"
    return Condition(sql or f"contains({column}, '|' || ? || '|')", (key,), rows)


def has_words(column: str, test: str, wanted: str, sql: str = "") -> Condition:
    """Return the condition that one of a column's keys holds words.

    Args:
        column: one of `KEYED`.
        test: SQL that compares words, with `{}` for where to look and one mark for what is looked for.
        wanted: what is looked for.
        sql: the condition without an index, when it is not the test on that column.
    """
    named = f"SELECT key FROM names WHERE {test.format('words')}"
    rows = f"SELECT DISTINCT number FROM key_rows WHERE side = {KEYED.index(column)} AND key IN ({named})"
    return Condition(sql or test.format(column), (wanted,), rows)


def given(sql: str, value: Any) -> list[Condition]:
    """Return the condition with one value, in a list; none when the value is empty."""
    return [Condition(sql, (value,))] if value else []


def any_of(conditions: Iterable[Condition]) -> Condition:
    """Return the condition that one of them holds; of none, that everything does."""
    return _joined(list(conditions), " OR ", " UNION ")


def all_of(*conditions: Condition) -> Condition:
    """Return the condition that all of them hold."""
    parts = [part for part in conditions if part.sql != "true"]
    if len(parts) < 2:
        return parts[0] if parts else Condition()
    return replace(_joined(parts, " AND ", " INTERSECT "), parts=tuple(one for part in parts for one in part.parts or (part,)))


def _joined(parts: list[Condition], word: str, of_rows: str) -> Condition:
    if len(parts) < 2:
        return parts[0] if parts else Condition()
    sql = word.join(f"({part.sql})" for part in parts)
    rows = of_rows.join(f"({part.rows})" for part in parts) if all(part.rows for part in parts) else ""
    values, row_values = (tuple(value for part in parts for value in of(part)) for of in (_of_sql, _of_rows))
    return Condition(sql, values, rows, (), row_values)


def _of_sql(part: Condition) -> tuple[Any, ...]:
    return part.values


def _of_rows(part: Condition) -> tuple[Any, ...]:
    return part.values if part.row_values is None else part.row_values
