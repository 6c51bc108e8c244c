"""An index of the words by which parties and speakers are called, for copies of a ledger that are only read.

`current_events` holds one string of keys for each side; to find words in it every string is looked through, which takes a second
or two over millions of events. The index holds every name once (`names`) and the rows it stands in (`name_rows`), in order.
"""

from __future__ import annotations

from diurna.ledger.current import fold
from diurna.ledger.store import Ledger

COLUMNS = ("actor_keys", "recipient_keys", "speaker_keys")


def build(ledger: Ledger) -> None:
    """Make the index, and work out once what a view would work out for each question; the ledger must be open for writing.

    Nothing may be added to the ledger afterwards: the index goes by the numbers of the rows.
    """
    parts = " UNION ALL ".join(
        f"SELECT {side}::UTINYINT AS side, rowid::UBIGINT AS number, unnest(string_split({column}, '|')) AS words "
        "FROM current_events"
        for side, column in enumerate(COLUMNS)
    )
    con = ledger.con
    con.execute("BEGIN")
    con.execute(
        "CREATE TABLE found AS SELECT side, hash(words) AS name, words, number "
        f"FROM ({parts}) WHERE starts_with(words, ' ') AND strlen(words) > 2"
    )
    con.execute("CREATE TABLE names AS SELECT any_value(name) AS name, words FROM found GROUP BY words ORDER BY words")
    con.execute("CREATE TABLE name_rows AS SELECT side, name, number FROM found ORDER BY side, name, number")
    con.execute("DROP TABLE found")
    con.execute("CREATE TABLE newest AS SELECT * FROM latest")
    con.execute("DROP VIEW latest")
    con.execute("ALTER TABLE newest RENAME TO latest")
    con.execute("COMMIT")
    con.execute("CHECKPOINT")
    ledger.indexed = True


def names(ledger: Ledger, words: str, limit: int) -> list[str]:
    """Return names in the ledger that hold these words, the most frequent first; of an indexed copy only."""
    query = (
        "SELECT trim(words) FROM names JOIN name_rows USING (name) "
        f"WHERE side < 2 AND contains(words, {fold('?')}) GROUP BY words ORDER BY count(*) DESC, words LIMIT {int(limit)}"
    )
    return [row[0] for row in ledger.con.execute(query, [words]).fetchall()]
