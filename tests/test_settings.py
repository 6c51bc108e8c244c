"""Settings: defaults < file < environment < flags, and messages that say where a bad value stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from diurna.errors import StopRun
from diurna.settings import Settings, load_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "diurna.toml"
    path.write_text('pipeline = "from_file"\nmin_confidence = 0.4\nmodel = false\n')
    return path


def test_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings(environ={}) == Settings()


def test_file_in_the_working_folder(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(file.parent)
    assert load_settings(environ={}).pipeline == "from_file"


def test_priority(file: Path) -> None:
    environ = {"DIURNA_PIPELINE": "from_environment", "DIURNA_MIN_CONFIDENCE": "0.6", "HOME": "/"}
    found = load_settings(file, environ, pipeline="from_flag", tables=None)
    assert (found.pipeline, found.min_confidence, found.model) == ("from_flag", 0.6, False)


def test_kinds() -> None:
    found = load_settings(environ={"DIURNA_MODEL": "no", "DIURNA_MAX_CHARS": "500", "DIURNA_TABLES": "mine"})
    assert (found.model, found.max_chars, found.tables) == (False, 500, Path("mine"))


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"DIURNA_PIPELIEN": "x"}, "environment: unknown setting pipelien"),
        ({"DIURNA_MAX_CHARS": "many"}, "environment: max_chars cannot be 'many'"),
    ],
)
def test_bad_values(environ: dict[str, str], message: str) -> None:
    with pytest.raises(StopRun, match=message):
        load_settings(environ=environ)


def test_broken_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("pipeline = \n")
    with pytest.raises(StopRun, match=r"mine\.toml"):
        load_settings(path, {})
