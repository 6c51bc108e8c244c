"""Events for the eye: a table that fits the terminal, and the explanation of one event with its sentence marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from diurna.exports.labels import label, trigger_words
from diurna.records import Article, Event, Participant, Result, Span, Versions, When

SHOWN_ID = 8

# News text may hold terminal control sequences; none may reach the screen.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def events_table(result: Result) -> Table:
    """Return the events of one article as a table: id, actor, event, recipient, when, status, said by, trigger."""
    title = Text(clean(_title(result.article)))
    table = Table(
        box=box.SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", padding=(0, 1, 0, 0), pad_edge=False
    )
    table.add_column("id", no_wrap=True, style="dim")
    table.add_column("actor", ratio=4, overflow="fold")
    table.add_column("event", style="bold", min_width=8, overflow="fold")
    table.add_column("recipient", ratio=4, overflow="fold")
    table.add_column("when", min_width=11, overflow="fold")
    table.add_column("status", ratio=3, overflow="fold")
    table.add_column("said by", ratio=3, overflow="fold")
    table.add_column("trigger", ratio=3, style="cyan", overflow="fold")
    for event in result.events:
        table.add_row(*(Text(clean(cell)) for cell in event_cells(event, result.article)))
    return table


def event_cells(event: Event, article: Article) -> tuple[str, ...]:
    """Return the cells of one event, in the order of the columns of `events_table`."""
    code = event.event + (f" {'+'.join(event.modes)}" if event.modes else "")
    return (
        short_id(event.id),
        _names(event.actors),
        code,
        _names(event.recipients),
        when(event),
        status(event),
        ", ".join(event.said_by),
        " … ".join(trigger_words(event, article)),
    )


def status(event: Event) -> str:
    """Return what kind of telling it is in the codebook's words (section 4); "actual" when nothing qualifies it."""
    parts = [event.polarity if event.polarity != "affirmed" else "", event.modality if event.modality != "actual" else ""]
    parts += [event.period if event.period != "current" else "", "ongoing" if event.ongoing else ""]
    return ", ".join(part for part in parts if part) or "actual"


def when(event: Event) -> str:
    """Return the date of an event as precisely as it is known ("2018-06-14", "2018-06", "2018"); "~" marks an assumed day."""
    return when_known(event.when)


def when_known(time: When) -> str:
    """Return a date or interval as `when` does."""
    start, end, precision = time.start, time.end, time.precision
    if not start:
        return "–"
    length = {"month": 7, "year": 4, "decade": 4}.get(precision)
    if length:
        return start[:length] + ("s" if precision == "decade" else "")
    day = start if end in ("", start) else f"{start} – {end}"
    return f"~{day}" if time.assumed else day


def short_id(event_id: str) -> str:
    """Return the beginning of an id without its letters; enough for `diurna explain`."""
    return event_id.split("-", 1)[-1][:SHOWN_ID]


def explanation(
    event: Event, article: Article, versions: Versions, alike: Sequence[tuple[str, str, float]] = ()
) -> RenderableType:
    """Return everything that says why an event stands in the ledger (codebook, section 9).

    alike: training sentences of the learned model nearest to the event's: (root and mode, sentence, likeness up to 1).
    """
    parts: list[RenderableType] = [Text(clean(_title(article)), style="bold"), Text()]
    parts += [marked for mention in event.mentions for marked in (_marked(event, article, mention.sentence_span), Text())]
    parts.append(
        Text.assemble(("trigger", "bold reverse cyan"), "  ", ("actor", "bold green"), "  ", ("recipient", "bold magenta"))
    )
    facts = Table(box=box.SIMPLE_HEAD, pad_edge=False, title="What was coded", title_justify="left", title_style="bold")
    facts.add_column("field")
    facts.add_column("value", ratio=1)
    for name, value in _facts(event):
        facts.add_row(name, Text(clean(value)))
    reasons = Table(box=box.SIMPLE_HEAD, pad_edge=False, title="Why", title_justify="left", title_style="bold")
    for column in ("field", "rule", "words"):
        reasons.add_column(column, ratio=1 if column != "field" else None)
    for reason in event.explanation:
        reasons.add_row(*(Text(clean(words)) for words in (reason.field, reason.rule, reason.words)))
    for code, sentence, likeness in alike:
        reasons.add_row(
            *(Text(clean(words)) for words in ("learned from", f"{code.rstrip('/')}, likeness {likeness:.2f}", sentence))
        )
    made_by = (
        f"diurna {versions.diurna} · pipeline {versions.pipeline} · tables {versions.tables} · model {versions.model or 'none'}"
    )
    return Group(*parts, facts, reasons, Text(clean(f"versions: {made_by}"), style="dim"))


