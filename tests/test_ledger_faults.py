"""Faults of disks and processes: what was kept is whole, and the user reads one line."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from parts_standin import result

from diurna.errors import StopRun
from diurna.ledger import Ledger
from diurna.ledger.check import check
from diurna.records import Article

HERE = Path(__file__).parent
_ENDLESS = """
import itertools, sys
from diurna.ledger import Ledger
from diurna.records import Article
from parts_standin import result
with Ledger(sys.argv[1]) as ledger:
    for batch in itertools.count():
        ledger.add(result(Article(f"Oslo met Kyiv {batch} {n}.", published="2020-01-02")) for n in range(20))
        print(batch, flush=True)
"""
# The superuser may write anything, so somebody else must try, with all loaded before.
_OPEN = """
import os, sys
from diurna.ledger import Ledger
if os.geteuid() == 0:
    os.setgid(65534), os.setuid(65534)
Ledger(sys.argv[1]).close()
"""
_CODE = "import sys; from diurna.cli import main; sys.argv[0] = 'diurna'; main()"


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{HERE}{os.pathsep}{HERE.parent}"}


def test_a_ledger_killed_while_it_writes_holds_whole_batches(tmp_path: Path) -> None:
    path = tmp_path / "l.duckdb"
    for batches in (3, 2):
        command = [sys.executable, "-c", _ENDLESS, str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment()) as process:
            assert process.stdout is not None
            for _ in range(batches):
                assert process.stdout.readline().strip().isdigit()
            process.send_signal(signal.SIGKILL)
        with Ledger(path) as ledger:
            counts = {
                name: ledger.con.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0]
                for name in ("codings", "events", "current_events")
            }
        assert len(set(counts.values())) == 1
        assert counts["events"] >= 40
        assert counts["events"] % 20 == 0
        assert not list(check(path))


def _small_files() -> None:
    """Let no file of this process grow beyond some size, as on a disk that is full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (6_000_000, 6_000_000))


def test_a_full_disk_ends_a_ledgers_run_and_harms_nothing(tmp_path: Path) -> None:
    path = tmp_path / "l.duckdb"
    with Ledger(path) as ledger:
        ledger.add([result(Article("Oslo met Kyiv.", published="2020-01-02"))])
    command = [sys.executable, "-c", _ENDLESS.replace("range(20)", "range(2000)"), str(path)]
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment(), check=False, preexec_fn=_small_files, timeout=120
    )
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith("diurna.errors.StopRun")
    assert "cannot be written" in done.stderr.splitlines()[-1]
    assert not list(check(path))


@pytest.mark.model
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_output_to_a_full_disk_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("Turkey expelled three Dutch diplomats.")
    command = [sys.executable, "-c", _CODE, "code", str(tmp_path / "one.txt"), "--format", "jsonl", "-o", "/dev/full"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "/dev/full: cannot be written (No space left on device)" in done.stderr


def test_a_ledger_that_may_not_be_written_is_one_line() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "l.duckdb"
        Ledger(path).close()
        path.chmod(0o444)
        Path(folder).chmod(0o555)
        command = [sys.executable, "-c", _OPEN, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)
        Path(folder).chmod(0o755)
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("diurna.errors.StopRun")
    assert "may not be written" in last


def test_a_file_that_is_no_ledger_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "l.duckdb").write_bytes(b"no ledger " * 1000)
    with pytest.raises(StopRun, match="is not a ledger"):
        Ledger(tmp_path / "l.duckdb")
    reports = tmp_path / "reports.jsonl"
    reports.write_text('{"text": "Oslo met Kyiv."}\n')
    for read_only in (True, False):
        with pytest.raises(StopRun, match=r"reports\.jsonl is not a ledger; .* diurna code .*reports\.jsonl --ledger"):
            Ledger(reports, read_only)
    whole = tmp_path / "w.duckdb"
    with Ledger(whole) as ledger:
        ledger.add([result(Article(f"Oslo met Kyiv {n}.", published="2020-01-02")) for n in range(300)])
    whole.write_bytes(whole.read_bytes()[:20_000])
    with pytest.raises(StopRun):
        list(check(whole))
