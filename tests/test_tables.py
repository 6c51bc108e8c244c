"""The one loader: comments, lists, the user's own rows, fingerprints, and errors that name file and line."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from diurna import tables
from diurna.errors import TableError
from diurna.tables import DATA, SortedTable, fingerprint, load, read_rows


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_comments_and_lists(tmp_path: Path) -> None:
    file = write(tmp_path / "t.tsv", "# about\nname\twords\nred\ta | b\n\n# more\nblue\n")
    rows = list(read_rows(file, ("name", "words")))
    assert [row["name"] for row in rows] == ["red", "blue"]
    assert rows[0].items("words") == ("a", "b")
    assert rows[1].items("words") == ()
    assert rows[1].line == 6


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [("name\nred\n", 1, "missing column words"), ("name\twords\nred\ta\tb\n", 2, "3 cells under 2 columns")],
)
def test_errors_name_file_and_line(tmp_path: Path, text: str, line: int, reason: str) -> None:
    file = write(tmp_path / "t.tsv", text)
    with pytest.raises(TableError) as caught:
        list(read_rows(file, ("name", "words")))
    assert str(caught.value) == f"{file}:{line}: {reason}"


def test_user_rows_come_after_the_built_in_ones(tmp_path: Path) -> None:
    write(tmp_path / "ontology" / "contexts.tsv", "context\nfisheries\n")
    built_in = load("ontology/contexts.tsv", ("context",))
    both = load("ontology/contexts.tsv", ("context",), tmp_path)
    assert [row["context"] for row in both] == [*(row["context"] for row in built_in), "fisheries"]


def test_no_such_table(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="no such table"):
        load("none.tsv", ("a",), tmp_path)


def test_fingerprint_follows_content(tmp_path: Path) -> None:
    file = write(tmp_path / "x.tsv", "a\n1\n")
    before = fingerprint(tmp_path)
    assert before != fingerprint()
    tables.fingerprint.cache_clear()
    assert fingerprint(tmp_path) == before
    write(file, "a\n2\n")
    tables.fingerprint.cache_clear()
    assert fingerprint(tmp_path) != before


@pytest.mark.parametrize("file", sorted(DATA.rglob("*.tsv")), ids=lambda f: f.relative_to(DATA).as_posix())
def test_every_shipped_table_is_well_formed(file: Path) -> None:
    assert list(read_rows(file, ()))


def test_sorted_tables_are_sorted_and_whole() -> None:
    """Rows are found by bisection, so a line out of order would never be."""
    for name, columns in (("towns", 7), ("town_names", 3), ("cities", 3)):
        lines = [x for x in (DATA / f"places/{name}.tsv").read_text(encoding="utf-8").splitlines() if not x.startswith("#")]
        keys = [line.partition("\t")[0] + "\t" for line in lines[1:]]
        assert keys == sorted(keys)
        assert len(set(keys)) == len(keys)
        assert {line.count("\t") for line in lines} == {columns - 1}


def test_a_row_of_a_sorted_table_is_found_by_its_first_cell(tmp_path: Path) -> None:
    file = tmp_path / "towns.tsv"
    file.write_text("# made by a script\nkey\tvalue\nab\t1\nab c\t2\nb\t3\n", encoding="utf-8")
    table = SortedTable(file)
    assert [table.find(key) for key in ("ab", "ab c", "b")] == [["ab", "1"], ["ab c", "2"], ["b", "3"]]
    assert [table.find(key) for key in ("", "a", "key", "zz")] == [None] * 4


def test_every_name_leads_to_towns_that_are_listed() -> None:
    towns = {line.partition("\t")[0] for line in (DATA / "places/towns.tsv").read_text(encoding="utf-8").splitlines()}
    for line in (DATA / "places/town_names.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#") and not line.startswith("key\t"):
            assert towns.issuperset(n for cell in line.split("\t")[1:] for n in cell.split("|") if n)


def test_an_error_of_a_table_travels_between_processes() -> None:
    error = pickle.loads(pickle.dumps(TableError("own.tsv", 3, "no such root")))
    assert (str(error), error.line) == ("own.tsv:3: no such root", 3)
