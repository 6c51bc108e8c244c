"""What a request asks for: the events' filter and the page of a list, from the query of an address."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, fields
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import Depends, Query
from pydantic import AfterValidator, Field

from diurna.errors import StopRun
from diurna.ledger.filters import EventFilter
from diurna.web.marks import seen

LONGEST = 500  # characters of a word that is asked for
PER_PAGE = 25
MOST_PAGES = 200
_STEPS = frozenset((".", ".."))
Pairs = list[tuple[str, str]]
Words = Annotated[str, Query(max_length=LONGEST)]
Several = list[Annotated[str, Field(max_length=LONGEST)]]


def _filter(**given: Any) -> EventFilter:
    values = {entry.name: _value(entry.name, entry.default, given[entry.name]) for entry in fields(EventFilter)}
    return EventFilter(**values)


def _value(name: str, default: Any, words: str | list[str]) -> Any:
    """Return a field's value; what a form leaves blank asks for nothing."""
    found = [item.strip() for item in ([words] if isinstance(words, str) else words) if item.strip()]
    if not found:
        return default
    try:
        if name == "quad":
            return tuple(int(item) for item in found)
        if name == "ongoing":
            return {"true": True, "false": False}[found[0].lower()]
        if name == "min_confidence":
            return float(found[0])
    except (ValueError, KeyError) as error:
        raise StopRun(f"{name.replace('_', ' ')} cannot be {found[0]!r}") from error
    if name == "dyad" and len(found) != 2:
        raise StopRun("a dyad has two parties: dyad=RUS&dyad=PRK")
    return tuple(found) if isinstance(default, tuple) else found[0]


def _parameter(name: str, default: Any, about: str) -> inspect.Parameter:
    kind: Any = Several if isinstance(default, tuple) else Words
    blank: Any = [] if isinstance(default, tuple) else ""
    annotation = Annotated[kind, Query(description=about)]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=blank, annotation=annotation)


# FastAPI reads the parameters, and what the API's description says of them, from the signature.
_filter.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
    [_parameter(entry.name, entry.default, entry.metadata["help"]) for entry in fields(EventFilter)]
)
Chosen = Annotated[EventFilter, Depends(_filter)]


def asked(chosen: EventFilter) -> Pairs:
    """Return the filter as it stands in an address; what asks for nothing is left out."""
    found: Pairs = []
    for entry in fields(EventFilter):
        value = getattr(chosen, entry.name)
        if value != entry.default:
            found += [(entry.name, _word(item)) for item in (value if isinstance(value, tuple) else (value,))]
    return found


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def address(path: str, *parts: tuple[str, Any] | list[tuple[str, Any]]) -> str:
    """Return an address on this site from pairs and lists of pairs; pairs without a value are left out."""
    pairs = [pair for part in parts for pair in (part if isinstance(part, list) else [part])]
    query = urlencode([(name, seen(str(value))) for name, value in pairs if value not in ("", None)])
    return f"{_quoted(seen(path))}?{query}" if query else _quoted(seen(path))


def _quoted(path: str) -> str:
    """Return a path for an address; ids may be anything, and browsers fold what looks like the steps of a folder."""
    if not _STEPS.intersection(path.split("/")):
        return quote(path)
    collection, name = path[1:].split("/", 1)
    return f"/{collection}/{quote(name, safe='')}{'%2F' if name in _STEPS else ''}"


def _whole(article_id: str) -> str:
    return article_id[:-1] if article_id in ("./", "../") else article_id


# The id of a report in an address: any words, slashes too.
ArticleId = Annotated[str, AfterValidator(_whole)]


@dataclass(frozen=True, slots=True)
class Paging:
    """The page of a list that is shown, counted from 1."""

    page: int = 1

    @property
    def skip(self) -> int:
        """Rows on the pages before."""
        return (self.page - 1) * PER_PAGE


def _paging(
    page: Annotated[int, Query(ge=1, le=MOST_PAGES, description=f"Page of the list; {PER_PAGE} rows each.")] = 1,
) -> Paging:
    return Paging(page)


Page = Annotated[Paging, Depends(_paging)]
