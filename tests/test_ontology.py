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
