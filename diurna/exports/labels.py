"""What a reader sees of an event in any format: its trigger words, its sentence, the names of its participants."""

from __future__ import annotations

from diurna.records import Article, Event, Participant


def trigger_words(event: Event, article: Article) -> list[str]:
    """Return the trigger words of the event's first mention, part by part."""
    spans = event.mentions[0].trigger_spans if event.mentions else ()
    return [article.text[start:end] for start, end in spans]


def sentence(event: Event, article: Article) -> str:
    """Return the sentence of the event's first mention, on one line."""
    if not event.mentions:
        return ""
    start, end = event.mentions[0].sentence_span
    return " ".join(article.text[start:end].split())


def label(participant: Participant) -> str:
    """Return the name of a participant, or its words in the text where no name is known."""
    return participant.name or " ".join(participant.text.split())


def file_name(path: str | None) -> str:
    """Return the last part of a path: whoever gets an answer need not know how somebody's folders are called."""
    return (path or "").replace("\\", "/").rpartition("/")[2]
