"""`diurna import`: lines of event data into a ledger, in batches, each of them one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import metadata

from diurna.errors import SkipItem, StopRun
from diurna.imports.losses import Losses, lost
from diurna.imports.mapping import NoRoot, record
from diurna.imports.reading import datasets, read_lines
from diurna.ledger import Ledger, columns, layout
from diurna.ledger.store import Tables
from diurna.records import Article, Event, Versions

BATCH = 20_000
_Pair = tuple[Article, Event]


@dataclass(slots=True)
class Imported:
    """What an import did, by data set: lines read, events stored, lines whose code PLOVER has no root for, bad lines.

    What is neither stored, left out nor bad was in the ledger before. losses: what could not be kept of lines that were read.
    """

    lines: Counter[str] = field(default_factory=Counter)
    stored: Counter[str] = field(default_factory=Counter)
    rootless: Counter[str] = field(default_factory=Counter)
    bad: int = 0
    losses: Losses = field(default_factory=Losses)


def import_files(ledger: Ledger, paths: Iterable[str], report: Callable[[SkipItem], None], dataset: str = "") -> Imported:
    """Read files into a ledger and return what was new; a line that it holds already adds nothing.

    Args:
        ledger: open for writing.
        paths: files of GDELT, ICEWS or POLECAT, plain or packed with gzip or zip; - is standard input.
        report: told of each line and file that cannot be used, with its place.
        dataset: the data set of all of them; judged by their first lines when empty.

    Raises:
        StopRun: no such data set.
    """
    if dataset and dataset not in datasets():
        raise StopRun(f"no data set {dataset!r}; known are {', '.join(datasets())}")
    done = Imported()
    pending: dict[str, list[_Pair]] = {name: [] for name in datasets()}
    for path in paths:
        for item in read_lines(path, dataset, done.losses.note):
            if isinstance(item, SkipItem):
                done.bad += 1
                report(item)
                continue
            place, kind, line = item
            done.lines[kind.name] += 1
            try:
                article, event = record(kind.name, place, line)
                pending[kind.name].append((article, event))
                for what, words in lost(kind.name, line, event):
                    done.losses.note(what, words, place)
            except NoRoot:
                done.rootless[kind.name] += 1
            except ValueError as error:
                done.bad += 1
                report(SkipItem(place, str(error)))
            if len(pending[kind.name]) >= BATCH:
                _store(ledger, kind.name, pending, done)
    for name in datasets():
        _store(ledger, name, pending, done)
    return done


def versions(dataset: str) -> Versions:
    """Return what stands in the place of the coder's versions for an imported data set."""
    try:
        release = metadata.version("diurna")
    except metadata.PackageNotFoundError:
        release = "source"
    return Versions(release, f"import {dataset}", "")


def _store(ledger: Ledger, dataset: str, pending: dict[str, list[_Pair]], done: Imported) -> None:
    run = versions(dataset)
    # Of a line that comes twice, in one file or in two, the first counts.
    first = {article.id: (article, event) for article, event in reversed(pending[dataset])}
    known = ledger.coded(set(first), run.id)
    new = [pair for article_id, pair in sorted(first.items()) if article_id not in known]
    pending[dataset] = []
    if not new:
        return
    codings = [{"run_id": run.id, "article_id": article.id, "boilerplate": [], "notes": []} for article, _ in new]
    ledger.add_tables(
        Tables(
            articles=layout.table([layout.article_row(article) for article, _ in new], layout.ARTICLES),
            versions=layout.table([layout.versions_row(run)], layout.VERSIONS),
            codings=layout.table(codings, layout.CODINGS),
            events=columns.of_events([event for _, event in new], [run.id] * len(new)),
        )
    )
    done.stored[dataset] += len(new)
