"""The site over real HTTP: every page answers, says what the ledger says, is safe, and turns mistakes into pages."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import sleep
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import httpx
import pytest
from conftest import serving
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from diurna import Article, Event, Result
from diurna.ledger import Ledger
from diurna.ledger.filters import EventFilter
from diurna.records import Mention, Participant, Quote, Reason, Stage, Thread, Versions, When, Where
from diurna.web.asking import address as site_address

PAGES = ["/", "/events", "/dyads", "/dyad?one=KOR&other=PRK", "/actors", "/actor?name=KOR", "/actor?name=Lee+Myung-bak",
         "/threads",
         "/quotes", "/map", "/search?q=border", "/search", "/about"]  # fmt: skip
HOSTILE = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "</textarea></title></style><svg/onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "=cmd|'/C calc'!A0",
    "\u202egnp.exe\u0000\x1b[31m",
    "../../etc/passwd",
    "a&b<c>d\"e'f%00%22?x=1#y;z",
]  # fmt: skip


def asked(site: str, path: str, **given: object) -> httpx.Response:
    return httpx.get(urljoin(site, path), follow_redirects=True, **given)  # type: ignore[arg-type]


def tree(answer: httpx.Response) -> html.HtmlElement:
    assert answer.status_code == 200, answer.text[:300]
    return html.fromstring(answer.text)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_with_its_own_title(site: str, path: str) -> None:
    page = tree(asked(site, path))
    assert page.findtext(".//title").endswith("· Diurna")
    assert len(page.findall(".//h1")) == 1
    assert page.get("lang") == "en"


def test_the_front_page_shows_the_latest_day_by_dyad(site: str, sample_ledger: Path) -> None:
    page = tree(asked(site, "/"))
    assert "2023" in page.findtext(".//h1")
    dyads = {row.find("th").text_content() for row in page.cssselect("table.dyads tbody tr")}
    assert any("Tunisia" in dyad for dyad in dyads)
    earlier = tree(asked(site, "/?day=2008-07-14"))
    assert "14 July 2008" in earlier.findtext(".//h1")
    assert "North Korea" in earlier.text_content()
    filtered = tree(asked(site, "/?day=2008-07-14&root=SANCTION"))
    roots = {cell.text_content() for cell in filtered.cssselect("table.events .root")}
    assert roots == {"SANCTION"}


def test_filters_hold_in_lists_and_forms(site: str, sample_ledger: Path) -> None:
    with Ledger(sample_ledger, read_only=True) as ledger:
        wanted = ledger.count(EventFilter(party=("KOR",), quad=(3, 4)))
    page = tree(asked(site, "/events?party=KOR&quad=3&quad=4&mode="))
    assert page.findtext(".//h1").split()[0] == str(wanted)
    assert page.cssselect("#f-party")[0].get("value") == "KOR"
    assert [field.get("value") for field in page.cssselect("form input[type=hidden][name=quad]")] == ["4"]


def test_an_event_is_explained(site: str, sample_ledger: Path) -> None:
    with Ledger(sample_ledger, read_only=True) as ledger:
        row = ledger.events(EventFilter(actor=("Roh Moo-hyun",)), limit=1).to_pylist()[0]
    page = tree(asked(site, f"/events/{row['id']}"))
    assert page.cssselect(".sentence .m-trigger")[0].text_content() == row["trigger"][0]
    assert page.cssselect(".sentence .m-actor")
    assert "frame" in page.cssselect("table.reasons")[0].text_content()
    short = row["id"].split("-")[1][:8]
    assert tree(asked(site, f"/events/{short}")).findtext(".//title") == page.findtext(".//title")


def test_an_article_shows_its_text_and_links_events_both_ways(site: str, sample_ledger: Path) -> None:
    with Ledger(sample_ledger, read_only=True) as ledger:
        row = ledger.events(EventFilter(party=("PRK",)), limit=1).to_pylist()[0]
        text = ledger.con.execute("SELECT text FROM articles WHERE article_id = ?", [row["article_id"]]).fetchall()[0][0]
    page = tree(asked(site, f"/articles/{row['article_id']}"))
    shown = " ".join(part.text_content() for part in page.cssselect(".text p:not(.legend)"))
    assert re.sub(r"\s+", "", text) in re.sub(r"\s+", "", shown)
    anchors = {item.get("id") for item in page.cssselect("[id]")}
    links = {link.get("href")[1:] for link in page.cssselect("a[href^='#']")}
    assert links <= anchors
    assert {row["id"], f"in-{row['id']}"} <= links


def test_a_dyad_has_chart_threads_and_entries(site: str) -> None:
    page = tree(asked(site, "/dyad?one=South+Korea&other=PRK&by=year"))
    assert page.cssselect(".timeline svg path[fill='var(--q3)']")[0].get("d")
    assert {link.get("href")[:8] for link in page.cssselect(".lanes svg a")} == {"/events/"}
    assert page.cssselect("table.events tbody tr")
    assert [cell.text for cell in page.cssselect("table.figures tbody th")] == ["2008", "2007"]


def test_threads_stand_on_boards_with_promises_first(site: str) -> None:
    boards = [board.text_content() for board in tree(asked(site, "/threads")).cssselect(".board h2")]
    assert boards[0].startswith("Open promises and invitations")
    assert any(board.startswith("Fulfilled") for board in boards)
    refused = tree(asked(site, "/threads?state=fulfilled"))
    assert {item.text_content() for item in refused.cssselect(".state")} == {"fulfilled"}


def test_searching_finds_parties_and_sentences(site: str) -> None:
    page = tree(asked(site, "/search?q=Roh"))
    assert "roh moo hyun" in page.text_content().replace("-", " ")
    told = tree(asked(site, "/search?q=fertiliser")).cssselect("td.told")
    assert told
    assert all("fertiliser" in cell.text_content() for cell in told)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nothing", 404, "no such page"),
        ("/events/evt-ffffffff", 404, "no event"),
        ("/articles/none", 404, "no article"),
        ("/events?root=NOPE", 400, "known are"),
        ("/events?page=0", 400, "page"),
        ("/events?page=many", 400, "page"),
        ("/events?quad=x", 400, "quad"),
        ("/events?sort=nothing", 400, "no order"),
        ("/?day=never", 400, "date"),
        ("/dyad?one=KOR&other=PRK&by=hour", 400, "no period"),
        ("/events?dyad=RUS", 400, "two parties"),
        ("/download/events?kind=xlsx", 400, "known are"),
        ("/download/quotes?format=xlsx", 400, "known are"),
        ("/download/actor?name=KOR&table=x", 400, "no table"),
        ("/download/quotes?speakr=Putin", 400, "no parameter 'speakr'"),
        ("/static/../app.py", 404, "no such page"),
        ("/static/%2e%2e/app.py", 404, "no such page"),
    ],
)
def test_mistakes_are_pages(site: str, path: str, status: int, words: str) -> None:
    with httpx.Client() as client:
        answer = client.send(client.build_request("GET", site + path))
    assert answer.status_code == status
    assert words in html.fromstring(answer.text).text_content()
    assert "Traceback" not in answer.text
    assert answer.headers["content-type"].startswith("text/html")


def test_mistakes_in_the_api_are_json(site: str) -> None:
    for path, status in (("/api/nothing", 404), ("/api/events?root=NOPE", 400), ("/api/events?limit=0", 400),
                         ("/api/events/evt-f", 404), ("/api/articles/x", 404)):  # fmt: skip
        answer = asked(site, path)
        assert (answer.status_code, list(answer.json())) == (status, ["error"])


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written(site: str, method: str) -> None:
    answer = httpx.request(method, urljoin(site, "/events"))
    assert answer.status_code == 405
    assert "answers questions (GET) only" in answer.text


@pytest.mark.parametrize("path", [*PAGES, "/nothing", "/api/events", "/static/site.css", "/download/events?kind=csv"])
def test_every_answer_forbids_scripts_and_foreign_sources(site: str, path: str) -> None:
    headers = asked(site, path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert not any(word in policy for word in ("script-src", "unsafe", "http", "data:", "*"))
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_other_names_of_this_host_are_refused(site: str) -> None:
    assert asked(site, "/api/status", headers={"host": "evil.example"}).json()["error"].startswith("this site does not go by")
    page = asked(site, "/", headers={"host": "evil.example"})
    assert page.status_code == 400
    assert "does not go by the name" in html.fromstring(page.text).cssselect("[role=alert]")[0].text_content()
    assert "duckdb" not in page.text
    assert asked(site, "/api/status", headers={"host": "localhost:1"}).status_code == 200


def test_downloads_hold_what_the_tables_hold(site: str, sample_ledger: Path) -> None:
    with Ledger(sample_ledger, read_only=True) as ledger:
        wanted = ledger.count(EventFilter(party=("KOR",)))
        quotes = ledger.quotes().num_rows
    rows = list(csv.DictReader(io.StringIO(asked(site, "/download/events?kind=csv&party=KOR").text)))
    assert len(rows) == wanted
    assert asked(site, "/download/events?kind=gdelt2").text.splitlines()[0].count("\t") == 60
    said = [json.loads(line) for line in asked(site, "/download/quotes?format=jsonl").text.splitlines()]
    assert len(said) == quotes
    steps = asked(site, f"/download/steps?event={rows[0]['id']}&format=jsonl").text.splitlines()
    assert all(set(json.loads(line)) == {"field", "rule", "words"} for line in steps)
    page = tree(asked(site, "/?day=2008-07-14"))
    shown = {link.get("href") for link in page.cssselect("table.events th a")}
    kept = csv.DictReader(io.StringIO(asked(site, "/download/entries?day=2008-07-14").text))
    assert {f"/events/{row['id']}" for row in kept} == shown
    for path in ("day", "dyads", "dyad?one=KOR&other=PRK", "actors", "actor?name=KOR&table=partners", "threads", "places"):
        answer = asked(site, f"/download/{path}")
        assert len(list(csv.reader(io.StringIO(answer.text)))) > 1
        assert "attachment" in answer.headers["content-disposition"]


def test_every_link_and_download_of_the_pages_leads_somewhere(site: str) -> None:
    seen: set[str] = set()
    for path in PAGES:
        page = tree(asked(site, path))
        links = [urljoin(f"{site}{path}", link.get("href")) for link in page.cssselect("a[href], link[href]")]
        assert all(urlsplit(link).netloc == urlsplit(site).netloc for link in links), "a page links away from the site"
        seen |= {link.split("#")[0] for link in links[:60]}
    with httpx.Client(follow_redirects=True) as client:
        broken = [link for link in sorted(seen) if client.get(link).status_code != 200]
    assert len(seen) > 80
    assert not broken


def test_the_api_is_described_and_answers(site: str) -> None:
    described = asked(site, "/api/openapi.json").json()
    names = {entry["name"] for entry in described["paths"]["/api/events"]["get"]["parameters"]}
    assert {"actor", "root", "since", "text", "limit", "sort"} <= names
    given = {"one": "KOR", "other": "PRK", "name": "KOR"}
    with httpx.Client() as client:
        for path in described["paths"]:
            if "{" not in path:
                wanted = {entry["name"] for entry in described["paths"][path]["get"].get("parameters", [])}
                answer = client.get(site + path, params={name: value for name, value in given.items() if name in wanted})
                assert answer.status_code == 200, path
                assert answer.json()
    found = asked(site, "/api/events?party=KOR&limit=2").json()
    assert len(found["events"]) == 2 < found["total"]
    event = asked(site, f"/api/events/{found['events'][0]['id']}").json()["event"]
    article = asked(site, f"/api/articles/{event['article_id']}").json()
    start, end = event["mentions"][0]["trigger_spans"][0]
    assert article["article"]["text"][start:end] == found["events"][0]["trigger"][0]


def test_the_description_of_the_api_is_true(site: str) -> None:
    described = asked(site, "/api/openapi.json").json()
    named = described["components"]["schemas"]
    one = asked(site, "/api/events?limit=1").json()["events"][0]
    given = {"one": "KOR", "other": "PRK", "name": "KOR", "event_id": one["id"], "article_id": one["article_id"]}

    def fits(value: Any, schema: dict[str, Any]) -> bool:
        if "$ref" in schema:
            return fits(value, named[str(schema["$ref"]).rsplit("/", 1)[1]])
        if "anyOf" in schema:
            return any(fits(value, one) for one in schema["anyOf"])
        kind = schema.get("type")
        if kind == "object" and "properties" in schema:
            fields = schema["properties"]
            return (
                isinstance(value, dict) and set(value) == set(fields) and all(fits(value[name], fields[name]) for name in fields)
            )
        if kind == "array":
            return isinstance(value, list) and all(fits(item, schema.get("items", {})) for item in value)
        kinds = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "null": type(None), "object": dict}
        return kind is None or isinstance(value, kinds[str(kind)])

    def question(ways: dict[str, Any]) -> dict[str, str]:
        asked_for = {entry["name"] for entry in ways["get"].get("parameters", []) if entry["in"] == "query"}
        return {name: value for name, value in given.items() if name in asked_for}

    for path, ways in described["paths"].items():
        answers = ways["get"]["responses"]
        assert set(answers) == {"200", "400", "404", "default"}
        answer = asked(site, path.format(**given), params=question(ways))
        assert fits(answer.json(), answers["200"]["content"]["application/json"]["schema"]), path
        refused = asked(site, path.format(**given), params={"nonsense": "1"})
        assert refused.status_code == 400
        assert fits(refused.json(), answers["400"]["content"]["application/json"]["schema"])


def test_what_a_page_does_not_know_is_said(site: str) -> None:
    assert "nosuch: this page knows no such question" in tree(asked(site, "/events?nosuch=1")).text_content()
    assert not tree(asked(site, "/events?party=KOR&page=1&mode=")).cssselect("[role=alert]")
    refused = asked(site, "/api/events?actr=RUS")
    assert refused.status_code == 400
    assert "'actr'" in refused.json()["error"]


@pytest.fixture(scope="module")
def odd_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Ids that are addresses or steps of a folder, one report with long names and many parties, many quotations."""
    path = tmp_path_factory.mktemp("odd") / "odd.duckdb"
    ids = ("https://example.org/news/2024/1", "a/", "..", ".", "../../x", "//b")
    results = [Result(Article(f"Report {one}.", id=one), (), (), (), Versions("1", "p", "t")) for one in ids]
    long = "N" * 50_000
    article = Article("One accused another.", id="long", title=long, publisher=long, published="2024-02-01")
    someone = Participant(long, name=long)
    crowd = (someone, *(Participant(f"P{number}", name=f"P{number} " + "x" * 90) for number in range(2000)))
    event = Event(
        "evt-1", "long", "ACCUSE", ("allege",), quad=3, actors=crowd, recipients=(someone,), said_by=(long,) * 9,
        when=When("2024-02-01", "2024-02-01", "day"), mentions=(Mention(0, (0, 20), ((4, 11),)),),
    )  # fmt: skip
    quotes = tuple(
        Quote(f"q-{number}", "long", ((0, 3),), f"Words {number}", "Ann Lee" if number % 2 else long) for number in range(60)
    )
    results.append(Result(article, (event,), quotes, (), Versions("1", "p", "t")))
    with Ledger(path) as ledger:
        ledger.add(results)
    with serving(path) as address:
        yield address


