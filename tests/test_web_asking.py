"""How the site may be asked, over real HTTP: heads alone, other methods, parameters given twice, long words."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from conftest import serving
from lxml import html
from test_web_pages import PAGES

from diurna.web import downloads
from diurna.web.guard import Guard

DOWNLOADS = ["/download/events", "/download/events?kind=jsonl", "/download/quotes", "/download/dyads?format=jsonl"]


@pytest.mark.parametrize(
    "path",
    [*PAGES, *DOWNLOADS, "/api/events?limit=1", "/api/status", "/api/openapi.json", "/static/site.css", "/none", "/api/none"]
)  # fmt: skip
def test_the_head_of_an_answer_can_be_asked_for_alone(site: str, path: str) -> None:
    whole, head = httpx.get(site + path), httpx.head(site + path)
    assert head.status_code == whole.status_code
    assert head.content == b""
    kept = {"content-type", "content-disposition", "content-security-policy", "cache-control"}
    assert {name: head.headers.get(name) for name in kept} == {name: whole.headers.get(name) for name in kept}


def test_the_head_of_a_download_is_answered_without_writing_the_file(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[object] = []
    monkeypatch.setattr(downloads, "export_to", lambda *given: written.append(given))
    assert httpx.head(f"{site}/download/events").status_code == 200
    assert httpx.head(f"{site}/download/events?root=NOPE").status_code == 400
    assert httpx.head(f"{site}/download/events?kind=xlsx").status_code == 400
    assert not written


def test_the_api_is_described_without_heads(site: str) -> None:
    described = httpx.get(f"{site}/api/openapi.json").json()
    assert {way for ways in described["paths"].values() for way in ways} == {"get"}


@pytest.mark.parametrize("path", ["/", "/events", "/about", "/api/events", "/download/quotes", "/static/site.css"])
@pytest.mark.parametrize("method", ["POST", "DELETE", "OPTIONS"])
def test_a_refused_method_is_told_which_there_are(site: str, path: str, method: str) -> None:
    answer = httpx.request(method, site + path)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert "(GET) only" in answer.text


def test_an_address_for_forms_says_so(sample_ledger: Path) -> None:
    with serving(sample_ledger, guard=Guard("a token that is long enough")) as address:
        for method in ("GET", "HEAD"):
            answer = httpx.request(method, f"{address}/review/login")
            assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
        alert = html.fromstring(httpx.get(f"{address}/review/login").text).cssselect("[role=alert]")[0]
        assert "takes the forms" in alert.text_content()
        assert httpx.head(f"{address}/review").status_code == 200


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("/api/dyad?one=NOR&one=USA&other=RUS", "one"),
        ("/api/events?limit=2&limit=3", "limit"),
        ("/api/events?since=2018&since=2019", "since"),
        ("/api/threads?joined=true&joined=false", "joined"),
        ("/api/quotes?speaker=a&speaker=b", "speaker"),
        ("/download/dyad?one=KOR&other=PRK&by=year&by=month", "by"),
        ("/download/quotes?format=csv&format=jsonl", "format"),
    ],
)
def test_a_parameter_with_one_value_is_given_once(site: str, query: str, name: str) -> None:
    answer = httpx.get(site + query)
    assert answer.status_code == 400
    assert f"{name} is given several times" in answer.text


def test_parameters_with_several_values_are_given_several_times(site: str) -> None:
    for query in ("quad=3&quad=4", "dyad=KOR&dyad=PRK", "actor=KOR&actor=PRK", "text=a&text=b"):
        assert httpx.get(f"{site}/api/events?{query}").status_code == 200
        assert "several times" not in httpx.get(f"{site}/events?{query}").text
    assert httpx.get(f"{site}/api/threads?party=KOR&party=PRK").status_code == 200


def test_threads_over_all_reports_need_a_join(site: str) -> None:
    answer = httpx.get(f"{site}/api/threads?joined=true")
    assert answer.status_code == 400
    assert "run: diurna join" in answer.json()["error"]


def test_pages_say_what_was_given_several_times(site: str) -> None:
    page = html.fromstring(httpx.get(f"{site}/dyad?one=NOR&one=KOR&other=PRK").text)
    assert "one: given several times; only the last value counts" in page.cssselect("[role=alert]")[0].text_content()
    assert "South Korea" in page.findtext(".//title")


LONG = [
    "/events?text=", "/events?actor=KOR&actor=", "/events?since=", "/actor?name=", "/search?q=", "/threads?party=",
    "/quotes?speaker=", "/?day=", "/download/events?publisher=", "/download/threads?kind=", "/download/day?format=",
    "/api/events?actor=", "/api/events?sort=", "/api/dyad?other=KOR&one=", "/api/actor?name=", "/api/threads?party=",
]  # fmt: skip


@pytest.mark.parametrize("path", LONG)
def test_no_words_are_longer_than_the_limit(site: str, path: str) -> None:
    answer = httpx.get(site + path + "x" * 501)
    assert answer.status_code == 400
    assert "at most 500 characters can be asked for, not 501" in answer.text
    assert answer.headers["content-type"].startswith("application/json" if path.startswith("/api") else "text/html")
    assert "can be asked for" not in httpx.get(site + path + "x" * 500).text


def test_every_word_in_the_api_has_its_limit(site: str) -> None:
    described = httpx.get(f"{site}/api/openapi.json").json()
    asked = [entry["schema"] for ways in described["paths"].values() for entry in ways["get"].get("parameters", [])
             if entry["in"] == "query"]  # fmt: skip

    def limits(schema: dict[str, object]) -> list[object]:
        inner = [schema["items"]] if "items" in schema else schema.get("anyOf", [])
        own = [schema.get("maxLength")] if schema.get("type") == "string" else []
        return own + [limit for part in inner for limit in limits(part)]  # type: ignore[attr-defined]

    found = [limit for schema in asked for limit in limits(schema)]
    assert len(found) > 50
    assert set(found) == {500}
