"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import spacy
import uvicorn
from hypothesis import settings
from spacy.language import Language

from diurna import Article, Coder, Result
from diurna.intake.sources import read_articles
from diurna.ledger import Ledger, index
from diurna.ledger.publish import Publisher
from diurna.settings import Settings
from diurna.tables import DATA
from diurna.web.app import make_app
from diurna.web.guard import Guard
from diurna.web.serving import Following

# No test fails for want of time: a machine may be busy. The same examples on every run of continuous integration; new ones are
# sought at the desk.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The bare spaCy pipeline that Diurna builds on, loaded once."""
    return spacy.load(Settings().pipeline)


@pytest.fixture(scope="session")
def sample_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with the six sample reports coded."""
    path = tmp_path_factory.mktemp("samples") / "samples.duckdb"
    with Ledger(path) as ledger:
        articles = [item for item in read_articles([str(DATA / "samples")]) if isinstance(item, Article)]
        ledger.add(result for result in Coder().pipe(articles) if isinstance(result, Result))
    return path


@contextmanager
def serving(ledger: Path, refresh: float = 3600, guard: Guard | None = None) -> Iterator[str]:
    """Serve a ledger on a free port of the loopback; gives the address. With a guard, people may judge."""
    publisher = Publisher(ledger, index.build)
    place = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(make_app(publisher, guard=guard), log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [place]}, daemon=True)
    with Following(publisher, refresh):
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{place.getsockname()[1]}"
        server.should_exit = True
        thread.join()
    publisher.close()


@pytest.fixture(scope="session")
def site(sample_ledger: Path) -> Iterator[str]:
    """The address of a site over the sample reports."""
    with serving(sample_ledger) as address:
        yield address
