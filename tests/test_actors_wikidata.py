"""`diurna actors build` on a small extract written by hand: dump (plain, gz, bz2) and query results."""

from __future__ import annotations

import bz2
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from diurna.actors.commands import actors_app, problems_of
from diurna.actors.wikidata import Builder, write_tables
from diurna.errors import StopRun


def item(number: str, label: str, aliases: tuple[str, ...] = (), **claims: list[Any]) -> dict[str, Any]:
    return {
        "id": number,
        "labels": {"en": {"value": label}},
        "aliases": {"en": [{"value": alias} for alias in aliases]},
        "claims": claims,
    }


def ref(number: str, **qualifiers: str) -> dict[str, Any]:
    times = {name: [{"datavalue": {"value": {"time": time}}}] for name, time in qualifiers.items()}
    return {"mainsnak": {"datavalue": {"value": {"id": number}}}, "qualifiers": times}


def plain(text: str) -> dict[str, Any]:
    return {"mainsnak": {"datavalue": {"value": text}}}


ITEMS = [
    item(
        "Q567",
        "Angela Merkel",
        ("Angela Dorothea Merkel",),
        P39=[ref("Q4970706", P580="+2005-11-22T00:00:00Z", P582="+2021-12-08T00:00:00Z")],
    ),
    item("Q183", "Germany", P298=[plain("DEU")]),
    item("Q142", "France", P298=[plain("FRA")]),
    item("Q4970706", "Federal Chancellor of Germany", P1001=[ref("Q183")]),
    item("Q191954", "President of France", P1001=[ref("Q142")]),
    item("Q3052772", "Emmanuel Macron", P39=[ref("Q191954", P580="+2017-05-00T00:00:00Z")]),
    item("Q49762", "Christian Democratic Union", ("CDU", "a|b"), P31=[ref("Q7278")], P17=[ref("Q183")], P571=[]),
    item("Q7817", "World Health Organization", ("WHO",), P31=[ref("Q484652")]),
    item("Q42", "Douglas Adams", P39=[ref("Q1")]),
]
DUMP = "[\n" + ",\n".join(json.dumps(entry) for entry in ITEMS) + ',\n{"id": "Q9", "P39" broken\n]\n'


@pytest.mark.parametrize("suffix", ["json", "json.gz", "json.bz2"])
def test_dump(tmp_path: Path, suffix: str) -> None:
    packers = {"json": bytes, "json.gz": gzip.compress, "json.bz2": bz2.compress}
    path = tmp_path / f"dump.{suffix}"
    path.write_bytes(packers[suffix](DUMP.encode()))
    built = Builder().build(path)
    assert sorted(built.rows["leaders.tsv"]) == [
        ("Angela Merkel", "Angela Dorothea Merkel", "DEU", "GOV", "2005-11-22", "2021-12-08", "chancellor", "Q567"),
        ("Emmanuel Macron", "", "FRA", "GOV", "2017-05", "", "president", "Q3052772"),
    ]
    assert list(built.rows["parties.tsv"]) == [
        ("Christian Democratic Union", "CDU", "DEU", "PTY", "", "", "political party", "Q49762")
    ]
    assert [cells[2] for cells in built.rows["organizations.tsv"]] == ["IGO"]
    assert [problem.line for problem in built.problems] == [11]


RESULTS = [
    {
        "item": "http://www.wikidata.org/entity/Q22686",
        "itemLabel": "Donald Trump",
        "positionLabel": "President of the United States",
        "start": "2017-01-20T00:00:00Z",
        "end": "2021-01-20T00:00:00Z",
        "aliases": "Donald J. Trump|The Donald",
    },
    {"item": "Q2", "itemLabel": "Nobody", "positionLabel": "keeper of the lighthouse"},
]


