"""Whether AWS offers what the plan asks for, and whether what people bring is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trellis.operate.findings import Check, Finding, Status
from trellis.operate.planned import Planned
from trellis.planner.recording import Recorded
from trellis.stackfile.looking_up_values import digests, label, with_values
from trellis.tiers.lookups import wanted_of

DATABASES, CACHES, ENDPOINTS, IMAGES, SECRETS = (
    "database offers",
    "cache versions",
    "endpoint services",
    "images",
    "secrets",
)

DATABASE_TYPES = ("aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance")


def _databases(planned: Planned) -> Iterator[Finding]:
    """Class and version together, in the zones that the database may stand in."""
    client = planned.access.client("rds")
    for type_ in DATABASE_TYPES:
        for database in planned.system.recording.of_type(type_):
            class_ = str(database.inputs.get("instanceClass", ""))
            engine = str(database.inputs.get("engine", ""))
            if not class_ or not engine or database.inputs.get("replicateSourceDb"):
                continue
            version = str(database.inputs.get("engineVersion") or "")
            exact = {"EngineVersion": version} if "." in version else {}
            pages = client.get_paginator("describe_orderable_db_instance_options").paginate(
                Engine=engine, DBInstanceClass=class_, Vpc=True, **exact
            )
            major = version.partition(".")[0]
            offers = [
                offer
                for page in pages
                for offer in page["OrderableDBInstanceOptions"]
                if major in ("", str(offer["EngineVersion"]).partition(".")[0])
            ]
            yield _offer(planned, database, f"{engine} {version} on {class_}", offers)


def _offer(planned: Planned, database: Recorded, label_: str, offers: list[Any]) -> Finding:
    place = planned.system.place(database)
    if not offers:
        return Finding(
            DATABASES,
            Status.WRONG,
            f"{label_} is not offered in {planned.access.region}",
            "another class or version (`aws rds describe-orderable-db-instance-options --engine "
            "ENGINE` lists them)",
            place,
        )
    zones = _zones_of(offers)
    if planned.zones and not zones & set(planned.zones):
        return Finding(
            DATABASES,
            Status.WRONG,
            f"{label_} is offered in {', '.join(sorted(zones))}, and the network is in "
            f"{', '.join(planned.zones)}",
            "another class, or zones that have it",
            place,
        )
    several = bool(database.inputs.get("multiAz"))
    if several and planned.zones and len(zones & set(planned.zones)) < 2:
        return Finding(
            DATABASES,
            Status.WRONG,
            f"{label_} is offered in one of the network's zones, and it is Multi-AZ",
            "another class, or zones that have it",
            place,
        )
    return Finding(DATABASES, Status.OK, label_, place=place)


def _zones_of(offers: list[Any]) -> set[str]:
    return {zone["Name"] for offer in offers for zone in offer.get("AvailabilityZones", ())}


def _caches(planned: Planned) -> Iterator[Finding]:
    client = planned.access.client("elasticache")
    for cache in planned.system.recording.of_type(
        "aws:elasticache/replicationGroup:ReplicationGroup"
    ):
        engine = str(cache.inputs.get("engine", "redis"))
        version = str(cache.inputs.get("engineVersion", ""))
        pages = client.get_paginator("describe_cache_engine_versions").paginate(Engine=engine)
        offered = {
            str(answer["EngineVersion"]) for page in pages for answer in page["CacheEngineVersions"]
        }
        place = planned.system.place(cache)
        if any(
            available == version or available.startswith(f"{version}.") for available in offered
        ):
            yield Finding(CACHES, Status.OK, f"{engine} {version}", place=place)
        else:
            yield Finding(
                CACHES,
                Status.WRONG,
                f"{engine} {version} is not offered in {planned.access.region}",
                f"one of {', '.join(sorted(offered)) or 'another engine'}",
                place,
            )


def _endpoints(planned: Planned) -> Iterator[Finding]:
    """An interface endpoint can't stand in a zone that its service is not in."""
    wanted = {
        str(endpoint.inputs["serviceName"]): endpoint
        for endpoint in planned.system.recording.of_type("aws:ec2/vpcEndpoint:VpcEndpoint")
        if endpoint.inputs.get("vpcEndpointType") == "Interface"
    }
    if not wanted:
        return
    client = planned.access.client("ec2")
    answer = client.describe_vpc_endpoint_services(
        Filters=[{"Name": "service-name", "Values": sorted(wanted)}]
    )
    zones = {
        detail["ServiceName"]: set(detail.get("AvailabilityZones", ()))
        for detail in answer["ServiceDetails"]
    }
    short = False
    for name, endpoint in wanted.items():
        missing = sorted(set(planned.zones) - zones.get(name, set()))
        if missing:
            short = True
            yield Finding(
                ENDPOINTS,
                Status.WRONG,
                f"{name} is not in {', '.join(missing)}",
                "leave it out of `network.endpoints`, or plan in other zones",
                planned.system.place(endpoint),
            )
    if not short:
        yield Finding(ENDPOINTS, Status.OK, f"{len(wanted)} in {', '.join(planned.zones)}")


def _images(planned: Planned) -> Iterator[Finding]:
    wanted = wanted_of(planned.system.settings).images
    if not wanted:
        return
    there = digests(planned.access.session, wanted)
    for repository, tag in sorted(wanted):
        if label(repository, tag) in there:
            yield Finding(IMAGES, Status.OK, label(repository, tag))
        else:
            yield Finding(
                IMAGES,
                Status.WARNING,
                f"{label(repository, tag)} is not pushed: its tasks wait for it",
                "push it, then `trellis lookup`; the first `up` makes a repository of this stack",
            )


def _secrets(planned: Planned) -> Iterator[Finding]:
    wanted = wanted_of(planned.system.settings).secrets
    if not wanted:
        return
    there = with_values(planned.access.session, wanted)
    for name in sorted(wanted):
        if name in there:
            yield Finding(SECRETS, Status.OK, f"{name} has a value")
        else:
            yield Finding(
                SECRETS,
                Status.WARNING,
                f"{name} has no value: its tasks wait for it",
                "`trellis secrets set`, then `trellis lookup`; the first `up` makes the secret",
            )


CHECKS = (
    Check(DATABASES, _databases),
    Check(CACHES, _caches),
    Check(ENDPOINTS, _endpoints),
    Check(IMAGES, _images),
    Check(SECRETS, _secrets),
)
