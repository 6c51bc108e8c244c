"""Judgements beside machine claims: what people say shows everywhere, survives a new coding, and can be taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.actors.resolve import Resolver
from diurna.errors import StopRun
from diurna.exports.exporting import export
from diurna.ledger import Ledger, queries
from diurna.ledger.changes import Changes, parties, party, place, speakers, when
from diurna.ledger.filters import EventFilter
from diurna.ledger.join import join
from diurna.ledger.judgements import add, judge, judgements, merge, split, standing, withdraw
from diurna.records import Article, Event, Mention, Participant, Result, Versions, When, Where

TEXT = "Oslo expelled two envoys of Lima. Lima said Oslo lied. Oslo invited Rome."
ARTICLE = Article(TEXT, id="a1", published="2020-05-02")
NOR, PER, ITA = (
    Participant(name, ((0, 4),), name, country=code, sectors=("GOV",))
    for name, code in (("Norway", "NOR"), ("Peru", "PER"), ("Italy", "ITA"))
)
DAY = When("2020-05-01", "2020-05-01", "day")
EXPEL = Event(
    "evt-1", "a1", "SANCTION", ("expel",), cameo="171", quad=4, score=-5.0, actors=(NOR,), recipients=(PER,), when=DAY,
    mentions=(Mention(0, (0, 33), ((5, 13),)),), confidence=0.4,
)  # fmt: skip
LIED = replace(
    EXPEL, id="evt-2", event="ACCUSE", modes=(), actors=(PER,), recipients=(NOR,), mentions=(Mention(1, (34, 54), ((39, 43),)),)
)
INVITE = replace(
    EXPEL, id="evt-3", event="AGREE", modes=(), recipients=(ITA,), mentions=(Mention(2, (55, 73), ((60, 67),)),),
    thread_kind="visit", stage="invite",
)  # fmt: skip
OLD, NEW = Versions("1", "sm", "t1"), Versions("1", "sm", "t2")


def coded(*events: Event, versions: Versions = OLD) -> Result:
    return Result(ARTICLE, events, (), (), versions)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Ledger(tmp_path / "l.duckdb") as ledger:
        ledger.add([coded(EXPEL, LIED, INVITE)])
    return tmp_path / "l.duckdb"


@pytest.fixture
def ledger(path: Path) -> Ledger:
    return Ledger(path)


def shown(ledger: Ledger, chosen: EventFilter | None = None) -> dict[str, str]:
    """Root of every event that answers show, by id; the same from the flat table and from the records."""
    rows = ledger.events(chosen or EventFilter()).to_pylist()
    if chosen is None:
        assert {row["id"] for row in rows} == {event.id for event in queries.events(ledger)}
    return {row["id"]: row["event"] for row in rows}


def test_what_is_rejected_leaves_every_answer(ledger: Ledger, tmp_path: Path) -> None:
    judge(ledger, "evt-1", "reject", "anna", note="satire")
    assert shown(ledger) == {"evt-2": "ACCUSE", "evt-3": "AGREE"}
    assert ledger.count() == 2
    assert ledger.dyad("NOR", "PER").column("events").to_pylist() == [1]
    assert export(ledger, "gdelt2", tmp_path / "o").lines == 2
    join(ledger)
    assert ledger.con.execute("SELECT count(*) FROM joined_events").fetchall() == [(2,)]
    machine = ledger.con.execute("SELECT event_id FROM machine_events ORDER BY ALL").fetchall()
    assert [row[0] for row in machine] == ["evt-1", "evt-2", "evt-3"]


def test_what_is_accepted_is_sure_and_says_by_whom(ledger: Ledger) -> None:
    judge(ledger, "1", "accept", "  anna  b ")
    (event,) = (event for event in queries.events(ledger) if event.id == "evt-1")
    assert event.confidence == 1.0
    assert event.explanation[-1].rule.startswith("judgement 1: accept by anna b, 20")
    assert shown(ledger, EventFilter(min_confidence=0.9)) == {"evt-1": "SANCTION"}


@pytest.mark.parametrize(("root", "mode", "code"), [("ASSAULT", "aerial", "195"), ("ACCUSE", "allege", "112")])
def test_a_root_that_is_fixed_has_the_code_that_the_coder_gives(ledger: Ledger, root: str, mode: str, code: str) -> None:
    judge(ledger, "evt-1", "fix", "anna", Changes(event=root, modes=(mode,)))
    assert queries.find_event(ledger, "evt-1").event.cameo == code


def test_what_is_fixed_shows_in_questions_and_follows_the_scheme(ledger: Ledger) -> None:
    fixed = Changes(
        event="COERCE", modes=("deport",), actors=(party("Oslo police (NOR:COP)"),), said_by=("Lima",), when=when("2020-04")
    )
    judge(ledger, "evt-1", "fix", "anna", fixed)
    event = queries.find_event(ledger, "evt-1").event
    assert (event.event, event.modes, event.cameo, event.quad, event.score) == ("COERCE", ("deport",), "174", 4, -7.0)
    assert (event.when.start, event.when.end, event.when.precision) == ("2020-04-01", "2020-04-30", "month")
    was = {reason.field: reason.words for reason in event.explanation[-5:]}
    assert was == {
        "event": "was SANCTION",
        "modes": "was expel",
        "actors": "was Norway",
        "said_by": "was none",
        "when": "was 2020-05-01",
    }
    assert shown(ledger, EventFilter(actor=("NOR:COP",), said_by=("lima",), until="2020-04")) == {"evt-1": "COERCE"}
    assert event.recipients == (PER,)


def test_threads_follow_judgements(ledger: Ledger) -> None:
    judge(ledger, "evt-2", "accept", "anna")
    assert ledger.threads().column("state").to_pylist() == ["open"]
    judge(ledger, "evt-3", "reject", "anna")
    assert ledger.threads().num_rows == 0
    assert queries.threads(ledger) == []


def test_a_new_coding_erases_nothing(ledger: Ledger) -> None:
    judge(ledger, "evt-1", "fix", "anna", Changes(recipients=(PER, ITA)))
    judge(ledger, "evt-2", "reject", "anna")
    # The new tables read other parties, and so other ids, from the same words; and one event more.
    other = replace(EXPEL, id="evt-9", recipients=(ITA,), confidence=0.9)
    again = replace(LIED, id="evt-8", actors=(replace(PER, name="Lima"),))
    more = replace(INVITE, id="evt-7", event="CONSULT", mentions=(Mention(2, (55, 73), ((68, 72),)),))
    ledger.add([coded(other, again, INVITE, more, versions=NEW)])
    assert shown(ledger) == {"evt-1": "SANCTION", "evt-3": "AGREE", "evt-7": "CONSULT"}
    assert [party.country for party in queries.find_event(ledger, "evt-1").event.recipients] == ["PER", "ITA"]


def test_a_rejection_holds_for_the_claim_and_not_for_the_words(ledger: Ledger) -> None:
    judge(ledger, "evt-1", "reject", "anna")
    ledger.add([coded(replace(EXPEL, id="evt-9", event="COERCE"), versions=NEW)])
    assert shown(ledger) == {"evt-9": "COERCE"}


def test_an_accepted_event_stays_when_the_machine_no_longer_sees_it(ledger: Ledger) -> None:
    judge(ledger, "evt-1", "accept", "anna")
    ledger.add([coded(versions=NEW)])
    assert shown(ledger) == {"evt-1": "SANCTION"}


def test_merge_and_split(ledger: Ledger) -> None:
    merge(ledger, ["evt-1", "evt-2"], "anna")
    assert shown(ledger) == {"evt-1": "SANCTION", "evt-3": "AGREE"}
    assert len(queries.find_event(ledger, "evt-1").event.mentions) == 2
    _, parts = split(ledger, "evt-1", "ben")
    assert set(shown(ledger)) == {*parts, "evt-3"}
    assert [len(queries.find_event(ledger, part).event.mentions) for part in parts] == [1, 1]
    judge(ledger, parts[1], "fix", "ben", Changes(polarity="negated"))
    assert [row["polarity"] for row in ledger.events(EventFilter(polarity=("negated",))).to_pylist()] == ["negated"]
    ledger.add([coded(EXPEL, versions=NEW)])  # the words of both are judged, so nothing new comes
    assert set(shown(ledger)) == set(parts)


def test_what_the_machine_missed_is_added(ledger: Ledger) -> None:
    told = Changes(event="DISAPPROVE")
    with pytest.raises(StopRun, match="no root 'DISAPPROVE'"):
        add(ledger, "a1", "said Oslo", "anna", told)
    told = Changes(event="REQUEST", actors=(party("PER:GOV"),), when=when("2020-05-02"))
    made = add(ledger, "a1", "said", "anna", told)
    event = queries.find_event(ledger, made.event_id).event
    assert (event.event, event.quad, event.confidence, event.mentions) == (
        "REQUEST",
        3,
        1.0,
        (Mention(1, (34, 54), ((39, 43),)),),
    )
    assert shown(ledger) == {"evt-1": "SANCTION", "evt-2": "ACCUSE", made.event_id: "REQUEST", "evt-3": "AGREE"}
    judge(ledger, made.event_id, "fix", "ben", Changes(recipients=(party("NOR"),)))
    ledger.add([coded(EXPEL, versions=NEW)])
    assert shown(ledger, EventFilter(recipient=("NOR",))) == {made.event_id: "REQUEST"}
    withdraw(ledger, made.number, "anna")
    assert shown(ledger) == {"evt-1": "SANCTION"}
    for words in ("Oslo", "Madrid", " ", "lied. Os"):
        with pytest.raises(StopRun, match="times in a1"):
            add(ledger, "a1", words, "anna", told)


def test_an_added_event_takes_only_the_place_of_a_later_reading(ledger: Ledger) -> None:
    made = add(ledger, "a1", "Lima said Oslo lied", "anna", Changes(event="REQUEST"))
    assert shown(ledger)["evt-2"] == "ACCUSE"
    later = replace(LIED, id="evt-9", event="REQUEST", recipients=())
    ledger.add([coded(EXPEL, LIED, later, INVITE, versions=NEW)])
    assert shown(ledger) == {"evt-1": "SANCTION", "evt-2": "ACCUSE", made.event_id: "REQUEST", "evt-3": "AGREE"}


def test_a_claim_that_stood_beside_a_judged_one_stays(ledger: Ledger) -> None:
    beside = replace(EXPEL, id="evt-4", event="COERCE", modes=())
    ledger.add([coded(EXPEL, beside, versions=NEW)])
    judge(ledger, "evt-1", "accept", "anna")
    ledger.add([coded(beside, versions=replace(NEW, tables="t3"))])
    assert shown(ledger) == {"evt-1": "SANCTION", "evt-4": "COERCE"}


def test_an_acceptance_is_of_the_event_as_it_stood(ledger: Ledger) -> None:
    first = judge(ledger, "evt-1", "fix", "anna", Changes(event="THREATEN"))
    judge(ledger, "evt-1", "accept", "ben")
    judge(ledger, "evt-1", "fix", "carl", Changes(polarity="negated"))
    judge(ledger, "evt-2", "fix", "anna", Changes(event="REQUEST"))

    def reading(who: str) -> dict[str, tuple[str, str, tuple[str, ...]]]:
        return {item.event.id: (item.event.event, item.event.polarity, item.judged) for item in standing(ledger, "a1", who)}

    assert reading("ben")["evt-1"] == ("THREATEN", "affirmed", ("ben",))
    assert reading("carl")["evt-1"] == ("THREATEN", "negated", ("carl",))
    assert reading("ben")["evt-2"] == ("ACCUSE", "affirmed", ()), "ben said nothing of it"
    withdraw(ledger, first.number, "anna")
    assert shown(ledger)["evt-1"] == "THREATEN", "ben accepted it"
    withdraw(ledger, 2, "ben")
    assert shown(ledger)["evt-1"] == "SANCTION"


def test_what_one_judge_made_another_can_accept(ledger: Ledger) -> None:
    made = add(ledger, "a1", "envoys", "anna", Changes(event="REQUEST"))
    _, parts = split(ledger, "evt-1", "anna")
    judge(ledger, made.event_id, "accept", "ben")
    judge(ledger, parts[0], "accept", "ben")
    alone = {item.event.id: (item.stands, item.judged) for item in standing(ledger, "a1", "ben")}
    assert (alone[made.event_id], alone[parts[0]], alone[parts[1]]) == ((True, ("ben",)), (True, ("ben",)), (True, ()))
    assert alone["evt-1"] == (False, ())


def test_the_whole_and_its_parts_never_stand_together(ledger: Ledger) -> None:
    done, parts = split(ledger, "evt-1", "anna")
    merge(ledger, ["evt-2", "evt-3"], "anna")
    for wrong, says in (
        (lambda: judge(ledger, "evt-1", "accept", "ben"), "evt-1 was split; judge its parts"),
        (lambda: split(ledger, "evt-1", "ben", 3), "evt-1 was split"),
        (lambda: judge(ledger, "evt-3", "fix", "ben", Changes(ongoing=True)), "evt-3 was merged into another"),
        (lambda: merge(ledger, [parts[0], "evt-3"], "ben"), "evt-3 was merged"),
    ):
        with pytest.raises(StopRun, match=says):
            wrong()
    assert split(ledger, "evt-1", "anna")[0] == done, "said again, it is the same judgement"
    ledger.con.execute(
        "INSERT INTO judgements (judge, verdict, article_id, run_id, event_id, changes, note) "
        "SELECT 'ben', 'accept', article_id, run_id, event_id, '{}', '' FROM judgements WHERE number = ?",
        [done.number],
    )
    assert {item.event.id for item in standing(ledger, "a1") if item.stands} == {*parts, "evt-2"}, "of an older Diurna"


def test_later_words_win_and_can_be_taken_back(ledger: Ledger) -> None:
    first = judge(ledger, "evt-1", "reject", "anna")
    assert judge(ledger, "evt-1", "reject", "anna") == first
    second = judge(ledger, "evt-1", "accept", "ben")
    assert "evt-1" in shown(ledger)
    withdraw(ledger, second.number, "ben")
    assert "evt-1" not in shown(ledger)
    withdraw(ledger, first.number, "anna")
    assert queries.find_event(ledger, "evt-1").event == EXPEL
    assert [item.verdict for item in judgements(ledger)] == ["reject", "accept", "withdraw", "withdraw"]
    assert [item.verdict for item in judgements(ledger, by="ben")] == ["accept", "withdraw"]


def test_each_judge_can_be_read_alone(ledger: Ledger) -> None:
    judge(ledger, "evt-1", "reject", "anna")
    judge(ledger, "evt-1", "accept", "ben")
    alone = {who: {item.event.id: item.stands for item in standing(ledger, "a1", who)} for who in ("anna", "ben")}
    assert (alone["anna"]["evt-1"], alone["ben"]["evt-1"]) == (False, True)


def test_judgements_survive_in_the_file(path: Path) -> None:
    with Ledger(path) as ledger:
        judge(ledger, "evt-1", "fix", "anna", Changes(where=Where("Oslo", "NOR"), ongoing=True))
    with Ledger(path, read_only=True) as ledger:
        (found,) = judgements(ledger)
        assert (found.judge, found.changes) == ("anna", Changes(where=Where("Oslo", "NOR"), ongoing=True))
        assert shown(ledger, EventFilter(place_country=("NOR",), ongoing=True)) == {"evt-1": "SANCTION"}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (Changes(), "say what to fix"),
        (Changes(event="HUG"), "no root 'HUG'; known are ACCUSE"),
        (Changes(modes=("deport",)), "no mode of SANCTION 'deport'"),
        (Changes(polarity="perhaps"), "affirmed, negated"),
        (Changes(cameo="99"), "no CAMEO code"),
        (Changes(said_by=("",)), "a speaker must have a name"),
        (Changes(said_by=("x" * 201,)), "at most 200 characters, not 201"),
        (Changes(actors=(Participant("x", name="x" * 201),)), "a name has at most 200"),
        (Changes(recipients=(PER,) * 31), "recipients: at most 30 of them, not 31"),
        (Changes(where=Where("x" * 201)), "a place has at most 200"),
    ],
)
def test_a_bad_fix_changes_nothing(ledger: Ledger, changes: Changes, says: str) -> None:
    with pytest.raises(StopRun, match=says):
        judge(ledger, "evt-1", "fix", "anna", changes)
    assert judgements(ledger) == []


def test_other_mistakes_are_one_line(ledger: Ledger) -> None:
    other = Article("Rome met Lima.", id="a2", published="2020-05-02")
    ledger.add([Result(other, (replace(EXPEL, id="evt-5", article_id="a2"),), (), (), OLD)])
    for wrong, says in (
        (lambda: judge(ledger, "evt-1", "accept", " "), "give --judge NAME"),
        (lambda: judge(ledger, "evt-1", "praise", "anna"), "no verdict"),
        (lambda: judge(ledger, "evt-1", "accept", "anna", Changes(cameo="17")), "use fix"),
        (lambda: merge(ledger, ["evt-1", "1"], "anna"), "two different events"),
        (lambda: merge(ledger, ["evt-1", "evt-5"], "anna"), "diurna join"),
        (lambda: split(ledger, "evt-1", "anna", 1), "2 to 20 parts"),
        (lambda: withdraw(ledger, 7, "anna"), "no judgement 7"),
        (lambda: judge(ledger, "evt-1", "accept", "x" * 81), "the name of a judge has at most 80 characters, not 81"),
        (lambda: judge(ledger, "evt-1", "accept", "anna", note="x" * 1001), "a note has at most 1000"),
        (lambda: add(ledger, "a1", "x" * 501, "anna", Changes(event="AID")), "at most 500"),
    ):
        with pytest.raises(StopRun, match=says):
            wrong()
    made = judge(ledger, "evt-1", "accept", "anna")
    with pytest.raises(StopRun, match="anna's"):
        withdraw(ledger, made.number, "ben")


@pytest.mark.parametrize(
    ("words", "name", "country", "sectors"),
    [
        ("Lee Myung-bak (KOR:GOV)", "Lee Myung-bak", "KOR", ("GOV",)),
        ("kor:mil:gov", "South Korea", "KOR", ("MIL", "GOV")),
        ("South Korea", "South Korea", "KOR", ()),
        ("villagers (:CVL)", "villagers", "", ("CVL",)),
        ("Kim Jong-il", "Kim Jong-il", "", ()),
        ("Greenland:GOV", "Greenland", "DNK", ("GOV",)),
        ("GRL", "Greenland", "DNK", ()),
        ("Soviet Union", "Soviet Union", "RUS", ()),
        ("Nikita Khrushchev (SUN:GOV)", "Nikita Khrushchev", "RUS", ("GOV",)),
        ("west germany", "West Germany", "DEU", ()),
        ("RUS", "Russia", "RUS", ()),
    ],
)
def test_parties_in_words(words: str, name: str, country: str, sectors: tuple[str, ...]) -> None:
    found = party(words)
    assert (found.name, found.country, found.sectors) == (name, country, sectors)


def test_a_date_of_a_judge_has_no_words_of_the_report() -> None:
    assert when("2020-05") == When("2020-05-01", "2020-05-31", "month")


def test_what_the_machine_named_may_be_long_and_stay(ledger: Ledger) -> None:
    crowd = tuple(Participant(f"{number}" * 300) for number in range(31))
    ledger.add([coded(replace(EXPEL, actors=crowd), versions=NEW)])
    judge(ledger, "evt-1", "fix", "anna", Changes(actors=(*crowd[1:], PER)))
    assert len(queries.find_event(ledger, "evt-1").event.actors) == 31


@pytest.mark.parametrize("name", ["Soviet Union", "Greenland", "West Germany", "Russia"])
def test_a_judge_writes_what_a_coded_event_says(name: str) -> None:
    day = date(1985, 5, 1) if name != "Russia" else date(2015, 5, 1)
    coded = Resolver().resolve(name, day)
    assert coded is not None
    assert (party(name).name, party(name).country) == (coded.name, coded.country)


def test_none_and_nobody() -> None:
    assert (parties([]), parties(["none"]), speakers(["reporter"]), speakers([])) == (None, (), (), None)
    for words in (["RUS:GOV", "none"], ["None", "none"]):
        with pytest.raises(StopRun, match="none stands alone"):
            parties(words)
    with pytest.raises(StopRun, match="reporter stands alone"):
        speakers(["Ann Lee", "Reporter"])
    assert (place("none"), place("Nuuk (GRL)"), when("unknown"), when("")) == (Where(), Where("Nuuk", "GRL"), When(), None)
    for wrong in (
        lambda: party(" "),
        lambda: party("XYZ:GOV"),
        lambda: party("KOR:ABC"),
        lambda: when("last week"),
        lambda: when("2020/2019"),
    ):
        with pytest.raises(StopRun):
            wrong()


WORDS = st.text(max_size=20)
PARTIES = st.builds(Participant, WORDS, st.just(((1, 2),)), WORDS, WORDS, st.sampled_from(["KOR", ""]), st.tuples(WORDS))


CHANGES = {
    "event": WORDS,
    "modes": st.tuples(WORDS),
    "actors": st.tuples(PARTIES),
    "said_by": st.tuples(WORDS),
    "when": st.builds(When, WORDS, WORDS),
    "where": st.builds(Where, WORDS),
    "others": st.tuples(WORDS),
    "parts": st.integers(),
}


@given(st.builds(Changes, **{name: st.none() | kind for name, kind in CHANGES.items()}))
def test_changes_come_back_from_json_as_they_were(changes: Changes) -> None:
    assert Changes.from_json(changes.to_json()) == changes
