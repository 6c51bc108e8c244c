"""Measure speed and size, and write eval/bench/scale.md:   python eval/bench/scale.py

Everything is a ratio of processor or wall time within one run, of passes that take turns, so that whatever else the machine
does weighs on both sides alike; the best pass of each counts.
"""

from __future__ import annotations

import os

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import spacy
from gate import lost, passing
from mixed import dense, kept, mixed
from spacy.language import Language

from diurna.batch.cluster import code_on_cluster, dask_client
from diurna.batch.parts import Task
from diurna.batch.pool import Pool, cores
from diurna.coder import Coder
from diurna.intake.items import Intake
from diurna.records import Article
from diurna.settings import Settings

ROOT = Path(__file__).resolve().parent.parent.parent
PASSES = 2
AT_ONCE = 30  # reports in a file for the cluster
Row = tuple[str, str, str, str]


def main() -> None:
    """Run all benchmarks and write the table."""
    rows = [*ratios(), *gate_rows(), *pools(), cold_start()]
    stages = profile()
    (ROOT / "eval" / "bench" / "scale.md").write_text(page(rows, stages), encoding="utf-8")


def take_turns(passes: dict[str, Callable[[], object]], clock: Callable[[], float] = time.process_time) -> dict[str, float]:
    """Return the least seconds of each, over passes that take turns."""
    best: dict[str, float] = {}
    for _ in range(PASSES):
        for name, work in passes.items():
            start = clock()
            work()
            best[name] = min(best.get(name, 1e9), clock() - start)
    return best


def ratios() -> list[Row]:
    """Whole coder against bare spaCy, on dense political news and on mixed news with the gate."""
    bare = spacy.load(Settings().pipeline)
    coders = {"tables": Coder(Settings(model=False)), "model": Coder()}
    gated = {"tables": Coder(Settings(model=False, gate=True)), "model": Coder(Settings(gate=True))}
    news, blend = dense()[:40], list(mixed(60))
    for coder in (*coders.values(), *gated.values()):
        coder.code(news[0])
    took = take_turns(
        {
            "bare": lambda: _parse(bare, news),
            **{name: lambda c=coder: _code(c, news) for name, coder in coders.items()},  # type: ignore[misc]
            "bare mixed": lambda: _parse(bare, blend),
            **{f"{name} gated": lambda c=coder: _code(c, blend) for name, coder in gated.items()},  # type: ignore[misc]
            "tables mixed": lambda: _code(coders["tables"], blend),
            "model mixed": lambda: _code(coders["model"], blend),
        }
    )
    words = sum(len(article.text.split()) for article in news)
    return [
        ("words a second, one core: bare spaCy / tables / model", *_three(words, took), "", ""),
        ("whole coder / bare spaCy, political news, tables only", f"{took['tables'] / took['bare']:.2f}", "1.5", "1.2"),
        ("the same with the learned model", f"{took['model'] / took['bare']:.2f}", "2.2", "1.6"),
        ("bare spaCy / whole coder with gate, mixed news, tables only", _of(took, "bare mixed", "tables gated"), "1.5", "3"),
        ("the same with the learned model", _of(took, "bare mixed", "model gated"), "1.5", "3"),
        ("coder without gate / with gate, mixed news, tables only", _of(took, "tables mixed", "tables gated"), "", ""),
        ("the same with the learned model", _of(took, "model mixed", "model gated"), "", ""),
    ]


def gate_rows() -> list[Row]:
    """What the gate lets by, and the events in what it does not."""
    found, missed = lost(Coder(), kept())
    mixed_found, mixed_missed = lost(Coder(), list(mixed(60, seed=8)))
    return [
        (
            "share of characters that passes the gate: political / mixed news",
            f"{passing(kept()):.2f} / {passing(list(mixed())):.2f}",
            "",
            "",
        ),
        (f"events lost to the gate, political reports kept from it ({found} events)", f"{missed / found:.2%}", "1%", "0.3%"),
        (
            f"events lost to the gate, mixed news ({mixed_found} events)",
            f"{mixed_missed / mixed_found:.2%}",
            "",
            "",
        ),
    ]