def test_query_result_in_json_and_csv(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    bindings = [{name: {"value": value} for name, value in row.items()} for row in RESULTS]
    path.write_text(json.dumps({"head": {"vars": []}, "results": {"bindings": bindings}}), "utf-8")
    wanted = ("Donald Trump", "Donald J. Trump|The Donald", "USA", "GOV", "2017-01-20", "2021-01-20", "president", "Q22686")
    assert list(Builder().build(path).rows["leaders.tsv"]) == [wanted]
    header = list(RESULTS[0])
    lines = [",".join(row.get(name, "") for name in header) for row in RESULTS]
    table = tmp_path / "result.csv"
    table.write_text("\n".join([",".join(header), *lines]), "utf-8")
    assert list(Builder().build(table).rows["leaders.tsv"]) == [wanted]


def test_the_tables_written_can_be_used(tmp_path: Path) -> None:
    path = tmp_path / "dump.json"
    path.write_text(DUMP, "utf-8")
    outcome = CliRunner().invoke(actors_app, ["build", str(path), "--into", str(tmp_path / "mine")])
    assert outcome.exit_code == 0
    assert "2 rows in" in outcome.stdout
    assert list(problems_of(tmp_path / "mine")) == []
    assert not list((tmp_path / "mine").rglob("*.part"))


def test_what_cannot_be_used(tmp_path: Path) -> None:
    empty = tmp_path / "empty.json"
    empty.write_text("[\n]\n", "utf-8")
    for path in (empty, tmp_path / "none.json"):
        with pytest.raises(StopRun):
            Builder().build(path)
    cut = tmp_path / "cut.json"
    cut.write_text('{"head": {}, "results": {"bind', "utf-8")
    with pytest.raises(StopRun, match="not a whole query result"):
        Builder().build(cut)
    broken = tmp_path / "dump.gz"
    broken.write_bytes(gzip.compress(DUMP.encode())[:-20])
    with pytest.raises(StopRun):
        Builder().build(broken)
    path = tmp_path / "dump.json"
    path.write_text(DUMP, "utf-8")
    with pytest.raises(StopRun, match="cannot be written"):
        write_tables(Builder().build(path), empty)


@pytest.mark.parametrize(
    ("label", "table", "country", "office"),
    [
        ("Prime Minister of Iceland", "leaders.tsv", "ISL", "prime minister"),
        ("Prime Minister of the United Kingdom", "leaders.tsv", "GBR", "prime minister"),
        ("President of the Republic of Korea", "leaders.tsv", "KOR", "president"),
        ("Deputy Prime Minister of Italy", "ministers.tsv", "ITA", "deputy prime minister"),
        ("Leader of the Opposition of Malta", "ministers.tsv", "MLT", "opposition leader"),
        ("Minister of Defence of Ghana", "ministers.tsv", "GHA", "defence minister"),
        ("Minister of Foreign Affairs, France", "ministers.tsv", "FRA", "foreign minister"),
        ("Minister of the Interior of Chile", "ministers.tsv", "CHL", "interior minister"),
    ],
)
def test_offices_by_their_labels(tmp_path: Path, label: str, table: str, country: str, office: str) -> None:
    path = tmp_path / "result.csv"
    path.write_text(f'item,itemLabel,positionLabel,start,end\nQ1,Ada Ek,"{label}",2001-02-03,\n', encoding="utf-8")
    rows = Builder().build(path).rows
    assert [(name, cells[2], cells[6]) for name, kept in rows.items() for cells in kept] == [(table, country, office)]


def test_what_wikidata_marks_wrong_is_left_out(tmp_path: Path) -> None:
    office = item("Q191954", "President of France", P1001=[ref("Q142")])
    nobody = item("Q77", "Q77", P39=[ref("Q191954")])
    wrong = item("Q78", "Ada Ek", P39=[{**ref("Q191954"), "rank": "deprecated"}])
    late = item("Q79", "Ole Berg", P39=[ref("Q191954", P580="+2031-02-31T00:00:00Z", P582="+2032-01-02T00:00:00Z")])
    path = tmp_path / "dump.json"
    path.write_text("\n".join(map(json.dumps, (office, nobody, wrong, late))), encoding="utf-8")
    built = Builder().build(path)
    assert list(built.rows["leaders.tsv"]) == [("Ole Berg", "", "FRA", "GOV", "", "2032-01-02", "president", "Q79")]
    assert [problem.line for problem in built.problems] == [4]
    assert "2031-02-31" in str(built.problems[0])
