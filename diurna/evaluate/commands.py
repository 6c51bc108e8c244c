"""`diurna evaluate KIND PATH`: measures on gold files, as a table or JSON, and the gate that the test command runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from diurna.errors import StopRun
from diurna.evaluate.actors import evaluate_actors
from diurna.evaluate.articles import evaluate_articles, gold_files
from diurna.evaluate.coref import evaluate_coref, reader_of
from diurna.evaluate.relations import evaluate_relations
from diurna.evaluate.spans import evaluate_spans
from diurna.evaluate.stories import evaluate_same_event, evaluate_stories
from diurna.settings import Settings, load_settings

if TYPE_CHECKING:
    from diurna.coder import Coder

evaluate_app = typer.Typer(
    no_args_is_help=True,
    help="Measure the coder on gold files.",
    epilog="Example: diurna evaluate articles eval/gold/dev --errors errors.jsonl",
)

Scored = tuple[dict[str, Any], list[dict[str, Any]]]
PathArgument = Annotated[Path, typer.Argument(help="Gold file (or folder, for articles).")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the measures as JSON.")]
ErrorsOption = Annotated[Path | None, typer.Option("--errors", help="Write one JSON line per error to this file.")]
NoModel = Annotated[bool, typer.Option("--no-model", help="Tables alone, without the learned second opinion.")]
ModelOnly = Annotated[bool, typer.Option("--model-only", help="The learned model alone, without the tables.")]
ReaderOption = Annotated[Path | None, typer.Option("--reader", help="Folder of another trained model than the shipped one.")]


@evaluate_app.command(epilog="Example: diurna evaluate relations relations.jsonl --json")
def relations(
    path: PathArgument,
    as_json: JsonOption = False,
    errors: ErrorsOption = None,
    no_model: NoModel = False,
    model_only: ModelOnly = False,
    reader: ReaderOption = None,
) -> None:
    """Root between given spans: macro-F1 and accuracy over 15 classes."""
    rows = read_jsonl(path, ("id", "text", "actor", "recipient", "event"))
    coder = _coder(no_model, reader)
    relate = coder.relate_by_model if model_only else coder.relate
    _report(evaluate_relations(rows, relate, coder.scheme), as_json, errors)


@evaluate_app.command(epilog="Example: diurna evaluate spans spans.jsonl --errors spans-errors.jsonl")
def spans(path: PathArgument, as_json: JsonOption = False, errors: ErrorsOption = None, no_model: NoModel = False) -> None:
    """Actor and recipient spans found unaided: precision, recall, F1; accuracy of the quad class."""
    rows = read_jsonl(path, ("id", "text", "actor", "recipient", "quad"))
    _report(evaluate_spans(rows, _coder(no_model).main_event), as_json, errors)


@evaluate_app.command(epilog="Example: diurna evaluate articles eval/gold/dev")
def articles(path: PathArgument, as_json: JsonOption = False, errors: ErrorsOption = None, no_model: NoModel = False) -> None:
    """Events, their fields and quotations of whole reports."""
    gold_files(path)
    _report(evaluate_articles(path, _coder(no_model).code), as_json, errors)


@evaluate_app.command(epilog="Example: diurna evaluate actors eval/gold/actors.jsonl")
def actors(path: PathArgument, as_json: JsonOption = False, errors: ErrorsOption = None) -> None:
    """Country and sector of mentions alone, on a date."""
    from diurna.actors.resolve import Resolver

    resolver = Resolver()

    def resolve(text: str, day: str) -> tuple[str, tuple[str, ...]]:
        found = resolver.resolve(text, date.fromisoformat(day) if day else None)
        return (found.country, tuple(found.sectors)) if found else ("", ())

    _report(evaluate_actors(read_jsonl(path, ("text", "country", "sector")), resolve), as_json, errors)


@evaluate_app.command(epilog="Example: diurna evaluate coref eval/gold/coref.jsonl --errors coref-errors.jsonl")
def coref(path: PathArgument, as_json: JsonOption = False, errors: ErrorsOption = None) -> None:
    """Whom pronouns, descriptions and sets stand for: accuracy over all, by kind and by part."""
    rows = read_jsonl(path, ("id", "part", "text", "links"))
    _report(evaluate_coref(rows, reader_of(_coder(True))), as_json, errors)


@evaluate_app.command("same-event", epilog="Example: diurna evaluate same-event eval/gold/same_event.jsonl")
def same_event(path: PathArgument, as_json: JsonOption = False, errors: ErrorsOption = None) -> None:
    """Pairs of reports: precision and recall of joining those that tell one event."""
    _report(
        evaluate_same_event(read_jsonl(path, ("id", "part", "published", "texts", "same")), _coder(False).code), as_json, errors
    )


@evaluate_app.command(epilog="Example: diurna evaluate stories eval/gold/stories.jsonl")
def stories(path: PathArgument, as_json: JsonOption = False, errors: ErrorsOption = None) -> None:
    """Stories of several articles: precision and recall of links in threads, and how the threads stand."""
    _report(
        evaluate_stories(read_jsonl(path, ("id", "part", "kind", "state", "articles", "thread")), _coder(False).code),
        as_json,
        errors,
    )


@evaluate_app.command(epilog="Example: diurna evaluate gate eval/floors.json")
def gate(path: Annotated[Path, typer.Argument(help="Floors file.")] = Path("eval/floors.json")) -> None:
    """Fail when a measure on the project's own gold falls below its floor, or when the gold changed unnoticed."""
    floors = json.loads(path.read_text(encoding="utf-8"))
    gold = path.parent / floors["gold"]
    if corpus_fingerprint(gold) != floors["fingerprint"]:
        raise StopRun(f"{gold} changed: measure anew and write its fingerprint {corpus_fingerprint(gold)} into {path}")
    result, _ = evaluate_articles(gold, _coder(False).code)
    fallen = [(name, _dig(result, name), floor) for name, floor in floors["floors"].items() if _dig(result, name) < floor]
    for name, value, floor in fallen:
        typer.echo(f"{name}: {value} is below its floor {floor}", err=True)
    if result["boilerplate_events"]:
        typer.echo(f"{result['boilerplate_events']} events from page litter", err=True)
    if fallen or result["boilerplate_events"]:
        raise typer.Exit(1)
    typer.echo(f"gate: all {len(floors['floors'])} floors hold on {len(gold_files(gold))} reports")


