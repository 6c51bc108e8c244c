"""The commands as a user types them: output, exit codes, one-line messages, help with examples."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import typer

from diurna.cli import app
from diurna.ledger import Ledger, queries

REPORT = "Rebels free hostages\n\nTurkey expelled three Dutch diplomats on Friday. Russia invited Kim Jong-un to visit Moscow.\n"


def _diurna(*arguments: str | Path, stdin: bytes = b"", cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    root = str(Path(__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, "-m", "diurna", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": root, "PYTHONIOENCODING": "ascii"},
        check=False,
        timeout=300,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode())


@pytest.fixture
def report(tmp_path: Path) -> Path:
    file = tmp_path / "report.txt"
    file.write_text(REPORT)
    return file


def _commands() -> list[tuple[str, ...]]:
    root = typer.main.get_command(app)
    found: list[tuple[str, ...]] = []

    def walk(command: object, path: tuple[str, ...]) -> None:
        below = getattr(command, "commands", {})
        if not below:
            found.append(path)
        for name, child in below.items():
            walk(child, (*path, name))

    walk(root, ())
    return found


@pytest.mark.parametrize("path", _commands(), ids=lambda path: " ".join(path) or "diurna")
def test_every_help_has_an_example(path: tuple[str, ...]) -> None:
    command = typer.main.get_command(app)
    for name in path:
        command = command.commands[name]  # type: ignore[attr-defined]
    assert "diurna " in (command.epilog or "") + (command.help or "")


def test_help_does_not_load_spacy() -> None:
    code = "import sys, diurna.cli; sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parent.parent, check=False).returncode == 0


@pytest.mark.model
def test_code_store_and_explain(report: Path, tmp_path: Path) -> None:
    ledger, skipped = tmp_path / "l.duckdb", tmp_path / "skipped.jsonl"
    done = _diurna("code", report, tmp_path / "none.txt", "--published", "2017-03-11", "--ledger", ledger, "--skipped", skipped)
    assert done.returncode == 0, done.stderr
    assert "SANCTION" in done.stdout
    assert done.stderr.splitlines() == [f"skipped {tmp_path / 'none.txt'}: no such file or folder; check the path"]
    assert json.loads(skipped.read_text())["source"].endswith("none.txt")
    with Ledger(ledger, read_only=True) as store:
        event = next(event for event in queries.events(store) if event.event == "SANCTION")
    why = _diurna("explain", event.id[:10], "--ledger", ledger)
    assert why.returncode == 0, why.stderr
    for words in ("expelled", "Turkey", "resolved by", "versions"):
        assert words in why.stdout


@pytest.mark.model
@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_formats_from_a_pipe(kind: str, tmp_path: Path) -> None:
    output = tmp_path / f"events.{kind}"
    done = _diurna(
        "code", "-", "-o", output, "--no-model", stdin=json.dumps({"text": REPORT, "published": "2017-03-11"}).encode()
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    if kind == "parquet":
        roots = pq.read_table(output).column("event").to_pylist()
    elif kind == "csv":
        roots = [row["event"] for row in csv.DictReader(output.open())]
    else:
        roots = [json.loads(line)["event"] for line in output.open()]
    assert "SANCTION" in roots


@pytest.mark.model
def test_nothing_coded(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    done = _diurna("code", tmp_path / "empty.txt")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1] == "diurna: nothing could be coded"


@pytest.mark.model
@pytest.mark.parametrize("name", ["events.csv", "events.jsonl", "events.parquet", "events.txt"])
def test_where_nothing_is_coded_the_file_stays_as_it_was(name: str, tmp_path: Path) -> None:
    output = tmp_path / name
    output.write_text("of yesterday")
    done = _diurna("code", tmp_path / "absent.txt", "-o", output)
    assert (done.returncode, output.read_text()) == (1, "of yesterday")
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["code", "x.txt", "--published", "2018-02-31"], "--published 2018-02-31: no such day in the calendar"),
        (["explain", "abc", "--ledger", "none.duckdb"], "none.duckdb: no such ledger"),
        (["code"], "Missing argument"),
        (["code", "x.txt", "--format", "xml"], "xml"),
        (["code", "x.txt", "--min-confidence", "7"], "min-confidence"),
        (["bogus"], "bogus"),
    ],
)
def test_a_users_mistake_is_told_without_a_traceback(arguments: list[str], message: str, tmp_path: Path) -> None:
    done = _diurna(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.model
def test_unknown_pipeline_is_told(report: Path) -> None:
    done = _diurna("code", report, "--pipeline", "xx_none")
    assert done.returncode == 2
    assert "xx_none" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.model
def test_a_closed_pipe_is_no_error(report: Path) -> None:
    command = f"'{sys.executable}' -m diurna code " + f"'{report}' " * 40 + "--format jsonl | head -c 10"
    done = subprocess.run(["bash", "-c", command], capture_output=True, cwd=Path(__file__).parent.parent, check=False)
    assert b"Traceback" not in done.stderr
    assert b"BrokenPipe" not in done.stderr


@pytest.mark.model
def test_demo(tmp_path: Path) -> None:
    done = _diurna("demo", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "diurna explain" in done.stdout
    assert (tmp_path / "diurna.duckdb").is_file()


def test_version() -> None:
    assert _diurna("--version").stdout.startswith("diurna")


@pytest.mark.parametrize("arguments", [("actors", "show", "Smith"), ("codebook",), ("--help",)])
def test_a_pipe_closed_early_ends_the_command_quietly(arguments: tuple[str, ...]) -> None:
    unread, pipe = os.pipe()
    os.close(unread)
    command = [sys.executable, "-m", "diurna", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, env=environment, check=False, timeout=300)
    os.close(pipe)
    assert (done.returncode, done.stderr) == (1, b"")
