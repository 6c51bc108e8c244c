"""Which texts are English: reports full of foreign names are, reports in other languages are not."""

from __future__ import annotations

import pytest

from diurna.intake.english import other_language


@pytest.mark.parametrize(
    "text",
    [
        "Warsaw prosecutors charged Zbigniew Ziobro, Michal Wos i Marcin Romanowski. Polityka, Gazeta "
        "Wyborcza i Rzeczpospolita "
        "reported this. The marshal Szymon Holownia met Adam Bodnar, Tomasz Siemoniak i Radoslaw "
        "Sikorski; Na Wspolnej staff watched.",
        "Hanoi police arrested Nguyen Van Dai, Tran Thi Nga, Pham Doan Trang and Le Dinh Luong. Nguyen "
        "Xuan Phuc met Bui Tien Dung, "
        "Vo Van Thuong, To Lam and Dao Te. A court sentenced Truong My Lan, Do Thi Nhan, Dinh Van "
        "Thanh; police guarded two gates.",
        "Erdogan met Devlet Bahceli, Hakan Fidan, Yasar Guler. Kemal Kilicdaroglu, Ekrem Imamoglu, "
        "Ozgur Ozel rejected Adalet ve "
        "Kalkinma Partisi plans ile Milliyetci Hareket Partisi support. Prosecutors detained Osman "
        "Kavala, seized phones, searched homes.",
        "Viktor Orban met Peter Szijjarto, Zsolt Semjen. Klara Dobrev, Peter Magyar accused Fidesz a "
        "Magyar Polgari Szovetseg, sued "
        "Magyar Nemzet es Nepszava. Karacsony, mayor, rejected Lakner Zoltan es Andras Fekete plans, "
        "blocked roads, met unions, left.",
        "Claudia Sheinbaum de la Cruz, Juan Ramon de la Fuente met Confederacion de Trabajadores de "
        "Mexico, Instituto Nacional de las "
        "Mujeres, Secretaria de la Defensa Nacional. Teachers blocked Paseo de la Reforma, burned "
        "tires, shouted slogans, threw bottles.",
        "Jan van der Berg, Piet de Vries, Karin van den Brink met Geert Wilders. Judges fined Partij "
        "van de Arbeid, Partij voor de "
        "Dieren, Forum voor Democratie, then freed two farmers, closed roads, banned marches near Den Haag, warned unions.",
        "Ursula von der Leyen met Boris Pistorius and Karl von Habsburg in Berlin. The party "
        "Alternative für Deutschland and the union "
        "Gewerkschaft der Polizei asked the Bundesamt für Verfassungsschutz to publish what it had told the Bundestag.",
    ],
)
def test_english_with_many_foreign_names_is_english(text: str) -> None:
    assert other_language(text) == ""


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "Premier Donald Tusk spotkał się w Warszawie z prezydentem Ukrainy. Rozmowy dotyczyły pomocy "
            "wojskowej oraz granicy. "
            "Minister powiedział, że rząd nie zmieni swojej decyzji.",
            "Polish",
        ),
        (
            "Předseda vlády se v Praze setkal s ukrajinským prezidentem. Jednání se týkala vojenské pomoci "
            "a hranic. Ministr řekl, "
            "že vláda své rozhodnutí nezmění.",
            "Czech",
        ),
        (
            "El presidente del Gobierno se reunió en Madrid con el presidente de Ucrania. El ministro dijo "
            "que el Gobierno no "
            "cambiará su decisión.",
            "Spanish",
        ),
        (
            "Der Bundeskanzler traf sich in Berlin mit dem Präsidenten der Ukraine. Der Minister sagte, die "
            "Regierung werde ihre "
            "Entscheidung nicht ändern, und das ist gut.",
            "German",
        ),
        (
            "A miniszterelnök Budapesten találkozott az ukrán elnökkel. A tárgyalások a határokról szóltak. "
            "A miniszter azt mondta, "
            "hogy a kormány nem változtatja meg a döntését.",
            "Hungarian",
        ),
        (
            "Cumhurbaşkanı Ankara'da Ukrayna cumhurbaşkanı ile görüştü. Görüşmelerde askeri yardım ve "
            "sınırlar ele alındı. Bakan, "
            "kararı değiştirmeyeceğini söyledi ve bu çok önemli dedi.",
            "Turkish",
        ),
        (
            "Thủ tướng đã gặp tổng thống Ukraina tại Hà Nội. Các cuộc hội đàm liên quan đến viện trợ quân "
            "sự và biên giới. Bộ trưởng "
            "nói rằng chính phủ sẽ không thay đổi.",
            "Vietnamese",
        ),
        (
            "Statsministeren mødte Ukraines præsident i København. Samtalerne handlede om militær støtte og "
            "grænserne. Ministeren "
            "sagde, at regeringen ikke vil ændre sin beslutning.",
            "Danish or Norwegian",
        ),
    ],
)
def test_reports_in_other_languages_are_told(text: str, language: str) -> None:
    assert other_language(text) == language
    assert other_language(text.upper()) == language
