"""What a feed lists, and what an entry's page or own text says as an article. Nothing is fetched here."""

from __future__ import annotations

import calendar
import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import urldefrag, urljoin

import feedparser
from lxml import etree, html

from diurna.errors import SkipItem
from diurna.feeds.config import Feed
from diurna.feeds.http import Response
from diurna.intake.decoding import declared_encoding, decode
from diurna.intake.items import Intake, make_article
from diurna.intake.webpage import extract_page
from diurna.records import Article

_BLOCKS = ("p", "li", "blockquote", "h1", "h2", "h3", "h4")
_PAGES = ("text/html", "application/xhtml+xml", "text/plain", "")
_OPENED = re.compile(r"<(?:\w+:)?(item|entry|rss|feed|rdf|channel)[\s>]", re.I)
_CLOSED = re.compile(r"</(?:\w+:)?(item|entry|rss|feed|rdf|channel)\s*>", re.I)
_OF_ENTRIES = ("item", "entry")


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed. published: ISO day or empty. mark: changes when the feed says anything else of the item. body: HTML."""

    url: str
    title: str
    published: str
    mark: str
    body: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed lists. unread: entries that lead nowhere. problem: why the rest is missing; empty when the feed is whole."""

    entries: list[Entry] = field(default_factory=list)
    unread: list[SkipItem] = field(default_factory=list)
    problem: str = ""


def read_feed(response: Response, most: int) -> Listing:
    """Return the first entries of a feed that have an address, each address once; of a feed cut short those that are whole.

    Raises:
        SkipItem: the page is no feed.
    """
    # Given as a stream, so that the parser never takes the bytes for the name of something to open.
    found = feedparser.parse(BytesIO(response.body), response_headers={"content-type": response.headers.get("content-type", "")})
    if not found.get("version") and not found.entries:
        raise SkipItem(response.url, "this is no RSS or Atom feed; give the address of the feed itself")
    cut, torn = _cut(response.body, str(found.get("encoding") or "utf-8")) if found.bozo else (False, False)
    whole = found.entries[:-1] if torn else found.entries
    entries: dict[str, Entry] = {}
    unread: list[SkipItem] = []
    for item in whole[:most]:
        try:
            entry = _entry(item, response.url)
            entries[entry.url] = entry
        except SkipItem as problem:
            unread.append(problem)
    return Listing(
        list(entries.values()), unread, f"breaks off after {len(whole)} whole entries; read again next time" if cut else ""
    )


def _cut(body: bytes, encoding: str) -> tuple[bool, bool]:
    """Tell whether a feed ends before its end, and whether it does so inside an entry."""
    try:
        text = body.decode(encoding, "replace")
    except LookupError:
        text = body.decode("utf-8", "replace")
    opened = max(((match.start(), match[1].lower()) for match in _OPENED.finditer(text)), default=(-1, ""))
    after = {match[1].lower() for match in _CLOSED.finditer(text, max(opened[0], 0))}
    cut = opened[0] >= 0 and not after.difference(_OF_ENTRIES)
    return cut, cut and opened[1] in _OF_ENTRIES and not after


def page_article(response: Response, entry: Entry, feed: Feed, intake: Intake) -> Article | SkipItem:
    """Return the article of a fetched page; what the page does not say of itself, the feed does."""
    if response.kind not in _PAGES:
        return SkipItem(entry.url, f"this is {response.kind}, no page of text")
    text, remark = decode(response.body, response.charset or declared_encoding(response.body))
    fields = {"text": text.strip()} if response.kind == "text/plain" else extract_page(text)
    if not fields.get("text"):
        return SkipItem(entry.url, "no article found in this page")
    published = entry.published or fields.get("published")
    own = {"url": response.url, "published": published, "publisher": feed.publisher or fields.get("publisher", "")}
    title = fields.get("title") or entry.title
    return make_article(entry.url, {**fields, **own, "title": title}, intake, (remark,) if remark else ())


def entry_article(entry: Entry, feed: Feed, intake: Intake) -> Article | SkipItem:
    """Return the article that an entry itself holds."""
    paragraphs = [line for line in (entry.title, *_paragraphs(entry.body)) if line]
    fields = {"text": "\n\n".join(dict.fromkeys(paragraphs)), "title": entry.title, "url": entry.url}
    return make_article(entry.url, {**fields, "published": entry.published, "publisher": feed.publisher}, intake)


def _entry(item: Any, base: str) -> Entry:
    title = " ".join(_plain(str(item.get("title", ""))).split())
    url = _address(str(item.get("link") or "").strip(), base, f"entry {title[:80]!r}" if title else "an entry without title")
    content = item.get("content") or [{}]
    body = str(content[0].get("value") or item.get("summary", ""))
    # The parser would give the day of publication where there is none of a change, with a warning.
    updated = dict.get(item, "updated", "")
    said = json.dumps([item.get("id", ""), updated, title, body], ensure_ascii=False, default=str)
    mark = hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]
    return Entry(url, title, _day(item.get("published_parsed") or dict.get(item, "updated_parsed")), mark, body)


def _address(link: str, base: str, name: str) -> str:
    if not link:
        raise SkipItem(base, f"{name} has no address; passed over")
    try:
        return urldefrag(urljoin(base, link)).url
    except ValueError as error:
        raise SkipItem(base, f"{name} has the address {link[:200]!r}, which is none; passed over") from error


def _day(parsed: Any) -> str:
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC).date().isoformat() if parsed else ""
    except (ValueError, OverflowError, OSError, TypeError):
        return ""


def _plain(words: str) -> str:
    return " ".join(_paragraphs(words)) if "<" in words else unescape(words)


def _paragraphs(words: str) -> list[str]:
    """Return the paragraphs of a piece of HTML as plain text."""
    if not words.strip():
        return []
    try:
        tree = html.fragment_fromstring(words, create_parent="div")
    except (etree.ParserError, ValueError):
        return []
    blocks = [block for block in tree.iter(*_BLOCKS) if not any(child.tag in _BLOCKS for child in block.iterdescendants())]
    texts = (" ".join(block.text_content().split()) for block in (blocks or [tree]))
    return [text for text in texts if text]
