"""Judging on the site over real HTTP: forms change the ledger, pages show it at once, and nobody else can write."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from conftest import serving
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from test_web_pages import ALLOWED, HOSTILE, hostile

from diurna.errors import StopRun
from diurna.ledger import Ledger, queries
from diurna.ledger.filters import EventFilter
from diurna.ledger.judgements import judgements
from diurna.ledger.publish import Publisher
from diurna.records import Event, Participant, When
from diurna.web import desks
from diurna.web.guard import COOKIE, LASTS, Guard, same_origin
from diurna.web.judging import Posted, changes, form_of

TOKEN = "a token that is long enough"
OPEN_TO_REVIEWERS = ALLOWED | {"textarea", "fieldset", "legend", "optgroup"}


class Reviewer:
    """A browser without scripts that fills in the forms of pages."""

    def __init__(self, address: str, name: str = "anna") -> None:
        self.client = httpx.Client(base_url=address, follow_redirects=True, headers={"origin": address})
        self.page = self.fill("/review", name=name, token=TOKEN)

    def get(self, path: str) -> html.HtmlElement:
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text[-600:]
        self.page = html.fromstring(answer.text)
        return self.page

    def form(self, path: str, verdict: str = "", **given: object) -> tuple[str, dict[str, object]]:
        """The first form of a page with a button of this verdict, with what it holds and what is given."""
        page = self.get(path)
        buttons = page.xpath(f"//button[@name='verdict'][@value='{verdict}']") if verdict else page.xpath("//main//button")
        form = buttons[-1].iterancestors("form").__next__()
        held: dict[str, object] = {name: value for name, value in form.form_values() if name != "verdict"}
        return form.get("action"), held | ({"verdict": verdict} if verdict else {}) | given

    def fill(self, path: str, verdict: str = "", status: int = 200, **given: object) -> html.HtmlElement:
        action, fields = self.form(path, verdict, **given)
        answer = self.client.post(action, data=fields)
        assert answer.status_code == (status or answer.status_code), [
            line for line in answer.text.splitlines() if "alert" in line
        ]
        self.page = html.fromstring(answer.text)
        return self.page

    def text(self, path: str) -> str:
        return " ".join(self.get(path).text_content().split())


@pytest.fixture
def path(sample_ledger: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(sample_ledger, tmp_path / "judged.duckdb"))


@pytest.fixture
def address(path: Path) -> Iterator[str]:
    with serving(path, guard=Guard(TOKEN)) as found:
        yield found


@pytest.fixture
def anna(address: str) -> Reviewer:
    return Reviewer(address)


def some_event(path: Path, number: int = 0) -> Event:
    with Ledger(path, read_only=True) as ledger:
        rows = ledger.events(EventFilter(actor=("KOR",), recipient=("PRK",)), "when").to_pylist()
        return queries.find_event(ledger, rows[number]["id"]).event


def test_rejecting_takes_an_event_out_of_every_list_at_once_and_withdrawing_brings_it_back(anna: Reviewer, path: Path) -> None:
    event = some_event(path)
    total = anna.client.get("/api/events").json()["total"]
    page = anna.fill(f"/events/{event.id}", "reject", note="a film review")
    words = page.text_content()
    assert "Judgement 1 is stored" in words
    assert "does not stand: rejected by anna" in words
    assert "a film review" in words
    assert anna.client.get("/api/events").json()["total"] == total - 1
    assert anna.client.get(f"/api/events/{event.id}").json()["stands"] is False
    assert "Set aside by judgement" in anna.text(f"/articles/{event.article_id}")
    anna.fill(f"/events/{event.id}", "withdraw")
    assert anna.client.get("/api/events").json()["total"] == total
    assert "(withdrawn)" in anna.text(f"/events/{event.id}")


def test_fixing_changes_only_the_fields_that_a_judge_changed(anna: Reviewer, path: Path) -> None:
    event = some_event(path)
    known = form_of(event)
    page = anna.fill(
        f"/events/{event.id}", "fix", event="THREATEN", actors=f"{known.actors}\r\nKim Jong-il (PRK:GOV)", recipients="",
        modality="future", when="2008-07", said_by="Lee Myung-bak\nYonhap", where="Seoul (KOR)", note="as the report says",
    )  # fmt: skip
    assert "Judgement 1 is stored" in page.text_content()
    with Ledger(path, read_only=True) as ledger:
        (made,) = judgements(ledger)
        fixed = queries.find_event(ledger, event.id).event
    assert made.judge == "anna"
    assert set(made.changes.named) == {"event", "actors", "recipients", "modality", "when", "said_by", "where"}
    assert fixed.actors[:-1] == event.actors, "parties that stay keep their words in the text"
    assert (fixed.actors[-1].name, fixed.actors[-1].country, fixed.recipients) == ("Kim Jong-il", "PRK", ())
    assert (fixed.event, fixed.modality, fixed.said_by) == ("THREATEN", "future", ("Lee Myung-bak", "Yonhap"))
    assert (fixed.when.start, fixed.when.end, fixed.where.country) == ("2008-07-01", "2008-07-31", "KOR")
    assert "threaten" in anna.text(f"/articles/{event.article_id}").lower()
    assert event.id in anna.client.get("/events?root=THREATEN").text


def test_accepting_from_the_report_comes_back_to_the_report(anna: Reviewer, path: Path) -> None:
    event = some_event(path)
    page = anna.get(f"/articles/{event.article_id}")
    (form,) = page.xpath(f"//article[@id='{event.id}']//form[.//button[@value='accept']]")
    answer = anna.client.post(form.get("action"), data=dict(form.form_values()) | {"verdict": "accept"})
    assert answer.url.path == f"/articles/{event.article_id}"
    assert "accepted by anna" in " ".join(answer.text.split())


def test_an_event_that_was_missed_is_added_from_its_report(anna: Reviewer, path: Path) -> None:
    article = some_event(path).article_id
    with Ledger(path, read_only=True) as ledger:
        text = queries.find_article(ledger, article).text
        taken = [span for event in queries.events(ledger) for mention in event.mentions for span in mention.trigger_spans
                 if event.article_id == article]  # fmt: skip
    free = (found for found in re.finditer(r"\w{7,}", text) if not any(found.start() < b and a < found.end() for a, b in taken))
    words = next(found[0] for found in free if text.count(found[0]) == 1)
    before = len(anna.get(f"/articles/{article}").xpath("//article[@class='card']"))
    (form,) = anna.get(f"/articles/{article}").xpath("//form[@aria-label='Add an event']")
    held = dict(form.form_values())
    wrong = anna.client.post(form.get("action"), data=held | {"words": "nowhere at all", "event": "AID", "actors": "NOR:GOV"})
    assert wrong.status_code == 400
    page = html.fromstring(wrong.text)
    assert "stands 0 times" in page.xpath("//section[@id='missed']//p[@role='alert']")[0].text_content()
    assert page.get_element_by_id("m-actors").text.strip() == "NOR:GOV"
    assert len(page.xpath("//article[@class='card']")) == before
    both = anna.client.post(form.get("action"), data=held | {"words": words, "event": "AID", "recipients": "NOR:GOV\nnone"})
    assert both.status_code == 400
    assert "none stands alone" in both.text
    given = {"words": words, "event": "AID", "actors": "NOR:GOV\nNansen (NOR)", "recipients": "SDN", "when": "2018-06"}
    done = anna.client.post(form.get("action"), data=held | given)
    place = done.history[0].headers["location"]
    cards = html.fromstring(done.text).xpath("//article[@class='card']")
    assert len(cards) == before + 1
    (card,) = [card for card in cards if card.get("id") == place.split("#")[1]]
    assert "Nansen" in card.text_content()
    with Ledger(path, read_only=True) as ledger:
        (made,) = judgements(ledger, event_id=card.get("id"))
        event = queries.find_event(ledger, card.get("id")).event
    assert (made.verdict, made.judge) == ("add", "anna")
    assert (event.event, [one.country for one in event.actors], event.when.start) == ("AID", ["NOR", "NOR"], "2018-06-01")
    assert text[slice(*event.mentions[0].trigger_spans[0])] == words


def test_a_missed_event_is_added_by_reviewers_only(address: str, anna: Reviewer, path: Path) -> None:
    article = some_event(path).article_id
    assert "Add an event" not in httpx.get(f"{address}/articles/{article}").text
    given = {"words": "x", "event": "AID"}
    assert httpx.post(f"{address}/articles/{article}/judge", data=given, headers={"origin": address}).status_code == 401
    assert anna.client.post(f"/articles/{article}/judge", data=given).status_code == 403


def test_merging_and_splitting(anna: Reviewer, path: Path) -> None:
    first = some_event(path)
    with Ledger(path, read_only=True) as ledger:
        others = [event for event in queries.events(ledger) if event.article_id == first.article_id and event.id != first.id]
    anna.fill(f"/events/{first.id}", "merge", others=[others[0].id])
    assert "merged by anna" in anna.text(f"/events/{others[0].id}")
    assert len(anna.get(f"/events/{first.id}").cssselect(".sentence")) == len(first.mentions) + len(others[0].mentions)
    anna.fill(f"/events/{others[1].id}", "split", parts="3")
    assert "does not stand: split by anna" in anna.text(f"/events/{others[1].id}")
    with Ledger(path, read_only=True) as ledger:
        stands = [event for event in queries.events(ledger) if event.article_id == first.article_id]
    assert len(stands) == len(others) + 1 - 1 - 1 + 3
    cards = anna.get(f"/articles/{first.article_id}").cssselect("article.card")
    assert {card.get("id") for card in cards} == {event.id for event in stands}


@pytest.mark.parametrize(
    ("verdict", "given", "words"),
    [
        ("fix", {}, "say what to fix"),
        ("fix", {"actors": "KOR:NOPE"}, "no sector"),
        ("fix", {"actors": "RUS:GOV\nNone"}, "none stands alone"),
        ("fix", {"recipients": "none\nnone"}, "none stands alone"),
        ("fix", {"said_by": "reporter\nYonhap"}, "reporter stands alone"),
        ("fix", {"event": "NOPE"}, "no root"),
        ("fix", {"event": ""}, "must not be empty"),
        ("fix", {"polarity": ""}, "must not be empty"),
        ("fix", {"when": "yesterday"}, "cannot read the date"),
        ("fix", {"mode": "expel", "event": "AID"}, "no mode of AID"),
        ("fix", {"cameo": "99999"}, "no CAMEO code"),
        ("merge", {"others": []}, "two different events"),
        ("split", {"parts": "1"}, "2 to 20"),
        ("fix", {"actors": "\n".join(f"party {number}" for number in range(2000))}, "actors: at most 30"),
        ("fix", {"said_by": "x" * 201}, "at most 200"),
        ("split", {"parts": "९"}, "must be a number"),
    ],
)
def test_mistakes_are_said_on_the_page_and_store_nothing(
    anna: Reviewer, path: Path, verdict: str, given: dict[str, object], words: str
) -> None:
    event = some_event(path)
    page = anna.fill(f"/events/{event.id}", verdict, 400, note="kept words", **given)
    assert words in page.cssselect("[role=alert]")[0].text_content()
    assert page.cssselect("#j-note-2")[0].get("value") == "kept words"
    with Ledger(path, read_only=True) as ledger:
        assert judgements(ledger) == []


def test_an_event_that_changed_meanwhile_is_not_judged_unseen(anna: Reviewer, address: str, path: Path) -> None:
    event = some_event(path)
    action, fields = anna.form(f"/events/{event.id}", "reject")
    ben = Reviewer(address, "ben")
    ben.fill(f"/events/{event.id}", "fix", event="THREATEN")
    answer = anna.client.post(action, data=fields)
    assert answer.status_code == 409
    assert "has changed since" in answer.text
    assert anna.client.post(action, data={**fields, "verdict": "withdraw", "number": "1"}).status_code == 400, "ben's judgement"


def test_a_ledger_that_another_program_holds_asks_to_try_again(anna: Reviewer, path: Path) -> None:
    event = some_event(path)
    hold = f"import sys, duckdb; c = duckdb.connect({str(path)!r}); print('held', flush=True); sys.stdin.read()"
    process = subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        page = anna.fill(f"/events/{event.id}", "fix", 503, event="THREATEN", note="kept words")
        alert = page.cssselect("[role=alert]")[0].text_content()
        assert "another program" in alert
        assert "nothing was stored; try again" in alert
        assert str(path.parent) not in page.text_content()
        assert page.cssselect("#j-event option[selected]")[0].text == "THREATEN"
    finally:
        process.communicate()
    anna.fill(f"/events/{event.id}", "reject")
    assert "rejected by anna" in anna.text(f"/events/{event.id}")


def test_a_large_ledger_shows_the_judged_report_before_the_next_copy(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "QUICK", -1.0)
    event = some_event(path)
    with serving(path, guard=Guard(TOKEN)) as address:
        anna = Reviewer(address)
        page = anna.fill(f"/events/{event.id}", "split")
        assert "Lists and counts follow" in page.text_content()
        assert anna.client.get(f"/api/events/{event.id}").json()["stands"], "no newer copy was taken"
        parts = [card.get("id") for card in anna.get(f"/articles/{event.article_id}").cssselect("article.card")]
        assert event.id not in parts
        (part, *_) = [card for card in parts if anna.client.get(f"/api/events/{card}").status_code == 404]
        anna.fill(f"/events/{part}", "fix", event="THREATEN")
        assert "THREATEN" in anna.get(f"/events/{part}").cssselect("h1 .root")[0].text_content()


def test_only_the_token_opens_the_desk(address: str, path: Path) -> None:
    event = some_event(path)
    with httpx.Client(base_url=address, headers={"origin": address}) as client:
        page = client.get(f"/events/{event.id}").text
        assert "Give the token" in page
        assert 'method="post"' not in page
        for token in ("", "wrong", TOKEN[:-1], "\u0000é" * 40):
            answer = client.post("/review/login", data={"name": "eve", "token": token})
            assert answer.status_code == 403
            assert "set-cookie" not in answer.headers
            assert "not the token" in answer.text
        for name in ("", "x" * 81):
            assert client.post("/review/login", data={"name": name, "token": TOKEN}).status_code == 403
        answer = client.post("/review/login", data={"name": "anna", "token": TOKEN, "next": f"/events/{event.id}"})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/events/{event.id}")
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert TOKEN not in cookie
        assert client.get("/review").headers["cache-control"] == "no-store"
        form = html.fromstring(client.get("/review").text).xpath("//main//input[@name='form']")[0].get("value")
        assert client.post("/review/logout", data={"form": form}).status_code == 303
        assert "Give the token" in client.get(f"/events/{event.id}").text


@pytest.mark.parametrize(
    "place", ["//evil.example", "https://evil.example/", "/\\evil.example", "/events/\r\nset-cookie: a=b", "x"]
)
def test_logging_in_leads_nowhere_else(address: str, place: str) -> None:
    answer = httpx.post(f"{address}/review/login", data={"name": "a", "token": TOKEN, "next": place}, headers={"origin": address})
    assert (answer.status_code, answer.headers["location"]) == (303, "/review")


def test_writing_needs_pass_form_and_a_page_of_this_site(anna: Reviewer, address: str, path: Path) -> None:
    event = some_event(path)
    action, fields = anna.form(f"/events/{event.id}", "reject")
    good = anna.client.cookies[COOKIE]
    ben = Reviewer(address, "ben").client.cookies[COOKIE]
    name, made, mark = good.split(".")
    passes = ["", "x", "..", f"{name}.{made}.", f"{name}.{made}.{mark[::-1]}", f"{name}.{int(made) + 1}.{mark}", "é.1.2"]
    with httpx.Client(base_url=address) as client:
        for given_pass in passes:
            headers = {"origin": address, "cookie": f"{COOKIE}={given_pass}".encode()}
            assert client.post(action, data=fields, headers=headers).status_code == 401, given_pass
        cookie = {"cookie": f"{COOKIE}={good}"}
        for headers in (
            {}, {"origin": "null"}, {"origin": "https://evil.example"}, {"origin": f"{address}.evil.example"},
            {"origin": "http://["}, {"origin": address, "sec-fetch-site": "cross-site"}, {"sec-fetch-site": "none"},
            {"origin": address, "sec-fetch-site": "same-site"}, {"sec-fetch-site": "same-origin"},
            {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
        ):  # fmt: skip
            assert client.post(action, data=fields, headers=cookie | headers).status_code == 403, headers
        own = cookie | {"origin": address}
        for form in ("", "x", "é"):
            assert client.post(action, data=fields | {"form": form}, headers=own).status_code == 403
        other = {"cookie": f"{COOKIE}={ben}", "origin": address}
        assert client.post(action, data=fields, headers=other).status_code == 403, "the form of another judge"
        assert client.post(action, json=fields, headers=own).status_code == 415
        assert client.post(action, data=fields | {"note": "x" * 70_000}, headers=own).status_code == 413
        headers = own | {"content-type": "application/x-www-form-urlencoded"}
        assert client.post(action, content=b"form=%ff", headers=headers).status_code == 400
        assert client.post(action, content=b"&".join([b"a=b"] * 300), headers=headers).status_code == 400
        assert client.post("/events/evt-none/judge", data=fields, headers=own).status_code == 404
        assert client.get(action, headers=own).status_code == 405
    with Ledger(path, read_only=True) as ledger:
        assert judgements(ledger) == []


def test_without_review_no_address_writes(site: str, sample_ledger: Path) -> None:
    event = some_event(sample_ledger)
    for place in (f"/events/{event.id}/judge", "/review/login", "/review/logout", "/review", f"/events/{event.id}", "/"):
        assert httpx.post(site + place, data={"verdict": "reject"}, headers={"origin": site}).status_code in (404, 405)
    assert httpx.get(f"{site}/review").status_code == 404
    page = httpx.get(f"{site}/events/{event.id}").text
    assert "Judgement" not in page
    assert "Review" not in page


def test_a_pass_is_good_for_its_time_and_token_only() -> None:
    now = [1000.0]
    guard = Guard(TOKEN, lambda: now[0])
    given_pass = guard.pass_for("  Anna  Ä. ")
    assert guard.holder(given_pass) == "Anna Ä."
    assert Guard("another token of some length", lambda: now[0]).holder(given_pass) == ""
    now[0] += LASTS
    assert guard.holder(given_pass) == ""
    now[0] = 0
    assert guard.holder(given_pass) == "", "made in the future"
    with pytest.raises(StopRun, match="at least 16"):
        Guard("short")
    with pytest.raises(StopRun, match="has 5 characters"):
        Guard(f"short{' ' * 20}")
    assert Guard(f" {TOKEN}\n").admits(TOKEN)


@given(st.text())
def test_no_words_are_a_pass(words: str) -> None:
    guard = Guard(TOKEN)
    assert guard.holder(words) == ""
    assert not guard.admits(words)
    assert not guard.made(guard.pass_for("anna"), words)


@given(st.text(), st.text())
def test_only_this_host_is_the_same_origin(origin: str, host: str) -> None:
    assert not same_origin({"origin": origin, "host": "diurna.local:8765"})
    assert not same_origin({"origin": "http://diurna.local", "host": host}) or host.lower() == "diurna.local"
    assert same_origin({"origin": "http://diurna.local:8765", "host": "diurna.local:8765"})


@given(
    st.lists(st.builds(Participant, st.text(min_size=1), name=st.text(), country=st.sampled_from(["", "KOR", "PRK"]),
                       sectors=st.lists(st.sampled_from(["GOV", "MIL"]), unique=True).map(tuple)), max_size=3).map(tuple),
    st.lists(st.text(), max_size=3).map(tuple),
    st.sampled_from([When(), When("2018-06-01", "2018-06-30", "month", "in June"), When("2018-06-01", "2018-06-07", "week"),
                     When("2018-06-14", "2018-06-14", "day", "", True), When("2010-01-01", "2019-12-31", "decade")]),
)  # fmt: skip
def test_a_form_sent_as_it_was_shown_changes_nothing(people: tuple[Participant, ...], said: tuple[str, ...], day: When) -> None:
    event = replace(Event("evt-1", "a", "ACCUSE"), actors=people, recipients=people[::-1], said_by=said, when=day)
    form = form_of(event)
    shown = tuple(
        (name, str(getattr(form, name)).replace("\n", "\r\n")) for name in form.__dataclass_fields__ if name != "others"
    )
    assert changes(event, Posted(shown)).named == ()


@pytest.fixture(scope="module")
def hostile_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("hostile") / "<b>judged.duckdb"
    with Ledger(path) as ledger:
        ledger.add(hostile(words, number) for number, words in enumerate(HOSTILE))
    with serving(path, guard=Guard(TOKEN)) as address:
        yield address


def harmless(page: html.HtmlElement) -> None:
    for element in page.iter():
        assert element.tag in OPEN_TO_REVIEWERS, element.tag
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            if name in ("href", "action", "src"):
                assert re.match(r"(/(?!/)|#|https?://)", value), value


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_words_of_reports_and_judges_stay_words(hostile_address: str, number: int) -> None:
    words = HOSTILE[number]
    eve = Reviewer(hostile_address, words)
    shown = html.fromstring(eve.client.get("/review").text)
    harmless(shown)
    # Words with brackets and colons may be no parties; the page that says so holds them too.
    given = {"actors": f"Someone\r\n{words}", "note": words, "said_by": words}
    harmless(eve.fill(f"/events/evt-{number}", "fix", 0, **given))
    harmless(eve.fill(f"/events/evt-{number}", "accept", note=words))
    for path in (f"/events/evt-{number}", "/review", f"/review?by={words}" if words.isalnum() else "/review", "/events"):
        harmless(eve.get(path))
    assert eve.client.get(f"/api/events/evt-{number}").json()["judgements"][-1]["verdict"] == "accept"
    refused = eve.fill(f"/events/evt-{number}", "fix", 400, when=words, note=words)
    harmless(refused)


def test_serve_review_says_the_token(sample_ledger: Path) -> None:
    command = [sys.executable, "-m", "diurna", "serve", "--ledger", str(sample_ledger), "--port", "0", "--review"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        said = [process.stderr.readline() for _ in range(2)]
        found = re.search(r"review at (http://\S+)/review with the token (\S{20,})", said[1])
        assert found, said
        answer = httpx.post(f"{found[1]}/review/login", data={"name": "anna", "token": found[2]}, headers={"origin": found[1]})
        assert answer.status_code == 303
    finally:
        process.terminate()
        process.wait(30)
    short = subprocess.run([*command, "--token", "short"], capture_output=True, text=True, check=False)
    assert short.returncode == 2
    assert "at least 16" in short.stderr


def test_a_copy_and_a_write_wait_for_each_other(path: Path) -> None:
    publisher = Publisher(path)
    try:
        with publisher.writing() as ledger:
            assert ledger.count() > 0
        publisher.refresh()
        path.unlink()
        with pytest.raises(StopRun, match="gone"), publisher.writing():
            pass
    finally:
        publisher.close()
