"""How long questions take: a synthetic ledger of N events, inserted in bulk, and the median time of each question.

    python eval/bench/ledger.py --events 5000000 --ledger /tmp/bench.duckdb -o eval/bench/ledger.md

Each article has four events and one quotation, every eighth a thread. Parties are drawn as in news: few of them make most events.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa

from diurna.ledger import Ledger, layout
from diurna.ledger.filters import EventFilter, countries
from diurna.ledger.questions import ThreadFilter
from diurna.ledger.quotations import QuoteFilter
from diurna.ledger.sql import select
from diurna.ledger.store import Tables
from diurna.ontology import ontology

CHUNK = 2 * 122_880  # DuckDB stores rows in groups of 122,880; what does not fill one is written again at the next checkpoint
RUNS = 5
PER_ARTICLE = 4
WORDS = [
    "ministers",
    "border",
    "troops",
    "talks",
    "accord",
    "river",
    "harbour",
    "grain",
    "protest",
    "court",
    "envoy",
    "radar",
    "loan",
    "visit",
    "prisoners",
    "fleet",
]


def tables(first: int, count: int) -> Tables:
    """Return events number `first` to `first + count`, with their articles; the same numbers give the same rows."""
    con = duckdb.connect()
    codes = sorted(set(countries().values()))
    roots = [(root.name, next(iter(root.modes), ""), root.quad, root.score) for root in ontology().roots.values()]
    con.register(
        "roots", pa.table({name: list(col) for name, col in zip(("r", "m", "q", "s"), zip(*roots, strict=True), strict=True)})
    )
    con.execute("CREATE MACRO draw(i, n, salt) AS (hash(i * 31 + salt) % n)::INT")
    # The square of an even draw makes the first of a list common and the last rare.
    con.execute("CREATE MACRO rare(i, n, salt) AS (pow(draw(i, 10000, salt) / 10000.0, 2) * n)::INT % n")
    con.execute(f"CREATE MACRO code(i, salt) AS {codes!r}[rare(i, {len(codes)}, salt) + 1]")
    con.execute(f"CREATE MACRO word(i, salt) AS {WORDS!r}[draw(i, {len(WORDS)}, salt) + 1] || draw(i, 2000, salt + 1)")
    words = " || ' ' || ".join(f"word(i, {salt})" for salt in range(100, 118))
    con.execute(
        f"CREATE TABLE e AS SELECT i, i // {PER_ARTICLE} AS a, DATE '1995-01-01' + draw(i // {PER_ARTICLE}, 11000, 1) AS day, "
        f"{words} || '.' AS told FROM range({first}, {first + count}) t(i)"
    )
    con.execute(
        "CREATE MACRO party(i, salt) AS {'text': code(i, salt), 'spans': [{'start': 0, 'end': 3}], "
        "'name': 'Leader ' || draw(i, 20000, salt), 'entity_id': '', 'country': code(i, salt), "
        "'sectors': [['GOV'], ['MIL'], ['GOV', 'MIL'], ['REB'], ['CVL']][draw(i, 5, salt + 2) + 1], 'office': '', "
        "'resolved_by': 'table', 'confidence': 0.9}"
    )
    span = "{'start': 0, 'end': length(told)}"
    queries = {
        "articles": "SELECT 'art-' || a AS article_id, '' AS url, 'Report ' || a AS title, 'Gazette ' || a % 40 AS publisher, "
        "'' AS byline, any_value(day) AS published, 'en' AS language, '' AS source_file, any_value(told ORDER BY i) AS text, "
        "[]::VARCHAR[] AS remarks FROM e GROUP BY a",
        "versions": "SELECT 'run-1' AS run_id, '1' AS diurna, 'sm' AS pipeline, 't' AS tables, '' AS model",
        "codings": "SELECT DISTINCT 'run-1' AS run_id, 'art-' || a AS article_id, [] AS boilerplate, [] AS notes FROM e",
        "events": "SELECT 'run-1' AS run_id, 'art-' || a AS article_id, printf('evt-%016d', i) AS event_id, "
        "r AS event, [m] AS modes, "
        "[['military'], ['diplomatic'], []][draw(i, 3, 9) + 1] AS contexts, printf('%02d1', draw(i, 20, 8) + 1) AS cameo, "
        "q AS quad, "
        "s AS score, list_transform(range(1 + (draw(i, 8, 7) = 0)::INT), lambda x: party(i, 20 + 5 * x)) AS actors, "
        "[party(i, 30)] AS recipients, false AS reciprocal, "
        "['affirmed', 'negated'][1 + (draw(i, 20, 6) = 0)::INT] AS polarity, "
        "['actual', 'future', 'hypothetical'][1 + rare(i, 3, 5)] AS modality, "
        "['current', 'historical'][1 + rare(i, 2, 4)] AS period, "
        "draw(i, 9, 3) = 0 AS ongoing, list_slice(['Speaker ' || draw(i, 5000, 2)], 1, draw(i, 2, 11)) AS said_by, '' AS source, "
        "day AS when_start, day AS when_end, 'day' AS when_precision, '' AS when_words, true AS when_assumed, "
        "'Town ' || draw(i, 3000, 12) AS place, code(i, 30) AS place_country, '' AS place_admin1, 10.0 AS lat, 10.0 AS lon, "
        f"NULL AS geonames_id, '{{}}' AS quantities, [{{'sentence': 0, 'sentence_span': {span}, "
        "'trigger_spans': [{'start': 0, 'end': 5}]}] AS mentions, '' AS stage, '' AS thread_kind, '[]' AS explanation, "
        "draw(i, 100, 13) / 100.0 AS confidence FROM e JOIN (SELECT *, row_number() OVER () - 1 AS n FROM roots) "
        "ON n = draw(i, 16, 14) ORDER BY i",
        "quotes": "SELECT 'run-1' AS run_id, 'art-' || a AS article_id, 'q-' || i AS quote_id, "
        "[{'start': 0, 'end': 20}] AS spans, "
        f"told AS text, 'Speaker ' || draw(i, 5000, 2) AS speaker, 'said' AS cue, '' AS addressee "
        f"FROM e WHERE i % {PER_ARTICLE} = 0",
        "threads": "SELECT 'run-1' AS run_id, 'art-' || a AS article_id, 'thr-' || i AS thread_id, 'visit' AS kind, "
        "list_sort([code(i, 20), code(i, 30)]) AS parties, [{'event_id': printf('evt-%016d', i), 'name': 'invite', "
        "'date': day::VARCHAR}] AS stages, ['open', 'fulfilled', 'lapsed'][draw(i, 3, 15) + 1] AS state, 'visit: invite' AS rule "
        f"FROM e WHERE i % {PER_ARTICLE * 8} = 0",
    }
    schemas = {name: getattr(layout, name.upper()) for name in queries}
    found = {name: con.sql(query).to_arrow_table() for name, query in queries.items()}
    return Tables(**{name: found[name].select(schemas[name].names).cast(schemas[name]) for name in queries})


def fill(path: Path, count: int) -> float:
    """Make a ledger; return the seconds that inserting and closing took, without making the rows."""
    spent = 0.0
    ledger = Ledger(path)
    for first in range(0, count, CHUNK):
        rows = tables(first, min(CHUNK, count - first))
        start = time.perf_counter()
        ledger.add_tables(rows)
        spent += time.perf_counter() - start
    start = time.perf_counter()
    ledger.close()
    return spent + time.perf_counter() - start


def questions(ledger: Ledger) -> dict[str, Callable[[], object]]:
    """Return the questions by the command that asks them."""

    def ask(**chosen: object) -> Callable[[], object]:
        return lambda: ledger.page(EventFilter(**chosen).condition())  # type: ignore[arg-type]

    return {
        "events (front page, 50 newest)": ask(),
        "events --actor RUS": ask(actor=("RUS",)),
        "events --actor 'Leader 55' (name)": ask(actor=("Leader 55",)),
        "events --dyad RUS PRK": ask(dyad=("RUS", "PRK")),
        "events --party RUS:MIL --root SANCTION": ask(party=("RUS:MIL",), root=("SANCTION",)),
        "events --party MIL (a sector)": ask(party=("MIL",)),
        "events --recipient CVL": ask(recipient=("CVL",)),
        "events --root SANCTION": ask(root=("SANCTION",)),
        "events --mode expel --cameo 17": ask(mode=("expel",), cameo=("17",)),
        "events --quad 4 --context military --polarity negated": ask(quad=(4,), context=("military",), polarity=("negated",)),
        "events --said-by 'Speaker 77'": ask(said_by=("Speaker 77",)),
        "events --said-by reporter": ask(said_by=("reporter",)),
        "events --source kremlin": ask(source=("kremlin",)),
        "events --modality future --period historical": ask(modality=("future",), period=("historical",)),
        "events --ongoing": ask(ongoing=True),
        "events --min-confidence 0.9": ask(min_confidence=0.9),
        "events --dataset diurna": ask(dataset=("diurna",)),
        "events --dataset gdelt2 (none)": ask(dataset=("gdelt2",)),
        "events --place 'Town 9' --place-country FRA": ask(place=("Town 9",), place_country=("FRA",)),
        "events --since 2018 --until 2018-06": ask(since="2018", until="2018-06"),
        "events --text prisoners77": ask(text=("prisoners77",)),
        "events --text 'no such words'": ask(text=("no such words",)),
        "events --publisher 'Gazette 7'": ask(publisher=("Gazette 7",)),
        "events --sort confidence": lambda: ledger.events(sort="confidence", limit=50),
        "events --sort event": lambda: ledger.events(sort="event", limit=50),
        "events --sort -published": lambda: ledger.events(sort="-published", limit=50),
        "events --sort -score --actor USA": lambda: ledger.events(EventFilter(actor=("USA",)), sort="-score", limit=50),
        "dyad RUS PRK --by month": lambda: ledger.dyad("RUS", "PRK"),
        "dyad AFG ALB --by day (a busy dyad)": lambda: ledger.dyad("AFG", "ALB", by="day"),
        "actor RUS": lambda: ledger.actor("RUS"),
        "actor 'Leader 55'": lambda: ledger.actor("Leader 55"),
        "quotes": lambda: ledger.quotes(limit=50),
        "quotes --text prisoners77": lambda: ledger.quotes(QuoteFilter(text="prisoners77"), 50),
        "quotes --since 2018 --until 2018-06": lambda: ledger.quotes(QuoteFilter(since="2018", until="2018-06"), 50),
        "quotes --speaker 'Speaker 77'": lambda: ledger.quotes(QuoteFilter("Speaker 77"), 50),
        "threads --actor RUS --state open": lambda: ledger.threads(ThreadFilter(("RUS",), state="open"), 50),
        "threads --kind visit --since 2020": lambda: ledger.threads(ThreadFilter(kind="visit", since="2020"), 50),
        "threads": lambda: ledger.threads(limit=50),
        "new --since 1d": lambda: ledger.new("1d", limit=50),
        "new --since 1d --party MIL": lambda: ledger.new("1d", EventFilter(party=("MIL",)), limit=50),
    }


def measure(question: Callable[[], object]) -> float:
    """Return the median seconds of a question."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        question()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Fill a ledger, ask, and write the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--events", type=int, default=5_000_000)
    arguments.add_argument("--ledger", type=Path, required=True)
    arguments.add_argument("-o", "--output", type=Path)
    given = arguments.parse_args()
    lines = []
    if not given.ledger.exists():
        spent = fill(given.ledger, given.events)
        lines.append(f"Inserted {given.events:,} events in {spent:.1f} s: {given.events / spent:,.0f} events/s.")
    size = given.ledger.stat().st_size / 1e6
    lines.append(
        f"The file has {size:,.0f} MB. {os.cpu_count()} cores, Python {platform.python_version()}, DuckDB {duckdb.__version__}."
    )
    lines += ["", "| question | median s |", "|---|---|"]
    with Ledger(given.ledger, read_only=True) as ledger:
        lines += [f"| {name} | {measure(question):.3f} |" for name, question in questions(ledger).items()]
    query = "SELECT event, count(*) FROM current_events GROUP BY event"
    lines.append(f"| sql '{query}' | {measure(lambda: select(given.ledger, query)):.3f} |")
    text = "\n".join(lines) + "\n"
    print(text)
    if given.output is not None:
        with given.output.open("a", encoding="utf-8") as stream:
            stream.write(f"\n## {given.events:,} events\n\n{text}")


if __name__ == "__main__":
    main()
