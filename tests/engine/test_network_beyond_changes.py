"""Ways to other networks in the real engine: made, edited, replaced where AWS has one place, taken
down."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.engine import Engine, EngineStack
from tests.engine.test_service_changes import PROJECT, touched

pytestmark = pytest.mark.engine

STACK = """\
config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: dev
  trellis:account: "123456789012"
  trellis:profile: development
  trellis:network:
    zones: 2
    nat: none
    endpoints: []
    peerings:
      data: {vpc: vpc-0aaaaaaaaaaaaaaaa, cidr: 10.20.0.0/16, routeTables: [rtb-0aaaaaaaaaaaaaaaa],
             dns: true}
      abroad: {vpc: vpc-0bbbbbbbbbbbbbbbb, cidr: 10.30.0.0/16, region: eu-west-1, dns: true}
      asked: {existing: pcx-0aaaaaaaaaaaaaaaa, accept: true, cidr: 10.50.0.0/16}
    transitGateways: {hub: {id: tgw-0aaaaaaaaaaaaaaaa}}
    virtualPrivateGateway: VPN
    routes:
      offices: {to: 172.16.0.0/12, transitGateway: hub}
      tools: {to: pl-0aaaaaaaaaaaaaaaa, transitGateway: hub}
      plant: {to: 192.168.0.0/16, virtualPrivateGateway: true}
      archive: ARCHIVE
"""
FIRST, SECOND = "vgw-0aaaaaaaaaaaaaaaa", "vgw-0bbbbbbbbbbbbbbbb"
BY_PEERING = "{to: 10.21.0.0/16, peering: data}"
BY_HUB = "{to: 10.21.0.0/16, transitGateway: hub}"


def stack_file(vpn: str = FIRST, archive: str = BY_PEERING, **names: str) -> str:
    text = STACK.replace("VPN", vpn).replace("ARCHIVE", archive)
    for old, new in names.items():
        text = text.replace(f"{old}:", f"{new}:")
    return text


@pytest.fixture(scope="module")
def shop(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> EngineStack:
    folder: Path = tmp_path_factory.mktemp("shop")
    (folder / "Pulumi.yaml").write_text(PROJECT)
    (folder / "Pulumi.dev.yaml").write_text(stack_file())
    stack = engine.stack(folder, "dev")
    assert set(stack.up().changed) == {"create"}
    return stack


def test_edits_touch_what_they_must_and_a_second_up_nothing(shop: EngineStack):
    made = touched(shop)["created"]
    assert {
        "VpcPeeringConnection network-data", "PeeringConnectionOptions network-data",
        "VpcPeeringConnectionAccepter network-abroad",
        "PeeringConnectionOptions network-abroad-accepter",
        "VpcPeeringConnectionAccepter network-asked", "VpcAttachment network-hub",
        "VpnGatewayAttachment network-vpn", "Route network-private-a-route-tools",
        "Route network-data-back-rtb-0aaaaaaaaaaaaaaaa",
    } <= made  # fmt: skip
    assert not shop.up().changed, "a second up changes something"

    both = {f"Route network-private-{zone}-route-archive" for zone in "ab"}
    shop.rewrite(stack_file(archive=BY_HUB))
    shop.up()
    assert touched(shop) == {"created": set(), "updated": both, "deleted": set()}

    # A network has one such gateway: the first leaves before the second comes.
    shop.rewrite(stack_file(SECOND, BY_HUB))
    shop.up()
    found = touched(shop)
    vpn = "VpnGatewayAttachment network-vpn"
    assert (vpn in found["created"], vpn in found["deleted"]) == (True, True)
    plant = {f"Route network-private-{zone}-route-plant" for zone in "ab"}
    assert plant <= found["updated"] | found["created"]
    assert not {name for name in found["deleted"] if name.startswith(("Subnet", "Vpc "))}

    shop.rewrite(stack_file(SECOND, "{to: 10.22.0.0/16, peering: data}"))
    shop.up()
    found = touched(shop)
    assert (found["created"], found["deleted"]) == (both, both)
    assert not shop.up().changed, "a second up changes something"


def test_it_is_taken_down_whole(shop: EngineStack):
    shop.unprotect()
    shop.destroy()
    assert not shop.aws.things("aws:ec2/vpcPeeringConnection:VpcPeeringConnection")
    assert not shop.aws.things("aws:ec2transitgateway/vpcAttachment:VpcAttachment")