def clean(words: str) -> str:
    """Return words on one line without control characters, fit for a terminal."""
    return _CONTROLS.sub(" ", words).strip()


def _facts(event: Event) -> Iterator[tuple[str, str]]:
    yield "event", f"{event.event} {'+'.join(event.modes)}".strip()
    yield "id", event.id
    yield "CAMEO, quad, score", f"{event.cameo or '–'}, {event.quad}, {event.score:+.1f}"
    for role, participants in (("actor", event.actors), ("recipient", event.recipients)):
        for participant in participants:
            yield role, _participant(participant)
    yield "status", f"{event.polarity}, {event.modality}, {event.period}{', ongoing' if event.ongoing else ''}"
    yield "said by", " ← ".join(event.said_by) or "the reporter"
    yield "source", event.source or "–"
    yield (
        "when",
        f"{when(event)} ({event.when.precision}{', assumed' if event.when.assumed else ''}; {event.when.words or 'no words'})",
    )
    yield "where", ", ".join(part for part in (event.where.name, event.where.admin1, event.where.country) if part) or "–"
    if event.quantities:
        yield "how much", ", ".join(f"{name} {value}" for name, value in event.quantities.items())
    if event.contexts:
        yield "contexts", ", ".join(event.contexts)
    if event.stage:
        yield "stage", f"{event.stage} of {event.thread_kind}"
    yield "confidence", f"{event.confidence:.2f}"


def _participant(participant: Participant) -> str:
    known = [part for part in (participant.country, " ".join(participant.sectors), participant.office) if part]
    how = f"; resolved by {participant.resolved_by}" if participant.resolved_by else ""
    said = f"“{participant.text}”" if participant.text and participant.text != participant.name else ""
    return f"{label(participant)} ({', '.join(known) or 'country unknown'}{how}) {said}".strip()


def _marked(event: Event, article: Article, sentence: Span) -> Text:
    """Return a sentence with the trigger and the participants in it marked."""
    start, end = sentence
    text = Text(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", " ", article.text[start:end]))
    for style, participants in (("bold green", event.actors), ("bold magenta", event.recipients)):
        for participant in participants:
            for span in participant.spans:
                _mark(text, span, sentence, style)
    for mention in event.mentions:
        for span in mention.trigger_spans:
            _mark(text, span, sentence, "bold reverse cyan")
    return text


def _mark(text: Text, span: Span, sentence: Span, style: str) -> None:
    start, end = max(span[0], sentence[0]), min(span[1], sentence[1])
    if start < end:
        text.stylize(style, start - sentence[0], end - sentence[0])


def _names(participants: tuple[Participant, ...]) -> str:
    return ", ".join(
        f"{label(item)} ({item.country})" if item.country and item.country != label(item) else label(item)
        for item in participants
    )


def _title(article: Article) -> str:
    words = article.title or next((line.strip() for line in article.text.splitlines() if line.strip()), "")
    words = words if len(words) <= 90 else words[:89] + "…"
    return " · ".join(part for part in (words, article.published or "no date", Path(article.source_file).name) if part)
