"""Bytes to text: finds the character set, and says plainly when bytes are no text at all.

The decoded text is kept as it is (line ends, non-breaking spaces, stray control characters), so that offsets into
`Article.text` are offsets into what the file says. Only a byte order mark is dropped: it belongs to the encoding.
"""

from __future__ import annotations

import codecs
import re

# Longest marks first: the UTF-32 mark begins with the UTF-16 one.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"PAR1", "a Parquet file (its name should end in .parquet)"),
)
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]+)""", re.I
)
_CONTROL = bytes(set(range(32)) - {8, 9, 10, 12, 13, 26, 27}) + b"\x7f"
_CP1252_MARKS = frozenset("‘’“”‚„–—…•·€£¥§©®°´«»½¼¾\u00a0\u00ad")
_SAMPLE = 65_536


def binary_kind(data: bytes) -> str:
    """Return what a non-text file is ("a PDF", "binary data"), or an empty string for text."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if marked_encoding(data) or _unmarked_utf16(data):
        return ""
    sample = data[:_SAMPLE]
    if b"\0" in sample and sample.count(0) > len(sample) // 200:
        return "binary data"
    odd = len(sample) - len(sample.translate(None, _CONTROL))
    return "binary data" if odd > len(sample) // 20 else ""


def marked_encoding(data: bytes) -> str:
    """Return the encoding that a byte order mark names, or an empty string."""
    return next((name for mark, name in _MARKS if data.startswith(mark)), "")


def declared_encoding(data: bytes) -> str:
    """Return the usable encoding that an HTML or XML head declares, or an empty string."""
    match = _DECLARED.search(data[:4096])
    if match is None:
        return ""
    name = (match[1] or match[2]).decode("ascii", "ignore").lower()
    # Browsers read both names as Windows-1252, and pages are written to that.
    name = "cp1252" if name in ("iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii") else name
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""


def decode(data: bytes, declared: str = "") -> tuple[str, str]:
    """Return the text of `data` and a remark (empty when nothing is lost).

    Args:
        data: the bytes of one whole text.
        declared: encoding that the source names; used when the bytes agree with it.
    """
    for name in (marked_encoding(data), "utf-8", declared, _unmarked_utf16(data), western(data)):
        if name:
            try:
                return data.decode(name), ""
            except (UnicodeDecodeError, LookupError):
                continue
    return _damaged(data)


def stream_encoding(sample: bytes) -> str:
    """Return the encoding for a stream, judged by its first bytes (which may end inside a character)."""
    if name := marked_encoding(sample):
        return name
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
        return "utf-8"
    except UnicodeDecodeError:
        return _unmarked_utf16(sample) or western(sample) or _guess(sample) or "cp1252"


def _unmarked_utf16(data: bytes) -> str:
    """Return the UTF-16 flavour when every second byte of Latin text is zero."""
    sample = data[:2000]
    if len(sample) < 8 or (len(data) % 2 and len(data) < _SAMPLE):
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.8 * half and even < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.8 * half and odd < 0.05 * half else ""


def western(data: bytes) -> str:
    """Return cp1252 when every byte above ASCII reads as a typographic mark or an accented letter there.

    English prose has few such bytes, too few for statistics; ISO-8859-2 or KOI8-R names show up as symbols or as long runs.
    """
    try:
        text = data[:_SAMPLE].decode("cp1252")
    except UnicodeDecodeError:
        return ""
    high = [char for char in text if char > "\x7f"]
    plausible = all(char in _CP1252_MARKS or char.isalpha() for char in high)
    return "cp1252" if plausible and len(high) <= max(20, len(text) * 0.05) else ""


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE]).best()
    return best.encoding if best is not None else ""


def _damaged(data: bytes) -> tuple[str, str]:
    """Decode what no strict reading fits: UTF-8 with a few broken bytes, or the best guess."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = sum(1 for char in text if char > "\x7f") - broken
    if broken <= sound:
        return text, f"{broken} damaged characters replaced"
    name = _guess(data) or "cp1252"
    text = data.decode(name, "replace")
    lost = text.count("\ufffd")
    remark = f"character set guessed as {name}"
    return text, f"{remark}; {lost} damaged characters replaced" if lost else remark
