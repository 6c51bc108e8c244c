"""Is a ledger, or an archive, whole? Hashes that no longer fit their content, rows that point nowhere, files cut short."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb

from diurna.ledger.archive import HEAD, MANIFEST, Archive, Commit, Stored
from diurna.ledger.store import Ledger
from diurna.records import Article, Versions, content_id

_ROWS = 1000
_OWN_ID = "article_id SIMILAR TO 'art-[0-9a-f]{16}'"

# Each row that a query finds is a fault of the kind it stands under.
_CODED = "ANTI JOIN codings USING (article_id, run_id)"
_DANGLING = {
    "coding of an article that is not there": "SELECT article_id FROM codings ANTI JOIN articles USING (article_id)",
    "coding by versions that are not there": "SELECT article_id FROM codings ANTI JOIN versions USING (run_id)",
    "event of no coding": f"SELECT event_id FROM events {_CODED}",
    "quotation of no coding": f"SELECT quote_id FROM quotes {_CODED}",
    "thread of no coding": f"SELECT thread_id FROM threads {_CODED}",
    "event that stands twice": "SELECT event_id FROM events GROUP BY article_id, run_id, event_id HAVING count(*) > 1",
    "event whose words lie outside its text": "SELECT event_id FROM (SELECT event_id, article_id, "
    "unnest(mentions) AS m FROM events) JOIN articles USING (article_id) WHERE m.sentence_span.end > length(text)",
    "quotation whose words lie outside its text": "SELECT quote_id FROM (SELECT quote_id, article_id, "
    "unnest(spans) AS s FROM quotes) JOIN articles a USING (article_id) WHERE s.end > length(a.text)",
    "thread that names an event that is not there": "SELECT thread_id FROM (SELECT article_id, run_id, thread_id, "
    "unnest(stages).event_id AS event_id FROM threads) ANTI JOIN events USING (article_id, run_id, event_id)",
    "judgement of an article that is not there": "SELECT event_id FROM judgements ANTI JOIN articles USING (article_id)",
    "joined report of an event that is not there": "SELECT s.event_id FROM same_events s WHERE NOT EXISTS (FROM latest_events e "
    "WHERE e.event_id = s.event_id AND e.article_id = s.article_id) AND NOT EXISTS (FROM events e WHERE e.event_id = s.event_id)",
    "event that questions do not see": "SELECT event_id FROM latest_events ANTI JOIN current_events USING (article_id, event_id)",
    "event that questions see and no coding holds": "SELECT event_id FROM current_events ANTI JOIN latest_events "
    "USING (article_id, event_id)",
}


def check(path: Path) -> Iterator[str]:
    """Yield one line for each kind of fault, with an example; nothing when a ledger or an archive is whole.

    Raises:
        StopRun: it cannot be opened at all.
    """
    if path.is_dir():
        found = list(_files(Archive(path)))
        yield from found
        if found:
            return
    with Ledger(path, read_only=True) as ledger:
        try:
            yield from _rows(ledger.con)
        except duckdb.Error as error:
            yield f"cannot be read to the end ({str(error).splitlines()[0][:200]}); take it from a backup"


def damaged(archive: Archive, part: Commit) -> Iterator[str]:
    """Yield one line for each file of a part that is not as its commit says."""
    with ThreadPoolExecutor(8) as readers:
        yield from (line for line in readers.map(lambda item: _fault(archive, item), part.files) if line)


def leftovers(archive: Archive) -> list[str]:
    """Return the Parquet files that no commit names: what killed workers left. They are never read and can be deleted."""
    counted = {item.path for part in archive.manifest().parts for item in part.files}
    return sorted(set(archive.files()) - counted)


def _files(archive: Archive) -> Iterator[str]:
    manifest = archive.manifest()
    if not manifest.head:
        yield f"{MANIFEST} does not say what made it ({HEAD} is missing)"
    for part in manifest.parts:
        yield from damaged(archive, part)


def _fault(archive: Archive, item: Stored) -> str:
    found = archive.digest(item.path)
    if found is None:
        return f"{item.path}: is missing"
    if found[0] != item.bytes:
        return f"{item.path}: has {found[0]:,} of {item.bytes:,} bytes"
    return "" if found[1] == item.sha256 else f"{item.path}: its content changed since it was written"


def _rows(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    for kind, query in _DANGLING.items():
        count, example = con.execute(f"SELECT count(*), min(#1) FROM ({query})").fetchall()[0]
        if count:
            yield _line(count, kind, example)
    for kind, wrong in _hashes(con).items():
        if wrong:
            yield _line(len(wrong), kind, wrong[0])


def _hashes(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Return the ids that are no longer the hash of what stands under them; articles may have ids of their owner's making."""
    articles, quotes = con.cursor(), con.cursor()
    articles.execute(f"SELECT article_id, text, title, published FROM articles WHERE {_OWN_ID}")
    quotes.execute("SELECT quote_id, article_id, spans, text FROM quotes WHERE quote_id SIMILAR TO 'quo-[0-9a-f]{16}'")
    versions = con.execute("SELECT run_id, diurna, pipeline, tables, model FROM versions WHERE run_id LIKE 'run-%'").fetchall()
    return {
        "article whose text is not the one it was stored with": [
            name
            for name, text, title, day in _all(articles)
            if Article(text, title=title, published=day.isoformat() if day else "").id != name
        ],
        "quotation whose words are not those it was stored with": [
            name
            for name, article, spans, text in _all(quotes)
            if content_id("quo", article, [(s["start"], s["end"]) for s in spans], text) != name
        ],
        "run whose versions are not those it was stored with": [
            name for name, *parts in versions if len(name) == 20 and Versions(*parts).id != name
        ],
    }


def _all(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple]:  # type: ignore[type-arg]
    while rows := cursor.fetchmany(_ROWS):
        yield from rows


def _line(count: int, kind: str, example: object) -> str:
    return f"{count:,} × {kind} (such as {example})"
