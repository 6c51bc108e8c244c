"""What people say of the machine's events: rows of their own beside the claims, with who and when; nothing is overwritten.

    with Ledger("diurna.duckdb") as ledger:
        judge(ledger, "3f9a12c0", "accept", "anna")
        judge(ledger, "5b1d77aa", "fix", "anna", Changes(event="ACCUSE", modes=("allege",)))
        merge(ledger, ["91ce02f4", "c07b1a55"], "anna")

Later judgements win over earlier ones, field by field; every one of them stays, and `withdraw` takes one's own back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa

from diurna.errors import StopRun
from diurna.ledger import corrected
from diurna.ledger.changes import Changes, check, check_length
from diurna.ledger.queries import find_article, find_event
from diurna.ledger.replay import Judgement, Standing, in_force, part_id
from diurna.ledger.store import Ledger
from diurna.records import Article, Event, Mention, Span, content_id

MOST_PARTS = 20
LONGEST_JUDGE, LONGEST_NOTE, LONGEST_WORDS = 80, 1000, 500
# A mark, closing quotes, then space; or the end of a paragraph.
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*\s+|\n+")


def judge(ledger: Ledger, event_id: str, verdict: str, by: str, changes: Changes | None = None, note: str = "") -> Judgement:
    """Accept, reject or fix one event.

    Args:
        ledger: open for writing.
        event_id: the id, or its beginning.
        verdict: accept, reject or fix.
        by: name of the judge.
        changes: for `fix`, what is put right.
        note: why, in the judge's own words.

    Returns:
        The judgement as stored; the same verdict given again by the same person returns the first one.

    Raises:
        StopRun: no such event or verdict, no name, nothing to fix, a value that the scheme does not have, or an event that was
            split or merged into another.
    """
    if verdict not in ("accept", "reject", "fix"):
        raise StopRun(f"no verdict {verdict!r}; known are accept, reject, fix; merge, split, add and withdraw have their own way")
    changes = changes or Changes()
    event, run_id = _judgeable(ledger, event_id)
    if (verdict == "fix") != bool(changes.named):
        raise StopRun("say what to fix" if verdict == "fix" else f"{verdict} changes nothing; use fix for that")
    check(changes, event)
    return _record(ledger, event, run_id, Judgement(0, "", by, verdict, "", "", "", changes, note))


def _judgeable(ledger: Ledger, event_id: str) -> tuple[Event, str]:
    """Return an event and its coding, as judgement left it; a rejected one may be an addition or a part, which no coding has."""
    try:
        found = find_event(ledger, event_id)
    except StopRun:
        told = judgements(ledger, event_id=event_id.strip())
        if aside := _aside(ledger, told[0].article_id, told[0].event_id) if told else None:
            return aside.event, aside.run_id
        raise
    aside = _aside(ledger, found.article.id, found.event.id)
    return (aside.event, aside.run_id) if aside else (found.event, found.run_id)


def _aside(ledger: Ledger, article_id: str, event_id: str) -> Standing | None:
    gone = (item for item in standing(ledger, article_id) if not item.stands)
    return next((item for item in gone if item.event.id == event_id), None)


def merge(ledger: Ledger, event_ids: Sequence[str], by: str, note: str = "") -> Judgement:
    """Say that several events of one article are one: the first stays and takes in the tellings of the others.

    Raises:
        StopRun: fewer than two different events, events of different articles, or one that was split or merged away before.
    """
    found = [find_event(ledger, event_id) for event_id in event_ids]
    ids = list(dict.fromkeys(item.event.id for item in found))
    if len(ids) < 2:
        raise StopRun("a merge needs two different events; the first one stays")
    if len({item.article.id for item in found}) > 1:
        raise StopRun("only events of one article can be merged; diurna join finds one event in many articles")
    changes = Changes(others=tuple(ids[1:]))
    return _record(ledger, found[0].event, found[0].run_id, Judgement(0, "", by, "merge", "", "", "", changes, note))


def split(ledger: Ledger, event_id: str, by: str, parts: int = 2, note: str = "") -> tuple[Judgement, list[str]]:
    """Say that one event is several; return the judgement and the ids of the parts, which can then be fixed one by one.

    Raises:
        StopRun: no such event, one that was split or merged away before, or a number of parts outside 2 to `MOST_PARTS`.
    """
    if not 2 <= parts <= MOST_PARTS:
        raise StopRun(f"an event splits into 2 to {MOST_PARTS} parts, not {parts}")
    found = find_event(ledger, event_id)
    made = Judgement(0, "", by, "split", "", "", "", Changes(parts=parts), note)
    done = _record(ledger, found.event, found.run_id, made)
    return done, [part_id(found.event.id, number) for number in range(1, parts + 1)]


def add(ledger: Ledger, article_id: str, words: str, by: str, changes: Changes, note: str = "") -> Judgement:
    """Add an event that the machine missed.

    Args:
        ledger: open for writing.
        article_id: the article.
        words: whole trigger words as they stand in its text, once.
        by: name of the judge.
        changes: the event; `event` must be given.
        note: why.

    Raises:
        StopRun: no such article, the words are not in it or not once, no root, or a value that the scheme does not have.
    """
    article = find_article(ledger, article_id)
    run = ledger.con.execute("SELECT run_id FROM latest WHERE article_id = ?", [article_id]).fetchall()
    if not run or changes.event is None:
        raise StopRun("an added event needs a root, as ACCUSE" if run else f"{article_id} was never coded; code it first")
    start, end = _only_place(article, words)
    mention = Mention(_sentence_number(ledger, article_id, start), sentence_around(article.text, start), ((start, end),))
    told = replace(changes, mentions=(mention,))
    check(told, Event("", article_id, changes.event))
    names = [party.name for party in (*(told.actors or ()), *(told.recipients or ()))]
    event_id = content_id("evt", article_id, changes.event, mention.trigger_spans, names)
    event = Event(event_id, article_id, changes.event)
    return _record(ledger, event, run[0][0], Judgement(0, "", by, "add", "", "", "", told, note))


def _only_place(article: Article, words: str) -> Span:
    check_length("what tells an event", words, LONGEST_WORDS)
    wanted = words.strip()
    places = [found.span() for found in re.finditer(rf"(?<!\w){re.escape(wanted)}(?!\w)", article.text)] if wanted else []
    if len(places) != 1:
        raise StopRun(f"{words!r} stands {len(places)} times in {article.id}; give whole words that stand there once")
    return places[0]


def sentence_around(text: str, place: int) -> Span:
    """Return the span of the sentence that holds a place, by its marks; the coder's own parser is not at hand here."""
    start = max((found.end() for found in _SENTENCE_END.finditer(text, 0, place)), default=0)
    after = _SENTENCE_END.search(text, place)
    end = after.start() + len(after.group().rstrip()) if after else len(text.rstrip())
    return start + (len(text[start:place]) - len(text[start:place].lstrip())), max(end, place)


