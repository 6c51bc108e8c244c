"""A user's own actors: CSV and TSV, PETRARCH and Phoenix dictionaries, agent files, and what is wrong in them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import diurna
from diurna.actors.commands import actors_app, file_problems, resolve_mention
from diurna.actors.judgement import Resolution
from diurna.actors.keys import key
from diurna.actors.own import OWN_COLUMNS, read_own
from diurna.actors.phoenix import read_dictionary
from diurna.errors import StopRun, TableError
from diurna.settings import Settings, load_settings
from diurna.tables import fingerprint

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
SYLVANIAN_GUARDS_ [ZWEMIL <20100101] [ZWEOPP >20100101]
"""

AGENTS = """\
!MAN! = MAN, WOMAN
GOOSE_HERD {GEESE_HERDS} [~AGR]
DYKE!MAN! [~LAB]
+DYKE_KEEPER
"""

TABLE = """\
name,aliases,country,sectors,start,end,office,kind
Freedonia Front,FF|Front of Freedonia,ZWE,REB,1999,,,body
Rufus Firefly,Firefly,ZWE,GOV,2000,2010-05,president,
Angela Merkel,,AUT,GOV,2010,2012,president,
llama herder,,PER,AGR,,,,agent
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "mine.csv"
    path.write_text(TABLE, "utf-8")
    return path


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def resolved(mention: str, day: str, *files: Path) -> Resolution:
    found = resolve_mention(mention, day, None, files)
    assert found is not None
    return found


def test_a_table_adds_people_bodies_and_nouns(table: Path) -> None:
    assert resolved("Freedonia Front rebels", "2004-05-05", table).country == "ZWE"
    assert resolved("FF", "2004-05-05", table).name == "Freedonia Front"
    assert resolved("Rufus Firefly", "2004-05-05", table).sectors == ("GOV",)
    assert resolved("Rufus Firefly", "2012-05-05", table).sectors == ("ELI",)
    assert resolved("the llama herders", "2004-05-05", table).sectors == ("AGR",)


def test_own_spells_win_on_the_days_they_cover(table: Path) -> None:
    assert resolved("Angela Merkel", "2011-01-01", table).country == "AUT"
    assert resolved("Angela Merkel", "2014-01-01", table).country == "DEU"


def test_an_own_body_wins_over_a_seat_of_power(tmp_path: Path) -> None:
    path = write(tmp_path / "mine.tsv", "name\tcountry\tsectors\nKremlin\tAUS\tBUS\n")
    assert resolved("the Kremlin", "2011-01-01", path).country == "AUS"


def test_dictionary(tmp_path: Path) -> None:
    own = read_dictionary(write(tmp_path / "small.txt", DICTIONARY))
    assert [(row.names, row.kind) for row in own.rows[:2]] == [
        (("Freedonia", "Freedonian"), "place"),
        (("Rufus T Firefly", "Firefly"), "person"),
    ]
    assert (own.rows[1].start, own.rows[1].end, own.rows[1].line) == (date(1933, 1, 1), date(1999, 12, 31), 6)
    assert [problem.line for problem in own.problems] == [8, 9]
    path = tmp_path / "small.txt"
    assert resolved("Rufus T. Firefly", "1990-01-01", path).sectors == ("GOV",)
    assert resolved("Rufus T. Firefly", "2005-01-01", path).sectors == ("ELI",)
    assert resolved("Freedonia", "1990-01-01", path).country == "ZWE"
    assert resolved("the Sylvanian Guards", "2005-01-01", path).sectors == ("MIL",)
    assert resolved("the Sylvanian Guards", "2015-01-01", path).sectors == ("OPP",)


def test_agent_file(tmp_path: Path) -> None:
    path = write(tmp_path / "agents.txt", AGENTS)
    for noun, sector in (("goose herd", "AGR"), ("geese herds", "AGR"), ("dykewoman", "LAB"), ("Dutch dyke keepers", "LAB")):
        assert resolved(noun, "2001-01-01", path).sectors == (sector,)
    assert file_problems([write(tmp_path / "lost.txt", "DYKE!WHO! [~LAB]\n")]) == [
        f"{tmp_path / 'lost.txt'}:1: no set !WHO! above this line"
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("A,FRA,GOV,2001-13,", "no such day"),
        ("A,FRA,GOV,then,", "cannot read the day"),
        ("A,XXQ,GOV,,", "no country XXQ"),
        ("A,FRA,GOO,,", "no sector GOO"),
        (",FRA,GOV,,", "no name"),
        ("A,FRA,,,", "no sectors"),
        ("A,FRA,GOV,2002,2001", "before it starts"),
        ("Ann Other,FRA,MIL,2003,2004", "overlaps the spell of line 2"),
        ("Ann Other,DEU,GOV,2003,2004", "overlaps the spell of line 2"),
        ("ann other,FRA,GOV,1990,1995", ""),
    ],
)
def test_a_bad_line_is_named_and_the_rest_counts(tmp_path: Path, row: str, reason: str) -> None:
    path = write(tmp_path / "mine.csv", f"name,country,sectors,start,end\nAnn Other,FRA,GOV,2000,2005\n{row}\n")
    problems = file_problems([path])
    assert len(problems) == bool(reason)
    assert all(problem.startswith(f"{path}:3: ") and reason in problem for problem in problems)
    assert resolved("Ann Other", "2001-01-01", path).country == "FRA"


def test_two_actors_may_not_claim_one_name_on_one_day(tmp_path: Path) -> None:
    first = write(tmp_path / "a.csv", "name,aliases,country,sectors\nBlue League,BLX,FRA,PTY\n")
    second = write(tmp_path / "b.csv", "name,aliases,country,sectors\nBlack Lynx,BLX,DEU,CRM\n")
    assert file_problems([first, second]) == [f"{second}:2: claims a name of 'Blue League', {first}:2, on one day"]


def test_files_that_cannot_be_used_stop_the_run(tmp_path: Path) -> None:
    with pytest.raises(StopRun):
        read_own([tmp_path / "none.csv"])
    with pytest.raises(TableError, match="missing column name"):
        read_own([write(tmp_path / "odd.csv", "who,country\nA,FRA\n")])


@given(st.text(max_size=200))
def test_any_text_is_read_or_named(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    path = folder / "any.txt"
    path.write_bytes(text.encode("utf-8", errors="surrogatepass"))
    for row in read_dictionary(path).rows:
        assert row.name.strip()
        assert row.start is None or row.end is None or row.start <= row.end


def test_check_and_import_commands(tmp_path: Path, table: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(actors_app, ["check", str(table)]).exit_code == 0
    dictionary = write(tmp_path / "small.txt", DICTIONARY)
    checked = runner.invoke(actors_app, ["check", str(dictionary)])
    assert checked.exit_code == 1
    assert f"{dictionary}:9: cannot read the code" in checked.output
    target = tmp_path / "out.tsv"
    assert runner.invoke(actors_app, ["import", str(dictionary), "-o", str(target)]).exit_code == 0
    assert target.read_text("utf-8").splitlines()[0].split("\t") == list(OWN_COLUMNS)
    assert resolved("Rufus T. Firefly", "1990-01-01", target).sectors == ("GOV",)
    assert file_problems([target]) == []


def test_settings_take_several_files(table: Path) -> None:
    assert load_settings(environ={"DIURNA_ACTORS": "a.csv:b.txt"}).actors == (Path("a.csv"), Path("b.txt"))
    assert load_settings(environ={}, actors=(table,)).actors == (table,)
    assert fingerprint(None, (table,)) != fingerprint()


@pytest.mark.model
def test_reports_are_coded_with_own_actors(table: Path) -> None:
    coder = diurna.Coder(Settings(model=False, actors=(table,)))
    text = "The Freedonia Front attacked llama herders on Tuesday."
    event = coder.code(diurna.Article(text=text, published="2004-05-05")).events[0]
    assert [p.country for p in event.actors] == ["ZWE"]
    assert [p.sectors for p in event.recipients] == [("AGR",)]


def test_phoenix_dictionaries_are_read_whole() -> None:
    folder = Path(__file__).parent.parent.parent / "shared" / "reference" / "phoenix"
    if not folder.is_dir():
        pytest.skip("the dictionaries do not lie beside this checkout")
    own = read_own(sorted(folder.glob("*.txt")))
    assert len({name for row in own.rows for name in row.names}) > 33_500
    assert len(own.problems) < 350


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("DUKE_OF_SYLVANIA\nFREEDONIA [ZWE]\n", "Duke of Sylvania: no code"),
        ("OX {OXEN [~AGR]\n", "no brace closes the plurals"),
    ],
)
def test_an_entry_that_says_nothing_is_named(tmp_path: Path, lines: str, reason: str) -> None:
    path = write(tmp_path / "small.txt", lines)
    (problem,) = file_problems([path])
    assert problem.startswith(f"{path}:1: ")
    assert reason in problem


def test_broken_lines_of_a_table_are_named_and_the_rest_counts(tmp_path: Path) -> None:
    lines = (
        "name,country,sectors",
        '"Open Llama,PER,GOV',
        "Wide Llama,PER,GOV,,llama",
        "Trailing Llama,PER,GOV,,",
        "Good Llama,PER,GOV",
    )
    file = write(tmp_path / "mine.csv", "\n".join(lines) + "\n")
    own = read_own([file])
    assert [row.name for row in own.rows] == ["Trailing Llama", "Good Llama"]
    assert [problem.line for problem in own.problems] == [2, 3]
    assert "close it" in str(own.problems[0])
    assert "5 cells under 3 columns" in str(own.problems[1])


@pytest.mark.parametrize(("name", "row"), [("mine.csv", "Niño Llama,PER,GOV"), ("mine.txt", "NIÑO_LLAMA_ [PERGOV]")])
def test_a_latin_1_file_is_read_and_told(tmp_path: Path, name: str, row: str) -> None:
    file = tmp_path / name
    file.write_bytes(
        f"name,country,sectors\n{row}\n".encode("latin-1").replace(b"name,country,sectors", b"# a", name.endswith("txt"))
    )
    own = read_own([file])
    assert [key(row.name) for row in own.rows] == ["nino llama"]
    assert [(problem.line, "UTF-8" in problem.reason) for problem in own.problems] == [(2, True)]


def test_check_reads_folders_among_files_and_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    write(folder / "inner.csv", "name,country,sectors\nA Llama,XYZ,GOV\n")
    write(folder / "no.csv", "llama\nB\n")
    (folder / "sheet.csv").write_bytes(b"PK\x03\x04\0\0")
    (tmp_path / "empty").mkdir()
    last = write(tmp_path / "t.tsv", "name\tcountry\tsectors\nC Llama\tPER\tXYZ\n")
    files = map(str, (folder, tmp_path / "empty", tmp_path / "missing.csv", last))
    done = CliRunner().invoke(actors_app, ["check", *files])
    assert done.exit_code == 1
    for words in ("inner.csv:2", "no.csv:1", "sheet.csv:1", "empty: no .csv", "missing.csv: cannot be read", "t.tsv:2"):
        assert words in done.stdout
    assert "Traceback" not in done.output


def test_a_latin_1_table_in_a_folder_of_tables_is_told(tmp_path: Path) -> None:
    (tmp_path / "actors").mkdir()
    rows = "name\taliases\tcountry\tsectors\tstart\tend\toffice\twikidata\nNiño Llama\t\tPER\tPTY\t1999\t\t\t\n"
    (tmp_path / "actors" / "parties.tsv").write_bytes(rows.encode("latin-1"))
    done = CliRunner().invoke(actors_app, ["check", "--tables", str(tmp_path)])
    assert (done.exit_code, "parties.tsv:2: not UTF-8" in done.stdout) == (1, True)


def test_codes_of_sectors_alone(tmp_path: Path) -> None:
    actors = write(tmp_path / "actors.txt", "DAILY_PLANET [MED]\nREUTERS [MED]\n")
    agents = write(tmp_path / "agents.txt", "OXHERD {OXHERDS} [AGR]\nQUARRYMAN [~LAB]\n")
    assert not read_own([actors, agents]).problems
    assert resolved("the Daily Planet", "2010-01-01", actors).sectors == ("JRN",)
    assert resolved("Reuters", "2010-01-01", actors).country == "GBR"
    found = resolved("Chilean oxherds", "2010-01-01", agents)
    assert (found.country, found.sectors) == ("CHL", ("AGR",))
