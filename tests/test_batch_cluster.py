"""The cluster: one file in, one part out; workers and drivers killed in the middle; poison set aside."""

from __future__ import annotations

import json
import multiprocessing as mp
import os
import signal
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import fsspec
import pytest
from parts_standin import obey, records, write
from typer.testing import CliRunner

from diurna.batch import parts
from diurna.batch.cluster import code_on_cluster, dask_client, input_files
from diurna.batch.parts import Task, code_file
from diurna.batch.solo import Solo
from diurna.cli import app
from diurna.errors import StopRun
from diurna.intake.items import Intake
from diurna.intake.sources import read_articles
from diurna.ledger.archive import Archive, Commit
from diurna.ledger.check import check, leftovers
from diurna.records import Result
from diurna.settings import Settings

pytest.importorskip("distributed", reason="Dask is not installed (pip install 'diurna[cluster]')")


def tasks(names: list[str], archive: Path | str, settings: Settings | None = None) -> list[Task]:
    return [Task(name, str(archive), settings or Settings(), Intake(), obey) for name in names]


def code_here(names: list[str], archive: Path | str) -> list[Commit]:
    """Code in this process, undisturbed."""
    done = [code_file(task) for task in tasks(names, archive)]
    Archive(archive).write_manifest()
    return done


@pytest.fixture(scope="module", autouse=True)
def _ends_its_pool() -> Any:
    yield
    parts._forget_pool()


def test_a_part_holds_all_tables_and_counts_once(tmp_path: Path) -> None:
    names = write(tmp_path / "in", 2, 5)
    first = code_here([*names, names[0]], tmp_path / "out")
    assert first[0] == first[2]
    found = records(tmp_path / "out")
    assert {table: len(rows) for table, rows in found.items()} == dict.fromkeys(found, 10)
    assert not list(check(tmp_path / "out"))
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "out" / "events").rglob("*.parquet")}
    assert code_here(names, tmp_path / "out") == first[:2]
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "out" / "events").rglob("*.parquet")} == before


def test_a_part_without_its_commit_is_not_read_and_is_made_again(tmp_path: Path) -> None:
    names = write(tmp_path / "in", 2, 5)
    out = tmp_path / "out"
    done = code_here(names, out)
    whole = records(out)
    (out / "commits" / f"{done[1].part}.json").unlink()
    torn = out / done[1].files[0].path
    torn.write_bytes(torn.read_bytes()[:40])
    Archive(out).write_manifest()
    assert len(records(out)["events"]) == 5
    assert torn.relative_to(out).as_posix() in leftovers(Archive(out))
    code_here(names, out)
    assert records(out) == whole


def test_other_versions_or_settings_make_no_more_of_an_archive(tmp_path: Path) -> None:
    names = write(tmp_path / "in", 2, 1)
    code_here(names[:1], tmp_path / "out")
    with pytest.raises(StopRun, match="other versions or settings"):
        code_file(replace(tasks(names, tmp_path / "out")[1], settings=Settings(min_confidence=0.5)))


def test_what_cannot_be_coded_is_listed(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "text": "Oslo met."}, {"id": "a", "text": "Oslo met Kyiv."}, {"id": "b", "text": " "},
        {"id": "c", "text": "kill"}, {"id": "d", "text": "Oslo left."}, {"id": "d", "text": "Oslo left."},
    ]  # fmt: skip
    file = tmp_path / "odd.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    done, missing = code_here([str(file), str(tmp_path / "none.txt")], tmp_path / "out")
    assert done.articles == 2
    reasons = " ".join(reason for _, reason in done.skipped)
    assert len(done.skipped) == 3
    assert all(words in reasons for words in ("already stands for another text", "empty", "ended with status -9 2 times"))
    assert "cannot be read" in missing.skipped[0][1]
    assert not missing.part


def test_folders_of_an_object_store_are_read_and_written(tmp_path: Path) -> None:
    names = write(tmp_path / "in", 2, 3)
    code_here(names, tmp_path / "out")
    store = fsspec.filesystem("memory")
    for name in names:
        store.put_file(name, f"/bucket/in/{Path(name).name}")
    listed = input_files(["memory://bucket/in"])
    assert listed == ["memory:///bucket/in/f00.jsonl", "memory:///bucket/in/f01.jsonl"]
    code_here(listed, "memory://bucket/out")
    there, here = Archive("memory://bucket/out").manifest(), Archive(tmp_path / "out").manifest()
    assert [part.part for part in there.parts] == [part.part for part in here.parts]
    assert [part.events for part in there.parts] == [part.events for part in here.parts]
    text = store.cat_file(Archive("memory://bucket/out").at(there.paths("events")[0]))
    assert text[:4] == text[-4:] == b"PAR1"


