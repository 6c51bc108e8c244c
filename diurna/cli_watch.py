"""The command `diurna watch`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from diurna.errors import SkipItem
    from diurna.feeds.watch import Round
    from diurna.records import Article, Result


def watch(
    feeds: Annotated[Path, typer.Argument(metavar="FEEDS", help="TOML file that lists the feeds (docs/feeds.md).")],
    ledger: Annotated[Path, typer.Option(help="Ledger to store in; made on first use.")],
    once: Annotated[bool, typer.Option("--once", help="Go over the feeds once and stop.")] = False,
    no_model: Annotated[bool, typer.Option("--no-model", help="Do not ask the learned second opinion.")] = False,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Fetch from this machine and from private networks too.")
    ] = False,
) -> None:
    """Read RSS and Atom feeds, fetch their new and changed pages politely, code and store them."""
    try:
        done = _rounds(feeds, ledger, once, no_model, allow_private)
    except KeyboardInterrupt:
        typer.echo("diurna: stopped; what was coded is stored, the rest comes with the next round", err=True)
        raise typer.Exit(130) from None
    _told(done)
    if not done.feeds and not done.pages:
        raise typer.Exit(1)


def _rounds(feeds: Path, ledger: Path, once: bool, no_model: bool, allow_private: bool) -> Round:
    from diurna.batch.solo import Solo
    from diurna.feeds import watch as rounds
    from diurna.feeds.config import load_feeds
    from diurna.feeds.fetcher import Fetcher
    from diurna.settings import load_settings

    watched = load_feeds(feeds)
    solo = Solo(load_settings(model=False if no_model else None))
    fetcher = Fetcher(watched.manners, allow_private)

    def code(article: Article) -> Result | SkipItem:
        return next(solo.pipe([article]))

    if not once:
        rounds.watch(watched, ledger, code, fetcher, _report, _told)
    return rounds.watch_once(watched, ledger, code, fetcher, _report)


def _report(item: SkipItem) -> None:
    line = f"skipped {item}"
    typer.echo("".join(char if char.isprintable() else "?" for char in line), err=True)


def _told(done: Round) -> None:
    typer.echo(
        f"{done.feeds} feeds read, {done.pages} pages; {done.new} new articles, {done.changed} changed, {done.events} events; "
        f"{len(done.skipped)} skipped"
    )