def _sentence_number(ledger: Ledger, article_id: str, place: int) -> int:
    """Return the number of the sentence, as near as other events of the article tell it."""
    tellings = (mention for item in corrected.standing(ledger.con, article_id) for mention in item.event.mentions)
    return max((mention.sentence for mention in tellings if mention.sentence_span[0] <= place), default=0)


def withdraw(ledger: Ledger, number: int, by: str, note: str = "") -> Judgement:
    """Take back one's own judgement; both stay in the ledger.

    Raises:
        StopRun: no such judgement, somebody else's, or one withdrawn before.
    """
    by = _name(by)
    found = judgements(ledger, number=number)
    if not found or found[0].verdict == "withdraw":
        raise StopRun(f"{ledger.path}: no judgement {number} to withdraw; diurna judge list shows them")
    first = found[0]
    if first.judge != by:
        raise StopRun(f"judgement {number} is {first.judge}'s; only {first.judge} can withdraw it")
    if any(item.changes.withdrawn == number for item in judgements(ledger, first.article_id)):
        raise StopRun(f"judgement {number} has been withdrawn before")
    made = Judgement(0, "", by, "withdraw", first.article_id, first.run_id, first.event_id, Changes(withdrawn=number), note)
    return _write(ledger, made)


def judgements(
    ledger: Ledger, article_id: str = "", by: str = "", number: int | None = None, event_id: str = ""
) -> list[Judgement]:
    """Return judgements in order: all, or those of one article, one judge, one event, or the one of a number."""
    asked = {"article_id": article_id or None, "judge": by or None, "number": number, "event_id": event_id or None}
    given = {name: value for name, value in asked.items() if value is not None}
    condition = " AND ".join(f"{name} = ?" for name in given) or "true"
    return corrected.judgements(ledger.con, condition, list(given.values()))


