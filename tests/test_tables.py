"""The one loader: comments, lists, the user's own rows, fingerprints, and errors that name file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from diurna import tables
from diurna.errors import TableError
from diurna.tables import DATA, fingerprint, load, read_rows


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
