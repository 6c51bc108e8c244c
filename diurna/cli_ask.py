"""`diurna events`, `dyad`, `actor`, `quotes`, `threads`, `new` and `sql`: what one asks a ledger."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from diurna.cli_filters import filtered
from diurna.cli_options import DEFAULT_LEDGER, DEFAULT_LIMIT, FormatOption, LedgerOption, LimitOption, OutputOption, kind_of
from diurna.errors import StopRun
from diurna.exports import answers
from diurna.exports.writers import screen
from diurna.ledger import Ledger
from diurna.ledger.filters import EventFilter, sectors
from diurna.ledger.questions import PERIODS, SORTS, ThreadFilter
from diurna.ledger.quotations import QuoteFilter

_IN_THREADS = "A party of it: a country (RUS), or words of the name of a party without one."


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
        found = store.new(added_since, chosen, _one_more(limit, kind))
    _show(found, _limit(limit, kind), "new events", (kind, output, answers.events_look))


@filtered("dyad")
def dyad(
    one: Annotated[str, typer.Argument(metavar="PARTY", help="Country (RUS), RUS:MIL, or words of a name.")],
    other: Annotated[str, typer.Argument(metavar="PARTY", help="The other party.")],
    chosen: EventFilter,
    by: Annotated[str, typer.Option(help=f"Period: {', '.join(PERIODS)}.")] = "month",
    plot: Annotated[Path | None, typer.Option(help="Picture to draw instead of the table: a file .png, .svg or .html.")] = None,
    format_: FormatOption = None,
    output: OutputOption = None,
    ledger: LedgerOption = DEFAULT_LEDGER,
) -> None:
    """Count what two parties did to each other, period by period, with the mean score."""
    with Ledger(ledger, read_only=True) as store:
        found, left_out = store.dyad_series(one, other, by, chosen)
    if plot is not None and not answers.draw(found, by, f"{one} – {other}, by {by}", plot):
        typer.echo(f"diurna: nothing to draw; {plot} was not written", err=True)
    if plot is None or output is not None or format_ is not None:
        answers.show(found, kind_of(format_, output), output, answers.dyad_look)
    _say_none(found, "dated events between them")
    if left_out:
        earlier = " in the time asked for" if chosen.since else ""
        typer.echo(
            f"diurna: left out {left_out} event{'s' if left_out > 1 else ''} of which the {by}{earlier} is not known", err=True
        )


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
    looks = (answers.roles_look, answers.plain_look, answers.plain_look)
    for table, look in zip((facts.roles, facts.partners, facts.roots), looks, strict=True):
        if table.num_rows:
            screen().print(look(table))
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
        found = store.quotes(QuoteFilter(speaker, text, since, until), _one_more(limit, kind))
    _show(found, _limit(limit, kind), "quotations", (kind, output, answers.quotes_look))


def threads(
    actor: Annotated[list[str] | None, typer.Option(metavar="PARTY", help=_IN_THREADS)] = None,
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
    parties = tuple(_of_thread(name) for name in (*(actor or ()), *(with_ or ())))
    with Ledger(ledger, read_only=True) as store:
        found = store.threads(ThreadFilter(parties, kind, state, since), _one_more(limit, written))
    nothing = "; parties stand in threads by country, and by name only where they have none" if parties else ""
    _show(found, _limit(limit, written), "threads", (written, output, answers.threads_look), nothing)


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
    found = select(ledger, sys.stdin.read() if query == "-" else query, _one_more(limit, kind))
    shown = _limit(limit, kind)
    answers.show(found.slice(0, shown), kind, output, answers.plain_look)
    _say_more(found, shown, "rows")


def _limit(limit: int | None, kind: str) -> int | None:
    return DEFAULT_LIMIT if limit is None and kind == "table" else limit


def _one_more(limit: int | None, kind: str) -> int | None:
    """Return how many rows to ask for: one more than are shown, which tells that there are more."""
    shown = _limit(limit, kind)
    return None if shown is None else shown + 1


def _show(found: pa.Table, shown: int | None, name: str, how: tuple[str, Path | None, answers.Look], nothing: str = "") -> None:
    """Show the first rows of an answer, and say that there are more, or none."""
    answers.show(found.slice(0, shown), *how)
    _say_more(found, shown, name)
    _say_none(found, name, nothing)


def _say_more(found: pa.Table, shown: int | None, name: str) -> None:
    if shown is not None and found.num_rows > shown:
        typer.echo(f"the first {shown} {name}; more with --limit", err=True)


def _of_thread(name: str) -> str:
    """Return a party as threads may be asked for it.

    Raises:
        StopRun: it is asked for with its sector.
    """
    country, colon, sector = name.partition(":")
    if colon and sector.strip().upper() in sectors():
        raise StopRun(f"threads hold countries without sectors; ask for {country or 'a country'} and not {name}")
    return name


def _say_rest(found: pa.Table, total: int, name: str) -> None:
    if found.num_rows < total:
        typer.echo(f"{found.num_rows} of {total} {name}; more with --limit", err=True)
    _say_none(found, name)


def _say_none(found: pa.Table, name: str, why: str = "") -> None:
    if not found.num_rows:
        typer.echo(f"no {name}{why}", err=True)
