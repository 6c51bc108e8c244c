"""The built wheel works in an empty environment, from any folder: tables, model and samples are inside."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def _run(*command: str | Path, cwd: Path) -> str:
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, env=clean, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--skip-dependency-check", "--outdir", out, ROOT, cwd=out)
    return next(out.glob("*.whl"))


def test_everything_is_inside(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    inside = {file.relative_to(ROOT).as_posix() for file in (ROOT / "diurna").rglob("*") if file.is_file()}
    assert {name for name in inside if "__pycache__" not in name} <= names


@pytest.mark.model
def test_it_codes_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "venv"
    venv.create(home, with_pip=False)
    packages = Path(
        _run(home / "bin" / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path).strip()
    )
    # The dependencies of this environment stand in for an install from the network; Diurna itself comes from the wheel alone.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    target = ["--no-deps", "--no-index", "--disable-pip-version-check", "--python", home / "bin" / "python"]
    _run(sys.executable, "-m", "pip", *target[3:], "install", *target[:3], "--ignore-installed", wheel, cwd=tmp_path)
    report = tmp_path / "report.txt"
    report.write_text("Turkey expelled three Dutch diplomats on Friday.\n")
    shown = _run(home / "bin" / "diurna", "code", report, "--published", "2017-03-11", "--format", "csv", cwd=tmp_path)
    assert "SANCTION" in shown
    where = _run(home / "bin" / "python", "-c", "import diurna; print(diurna.__file__)", cwd=tmp_path)
    assert where.startswith(str(packages))
