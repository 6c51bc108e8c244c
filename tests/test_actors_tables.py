"""The knowledge base, its tables, the commands, and the import of PETRARCH and Phoenix dictionaries."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from diurna.actors.base import KnowledgeBase, knowledge, parse_day
from diurna.actors.commands import actors_app, entries_of, resolve_mention
from diurna.actors.phoenix import import_dictionaries, read_dictionary
from diurna.errors import StopRun
from diurna.tables import load

DICTIONARY = """\
# a comment
FREEDONIA_ [ZWE]\t# kept
+FREEDONIAN_
RUFUS_T_FIREFLY_  # dated
+FIREFLY_
\t[ZWEGOV 330101-991231]
\t[ZWEELI >991231]
BROKEN_ [ZWEGOV 331345-340101]
NONSENSE_ [<<]
"""


def test_parse_day() -> None:
    assert parse_day("1999-05") == date(1999, 5, 1)
    assert parse_day("1999-02", last=True) == date(1999, 2, 28)
    assert parse_day("2001?") == date(2001, 1, 1)
    assert parse_day("") is None


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


def test_phoenix_dictionary(tmp_path: Path) -> None:
    path = tmp_path / "small.txt"
    path.write_text(DICTIONARY, "utf-8")
    imported = read_dictionary(path)
    assert [actor.names for actor in imported.actors][:2] == [["Freedonia", "Freedonian"], ["Rufus T Firefly", "Firefly"]]
    assert imported.actors[1].spells[0] == ("ZWEGOV", date(1933, 1, 1), date(1999, 12, 31))
    assert [problem.source for problem in imported.unreadable] == ["small.txt:8", "small.txt:9"]
    count, _ = import_dictionaries([path], tmp_path / "mine")
    assert count == 2
    found = resolve_mention("Rufus T Firefly", "1990-01-01", tmp_path / "mine")
    assert found is not None
    assert (found.country, found.sectors) == ("ZWE", ("GOV",))


def test_resolve_command() -> None:
    outcome = CliRunner().invoke(actors_app, ["resolve", "Turkey's foreign minister", "--date", "2010-05-01", "--json"])
    assert outcome.exit_code == 0
    assert json.loads(outcome.stdout)["country"] == "TUR"


def test_show_lists_spells() -> None:
    assert {entry.name for entry in entries_of("Vladimir Putin")} == {"Vladimir Putin"}


def test_unreadable_date() -> None:
    with pytest.raises(StopRun):
        resolve_mention("Putin", "yesterday")
