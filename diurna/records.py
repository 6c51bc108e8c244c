"""Frozen records: the only types that cross package borders, and how their ids are made.

All offsets are Unicode code points into `Article.text` exactly as stored, end exclusive: `text[start:end]` gives the words.
Ids are content hashes, so the same text and the same versions give the same ids on every machine.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

Span = tuple[int, int]
_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=str).encode


def content_id(prefix: str, *parts: object) -> str:
    """Return a stable id: `prefix` and 16 hex digits of the SHA-256 over the parts written as JSON."""
    payload = _json(parts)
    return f"{prefix}-{hashlib.sha256(payload.encode()).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class Article:
    """One report as it came in. `text` is never altered; `title` may be empty when it is the text's first line."""

    text: str
    id: str = ""
    url: str = ""
    title: str = ""
    publisher: str = ""
    byline: str = ""
    published: str = ""  # ISO date or empty
    language: str = "en"
    source_file: str = ""
    remarks: tuple[str, ...] = ()  # what intake noted: an unusable date, damaged characters

    def __post_init__(self) -> None:
        if not self.id:
            object.__setattr__(self, "id", content_id("art", self.text, self.title, self.published))

    @property
    def key(self) -> str:
        """What tells this article from all others, even where the input gave one id twice; journals and parts go by it."""
        return content_id("key", self.id, self.text, self.title, self.published)


@dataclass(frozen=True, slots=True)
class Participant:
    """An actor or recipient (codebook, section 3). `spans` are where the text names it for this event."""

    text: str
    spans: tuple[Span, ...] = ()
    name: str = ""
    entity_id: str = ""
    country: str = ""
    sectors: tuple[str, ...] = ()
    office: str = ""
    resolved_by: str = ""
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class When:
    """Date or interval of an event; ISO days, end inclusive. precision: day, week, month, year, decade, unknown."""

    start: str = ""
    end: str = ""
    precision: str = "unknown"
    words: str = ""
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Where:
    """Place of the event itself, not every place named (codebook, section 6)."""

    name: str = ""
    country: str = ""
    admin1: str = ""
    lat: float | None = None
    lon: float | None = None
    geonames_id: int | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """One telling of an event: the sentence (index in the article, offsets) and the trigger words in it."""

    sentence: int
    sentence_span: Span
    trigger_spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of an explanation: which field it decided, the rule or table row that did, and the words it saw."""

    field: str
    rule: str
    words: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One reported interaction between political actors (codebook, section 1)."""

    id: str
    article_id: str
    event: str
    modes: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    cameo: str = ""
    quad: int = 0
    score: float = 0.0
    actors: tuple[Participant, ...] = ()
    recipients: tuple[Participant, ...] = ()
    reciprocal: bool = False
    polarity: str = "affirmed"
    modality: str = "actual"
    period: str = "current"
    ongoing: bool = False
    said_by: tuple[str, ...] = ()
    source: str = ""
    when: When = field(default_factory=When)
    where: Where = field(default_factory=Where)
    quantities: dict[str, Any] = field(default_factory=dict)
    mentions: tuple[Mention, ...] = ()
    stage: str = ""
    thread_kind: str = ""
    explanation: tuple[Reason, ...] = ()
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation (codebook, section 5). A quotation split by its cue has several spans."""

    id: str
    article_id: str
    spans: tuple[Span, ...]
    text: str
    speaker: str = ""
    cue: str = ""
    addressee: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of a thread: which event, its name ("invite", "cancel") and its date (ISO or empty)."""

    event_id: str
    name: str
    date: str = ""


@dataclass(frozen=True, slots=True)
class Thread:
    """Events about one undertaking between the same parties (codebook, section 8)."""

    id: str
    kind: str
    parties: tuple[str, ...]
    stages: tuple[Stage, ...]
    state: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """What a sentence reports from given actor spans to given recipient spans (`Coder.relate`).

    event is empty when neither the tables nor the model find a relation; opinions lists what each of them said.
    """

    event: str
    mode: str = ""
    cameo: str = ""
    quad: int = 0
    confidence: float = 0.0
    trigger_spans: tuple[Span, ...] = ()
    opinions: dict[str, float] = field(default_factory=dict)
    explanation: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Versions:
    """What coded a text: package, spaCy pipeline, fingerprint of the tables and of the learned model."""

    diurna: str
    pipeline: str
    tables: str
    model: str = ""

    @property
    def id(self) -> str:
        """Stable id of this combination; it keys the runs of a ledger."""
        return content_id("run", self.diurna, self.pipeline, self.tables, self.model)


@dataclass(frozen=True, slots=True)
class Result:
    """Everything coded from one article, with remarks for the user (an unusable date, a text cut off)."""

    article: Article
    events: tuple[Event, ...]
    quotes: tuple[Quote, ...]
    threads: tuple[Thread, ...]
    versions: Versions
    boilerplate: tuple[Span, ...] = ()
    notes: tuple[str, ...] = ()


def to_dict(record: Any) -> dict[str, Any]:
    """Return any record as plain dicts, lists, strings and numbers, ready for JSON."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(record), ensure_ascii=False))
    return plain