def pools() -> list[Row]:
    """Two worker processes against one, and a cluster of two against them, loading left out; the memory of one."""
    news = dense()[:120]
    took: dict[int, float] = {}
    memory, cluster = 0.0, 1e9
    for _ in range(2):
        cluster = min(cluster, _on_cluster(news))
        for count in (1, 2):
            with Pool(Settings(), count) as pool:
                list(pool.pipe(news[:16]))  # all have loaded
                start = time.perf_counter()
                list(pool.pipe(news))
                took[count] = min(took.get(count, 1e9), time.perf_counter() - start)
                memory = max(memory, *(_memory(worker.process.pid) for worker in pool.workers))
    return [
        (f"two workers / one, wall time, {cores()} cores", f"{took[1] / took[2]:.2f}", "1.8", "1.95"),
        ("cluster of two workers / local two workers, reports a second", f"{took[2] / cluster:.2f}", "0.85", "0.95"),
        ("memory of a worker (peak, GB)", f"{memory:.2f}", "1.2", "0.8"),
    ]


def _on_cluster(news: list[Article]) -> float:
    """Return the seconds in which a cluster of two workers codes reports from files into an archive, once it is loaded."""
    with tempfile.TemporaryDirectory() as folder, dask_client("", 2) as client:
        files = []
        for number in range(0, len(news), AT_ONCE):
            file = Path(folder) / f"{number}.jsonl"
            rows = [
                {"id": f"{number}-{k}", "text": a.text, "published": a.published}
                for k, a in enumerate(news[number : number + AT_ONCE])
            ]
            file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
            files.append(str(file))
        code_on_cluster(client, [Task(file, f"{folder}/warm", Settings(), Intake()) for file in files[:2]])
        start = time.perf_counter()
        code_on_cluster(client, [Task(file, f"{folder}/archive", Settings(), Intake()) for file in files])
        return time.perf_counter() - start


def cold_start() -> Row:
    """Wall time of `diurna code` on one sentence, best of five."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "one.txt"
        file.write_text("Turkey expelled three Dutch diplomats on Friday.")
        command = [sys.executable, "-m", "diurna", "code", str(file), "--published", "2017-03-11"]
        best = 1e9
        for _ in range(5):
            start = time.perf_counter()
            subprocess.run(command, cwd=ROOT, check=True, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
            best = min(best, time.perf_counter() - start)
    return ("cold start of `diurna code` on one sentence (s)", f"{best:.2f}", "3", "1.5")


def profile() -> list[tuple[str, float]]:
    """Return each component's share of the time, with the model; the rest is tokenising, litter and freezing."""
    coder, news = Coder(), dense()[:40]
    coder.code(news[0])
    spent: dict[str, float] = {}
    for at, (name, component) in enumerate(list(coder.nlp._components)):
        coder.nlp._components[at] = (name, _Timed(name, component, spent))
    start = time.process_time()
    _code(coder, news)
    whole = time.process_time() - start
    spent["tokens, litter, freezing"] = whole - sum(spent.values())
    return [(name, seconds / whole) for name, seconds in spent.items()]


class _Timed:
    """A component that counts its own seconds."""

    def __init__(self, name: str, component: Callable[..., object], spent: dict[str, float]) -> None:
        self.name, self.component, self.spent = name, component, spent

    def __call__(self, doc: object) -> object:
        start = time.process_time()
        made = self.component(doc)
        self.spent[self.name] = self.spent.get(self.name, 0.0) + time.process_time() - start
        return made


def page(rows: list[Row], stages: list[tuple[str, float]]) -> str:
    """Return the table as Markdown."""
    lines = [
        "# Speed and size",
        "",
        f"Written by `python eval/bench/scale.py` on a machine with {cores()} cores, Python {sys.version.split()[0]}, shared",
        "with other work: passes take turns, ratios are within one run, the best of several passes counts.",
        "",
        "| measure | value | floor | aim |",
        "| --- | --- | --- | --- |",
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
        "Where the time of the whole coder goes, political news, with the model:",
        "",
        "| stage | share |",
        "| --- | --- |",
    ]
    lines += [f"| {name} | {share:.0%} |" for name, share in sorted(stages, key=lambda s: -s[1])]
    return "\n".join(lines) + "\n"


def _parse(nlp: Language, articles: list[Article]) -> None:
    for _ in nlp.pipe((article.text for article in articles), batch_size=256):
        pass


def _code(coder: Coder, articles: list[Article]) -> None:
    for article in articles:
        coder.code(article)


def _three(words: int, took: dict[str, float]) -> tuple[str]:
    return (" / ".join(f"{words / took[name]:,.0f}" for name in ("bare", "tables", "model")),)


def _of(took: dict[str, float], one: str, other: str) -> str:
    return f"{took[one] / took[other]:.2f}"


def _memory(pid: int | None) -> float:
    """Return the peak memory of a process in GB; where the system does not tell, that of this one."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1e6
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    main()
