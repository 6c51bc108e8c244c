"""Load time and memory of the actor tables, and matching against 60,000 names: python eval/bench/actors.py writes actors.md.

Each figure is the median of five fresh processes (load) or runs (matching), on one core.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PAGE = Path(__file__).parent / "actors.md"
NAMES, RUNS = 60_000, 5
LOAD = """
import json, resource, sys, time
from pathlib import Path
from diurna.actors.base import knowledge
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.perf_counter()
base = knowledge(None, tuple(map(Path, sys.argv[1:])))
seconds = time.perf_counter() - start
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([seconds, after / 1024, (after - before) / 1024, len(base.lexicon)]))
"""
REPORT = (
    "Norway expelled three Russian diplomats on Thursday after police in Bergen arrested a harbour pilot. "
    "Prime Minister Jonas Gahr Store told reporters that the pilot had photographed two frigates for a foreign service. "
    "Moscow called the charge absurd and promised to answer in kind. Fishermen blocked the port for an hour.\n\n"
)


def load(*files: Path) -> list[float]:
    """Return medians of seconds, MiB in all, MiB added and number of keys over fresh processes."""
    runs = []
    for _ in range(RUNS):
        command = [sys.executable, "-c", LOAD, *map(str, files)]
        runs.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    return [statistics.median(column) for column in zip(*runs, strict=True)]


def own_names(folder: Path) -> Path:
    """Write a table of made-up names of two and three words."""
    syllables = ("ba", "ke", "li", "mo", "ru", "sa", "te", "vi", "zo", "dra", "nil", "gor")

    def word(number: int) -> str:
        parts = []
        for _ in range(5):
            number, part = divmod(number, len(syllables))
            parts.append(syllables[part])
        return "".join(parts).capitalize()

    lines = [f"{word(i)} {word(i * 7 + 3)},{'FRA' if i % 2 else 'DEU'},PTY" for i in range(NAMES)]
    path = folder / "names.csv"
    path.write_text("\n".join(["name,country,sectors", *lines]) + "\n", encoding="utf-8")
    return path


def matching(path: Path) -> tuple[float, float, float]:
    """Return seconds for 200 reports: parsing, actors with the built-in names, actors with the user's names too."""
    import spacy

    from diurna.actors.component import ActorFinder
    from diurna.settings import Settings

    nlp = spacy.load(Settings().pipeline)
    texts = [f"{REPORT * 3}Report {i}." for i in range(200)]
    start = time.perf_counter()
    docs = list(nlp.pipe(texts))
    parsing = time.perf_counter() - start
    seconds = []
    for files in ([], [path]):
        runs = []
        for _ in range(RUNS):
            finder = ActorFinder(None, files)
            fresh = [spacy.tokens.Doc(nlp.vocab).from_bytes(doc.to_bytes()) for doc in docs]
            finder.resolve.cache_clear()
            start = time.perf_counter()
            for doc in fresh:
                finder(doc)
            runs.append(time.perf_counter() - start)
        seconds.append(statistics.median(runs))
    return parsing, seconds[0], seconds[1]


def main() -> None:
    """Measure and write the page."""
    os.environ["OMP_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        path = own_names(Path(folder))
        plain, own = load(), load(path)
        parsing, without, with_names = matching(path)
    lines = [
        "# Actor tables: load and matching",
        "",
        "Written by `python eval/bench/actors.py`: one core, median of five; 200 reports of some 190 words.",
        "",
        "| what | seconds | MiB in all | MiB added | keys |",
        "| --- | --- | --- | --- | --- |",
        f"| built-in tables | {plain[0]:.2f} | {plain[1]:.0f} | {plain[2]:.0f} | {plain[3]:,.0f} |",
        f"| and {NAMES:,} names of the user's | {own[0]:.2f} | {own[1]:.0f} | {own[2]:.0f} | {own[3]:,.0f} |",
        "",
        "| 200 reports | seconds | of parsing |",
        "| --- | --- | --- |",
        f"| parsing | {parsing:.2f} | 1 |",
        f"| phrases and actors, built-in names | {without:.2f} | {without / parsing:.3f} |",
        f"| the same with {NAMES:,} names of the user's | {with_names:.2f} | {with_names / parsing:.3f} |",
    ]
    text = "\n".join(lines) + "\n"
    PAGE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
