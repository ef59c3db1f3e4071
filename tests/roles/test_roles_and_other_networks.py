"""A deployment that leads to networks of others may do so with exactly these, which bear no tag."""

from __future__ import annotations

from tests.components.network.test_beyond import (
    ASKED,
    BEYOND,
    HUB,
    PRIVATE_GATEWAY,
    TABLE,
    VPC,
)
from tests.components.small_systems import ACCOUNT, NETWORK, REGION, small_system
from trellis.roles.arns import Place
from trellis.roles.derive import Derivation

HERE = f"arn:aws:ec2:{REGION}:{ACCOUNT}"
ABROAD = f"arn:aws:ec2:eu-west-1:{ACCOUNT}"


def untagged(network: dict[str, object]) -> dict[str, set[str]]:
    """Actions by what they are allowed on without a condition of tags."""
    deployed, planned = small_system(network=network), small_system("preview", network=network)
    place = Place("aws", REGION, ACCOUNT, "shop", "dev")
    needs = Derivation(deployed, planned, place, "arn:aws:iam::123456789012:policy/b").deploy()
    found: dict[str, set[str]] = {}
    for statement in needs.statements:
        if not statement.conditions:
            for resource in statement.resources:
                found.setdefault(resource, set()).update(statement.actions)
    return found


def test_each_action_is_allowed_on_exactly_what_the_plan_names():
    found = untagged(BEYOND)
    peer = {"ec2:CreateVpcPeeringConnection", "ec2:AcceptVpcPeeringConnection"}
    routes = {"ec2:CreateRoute", "ec2:DeleteRoute", "ec2:ReplaceRoute"}
    accept = {"ec2:AcceptVpcPeeringConnection", "ec2:CreateTags", "ec2:DeleteTags"}
    assert found[f"{HERE}:vpc/{VPC}"] == peer
    assert found[f"{ABROAD}:vpc/vpc-0bbbbbbbbbbbbbbbb"] == peer
    partner = f"arn:aws:ec2:{REGION}:210987654321:vpc/vpc-0cccccccccccccccc"
    assert found[partner] == {"ec2:CreateVpcPeeringConnection"}
    assert found[f"{HERE}:vpc-peering-connection/{ASKED}"] == accept
    assert found[f"{ABROAD}:vpc-peering-connection/*"] == {
        *accept, "ec2:ModifyVpcPeeringConnectionOptions",
    }  # fmt: skip
    gateway = f"arn:aws:ec2:{REGION}:*:transit-gateway/{HUB}"
    assert found[gateway] == {"ec2:CreateTransitGatewayVpcAttachment"}
    assert found[f"{HERE}:vpn-gateway/{PRIVATE_GATEWAY}"] == {
        "ec2:AttachVpnGateway", "ec2:DetachVpnGateway",
    }  # fmt: skip
    assert found[f"{HERE}:route-table/{TABLE}"] == routes
    assert found[f"{ABROAD}:route-table/rtb-0bbbbbbbbbbbbbbbb"] == routes


def test_a_network_by_itself_asks_nothing_of_others():
    assert not [one for one in untagged(NETWORK) if ":vpc/" in one or "route-table" in one]
