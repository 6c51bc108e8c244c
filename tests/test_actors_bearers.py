"""Who of one name is meant: the country and the title beside it decide, on the day."""

from __future__ import annotations

from datetime import date

import pytest

from diurna.actors.bearers import held_as
from diurna.actors.resolve import Resolver


@pytest.mark.parametrize(
    ("text", "day", "country"),
    [
        ("King Abdullah of Jordan", "2008-03-02", "JOR"),
        ("Jordan's King Abdullah", "2008-03-02", "JOR"),
        ("Saudi King Abdullah", "2008-03-02", "SAU"),
        ("King Abdullah", "2003-03-02", "JOR"),
        ("South Korean President Kim", "1999-05-01", "KOR"),
        ("President Hassan of Somalia", "2013-05-01", "SOM"),
        ("President Ali of Gabon", "2015-05-01", "GAB"),
        ("Peruvian President Karzai", "2005-05-01", "PER"),
    ],
)
def test_the_country_named_decides(text: str, day: str, country: str) -> None:
    found = Resolver().resolve(text, date.fromisoformat(day))
    assert found
    assert (found.country, found.sectors) == (country, ("GOV",)), found


@pytest.mark.parametrize(
    ("text", "day", "name"),
    [
        ("President Kim", "1999-05-01", "Kim Dae-jung"),
        ("President Saleh", "2012-01-10", "Ali Abdullah Saleh"),
        ("President Saleh", "2019-05-01", "Saleh"),
        ("Prime Minister Ahmed", "2020-05-01", "Abiy Ahmed"),
        ("President Sanchez", "2020-05-01", "Sanchez"),
        ("Prime Minister Sanchez", "2020-05-01", "Pedro Sánchez"),
    ],
)
def test_a_title_means_who_holds_that_office(text: str, day: str, name: str) -> None:
    found = Resolver().resolve(text, date.fromisoformat(day))
    assert found
    assert found.name == name
    assert bool(found.country) == (" " in name or "-" in name)


def test_two_kings_of_one_name_are_in_doubt_without_a_country() -> None:
    found = Resolver().resolve("King Abdullah", date(2008, 3, 2))
    assert found
    assert found.confidence < 0.6
    assert "; or " in found.resolved_by


@pytest.mark.parametrize(
    ("title", "office", "how"),
    [
        ("president", "president", 2),
        ("president", "president of the senate", 1),
        ("president", "vice president", 0),
        ("prime minister", "premier", 2),
        ("prime minister", "deputy prime minister", 0),
        ("foreign minister", "foreign secretary", 2),
    ],
)
def test_what_a_title_names(title: str, office: str, how: int) -> None:
    assert held_as(title, office) == how


@pytest.mark.parametrize(
    ("text", "day", "name"),
    [
        ("Khadafy", "1990-01-01", "Muammar Gaddafi"),
        ("Qadhafi", "1990-01-01", "Muammar Gaddafi"),
        ("Aleksey Navalnyy", "2018-01-01", "Alexei Navalny"),
        ("Khodorkovskiy", "2014-01-01", "Mikhail Khodorkovsky"),
        ("Kim Chong-il", "2000-01-01", "Kim Jong-il"),
        ("Teng Hsiao-ping", "1985-01-01", "Deng Xiaoping"),
        ("Mahmud Ahmadinezhad", "2008-01-01", "Mahmoud Ahmadinejad"),
        ("Ali Abdallah Salih", "2008-01-01", "Ali Abdullah Saleh"),
    ],
)
def test_other_transliterations(text: str, day: str, name: str) -> None:
    found = Resolver().resolve(text, date.fromisoformat(day))
    assert found
    assert found.name == name


@pytest.mark.parametrize(
    ("text", "country", "sectors"),
    [
        ("paramilitary gunmen", "", ("PRM",)),
        ("Colombian paramilitary soldiers", "COL", ("PRM",)),
        ("paramilitary police", "", ("COP",)),
        ("Bodo rebels", "IND", ("REB",)),
        ("Sikh militants", "IND", ("REB",)),
        ("Jewish settlers", "ISR", ("CVL",)),
        ("Prince Charles", "GBR", ("GOV",)),
        ("Queen Noor", "JOR", ("GOV",)),
        ("Mayor Bloomberg", "", ("GOV",)),
        ("Bloomberg", "USA", ("JRN",)),
    ],
)
def test_nouns_and_names_beside_others(text: str, country: str, sectors: tuple[str, ...]) -> None:
    found = Resolver().resolve(text, date(1998, 6, 1))
    assert found
    assert (found.country, found.sectors) == (country, sectors)


@pytest.mark.parametrize(
    ("text", "day", "name"),
    [
        ("the Pope", "2000-01-01", "John Paul II"),
        ("the pope", "2015-01-01", "Pope Francis"),
        ("the Coptic pope", "2015-01-01", "pope"),
        ("the former pope", "2015-01-01", "pope"),
    ],
)
def test_a_title_that_one_person_bears(text: str, day: str, name: str) -> None:
    found = Resolver().resolve(text, date.fromisoformat(day))
    assert found
    assert found.name == name
