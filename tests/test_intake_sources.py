"""Files, folders and pipes to articles; bad input becomes one remark and the rest goes on."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diurna.errors import SkipItem
from diurna.intake import Columns, Intake, read_articles
from diurna.intake import items as limits
from diurna.records import Article

REPORT = "Rebels free hostages\r\n\r\n“Four people\u00a0walked free,” the army said on Friday after it had met the rebels.\r\n"
TODAY = date(2026, 6, 1)


def _read(*paths: Path | str, intake: Intake | None = None) -> list[Article | SkipItem]:
    return list(read_articles(paths, intake or Intake(today=TODAY)))


def _article(found: list[Article | SkipItem]) -> Article:
    assert len(found) == 1
    assert isinstance(found[0], Article), found[0]
    return found[0]


def _reasons(found: list[Article | SkipItem]) -> list[str]:
    return [str(item) for item in found if isinstance(item, SkipItem)]


def test_plain_text_is_kept_to_the_letter(tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_bytes(REPORT.encode())
    article = _article(_read(file))
    assert article.text == REPORT
    assert article.title == ""
    assert article.source_file == str(file)


def test_web_page(tmp_path: Path) -> None:
    sample = Path(limits.__file__).parent.parent / "data" / "samples" / "tunis-2023.html"
    article = _article(_read(sample))
    assert article.title == "Tunisia turns back European lawmakers as migration deal frays"
    assert article.text.startswith(article.title + "\n\n")
    assert (article.publisher, article.published) == ("Harbour Tribune", "2023-09-15")
    assert "cookies" not in article.text
    assert "Most read" not in article.text


def test_page_under_a_text_name(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    body = f"<article><p>{'The army left. ' * 30}</p></article>"
    file.write_text(f"<!DOCTYPE html><html><head><title>T</title></head><body>{body}</body></html>")
    assert "<p>" not in _article(_read(file)).text


def test_jsonl_with_bad_lines(tmp_path: Path) -> None:
    file = tmp_path / "export.jsonl"
    good = {"text": REPORT, "id": 7, "title": "T", "published": "2020-01-02", "publisher": "Wire"}
    lines = [
        json.dumps(good),
        "{broken",
        "",
        json.dumps({"body": "x"}),
        json.dumps(["x"]),
        json.dumps({"text": None}),
        json.dumps(good),
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    found = _read(file)
    assert [item.id for item in found if isinstance(item, Article)] == ["7", "7"]
    reasons = _reasons(found)
    assert [f":{number}: " in reason for number, reason in zip((2, 4, 5, 6), reasons, strict=True)] == [True] * 4
    assert "broken JSON" in reasons[0]
    assert "--text-column" in reasons[1]


def test_lone_surrogates_can_be_written_again(tmp_path: Path) -> None:
    file = tmp_path / "export.jsonl"
    file.write_text('{"text": "The army \\ud83d left the city."}')
    assert _article(_read(file)).text == "The army \ufffd left the city."


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv(tmp_path: Path, delimiter: str, encoding: str) -> None:
    file = tmp_path / "export.csv"
    with file.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow(["nr", "body", "published"])
        writer.writerow(["1", REPORT, "14 June 2018"])
        writer.writerow(["2", "", ""])
    found = _read(file, intake=Intake(Columns(text="body", id="nr"), today=TODAY))
    assert isinstance(found[0], Article)
    assert (found[0].id, found[0].text, found[0].published) == ("1", REPORT, "2018-06-14")
    assert _reasons(found)[0].endswith("empty; nothing to code")


def test_csv_without_the_column(tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_text("a,b\n1,2\n")
    assert "no column 'text' (columns: a, b)" in _reasons(_read(file))[0]


def test_parquet(tmp_path: Path) -> None:
    file = tmp_path / "lake.parquet"
    pq.write_table(pa.table({"text": [REPORT, None], "published": [date(2018, 6, 14), None], "other": [1, 2]}), file)
    found = _read(file)
    assert isinstance(found[0], Article)
    assert found[0].published == "2018-06-14"
    assert _reasons(found) == [f"{file}:2: the text column holds nothing; it must hold the words of the report"]


def test_json_list(tmp_path: Path) -> None:
    file = tmp_path / "two.json"
    file.write_text(json.dumps([{"text": REPORT}, {"text": REPORT}]))
    assert len(_read(file)) == 2


def test_folder_in_order_and_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", ".hidden.txt", "sub/c.txt"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(REPORT)
    names = [Path(item.source_file).name for item in _read(tmp_path) if isinstance(item, Article)]
    assert names == ["a.txt", "b.txt", "c.txt"]


@pytest.mark.parametrize(
    ("data", "count"),
    [(REPORT.encode(), 1), (json.dumps({"text": REPORT}).encode() + b"\n" + json.dumps({"text": REPORT}).encode(), 2)],
)
def test_standard_input(data: bytes, count: int) -> None:
    found = list(read_articles(["-"], Intake(today=TODAY), io.BufferedReader(io.BytesIO(data))))
    assert [item.text for item in found if isinstance(item, Article)] == [REPORT] * count


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \r\n\t", "empty"),
        ("empty.csv", b"", "empty"),
        ("empty.jsonl", b"\n\n", "empty"),
        ("list.json", b"[]", "empty"),
        ("scan.pdf", b"%PDF-1.4 xyz", "a PDF"),
        ("data.bin", bytes(range(256)) * 50, "binary"),
        ("data.jsonl", b"\0\1\2" * 500, "binary"),
        ("no.parquet", b"not parquet at all", "Parquet"),
        ("broken.json", b'{"text": ', "broken JSON"),
        ("numbers.txt", b"123 456", "no words"),
        (
            "de.txt",
            ("Die Regierung hat am Freitag mit den Rebellen über das Ende der Gewalt verhandelt. " * 3).encode(),
            "German",
        ),
        ("ru.txt", ("Правительство провело переговоры с повстанцами. " * 3).encode(), "not written in Latin"),
    ],
)
def test_what_cannot_be_coded_is_one_line(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    reasons = _reasons(_read(file))
    assert len(reasons) == 1
    assert reasons[0].startswith(str(file))
    assert reason in reasons[0]
    assert "\n" not in reasons[0]


def test_missing_file_and_empty_folder(tmp_path: Path) -> None:
    found = _read(tmp_path / "none.txt", tmp_path)
    assert "no such file" in str(found[0])
    assert "empty folder" in str(found[1])


def test_too_big(tmp_path: Path) -> None:
    file = tmp_path / "big.txt"
    file.write_bytes(b"The army left. " * (50_000_000 // 15))
    assert "split it" in _reasons(_read(file))[0]
    table = tmp_path / "big.jsonl"
    table.write_bytes(b'{"text": "' + b"The army left. " * 3_000_000 + b'"}\n{"text": "The army left the city."}\n')
    found = _read(table)
    assert "split it" in str(found[0])
    assert isinstance(found[1], Article)


def test_bad_dates_are_said_and_not_used(tmp_path: Path) -> None:
    file = tmp_path / "export.jsonl"
    file.write_text(json.dumps({"text": REPORT, "published": "2018-02-31", "url": "https://a.example/2018/03/01/x"}))
    article = _article(_read(file))
    assert article.published == "2018-03-01"
    assert "2018-02-31" in article.remarks[0]


def test_given_date_wins(tmp_path: Path) -> None:
    file = tmp_path / "export.jsonl"
    file.write_text(json.dumps({"text": REPORT, "published": "2018-02-03"}))
    assert _article(_read(file, intake=Intake(published="2019-01-01", today=TODAY))).published == "2019-01-01"


@settings(max_examples=60)
@given(data=st.binary(max_size=400), suffix=st.sampled_from([".txt", ".html", ".jsonl", ".json", ".csv", ".parquet", ""]))
def test_no_bytes_stop_a_batch(tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str) -> None:
    file = tmp_path_factory.mktemp("any") / f"file{suffix}"
    file.write_bytes(data)
    found = _read(file)
    assert found
    for item in found:
        assert isinstance(item, Article | SkipItem)


def test_a_carriage_return_inside_a_first_line_is_no_csv_header(tmp_path: Path) -> None:
    (tmp_path / "odd").write_bytes(b"!\r ")
    (item,) = _read(tmp_path / "odd")
    assert isinstance(item, SkipItem) or item.text == "!\r "
