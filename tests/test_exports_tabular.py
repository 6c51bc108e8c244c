"""One layout for CSV, Parquet, Arrow and pandas; JSON Lines hold the whole record."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from rich.console import Console

from diurna.errors import StopRun
from diurna.exports import to_arrow, to_pandas
from diurna.exports.screen import events_table, explanation, status, when
from diurna.exports.tabular import FLAT, csv_cell, csv_lines, event_rows, json_lines
from diurna.exports.writers import open_writer
from diurna.records import Article, Event, Mention, Participant, Reason, Result, Versions, When, to_dict

ARTICLE = Article("Oslo [b]and\x1b[31m Rome met Kyiv on Friday.", published="2020-01-03", title="=cmd()", source_file="a.txt")
EVENT = Event(
    "ev-0123456789abcdef",
    ARTICLE.id,
    "CONSULT",
    ("meet",),
    score=-1.5,
    actors=(
        Participant("Oslo", ((0, 4),), "Norway", country="NOR", sectors=("GOV",)),
        Participant("Rome", (), "Italy", country="ITA"),
    ),
    recipients=(Participant("Kyiv", ((26, 30),), country="UKR"),),
    when=When("2020-01-03", "2020-01-03", "day", "Friday"),
    mentions=(Mention(0, (0, len(ARTICLE.text)), ((22, 25),)),),
    explanation=(Reason("event", "frame meet [NP]", "met", (22, 25)),),
)
RESULT = Result(ARTICLE, (EVENT,), (), (), Versions("1", "sm", "t"))


def test_csv_joins_lists_and_keeps_numbers() -> None:
    rows = list(csv.DictReader(io.StringIO(csv_lines(event_rows(RESULT), header=True))))
    assert rows[0]["actors"] == "Norway; Italy"
    assert rows[0]["score"] == "-1.5"
    assert rows[0]["title"] == "'=cmd()"
    assert rows[0]["trigger"] == "met"
    assert rows[0]["reciprocal"] == "false"


@pytest.mark.parametrize("cell", ["=1+1", "+49", "-x", "@a", "\t=1", " =1", "\r=1"])
def test_no_cell_runs_as_a_formula(cell: str) -> None:
    assert str(csv_cell(cell)).startswith("'")
    assert str(csv_cell([cell, "b"])).startswith("'")


def test_no_cell_holds_control_characters() -> None:
    assert csv_cell("Envoys\0 leave\x1b[31m\x9d\nagain") == "Envoys  leave [31m \nagain"
    assert csv_cell(["The\0Gull", "b"]) == "The Gull; b"
    assert csv_cell("\0=1+1") == "' =1+1"


def test_json_lines_hold_the_record() -> None:
    found = json.loads(json_lines(RESULT))
    assert found["article"]["id"] == ARTICLE.id
    assert {name: found[name] for name in to_dict(EVENT)} == to_dict(EVENT)


def test_arrow_and_pandas() -> None:
    table = to_arrow([RESULT, RESULT])
    assert table.schema == FLAT
    assert table.column("actors").to_pylist()[0] == ["Norway", "Italy"]
    assert len(to_pandas([RESULT])) == 1
    assert list(to_pandas([]).columns) == FLAT.names


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet", "table"])
def test_writers(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "out"
    with open_writer(kind, path) as writer:
        writer.write(RESULT)
        writer.write(replace(RESULT, events=()))
    if kind == "parquet":
        assert pq.read_table(path).num_rows == 1
    else:
        assert "Norway" in path.read_text(encoding="utf-8")


def test_unwritable_output(tmp_path: Path) -> None:
    with pytest.raises(StopRun, match="cannot be written"), open_writer("csv", tmp_path / "no" / "out.csv"):
        pass


@pytest.mark.parametrize("width", [80, 120, 200])
def test_table_fits_and_is_harmless(width: int) -> None:
    out = io.StringIO()
    Console(file=out, width=width).print(events_table(RESULT))
    assert "\x1b" not in out.getvalue()
    assert "01234567" in out.getvalue()
    assert all(len(line) <= width for line in out.getvalue().splitlines())


def test_explanation_shows_sentence_rule_and_versions() -> None:
    out = io.StringIO()
    Console(file=out, width=120).print(explanation(EVENT, ARTICLE, RESULT.versions))
    for words in ("[b]and", "frame meet [NP]", "Norway", "diurna 1", "the reporter"):
        assert words in out.getvalue()
    assert "\x1b" not in out.getvalue()


def test_status_and_dates() -> None:
    assert status(EVENT) == "actual"
    assert status(replace(EVENT, polarity="negated", period="historical", ongoing=True)) == "negated, historical, ongoing"
    assert when(EVENT) == "2020-01-03"
    assert when(replace(EVENT, when=When("2020-01-01", "2020-01-31", "month"))) == "2020-01"
    assert when(replace(EVENT, when=When("1990-01-01", "1999-12-31", "decade"))) == "1990s"
    assert when(replace(EVENT, when=When("2020-01-03", "2020-01-03", "day", "", True))) == "~2020-01-03"
    assert when(replace(EVENT, when=When())) == "–"
