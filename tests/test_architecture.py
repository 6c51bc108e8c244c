"""Which rooms may import what (docs/architecture.md), and how large a file may grow."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "diurna"
MAY_IMPORT_SPACY = {"actors", "context", "events", "language", "coder", "freeze"}

# What each room may import of the others; records, errors, settings, tables and ontology are open to all.
OPEN = {"records", "errors", "settings", "tables", "ontology"}
ROOMS = {
    "records": set(),
    "errors": set(),
    "tables": set(),
    "settings": set(),
    "ontology": set(),
    "intake": set(),
    "language": {"actors", "context", "events"},  # pipeline.py registers the components; salience.py asks for sectors
    "actors": {"language"},
    "events": {"language"},
    "gazetteer": set(),
    "context": {"language", "gazetteer"},
    "ledger": set(),
    "charts": {"ledger"},  # the names of the quad classes
    "exports": {"ledger", "charts"},
    "imports": {"ledger", "exports", "intake"},  # the layouts and codes that exports write; character sets
    "web": {"ledger", "exports", "charts"},
    "freeze": {"language"},
    "evaluate": {"coder", "actors", "ledger", "gazetteer"},
    "codebook": {"events"},
    "feeds": {"intake", "ledger"},
    "batch": {"coder", "exports", "intake", "ledger"},  # the coder when a worker starts; files to parts of an archive
    "coder": {"intake", "language", "actors", "events", "freeze", "ledger", "calibration"},
}


def files(room: str) -> list[Path]:
    folder = PACKAGE / room
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [PACKAGE / f"{room}.py"]


def imported(file: Path) -> set[str]:
    """The rooms of this package that a file names in its imports, wherever they stand."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""] if node.module != "diurna" else [f"diurna.{alias.name}" for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("diurna.")}
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_import_only_what_they_may(room: str) -> None:
    for file in files(room):
        strangers = imported(file) - ROOMS[room] - OPEN - {room}
        assert not strangers, f"{file.relative_to(ROOT)} imports {', '.join(sorted(strangers))}"


def modules_without_spacy() -> list[str]:
    names = []
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = file.relative_to(PACKAGE).with_suffix("").parts
        if parts[0] not in MAY_IMPORT_SPACY and parts[-1] != "__main__":
            names.append(".".join(("diurna", *parts)).removesuffix(".__init__"))
    return names


def test_nothing_after_the_coder_loads_spacy() -> None:
    names = modules_without_spacy()
    assert {
        "diurna.cli",
        "diurna.cli_ask",
        "diurna.ledger.questions",
        "diurna.ledger.store",
        "diurna.exports.tabular",
        "diurna.records",
        "diurna.ontology",
    } <= set(names)
    code = (
        "import importlib, sys\n"
        f"for name in {names!r}:\n"
        "    importlib.import_module(name)\n"
        "    if 'spacy' in sys.modules: sys.exit(name)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("*.py")), ids=lambda f: f.relative_to(PACKAGE).as_posix())
def test_files_stay_readable(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 400
    assert ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or file.stat().st_size == 0


def test_coding_a_text_loads_no_database() -> None:
    """`diurna code REPORT.txt` need not wait for DuckDB, Arrow and the site."""
    script = "import sys, diurna.cli, diurna.cli_code, diurna.coder; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"duckdb", "pyarrow", "fastapi", "vl_convert"} & set(found.stdout.split())
