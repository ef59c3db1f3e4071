"""What AWS would make anew of a thing that is taken over is known before anything is touched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.components.adopted_parts import ADOPTED, KEY, NLB
from tests.components.small_systems import DATABASE, NETWORK, small_system
from tests.planner.edits import compared
from trellis.compare.meaning import words
from trellis.compare.report import DONE
from trellis.compare.step import Side
from trellis.compare.steps import steps
from trellis.planner.recording import Recording
from trellis.stackfile.looking_up_adopted import label

DATABASE_TAKEN: dict[str, Any] = {
    "network": NETWORK,
    "databases": {"main": {**DATABASE, "adopt": "old-main", "physicalName": "old-main"}},
}


INSTANCE = "aws:rds/instance:Instance"


def _with_keeps(*keeps: str) -> Recording:
    entry = {**DATABASE, "adopt": {"id": "old-main", "keeps": list(keeps)},
             "physicalName": "old-main"}  # fmt: skip
    return small_system(network=NETWORK, databases={"main": entry})


THERE = {
    label(INSTANCE, "old-main"): {
        "engine": "postgres",
        "username": "app",
        "dbName": "app",
        "storageEncrypted": True,
        "kmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/" + KEY,
        "dbSubnetGroupName": "old-subnets",
    }
}


def _import(recording: Recording, there: Any) -> Any:
    side = Side(recording, Path(), there=there)
    nothing = Side(small_system(network=NETWORK), side.folder)
    return next(step for step in steps(nothing, side) if step.type == INSTANCE)


def test_what_aws_would_make_anew_is_refused_before_anything_is_touched():
    step = _import(_with_keeps(), THERE)
    assert step.operation == "import"
    assert DONE[step.operation] == "imported"
    assert set(step.because) == {"kmsKeyId", "dbSubnetGroupName"}
    assert "keeps: [kmsKeyId, dbSubnetGroupName]" in step.refused


BALANCER = "aws:lb/loadBalancer:LoadBalancer"


def _taking_over(there: dict[str, Any]) -> tuple[str, ...]:
    """What AWS would make a network load balancer anew for, of which this is there."""
    recording = small_system(**ADOPTED)
    made = recording.one(BALANCER, "mqtt-nlb").inputs
    theirs = {
        "name": "old-mqtt", "internal": False, "loadBalancerType": "network",
        "subnets": list(made["subnets"]), "securityGroups": ["sg-0123456789abcdef0"], **there,
    }  # fmt: skip
    side = Side(recording, Path(), there={label(BALANCER, NLB): theirs})
    found = steps(Side(small_system(network=NETWORK), side.folder), side)
    return next(step.because for step in found if (step.type, step.name) == (BALANCER, "mqtt-nlb"))


def test_a_network_load_balancer_is_taken_over_with_its_subnets_and_a_security_group():
    assert _taking_over({}) == ()
    assert _taking_over({"securityGroups": None}) == ("securityGroups",)
    assert _taking_over({"subnets": ["subnet-0123456789abcdef0"]}) == ("subnets",)
    assert _taking_over({"internal": True}) == ("internal",)


def test_what_is_kept_is_not_refused():
    step = _import(_with_keeps("kmsKeyId", "dbSubnetGroupName"), THERE)
    assert (step.operation, step.because, step.refused) == ("import", (), "")


def test_what_was_not_looked_up_is_told():
    step = _import(_with_keeps(), {})
    assert not step.refused
    assert "trellis lookup" in " ".join(words(step))


def test_what_adopt_names_is_never_replaced():
    other = {**DATABASE_TAKEN["databases"]["main"], "masterUsername": "other"}
    before = small_system(**DATABASE_TAKEN)
    step = compared(before, small_system(network=NETWORK, databases={"main": other}))[
        "Instance main"
    ]
    assert step.operation == "replace"
    assert "replaces nothing that `adopt` names" in step.refused


def test_another_identifier_on_what_stands_is_told_as_a_replacement():
    before = small_system(zones={"main": {"domain": "example.com", "queryLogs": False}})
    after = small_system(
        zones={"main": {"domain": "example.com", "queryLogs": False, "adopt": "Z1D633PJN98FT9"}}
    )
    step = compared(before, after)["Zone main"]
    assert (step.operation, step.because) == ("replace", ("adopt",))
