"""The coding schemes: scores, quads, the crosswalk, and the user's own roots."""

from __future__ import annotations

from pathlib import Path

import pytest

from diurna.errors import TableError
from diurna.ontology import ontology

HEADER = "event\tmode\tscore\tquad\tneeds_recipient\tcovers\n"


def own(folder: Path, *rows: str) -> Path:
    (folder / "ontology").mkdir()
    (folder / "ontology" / "plover.tsv").write_text(HEADER + "".join(row + "\n" for row in rows))
    return folder


def test_the_sixteen_roots_and_their_quads() -> None:
    roots = ontology().roots
    assert len(roots) == 16
    quads = {quad: {name for name, root in roots.items() if root.quad == quad} for quad in (1, 2, 3, 4)}
    assert quads[1] == {"AGREE", "CONSULT", "SUPPORT", "CONCEDE"}
    assert quads[2] == {"COOPERATE", "AID", "RETREAT"}
    assert quads[3] == {"REQUEST", "ACCUSE", "REJECT", "THREATEN"}
    assert quads[4] == {"PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"}


def test_cooperation_scores_above_conflict() -> None:
    for root in ontology().roots.values():
        assert -10 <= root.score <= 10
        assert (root.score > 0) == (root.quad < 3) or root.name == "REQUEST"


def test_score_of_a_mode_else_of_its_root() -> None:
    scheme = ontology()
    assert scheme.score("ASSAULT", "drone") == -9.5
    assert scheme.score("ASSAULT", "") == scheme.score("ASSAULT", "no such mode") == -9


def test_has() -> None:
    scheme = ontology()
    assert scheme.has("RETREAT", "release")
    assert scheme.has("RETREAT", "")
    assert not scheme.has("AID", "release")
    assert not scheme.has("FLATTER", "")


def test_crosswalk_gives_known_roots() -> None:
    scheme = ontology()
    assert {root for root in scheme.crosswalk.values() if root} <= set(scheme.roots)
    assert scheme.crosswalk["193"] == "ASSAULT"
    assert scheme.crosswalk["173"] == "COERCE"


def test_users_own_root_and_mode(tmp_path: Path) -> None:
    scheme = ontology(
        own(tmp_path, "FLATTER\t\t3\t1\tno\tpraise", "FLATTER\tpublicly\t2\t1\tno\tin public", "AID\tpoems\t1\t2\tno\tverse")
    )
    assert scheme.score("FLATTER", "publicly") == 2
    assert scheme.has("AID", "poems")
    assert not ontology().has("AID", "poems")


def test_mode_of_an_unknown_root_names_its_line(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"plover\.tsv:2: mode publicly of unknown root FLATTER"):
        ontology(own(tmp_path, "FLATTER\tpublicly\t2\t1\tno\tin public"))


def test_every_root_and_mode_has_a_code_of_its_kind() -> None:
    scheme = ontology()
    for root in scheme.roots.values():
        kinds = {code[:2] for code, name in scheme.crosswalk.items() if name == root.name} | OWN_KINDS.get(root.name, set())
        for mode in ("", *root.modes):
            assert (root.name, mode) in scheme.codes
            for code in scheme.codes[root.name, mode]:
                assert code in scheme.cameo_names
                assert code[:2] in kinds, (root.name, mode, code)
                assert mode or code[2:] == "0"


# A verdict stands among the accusations in CAMEO.
OWN_KINDS = {"SANCTION": {"11"}}


@pytest.mark.parametrize(
    ("root", "mode", "code"),
    [
        ("ASSAULT", "", "190"),
        ("ASSAULT", "aerial", "195"),
        ("ASSAULT", "drone", "195"),
        ("ASSAULT", "destroy", "1712"),
        ("ASSAULT", "crowd-control", "175"),
        ("RETREAT", "", "080"),
        ("RETREAT", "resign", "0831"),
        ("COERCE", "", "170"),
        ("COERCE", "censor", "1721"),
        ("ACCUSE", "", "110"),
        ("ACCUSE", "allege", "112"),
        ("THREATEN", "arrest", "132"),
        ("SANCTION", "convict", "116"),
        ("MOBILIZE", "militia", "154"),
    ],
)
def test_the_plainest_code_of_a_root_and_mode(root: str, mode: str, code: str) -> None:
    assert ontology().cameo_of(root, [mode] if mode else []) == code


def test_a_code_of_the_kind_that_an_event_has_already() -> None:
    scheme = ontology()
    assert scheme.cameo_of("REQUEST", ["meet"], "100") == "106"
    assert scheme.cameo_of("REQUEST", ["meet"], "020") == "026"
    assert scheme.cameo_of("ACCUSE", ["investigate"], "110") == "110"


def test_the_first_mode_that_has_a_code_counts() -> None:
    assert ontology().cameo_of("ASSAULT", ["no such mode", "abduct", "aerial"]) == "181"


def test_a_root_of_ones_own_has_the_code_of_its_own_crosswalk(tmp_path: Path) -> None:
    folder = own(tmp_path, "FLATTER\t\t3\t1\tno\tpraise", "FLATTER\tpublicly\t2\t1\tno\tin public")
    assert ontology(folder).cameo_of("FLATTER", ["publicly"]) == ""
    rows = "code\tname\tgoldstein\tquad\tplover\tmode\n900\tFlatter\t1\t1\tFLATTER\t\n901\tFlatter all\t1\t1\tFLATTER\tpublicly\n"
    (folder / "ontology" / "cameo.tsv").write_text(rows)
    ontology.cache_clear()
    assert [ontology(folder).cameo_of("FLATTER", modes) for modes in ([], ["publicly"])] == ["900", "901"]


def test_a_row_of_codes_must_name_what_exists(tmp_path: Path) -> None:
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "mode_codes.tsv").write_text("root\tmode\tcode\nASSAULT\tpillow\t190\n")
    with pytest.raises(TableError, match=r"mode_codes\.tsv:2: unknown root or mode ASSAULT pillow"):
        ontology(tmp_path)
