"""How long every page of the site takes over a large ledger: the median time of an answer by HTTP on the loopback, and its size.

    python eval/bench/ledger.py --events 5000000 --ledger /tmp/bench.duckdb
    python eval/bench/site.py --ledger /tmp/bench.duckdb -o eval/bench/site.md

Ends with an error when a page takes longer than `FLOOR` seconds or the front page is larger than `LARGEST` bytes.
"""

from __future__ import annotations

import argparse
import os
import platform
import socket
import statistics
import sys
import threading
import time
from http.client import HTTPConnection
from pathlib import Path

import duckdb
import uvicorn

from diurna.ledger import index
from diurna.ledger.publish import Publisher
from diurna.web.app import make_app

RUNS = 5
FLOOR = 0.5
LARGEST = 200_000
PAGES = {
    "the latest day": "/",
    "a day, filtered": "/?day=2015-03-02&quad=4&party=RUS",
    "events": "/events",
    "events of a country": "/events?party=RUS",
    "events of a person": "/events?actor=Leader+55",
    "events of a country's army, one root": "/events?party=RUS:MIL&root=SANCTION",
    "events said by somebody": "/events?said_by=Speaker+77",
    "events in a year, largest score first": "/events?since=2018&until=2018&sort=-score",
    "events at a place": "/events?place=Town+9",
    "events, page 40": "/events?page=40",
    "one event explained": "/events/{event}",
    "one report": "/articles/{article}",
    "dyads": "/dyads?since={recent}",
    "all dyads": "/dyads",
    "a dyad by month": "/dyad?one=RUS&other=PRK",
    "a busy dyad by day": "/dyad?one=AFG&other=ALB&by=day",
    "a dyad of two people": "/dyad?one=Leader+55&other=Leader+77",
    "actors": "/actors",
    "a country": "/actor?name=RUS",
    "the busiest country": "/actor?name=ABK",
    "a person": "/actor?name=Leader+55",
    "a country's army": "/actor?name=RUS:MIL",
    "all armies": "/actor?name=MIL",
    "events of an outlet": "/events?publisher=Gazette+7",
    "events of all armies": "/events?party=MIL",
    "events with a word, in all of the ledger": "/events?text=prisoners77",
    "threads": "/threads",
    "threads of a country": "/threads?party=RUS",
    "quotations": "/quotes",
    "quotations of a speaker": "/quotes?speaker=Speaker+77",
    "map": "/map",
    "map of a year": "/map?since=2024",
    "search for a frequent word": "/search?q=prisoners77",
    "search for words that are nowhere": "/search?q=no+such+words",
    "search for a person": "/search?q=Leader+55",
    "about": "/about",
    "API: events": "/api/events?party=RUS&limit=50",
    "API: dyad": "/api/dyad?one=RUS&other=PRK",
}


def listening(publisher: Publisher) -> tuple[uvicorn.Server, int]:
    """Start the site in a thread; return the server and its port."""
    place = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(make_app(publisher), log_level="warning"))
    threading.Thread(target=server.run, kwargs={"sockets": [place]}, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    return server, place.getsockname()[1]


def ask(port: int, path: str) -> tuple[float, float, float, int]:
    """Return the least and the median seconds of a page, the median seconds that the processor worked for it, and its bytes."""
    times, worked, size = [], [], 0
    for _ in range(RUNS):
        connection = HTTPConnection("127.0.0.1", port, timeout=120)
        start, work = time.perf_counter(), time.process_time()
        connection.request("GET", path)
        answer = connection.getresponse()
        size = len(answer.read())
        times.append(time.perf_counter() - start)
        worked.append(time.process_time() - work)
        connection.close()
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}")
    return min(times), statistics.median(times), statistics.median(worked), size


def main() -> None:
    """Publish a copy, ask for every page, and write the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--ledger", type=Path, required=True)
    arguments.add_argument("-o", "--output", type=Path)
    given = arguments.parse_args()
    publisher = Publisher(given.ledger, index.build)
    try:
        with publisher.reading() as ledger:
            facts = {"event": "", "article": "", "recent": ""}
            columns = "event_id, article_id, when_start"
            row = ledger.con.execute(
                f"SELECT {columns} FROM current_events ORDER BY when_start DESC, event_id LIMIT 1"
            ).fetchall()[0]
            facts = {"event": row[0], "article": row[1], "recent": f"{row[2].year - 1}"}
            total = ledger.count()
        server, port = listening(publisher)
        found = {name: ask(port, path.format(**facts)) for name, path in PAGES.items()}
        server.should_exit = True
        seconds = publisher.edition.seconds
    finally:
        publisher.close()
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    lines = [
        "# Pages of the site over a synthetic ledger",
        "",
        "Made by `python eval/bench/site.py --ledger FILE -o eval/bench/site.md`; the ledger by `eval/bench/ledger.py`.",
        "",
        f"{total:,} events. {os.cpu_count()} cores (load {load} at the end: other work shares them), "
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__}. "
        f"Copying the ledger and making its index took {seconds:.0f} s, once for each newer copy. Median of {RUNS}.",
        "",
        "Where other work shares the cores, the least of the times is nearest to what two free cores would take.",
        "",
        "| page | address | least s | median s | processor s | kB |",
        "|---|---|---|---|---|---|",
        *(
            f"| {name} | `{PAGES[name]}` | {least:.3f} | {median:.3f} | {work:.3f} | {size / 1000:.0f} |"
            for name, (least, median, work, size) in found.items()
        ),
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    if given.output is not None:
        given.output.write_text(text, encoding="utf-8")
    slow = [name for name, (_, median, *_) in found.items() if median > FLOOR]
    large = found["the latest day"][3] > LARGEST
    if slow or large:
        sys.exit(f"above {FLOOR} s: {', '.join(slow) or 'none'}{'; the front page is too large' if large else ''}")


if __name__ == "__main__":
    main()
