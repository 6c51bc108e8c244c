"""`diurna codebook`: the coding rules as one page, with the tables as they are in force."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from diurna.errors import StopRun
from diurna.events.frames import Frame, lexicon
from diurna.ontology import ontology
from diurna.tables import DATA, load

TEMPLATE = DATA / "codebook.md.in"

_PLACE = re.compile(r"\{\{(\w+)\}\}")
_MARK = re.compile(r"\{([ART]) ([^{}]+)\}")
_STYLE = {"A": "**{}**ᴬ", "R": "**{}**ᴿ", "T": "*{}*"}
_EXAMPLES = 2  # sentences shown for each root


def codebook(
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write; standard output by default.")] = None,
    tables: Annotated[
        Path | None, typer.Option(help="Folder with your own tables, shown together with the built-in ones.")
    ] = None,
) -> None:
    """Write the codebook, generated from the tables that are in force."""
    page = render(tables)
    if output is None:
        typer.echo(page, nl=False)
        return
    try:
        output.write_text(page, encoding="utf-8")
    except OSError as error:
        raise StopRun(f"{output}: cannot be written ({error.strerror}); check folder and permissions") from error


def render(extra: Path | None = None) -> str:
    """Return the codebook as Markdown.

    Args:
        extra: the user's own folder of tables.

    Raises:
        TableError: a table holds a row that cannot be used.
    """
    parts = {
        "roots": _roots,
        "modes": _modes,
        "cameo": _cameo,
        "frames": _frames,
        "composition": _composition,
        "sectors": _sectors,
        "threads": _threads,
        "contexts": _contexts,
    }
    return _PLACE.sub(lambda place: parts[place[1]](extra), TEMPLATE.read_text(encoding="utf-8"))


def _roots(extra: Path | None) -> str:
    counts = {root: len(frames) for root, frames in _by_root(extra).items()}
    rows = [
        (
            f"**{row['event']}**",
            row["score"],
            row["quad"],
            ontology(extra).cameo_of(row["event"], ()),
            row["needs_recipient"],
            str(counts.get(row["event"], 0)),
            row["covers"],
        )
        for row in load("ontology/plover.tsv", ("event", "mode", "covers"), extra)
        if not row["mode"]
    ]
    return _table(("root", "score", "quad", "CAMEO", "needs a recipient", "frames", "covers"), rows)


def _modes(extra: Path | None) -> str:
    rows = [
        (row["event"], row["mode"], row["score"], ontology(extra).cameo_of(row["event"], [row["mode"]]), row["covers"])
        for row in load("ontology/plover.tsv", ("event", "mode", "covers"), extra)
        if row["mode"]
    ]
    return _table(("root", "mode", "score", "CAMEO", "covers"), rows)


def _cameo(extra: Path | None) -> str:
    codes: dict[str, list[str]] = defaultdict(list)
    for code, root in ontology(extra).crosswalk.items():
        codes[root or "(no root)"].append(code)
    return _table(
        ("root", "CAMEO codes that the published crosswalk gives it"), [(r, ", ".join(sorted(codes[r]))) for r in sorted(codes)]
    )


def _frames(extra: Path | None) -> str:
    grouped = _by_root(extra)
    total = sum(map(len, grouped.values()))
    lines = [f"{total} frames. **Actor**ᴬ, **recipient**ᴿ and *trigger* are marked in the examples.", ""]
    for root in (*ontology(extra).roots, ""):
        frames = grouped.get(root, [])
        if frames:
            name = root or "operators without a code of their own"
            lines.append(f"- {name}: {len(frames)} frames")
            lines += [f"  - {_MARK.sub(lambda m: _STYLE[m[1]].format(m[2]), text)}" for text in _samples(frames)]
    return "\n".join(lines)


def _samples(frames: Sequence[Frame]) -> list[str]:
    """The first example of the first frame and of one halfway down: a verb and something else, mostly."""
    shown = [f.examples[0] for f in frames if f.examples]
    step = max(1, len(shown) // _EXAMPLES)
    return shown[::step][:_EXAMPLES]


def _by_root(extra: Path | None) -> dict[str, list[Frame]]:
    words = lexicon(extra)
    grouped: dict[str, list[Frame]] = defaultdict(list)
    for table in (words.verbs, words.nouns, words.adjectives):
        for frames in table.values():
            for frame in frames:
                grouped[frame.root].append(frame)
    return grouped


def _composition(extra: Path | None) -> str:
    rows = []
    for row in load("composition.tsv", ("operator", "complement", "root", "mode", "cameo"), extra):
        root = row["root"]
        if root.islower() and root != "frame":
            rows.append((row["operator"], row["complement"], f"as `{root}`", "", ""))
        else:
            rows.append((row["operator"], row["complement"], _outcome(root), row["mode"], row["cameo"]))
    return _table(("matrix", "complement", "root", "mode", "CAMEO"), rows)


def _outcome(root: str) -> str:
    return {"=": "=", "frame": "the matrix word's own code", "-": "no event"}.get(root, root)


def _sectors(extra: Path | None) -> str:
    return _table(
        ("sector", "covers"), [(r["sector"], r["covers"]) for r in load("ontology/sectors.tsv", ("sector", "covers"), extra)]
    )


def _contexts(extra: Path | None) -> str:
    return ", ".join(f"`{row['context']}`" for row in load("ontology/contexts.tsv", ("context",), extra))


def _threads(extra: Path | None) -> str:
    rows = [
        (row["kind"], row["stage"], ", ".join(row.items("follows")), row["state"], row["lapse"])
        for row in load("threads.tsv", ("kind", "stage", "follows", "state", "lapse"), extra)
    ]
    return _table(("kind", "stage", "may follow", "state", "lapses after days"), rows)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
