"""Second opinions on the site over real HTTP: what one judge rejected, every judge can accept, put right or reject as well."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html
from test_web_review import Reviewer, address, anna, path, some_event  # noqa: F401

from diurna.evaluate.agreement import agreement
from diurna.ledger import Ledger, queries
from diurna.ledger.judgements import judgements
from diurna.ledger.replay import part_id
from diurna.records import Event


@pytest.fixture
def ben(address: str) -> Reviewer:  # noqa: F811
    return Reviewer(address, "ben")


@pytest.fixture
def rejected(anna: Reviewer, path: Path) -> Event:  # noqa: F811
    event = some_event(path)
    anna.fill(f"/events/{event.id}", "reject")
    return event


def verdicts(page: html.HtmlElement, xpath: str = "//section[@id='judge']") -> list[str]:
    return [button.get("value") for button in page.xpath(f"{xpath}//button[@name='verdict']")]


def stands(path: Path, event: Event) -> bool:  # noqa: F811
    with Ledger(path, read_only=True) as ledger:
        return event.id in {found.id for found in queries.events(ledger)}


def test_who_finds_an_event_rejected_can_accept_it_after_all(ben: Reviewer, rejected: Event, path: Path) -> None:  # noqa: F811
    assert verdicts(ben.get(f"/events/{rejected.id}")) == ["accept", "reject", "fix"]
    page = ben.fill(f"/events/{rejected.id}", "accept", note="it did happen")
    assert "does not stand" not in page.text_content()
    assert stands(path, rejected)
    with Ledger(path, read_only=True) as ledger:
        (whether, *_) = agreement(ledger, ["anna", "ben"])
    assert (whether.field, whether.units, whether.same, whether.alpha) == ("stands", 1, 0.0, 0.0)


def test_a_rejected_event_can_be_put_right(ben: Reviewer, rejected: Event, path: Path) -> None:  # noqa: F811
    ben.fill(f"/events/{rejected.id}", "fix", event="THREATEN")
    with Ledger(path, read_only=True) as ledger:
        assert queries.find_event(ledger, rejected.id).event.event == "THREATEN"
    assert stands(path, rejected)


def test_who_rejected_an_event_can_change_their_mind_and_need_not_reject_it_twice(
    anna: Reviewer, rejected: Event, path: Path  # noqa: F811
) -> None:  # fmt: skip
    assert verdicts(anna.get(f"/events/{rejected.id}")) == ["withdraw", "accept", "fix"]
    anna.fill(f"/events/{rejected.id}", "accept")
    assert stands(path, rejected)


def test_the_report_offers_second_opinions_on_what_was_set_aside(ben: Reviewer, rejected: Event, path: Path) -> None:  # noqa: F811
    place = f"//li[@id='{rejected.id}']"
    page = ben.get(f"/articles/{rejected.article_id}")
    assert verdicts(page, place) == ["accept", "reject"]
    assert page.xpath(f"{place}//a[@href='/events/{rejected.id}#judge']")
    (form,) = page.xpath(f"{place}//form[.//button[@value='reject']]")
    ben.client.post(form.get("action"), data=dict(form.form_values()) | {"verdict": "reject"}).raise_for_status()
    with Ledger(path, read_only=True) as ledger:
        assert [(item.judge, item.verdict) for item in judgements(ledger)] == [("anna", "reject"), ("ben", "reject")]
        assert agreement(ledger, ["anna", "ben"])[0].same == 1.0
    page = ben.get(f"/articles/{rejected.article_id}")
    assert "rejected by anna, ben" in " ".join(page.text_content().split())
    (form,) = page.xpath(f"{place}//form[.//button[@value='accept']]")
    ben.client.post(form.get("action"), data=dict(form.form_values()) | {"verdict": "accept"}).raise_for_status()
    assert stands(path, rejected)


def test_a_form_made_before_a_rejection_does_not_overrule_it_unseen(
    anna: Reviewer, ben: Reviewer, path: Path  # noqa: F811
) -> None:  # fmt: skip
    event = some_event(path)
    action, fields = ben.form(f"/events/{event.id}", "accept")
    anna.fill(f"/events/{event.id}", "reject")
    assert ben.client.post(action, data=fields).status_code == 409
    assert not stands(path, event)


def test_what_was_split_is_judged_by_its_parts_and_a_rejected_part_like_any_event(
    anna: Reviewer, ben: Reviewer, path: Path  # noqa: F811
) -> None:  # fmt: skip
    event = some_event(path)
    anna.fill(f"/events/{event.id}", "split", parts="2")
    parts = [part_id(event.id, number) for number in (1, 2)]
    anna.fill(f"/events/{parts[0]}", "reject")
    ben.fill(f"/events/{parts[1]}", "accept")
    assert verdicts(ben.get(f"/events/{event.id}")) == []
    ben.fill(f"/events/{parts[0]}", "accept")
    with Ledger(path, read_only=True) as ledger:
        assert queries.find_event(ledger, parts[0]).event.confidence == 1.0


def test_readers_find_no_forms_on_a_rejected_event(anna: Reviewer, address: str, rejected: Event) -> None:  # noqa: F811
    anna.client.cookies.clear()
    assert verdicts(anna.get(f"/events/{rejected.id}")) == []
    assert verdicts(anna.get(f"/articles/{rejected.article_id}"), "//main") == []
