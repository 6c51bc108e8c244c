"""Bytes to text: character sets, damage, and what is no text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.intake.decoding import binary_kind, declared_encoding, decode, stream_encoding

PROSE = "“We agree,” said the minister – twice. The café in Łódź stayed open.\r\nHe left."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_encodings_are_exact(encoding: str) -> None:
    assert decode(PROSE.encode(encoding)) == (PROSE, "")


def test_windows_quotes_without_declaration() -> None:
    text = "“We agree,” said the minister – twice, in the café."
    assert decode(text.encode("cp1252")) == (text, "")


def test_declared_encoding_is_used() -> None:
    page = '<html><head><meta charset="iso-8859-2"></head>Wałęsa spoke in Łódź.</html>'
    data = page.encode("iso-8859-2")
    assert declared_encoding(data) == "iso8859-2"
    assert decode(data, declared_encoding(data)) == (page, "")


def test_false_declaration_gives_way_to_utf8() -> None:
    assert decode("Łódź “talks”".encode(), "iso-8859-1")[0] == "Łódź “talks”"


def test_a_few_broken_bytes_do_not_garble_the_rest() -> None:
    data = "“Talks” in Łódź “went well”".encode() + b" \xff."
    text, remark = decode(data)
    assert text.startswith("“Talks” in Łódź")
    assert "1 damaged" in remark


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"%PDF-1.7 ...", "a PDF"), (b"PK\x03\x04....", "a ZIP"), (bytes(range(256)) * 20, "binary"), (b"\x89PNG\r\n", "an image")],
)
def test_binary_files_are_named(data: bytes, kind: str) -> None:
    assert binary_kind(data).startswith(kind)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-32", "cp1252"])
def test_text_is_not_binary(encoding: str) -> None:
    assert binary_kind(("The army left the city on Friday. " * 40).encode(encoding)) == ""


def test_stream_sample_may_end_inside_a_character() -> None:
    assert stream_encoding("Łódź ü".encode()[:-1]) == "utf-8"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_utf8_comes_back_character_by_character(text: str) -> None:
    marked = text.startswith("\ufeff")
    assert decode(text.encode())[0] == (text[1:] if marked else text)


@given(st.binary(max_size=500))
def test_any_bytes_give_some_text(data: bytes) -> None:
    text, _ = decode(data)
    assert isinstance(text, str)
    text.encode("utf-8", "strict")
