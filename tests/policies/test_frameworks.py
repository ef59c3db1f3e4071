"""Severities and standards are those that AWS Security Hub publishes, not the pack's opinion."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from policies.guardrails.catalog import CONTROLS
from policies.guardrails.control import Control
from policies.guardrails.frameworks import FRAMEWORKS, frameworks_of
from policies.guardrails.left_out import LEFT_OUT, reasons
from testing.sdk import property_names
from tests.policies.scenes import table

# By Security Hub id: the severity, then the standards among FSBP, CIS, NIST and PCI.
PUBLISHED: dict[str, list[str]] = table(Path(__file__).parent / "security_hub.yaml")
OF_FSBP: dict[str, list[int]] = table(Path(__file__).parent / "fsbp.yaml")
MODULES: dict[str, list[str]] = table(Path(__file__).parent / "fsbp_modules.yaml")
UNJUDGED: dict[str, str] = table(Path(__file__).parent / "fsbp_unjudged.yaml")
IDS = {one.id for one in CONTROLS}
OF_SECURITY_HUB = [one for one in CONTROLS if re.search(r"\.\d+$", one.id)]
# Requirements of two more controls of Security Hub, which stand outside FSBP.
WORLD_TO_ADMINISTRATION = ("EC2.53", "EC2.54")


def covered(control_id: str) -> list[str]:
    """The Security Hub controls whose requirement a control covers, in or outside of FSBP."""
    more = WORLD_TO_ADMINISTRATION if control_id == "EC2.19" else ()
    own = (control_id,) if control_id in PUBLISHED else ()
    return [*own, *frameworks_of(control_id).fsbp, *more]


@pytest.mark.parametrize("control", OF_SECURITY_HUB, ids=[one.id for one in OF_SECURITY_HUB])
def test_a_control_with_an_id_of_security_hub_has_its_severity(control: Control):
    assert control.id in PUBLISHED, f"{control.id} is no id of Security Hub, or a retired one"
    assert control.severity.value == PUBLISHED[control.id][0]


@pytest.mark.parametrize("control_id", sorted(FRAMEWORKS))
def test_a_standard_is_told_exactly_where_security_hub_maps_it(control_id: str):
    frameworks = FRAMEWORKS[control_id]
    standards = {name for one in covered(control_id) for name in PUBLISHED[one][1:]}
    assert {
        name
        for name, ids in (
            ("FSBP", frameworks.fsbp),
            ("CIS", frameworks.cis),
            ("NIST", frameworks.nist),
            ("PCI", frameworks.pci),
        )
        if ids
    } == standards


@pytest.mark.parametrize("control_id", sorted(FRAMEWORKS))
def test_what_is_told_as_fsbp_is_of_that_standard(control_id: str):
    assert all("FSBP" in PUBLISHED[one] for one in FRAMEWORKS[control_id].fsbp)


def test_no_mapping_speaks_of_a_control_that_does_not_exist():
    assert set(FRAMEWORKS) <= IDS


def test_requirements_look_as_their_standards_write_them():
    for row in FRAMEWORKS.values():
        assert all(re.fullmatch(r"[A-Z]{2}-\d+(\(\d+\))?", one) for one in row.nist)
        assert all(re.fullmatch(r"\d+(\.\d+){1,2}", one) for one in (*row.cis, *row.pci))
        assert len(set(row.nist)) == len(row.nist)


def test_every_control_of_the_standard_for_a_judged_service_is_asked_or_left_out_with_a_reason():
    asked = {one for row in FRAMEWORKS.values() for one in row.fsbp}
    standard = {f"{service}.{number}" for service, numbers in OF_FSBP.items() for number in numbers}
    assert asked <= standard
    assert set(LEFT_OUT) == standard - asked
    assert sum(len(ids) for _, ids in reasons()) == len(LEFT_OUT)
    assert {one.split(".")[0] for one in asked} <= set(OF_FSBP)


def test_every_module_with_a_judged_type_has_its_services_of_the_standard():
    types = {kind for one in CONTROLS for kind in one.types if not kind.endswith("*")}
    judged = {kind.split(":")[1].split("/")[0] for kind in types}
    assert judged == set(MODULES)
    named = {service for services in MODULES.values() for service in services}
    assert named <= set(OF_FSBP)


def test_what_is_left_out_for_its_type_is_of_a_type_that_no_control_knows():
    types = {kind for one in CONTROLS for kind in one.types}
    unjudged = {one for reason, ids in reasons() if reason.startswith("no control") for one in ids}
    assert set(UNJUDGED) == unjudged
    assert not types & set(UNJUDGED.values())
    assert all(property_names(kind) for kind in UNJUDGED.values())


def test_a_reason_that_names_a_control_of_the_pack_names_one_that_there_is():
    named = {
        one
        for reason, _ in reasons()
        for one in re.findall(r"\b(?:[A-Z]\w*\.[\w-]*[a-z]\w*|(?<=asked by )\w+\.\d+)", reason)
    }
    assert named
    assert named <= IDS
