"""Exports read back the way people's scripts read them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from diurna.errors import StopRun
from diurna.exports.exporting import _cell, export
from diurna.exports.layouts import layouts
from diurna.exports.lines import check
from diurna.exports.page import page
from diurna.exports.tabular import FLAT, csv_cell
from diurna.ledger import Ledger
from diurna.records import Article, Event, Mention, Participant, Result, Versions, When

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
def test_no_csv_cell_runs_as_a_formula(words: str) -> None:
    written = csv_cell(words)
    assert not str(written).lstrip().startswith(tuple("=+-@＝＋－＠"))


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


def test_parquet_has_a_folder_for_each_day(ledger: Ledger, tmp_path: Path) -> None:
    export(ledger, "parquet", tmp_path / "days")
    frame = pd.read_parquet(tmp_path / "days")
    assert len(frame) == 3
    assert (tmp_path / "days" / "date=2020-01-02" / "part-0.parquet").is_file()
    with pytest.raises(StopRun, match="not an empty folder"):
        export(ledger, "parquet", tmp_path / "days")


def test_records_and_network(ledger: Ledger, tmp_path: Path) -> None:
    for kind in ("plover", "jsonl"):
        export(ledger, kind, tmp_path / kind)
        rows = [json.loads(line) for line in (tmp_path / kind).read_text().splitlines()]
        assert [row["id"] for row in rows] == ["evt-01", "evt-02", "evt-03"]
        assert set(rows[0]) <= set(layouts()[kind].names)
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