def corpus_fingerprint(folder: Path) -> str:
    """Return 12 hex digits over the gold files and texts of a folder."""
    digest = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def read_jsonl(path: Path, needed: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Read a JSON-lines gold file.

    Args:
        path: the file.
        needed: what each row must have.

    Raises:
        StopRun: the file is missing, or a line is no JSON object, lacks something or has no such day; the line is named.
    """
    if not path.is_file():
        raise StopRun(f"{path}: no such file")
    rows = []
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise StopRun(f"{path}: cannot be read as UTF-8 text ({error})") from error
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                rows.append(_checked(json.loads(line), needed))
            except json.JSONDecodeError as error:
                raise StopRun(f"{path}:{number}: not JSON ({error.msg}); mend or delete the line") from error
            except ValueError as error:
                raise StopRun(f"{path}:{number}: {error}; mend or delete the line") from error
    return rows


def _checked(row: Any, needed: Sequence[str]) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise ValueError("no JSON object")
    if missing := [name for name in needed if name not in row]:
        raise ValueError(f"without {', '.join(missing)}")
    for name in ("date", "published"):
        if row.get(name):
            try:
                date.fromisoformat(str(row[name]))
            except ValueError:
                raise ValueError(f"no such {name} as {row[name]!r}; write YYYY-MM-DD") from None
    return row


def _coder(no_model: bool, reader: Path | None = None) -> Coder:
    from diurna.coder import Coder

    settings: Settings = load_settings(model=False if no_model else None, reader=reader)
    return Coder(settings)


def _dig(measures: dict[str, Any], dotted: str) -> float:
    value: Any = measures
    for part in dotted.split("."):
        value = value[part]
    return float(value)


def _report(scored: Scored, as_json: bool, errors: Path | None) -> None:
    measures, mistakes = scored
    if errors:
        errors.write_text("".join(json.dumps(m, ensure_ascii=False, default=list) + "\n" for m in mistakes), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(measures, indent=1))
        return
    table = Table("measure", "value", box=None)
    _flatten("", measures, table.add_row)
    Console().print(table)


def _flatten(prefix: str, value: Any, add: Callable[[str, str], None]) -> None:
    for name, inner in value.items():
        if isinstance(inner, dict):
            _flatten(f"{prefix}{name} ", inner, add)
        else:
            add(prefix + name, "–" if inner is None else str(inner))
