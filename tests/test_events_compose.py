"""The composition table, one test for each row of the codebook's matrix (section 2)."""

from __future__ import annotations

import pytest

from diurna.events.compose import Code, composition
from diurna.ontology import ontology

OWN = Code("ACCUSE", "allege", "112")
HOSTILE = ("SANCTION", "COERCE", "ASSAULT", "MOBILIZE", "PROTEST")
COOPERATIVE = ("CONSULT", "SUPPORT", "COOPERATE", "AID")
YIELDING = ("RETREAT", "CONCEDE")


def roots(operator: str, *complements: str) -> set[str]:
    return {composition().compose(operator, OWN, Code(root)).root for root in complements}


def compose(operator: str, root: str, mode: str = "", cameo: str = "") -> Code:
    return composition().compose(operator, OWN, Code(root, mode, cameo))


@pytest.mark.parametrize("operator", ["agree", "offer"])
def test_agreeing_to_cooperation_is_agree(operator: str) -> None:
    assert roots(operator, *COOPERATIVE) == {"AGREE"}


@pytest.mark.parametrize("operator", ["agree", "offer"])
def test_agreeing_to_yield_is_concede(operator: str) -> None:
    assert roots(operator, *YIELDING) == {"CONCEDE"}


def test_agreeing_to_end_a_sanction_concedes() -> None:
    lifting = compose("end", "SANCTION")
    assert composition().compose("agree", OWN, lifting).root == "CONCEDE"


@pytest.mark.parametrize("operator", ["agree", "threaten"])
def test_planning_or_vowing_harm_is_threaten(operator: str) -> None:
    assert roots(operator, *HOSTILE) == {"THREATEN"}


def test_threat_takes_its_mode_from_what_is_threatened() -> None:
    assert compose("threaten", "ASSAULT") == Code("THREATEN", "violence", "138")
    assert compose("threaten", "SANCTION", "expel") == Code("THREATEN", "expel", "136")
    assert compose("threaten", "COERCE", "arrest").mode == "arrest"


def test_requests_stay_requests_whatever_is_asked() -> None:
    assert roots("request", *ontology().roots) == {"REQUEST"}


@pytest.mark.parametrize(
    ("root", "mode", "asked"),
    [("CONSULT", "", "meet"), ("AID", "", "assist"), ("RETREAT", "release", "yield"), ("RETREAT", "resign", "change")],
)
def test_mode_of_requests_and_refusals_from_the_complement(root: str, mode: str, asked: str) -> None:
    assert compose("request", root, mode).mode == asked
    assert compose("refuse", root, mode) == compose("refuse", root, mode)
    assert (compose("refuse", root, mode).root, compose("refuse", root, mode).mode) == ("REJECT", asked)


def test_refusing_anything_friendly_is_reject() -> None:
    assert roots("refuse", *COOPERATIVE, *YIELDING, "AGREE", "REQUEST") == {"REJECT"}


def test_cancelled_meeting_is_reject_meet() -> None:
    assert compose("cancel", "CONSULT") == Code("REJECT", "meet", "125")


def test_cutting_what_runs_is_sanction() -> None:
    assert roots("end", "AID", "COOPERATE", "CONSULT") == {"SANCTION"}
    assert roots("cancel", "AID") == {"SANCTION"}, "a cancellation of anything but a meeting ends it"


def test_ending_harm_is_retreat() -> None:
    assert roots("end", *HOSTILE) == {"RETREAT"}


@pytest.mark.parametrize("operator", ["accuse", "praise"])
def test_blame_and_praise_keep_the_matrix_code(operator: str) -> None:
    assert {composition().compose(operator, OWN, Code(root)) for root in ontology().roots} == {OWN}


def test_denied_act_is_no_event() -> None:
    assert roots("deny", *ontology().roots) == {""}


@pytest.mark.parametrize("operator", ["try", "fail"])
def test_aspect_keeps_the_complement(operator: str) -> None:
    assert compose(operator, "AID", "", "071") == Code("AID", "", "071")


def test_unknown_operator_leaves_the_matrix_code() -> None:
    assert compose("no such operator", "AID") == OWN


def test_every_outcome_is_a_code_of_the_scheme() -> None:
    scheme = ontology()
    for (operator, complement), code in composition().rules.items():
        if code.root in ("=", "-", "frame") or code.root.islower():
            continue
        assert scheme.has(code.root, "" if code.mode == "=" else code.mode), (operator, complement)
        assert code.cameo in ("=", "") or code.cameo in scheme.cameo_names, (operator, complement)
