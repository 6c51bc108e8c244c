"""The tables of a ledger, as ordered migrations: each runs once, in a transaction, and is recorded.

Never change a migration that was released; add one. Column names and types follow `layout.py`.
"""

from __future__ import annotations

import duckdb

from diurna.errors import StopRun
from diurna.ledger import current

_SPAN = 'STRUCT("start" INTEGER, "end" INTEGER)'
_PARTICIPANT = (
    f"STRUCT(text VARCHAR, spans {_SPAN}[], name VARCHAR, entity_id VARCHAR, country VARCHAR, sectors VARCHAR[], "
    "office VARCHAR, resolved_by VARCHAR, confidence DOUBLE)"
)

_FIRST = f"""
CREATE TABLE articles (
    article_id VARCHAR PRIMARY KEY, url VARCHAR, title VARCHAR, publisher VARCHAR, byline VARCHAR, published DATE,
    language VARCHAR, source_file VARCHAR, text VARCHAR NOT NULL, remarks VARCHAR[],
    added_at TIMESTAMP DEFAULT current_localtimestamp());
CREATE TABLE versions (
    run_id VARCHAR PRIMARY KEY, diurna VARCHAR, pipeline VARCHAR, tables VARCHAR, model VARCHAR,
    first_used TIMESTAMP DEFAULT current_localtimestamp());
CREATE SEQUENCE coding_number;
-- One row for each article and versions: what makes coding twice add nothing. The highest number of an article is its latest.
CREATE TABLE codings (
    run_id VARCHAR, article_id VARCHAR, number BIGINT DEFAULT nextval('coding_number'), boilerplate {_SPAN}[], notes VARCHAR[],
    PRIMARY KEY (article_id, run_id));
CREATE TABLE events (
    run_id VARCHAR, article_id VARCHAR, event_id VARCHAR, event VARCHAR, modes VARCHAR[], contexts VARCHAR[], cameo VARCHAR,
    quad INTEGER, score DOUBLE, actors {_PARTICIPANT}[], recipients {_PARTICIPANT}[], reciprocal BOOLEAN, polarity VARCHAR,
    modality VARCHAR, period VARCHAR, ongoing BOOLEAN, said_by VARCHAR[], source VARCHAR, when_start DATE, when_end DATE,
    when_precision VARCHAR, when_words VARCHAR, when_assumed BOOLEAN, place VARCHAR, place_country VARCHAR, place_admin1 VARCHAR,
    lat DOUBLE, lon DOUBLE, geonames_id BIGINT, quantities JSON,
    mentions STRUCT(sentence INTEGER, sentence_span {_SPAN}, trigger_spans {_SPAN}[])[],
    stage VARCHAR, thread_kind VARCHAR, explanation JSON, confidence DOUBLE);
CREATE TABLE quotes (
    run_id VARCHAR, article_id VARCHAR, quote_id VARCHAR, spans {_SPAN}[], text VARCHAR, speaker VARCHAR, cue VARCHAR,
    addressee VARCHAR);
CREATE TABLE threads (
    run_id VARCHAR, article_id VARCHAR, thread_id VARCHAR, kind VARCHAR, parties VARCHAR[],
    stages STRUCT(event_id VARCHAR, name VARCHAR, date VARCHAR)[], state VARCHAR, rule VARCHAR);
CREATE TABLE skipped (
    source VARCHAR, reason VARCHAR, seen_at TIMESTAMP DEFAULT current_localtimestamp(), PRIMARY KEY (source, reason));
CREATE VIEW latest AS
    SELECT article_id, arg_max(run_id, number) AS run_id FROM codings GROUP BY article_id;
CREATE VIEW latest_events AS SELECT events.* FROM events JOIN latest USING (article_id, run_id);
CREATE VIEW latest_quotes AS SELECT quotes.* FROM quotes JOIN latest USING (article_id, run_id);
"""

