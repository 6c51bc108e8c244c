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
