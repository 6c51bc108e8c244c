"""`diurna events`, `dyad`, `actor`, `quotes`, `threads`, `new` and `sql`: what one asks a ledger."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from diurna.cli_filters import filtered
from diurna.cli_options import DEFAULT_LEDGER, DEFAULT_LIMIT, FormatOption, LedgerOption, LimitOption, OutputOption, kind_of
from diurna.exports import answers
from diurna.exports.writers import screen
from diurna.ledger import Ledger
from diurna.ledger.filters import EventFilter
from diurna.ledger.questions import PERIODS, SORTS, ThreadFilter
from diurna.ledger.quotations import QuoteFilter


@filtered()
def events(
    chosen: EventFilter,
    sort: Annotated[str, typer.Option(help=f"{', '.join(SORTS)}; with a minus the latest or largest first.")] = "-when",
    limit: LimitOption = None,
    format_: FormatOption = None,
    output: OutputOption = None,
    ledger: LedgerOption = DEFAULT_LEDGER,
) -> None:
    """List the events that fit, newest first."""
    kind = kind_of(format_, output)
    with Ledger(ledger, read_only=True) as store:
        shown = _limit(limit, kind)
        if shown is None:
            found = store.events(chosen, sort)
            total = found.num_rows
        else:
            found, total = store.page(chosen.condition(), sort, shown)
    answers.show(found, kind, output, answers.events_look)
    _say_rest(found, total, "events")


@filtered("since")
def new(
    chosen: EventFilter,
    added_since: Annotated[str, typer.Option("--since", help="When they came: 2024-05-31, 2024-05-31T06:00, 7d, 6h.")] = "1d",
    limit: LimitOption = None,
    format_: FormatOption = None,
    output: OutputOption = None,
    ledger: LedgerOption = DEFAULT_LEDGER,
) -> None:
    """List the events of reports that entered the ledger since a moment, the latest first."""
    kind = kind_of(format_, output)
    with Ledger(ledger, read_only=True) as store:
        found = store.new(added_since, chosen, _limit(limit, kind))
    answers.show(found, kind, output, answers.events_look)
    _say_none(found, "new events")


@filtered("dyad")
def dyad(
    one: Annotated[str, typer.Argument(metavar="PARTY", help="Country (RUS), RUS:MIL, or words of a name.")],
    other: Annotated[str, typer.Argument(metavar="PARTY", help="The other party.")],
    chosen: EventFilter,
    by: Annotated[str, typer.Option(help=f"Period: {', '.join(PERIODS)}.")] = "month",
    plot: Annotated[Path | None, typer.Option(help="Picture to draw: a file .png, .svg or .html.")] = None,
    format_: FormatOption = None,
    output: OutputOption = None,
    ledger: LedgerOption = DEFAULT_LEDGER,
) -> None:
    """Count what two parties did to each other, period by period, with the mean score."""
    with Ledger(ledger, read_only=True) as store:
        found = store.dyad(one, other, by, chosen)
    if plot is not None:
        from diurna.exports.charts import plot_dyad

        plot_dyad(found, f"{one} – {other}, by {by}", plot, by)
    if plot is None or output is not None or format_ is not None:
        answers.show(found, kind_of(format_, output), output, answers.dyad_look)
    _say_none(found, "dated events between them")


@filtered()
def actor(
    name: Annotated[str, typer.Argument(metavar="PARTY", help="Country (RUS), RUS:MIL, or words of a name.")],
    chosen: EventFilter,
    limit: Annotated[int, typer.Option(min=1, help="At most so many rows of each table.")] = 15,
    ledger: LedgerOption = DEFAULT_LEDGER,
) -> None:
    """Show a party: its roles with first and last day, its partners, and what it did and had done to it."""
    with Ledger(ledger, read_only=True) as store:
        facts = store.actor(name, chosen, limit)
    for table in (facts.roles, facts.partners, facts.roots):
        if table.num_rows:
            screen().print(answers.plain_look(table))
    _say_none(facts.roots, f"events of {name}")


def quotes(
    speaker: Annotated[str, typer.Option(help="Words of the speaker's name.")] = "",
    text: Annotated[str, typer.Option(help="Words of the quotation.")] = "",
    since: Annotated[str, typer.Option(help="First day of publication: 2018, 2018-06, 2018-06-14, 7d.")] = "",
    until: Annotated[str, typer.Option(help="Last day of publication.")] = "",
    limit: LimitOption = None,
    format_: FormatOption = None,
    output: OutputOption = None,
    ledger: LedgerOption = DEFAULT_LEDGER,
) -> None:
    """List quotations, the newest report first."""
    kind = kind_of(format_, output)
    with Ledger(ledger, read_only=True) as store:
        found = store.quotes(QuoteFilter(speaker, text, since, until), _limit(limit, kind))
    answers.show(found, kind, output, answers.quotes_look)
    _say_none(found, "quotations")


def threads(
    actor: Annotated[list[str] | None, typer.Option(metavar="PARTY", help="A party of it.")] = None,
    with_: Annotated[list[str] | None, typer.Option("--with", metavar="PARTY", help="Another party of it.")] = None,
    kind: Annotated[str, typer.Option(help="visit, meeting, talks, agreement, aid, sanctions, …")] = "",
    state: Annotated[str, typer.Option(help="open, fulfilled, refused, cancelled or lapsed.")] = "",
    since: Annotated[str, typer.Option(help="Last news not before this day.")] = "",
    limit: LimitOption = None,
    format_: FormatOption = None,
    output: OutputOption = None,
    ledger: LedgerOption = DEFAULT_LEDGER,
) -> None:
    """List undertakings with their stages, open promises and invitations first."""
    written = kind_of(format_, output)
    asked = ThreadFilter((*(actor or ()), *(with_ or ())), kind, state, since)
    with Ledger(ledger, read_only=True) as store:
        found = store.threads(asked, _limit(limit, written))
    answers.show(found, written, output, answers.threads_look)
    _say_none(found, "threads")


def sql(
    query: Annotated[str, typer.Argument(help="One SELECT, or - to read it from standard input.")],
    limit: LimitOption = None,
    format_: FormatOption = None,
    output: OutputOption = None,
    ledger: LedgerOption = DEFAULT_LEDGER,
) -> None:
    """Ask the ledger in SQL. Only reading is possible: no writing, no other files, no extensions."""
    from diurna.ledger.sql import select

    kind = kind_of(format_, output)
    found = select(ledger, sys.stdin.read() if query == "-" else query, _limit(limit, kind))
    answers.show(found, kind, output, answers.plain_look)


def _limit(limit: int | None, kind: str) -> int | None:
    return DEFAULT_LIMIT if limit is None and kind == "table" else limit


def _say_rest(found: pa.Table, total: int, name: str) -> None:
    if found.num_rows < total:
        typer.echo(f"{found.num_rows} of {total} {name}; more with --limit", err=True)
    _say_none(found, name)


def _say_none(found: pa.Table, name: str) -> None:
    if not found.num_rows:
        typer.echo(f"no {name}", err=True)
