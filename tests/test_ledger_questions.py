"""Questions to a ledger, from Python and from the shell; and that `diurna sql` can do nothing but read."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_ledger_filters import EXPEL, MEET, RESULT, VISIT
from typer.testing import CliRunner, Result

from diurna.cli import app
from diurna.errors import StopRun
from diurna.exports.answers import replacing
from diurna.ledger import Ledger, layout
from diurna.ledger.filters import EventFilter
from diurna.ledger.questions import ThreadFilter
from diurna.ledger.quotations import QuoteFilter
from diurna.ledger.sql import select
from diurna.records import Quote, Stage, Thread, When

INVITE = Thread("thr-1", "visit", ("ECU", "LVA"), (Stage("evt-2", "invite", "2019-03"), Stage("evt-9", "hold", "")), "open", "r")
OLD = Thread("thr-2", "aid", ("NOR", "Red Gull"), (Stage("evt-1", "pledge", "2020-05-01"),), "lapsed", "r")
SAID = Quote("q-1", "a1", ((0, 4),), "=We leave", "Jürgen Müller", "said", "Riga")
BACK = replace(EXPEL, id="evt-4", actors=EXPEL.recipients, recipients=EXPEL.actors, quad=1, score=3.0)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("questions") / "l.duckdb"
    with Ledger(file) as ledger:
        ledger.add([replace(RESULT, events=(EXPEL, VISIT, MEET, BACK), quotes=(SAID,), threads=(INVITE, OLD))])
    return file


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger(path, read_only=True) as opened:  # DuckDB refuses a second configuration while one is open
        yield opened


def ask(path: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--ledger", str(path)], env={"COLUMNS": "200"})


def test_events_are_rows_of_the_flat_layout(ledger: Ledger) -> None:
    table = ledger.events(EventFilter(root=("SANCTION",)), sort="score")
    assert table.schema == layout.FLAT
    assert table.column("id").to_pylist() == ["evt-1", "evt-4"]
    row = table.to_pylist()[0]
    assert (row["trigger"], row["sentence"], row["title"]) == (["expelled"], "Oslo expelled two envoys of Lima.", "Envoys")
    assert (row["actors"], row["recipients"], row["actor_sectors"]) == (["Norway"], ["envoys of Lima"], ["GOV"])


def test_a_page_knows_how_many_fit(ledger: Ledger) -> None:
    sanctions = EventFilter(root=("SANCTION",)).condition()
    found, total = ledger.page(sanctions, "score", limit=1, skip=1)
    assert (found["id"].to_pylist(), total) == (["evt-4"], 2)
    found, total = ledger.page(sanctions, limit=5, skip=9)
    assert (found.num_rows, total) == (0, 2)
    found, total = ledger.page(EventFilter().condition(), limit=2)
    assert (found.num_rows, total) == (2, 4)
    found, total = ledger.page(EventFilter(actor=("nobody",)).condition())
    assert (found.schema, found.num_rows, total) == (layout.FLAT, 0, 0)


def test_order_and_limit(ledger: Ledger) -> None:
    assert [row["id"] for row in ledger.events(sort="-when").to_pylist()] == ["evt-1", "evt-4", "evt-2", "evt-3"]
    assert [row["id"] for row in ledger.events(sort="confidence", limit=1).to_pylist()] == ["evt-2"]
    assert ledger.count() == 4
    with pytest.raises(StopRun, match="known are when, published"):
        ledger.events(sort="length")


@pytest.mark.parametrize(("by", "period"), [("day", "2020-05-01"), ("week", "2020-04-27"), ("quarter", "2020-04-01")])
def test_a_dyad_counts_both_ways(ledger: Ledger, by: str, period: str) -> None:
    (row,) = ledger.dyad("PER", "NOR", by).to_pylist()
    assert (str(row.pop("period")), row.pop("mean_score")) == (period, -2.0)
    assert list(row.values()) == [1, 0, 0, 1, 2]
    assert ledger.dyad("NOR", "USA").num_rows == 0
    with pytest.raises(StopRun, match="day, week, month, quarter, year"):
        ledger.dyad("PER", "NOR", "hour")


def test_what_is_known_to_a_year_is_in_no_month(ledger: Ledger) -> None:
    year = EventFilter(actor=("ECU",))
    assert (ledger.series(year, "month").periods.num_rows, ledger.series(year, "month").left_out) == (0, 1)
    assert [str(row["period"]) for row in ledger.timeline(year, "year").to_pylist()] == ["2019-01-01"]
    # An event lies in a time that its interval touches, and is counted where it began.
    late = ledger.series(EventFilter(actor=("ECU",), since="2019-06"), "year")
    assert (late.periods["events"].to_pylist(), late.left_out) == ([1], 0)
    assert ledger.series(EventFilter(actor=("NOR",)), "month").left_out == 1  # it has no date


def test_a_series_stays_within_the_time_asked_for(tmp_path: Path) -> None:
    lasting = replace(EXPEL, when=When("1991-03-01", "2018-05-01", "day"))
    with Ledger(tmp_path / "l.duckdb") as store:
        store.add([replace(RESULT, events=(lasting,))])
        since = EventFilter(since="2018")
        assert (store.count(since), store.series(since, "year").periods.num_rows, store.series(since, "year").left_out) == (
            1,
            0,
            1,
        )
        assert store.dyad("NOR", "PER", "year", since).num_rows == 0 < store.dyad("NOR", "PER", "year").num_rows


def test_pairs_of_countries(ledger: Ledger) -> None:
    rows = ledger.dyads().to_pylist()
    assert [(row["one"], row["other"], row["events"]) for row in rows[:1]] == [("NOR", "PER", 2)]
    assert (rows[0]["mean_score"], str(rows[0]["last"]), rows[0]["verbal_cooperation"]) == (-2.0, "2020-05-01", 1)
    assert ledger.dyads(EventFilter(dyad=("ECU", "LVA")), limit=1).column("one").to_pylist() == ["ECU"]
    # What is mutual makes each pair of its parties once.
    mutual = {(row["one"], row["other"]): row["events"] for row in ledger.dyads(EventFilter(party=("LVA",))).to_pylist()}
    assert mutual == {("ECU", "LVA"): 1, ("LVA", "NOR"): 1}
    assert ledger.timeline(EventFilter(dyad=("NOR", "PER"))).equals(ledger.dyad("NOR", "PER"))


@pytest.mark.parametrize(
    ("name", "role"), [("NOR", "Norway"), ("norway", "Norway"), ("navy", "Navy of Ecuador"), ("MIL", "Navy of Ecuador")]
)
def test_an_actor_has_roles_partners_and_roots(ledger: Ledger, name: str, role: str) -> None:
    facts = ledger.actor(name)
    assert facts.roles.column("name").to_pylist() == [role]
    assert facts.partners.column("partner").to_pylist() == (["PER"] if role == "Norway" else ["LVA"])
    if role == "Norway":
        assert facts.roots.to_pylist()[0] == {"event": "SANCTION", "as_actor": 1, "as_recipient": 1}


def test_quotes(ledger: Ledger) -> None:
    assert ledger.quotes(QuoteFilter("muller", "leave", "2020", "2020")).column("quote_id").to_pylist() == ["q-1"]
    assert ledger.quotes(QuoteFilter("mull")).num_rows == ledger.quotes(QuoteFilter(since="2021")).num_rows == 0


def test_threads(ledger: Ledger) -> None:
    def ids(chosen: ThreadFilter) -> list[str]:
        return [str(name) for name in ledger.threads(chosen).column("thread_id").to_pylist()]

    assert ids(ThreadFilter()) == ["thr-1", "thr-2"]
    assert ids(ThreadFilter(("Latvia", "ECU"), "visit", "open")) == ["thr-1"]
    assert ids(ThreadFilter(("red gull",), since="2020")) == ["thr-2"]
    assert ids(ThreadFilter(("LVA", "NOR"))) == []
    assert ids(ThreadFilter(events=EventFilter(until="2019"))) == ["thr-1"]
    assert ids(ThreadFilter("NOR", events=EventFilter(root=("SANCTION",)))) == ["thr-2"]
    for bad in (ThreadFilter(kind="party"), ThreadFilter(state="shut")):
        with pytest.raises(StopRun, match="known are"):
            ledger.threads(bad)


def test_what_is_new(ledger: Ledger) -> None:
    assert ledger.new("1h").num_rows == ledger.new("2020").num_rows == 4
    assert ledger.new("2099-01-01T06:00").num_rows == 0
    with pytest.raises(StopRun, match="6h"):
        ledger.new("soon: 5")


def test_polars(ledger: Ledger) -> None:
    polars = pytest.importorskip("polars")
    assert polars.from_arrow(ledger.events()).shape == (4, len(layout.FLAT.names))


WRITES = [
    "INSERT INTO articles (article_id, text) VALUES ('x', 'y')", "UPDATE events SET event = 'AID'", "DELETE FROM events",
    "DROP TABLE events", "CREATE TABLE t AS SELECT 1", "CREATE TEMP TABLE t AS SELECT 1", "CREATE MACRO f() AS 1",
    "SELECT nextval('coding_number')", "SELECT 1; DROP TABLE events", "VACUUM", "CHECKPOINT", "BEGIN", "CALL pragma_version()",
    "EXPLAIN ANALYZE DELETE FROM events", "PRAGMA database_list", "FROM query('DROP TABLE events')",
]  # fmt: skip
FILES = [
    "ATTACH '{file}' AS other", "ATTACH ':memory:' AS other",
    "SELECT * FROM read_csv('{file}')", "SELECT * FROM read_text('{file}')",
    "SELECT * FROM read_blob('{file}')",
    "SELECT * FROM '{file}'", "SELECT * FROM glob('{folder}/*')", "COPY events TO '{file}.out'",
    "COPY (SELECT 1) TO '{file}.out'", "EXPORT DATABASE '{folder}/out'", "SELECT * FROM parquet_scan('{file}')",
    "SELECT * FROM read_json('{file}')", "IMPORT DATABASE '{folder}'",
]  # fmt: skip
SETTINGS = [
    "INSTALL httpfs", "LOAD httpfs", "LOAD json", "SET enable_external_access = true", "RESET lock_configuration",
    "SET lock_configuration = false", "SET threads = 64", "SET VARIABLE x = 1", "SELECT * FROM 'https://localhost/x.csv'",
    "SELECT * FROM hidden", "SELECT getenv('HOME')",
]  # fmt: skip


@pytest.mark.parametrize("query", [*WRITES, *FILES, *SETTINGS])
def test_sql_reads_and_nothing_else(path: Path, tmp_path: Path, query: str) -> None:
    file = tmp_path / "secret.csv"
    file.write_text("secret\n1\n")
    hidden = pa.table({"secret": [1]})  # DuckDB would find this variable by its name
    before = path.read_bytes()
    with pytest.raises(StopRun) as error:
        select(path, query.format(file=file, folder=tmp_path))
    assert "\n" not in str(error.value)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]
    assert hidden.num_rows == 1


@pytest.mark.parametrize(
    "query",
    [
        "FROM (SELECT event, quad FROM current_events) PIVOT (count(*) FOR quad IN (1, 4))",
        "SELECT event FROM current_events",
        "SHOW TABLES",
        "DESCRIBE events",
        "FROM articles",
        "EXPLAIN SELECT 1",
    ],
)
def test_sql_answers(path: Path, query: str) -> None:
    assert select(path, query).num_rows > 0
    assert select(path, query, limit=1).num_rows == 1


def test_sql_tells_intervals_as_duckdb_does(path: Path, tmp_path: Path) -> None:
    query = "SELECT INTERVAL 1 DAY AS a, INTERVAL 14 MONTH AS b, [INTERVAL 1 DAY] AS c"
    assert select(path, query).to_pylist() == [{"a": "1 day", "b": "1 year 2 months", "c": "[1 day]"}]
    output = tmp_path / "out.csv"
    ask(path, "sql", query, "-o", str(output))
    assert output.read_text() == "a,b,c\n1 day,1 year 2 months,[1 day]\n"


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize(
    "words", [["events"], ["dyad", "NOR", "PER"], ["quotes"], ["threads"], ["new"], ["sql", "FROM versions"]]
)
def test_answers_as_files(path: Path, tmp_path: Path, words: list[str], kind: str) -> None:
    output = tmp_path / f"out.{kind}"
    done = ask(path, *words, "-o", str(output))
    assert (done.exit_code, done.stdout) == (0, "")
    assert list(tmp_path.iterdir()) == [output]
    if kind == "parquet":
        assert pq.read_table(output).num_rows > 0
    elif kind == "csv":
        rows = list(csv.DictReader(output.open(encoding="utf-8")))
        assert not any(cell.startswith(("=", "@")) for row in rows for cell in row.values())
    else:
        assert all(isinstance(json.loads(line), dict) for line in output.open(encoding="utf-8"))


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["events", "--actor", "NOR", "--root", "SANCTION"], "Oslo expelled two envoys"),
        (["events", "--limit", "1"], "1 of 4 events"),
        (["events", "--no-ongoing", "--dyad", "NOR", "PER"], "envoys of Lima"),
        (["dyad", "NOR", "PER", "--by", "year"], "█"),
        (["actor", "NOR"], "Norway"),
        (["quotes", "--speaker", "Müller"], "=We leave"),
        (["threads", "--actor", "LVA", "--with", "ECU"], "invite 2019-03 → hold ?"),
        (["new", "--since", "1h"], "Norway"),
        (["sql", "SELECT count(*) AS n FROM events"], "4"),
        (["sql", "SELECT unnest(range(3))", "--limit", "2"], "the first 2 rows; more with --limit"),
        (["new", "--since", "1h", "--limit", "3"], "the first 3 new events; more with --limit"),
        (["threads", "--limit", "1"], "the first 1 threads; more with --limit"),
        (["quotes", "--limit", "0"], "the first 0 quotations; more with --limit"),
        (["threads", "--actor", "Putin"], "no threads; parties stand in threads by country"),
        (["dyad", "ECU", "LVA"], "left out 1 event of which the month is not known"),
        (["events", "--actor", "USA"], "no events"),
    ],
)
def test_answers_on_the_screen(path: Path, words: list[str], shown: str) -> None:
    done = ask(path, *words)
    assert done.exit_code == 0, done.output
    assert shown in done.output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["events", "--root", "HIT"], "no root 'HIT'; known are"),
        (["events", "--since", "soon"], "cannot read the date 'soon'"),
        (["dyad", "NOR", "PER", "--plot", "x.gif"], ".png, .svg or .html"),
        (["sql", "DELETE FROM events"], "one SELECT"),
        (["sql", "PIVOT events ON event USING count(*)"], "write FROM … PIVOT"),
        (["threads", "--actor", "RUS:GOV"], "ask for RUS and not RUS:GOV"),
        (["quotes", "-o", "/none/x.csv"], "cannot be written"),
    ],
)
def test_mistakes_are_one_line(path: Path, words: list[str], message: str) -> None:
    error = ask(path, *words).exception
    assert isinstance(error, StopRun)
    assert message in str(error)
    assert "\n" not in str(error)


@pytest.mark.parametrize(("kind", "begins"), [("png", b"\x89PNG"), ("svg", b"<svg"), ("html", b"<!DOCTYPE html>")])
def test_plots(path: Path, tmp_path: Path, kind: str, begins: bytes) -> None:
    output = tmp_path / f"dyad.{kind}"
    done = ask(path, "dyad", "NOR", "PER", "--plot", str(output))
    assert done.exit_code == 0, done.output
    assert output.read_bytes().lstrip().startswith(begins)
    assert b'src="http' not in output.read_bytes()


@pytest.mark.parametrize("kind", ["table", "csv", "jsonl", "parquet"])
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("'infinity'::DATE", "infinity"),
        ("DATE '20000-01-01'", "20000-01-01"),
        ("[TIMESTAMP '20000-01-01']", "20000-01-01 00:00:00"),
        ("{'a': '-infinity'::TIMESTAMPTZ}", "{'a': -infinity}"),
        ("DATE '2020-01-01'", "2020-01-01"),
    ],
)
def test_days_beyond_the_calendar_are_words(path: Path, tmp_path: Path, value: str, shown: str, kind: str) -> None:
    done = ask(path, "sql", f"SELECT {value} AS day", "--format", kind, "-o", str(tmp_path / "out"))
    assert done.exit_code == 0, done.exception
    written = (tmp_path / "out").read_bytes()
    found = str(pq.read_table(tmp_path / "out").to_pylist()[0]["day"]) if kind == "parquet" else written.decode()
    assert shown in found


def test_json_lines_have_no_words_that_json_has_not(path: Path) -> None:
    values = "'nan'::DOUBLE AS a, [1, 'inf'::FLOAT] AS b, {'c': '-inf'::DOUBLE} AS d"
    done = ask(path, "sql", f"SELECT {values}", "--format", "jsonl")
    assert done.stdout == '{"a": null, "b": [1.0, null], "d": {"c": null}}\n'


def test_sql_fetches_no_more_than_is_shown(path: Path) -> None:
    assert select(path, "SELECT repeat('x', 1000) AS x FROM range(100_000_000_000)", limit=3).num_rows == 3


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("old")

    def fail() -> None:
        with replacing(file) as stream:
            stream.write(b"ne")
            raise ValueError("half")

    with pytest.raises(ValueError, match="half"):
        fail()
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_bulk_rows_twice_are_refused(path: Path, tmp_path: Path) -> None:
    with Ledger(path, read_only=True) as ledger:
        names = {"articles": layout.ARTICLES, "versions": layout.VERSIONS, "codings": layout.CODINGS, "events": layout.EVENTS}
        rows = {n: ledger.con.sql(f"SELECT {', '.join(s.names)} FROM {n}").to_arrow_table().cast(s) for n, s in names.items()}
    from diurna.ledger.store import Tables

    with Ledger(tmp_path / "bulk.duckdb") as bulk:
        bulk.add_tables(Tables(**rows))
        assert bulk.count() == 4
        with pytest.raises(StopRun, match="nothing was added"):
            bulk.add_tables(Tables(**rows))
        assert bulk.count() == 4


def test_duckdb_names_the_file_it_may_not_open(path: Path) -> None:
    other = path.parent / "other.duckdb"
    duckdb.connect(str(other)).execute("CREATE TABLE t (a INT)").close()
    with pytest.raises(StopRun, match="ledger of Diurna"):
        select(other, "SELECT 1")
