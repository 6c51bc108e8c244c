"""Threads: joining, transitions and states (codebook, section 8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from diurna.ledger.threads import build_threads, rules
from diurna.records import Event, Participant, When

PUBLISHED = date(2018, 6, 14)


def event(
    number: int, stage: str, day: str, kind: str = "visit", parties: str = "RUS PRK", precision: str = "day", root: str = "AGREE"
) -> Event:
    actor, *others = [Participant(c, name=c, country=c) for c in parties.split()]
    when = When(day, day, precision, day)
    return Event(f"e{number}", "a", root, actors=(actor,), recipients=tuple(others), when=when, stage=stage, thread_kind=kind)


def stages(events: list[Event], published: date = PUBLISHED) -> list[tuple[list[str], str]]:
    return [([s.name for s in t.stages], t.state) for t in build_threads(events, published)]


def test_founding_example() -> None:
    told = [
        event(3, "invite", "2018-06-14"),
        event(1, "invite", "2015-01-01", precision="year"),
        event(2, "cancel", "2015-01-01", parties="PRK RUS", precision="year", root="REJECT"),
    ]
    (thread,) = build_threads(told, PUBLISHED)
    assert thread.kind == "visit"
    assert thread.parties == ("PRK", "RUS")
    assert [(s.name, s.date) for s in thread.stages] == [("invite", "2015"), ("cancel", "2015"), ("invite", "2018-06-14")]
    assert thread.state == "open"


def test_cancellation_without_a_kind_joins_the_open_visit() -> None:
    cancelled = replace(event(2, "", "2015-03-01", kind="", root="REJECT"), modes=("meet",))
    assert stages([event(1, "invite", "2015-01-01"), cancelled]) == [(["invite", "cancel"], "cancelled")]


def test_reported_again_opens_no_thread() -> None:
    assert stages([event(1, "invite", "2018-06-10"), event(2, "invite", "2018-06-12")]) == [(["invite"], "open")]


def test_other_parties_open_another_thread() -> None:
    assert len(stages([event(1, "invite", "2018-06-10"), event(2, "invite", "2018-06-10", parties="RUS CHN")])) == 2


def test_a_visit_after_a_fulfilled_one_is_another() -> None:
    first, last = (event(i, "hold", day, root="CONSULT") for i, day in ((1, "2018-01-02"), (3, "2018-06-10")))
    found = stages([first, event(2, "invite", "2018-05-01"), last])
    assert found == [(["hold"], "fulfilled"), (["invite", "hold"], "fulfilled")]


def test_an_old_invitation_lapses() -> None:
    (thread,) = build_threads([event(1, "invite", "2012-01-02")], PUBLISHED)
    assert thread.state == "lapsed"
    assert "730" in thread.rule


def test_negated_and_hypothetical_events_are_left_out() -> None:
    first = event(1, "invite", "2018-06-10")
    assert stages([replace(first, polarity="negated"), replace(first, modality="hypothetical")]) == []


def test_a_meeting_to_come_is_scheduled() -> None:
    assert stages([event(1, "hold", "2018-06-14", kind="meeting")]) == [(["schedule"], "open")]


def test_sanctions_from_threat_to_lifting() -> None:
    names = ("threaten", "impose", "ease", "lift")
    told = [event(i, s, f"2018-0{i}-01", kind="sanctions", root="SANCTION") for i, s in enumerate(names, 1)]
    assert stages(told) == [(["threaten", "impose", "ease", "lift"], "fulfilled")]


def test_detentions_join_by_the_person() -> None:
    one = replace(event(1, "arrest", "2018-01-01", kind="detention", root="COERCE"), recipients=(Participant("A", name="A"),))
    two = replace(event(2, "release", "2018-02-01", kind="detention", root="RETREAT"), recipients=(Participant("B", name="B"),))
    three = replace(two, recipients=(Participant("A", name="A"),))
    assert stages([one, two]) == [(["arrest"], "open"), (["release"], "fulfilled")]
    assert stages([one, three]) == [(["arrest", "release"], "fulfilled")]


@pytest.mark.parametrize(("kind", "stage"), sorted(rules()))
def test_every_stage_follows_known_stages(kind: str, stage: str) -> None:
    rule = rules()[kind, stage]
    assert rule.follows <= {s for k, s in rules() if k == kind}
    assert rule.state in ("open", "fulfilled", "refused", "cancelled", "lapsed")


def test_what_words_leave_open_is_a_stage_by_the_kind_of_undertaking() -> None:
    agreed = event(1, "", "2018-01-01", kind="meeting")
    assert stages([agreed, event(2, "hold", "2018-02-01", kind="talks", root="CONSULT")]) == [(["schedule", "hold"], "fulfilled")]
    truce = event(1, "agree", "2018-01-01", kind="ceasefire", root="CONCEDE")
    assert stages([truce, event(2, "", "2018-02-01", kind="ceasefire", root="ACCUSE")]) == [(["agree", "breach"], "cancelled")]


def test_broken_off_talks_need_no_kind() -> None:
    begun = event(1, "negotiate", "2018-01-01", kind="talks", root="CONSULT")
    ended = replace(event(2, "", "2018-02-01", kind="", root="SANCTION"), modes=("discontinue",))
    assert stages([begun, ended]) == [(["negotiate", "suspend"], "cancelled")]


def test_sides_of_one_country_are_parties() -> None:
    sides = [Participant("x", name=s, country="LKA", sectors=(s,)) for s in ("REB", "GOV")]
    offered = replace(event(1, "propose", "2018-01-01", kind="talks"), actors=(sides[0],), recipients=(sides[1],))
    refused = replace(offered, id="e2", event="REJECT", stage="refuse", actors=(sides[1],), recipients=(sides[0],))
    (thread,) = build_threads([offered, refused], PUBLISHED)
    assert thread.parties == ("LKA GOV", "LKA REB")
    assert thread.state == "refused"


def test_a_reciprocal_ceasefire_within_one_country_is_broken_by_one_of_its_parties() -> None:
    state, rebels = (Participant(s, name=s, country="AGO", sectors=(s,)) for s in ("GOV", "REB"))
    agreed = replace(event(1, "agree", "2018-02-10", kind="ceasefire"), actors=(state, rebels), recipients=(), reciprocal=True)
    broken = replace(event(2, "breach", "2018-03-03", kind="ceasefire", root="ASSAULT"), actors=(rebels,), recipients=(state,))
    assert stages([agreed, broken]) == [(["agree", "breach"], "cancelled")]