@pytest.mark.parametrize("article_id", ["https://example.org/news/2024/1", "a/", "..", ".", "../../x", "//b"])
def test_reports_with_any_id_can_be_opened(odd_site: str, article_id: str) -> None:
    for path in ("/articles/", "/api/articles/"):
        answer = httpx.get(odd_site + site_address(path + article_id))
        assert answer.status_code == 200, answer.text
        assert f"Report {article_id}." in answer.text


def test_long_names_and_crowds_do_not_swell_lists(odd_site: str) -> None:
    for path in ("/", "/events", "/dyads", "/actors", "/quotes", "/threads"):
        answer = asked(odd_site, path)
        assert answer.status_code == 200
        assert len(answer.content) < 200_000, (path, len(answer.content))


def test_quotations_have_pages_and_a_total(odd_site: str) -> None:
    first = tree(asked(odd_site, "/quotes"))
    assert "60 quotations" in first.text_content()
    assert "1–25 of 60" in first.cssselect("nav.pager")[0].text_content()
    last = tree(asked(odd_site, "/quotes?page=3"))
    assert len(last.cssselect("ol.quotes li")) == 10
    assert "30 quotations" in tree(asked(odd_site, "/quotes?speaker=Ann")).text_content()
    assert asked(odd_site, "/api/quotes?limit=1").json()["total"] == 60


