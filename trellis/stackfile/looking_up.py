"""Asks AWS, once, for what a plan cannot know; the answers are committed beside the stack file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ProfileNotFound
from botocore.parsers import ResponseParserError

from components.contracts import SubnetTier
from components.network.settings import ExistingNetwork
from trellis.aws_errors import code_of, message_of
from trellis.stackfile.adopting import adoptions
from trellis.stackfile.context import Context, FoundNetwork, FoundSubnet, in_order
from trellis.stackfile.looking_up_adopted import adopted_values
from trellis.stackfile.looking_up_values import (
    Wanted,
    concurrency,
    digests,
    digests_elsewhere,
    profile_regions,
    with_values,
)
from trellis.stackfile.problems import Problem, StackFileError
from trellis.stackfile.settings import SystemSettings

if TYPE_CHECKING:
    from boto3 import Session
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_ec2.type_defs import RouteTableTypeDef, SubnetTypeDef, VpcTypeDef

EVERYWHERE = "0.0.0.0/0"
EXISTING = ("network", "existing")


@dataclass(frozen=True)
class _Routes:
    """The default routes of a VPC's subnets."""

    by_subnet: dict[str, SubnetTier]
    main: SubnetTier
    """Of subnets without a route table of their own."""

    def tier(self, subnet: str) -> SubnetTier:
        return self.by_subnet.get(subnet, self.main)


def look_up(
    settings: SystemSettings,
    stack: str,
    wanted: Wanted,
    sign_in: Callable[..., Session],
    today: date,
    registries: Mapping[str, str] | None = None,
) -> Context:
    """What AWS says of a stack's account, zones, network, subnets, hosted zones and images.

    Args:
        stack: Pulumi's stack name, which the subnets' tags carry.
        wanted: images and secrets that tasks wait for.
        sign_in: `boto3.Session`.
        registries: where the API of a registry is, if not at its host.

    Raises:
        StackFileError: there are no credentials, they are another account's, the network to live
            in is not found, or a registry can't be asked.
    """
    elsewhere = digests_elsewhere(wanted.elsewhere, registries or {})
    try:
        session = sign_in(profile_name=settings.provider.profile, region_name=settings.region)
        session = as_deployments(settings, session, sign_in)
        found = _look_up(settings, stack, wanted, session, today)
        return found.model_copy(update={"images": {**found.images, **elsewhere}})
    except ProfileNotFound as error:
        raise _failure(
            ("provider", "profile"), str(error), "a profile of your AWS configuration"
        ) from None
    except NoCredentialsError:
        raise _failure(
            (),
            "no AWS credentials",
            "credentials that may read the account",
            "set AWS_PROFILE, or sign in with `aws sso login`",
        ) from None
    except ClientError as error:
        raise _failure(
            (),
            f"{code_of(error) or 'an error'} from AWS for {error.operation_name}",
            "credentials that may read the account",
            message_of(error),
        ) from None
    except BotoCoreError as error:
        raise _failure((), str(error), "an answer from AWS", "try again") from None
    except (ResponseParserError, KeyError) as error:
        # A proxy's or a portal's own page, with whatever code it comes.
        first = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise _failure(
            (),
            f"an answer that is none of AWS's ({first})",
            "an answer from AWS",
            "a proxy or a sign-in page may stand between: look at HTTPS_PROXY and AWS_ENDPOINT_URL",
        ) from None


def as_deployments(
    settings: SystemSettings, session: Session, sign_in: Callable[..., Session]
) -> Session:
    """A session of the role that deployments act as, where the stack file names one."""
    role = settings.provider.assume_role
    if role is None:
        return session
    wanted: Any = {"RoleArn": role.role_arn, "RoleSessionName": role.session_name}
    if role.external_id is not None:
        wanted["ExternalId"] = role.external_id
    given = session.client("sts").assume_role(**wanted)["Credentials"]
    return sign_in(
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
        region_name=settings.region,
    )