# What `join` works out over all articles; made anew each time, so nothing here is a source.
_JOINED = """
CREATE TABLE same_events (
    same_id VARCHAR, event_id VARCHAR, article_id VARCHAR, run_id VARCHAR, copy_of VARCHAR,
    PRIMARY KEY (event_id, article_id, run_id));
CREATE TABLE joined_events (
    same_id VARCHAR PRIMARY KEY, event_id VARCHAR, reports INTEGER, outlets VARCHAR[], first_seen DATE, last_seen DATE,
    figures JSON);
CREATE TABLE joined_threads (
    thread_id VARCHAR PRIMARY KEY, kind VARCHAR, parties VARCHAR[],
    stages STRUCT(event_id VARCHAR, name VARCHAR, date VARCHAR)[], state VARCHAR, rule VARCHAR);
"""

# Filled by `current.rebuild`, which runs after every migration.
_CURRENT = """
CREATE TABLE current_events (
    run_id VARCHAR, article_id VARCHAR, event_id VARCHAR, published DATE, added_at TIMESTAMP,
    event VARCHAR, modes VARCHAR[], contexts VARCHAR[], cameo VARCHAR, quad INTEGER, score DOUBLE,
    actors VARCHAR[], actor_countries VARCHAR[], actor_sectors VARCHAR[],
    recipients VARCHAR[], recipient_countries VARCHAR[], recipient_sectors VARCHAR[],
    reciprocal BOOLEAN, polarity VARCHAR, modality VARCHAR, period VARCHAR, ongoing BOOLEAN, said_by VARCHAR[], source VARCHAR,
    when_start DATE, when_end DATE, when_precision VARCHAR, when_assumed BOOLEAN,
    place VARCHAR, place_country VARCHAR, place_admin1 VARCHAR, lat DOUBLE, lon DOUBLE, geonames_id BIGINT, quantities VARCHAR,
    stage VARCHAR, thread_kind VARCHAR, confidence DOUBLE,
    sentence_span STRUCT("start" INTEGER, "end" INTEGER), trigger_spans STRUCT("start" INTEGER, "end" INTEGER)[],
    actor_keys VARCHAR, recipient_keys VARCHAR, speaker_keys VARCHAR, place_keys VARCHAR, told VARCHAR);
"""

# What people say of events, and what the ledger shows by it (`corrected.py` fills the derived tables).
_JUDGED = """
CREATE SEQUENCE judgement_number;
CREATE TABLE judgements (
    number BIGINT PRIMARY KEY DEFAULT nextval('judgement_number'), made_at TIMESTAMP DEFAULT current_localtimestamp(),
    judge VARCHAR NOT NULL, verdict VARCHAR NOT NULL, article_id VARCHAR NOT NULL, run_id VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL, changes JSON NOT NULL, note VARCHAR NOT NULL);
CREATE TABLE judged_articles (article_id VARCHAR PRIMARY KEY);
CREATE TABLE corrected_events AS SELECT * FROM events LIMIT 0;
CREATE TABLE corrected_threads AS SELECT * FROM threads LIMIT 0;
CREATE VIEW machine_events AS SELECT events.* FROM events JOIN latest USING (article_id, run_id);
CREATE OR REPLACE VIEW latest_events AS
    SELECT * FROM machine_events ANTI JOIN judged_articles USING (article_id) UNION ALL BY NAME SELECT * FROM corrected_events;
CREATE VIEW latest_threads AS
    SELECT threads.* FROM threads JOIN latest USING (article_id, run_id) ANTI JOIN judged_articles USING (article_id)
    UNION ALL BY NAME SELECT * FROM corrected_threads;
"""

# What is remembered of feeds and their pages (`pages.py`). `latest` leaves out articles that their pages no longer read as.
_WATCHED = """
CREATE TABLE feeds (
    url VARCHAR PRIMARY KEY, etag VARCHAR, last_modified VARCHAR, checked_at TIMESTAMP, failures INTEGER, problem VARCHAR);
CREATE TABLE pages (
    url VARCHAR PRIMARY KEY, feed VARCHAR, mark VARCHAR, etag VARCHAR, last_modified VARCHAR, article_id VARCHAR,
    first_seen TIMESTAMP, checked_at TIMESTAMP, problem VARCHAR);
CREATE TABLE replaced_articles (
    article_id VARCHAR PRIMARY KEY, replaced_by VARCHAR NOT NULL, replaced_at TIMESTAMP DEFAULT current_localtimestamp());
CREATE OR REPLACE VIEW latest AS
    SELECT article_id, arg_max(run_id, number) AS run_id FROM codings ANTI JOIN replaced_articles USING (article_id)
    GROUP BY article_id;
"""

