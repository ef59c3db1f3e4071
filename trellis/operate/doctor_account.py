"""Whether region, zones and quotas of the account have room for the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from trellis.operate.access import AWS_ERRORS, is_absence
from trellis.operate.findings import Check, Finding, Status, unknown
from trellis.operate.planned import Planned

REGION, ZONES, QUOTAS = "region", "zones", "quotas"

GLOBAL_REGION = "us-east-1"
"""Where the quotas of IAM are asked for ("AWS Service Quotas endpoints", 2026-11)."""


def _caller(planned: Planned) -> Iterator[Finding]:
    access = planned.access
    yield Finding("credentials", Status.OK, f"{access.caller} in account {access.account}")


def _region(planned: Planned) -> Iterator[Finding]:
    region = planned.access.region
    answer = planned.access.client("ec2").describe_regions(AllRegions=True, RegionNames=[region])
    status = answer["Regions"][0].get("OptInStatus", "opt-in-not-required")
    if status == "not-opted-in":
        yield Finding(
            REGION,
            Status.WRONG,
            f"the account has not opted in to {region}",
            f"`aws account enable-region --region-name {region}`, which takes some minutes",
            planned.system.place_of(("region",)),
        )
    else:
        yield Finding(REGION, Status.OK, region)


def _zones(planned: Planned) -> Iterator[Finding]:
    answer = planned.access.client("ec2").describe_availability_zones(AllAvailabilityZones=True)
    states = {
        zone["ZoneName"]: zone.get("State", "available") for zone in answer["AvailabilityZones"]
    }
    place = planned.system.place_of(("network",))
    missing = [zone for zone in planned.zones if zone not in states]
    closed = [zone for zone in planned.zones if states.get(zone, "available") != "available"]
    if missing:
        yield Finding(
            ZONES,
            Status.WRONG,
            f"the account has no {', '.join(missing)} (it has {', '.join(sorted(states))})",
            "`trellis lookup` records the zones that this account has",
            place,
        )
    if closed:
        yield Finding(
            ZONES,
            Status.WRONG,
            f"{', '.join(closed)} takes nothing new at the moment",
            "wait, or plan in other zones",
            place,
        )
    if planned.zones and not missing and not closed:
        yield Finding(ZONES, Status.OK, ", ".join(planned.zones))


@dataclass(frozen=True)
class Quota:
    """One limit of the account, and how much of it is used."""

    label: str
    type: str
    """Type of resource that takes one of it."""
    service: str
    code: str
    """As Service Quotas has them (read in public code and lists of quotas, 2026-11)."""
    used: Callable[[Planned], list[Any]]
    """What there is, as AWS describes each."""
    name: str | None = None
    """The input that names it; None where AWS does, and tags tell whose it is."""
    named: str = ""
    """Where the description has the name."""
    region: str | None = None
    only: tuple[str, str] | None = None
    """An input and its value, where the type has several quotas."""


def _balancers(planned: Planned, kind: str) -> list[Any]:
    """Load balancers of one kind that there are."""
    client = planned.access.client("elbv2")
    found = _pages(client, "describe_load_balancers", "LoadBalancers")
    return [balancer for balancer in found if balancer.get("Type") == kind]


def _pages(client: Any, operation: str, key: str, **arguments: Any) -> list[Any]:
    pages = client.get_paginator(operation).paginate(**arguments)
    return [resource for page in pages for resource in page[key]]


QUOTAS_OF_PLAN = (
    Quota(
        "VPCs", "aws:ec2/vpc:Vpc", "vpc", "L-F678F1CE",
        lambda planned: _pages(planned.access.client("ec2"), "describe_vpcs", "Vpcs"),
    ),
    Quota(
        "elastic addresses", "aws:ec2/eip:Eip", "ec2", "L-0263D0A3",
        lambda planned: planned.access.client("ec2").describe_addresses()["Addresses"],
    ),
    Quota(
        "application load balancers", "aws:lb/loadBalancer:LoadBalancer",
        "elasticloadbalancing", "L-53DA6B97",
        lambda planned: _balancers(planned, "application"),
        "name", "LoadBalancerName", only=("loadBalancerType", "application"),
    ),
    Quota(
        "network load balancers", "aws:lb/loadBalancer:LoadBalancer",
        "elasticloadbalancing", "L-69A177A2",
        lambda planned: _balancers(planned, "network"),
        "name", "LoadBalancerName", only=("loadBalancerType", "network"),
    ),
    Quota(
        "database instances", "aws:rds/instance:Instance", "rds", "L-7B6409FD",
        lambda planned: _pages(
            planned.access.client("rds"), "describe_db_instances", "DBInstances"
        ),
        "identifier", "DBInstanceIdentifier",
    ),
    Quota(
        "tables", "aws:dynamodb/table:Table", "dynamodb", "L-F98FE922",
        lambda planned: [
            {"TableName": name}
            for name in _pages(planned.access.client("dynamodb"), "list_tables", "TableNames")
        ],
        "name", "TableName",
    ),
    Quota(
        "buckets", "aws:s3/bucket:Bucket", "s3", "L-DC2B2D3D",
        lambda planned: planned.access.client("s3").list_buckets()["Buckets"],
        "bucket", "Name", GLOBAL_REGION,
    ),
    Quota(
        "roles", "aws:iam/role:Role", "iam", "L-FE177D64",
        lambda planned: _pages(planned.access.client("iam"), "list_roles", "Roles"),
        "name", "RoleName", GLOBAL_REGION,
    ),
)  # fmt: skip


def _quotas(planned: Planned) -> Iterator[Finding]:
    for quota in QUOTAS_OF_PLAN:
        wanted = sum(
            quota.only is None or resource.inputs.get(quota.only[0]) == quota.only[1]
            for resource in planned.system.recording.of_type(quota.type)
        )
        if not wanted:
            continue
        try:
            yield _room(planned, quota, wanted)
        except AWS_ERRORS as error:
            yield unknown(f"{QUOTAS}: {quota.label}", error)


def _room(planned: Planned, quota: Quota, wanted: int) -> Finding:
    used = quota.used(planned)
    new = max(0, wanted - _own(planned, quota, used))
    limit = limit_of(planned, quota.service, quota.code, quota.region)
    check = f"{QUOTAS}: {quota.label}"
    if limit is None:
        return Finding(
            check,
            Status.UNKNOWN,
            f"{new} more are planned; the quota is not told",
            "look it up in the Service Quotas console",
        )
    message = f"{len(used)} of {limit:g} are used, the plan adds {new}"
    if len(used) + new <= limit:
        return Finding(check, Status.OK, message)
    return Finding(
        check,
        Status.WRONG,
        message,
        f"`aws service-quotas request-service-quota-increase --service-code {quota.service} "
        f"--quota-code {quota.code} --desired-value {len(used) + new}`",
    )


def _own(planned: Planned, quota: Quota, used: list[Any]) -> int:
    """How many of them are this stack's already."""
    if quota.name is not None:
        names = {name for name, _ in planned.named(quota.type, quota.name)}
        return sum(resource.get(quota.named) in names for resource in used)
    settings = planned.system.settings
    mine = {
        "System": settings.name,
        "Environment": settings.environment,
        "Stack": planned.system.recording.stack,
    }
    return sum(mine.items() <= _tags(resource).items() for resource in used)


def _tags(described: Any) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in described.get("Tags") or ()}


def limit_of(planned: Planned, service: str, code: str, region: str | None = None) -> float | None:
    """The account's limit, else AWS's default; None where neither is told.

    Args:
        service: as Service Quotas calls it.
        code: of the quota.
        region: where it is asked for; the stack's, where it is left out.
    """
    client = planned.access.client("service-quotas", region)
    asked = {"ServiceCode": service, "QuotaCode": code}
    for operation in (client.get_service_quota, client.get_aws_default_service_quota):
        try:
            return float(operation(**asked)["Quota"]["Value"])
        except ClientError as error:
            if not is_absence(error):
                raise
    return None


CHECKS = (
    Check("credentials", _caller),
    Check(REGION, _region),
    Check(ZONES, _zones),
    Check(QUOTAS, _quotas),
)
