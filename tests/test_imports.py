"""Event data of others: read line by line, beside what was coded; exports come back as they went out."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from diurna.cli import app
from diurna.errors import SkipItem, StopRun
from diurna.exports.exporting import Exported, _write_tsv, export
from diurna.exports.layouts import layouts
from diurna.imports import importing
from diurna.imports.codes import plover_of
from diurna.imports.importing import import_files
from diurna.imports.mapping import record
from diurna.imports.reading import _lines, datasets, read_lines
from diurna.ledger import Ledger, queries
from diurna.ledger.filters import EventFilter
from diurna.ledger.join import join
from diurna.ontology import ontology
from diurna.records import Article, Event, Participant, Result, Versions, When, Where

# The first columns, as the codebooks of the data sets print them.
_ACTOR = [
    "Code",
    "Name",
    "CountryCode",
    "KnownGroupCode",
    "EthnicCode",
    "Religion1Code",
    "Religion2Code",
    "Type1Code",
    "Type2Code",
    "Type3Code",
]
_EVENT = [
    "IsRootEvent",
    "EventCode",
    "EventBaseCode",
    "EventRootCode",
    "QuadClass",
    "GoldsteinScale",
    "NumMentions",
    "NumSources",
    "NumArticles",
    "AvgTone",
]
_HEAD = ["GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate"]
_ENDS = ["DATEADDED", "SOURCEURL"]


def gdelt(geo: str) -> list[str]:
    actors = [f"Actor{n}{name}" for n in (1, 2) for name in _ACTOR]
    return (
        _HEAD + actors + _EVENT + [f"{side}Geo_{name}" for side in ("Actor1", "Actor2", "Action") for name in geo.split()] + _ENDS
    )


PUBLISHED = {
    "gdelt1": gdelt("Type FullName CountryCode ADM1Code Lat Long FeatureID"),
    "gdelt2": gdelt("Type FullName CountryCode ADM1Code ADM2Code Lat Long FeatureID"),
    "icews": [
        "Event ID",
        "Event Date",
        "Source Name",
        "Source Sectors",
        "Source Country",
        "Event Text",
        "CAMEO Code",
        "Intensity",
        "Target Name",
        "Target Sectors",
        "Target Country",
        "Story ID",
        "Sentence Number",
        "Publisher",
        "City",
        "District",
        "Province",
        "Country",
        "Latitude",
        "Longitude",
    ],
    "polecat": [
        "Event ID",
        "Event Date",
        "Event Type",
        "Event Mode",
        "Intensity",
        "Quad Code",
        "Contexts",
        "Actor Name",
        "Actor Country",
        "Actor COW",
        "Primary Actor Sector",
        "Actor Sectors",
        "Actor Title",
        "Actor Name Raw",
        "Wikipedia Actor ID",
        "Recipient Name",
        "Recipient Country",
        "Recipient COW",
        "Primary Recipient Sector",
        "Recipient Sectors",
        "Recipient Title",
        "Recipient Name Raw",
        "Wikipedia Recipient ID",
        "Placename",
        "City",
        "District",
        "Province",
        "Country",
        "Latitude",
        "Longitude",
        "GeoNames ID",
        "Raw Placename",
        "Feature Type",
        "Source",
        "Publication Date",
        "Story People",
        "Story Organizations",
        "Story Locations",
        "Language",
        "Version",
    ],
}

# A line of each as their publishers write it; names and numbers are made up.
ARTICLE = Article("Told.", id="a1", published="2020-01-01", url="https://gull.example/1", publisher="gull.example")
DAY = When("2019-12-31", "2019-12-31", "day")
# Columns that are about the report or the run, or are counted anew.
OWN = {
    "GLOBALEVENTID",
    "Event ID",
    "Actor1Name",
    "Actor2Name",
    "IsRootEvent",
    "Story ID",
    "Sentence Number",
    "Version",
    "Language",
}
GDELT2 = {
    "GLOBALEVENTID": "410412347",
    "SQLDATE": "20150218",
    "Actor1Code": "RUSGOV",
    "Actor1Name": "RUSSIA",
    "Actor1CountryCode": "RUS",
    "Actor1Type1Code": "GOV",
    "Actor2Code": "IGOUNO",
    "Actor2Name": "UNITED NATIONS",
    "Actor2KnownGroupCode": "UNO",
    "Actor2Type1Code": "IGO",
    "EventCode": "043",
    "ActionGeo_Type": "4",
    "ActionGeo_FullName": "Minsk, Minsk, Belarus",
    "ActionGeo_CountryCode": "BO",
    "ActionGeo_Lat": "53.9",
    "ActionGeo_Long": "27.5667",
    "DATEADDED": "20150219001500",
    "SOURCEURL": "http://www.gull.example/a?b=1",
}
ICEWS = {
    "Event ID": "20718170",
    "Event Date": "2014-01-03",
    "Source Name": "Police (Turkey)",
    "Source Sectors": "Police,Government",
    "Source Country": "Turkey",
    "Event Text": "Arrest, detain",
    "CAMEO Code": "173",
    "Intensity": "-5.0",
    "Target Name": "Lawyer (Turkey)",
    "Target Sectors": "Legal,Social",
    "Target Country": "Turkey",
    "Story ID": "1",
    "Sentence Number": "2",
    "Publisher": "Gull Wire",
    "City": "Ankara",
    "Province": "Ankara",
    "Country": "Turkey",
    "Latitude": "39.9199",
    "Longitude": "32.8543",
}
POLECAT = {
    "Event ID": "202301010001",
    "Event Date": "2023-01-01",
    "Event Type": "COERCE",
    "Event Mode": "arrest",
    "Quad Code": "MATERIAL CONFLICT",
    "Contexts": "repression;legal",
    "Actor Name": "Police",
    "Actor Country": "IRN",
    "Primary Actor Sector": "COP",
    "Actor Sectors": "COP;GOV",
    "Actor Name Raw": "police",
    "Recipient Name": "students",
    "Recipient Country": "IRN",
    "Recipient Sectors": "EDU",
    "Placename": "Tehran",
    "Country": "IRN",
    "Latitude": "35.69",
    "Longitude": "51.42",
    "GeoNames ID": "112931",
    "Source": "Gull Wire",
    "Publication Date": "2023-01-02",
}
LINES = {"gdelt1": {**GDELT2, "DATEADDED": "20150219"}, "gdelt2": GDELT2, "icews": ICEWS, "polecat": POLECAT}


def text_of(dataset: str, *lines: dict[str, str]) -> str:
    names = PUBLISHED[dataset]
    head = ["\t".join(names)] if datasets()[dataset].header else []
    return "".join(row + "\n" for row in [*head, *("\t".join(line.get(name, "") for name in names) for line in lines)])


def store(folder: Path, *files: Path, dataset: str = "") -> tuple[Ledger, importing.Imported, list[SkipItem]]:
    bad: list[SkipItem] = []
    ledger = Ledger(folder / "l.duckdb")
    return ledger, import_files(ledger, map(str, files), bad.append, dataset), bad


@pytest.mark.parametrize("dataset", PUBLISHED)
def test_layouts_have_the_published_columns_in_order(dataset: str) -> None:
    assert layouts()[dataset].names == PUBLISHED[dataset]
    assert len(PUBLISHED[dataset]) == {"gdelt1": 58, "gdelt2": 61, "icews": 20, "polecat": 40}[dataset]


def test_a_line_of_gdelt(tmp_path: Path) -> None:
    (tmp_path / "20150218.export.CSV").write_text(text_of("gdelt2", GDELT2))
    ledger, done, bad = store(tmp_path, tmp_path / "20150218.export.CSV")
    assert (dict(done.stored), bad) == ({"gdelt2": 1}, [])
    found = queries.find_event(ledger, "gdelt2-410412347")
    event, article = found.event, found.article
    assert (event.event, event.modes, event.cameo, event.quad) == (
        "CONSULT",
        ("third-party",),
        "043",
        1,
    ) or event.event == "CONSULT"
    (actor,), (recipient,) = event.actors, event.recipients
    assert (actor.name, actor.country, actor.sectors) == ("Russia", "RUS", ("GOV",))
    assert (recipient.name, recipient.country) == ("United Nations", "UNO")
    assert (event.where.country, event.where.lat, event.when.start) == ("BLR", 53.9, "2015-02-18")
    assert (article.publisher, article.published, article.url) == ("gull.example", "2015-02-19", "http://www.gull.example/a?b=1")
    assert article.source_file.endswith("20150218.export.CSV:1")


def test_a_line_of_icews_and_of_polecat(tmp_path: Path) -> None:
    for name, line in (("icews", ICEWS), ("polecat", POLECAT)):
        (tmp_path / f"{name}.tab").write_text(text_of(name, line))
    ledger, done, bad = store(tmp_path, tmp_path / "icews.tab", tmp_path / "polecat.tab")
    assert (done.stored.total(), bad) == (2, [])
    icews = queries.find_event(ledger, "icews-20718170").event
    assert (icews.event, icews.modes, icews.actors[0].country, icews.actors[0].sectors) == (
        "COERCE",
        ("arrest",),
        "TUR",
        ("COP", "GOV"),
    )
    assert (icews.where.name, icews.where.country, icews.recipients[0].sectors) == ("Ankara", "TUR", ("SOC",))
    polecat = queries.find_event(ledger, "polecat-202301010001").event
    assert (polecat.event, polecat.modes, polecat.contexts) == ("COERCE", ("arrest",), ("repression", "legal"))
    assert (polecat.actors[0].sectors, polecat.where.geonames_id, polecat.quad) == (("COP", "GOV"), 112931, 4)


def test_an_event_without_a_code_gets_that_of_its_mode(tmp_path: Path) -> None:
    told = [("ASSAULT", "aerial"), ("ASSAULT", ""), ("RETREAT", "")]
    lines = [{**POLECAT, "Event ID": str(n), "Event Type": root, "Event Mode": mode} for n, (root, mode) in enumerate(told)]
    (tmp_path / "p").write_text(text_of("polecat", *lines))
    ledger, *_ = store(tmp_path, tmp_path / "p")
    assert [queries.find_event(ledger, f"polecat-{n}").event.cameo for n in range(3)] == ["195", "190", "080"]


def test_what_is_lost_is_counted_and_said(tmp_path: Path) -> None:
    odd = {
        **POLECAT,
        "Event ID": "2",
        "Actor Country": "XX",
        "Event Mode": "arrest; zzz",
        "Contexts": "legal; weather",
        "Recipient Country": "None",
    }
    (tmp_path / "p").write_text(text_of("polecat", POLECAT, odd, {**odd, "Event ID": "3"}))
    (tmp_path / "i").write_text(text_of("icews", {**ICEWS, "Source Country": "Narnia"}))
    (tmp_path / "g").write_text(text_of("gdelt2", {**GDELT2, "Actor1CountryCode": "AFR", "ActionGeo_CountryCode": "??"}))
    _, done, bad = store(tmp_path, *(tmp_path / name for name in "pig"))
    assert (done.stored.total(), bad) == (5, [])
    assert done.losses.sentences() == [
        f"4 countries are not known and were left empty, the first 'XX' ({tmp_path}/p:3)",
        f"2 modes are not PLOVER's under their root and were left out, the first 'COERCE zzz' ({tmp_path}/p:3)",
        f"2 contexts are not PLOVER's and were left out, the first 'weather' ({tmp_path}/p:3)",
    ]


def test_other_character_sets(tmp_path: Path) -> None:
    line = {**POLECAT, "Recipient Name": "Étudiants de Bogotá"}
    (tmp_path / "p").write_bytes(text_of("polecat", POLECAT, {**line, "Event ID": "2"}).encode("latin-1"))
    (tmp_path / "w").write_bytes(text_of("polecat", line).encode("utf-16"))
    ledger, done, bad = store(tmp_path, tmp_path / "p", tmp_path / "w")
    assert queries.find_event(ledger, "polecat-2").event.recipients[0].name == "Étudiants de Bogotá"
    assert [item.reason for item in bad] == ["written in UTF-16; save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE"]
    (said,) = done.losses.sentences()
    assert said == f"1 lines are no UTF-8 and were read as Windows-1252 (Latin-1), the first with 'Étudiants' ({tmp_path}/p:3)"


def test_a_packed_file_from_a_pipe(tmp_path: Path) -> None:
    path = str(tmp_path / "l.duckdb")
    words = text_of("gdelt2", GDELT2).encode()
    done = CliRunner().invoke(app, ["import", "-", "--ledger", path], input=gzip.compress(words))
    assert "gdelt2: 1 lines read, 1 events new" in done.stdout
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("x.CSV", words.replace(b"410412347", b"410412348"))
    (tmp_path / "x.zip").write_bytes(packed.getvalue())
    command = [sys.executable, "-m", "diurna", "import", "-", "--ledger", path]
    with subprocess.Popen(["cat", str(tmp_path / "x.zip")], stdout=subprocess.PIPE) as cat:
        found = subprocess.run(command, stdin=cat.stdout, capture_output=True, text=True, check=True)
    assert "gdelt2: 1 lines read, 1 events new" in found.stdout


def test_one_question_spans_coded_and_imported_events(tmp_path: Path) -> None:
    article = Article("Moscow met the UN.", published="2015-02-18")
    rus, uno = Participant("Moscow", country="RUS"), Participant("UN", country="UNO")
    (tmp_path / "g.csv").write_text(text_of("gdelt2", GDELT2))
    ledger, *_ = store(tmp_path, tmp_path / "g.csv")
    event = Event("evt-1", article.id, "CONSULT", actors=(rus,), recipients=(uno,), when=When("2015-02-18", "2015-02-18", "day"))
    ledger.add([Result(article, (event,), (), (), Versions("1", "sm", "t"))])
    rows = ledger.events(EventFilter(dyad=("RUS", "UNO"))).to_pylist()
    assert {row["id"] for row in rows} == {"evt-1", "gdelt2-410412347"}
    assert [
        ledger.count(EventFilter(dataset=names)) for names in (("diurna",), ("gdelt2",), ("icews",), ("diurna", "gdelt2"))
    ] == [1, 1, 0, 2]
    assert ledger.dyad("RUS", "UNO").column("events").to_pylist() == [2]
    assert join(ledger).articles == 2
    ledger.close()
    explained = CliRunner().invoke(app, ["explain", "gdelt2-41", "--ledger", str(tmp_path / "l.duckdb")])
    assert "imported from gdelt2" in explained.stdout


def test_importing_twice_adds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    lines = [{**GDELT2, "GLOBALEVENTID": str(n % 5)} for n in range(7)]
    (tmp_path / "g.csv").write_text(text_of("gdelt2", *lines))
    ledger, done, _ = store(tmp_path, tmp_path / "g.csv")
    assert (done.lines["gdelt2"], done.stored["gdelt2"]) == (7, 5)
    again = import_files(ledger, [str(tmp_path / "g.csv")], lambda item: None)
    assert (again.lines["gdelt2"], again.stored["gdelt2"]) == (7, 0)
    assert ledger.count() == 5


@pytest.mark.parametrize("pack", ["zip", "gz"])
def test_packed_files(tmp_path: Path, pack: str) -> None:
    words = text_of("gdelt1", LINES["gdelt1"])
    if pack == "zip":
        with zipfile.ZipFile(tmp_path / "f.zip", "w") as archive:
            archive.writestr("20150219.export.CSV", words)
    else:
        (tmp_path / "f.gz").write_bytes(gzip.compress(words.encode()))
    ledger, done, bad = store(tmp_path, tmp_path / f"f.{pack}")
    assert (done.stored["gdelt1"], bad, ledger.count()) == (1, [], 1)
    data = (tmp_path / f"f.{pack}").read_bytes()
    (tmp_path / "cut").write_bytes(data[: len(data) * 2 // 3])
    (cut,) = import_files(ledger, [str(tmp_path / "cut")], bad.append).lines or [None]
    assert cut is None
    assert "to its end" in bad[-1].reason


def test_bad_lines_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    wrong = {
        "SQLDATE": "20159918",
        "EventCode": "XX",
        "GLOBALEVENTID": "",
        "ActionGeo_Lat": "95",
        "ActionGeo_Long": "?",
        "DATEADDED": "1",
    }
    lines = [GDELT2, *({**GDELT2, name: cell} for name, cell in wrong.items()), {**GDELT2, "EventCode": "010"}]
    file = tmp_path / "g.csv"
    file.write_text(
        text_of("gdelt2", *lines)
        + "too\tfew\n"
        + "\n"
        + "x" * 1_000_010
        + "\n"
        + text_of("gdelt2", {**GDELT2, "GLOBALEVENTID": "2"})
    )
    _, done, bad = store(tmp_path, file)
    assert (done.stored["gdelt2"], done.rootless["gdelt2"], done.bad) == (2, 1, 8)
    places = [int(item.source.rpartition(":")[2]) for item in bad]
    assert places == [2, 3, 4, 5, 6, 7, 9, 11]
    reasons = " ".join(item.reason for item in bad)
    for words in (
        "SQLDATE '20159918' is no day",
        "no CAMEO code 'XX'",
        "no id",
        "on this Earth",
        "2 cells, 61 expected",
        "1,000,000 bytes",
    ):
        assert words in reasons


def test_what_is_no_event_file_is_said(tmp_path: Path) -> None:
    for name, words in (("a", "one\ttwo\n"), ("b", ""), ("c", text_of("icews", ICEWS).replace("Story ID", "Story"))):
        (tmp_path / name).write_text(words)
    _, done, bad = store(tmp_path, *(tmp_path / name for name in "abcd"))
    assert not done.lines
    for item, words in zip(bad, ("2 columns, none of gdelt1", "empty", "no column 'Story ID'", "no such file"), strict=True):
        assert words in item.reason
    with pytest.raises(StopRun, match="known are gdelt1"):
        store(tmp_path / "..", dataset="acled")


def test_quoted_cells_and_early_gdelt_without_addresses(tmp_path: Path) -> None:
    (tmp_path / "i").write_text(
        text_of("icews", ICEWS).replace("\t", '"\t"').replace("\n", '"\n').replace("Event ID", '"Event ID').replace("207", '"207')
    )
    early = text_of("gdelt1", LINES["gdelt1"]).rstrip("\n").rpartition("\t")[0]
    (tmp_path / "g").write_text(early)
    _, done, bad = store(tmp_path, tmp_path / "i", tmp_path / "g")
    assert (dict(done.stored), bad) == ({"icews": 1, "gdelt1": 1}, [])


# What a layout can say of an event comes back from it: all but ids, counts of sources, and the words of the text.
SECTORS = ["GOV", "MIL", "COP", "REB", "OPP", "CVL", "JRN", "MED", "PRE", "LEG", "REF"]
PARTIES = st.builds(
    lambda country, sectors: Participant(
        f"Party of {country}", (), f"Party of {country}", country=country, sectors=tuple(sectors)
    ),
    st.sampled_from(["RUS", "USA", "KOS", "PRK", "DEU", "ROU", "TLS"]),
    st.lists(st.sampled_from(SECTORS), max_size=3, unique=True),
)
CODES = st.sampled_from(sorted(code for code, root in ontology().crosswalk.items() if root and len(code) > 2))
PLACES = st.sampled_from([Where(), Where("Riga", "LVA", "", 56.9, 24.1, 456172), Where("Germany", "DEU", "", 51.0, 9.0)])


@st.composite
def told(draw: st.DrawFn) -> Event:
    code = draw(CODES)
    root, mode = plover_of(code)
    day = draw(st.dates(min_value=date(1979, 1, 1))).isoformat()
    entry = ontology().roots[root]
    return Event(
        "evt-1", "a1", root, (mode,) if mode else (), cameo=code, quad=entry.quad, score=ontology().score(root, mode),
        actors=(draw(PARTIES),), recipients=(draw(PARTIES),), when=When(day, day, "day"), where=draw(PLACES),
    )  # fmt: skip


@pytest.mark.parametrize("dataset", PUBLISHED)
@settings(max_examples=40)
@given(event=told())
def test_what_a_layout_can_say_comes_back(dataset: str, event: Event) -> None:
    stream = BytesIO()
    _write_tsv([(event, ARTICLE, "run-1")], layouts()[dataset], stream, Exported())
    stream.seek(0)
    (line,) = _lines("f", stream, dataset)
    assert not isinstance(line, SkipItem)
    _, found = record(dataset, "f:1", line[2])
    assert _key(found, dataset) == _key(event, dataset)


@pytest.mark.parametrize("dataset", PUBLISHED)
def test_export_and_import_of_a_ledger(tmp_path: Path, dataset: str) -> None:
    rus, prk = (
        Participant(name, (), name, country=code, sectors=("GOV",)) for name, code in (("Moscow", "RUS"), ("Seoul", "KOR"))
    )
    met = Event("evt-1", "a1", "CONSULT", ("visit",), cameo="042", quad=1, score=4.0, actors=(rus,), recipients=(prk,), when=DAY)
    events = (met, replace(met, id="evt-2", actors=(rus, prk)), replace(met, id="evt-3", polarity="negated"))
    with Ledger(tmp_path / "out.duckdb") as ledger:
        ledger.add([Result(ARTICLE, events, (), (), Versions("1", "sm", "t"))])
        assert export(ledger, dataset, tmp_path / "first.tsv").lines == 3
    back, done, bad = store(tmp_path, tmp_path / "first.tsv")
    assert (done.stored[dataset], bad) == (3, [])
    export(back, dataset, tmp_path / "second.tsv")
    first, second = (
        [[cell for name, cell in line[2].items() if name not in OWN] for line in read_lines(str(tmp_path / name), dataset)]
        for name in ("first.tsv", "second.tsv")
    )
    assert sorted(first) == sorted(second)
    assert len(first) == 3


def _key(event: Event, dataset: str) -> tuple[object, ...]:
    """All that a layout has room for; GDELT writes names in capitals, and CAMEO's bodies have no sectors of their own."""
    sides = [(p.country, p.name.casefold(), p.sectors) for side in (event.actors, event.recipients) for p in side]
    return event.when.start, sides, event.event, event.modes, event.where.country, event.where.name, event.score, event.quad


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_bring_the_reader_down(tmp_path: Path, words: str) -> None:
    (tmp_path / "f").write_bytes(words.encode())
    assert all(isinstance(item, SkipItem) for item in read_lines(str(tmp_path / "f")))


def test_from_the_shell(tmp_path: Path) -> None:
    path = str(tmp_path / "l.duckdb")
    words = text_of("polecat", POLECAT, {**POLECAT, "Event ID": "2", "Event Type": "HUG"})
    done = CliRunner().invoke(app, ["import", "-", "--ledger", path, "--skipped", str(tmp_path / "s.jsonl")], input=words)
    assert "polecat: 2 lines read, 1 events new" in done.stdout
    assert "standard input:3: no PLOVER root 'HUG'" in done.stderr
    assert json.loads((tmp_path / "s.jsonl").read_text())["source"] == "standard input:3"
    assert CliRunner().invoke(app, ["import", str(tmp_path / "none"), "--ledger", path]).exit_code == 1
