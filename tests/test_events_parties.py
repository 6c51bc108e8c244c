"""Who takes part: headlines, shared nationalities, hosts, conditions and other rules of parties, through the shipped tables."""

from __future__ import annotations

from functools import cache

import pytest

from diurna.coder import Coder
from diurna.records import Article, Event
from diurna.settings import Settings


@cache
def coder() -> Coder:
    return Coder(Settings(model=False))


def events(text: str) -> tuple[Event, ...]:
    return coder().code(Article(text=text, id="t", published="2019-05-17")).events


def sides(event: Event) -> tuple[list[str], list[str]]:
    return [p.country for p in event.actors], [p.country for p in event.recipients]


@pytest.mark.parametrize(
    ("text", "root", "actors", "recipients"),
    [
        ("Ghana, Togo agree to pull troops from the border", "CONCEDE", ["GHA", "TGO"], []),
        ("French and German jets bombed Tripoli on Sunday.", "ASSAULT", ["FRA", "DEU"], ["LBY"]),
        ("Lavrov held talks in Ankara with Mevlut Cavusoglu.", "CONSULT", ["RUS"], ["TUR"]),
        ("The Greek opposition attacked the government for accepting the ships.", "ACCUSE", ["GRC"], ["GRC"]),
        ("Chile and Peru quarrelled. Each government accused the other of lying.", "ACCUSE", ["CHL", "PER"], []),
        ("LIMA - Thousands marched through the centre.", "PROTEST", ["PER"], []),
        ("LIMA - Huawei sued Canada.", "ACCUSE", ["CHN"], ["CAN"]),
        ("Lusaka accepted the plan of Angola.", "AGREE", ["ZMB"], ["AGO"]),
    ],
)
def test_parties(text: str, root: str, actors: list[str], recipients: list[str]) -> None:
    found = [e for e in events(text) if e.event == root]
    assert found, [(e.event, *sides(e)) for e in events(text)]
    assert sides(found[0]) == (actors, recipients)


@pytest.mark.parametrize(
    "text",
    [
        "The Pentagon did not respond to a request for comment.",
        "Iraq will pay if Turkey bombs Kirkuk.",
        "Ankara did not demand anything of Athens.",
        "Tirana did not rule out the proposal of Rome.",
    ],
    ids=["comment", "condition", "demand not made", "refusal not made"],
)
def test_what_was_not_done_is_no_event(text: str) -> None:
    assert [e.event for e in events(text) if e.event in ("REQUEST", "REJECT", "ASSAULT")] == []


def test_held_talks_are_one_event() -> None:
    assert [e.event for e in events("Japan held talks with Vietnam in Geneva.")] == ["CONSULT"]


def test_days_are_no_prime_ministers() -> None:
    assert all(p.country != "VCT" for e in events("On Friday Kenya sued Uganda.") for p in (*e.actors, *e.recipients))


@pytest.mark.parametrize(
    ("text", "recipient", "country", "sector"),
    [
        ("Militants attacked a clinic in Burkina Faso.", "clinic", "BFA", "MED"),
        ("Gunmen raided a church in Kaduna.", "church", "NGA", "REL"),
        ("Rebels destroyed a hospital in Syria.", "hospital", "SYR", "MED"),
        ("Rebels attacked a market in Mali.", "market", "MLI", "CVL"),
        ("Gunmen burned a house in Ukraine.", "house", "UKR", "CVL"),
    ],
)
def test_what_is_struck_is_not_the_state_it_stands_in(text: str, recipient: str, country: str, sector: str) -> None:
    found = [(p.name, p.country, p.sectors[0]) for e in events(text) if e.event in ("ASSAULT", "COERCE") for p in e.recipients]
    assert found == [(recipient, country, sector)]


def test_owner_of_what_is_struck_is_the_victim() -> None:
    found = [p.country for e in events("Rebels attacked Russia's base in Syria.") for p in e.recipients]
    assert found == ["RUS"]


@pytest.mark.parametrize(
    ("text", "recipients"),
    [
        ("Al-Shabaab carried out attacks in Kenya on Sunday.", []),
        ("French air strikes in Niger killed nine herders near Tillaberi.", ["herders"]),
        ("The activist Marta Ruiz was arrested in Norway.", ["Marta Ruiz"]),
    ],
)
def test_the_scene_of_a_deed_is_no_party(text: str, recipients: list[str]) -> None:
    found = [e for e in events(text) if e.event in ("ASSAULT", "COERCE")]
    assert found
    assert all([p.name for p in e.recipients] == recipients for e in found)
    assert {"Kenya", "Niger", "Norway"}.isdisjoint(p.name for e in found for p in e.actors)


def test_where_people_talk_does_not_say_whose_rebels_they_are() -> None:
    found = [
        p.country for e in events("The Chadian government and rebels resumed talks in Doha.") for p in (*e.actors, *e.recipients)
    ]
    assert found == ["TCD", "TCD"]


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("Iran's foreign minister arrived in Muscat for talks with Omani officials.", ("CONSULT", ["IRN"], ["OMN"])),
        ("Wang Yi travelled to Canberra for talks with Penny Wong.", ("CONSULT", ["CHN"], ["AUS"])),
        ("Poland sent fourteen tanks to Ukraine.", ("AID", ["POL"], ["UKR"])),
        ("Russia sent tanks into Georgia.", ("MOBILIZE", ["RUS"], ["GEO"])),
        ("The Taliban banned women from universities in Kabul.", ("COERCE", ["AFG"], ["AFG"])),
    ],
)
def test_who_comes_who_gives_and_who_is_barred(text: str, event: tuple[str, list[str], list[str]]) -> None:
    found = [(e.event, [p.country for p in e.actors], [p.country for p in e.recipients]) for e in events(text)]
    assert found == [event]


@pytest.mark.parametrize(
    "text",
    ["Armenia said Azerbaijani troops had crossed the border and killed three soldiers.",
     "Three soldiers were killed by Azerbaijani troops near the border, Armenia said."],
)  # fmt: skip
def test_soldiers_killed_by_soldiers_are_of_the_other_side(text: str) -> None:
    found = {p.country for e in events(text) if e.event == "ASSAULT" for p in e.recipients}
    assert found == {"ARM"}


def test_who_is_fired_is_dismissed_and_not_shot_at() -> None:
    assert [e.event for e in events("Uganda's president fired his army chief.")] == ["SANCTION"]
