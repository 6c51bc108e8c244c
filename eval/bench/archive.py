"""How long questions take over an archive of N events: Parquet parts as a cluster writes them, then compact.

    python eval/bench/archive.py --events 5000000 --archive /tmp/bench-archive -o eval/bench/archive.md

The events are those of `ledger.py`, one part for every 250,000, with all tables. Each question opens the folder anew.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from ledger import CHUNK, tables

from diurna.ledger import Ledger, current
from diurna.ledger.archive import TABLES, Archive, Commit
from diurna.ledger.filters import EventFilter
from diurna.ledger.upkeep import compact, stored
from diurna.records import Versions

RUNS = 5


def fill(folder: Path, count: int) -> float:
    """Write an archive; return the seconds that it took, without making the rows."""
    archive, spent = Archive(folder), 0.0
    versions = {"diurna": "1", "pipeline": "sm", "tables": "t", "model": ""}
    archive.claim({"run_id": Versions(**versions).id, "versions": versions})
    for first in range(0, count, CHUNK):
        made = tables(first, min(CHUNK, count - first))
        start = time.perf_counter()
        part = f"part{first // CHUNK:06}"
        rows = {name: getattr(made, name) for name in TABLES if name != "current_events"}
        rows["current_events"] = current.flat(made.events, made.articles)
        years = made.articles.select(["article_id"]).append_column("year", pc.year(made.articles["published"]))
        files = [item for name, table in rows.items() for item in _write(folder, name, part, table, years)]
        archive.commit(Commit(part, part, made.codings.num_rows, made.events.num_rows, files=tuple(files)))
        spent += time.perf_counter() - start
    archive.write_manifest()
    return spent


def _write(folder: Path, name: str, part: str, table: pa.Table, years: pa.Table) -> list:  # type: ignore[type-arg]
    with duckdb.connect() as con:
        con.register("made", table)
        con.register("years", years)
        whole = con.sql("SELECT made.*, year FROM made JOIN years USING (article_id) ORDER BY article_id").to_arrow_table()
    files = []
    for year in pc.unique(whole["year"]).to_pylist():
        path = f"{name}/year={year}/{part}.parquet"
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(whole.filter(pc.equal(whole["year"], year)).drop_columns(["year"]), folder / path, compression="zstd")
        files.append(stored(folder, name, path))
    return files


def questions() -> dict[str, Callable[[Ledger], object]]:
    """Return the questions by name."""
    return {
        "dyad RUS PRK --by month": lambda ledger: ledger.dyad("RUS", "PRK"),
        "dyad AFG ALB --by month (a busy dyad)": lambda ledger: ledger.dyad("AFG", "ALB"),
        "dyad AFG ALB --by month --quad 4 (not summed before)": lambda ledger: ledger.dyad(
            "AFG", "ALB", "month", EventFilter(quad=(4,))
        ),
        "dyad AFG ALB --by day --since 2018 --until 2018-06": lambda ledger: ledger.dyad(
            "AFG", "ALB", "day", EventFilter(since="2018", until="2018-06")
        ),
        "one day: events --since 2018-06-14 --until 2018-06-14": lambda ledger: ledger.events(
            EventFilter(since="2018-06-14", until="2018-06-14"), limit=50
        ),
        "events --actor RUS, 50 newest": lambda ledger: ledger.events(EventFilter(actor=("RUS",)), limit=50),
    }


def measure(folder: Path, question: Callable[[Ledger], object]) -> tuple[float, float]:
    """Return the median seconds of opening the folder, and of a question."""
    opened, asked = [], []
    for _ in range(RUNS):
        start = time.perf_counter()
        with Ledger(folder, read_only=True) as ledger:
            opened.append(time.perf_counter() - start)
            start = time.perf_counter()
            question(ledger)
            asked.append(time.perf_counter() - start)
    return statistics.median(opened), statistics.median(asked)


def main() -> None:
    """Make an archive, make it compact, ask both, and write the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--events", type=int, default=5_000_000)
    arguments.add_argument("--archive", type=Path, required=True)
    arguments.add_argument("-o", "--output", type=Path)
    given = arguments.parse_args()
    small = given.archive.with_name(given.archive.name + "-compact")
    lines = []
    if not given.archive.exists():
        spent = fill(given.archive, given.events)
        lines.append(f"Written in {spent:.0f} s by one process: {given.events / spent:,.0f} events/s.")
    if not small.exists():
        start = time.perf_counter()
        compact(given.archive, small)
        lines.append(f"Compact in {time.perf_counter() - start:.0f} s.")
    lines.append(f"{_size(given.archive):,.0f} MB as written, {_size(small):,.0f} MB compact; of these current_events "
                 f"{_size(small / 'current_events'):,.0f} MB.")  # fmt: skip
    made_on = f"{os.cpu_count()} cores, Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    lines.append(f"{made_on}; machine shared with other work.")
    lines += ["", "| question | as written, s | compact, s | opening, compact, s |", "|---|---|---|---|"]
    for name, question in questions().items():
        (_, written), (opened, compacted) = measure(given.archive, question), measure(small, question)
        lines.append(f"| {name} | {written:.3f} | {compacted:.3f} | {opened:.3f} |")
    lines += ["", f"Peak memory of all this: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB."]
    text = "\n".join(lines) + "\n"
    print(text)
    if given.output is not None:
        with given.output.open("a", encoding="utf-8") as stream:
            stream.write(f"\n## {given.events:,} events\n\n{text}")


def _size(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*.parquet")) / 1e6


if __name__ == "__main__":
    main()