def _look_up(
    settings: SystemSettings, stack: str, wanted: Wanted, session: Session, today: date
) -> Context:
    account = session.client("sts").get_caller_identity().get("Account", "")
    if settings.account not in (None, account):
        raise _failure(
            ("account",),
            f"credentials of account {account}",
            f"credentials of {settings.account}",
            "the stack file names its account; sign in there",
        )
    ec2 = session.client("ec2")
    network = settings.network
    existing = network.existing if network is not None else None
    return Context(
        looked_up=today,
        account=account,
        zones={settings.region: _zones(ec2)},
        network=_network(ec2, existing) if existing is not None else None,
        subnets=_own_subnets(ec2, settings, stack),
        hosted_zones=_hosted_zones(session, private=False),
        private_zones=_hosted_zones(session, private=True),
        adopted=dict(adopted_values(session, adoptions(settings))),
        models=dict(profile_regions(session, settings.models.values())),
        concurrency=concurrency(session, settings.functions.values()),
        images=dict(digests(session, wanted.images)),
        secrets=with_values(session, wanted.secrets),
    )


def _zones(ec2: EC2Client) -> tuple[str, ...]:
    answer = ec2.describe_availability_zones(
        Filters=[
            {"Name": "state", "Values": ["available"]},
            {"Name": "zone-type", "Values": ["availability-zone"]},
        ]
    )
    return tuple(sorted(zone.get("ZoneName", "") for zone in answer["AvailabilityZones"]))


def _network(ec2: EC2Client, existing: ExistingNetwork) -> FoundNetwork:
    vpc = _vpc(ec2, existing)
    vpc_id = vpc.get("VpcId", "")
    mine: Any = [{"Name": "vpc-id", "Values": [vpc_id]}]
    tables = [
        t
        for p in ec2.get_paginator("describe_route_tables").paginate(Filters=mine)
        for t in p["RouteTables"]
    ]
    found = [
        s
        for p in ec2.get_paginator("describe_subnets").paginate(Filters=mine)
        for s in p["Subnets"]
    ]
    routes = _routes(tables)
    _check_named(existing, routes, sorted(s.get("SubnetId", "") for s in found))
    subnets: dict[SubnetTier, tuple[FoundSubnet, ...]] = {}
    for tier in SubnetTier:
        inside = [_subnet(s) for s in found if routes.tier(s.get("SubnetId", "")) is tier]
        if tier in existing.subnets:
            inside = [subnet for subnet in inside if subnet.id in existing.subnets[tier]]
        else:
            _check_one_a_zone(inside, tier)
        if inside:
            subnets[tier] = in_order(inside, existing, tier)
    if not subnets:
        raise _failure(EXISTING, f"{vpc_id}, which has no subnets", "a network with subnets")
    egress = tuple(tier for tier in (SubnetTier.PUBLIC, SubnetTier.PRIVATE) if tier in subnets)
    return FoundNetwork(
        vpc_id=vpc_id, cidr=vpc.get("CidrBlock", ""), subnets=subnets, egress=egress
    )


def _check_named(existing: ExistingNetwork, routes: _Routes, there: Sequence[str]) -> None:
    """Refuse ids that are not among the VPC's subnets, or whose routes are another tier's."""
    for tier, named in existing.subnets.items():
        for subnet in named:
            place = (*EXISTING, "subnets", tier.value)
            if subnet not in there:
                known = ", ".join(there) or "it has none"
                raise _failure(place, f"{subnet}, which is not the VPC's", f"one of its: {known}")
            actual = routes.tier(subnet)
            if actual is not tier:
                raise _failure(
                    place,
                    f"{subnet}, which is {actual.value} by its routes",
                    f"a {tier.value} subnet, or this one under `{actual.value}`",
                    "public: a default route to an internet gateway; private: any other; isolated: "
                    "none",
                )


def _vpc(ec2: EC2Client, existing: ExistingNetwork) -> VpcTypeDef:
    if existing.vpc_id is not None:
        filters: Any = [{"Name": "vpc-id", "Values": [existing.vpc_id]}]
        wanted = existing.vpc_id
    else:
        filters = [{"Name": f"tag:{k}", "Values": [v]} for k, v in sorted(existing.tags.items())]
        wanted = "tags " + ", ".join(f"{k}={v}" for k, v in sorted(existing.tags.items()))
    vpcs = ec2.describe_vpcs(Filters=filters)["Vpcs"]
    if len(vpcs) == 1:
        return vpcs[0]
    if vpcs:
        ids = ", ".join(sorted(vpc.get("VpcId", "") for vpc in vpcs))
        raise _failure(
            EXISTING,
            f"{len(vpcs)} VPCs with {wanted}: {ids}",
            "exactly one",
            "name it with `vpcId`, or add a tag that only it has",
        )
    every = ", ".join(sorted(v.get("VpcId", "") for v in ec2.describe_vpcs()["Vpcs"])) or "none"
    raise _failure(EXISTING, f"no VPC with {wanted}", f"one of this account and region: {every}")