def test_countries_have_the_quotations_of_their_people(site: str) -> None:
    said = tree(asked(site, "/actor?name=KOR")).cssselect("section[aria-labelledby=quotes] .by a")
    assert any("Lee Myung-bak" in link.text_content() for link in said)
    shown = tree(asked(site, "/quotes?party=KOR")).cssselect("ol.quotes .by")
    assert shown
    assert not [item for item in shown if "Kim Jong-il" in item.text_content()]


QUESTIONS = {
    "/": ("day",),
    "/search": ("q",),
    "/actor": ("name",),
    "/dyad": ("one", "other"),
    "/quotes": ("speaker", "text"),
    "/threads": ("party", "kind"),
    "/events": ("actor", "text", "said_by", "place", "since", "root"),
}


def hostile(words: str, number: int) -> Result:
    """A report in which everything that can be words is these words."""
    text = f"Report {number}. {words} accused {words} of it.\n\n“{words}”, said {words}."
    article = Article(text, url=words, title=words, publisher=words, byline=words, published="2020-05-05", source_file=words)
    start = text.index(words)
    someone = Participant(words, ((start, start + len(words)),), words, words, "", ("GOV",), words, words)
    event = Event(
        f"evt-{number}", article.id, "ACCUSE", ("allege",), ("military",), "112", 3, -3.5, (someone,), (someone,),
        said_by=(words,), source=words, when=When("2020-05-05", "2020-05-05", "day", words),
        where=Where(words, words, words, 1.0, 2.0), quantities={"dead": words},
        mentions=(Mention(0, (10, len(text)), ((start, start + 3),)),), stage="invite",
        thread_kind="visit", explanation=(Reason("event", words, words),), confidence=0.5,
    )  # fmt: skip
    thread = Thread(f"thr-{number}", "visit", (words, "RUS"), (Stage(event.id, words, words),), "open", words)
    quote = Quote(f"q-{number}", article.id, ((start, start + 2),), words, words, words, words)
    return Result(article, (event,), (quote,), (thread,), Versions(words, words, words, words), notes=(words,))


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("hostile") / "<b>hostile.duckdb"
    with Ledger(path) as ledger:
        ledger.add(hostile(words, number) for number, words in enumerate(HOSTILE))
    with serving(path) as address:
        yield address


