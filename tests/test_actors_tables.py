"""The knowledge base, its tables, and the commands."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from diurna.actors.base import KnowledgeBase, knowledge
from diurna.actors.commands import actors_app, entries_of, problems_of, resolve_mention
from diurna.actors.days import read_day
from diurna.actors.words import entity_tables
from diurna.errors import StopRun
from diurna.tables import load


def test_days_of_the_tables() -> None:
    assert read_day("1999-05") == date(1999, 5, 1)
    assert read_day("1999-02", last=True) == date(1999, 2, 28)
    assert read_day("2001?") == date(2001, 1, 1)
    assert read_day("") is None
    for text in ("1999-13", "1999-02-30", "May 1999", "99"):
        with pytest.raises(ValueError, match="day"):
            read_day(text)


def test_countries_are_complete() -> None:
    rows = load("actors/countries.tsv", ("iso3", "plover", "name"))
    codes = {row["plover"] for row in rows}
    assert {"PSE", "HKG", "KOS", "TWN", "SSD", "TLS"} <= codes
    assert len(codes) > 195


def test_every_sector_of_the_nouns_exists() -> None:
    known = {row["sector"] for row in load("ontology/sectors.tsv", ("sector",))}
    for table, column in (("agents.tsv", "sectors"), ("offices.tsv", "sectors"), ("countries.tsv", "sectors")):
        for row in load(f"actors/{table}", (column,)):
            assert set(row.items(column)) <= known, row


def test_users_tables_add_rows(tmp_path: Path) -> None:
    folder = tmp_path / "actors"
    folder.mkdir()
    (folder / "parties.tsv").write_text(
        "name\taliases\tcountry\tsectors\tstart\tend\toffice\twikidata\nGreen Llama Union\tGLU\tPER\tPTY\t1999\t\t\t\n", "utf-8"
    )
    base = KnowledgeBase(tmp_path)
    assert base.senses("green llama union")[0].country == "PER"
    assert knowledge().senses("green llama union") == []


def test_a_bad_day_in_a_users_table_is_named_and_the_rest_counts(tmp_path: Path) -> None:
    (tmp_path / "actors").mkdir()
    rows = "Bad Llama\t\tPER\tPTY\t19x9\nGood Llama\t\tPER\tPTY\t1999\n"
    (tmp_path / "actors" / "parties.tsv").write_text(
        "name\taliases\tcountry\tsectors\tstart\tend\toffice\twikidata\n" + rows, "utf-8"
    )
    base = KnowledgeBase(tmp_path)
    assert [problem.line for problem in base.problems] == [2]
    assert base.senses("good llama")


def test_the_built_in_tables_have_no_problems() -> None:
    assert list(problems_of()) == []


def test_resolve_command() -> None:
    outcome = CliRunner().invoke(actors_app, ["resolve", "Turkey's foreign minister", "--date", "2010-05-01", "--json"])
    assert outcome.exit_code == 0
    assert json.loads(outcome.stdout)["country"] == "TUR"


def test_show_lists_spells() -> None:
    assert {entry.name for entry in entries_of("Vladimir Putin")} == {"Vladimir Putin"}


def test_unreadable_date() -> None:
    with pytest.raises(StopRun):
        resolve_mention("Putin", "yesterday")


@pytest.mark.parametrize(
    ("text", "day", "country", "office"),
    [
        ("Malian Foreign Minister Kamissa Camara", "2018-12-01", "MLI", "foreign minister"),
        ("Antipas Mbusa Nyamwisi", "2008-01-15", "COD", "foreign minister"),
        ("Askar Aitmatov", "2003-09-01", "KGZ", "foreign minister"),
        ("Jean Asselborn", "2015-06-01", "LUX", "foreign minister"),
        ("Maeng Hyung-kyu", "2011-05-01", "KOR", "interior minister"),
        ("Esmat Abdel Rahman", "2015-03-01", "SDN", "interior minister"),
        ("Agim Ceku", "2012-03-01", "KOS", "defence minister"),
    ],
)
def test_ministers_are_known_in_office(text: str, day: str, country: str, office: str) -> None:
    found = resolve_mention(text, day)
    assert found is not None
    assert (found.country, found.sectors, found.office) == (country, ("GOV",), office)


def test_nobody_holds_one_office_twice_at_once() -> None:
    spells: dict[tuple[str, ...], list[tuple[date, date]]] = {}
    for row in load("actors/ministers.tsv", ("name", "country", "start", "end", "office")):
        start, end = read_day(row["start"]) or date.min, read_day(row["end"], last=True) or date.max
        spells.setdefault((row["name"], row["country"], row["office"]), []).append((start, end))
    for holder, found in spells.items():
        found.sort()
        assert all((before[1] - after[0]).days <= 31 for before, after in pairwise(found)), holder


def test_a_person_has_one_id_in_all_spells() -> None:
    ids: dict[tuple[str, str], set[str]] = {}
    for table in entity_tables("person"):
        for row in load(f"actors/{table}", ("name", "country", "wikidata")):
            ids.setdefault((row["name"], row["country"]), set()).add(row["wikidata"])
    assert [person for person, found in ids.items() if len(found) > 1] == []
