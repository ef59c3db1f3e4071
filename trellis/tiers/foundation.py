"""What a whole system stands on: its AWS provider, its account and region, and its network."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Arn, NetworkNeeds, Placement, SubnetTier
from components.naming import Naming
from components.network.addresses import zone_names
from components.network.elsewhere import (
    FoundNetwork,
    FoundSubnet,
    StackNetwork,
    found_placements,
)
from components.network.settings import ExistingNetwork, NetworkSettings
from components.network.vpc import Network
from components.parts.regions import partition_of
from components.tags import default_tags
from trellis.stackfile.context import in_order
from trellis.stackfile.loading import Loaded
from trellis.stackfile.settings import SystemSettings


def aws_provider(settings: SystemSettings) -> aws.Provider:
    """The one explicit provider: default tags, the account guard, sign-in and retries."""
    chosen = settings.provider
    role = chosen.assume_role
    return aws.Provider(
        "aws",
        region=settings.region,
        allowed_account_ids=[settings.account] if settings.account else None,
        default_tags={
            "tags": default_tags(
                settings.name,
                settings.environment,
                pulumi.get_stack(),
                settings.tags,
                settings.expires,
            )
        },
        profile=chosen.profile,
        max_retries=chosen.max_retries,
        retry_mode=chosen.retry_mode,
        assume_roles=[
            {
                "role_arn": role.role_arn,
                "external_id": role.external_id,
                "session_name": role.session_name,
                "duration": role.duration,
            }
        ]
        if role
        else None,
    )


def account_region(settings: SystemSettings, provider: aws.Provider) -> AccountRegion:
    """Where the stack lives; the account is asked for only where the stack file names none."""
    account: pulumi.Input[str] = settings.account or aws.get_caller_identity_output(
        opts=pulumi.InvokeOutputOptions(provider=provider)
    ).apply(lambda identity: identity.account_id)
    return AccountRegion(account, settings.region, partition_of(settings.region))


def make_network(
    loaded: Loaded,
    settings: NetworkSettings,
    naming: Naming,
    where: AccountRegion,
    needs: NetworkNeeds,
    log_key_arn: Arn,
    child: pulumi.ResourceOptions,
) -> tuple[Mapping[SubnetTier, Placement], Network | None]:
    """Placements by tier, and the network itself where it is made here."""
    if settings.existing:
        return found_placements(_found(loaded, settings.existing)), None
    if settings.from_:
        return StackNetwork(settings.from_, opts=child), None
    zones = zone_names(settings, where.region, loaded.context.zones.get(where.region, ()))
    network = Network(
        "network",
        settings,
        naming=naming,
        where=where,
        zones=zones,
        needs=needs,
        log_key_arn=log_key_arn,
        opts=child,
    )
    pulumi.export("network", network.exports())
    return {tier: network.placement(tier) for tier in network.tiers}, network


def _found(loaded: Loaded, existing: ExistingNetwork) -> FoundNetwork:
    network = loaded.context.network
    if network is None:
        raise LookupError("checks refuse an existing network that was never looked up")
    return FoundNetwork(
        vpc_id=network.vpc_id,
        cidr=network.cidr,
        subnets={
            SubnetTier(tier): [
                FoundSubnet(subnet.id, subnet.zone, subnet.cidr)
                for subnet in in_order(subnets, existing, tier)
            ]
            for tier, subnets in network.subnets.items()
        },
    )
