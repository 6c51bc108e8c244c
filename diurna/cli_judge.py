"""`diurna judge …` and `diurna gold …`: what people say of the machine's events, and what is made of it."""

from __future__ import annotations

import getpass
import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from diurna.cli_options import DEFAULT_LEDGER, FormatOption, LedgerOption, OutputOption, kind_of
from diurna.errors import StopRun
from diurna.exports import answers
from diurna.ledger import Ledger, changes, judgements
from diurna.ledger.replay import Judgement

judge_app = typer.Typer(
    no_args_is_help=True,
    help="Accept, reject or put right what the machine coded. Judgements stand beside its claims, with who and when.",
    epilog="Example: diurna judge fix 3f9a12c0 --root ACCUSE --mode allege --judge anna",
)
gold_app = typer.Typer(
    no_args_is_help=True,
    help="Gold files from judged articles, and how far judges agree.",
    epilog="Example: diurna gold export -o gold/ && diurna evaluate articles gold/",
)


def _me() -> str:
    """The name of whoever sits at the machine; containers may have users without one."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


EventArgument = Annotated[str, typer.Argument(metavar="EVENT", help="Id of an event, or its beginning.")]
JudgeOption = Annotated[str, typer.Option("--judge", metavar="NAME", default_factory=_me, help="Who judges.")]
NoteOption = Annotated[str, typer.Option(help="Why, in your own words.")]


@judge_app.command(epilog="Example: diurna judge accept 3f9a12c0 5b1d77aa --judge anna")
def accept(
    events: Annotated[list[str], typer.Argument(metavar="EVENT…", help="Ids of events, or their beginnings.")],
    judge: JudgeOption,
    note: NoteOption = "",
    ledger: LedgerOption = DEFAULT_LEDGER,
) -> None:
    """Say that events are right as they stand."""
    with _open(ledger) as store:
        for event in events:
            _say(judgements.judge(store, event, "accept", judge, note=note))


@judge_app.command(epilog='Example: diurna judge reject 3f9a12c0 --judge anna --note "a film review"')
def reject(
    events: Annotated[list[str], typer.Argument(metavar="EVENT…", help="Ids of events, or their beginnings.")],
    judge: JudgeOption,
    note: NoteOption = "",
    ledger: LedgerOption = DEFAULT_LEDGER,
) -> None:
    """Say that events are none; they leave all answers and exports."""
    with _open(ledger) as store:
        for event in events:
            _say(judgements.judge(store, event, "reject", judge, note=note))


ModeOption = Annotated[list[str] | None, typer.Option("--mode", metavar="MODE", help="Mode of the root, or none; repeatable.")]
CameoOption = Annotated[str | None, typer.Option("--cameo", metavar="CODE", help="CAMEO code; by default that of root and mode.")]
ActorOption = Annotated[
    list[str] | None,
    typer.Option("--actor", metavar="PARTY", help='All who did it: "NAME (KOR:GOV)", KOR:MIL, or none; repeatable.'),
]
RecipientOption = Annotated[
    list[str] | None, typer.Option("--recipient", metavar="PARTY", help="All to whom it was done, likewise.")
]
ReciprocalOption = Annotated[bool | None, typer.Option("--reciprocal/--one-way", help="What all actors did together.")]
PolarityOption = Annotated[str | None, typer.Option("--polarity", metavar="WORD", help="affirmed or negated.")]
ModalityOption = Annotated[str | None, typer.Option("--modality", metavar="WORD", help="actual, future or hypothetical.")]
PeriodOption = Annotated[str | None, typer.Option("--period", metavar="WORD", help="current or historical.")]
OngoingOption = Annotated[bool | None, typer.Option("--ongoing/--no-ongoing", help="Whether it still holds.")]
DateOption = Annotated[
    str, typer.Option("--date", metavar="DATE", help="2018, 2018-06, 2018-06-14, two days with /, or unknown.")
]
SaidByOption = Annotated[
    list[str] | None,
    typer.Option("--said-by", metavar="NAME", help="Who says so, innermost first; reporter for nobody; repeatable."),
]
PlaceOption = Annotated[str, typer.Option("--place", metavar="PLACE", help='"Riga (LVA)", a name alone, or none.')]


@judge_app.command(epilog='Example: diurna judge fix 3f9a12c0 --actor "Lee Myung-bak (KOR:GOV)" --date 2008-07-14 --judge anna')
def fix(
    event: EventArgument,
    judge: JudgeOption,
    root: Annotated[str | None, typer.Option(metavar="ROOT", help="PLOVER root, as SANCTION.")] = None,
    mode: ModeOption = None,
    cameo: CameoOption = None,
    actor: ActorOption = None,
    recipient: RecipientOption = None,
    reciprocal: ReciprocalOption = None,
    polarity: PolarityOption = None,
    modality: ModalityOption = None,
    period: PeriodOption = None,
    ongoing: OngoingOption = None,
    date: DateOption = "",
    said_by: SaidByOption = None,
    place: PlaceOption = "",
    note: NoteOption = "",
    ledger: LedgerOption = DEFAULT_LEDGER,
) -> None:
    """Put fields of an event right; the rest is taken as right too."""
    fixed = changes.Changes(
        event=root.upper() if root else None, modes=changes.modes(mode or ()), cameo=cameo, actors=changes.parties(actor or ()),
        recipients=changes.parties(recipient or ()), reciprocal=reciprocal, polarity=polarity, modality=modality, period=period,
        ongoing=ongoing, said_by=changes.speakers(said_by or ()), when=changes.when(date), where=changes.place(place),
    )  # fmt: skip
    with _open(ledger) as store:
        _say(judgements.judge(store, event, "fix", judge, fixed, note))


@judge_app.command(epilog='Example: diurna judge add art-1f… --words "tore up" --root REJECT --actor PRK:GOV --judge anna')
def add(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="Id of the article.")],
    words: Annotated[str, typer.Option(help="Trigger words as they stand in the text, where they stand once.")],
    root: Annotated[str, typer.Option(metavar="ROOT", help="PLOVER root, as SANCTION.")],
    judge: JudgeOption,
    mode: ModeOption = None,
    actor: ActorOption = None,
    recipient: RecipientOption = None,
    reciprocal: ReciprocalOption = None,
    date: DateOption = "",
    note: NoteOption = "",
    ledger: LedgerOption = DEFAULT_LEDGER,
) -> None:
    """Add an event that the machine missed; what else there is to say of it, say with fix."""
    told = changes.Changes(
        event=root.upper(), modes=changes.modes(mode or ()), actors=changes.parties(actor or ()),
        recipients=changes.parties(recipient or ()), reciprocal=reciprocal, when=changes.when(date),
    )  # fmt: skip
    with _open(ledger) as store:
        _say(judgements.add(store, article, words, judge, told, note))


@judge_app.command(epilog="Example: diurna judge merge 3f9a12c0 5b1d77aa --judge anna")
def merge(
    events: Annotated[list[str], typer.Argument(metavar="EVENT…", help="Events of one article; the first stays.")],
    judge: JudgeOption,
    note: NoteOption = "",
    ledger: LedgerOption = DEFAULT_LEDGER,
) -> None:
    """Say that several events of an article are one."""
    with _open(ledger) as store:
        _say(judgements.merge(store, events, judge, note))


@judge_app.command(epilog="Example: diurna judge split 3f9a12c0 --parts 2 --judge anna")
def split(
    event: EventArgument,
    judge: JudgeOption,
    parts: Annotated[int, typer.Option(help="Into how many.")] = 2,
    note: NoteOption = "",
    ledger: LedgerOption = DEFAULT_LEDGER,
) -> None:
    """Say that one event is several; prints the ids of the parts, to be fixed one by one."""
    with _open(ledger) as store:
        done, ids = judgements.split(store, event, judge, parts, note)
    _say(done)
    for part in ids:
        typer.echo(f"  part {part}")


@judge_app.command(epilog="Example: diurna judge withdraw 12 --judge anna")
def withdraw(
    number: Annotated[int, typer.Argument(help="Number of a judgement of yours, as diurna judge list shows it.")],
    judge: JudgeOption,
    note: NoteOption = "",
    ledger: LedgerOption = DEFAULT_LEDGER,
) -> None:
    """Take back a judgement of your own; both stay in the ledger."""
    with _open(ledger) as store:
        _say(judgements.withdraw(store, number, judge, note))


@judge_app.command("list", epilog="Example: diurna judge list --by anna --format csv -o judgements.csv")
def list_judgements(
    by: Annotated[str, typer.Option(metavar="NAME", help="Only this judge's.")] = "",
    article: Annotated[str, typer.Option(metavar="ID", help="Only of this article.")] = "",
    format_: FormatOption = None,
    output: OutputOption = None,
    ledger: LedgerOption = DEFAULT_LEDGER,
) -> None:
    """List judgements in the order in which they were made."""
    with Ledger(ledger, read_only=True) as store:
        found = judgements.judgements_table(judgements.judgements(store, article, by))
    answers.show(found, kind_of(format_, output), output, answers.plain_look)
    if not found.num_rows:
        typer.echo("no judgements", err=True)


@gold_app.command("export", epilog="Example: diurna gold export -o gold/ --judge anna --ledger diurna.duckdb")
def export_gold(
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder; made when it is missing.")],
    judge: Annotated[
        str, typer.Option("--judge", metavar="NAME", help="This judge's reading alone; by default everybody's.")
    ] = "",
    partly: Annotated[bool, typer.Option("--partly", help="Also articles with events that nobody judged.")] = False,
    ledger: LedgerOption = DEFAULT_LEDGER,
) -> None:
    """Write judged articles as gold files that `diurna evaluate articles` reads."""
    from diurna.evaluate.gold import export_gold as write

    with Ledger(ledger, read_only=True) as store:
        done = write(store, output, judge, partly)
    typer.echo(f"{output}: {len(done.files)} articles, {done.events} events")
    for article_id, unseen in done.partial:
        typer.echo(f"left out {article_id}: {unseen} events not judged; judge them, or export with --partly", err=True)


@gold_app.command(epilog="Example: diurna gold agreement --judge anna --judge ben --ledger diurna.duckdb")
def agreement(
    judge: Annotated[
        list[str] | None, typer.Option("--judge", metavar="NAME", help="Whom to compare; everybody by default.")
    ] = None,
    format_: FormatOption = None,
    output: OutputOption = None,
    ledger: LedgerOption = DEFAULT_LEDGER,
) -> None:
    """Say how far judges agree: Krippendorff's alpha of each field, over the events that several of them judged."""
    from diurna.evaluate.agreement import agreement as compare

    with Ledger(ledger, read_only=True) as store:
        found = compare(store, judge or ())
    rows = [{**asdict(item), "alpha": item.alpha if item.alpha is None else round(item.alpha, 4)} for item in found]
    answers.show(pa.Table.from_pylist(rows), kind_of(format_, output), output, answers.plain_look)


def _open(ledger: Path) -> Ledger:
    if not ledger.is_file():
        raise StopRun(f"{ledger}: no such ledger; make one: diurna code REPORT.txt --ledger {ledger}")
    return Ledger(ledger)


def _say(made: Judgement) -> None:
    fixed = f" ({', '.join(made.changes.named)})" if made.changes.named else ""
    typer.echo(f"judgement {made.number}: {made.verdict}{fixed} {made.event_id} by {made.judge}")