ALLOWED = {
    "a", "abbr", "article", "blockquote", "body", "button", "caption", "clippath", "code", "dd", "defs", "details", "div",
    "dl", "dt", "figcaption", "figure", "footer", "form", "g", "h1", "h2", "h3", "head", "header", "html",
    "input", "label", "li", "line", "link", "main", "meta", "nav", "ol", "option", "p", "path", "pre", "rect", "section",
    "select", "span", "summary", "svg", "table", "tbody", "td", "text", "th", "thead", "time", "title", "tr", "ul",
}  # fmt: skip


def harmless(text: str) -> None:
    page = html.fromstring(text)
    for element in page.iter():
        assert element.tag in ALLOWED, element.tag
        for name, value in element.attrib.items():
            assert not name.startswith("on"), name
            assert name != "style"
            if name in ("href", "xlink:href", "action", "src"):
                assert re.match(r"(/(?!/)|#|https?://)", value), value
    assert not re.search("[\x00-\x08\x0b\x0e-\x1f\u202a-\u202e]", text)


def test_hostile_words_stay_words_on_every_page(hostile_site: str) -> None:
    with httpx.Client(base_url=hostile_site, follow_redirects=True) as client:
        paths = [*PAGES, "/?day=2020-05-05"]
        paths += [f"/events/evt-{number}" for number in range(len(HOSTILE))]
        paths += [f"/articles/{row['article_id']}" for row in client.get("/api/events").json()["events"]]
        for path in paths:
            answer = client.get(path)
            assert answer.status_code == 200, path
            harmless(answer.text)
        shown = html.fromstring(client.get("/quotes").text).text_content()
    assert HOSTILE[0] in shown
    assert "{{ 7 * 7 }}" in shown


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_questions_stay_words(hostile_site: str, words: str) -> None:
    with httpx.Client(base_url=hostile_site, follow_redirects=True) as client:
        for path, names in QUESTIONS.items():
            answer = client.get(path, params=dict.fromkeys(names, words))
            assert answer.status_code in (200, 400), (path, answer.status_code)
            harmless(answer.text)
        missing = client.get("/events/" + quote(words, safe=""))
        assert missing.status_code in (400, 404)
        harmless(missing.text)


