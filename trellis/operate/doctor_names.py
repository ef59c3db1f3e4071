"""Whether names that must be unique are free, zones are delegated, and mail may be sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from trellis.aws_errors import code_of
from trellis.operate.access import is_absence
from trellis.operate.delegation import name_servers
from trellis.operate.findings import Check, Finding, Status
from trellis.operate.planned import Planned
from trellis.stackfile.tree import is_list, is_mapping

BUCKETS, DELEGATION, MAIL, COST_TAGS = "bucket names", "delegation", "mail", "cost tags"


def _buckets(planned: Planned) -> Iterator[Finding]:
    """A bucket's name is the world's: somebody else may have it."""
    client = planned.access.client("s3")
    own = {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}
    taken = False
    for name, bucket in planned.named("aws:s3/bucket:Bucket", "bucket"):
        if name in own:
            continue
        try:
            client.head_bucket(Bucket=name)
        except ClientError as error:
            if code_of(error) == "404":
                continue
        taken = True
        yield Finding(
            BUCKETS,
            Status.WRONG,
            f"{name} is a bucket of another account",
            "another `name`",
            planned.system.place(bucket),
        )
    if not taken and planned.system.recording.of_type("aws:s3/bucket:Bucket"):
        yield Finding(BUCKETS, Status.OK, "free, or this account's")


def _delegation(planned: Planned) -> Iterator[Finding]:
    """A zone whose parent does not name its servers: certificates wait for ever."""
    client = planned.access.client("route53")
    for domain, zone in planned.named("aws:route53/zone:Zone", "name"):
        if zone.inputs.get("vpcs"):
            continue
        place = planned.system.place(zone)
        listed = client.list_hosted_zones_by_name(DNSName=domain, MaxItems="1")["HostedZones"]
        if not listed or listed[0]["Name"].rstrip(".") != domain:
            yield Finding(
                DELEGATION,
                Status.WARNING,
                f"{domain} is made by the first `up`, which then waits for its delegation",
                "set the name servers that `up` tells at the registrar, or in the zone above",
                place,
            )
            continue
        made = client.get_hosted_zone(Id=listed[0]["Id"])
        servers: list[str] = made["DelegationSet"]["NameServers"]
        wanted = frozenset(server.rstrip(".").lower() for server in servers)
        there = name_servers(domain)
        if there is None:
            yield Finding(
                DELEGATION,
                Status.UNKNOWN,
                f"the DNS does not answer for {domain}",
                "look at this machine's resolver",
                place,
            )
        elif there == wanted:
            yield Finding(DELEGATION, Status.OK, f"{domain} leads to its zone", place=place)
        else:
            yield Finding(
                DELEGATION,
                Status.WRONG,
                f"{domain} leads to {', '.join(sorted(there)) or 'no servers'}",
                f"set {', '.join(sorted(wanted))} at its registrar, or in the zone above",
                place,
            )


def _mail(planned: Planned) -> Iterator[Finding]:
    identities = list(planned.named("aws:sesv2/emailIdentity:EmailIdentity", "emailIdentity"))
    if not identities:
        return
    client = planned.access.client("sesv2")
    if client.get_account().get("ProductionAccessEnabled"):
        yield Finding(MAIL, Status.OK, "the account sends to anybody")
    else:
        yield Finding(
            MAIL,
            Status.WARNING,
            "the account is in the sandbox: mail goes to verified addresses only",
            "ask for production access in the SES console",
        )
    for name, identity in identities:
        place = planned.system.place(identity)
        waits = _pools_send_as(planned, str(identity.outputs.get("arn")))
        try:
            found = client.get_email_identity(EmailIdentity=name)
        except ClientError as error:
            if not is_absence(error):
                raise
            if waits:
                yield Finding(
                    MAIL,
                    Status.WARNING,
                    f"{name} is made by the first `up`, and AWS refuses user pools that send as it "
                    "until it is verified",
                    "when the pool fails, wait until this says that it is, and run `up` again",
                    place,
                )
            else:
                yield Finding(MAIL, Status.OK, f"{name} is made by the first `up`", place=place)
            continue
        if found.get("VerifiedForSendingStatus"):
            yield Finding(MAIL, Status.OK, f"{name} is verified", place=place)
        else:
            yield Finding(
                MAIL,
                Status.WARNING,
                f"{name} is not verified yet"
                + (", and AWS refuses user pools that send as it" if waits else ""),
                "its DKIM records have to be found in the DNS: see `delegation`",
                place,
            )


def _pools_send_as(planned: Planned, arn: str) -> bool:
    """Whether user pools send their mail by an identity: AWS tries it while it makes them."""
    for pool in planned.system.recording.of_type("aws:cognito/userPool:UserPool"):
        sending: Mapping[str, Any] = pool.inputs.get("emailConfiguration") or {}
        if sending.get("sourceArn") == arn:
            return True
    return False


def _cost_tags(planned: Planned) -> Iterator[Finding]:
    """Budgets by tag see nothing until the account activates the tag."""
    budgets = planned.system.recording.of_type("aws:budgets/budget:Budget")
    wanted = sorted({key for budget in budgets for key in _tag_keys(budget.inputs)})
    if not wanted:
        return
    client = planned.access.client("ce", "us-east-1")
    answer = client.list_cost_allocation_tags(Status="Active", TagKeys=wanted)
    active = {tag["TagKey"] for tag in answer["CostAllocationTags"]}
    missing = [tag for tag in wanted if tag not in active]
    if missing:
        yield Finding(
            COST_TAGS,
            Status.WARNING,
            f"{', '.join(missing)} is not active: budgets of this stack count nothing",
            "activate it in Billing (of the organisation's payer), which counts from then on",
        )
    else:
        yield Finding(COST_TAGS, Status.OK, f"{', '.join(wanted)} active")


def _tag_keys(value: Any) -> Iterator[str]:
    """Keys of the tags that a budget's filter names, however deep."""
    if is_list(value):
        for element in value:
            yield from _tag_keys(element)
    elif is_mapping(value):
        for key, element in value.items():
            if key == "tags" and is_mapping(element) and "key" in element:
                yield str(element["key"])
            else:
                yield from _tag_keys(element)


CHECKS = (
    Check(BUCKETS, _buckets),
    Check(DELEGATION, _delegation),
    Check(MAIL, _mail),
    Check(COST_TAGS, _cost_tags),
)