def standing(ledger: Ledger, article_id: str, by: str = "") -> list[Standing]:
    """Return every event of an article with what was judged of it: by everybody, or by one person.

    One person's reading holds what others had made of an event before that person judged it (`replay.counted`).
    Rejected, merged and split events are among them, with `stands` false.
    """
    return corrected.standing(ledger.con, article_id, by)


def judgements_table(found: Sequence[Judgement]) -> pa.Table:
    """Return judgements as an Arrow table, for the screen and for files."""
    names = ("number", "made_at", "judge", "verdict", "event_id", "article_id", "changes", "note")
    rows = [{name: getattr(item, name) for name in names} | {"changes": item.changes.to_json()} for item in found]
    types = [(name, pa.int64() if name == "number" else pa.string()) for name in names]
    return pa.Table.from_pylist(rows, schema=pa.schema(types))


def _record(ledger: Ledger, event: Event, run_id: str, made: Judgement) -> Judgement:
    """Store a judgement of an event, unless it repeats the last word on it."""
    by = _name(made.judge)
    before = [item for item in in_force(judgements(ledger, event.article_id)) if item.event_id == event.id]
    said = (by, made.verdict, made.changes, made.note)
    if before and (before[-1].judge, before[-1].verdict, before[-1].changes, before[-1].note) == said:
        return before[-1]
    _check_standing(ledger, event.article_id, (event.id, *(made.changes.others or ())))
    return _write(ledger, Judgement(0, "", by, made.verdict, event.article_id, run_id, event.id, made.changes, made.note))


def _name(by: str) -> str:
    name = " ".join(by.split())
    if not name:
        raise StopRun("a judgement needs a name; give --judge NAME")
    check_length("the name of a judge", name, LONGEST_JUDGE)
    return name


def _check_standing(ledger: Ledger, article_id: str, event_ids: Sequence[str]) -> None:
    """Refuse events in whose place others stand: judged again, both would stand."""
    for item in standing(ledger, article_id):
        if item.event.id in event_ids and item.replaced:
            how = "split; judge its parts" if item.fate == "split" else "merged into another; judge that one"
            raise StopRun(f"{item.event.id} was {how}, or withdraw that judgement first (diurna judge list shows it)")


def _write(ledger: Ledger, made: Judgement) -> Judgement:
    check_length("a note", made.note, LONGEST_NOTE)
    row = [made.judge, made.verdict, made.article_id, made.run_id, made.event_id, made.changes.to_json(), made.note]
    with ledger.transaction():
        columns = "(judge, verdict, article_id, run_id, event_id, changes, note)"
        query = f"INSERT INTO judgements {columns} VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING number"
        number = int(ledger.con.execute(query, row).fetchall()[0][0])
        corrected.refresh(ledger.con, [made.article_id])
    return judgements(ledger, number=number)[0]
