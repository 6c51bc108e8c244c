"""A coverage-guided search for bytes that break a parser (needs `pip install atheris`; Linux):

    python eval/fuzz/parsers.py -max_total_time=600 FOLDER_FOR_FINDS

Any exception but Diurna's own is a find; the bytes that cause it are written to `crash-…`. Add them to
`tests/test_intake_fuzz.py`.
"""

from __future__ import annotations

import io
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["diurna"]):
    from diurna.actors.own import read_own
    from diurna.errors import DiurnaError
    from diurna.intake.decoding import decode
    from diurna.intake.items import Intake
    from diurna.intake.sources import read_articles
    from diurna.intake.webpage import read_page

_FOLDER = Path(tempfile.mkdtemp())
_SUFFIXES = (".txt", ".jsonl", ".json", ".csv", ".tsv", ".html")


def one(data: bytes) -> None:
    """Read bytes; the first says as what."""
    if len(data) < 2:
        return
    kind, rest = data[0] % (len(_SUFFIXES) + 4), data[1:]
    if kind < len(_SUFFIXES):
        _as_file(f"x{_SUFFIXES[kind]}", rest, lambda file: list(read_articles([file])))
    elif kind == len(_SUFFIXES):
        list(read_articles(["-"], stdin=io.BufferedReader(io.BytesIO(rest))))
    elif kind == len(_SUFFIXES) + 1:
        read_page("x.html", rest, Intake())
        decode(rest)
    else:
        _as_file("own.csv" if kind % 2 else "own.txt", rest, lambda file: read_own([file]))


def _as_file(name: str, data: bytes, read) -> None:  # type: ignore[no-untyped-def]
    file = _FOLDER / name
    file.write_bytes(data)
    with suppress(DiurnaError):
        read(file)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