@pytest.fixture(scope="module")
def client() -> Any:
    with dask_client("", 2) as found:
        yield found


def test_a_killed_worker_costs_nothing(tmp_path: Path, client: Any) -> None:
    names = write(tmp_path / "in", 8, 12, "Oslo slow")
    code_here(names, tmp_path / "whole")
    pids = sorted(client.run(os.getpid).values())
    heard: list[Commit] = []

    def told(done: Commit) -> None:
        heard.append(done)
        if len(heard) == 2:
            os.kill(pids[0], signal.SIGKILL)

    manifest = code_on_cluster(client, tasks(names, tmp_path / "out"), told)
    client.wait_for_workers(2, timeout=60)
    assert pids[0] not in client.run(os.getpid).values()
    assert len(manifest.parts) == 8
    assert not any(done.skipped for done in heard)
    assert records(tmp_path / "out") == records(tmp_path / "whole")
    assert not list(check(tmp_path / "out"))


def test_a_text_that_kills_its_coder_is_set_aside_on_the_cluster_and_the_rest_is_coded(tmp_path: Path, client: Any) -> None:
    names = write(tmp_path / "in", 3, 3)
    poison = tmp_path / "in" / "poison.jsonl"
    poison.write_text(
        '{"id": "good", "text": "Oslo met."}\n{"id": "bad", "text": "kill"}\n{"id": "fine", "text": "Oslo left."}\n'
    )
    before = sorted(client.run(os.getpid).values())
    manifest = code_on_cluster(client, tasks([*names, str(poison)], tmp_path / "out"))
    assert sum(part.articles for part in manifest.parts) == 11
    assert [reason for part in manifest.parts for _, reason in part.skipped] == [
        "its worker ended with status -9 2 times; set aside (please report this text)"
    ]
    assert sorted(client.run(os.getpid).values()) == before


def _drive(names: list[str], archive: str) -> None:
    with dask_client("", 2) as found:
        code_on_cluster(found, tasks(names, archive))


def test_a_killed_driver_loses_nothing_that_was_done(tmp_path: Path) -> None:
    names = write(tmp_path / "in", 8, 12, "Oslo slow")
    code_here(names, tmp_path / "whole")
    out = tmp_path / "out"
    process = mp.get_context("spawn").Process(target=_drive, args=(names, str(out)))
    process.start()
    while len(list((out / "commits").glob("*.json"))) < 2:
        time.sleep(0.02)
        assert process.is_alive(), "the driver ended before it could be killed"
    process.kill()
    process.join()
    assert not (out / "manifest.json").exists()
    with pytest.raises(StopRun, match="not finished"):
        list(check(out))
    code_here(names, out)
    assert records(out) == records(tmp_path / "whole")


@pytest.mark.model
def test_the_command_codes_what_one_process_would(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    lines = ["Turkey expelled three Dutch diplomats.", "Police in Minsk arrested dozens.", "Norway welcomed the truce."]
    file.write_text("".join(json.dumps({"text": line, "published": "2017-03-11"}) + "\n" for line in lines))
    out, ledger = tmp_path / "archive", tmp_path / "l.duckdb"
    runner = CliRunner()
    ran = runner.invoke(app, ["code", str(file), "--engine", "dask", "--workers", "1", "-o", str(out)])
    assert ran.exit_code == 0, ran.output
    with Solo(Settings()) as solo:
        alone = [found for found in solo.pipe(read_articles([file])) if isinstance(found, Result)]  # type: ignore[arg-type]
    expected = sorted(event.id for found in alone for event in found.events)
    assert expected
    assert [row[2] for row in sorted(records(out)["events"], key=lambda row: row[2])] == expected
    merged = runner.invoke(app, ["ledger", "merge", str(out), "--ledger", str(ledger)])
    assert merged.exit_code == 0, merged.output
    listed = [
        runner.invoke(app, ["events", "--format", "csv", "--sort", "event", "--ledger", str(path)]) for path in (out, ledger)
    ]
    assert listed[0].stdout == listed[1].stdout
    assert listed[0].stdout.count("\n") == len(expected) + 1


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["x.txt", "--engine", "dask"], "writes a folder"),
        (["-", "--engine", "dask", "-o", "out"], "not standard input"),
        (["x.txt", "--engine", "dask", "-o", "out", "--ledger", "l.duckdb"], "diurna ledger merge"),
        (["x.txt", "--engine", "dask", "-o", "out", "--scheduler", "nonsense://"], "does not answer"),
    ],
)
def test_misuse_is_one_line(arguments: list[str], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.txt").write_text("Oslo met Kyiv.")
    ran = CliRunner().invoke(app, ["code", *arguments])
    assert isinstance(ran.exception, StopRun)
    assert reason in str(ran.exception)
