"""What every kind of source shares: the choices of a user, and the checks that make an `Article` of loose fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from diurna.errors import SkipItem
from diurna.intake.dates import choose_date, find_dateline, find_url_date
from diurna.intake.english import other_language
from diurna.records import Article

# A report has a few thousand characters. Beyond this, a file is many reports in one, a log or a dump.
MAX_CHARS = 10_000_000
MAX_BYTES = 20_000_000

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a JSONL, CSV or Parquet file holds what. Only `text` must be there."""

    text: str = "text"
    id: str = "id"
    title: str = "title"
    url: str = "url"
    publisher: str = "publisher"
    byline: str = "byline"
    published: str = "published"


@dataclass(frozen=True, slots=True)
class Intake:
    """A user's choices for reading.

    columns: names in tables. published: ISO day that holds for every article and wins over what files say; empty when not given.
    today: day of reading; articles cannot be published after it.
    """

    columns: Columns = Columns()
    published: str = ""
    today: date = field(default_factory=date.today)


def make_article(source: str, fields: Mapping[str, object], intake: Intake, remarks: tuple[str, ...] = ()) -> Article | SkipItem:
    """Return the article that loose fields describe, or the reason why there is none.

    Args:
        source: file, with the line where there are many articles in it; becomes `Article.source_file`.
        fields: by the names of `Article`; `published` in any form, `text` as it must be kept.
        intake: the user's choices.
        remarks: what reading noted already.
    """
    text = fields.get("text")
    problem = _problem(text)
    if problem or not isinstance(text, str):
        return SkipItem(source, problem)
    text = _sound(text)
    url = _string(fields, "url")
    candidates = (
        ("--published", intake.published),
        ("published", fields.get("published")),
        ("dateline", find_dateline(text)),
        ("web address", find_url_date(url)),
    )
    published, refused = choose_date(candidates, intake.today)
    return Article(
        text=text,
        id=_string(fields, "id"),
        url=url,
        title=_string(fields, "title"),
        publisher=_string(fields, "publisher"),
        byline=_string(fields, "byline"),
        published=published,
        source_file=_sound(source),
        remarks=(*remarks, *refused),
    )


def _problem(text: object) -> str:
    """Return why a text cannot be coded, and what to do; empty when it can."""
    if text is None or not isinstance(text, str):
        kind = "nothing" if text is None else type(text).__name__
        return f"the text column holds {kind}; it must hold the words of the report"
    if not text.strip():
        return "empty; nothing to code"
    if len(text) > MAX_CHARS:
        return f"one article of {len(text):,} characters; split it into its reports (at most {MAX_CHARS:,} each)"
    if not any(char.isalpha() for char in text[:100_000]):
        return "no words in it; nothing to code"
    if language := other_language(text):
        return f"written in {language}, and Diurna reads English only; translate it or leave it out"
    return ""


def _string(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _sound(str(value).strip())


def _sound(text: str) -> str:
    """Return the text with lone surrogates (broken JSON escapes) replaced one for one, so that it can be written again."""
    return _SURROGATE.sub("\ufffd", text)
