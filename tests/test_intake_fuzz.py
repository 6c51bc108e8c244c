"""Intake takes any bytes: each item is an article that can be written again, or says in one line why not."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diurna.actors.own import read_own
from diurna.errors import DiurnaError, SkipItem
from diurna.intake.decoding import decode
from diurna.intake.items import Intake
from diurna.intake.sources import read_articles
from diurna.intake.webpage import read_page
from diurna.records import Article

_MARKS = [
    *("<p>", "</p>", "<table>", "<script>", "<!--", "]]>", "&#x1F600;", "&#xD800;", "<a href='javascript:", '{"text": "', '"}'),
    *(
        "\n",
        ",",
        '"',
        "text,id\n",
        "\ufeff",
        "\u202e",
        "\u200b",
        "\u2066",
        "Turkey expelled diplomats. ",
        "2020-02-30",
        "[PLAYER]",
        ";",
    ),
]
BYTES = st.one_of(
    st.binary(max_size=300),
    st.lists(st.one_of(st.sampled_from(_MARKS), st.text(max_size=12)), max_size=30).map(
        lambda parts: "".join(parts).encode("utf-8", "surrogatepass")
    ),
    # Truncated UTF-8: cut in the middle of a letter.
    st.tuples(st.text("Ж北é😀 a", min_size=1, max_size=60), st.integers(1, 3)).map(lambda cut: cut[0].encode()[: -cut[1]]),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=BYTES, suffix=st.sampled_from([".txt", ".html", ".jsonl", ".json", ".csv", ".tsv", ".parquet"]))
def test_any_bytes_under_any_name_are_articles_or_reasons(tmp_path: Path, data: bytes, suffix: str) -> None:
    file = tmp_path / f"x{suffix}"
    file.write_bytes(data)
    items = list(read_articles([file]))
    assert items or not data.strip()
    for item in items:
        if isinstance(item, SkipItem):
            assert item.reason
            assert "\n" not in str(item)
        else:
            assert item.text.strip()
            json.dumps(item.text, ensure_ascii=False).encode()


@settings(max_examples=100)
@given(data=BYTES)
def test_standard_input_takes_any_bytes(data: bytes) -> None:
    for item in read_articles(["-"], stdin=io.BufferedReader(io.BytesIO(data))):  # type: ignore[arg-type]
        assert isinstance(item, Article | SkipItem)


@given(data=st.binary(max_size=400))
def test_decoding_never_fails(data: bytes) -> None:
    text, _ = decode(data)
    text.encode()


@pytest.mark.parametrize("tag", ["div", "table><tr><td", "b", "ul><li", "blockquote"])
def test_deep_pages_are_read_or_refused(tag: str) -> None:
    body = f"<{tag}>" * 20_000 + "<p>Turkey expelled three Dutch diplomats on Friday.</p>"
    item = read_page("deep.html", f"<html><body>{body}".encode(), Intake())
    assert isinstance(item, Article | SkipItem)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=BYTES, suffix=st.sampled_from([".txt", ".csv", ".tsv"]))
def test_any_bytes_are_actors_or_problems(tmp_path: Path, data: bytes, suffix: str) -> None:
    file = tmp_path / f"own{suffix}"
    file.write_bytes(data)
    try:
        problems = read_own([file]).problems
    except DiurnaError as error:
        problems = (error,)  # type: ignore[assignment]
    assert all("\n" not in str(problem) for problem in problems)
