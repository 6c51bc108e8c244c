"""HTML pages to articles: the main text with its paragraphs, and title, date, publisher, byline and address from the head."""

from __future__ import annotations

from typing import Any

from diurna.errors import SkipItem
from diurna.intake.decoding import declared_encoding, decode
from diurna.intake.items import Intake, make_article
from diurna.records import Article


def looks_like_html(data: bytes) -> bool:
    """Tell whether bytes begin like a web page."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or b"<html" in head


def read_page(source: str, data: bytes, intake: Intake, charset: str = "") -> Article | SkipItem:
    """Return the article of one web page.

    The title stands as the first line of `Article.text`, where a headline stands in a plain report, and in `Article.title`.

    Args:
        source: name of the file or address, for messages.
        data: the page.
        intake: the user's choices.
        charset: character set that the server named, if any; it wins over the page's own.
    """
    html, remark = decode(data, charset or declared_encoding(data))
    fields = extract_page(html)
    if not fields.get("text"):
        return SkipItem(source, "no article found in this page; save the article itself, or pass its text as .txt")
    return make_article(source, fields, intake, (remark,) if remark else ())


def extract_page(html: str) -> dict[str, object]:
    """Return the fields that a page tells of its article, with trafilatura; an empty dict when it finds no article."""
    # Reading plain text must not pay for lxml.
    from trafilatura import bare_extraction

    # Typed as a document or a dict; a dict only comes when asked for.
    found: Any = bare_extraction(html, with_metadata=True, include_comments=False, include_tables=False)
    body = (found.text or "").strip() if found is not None else ""
    if not body:
        return {}
    title = " ".join((found.title or "").split())
    paragraphs = [line.strip() for line in body.splitlines() if line.strip()]
    if title and (not paragraphs or paragraphs[0] != title):
        paragraphs.insert(0, title)
    return {
        "text": "\n\n".join(paragraphs),
        "title": title,
        "url": found.url or "",
        "publisher": found.sitename or "",
        "byline": found.author or "",
        "published": found.date or "",
    }
