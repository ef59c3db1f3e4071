"""The chat backend's rows about how its stacks differ, what they keep and what they cost."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.price.systems import priced
from tests.recordings import ROOT
from tests.systems.chat_backend import CHAT, GROUPS, Recordings, own
from trellis.planner.record import Recording, record
from trellis.price.budgets import verdicts


def test_the_trail_is_a_switch(recording_of: Recordings):
    trail = "aws:cloudtrail/trail:Trail"
    assert recording_of(CHAT, "prod", "deployed").of_type(trail)
    without = record(
        ROOT / CHAT, "prod", "deployed", changes={("baseline",): {"trail": {"enabled": False}}}
    )
    assert not without.of_type(trail)


@pytest.mark.long
def test_functions_may_stand_in_a_network(recording_of: Recordings):
    """With a network and without `subnets: none`, production places them in private subnets."""
    network = {
        "cidr": "10.0.0.0/16",
        "zones": 2,
        "nat": "single",
        "subnets": {"public": {}, "private": {}},
        "endpoints": ["dynamodb"],
    }
    changes: dict[Any, Any] = {("network",): network}
    changes |= {("functions", name, "subnets"): "private" for name in GROUPS}
    edited = record(ROOT / CHAT, "prod", "deployed", changes=changes)
    private = {
        resource.id
        for resource in edited.of_type("aws:ec2/subnet:Subnet")
        if resource.name.startswith("network-private")
    }
    groups: set[str] = set()
    for resource in own(edited).values():
        assert set(resource.inputs["vpcConfig"]["subnetIds"]) == private
        groups |= set(resource.inputs["vpcConfig"]["securityGroupIds"])
    assert len(groups) == len(GROUPS)


def test_nothing_is_paid_for_in_a_network(chat: Recording):
    assert not chat.of_type("aws:ec2/vpcEndpoint:VpcEndpoint")
    assert not chat.of_type("aws:ec2/natGateway:NatGateway")
    assert all("vpcConfig" not in resource.inputs for resource in own(chat).values())


def test_a_plan_builds_nothing(chat: Recording):
    root = Path(__file__).resolve().parents[2]
    for resource in own(chat).values():
        assert resource.inputs["code"].kind
    assert not (root / CHAT / "build").exists()


def test_dev_may_go_whole_and_prod_is_kept(recording_of: Recordings):
    dev = recording_of(CHAT, "dev", "deployed")
    assert not [element.name for element in dev if element.protect or element.retain_on_delete]
    # AWS's own protection would stop it too.
    for resource in dev:
        assert not resource.inputs.get("deletionProtectionEnabled"), resource.urn
        assert resource.inputs.get("deletionProtection") in (None, False, "INACTIVE"), resource.urn
    logs = {
        resource.inputs["retentionInDays"]
        for resource in dev.of_type("aws:cloudwatch/logGroup:LogGroup")
    }
    assert max(logs) <= 30
    prod = recording_of(CHAT, "prod", "deployed")
    assert all(resource.protect for resource in prod.of_type("aws:dynamodb/table:Table"))
    groups = prod.of_type("aws:cloudwatch/logGroup:LogGroup")
    assert min(resource.inputs["retentionInDays"] for resource in groups) >= 365
    assert prod.of_type("aws:cloudtrail/trail:Trail")


def test_staging_is_as_prod_but_for_what_the_account_has_once(recording_of: Recordings):
    staging, prod = (
        {
            (resource.type, resource.name): resource
            for resource in recording_of(CHAT, stack, "deployed")
            if not any(part in resource.urn for part in ("trellis:baseline", "-logs", "audit-"))
        }
        for stack in ("staging", "prod")
    )
    assert staging.keys() == prod.keys()
    assert {key for key, element in staging.items() if element.protect} == {
        key for key, element in prod.items() if element.protect
    }


def test_what_it_costs_is_tagged_budgeted_and_told_and_the_budget_holds(chat: Recording):
    for resource in chat:
        if "tagsAll" in resource.outputs:
            assert resource.outputs["tagsAll"]["Environment"] == chat.stack, resource.urn
            assert resource.outputs["tagsAll"]["CostCenter"] == "chat", resource.urn
    (budget,) = chat.of_type("aws:budgets/budget:Budget")
    assert {
        notification["notificationType"] for notification in budget.inputs["notifications"]
    } == {
        "ACTUAL",
        "FORECASTED",
    }
    (found,) = verdicts(chat, priced(CHAT, chat.stack).estimate.usd, datetime.now(UTC).date())
    assert not found.fires_at_once, found.text