# What questions look for words in is read from end to end; undoing a compression would take as long as the search itself.
_SEARCHED = ("actor_keys", "recipient_keys", "told")


def _plain(created: str) -> str:
    for column in _SEARCHED:
        created = created.replace(f"{column} VARCHAR", f"{column} VARCHAR USING COMPRESSION uncompressed")
    return created


_KEYED = _CURRENT.replace("told VARCHAR);", "told VARCHAR, actor_sector_keys VARCHAR, recipient_sector_keys VARCHAR);")
CURRENT = _plain(_KEYED)

# The words of quotations as they are compared, so that looking for some need not make them anew.
_SAID = f"""
DROP VIEW latest_quotes;
ALTER TABLE quotes RENAME TO old_quotes;
CREATE TABLE quotes (
    run_id VARCHAR, article_id VARCHAR, quote_id VARCHAR, spans {_SPAN}[], text VARCHAR, speaker VARCHAR, cue VARCHAR,
    addressee VARCHAR, told VARCHAR USING COMPRESSION uncompressed);
INSERT INTO quotes BY NAME SELECT *, {current.fold("text")} AS told FROM old_quotes;
DROP TABLE old_quotes;
CREATE VIEW latest_quotes AS SELECT quotes.* FROM quotes JOIN latest USING (article_id, run_id);
"""

MIGRATIONS: tuple[tuple[str, str], ...] = (
    ("first tables", _FIRST),
    ("one event, many reports", _JOINED),
    ("current events, flat", _CURRENT),
    ("judgements", _JUDGED),
    ("feeds and pages", _WATCHED),
    ("words to search in, uncompressed", f"DROP TABLE current_events; {_plain(_CURRENT)}"),
    ("sectors of a side, words of quotations", f"DROP TABLE current_events; {CURRENT} {_SAID}"),
)
NEWEST = len(MIGRATIONS)


def version_of(con: duckdb.DuckDBPyConnection) -> int:
    """Return how many migrations a database has seen; 0 for an empty one, -1 for a database that is no ledger."""
    names = {row[0] for row in con.execute("SELECT table_name FROM information_schema.tables").fetchall()}
    if "migrations" not in names:
        return -1 if names else 0
    return int(con.execute("SELECT coalesce(max(version), 0) FROM migrations").fetchall()[0][0])


def check_version(con: duckdb.DuckDBPyConnection, name: str) -> int:
    """Return the version of a ledger that this Diurna can read or migrate.

    Raises:
        StopRun: the file is no ledger, or a newer Diurna made it.
    """
    version = version_of(con)
    if version < 0:
        raise StopRun(f"{name}: a DuckDB file, but no ledger of Diurna; name another file")
    if version > NEWEST:
        raise StopRun(f"{name}: made by a newer Diurna (version {version} of the tables, {NEWEST} known here); update Diurna")
    return version


def migrate(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Bring a ledger up to the newest tables; each step is one transaction, recorded in `migrations`.

    Raises:
        StopRun: as `check_version`.
    """
    version = check_version(con, name)
    for number, (title, statements) in enumerate(MIGRATIONS[version:], start=version + 1):
        con.execute("BEGIN")
        try:
            con.execute(
                "CREATE TABLE IF NOT EXISTS migrations "
                "(version INTEGER PRIMARY KEY, title VARCHAR, applied_at TIMESTAMP DEFAULT current_localtimestamp())"
            )
            con.execute(statements)
            con.execute("INSERT INTO migrations (version, title) VALUES (?, ?)", [number, title])
            if number == NEWEST:
                current.rebuild(con)
            con.execute("COMMIT")
        except BaseException:
            con.execute("ROLLBACK")
            raise