@settings(max_examples=40, deadline=None)
@given(words=st.text(min_size=1, max_size=60))
def test_any_question_is_answered_or_refused(hostile_site: str, words: str) -> None:
    answer = httpx.get(hostile_site + "/search", params={"q": words})
    assert answer.status_code in (200, 400)
    harmless(answer.text)
    harmless(httpx.get(hostile_site + "/events", params={"actor": words}).text)


def test_no_cell_of_a_download_runs_as_a_formula(hostile_site: str) -> None:
    for path in ("events?kind=csv", "quotes", "threads", "places", "day", "actors", "dyads"):
        rows = list(csv.reader(io.StringIO(httpx.get(f"{hostile_site}/download/{path}").text)))
        assert len(rows) > 1
        for cell in (cell for row in rows for cell in row):
            assert not cell.lstrip(" ").startswith(("=", "@", "\t", "\r"))
            assert not re.match(r"\s*[+-]\D", cell)


def test_only_web_addresses_of_reports_are_linked(tmp_path: Path) -> None:
    path = tmp_path / "urls.duckdb"
    articles = [Article("One.", id="good", url="https://example.org/1"), Article("Two.", id="bad", url="javascript:alert(1)")]
    with Ledger(path) as ledger:
        ledger.add(Result(article, (), (), (), Versions("1", "p", "t")) for article in articles)
    with serving(path) as address:
        links = {name: [link.get("href") for link in tree(asked(address, f"/articles/{name}")).cssselect(".head a")]
                 for name in ("good", "bad")}  # fmt: skip
        assert links == {"good": ["https://example.org/1"], "bad": []}
        assert "no events yet" in asked(address, "/").text


