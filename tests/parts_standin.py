"""A stand-in for the coder in worker processes: one event and one quotation an article, and whatever its text says."""

from __future__ import annotations

import json
import os
import signal
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import duckdb

from diurna.ledger.archive import TABLES, Archive
from diurna.records import Article, Event, Mention, Participant, Quote, Result, Stage, Thread, Versions, When, content_id
from diurna.settings import Settings

VERSIONS = Versions("1", "sm", "t")


def result(article: Article) -> Result:
    """Return what the stand-in codes from an article."""
    event = Event(
        content_id("evt", article.id), article.id, "CONSULT", ("meet",), quad=1, score=1.0,
        actors=(Participant("Oslo", ((0, 4),), "Norway", country="NOR", sectors=("GOV",)),),
        recipients=(Participant("Kyiv", (), "Ukraine", country="UKR"),),
        when=When(article.published, article.published, "day"), mentions=(Mention(0, (0, 4), ((0, 4),)),),
    )  # fmt: skip
    quote = Quote(content_id("quo", article.id, ((0, 4),), article.text[:4]), article.id, ((0, 4),), article.text[:4])
    thread = Thread("thr-1", "visit", ("NOR", "UKR"), (Stage(event.id, "hold"),), "open")
    return Result(article, (event,), (quote,), (thread,), VERSIONS)


def obey(pipe: Connection, settings: Settings) -> None:
    """Serve as a worker; the text says whether it is slow or kills it."""
    pipe.send(VERSIONS)
    try:
        while True:
            for article in pipe.recv():
                if "kill" in article.text:
                    os.kill(os.getpid(), signal.SIGKILL)
                time.sleep(0.05 if "slow" in article.text else 0)
                pipe.send(result(article))
    except EOFError:
        return


def write(folder: Path, files: int, articles: int, text: str = "Oslo met Kyiv") -> list[str]:
    """Write JSON Lines files; article n of file m has its own id and day."""
    folder.mkdir(exist_ok=True)
    names = []
    for file in range(files):
        rows: list[dict[str, Any]] = [
            {"id": f"a{file}-{n}", "text": f"{text} {file} {n}.", "published": f"20{10 + n % 3}-0{1 + file % 9}-11"}
            for n in range(articles)
        ]
        path = folder / f"f{file:02}.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        names.append(str(path))
    return names


def records(address: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows that an archive's manifest names, by table, in one order."""
    archive = Archive(address)
    manifest = archive.manifest()
    found = {}
    for table in TABLES:
        paths = [archive.at(path) for path in manifest.paths(table)]
        query = f"SELECT * FROM read_parquet({paths}, hive_partitioning = false) ORDER BY ALL"
        found[table] = duckdb.sql(query).fetchall() if paths else []
    return found