def _routes(tables: Sequence[RouteTableTypeDef]) -> _Routes:
    by_subnet: dict[str, SubnetTier] = {}
    main = SubnetTier.ISOLATED
    for table in tables:
        tier = _tier(table)
        for association in table.get("Associations", []):
            if association.get("Main"):
                main = tier
            elif "SubnetId" in association:
                by_subnet[association["SubnetId"]] = tier
    return _Routes(by_subnet, main)


def _tier(table: RouteTableTypeDef) -> SubnetTier:
    """Public with a default route to an internet gateway, private with any other, else isolated."""
    for route in table.get("Routes", []):
        if route.get("DestinationCidrBlock") == EVERYWHERE and route.get("State") != "blackhole":
            gateway = route.get("GatewayId", "")
            return SubnetTier.PUBLIC if gateway.startswith("igw-") else SubnetTier.PRIVATE
    return SubnetTier.ISOLATED


def _subnet(subnet: SubnetTypeDef) -> FoundSubnet:
    return FoundSubnet(
        id=subnet.get("SubnetId", ""),
        zone=subnet.get("AvailabilityZone", ""),
        cidr=subnet.get("CidrBlock", ""),
    )


def _check_one_a_zone(subnets: Sequence[FoundSubnet], tier: SubnetTier) -> None:
    """Refuse a zone with several subnets of a tier, of which the stack file names none."""
    by_zone: dict[str, FoundSubnet] = {}
    for subnet in sorted(subnets, key=lambda found: (found.zone, found.id)):
        first = by_zone.setdefault(subnet.zone, subnet)
        if first is not subnet:
            raise _failure(
                EXISTING,
                f"{first.id} and {subnet.id}, both {tier} in {subnet.zone}",
                "one subnet of a tier in each zone, or the tier's subnets by id",
                f"say which: `existing.subnets.{tier.value}: [{first.id}, ...]`, one or several in "
                "a zone; load balancers and file systems stand in the first of each",
            )


def _own_subnets(ec2: EC2Client, settings: SystemSettings, stack: str) -> dict[str, str]:
    """Blocks of the subnets this stack has made, by `tier-letter`, from their tags."""
    tags = {
        "System": settings.name,
        "Environment": settings.environment,
        "Stack": stack,
        "ManagedBy": "Trellis",
    }
    filters: Any = [{"Name": f"tag:{key}", "Values": [value]} for key, value in tags.items()]
    found: dict[str, str] = {}
    for page in ec2.get_paginator("describe_subnets").paginate(Filters=filters):
        for subnet in page["Subnets"]:
            own = {tag.get("Key"): tag.get("Value") for tag in subnet.get("Tags", [])}
            tier = own.get("Tier")
            if tier in set(SubnetTier):
                zone = subnet.get("AvailabilityZone", "")
                found[f"{tier}-{zone[-1:]}"] = subnet.get("CidrBlock", "")
    return found


def _hosted_zones(session: Session, *, private: bool) -> dict[str, str]:
    """Ids of the account's zones of one kind by domain; of two for a domain, none."""
    ids: dict[str, list[str]] = {}
    for page in session.client("route53").get_paginator("list_hosted_zones").paginate():
        for zone in page["HostedZones"]:
            if zone.get("Config", {}).get("PrivateZone", False) == private:
                ids.setdefault(zone["Name"].rstrip("."), []).append(zone["Id"].rsplit("/", 1)[-1])
    return {domain: zone_ids[0] for domain, zone_ids in ids.items() if len(zone_ids) == 1}


def _failure(path: tuple[str, ...], found: str, allowed: str, hint: str = "") -> StackFileError:
    return StackFileError([Problem(path, found, allowed, hint)], subject="the lookup met")