def test_a_newer_state_of_the_ledger_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "growing.duckdb"
    with Ledger(path) as ledger:
        ledger.add([hostile("first", 1)])
    with serving(path, refresh=0.2) as address, httpx.Client(base_url=address) as client:
        assert client.get("/api/status").json()["events"] == 1
        with Ledger(path) as ledger:
            ledger.add([hostile("second", 2)])
        for _ in range(100):
            if client.get("/api/status").json()["events"] == 2:
                break
            sleep(0.1)
        assert client.get("/events/evt-2").status_code == 200


def test_serve_starts_says_where_and_stops(sample_ledger: Path) -> None:
    command = [sys.executable, "-m", "diurna", "serve", "--ledger", str(sample_ledger), "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        said = process.stderr.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+/", said)
        assert address, said
        assert httpx.get(address[0]).status_code == 200
    finally:
        process.terminate()
    assert process.wait(30) in (0, -15)


def test_serve_refuses_in_one_line(tmp_path: Path, sample_ledger: Path, site: str) -> None:
    taken = str(urlsplit(site).port)
    for arguments, words in ((["--ledger", str(tmp_path / "none.duckdb"), "--port", "0"], "no such ledger"),
                             (["--ledger", str(sample_ledger), "--port", taken], "cannot listen"),
                             (["--ledger", str(sample_ledger), "--host", "no such host"], "cannot listen")):  # fmt: skip
        done = subprocess.run([sys.executable, "-m", "diurna", "serve", *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert words in done.stderr
        assert len(done.stderr.splitlines()) == 1
