"""DNS: answers that can be traced, trusted, and that lead to something of ours."""

import re
from typing import Final

from .. import aws
from ..control import Control, Level, Severity, Verdict, not_applicable, require, where
from ..define import Facts, graph_control
from ..evidence import Resource, Stack
from ..reading import Reading
from ..unknown import Tri, any_of

_R53 = "Route53/latest/DeveloperGuide/"

# Endpoints that AWS hands out and takes back: a name left behind may be given to someone else.
AWS_ENDPOINT: Final = re.compile(
    r"\.(?:elb\.(?:[a-z0-9-]+\.)?amazonaws\.com|cloudfront\.net|execute-api\.[a-z0-9-]+"
    r"\.amazonaws\.com|s3-website[.-][a-z0-9-]+\.amazonaws\.com|awsglobalaccelerator\.com"
    r"|elasticbeanstalk\.com)\.?$",
    re.IGNORECASE,
)


def _public(zone: Resource) -> Tri:
    return zone["vpcs"].absent()


@graph_control(
    Facts(
        "Route53.2",
        "Public zones log queries",
        Severity.MEDIUM,
        "zones.<key>.queryLogs: true (the default)",
        "QueryLog(zone_id=zone.id, cloudwatch_log_group_arn=group.arn)",
        _R53 + "query-logs.html",
    ),
    aws.ZONE,
)
def query_logs(zone: Resource, stack: Stack) -> Verdict:
    logged = any_of(one.belongs for one in stack.companions(zone, aws.QUERY_LOG, "zoneId"))
    return where(_public(zone), require(logged, "no query log"), "the zone is private")


@graph_control(
    Facts(
        "Route53.dnssec",
        "Public zones are signed",
        Severity.MEDIUM,
        "zones.<key>.dnssec: true, and the DS record at the registrar",
        "KeySigningKey(...) and HostedZoneDnsSec(hosted_zone_id=zone.id)",
        _R53 + "dns-configuring-dnssec.html",
        # Signing breaks a domain whose parent zone holds no DS record, which no stack can see.
        level=Level.ADVISORY,
    ),
    aws.ZONE,
)
def signed(zone: Resource, stack: Stack) -> Verdict:
    # Signing starts after the key-signing key is there, and so may take the zone's id from it.
    keys = stack.companions(zone, aws.KEY_SIGNING_KEY, "hostedZoneId")
    on = _signs(zone, stack) | any_of(key.belongs & _signs(key.resource, stack) for key in keys)
    return where(_public(zone), require(on, "DNSSEC is not enabled"), "the zone is private")


def _signs(named: Resource, stack: Stack) -> Tri:
    return stack.some_companion(
        named,
        aws.HOSTED_ZONE_DNSSEC,
        "hostedZoneId",
        lambda one: ~one["signingStatus"].equals("NOT_SIGNING"),
    )


@graph_control(
    Facts(
        "Route53.dangling-alias",
        "Names lead to endpoints of this stack",
        Severity.HIGH,
        "sites.<key>.domain and services.<key>.routes make their own aliases; "
        "zones.<key>.records hold none",
        "aliases=[{'name': balancer.dns_name, ...}] from a resource of the stack",
        _R53 + "resource-record-sets-choosing-alias-non-alias.html",
    ),
    aws.RECORD,
)
def leads_home(record: Resource, stack: Stack) -> Verdict:
    aliases, values = record["aliases"], record["records"]
    named = [*_targets(aliases, "name"), *_values(record, values)]
    if not named:
        return not_applicable("it names no endpoint of AWS")
    return require(
        ~any_of(_dangles(record, target, stack) for target in named),
        "it names an AWS endpoint that is not in this stack",
    )


def _targets(aliases: Reading, key: str) -> list[Reading]:
    return [one[key] for one in ([aliases] if aliases.is_unknown else aliases.elements())]


def _values(record: Resource, values: Reading) -> list[Reading]:
    if record["type"].equals("CNAME") is Tri.NO:
        return []
    found = [values] if values.is_unknown else list(values.elements())
    return [one for one in found if one.is_unknown or AWS_ENDPOINT.search(one.text() or "")]


def _dangles(record: Resource, target: Reading, stack: Stack) -> Tri:
    text = target.text()
    if text is None:
        known = record.facts.property_dependencies.get(target.path.split(".", 1)[0], ())
        return Tri.NO if any(stack.by_urn(urn) for urn in known) else Tri.UNKNOWN
    if not AWS_ENDPOINT.search(text):
        return Tri.NO
    plain = text.rstrip(".").removeprefix("dualstack.")
    owners = stack.once("endpoints", _endpoints)
    return Tri.of(plain.lower() not in owners)


def _endpoints(stack: Stack) -> frozenset[str]:
    kinds = (
        aws.LOAD_BALANCER,
        aws.DISTRIBUTION,
        aws.REST_DOMAIN,
        aws.HTTP_DOMAIN,
        aws.REST_API,
        aws.HTTP_API,
        *aws.BUCKETS,
    )
    return frozenset(
        identity.lower() for one in stack.of_type(*kinds) for identity in one.identities()
    )


CONTROLS: Final[tuple[Control, ...]] = (query_logs, signed, leads_home)
