"""Exports read back the way people's scripts read them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from unicodedata import category

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree
from typer.testing import CliRunner

from diurna.cli import app
from diurna.errors import StopRun
from diurna.exports.codes import state_on
from diurna.exports.exporting import _cell, export
from diurna.exports.layouts import layouts
from diurna.exports.lines import check
from diurna.exports.page import page
from diurna.exports.tabular import FLAT, csv_cell
from diurna.ledger import Ledger
from diurna.ledger.filters import EventFilter
from diurna.records import Article, Event, Mention, Participant, Result, Versions, When, Where

ARTICLE = Article("Oslo and Rome met.\tKyiv heard.", published="2020-01-03", url="https://example.org/a", title="=cmd()")
NOR, ITA, UKR = (
    Participant(c, (), n, country=c, sectors=("GOV",)) for c, n in (("NOR", "Nor\tway"), ("ITA", "Italy"), ("UKR", "Ukraine"))
)
MET = Event(
    "evt-01", ARTICLE.id, "CONSULT", cameo="04", quad=1, score=2.5, actors=(NOR, ITA), reciprocal=True,
    when=When("2020-01-02", "2020-01-02", "day"), mentions=(Mention(0, (0, 18), ((14, 17),)),),
)  # fmt: skip
HIT = replace(MET, id="evt-02", event="ASSAULT", cameo="190", quad=4, score=-9, recipients=(UKR,), reciprocal=False)
NOT = replace(HIT, id="evt-03", polarity="negated")
COUNTS = {"phoenix": 26, "gdelt1": 58, "gdelt2": 61, "icews": 20, "polecat": 40}


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    with Ledger(tmp_path / "l.duckdb") as store:
        store.add([Result(ARTICLE, (MET, HIT, NOT), (), (), Versions("1", "sm", "t"))])
    return Ledger(tmp_path / "l.duckdb", read_only=True)


@pytest.mark.parametrize("kind", layouts())
def test_layouts_are_whole(kind: str) -> None:
    check(layouts()[kind])


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_flat_layouts_are_those_of_the_ledger(kind: str) -> None:
    assert layouts()[kind].names == FLAT.names


CELLS = st.text(st.characters(exclude_categories=()), max_size=30)


@given(CELLS)
def test_a_cell_stays_one_cell(words: str) -> None:
    cell = _cell(words)
    assert len(f"{cell}\tend".splitlines()) == 1
    assert cell.count("\t") == 0
    assert cell.split() == words.replace("\0", " ").split()


@given(CELLS)
@example("\x0b=cmd()")
@example("\u00a0＝cmd()")
@example("\ufeff=cmd()")
@example("\x00\u200b\u00ad﹦cmd()")
def test_no_csv_cell_runs_as_a_formula(words: str) -> None:
    seen = [sign for sign in str(csv_cell(words)) if category(sign)[0] not in "CZ"]
    assert not seen or seen[0] not in "=+-@＝＋－＠﹦﹢﹣﹫"


@pytest.mark.parametrize(("kind", "count"), COUNTS.items())
def test_tables_have_the_columns_of_the_data_sets(ledger: Ledger, tmp_path: Path, kind: str, count: int) -> None:
    done = export(ledger, kind, tmp_path / "o.tsv")
    header = 0 if layouts()[kind].header else None
    frame = pd.read_csv(tmp_path / "o.tsv", sep="\t", header=header, dtype=str, quoting=3)
    assert frame.shape == (3 if kind == "polecat" else 4, count)  # the negated event is left out
    assert done.status == 1
    assert not list(tmp_path.glob(".o.tsv*"))
    if header is None:
        frame.columns = layouts()[kind].names
    if kind == "gdelt2":
        assert list(frame["Actor1Code"]) == ["NORGOV", "ITAGOV", "NORGOV", "ITAGOV"]
        assert list(frame["EventCode"]) == ["040", "040", "190", "190"]
        assert frame["GLOBALEVENTID"].astype("int64").is_unique


def test_panel_has_codes_for_r(ledger: Ledger, tmp_path: Path) -> None:
    export(ledger, "panel", tmp_path / "p.csv")
    frame = pd.read_csv(tmp_path / "p.csv")
    row = frame[(frame.actor_iso3 == "NOR") & (frame.recipient_iso3 == "UKR")].iloc[0]
    assert (row.actor_cow, row.recipient_cow, row.material_conflict, row.date) == (385, 369, 1, "2020-01-01")
    assert len(frame) == 4


def made(path: Path, *events: Event, article: Article = ARTICLE) -> Ledger:
    with Ledger(path) as store:
        store.add([Result(article, events, (), (), Versions("1", "sm", "t"))])
    return Ledger(path, read_only=True)


def party(country: str) -> tuple[Participant]:
    return (Participant(country, (), country, country=country),)


def test_a_year_is_in_no_month_of_the_panel_and_its_first_day_is_counted_elsewhere(tmp_path: Path) -> None:
    year = replace(HIT, id="evt-05", when=When("1967-01-01", "1967-12-31", "year"))
    with made(tmp_path / "l.duckdb", HIT, year) as ledger:
        assert export(ledger, "panel", tmp_path / "p.csv").vague == 1
        assert set(pd.read_csv(tmp_path / "p.csv").year) == {2020}
        for kind in ("gdelt2", "icews", "polecat", "phoenix", "plover"):
            assert export(ledger, kind, tmp_path / kind).vague == 1
        assert export(ledger, "jsonl", tmp_path / "j").vague == 0
    said = CliRunner().invoke(app, ["export", "panel", "--ledger", str(tmp_path / "l.duckdb"), "-o", str(tmp_path / "q.csv")])
    assert "decade only: 1 left out; their month is not known" in said.output


def test_countries_are_written_as_the_data_sets_write_them(tmp_path: Path) -> None:
    one = replace(HIT, actors=party("TLS"), recipients=party("ROU"))
    two = replace(HIT, id="evt-05", actors=party("RUS"), recipients=party("KOS"), where=Where("Gaza", "PSE"))
    article = replace(ARTICLE, url="", publisher="", source_file="/home/anna/reports/r.txt")
    with made(tmp_path / "l.duckdb", one, two, article=article) as ledger:
        rows = {}
        for kind in ("gdelt1", "phoenix", "icews"):
            export(ledger, kind, tmp_path / kind)
            header = None if not layouts()[kind].header else 0
            frame = pd.read_csv(tmp_path / kind, sep="\t", header=header, dtype=str, names=layouts()[kind].names)
            rows[kind] = frame.to_dict("records")
    codes = [(row["Actor1Code"], row["Actor2Code"], row["Actor2CountryCode"]) for row in rows["gdelt1"]]
    assert codes == [("TMP", "ROM", "ROM"), ("RUS", "KSV", "KSV")]
    assert {row["SOURCEURL"] for row in rows["gdelt1"]} == {"r.txt"}
    full = [(row["SourceActorFull"], row["TargetActorEntity"]) for row in rows["phoenix"]]
    assert full == [("TMP", "ROU"), ("RUS", "KSV")]
    names = [(row["Source Country"], row["Target Country"], row["Country"]) for row in rows["icews"]]
    assert names[1] == ("Russian Federation", "Kosovo", "Occupied Palestinian Territory")


@pytest.mark.parametrize(
    ("country", "day", "name", "numbers"),
    [
        ("DEU", "1989-11-01", "West Germany", ("260", "260")),
        ("DEU", "2020-01-01", "Germany", ("255", "260")),
        ("SRB", "1995-07-01", "Yugoslavia", ("345", "345")),
        ("CZE", "1989-11-01", "Czechoslovakia", ("315", "315")),
        ("CZE", "1993-01-01", "Czech Republic", ("316", "316")),
        ("YEM", "1985-01-01", "North Yemen", ("678", "678")),
        ("YEM", "1995-01-01", "Yemen", ("679", "678")),
        ("VNM", "1970-01-01", "North Vietnam", ("816", "816")),
        ("RUS", "1985-01-01", "Soviet Union", ("365", "365")),
        ("CHN", "1949-12-01", "China", ("710", "710")),
        ("AZE", "2000-01-01", "Azerbaijan", ("373", "373")),
        ("NOR", "1950-01-01", "Norway", ("385", "385")),
    ],
)
def test_states_have_the_numbers_of_their_time(country: str, day: str, name: str, numbers: tuple[str, str]) -> None:
    state = state_on(country, day)
    assert (state.name, (state.cow, state.gw)) == (name, numbers)


def test_parquet_has_a_folder_for_each_day(ledger: Ledger, tmp_path: Path) -> None:
    export(ledger, "parquet", tmp_path / "days")
    frame = pd.read_parquet(tmp_path / "days")
    assert len(frame) == 3
    assert (tmp_path / "days" / "date=2020-01-02" / "part-0.parquet").is_file()
    with pytest.raises(StopRun, match="not an empty folder"):
        export(ledger, "parquet", tmp_path / "days")


def test_parquet_of_no_events_is_a_file_without_rows(ledger: Ledger, tmp_path: Path) -> None:
    assert export(ledger, "parquet", tmp_path / "days", EventFilter(actor=("TUV",))).lines == 0
    frame = pd.read_parquet(tmp_path / "days")
    assert len(frame) == 0
    assert set(layouts()["parquet"].names) <= set(frame.columns)


def test_a_plover_record_has_all_fields(tmp_path: Path) -> None:
    article = replace(ARTICLE, url="", publisher="")
    with made(tmp_path / "l.duckdb", Event("evt-9", ARTICLE.id, "PROTEST"), article=article) as store:
        export(store, "plover", tmp_path / "p")
    (row,) = [json.loads(line) for line in (tmp_path / "p").read_text().splitlines()]
    assert list(row) == layouts()["plover"].names
    assert (row["url"], row["actor"], row["dead"], row["money"], row["cameo"]) == ("", [], None, None, "140")


def test_records_and_network(ledger: Ledger, tmp_path: Path) -> None:
    for kind in ("plover", "jsonl"):
        export(ledger, kind, tmp_path / kind)
        rows = [json.loads(line) for line in (tmp_path / kind).read_text().splitlines()]
        assert [row["id"] for row in rows] == ["evt-01", "evt-02", "evt-03"]
        assert all(list(row) == layouts()[kind].names for row in rows)
    export(ledger, "graphml", tmp_path / "g")
    tree = etree.parse(tmp_path / "g")
    assert len(tree.findall(".//{*}node")) == 3
    assert len(tree.findall(".//{*}edge")) == 4
    export(ledger, "csv", tmp_path / "c")
    assert set(pd.read_csv(tmp_path / "c").title) == {"'=cmd()"}


def test_misuse_is_one_line(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(StopRun, match="known are plover"):
        export(ledger, "stata", None)
    with pytest.raises(StopRun, match="cannot be written"):
        export(ledger, "csv", tmp_path / "no" / "o")


def test_page_is_current() -> None:
    assert Path("docs/exports.md").read_text(encoding="utf-8") == page()
