"""`feeds.toml`: which feeds to watch, and how politely."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from diurna.errors import SkipItem, StopRun
from diurna.feeds.addresses import parse

# Ten years: longer times are slips, and the clocks of the system do not reach that far.
_LONGEST = 3653 * 86400.0
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_Chosen = TypeVar("_Chosen", "Manners", "Feed")


@dataclass(frozen=True, slots=True)
class Manners:
    """How to fetch. Times are in seconds; in the file they may be written 30s, 15m, 6h, 2d.

    every: between two rounds. delay: between two requests to one host, at least. timeout: for each connection and each wait.
    total: for one page altogether. recheck, recheck_for: how often, and for how long, a page is looked at again. max_bytes: of
    one page, unpacked. redirects: at most so many in a row. most: entries of a feed, the first ones. agent: the name to go by.
    """

    every: float = 900.0
    delay: float = 5.0
    timeout: float = 20.0
    total: float = 60.0
    recheck: float = 6 * 3600.0
    recheck_for: float = 2 * 86400.0
    max_bytes: int = 5_000_000
    redirects: int = 5
    most: int = 200
    agent: str = "Diurna/0.1 (reads feeds for a ledger of political events)"


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed. pages: fetch the page of each entry; else the entry's own text is the report. publisher: wins over the pages'."""

    url: str
    publisher: str = ""
    pages: bool = True


@dataclass(frozen=True, slots=True)
class Watched:
    """What to watch."""

    feeds: tuple[Feed, ...]
    manners: Manners = field(default_factory=Manners)


def load_feeds(path: Path) -> Watched:
    """Read the file.

    Raises:
        StopRun: it cannot be read, names no feed, one twice, or something that is not known; the message says where.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StopRun(f"{path}: cannot be read ({error.strerror}); it should list feeds, see docs/feeds.md") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StopRun(f"{path}: no TOML ({error})") from error
    strangers = set(found) - {"fetch", "feed"}
    if strangers:
        raise StopRun(f"{path}: unknown part {sorted(strangers)[0]!r}; known are [fetch] and [[feed]]")
    listed = found.get("feed", [])
    if not isinstance(listed, list) or not listed:
        raise StopRun(f'{path}: no feed; add one: [[feed]] with url = "https://…"')
    feeds = tuple(_chosen(Feed, item, f"{path}: feed {number}") for number, item in enumerate(listed, start=1))
    for number, feed in enumerate(feeds, start=1):
        try:
            parse(feed.url)
        except SkipItem as problem:
            raise StopRun(f"{path}: feed {number}: {feed.url!r} is no http or https address") from problem
        if feed.url in [other.url for other in feeds[: number - 1]]:
            raise StopRun(f"{path}: feed {number}: {feed.url} is listed twice")
    return Watched(feeds, _manners(found.get("fetch", {}), f"{path}: [fetch]"))


def _manners(given: Any, place: str) -> Manners:
    found = _chosen(Manners, given, place)
    for name in ("timeout", "total", "max_bytes", "most"):
        if not getattr(found, name):
            raise StopRun(f"{place}: {name} is 0; nothing could be fetched so")
    try:
        found.agent.encode("latin-1")
    except UnicodeEncodeError as error:
        raise StopRun(f"{place}: agent is {found.agent!r}; it is sent to servers, which take Latin letters only") from error
    return found


def _chosen(kind: type[_Chosen], given: Any, place: str) -> _Chosen:
    if not isinstance(given, Mapping):
        raise StopRun(f"{place}: must be a table of names and values")
    known = {entry.name: str(entry.type) for entry in fields(kind)}
    for name in given:
        if name not in known:
            raise StopRun(f"{place}: unknown {name!r}; known are {', '.join(known)}")
    if kind is Feed and "url" not in given:
        raise StopRun(f"{place}: has no url")
    return kind(**{name: _value(value, known[name], f"{place}: {name}") for name, value in given.items()})


def _value(value: Any, kind: str, place: str) -> Any:
    if kind == "bool" and isinstance(value, bool):
        return value
    if kind == "str" and isinstance(value, str) and value.strip() and value.isprintable():
        return value.strip()
    if kind == "int" and isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    span = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd])", value) if kind == "float" and isinstance(value, str) else None
    seconds = float(span[1]) * _UNITS[span[2]] if span else value
    if kind == "float" and isinstance(seconds, (int, float)) and not isinstance(seconds, bool) and 0 <= seconds <= _LONGEST:
        return float(seconds)
    wanted = {
        "bool": "true or false",
        "str": "words",
        "int": "a whole number",
        "float": "a time as 30s, 15m or 6h, of ten years at most",
    }[kind]
    raise StopRun(f"{place} is {value!r}; it must be {wanted}")
