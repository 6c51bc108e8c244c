"""The documents keep step with the code: generated pages are current; every command, setting and component is described."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from diurna.cli import app
from diurna.codebook import render
from diurna.errors import StopRun
from diurna.ontology import ontology
from diurna.settings import Settings
from diurna.tables import DATA

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = {file.name: file.read_text(encoding="utf-8") for file in (ROOT / "docs").glob("*.md")}


def commands() -> list[str]:
    found: list[str] = []

    def walk(command: object, path: tuple[str, ...]) -> None:
        below = getattr(command, "commands", {})
        if path and not below:
            found.append(" ".join(path))
        for name, child in below.items():
            walk(child, (*path, name))

    walk(typer.main.get_command(app), ())
    return found


def test_codebook_is_current() -> None:
    assert DOCS["codebook.md"] == render(), "the tables changed: run `diurna codebook -o docs/codebook.md`"


def test_codebook_shows_every_code() -> None:
    page = render()
    scheme = ontology()
    for name, root in scheme.roots.items():
        assert f"| **{name}** |" in page
        assert all(f"| {name} | {mode} |" in page for mode in root.modes)
    assert all(f"`{context}`" in page for context in scheme.contexts)
    assert "{{" not in page


def test_codebook_command(tmp_path: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(app, ["codebook", "-o", str(tmp_path / "page.md")]).exit_code == 0
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == render()
    assert runner.invoke(app, ["codebook"]).stdout == render()
    refused = runner.invoke(app, ["codebook", "-o", str(tmp_path / "none" / "page.md")])
    assert isinstance(refused.exception, StopRun)


def test_codebook_shows_the_users_own_rows(tmp_path: Path) -> None:
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "contexts.tsv").write_text("context\nfisheries\n")
    assert "`fisheries`" in render(tmp_path)


@pytest.mark.parametrize("command", commands())
def test_every_command_is_documented(command: str) -> None:
    assert f"diurna {command}" in README or any(f"diurna {command}" in page for page in DOCS.values())


@pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
def test_every_setting_is_documented(name: str) -> None:
    assert f"`{name}`" in DOCS["architecture.md"]


@pytest.mark.parametrize("name", ["diurna_actors", "diurna_forms", "diurna_coref", "diurna_events", "diurna_context"])
def test_every_component_is_documented(name: str) -> None:
    assert name in DOCS["architecture.md"]


@pytest.mark.parametrize("folder", sorted(p.name for p in DATA.iterdir() if p.is_dir()))
def test_every_folder_of_tables_is_documented(folder: str) -> None:
    assert f"`{folder}/" in DOCS["architecture.md"]


@pytest.mark.parametrize("page", ["README.md", *sorted(f"docs/{name}" for name in DOCS)])
def test_links_lead_somewhere(page: str) -> None:
    file = ROOT / page
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text(encoding="utf-8")):
        assert (file.parent / target).exists(), f"{page}: {target}"


@pytest.mark.model
def test_the_readme_shows_what_the_demo_prints(tmp_path: Path) -> None:
    wide = {**os.environ, "COLUMNS": "118"}
    demo = [sys.executable, "-m", "diurna", "demo", "--ledger", str(tmp_path / "demo.duckdb")]
    printed = subprocess.run(demo, env=wide, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    shown = README.partition("<!-- demo -->\n```\n")[2].partition("\n```\n<!-- /demo -->")[0]
    lines = [line.rstrip() for line in printed.splitlines()]
    start = lines.index(shown.splitlines()[0])
    assert lines[start : start + len(shown.splitlines())] == shown.splitlines(), (
        "the coder changed: copy what `diurna demo` prints"
    )
