"""Load balancers, CloudFront, DNS, certificates, firewalls.

Sources: "Elastic Load Balancing pricing", "Amazon CloudFront Pricing", "Amazon Route 53 pricing",
"AWS WAF Pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trellis.price.asked import Asked, known
from trellis.price.lines import Charge, Free, NotPriced, Reason, Said
from trellis.price.prices import HOURS
from trellis.price.spread import Spread, decimal

KINDS = {"application": ("alb", "lcuHour"), "network": ("nlb", "nlcuHour"),
         "gateway": ("gwlb", "glcuHour")}  # fmt: skip

EXTRA_GROUPS = {
    "AWSManagedRulesBotControlRuleSet": (
        "awswaf/botControl/month",
        "awswaf/botControl/common/request",
    ),
    "AWSManagedRulesATPRuleSet": ("awswaf/accountTakeover/month", None),
    "AWSManagedRulesACFPRuleSet": (None, "awswaf/fraudControl/request"),
}
"""Managed groups with a subscription or a price a request beside that of a rule."""

WAF_LOG_GB = decimal("0.0000015")
"""GB that one request looked at writes, about: Trellis's own."""

MANAGED_KINDS = ("managedRuleGroupStatement",)


def load_balancer(asked: Asked) -> Iterator[Said]:
    """Hours, capacity units, and an address for each zone where it faces the internet."""
    kind = asked.get("loadBalancerType", "application")
    prefix, unit = KINDS[kind]
    why = asked.because(f"{kind} load balancer")
    yield Charge(f"AWSELB/{prefix}/hour", "load balancer hours", Spread.flat(HOURS), (why,))
    part = "network_load_balancers" if kind == "network" else "load_balancers"
    units, reason = asked.used(part, "lcu")
    yield Charge(f"AWSELB/{prefix}/{unit}", "capacity unit hours", units * HOURS, (reason,))
    if asked.get("internal", False):
        return
    zones: Sequence[Any] = asked.get("subnets") or asked.get("subnetMappings") or ()
    said = asked.because(f"one in each of {len(zones)} zones", "internal")
    yield Charge(
        "AmazonVPC/publicIpv4/hour", "public addresses", Spread.flat(HOURS * len(zones)), (said,)
    )


def distribution(asked: Asked) -> Iterator[Said]:
    """What browsers get, requests, and functions on them."""
    region = asked.plan.recording.region
    area = "northAmerica" if region.startswith(("us-", "ca-")) else "europe"
    said = {"northAmerica": "North America", "europe": "Europe"}[area]
    where = Reason(f"all from {said}, after the stack's region; other areas have no price here")
    gb, why = asked.used("sites", "gb")
    requests, reason = asked.used("sites", "requests")
    prefix = f"AmazonCloudFront/{area}"
    yield Charge(f"{prefix}/internetOut/gb", "sent to browsers", gb, (why, where), everywhere=True)
    yield Charge(
        f"{prefix}/https/request", "HTTPS requests", requests, (reason, where), everywhere=True
    )
    behaviors: list[Mapping[str, Any]] = [
        known(asked.resource.inputs.get("defaultCacheBehavior"), {}),
        *(asked.get("orderedCacheBehaviors") or ()),
    ]
    functions = max(
        (len(known(behavior.get("functionAssociations"), ())) for behavior in behaviors), default=0
    )
    if functions:
        yield Charge(
            "AmazonCloudFront/functions/invocation", "functions at the edge",
            requests * functions, (reason,), everywhere=True,
        )  # fmt: skip
    if any(known(behavior.get("lambdaFunctionAssociations")) for behavior in behaviors):
        yield NotPriced("Lambda@Edge", "its duration at the edge is not stated anywhere")


def zone(asked: Asked) -> Iterator[Said]:
    """The zone, and queries other than of aliases."""
    queries, why = asked.used("zones", "queries")
    month = asked.because("a hosted zone")
    yield Charge(
        "AmazonRoute53/hostedZone/month", "hosted zones", Spread.flat(1), (month,), everywhere=True
    )
    yield Charge("AmazonRoute53/standard/query", "DNS queries", queries, (why,), everywhere=True)


def health_check(asked: Asked) -> Iterator[Said]:
    """A check of an address outside AWS, as Route 53 bills any name, and what it does beyond."""
    why = asked.because("a health check", "healthChecks")
    yield Charge(
        "AmazonRoute53/healthCheck/nonAws/month", "health checks", Spread.flat(1), (why,),
        everywhere=True,
    )  # fmt: skip
    kind = str(asked.get("type", "HTTP"))
    options = [
        kind.startswith("HTTPS"),
        kind.endswith("STR_MATCH"),
        asked.get("requestInterval", 30) < 30,
        bool(asked.get("measureLatency", False)),
    ]
    if any(options):
        yield Charge(
            "AmazonRoute53/healthCheck/optionalFeature/nonAws/month", "HTTPS, fast or text checks",
            Spread.flat(sum(options)), (why,), everywhere=True,
        )  # fmt: skip


def web_acl(asked: Asked) -> Iterator[Said]:
    """The ACL, each rule and group in it, and requests looked at."""
    everywhere = asked.get("scope") == "CLOUDFRONT"
    rules: Sequence[Mapping[str, Any]] = asked.get("rules") or ()
    groups = [name for rule in rules for name in _managed(rule)]
    own = sum(1 for rule in rules if not list(_managed(rule)))
    requests, why = asked.used("firewalls", "requests")
    for key, what, count in (
        ("webAcl/month", "web ACL", 1),
        ("rule/month", "rules of one's own", own),
        ("managedRuleGroup/month", "managed rule groups", len(groups)),
    ):
        said = asked.because(f"{count} {what}", "managed" if "Group" in key else "rules")
        if count:
            yield Charge(f"awswaf/{key}", what, Spread.flat(count), (said,), everywhere)
    yield Charge("awswaf/request", "requests looked at", requests, (why,), everywhere)
    for name in groups:
        month, request = EXTRA_GROUPS.get(name, (None, None))
        if month:
            said = asked.because(name, "managed")
            yield Charge(month, f"{name}", Spread.flat(1), (said,), everywhere)
        if request:
            yield Charge(request, f"requests of {name}", requests, (why,), everywhere)


def _managed(rule: Mapping[str, Any]) -> Iterator[str]:
    statement: Mapping[str, Any] = known(rule.get("statement"), {})
    for kind in MANAGED_KINDS:
        group = known(statement.get(kind))
        if group is not None:
            yield str(known(group.get("name"), ""))


def web_acl_logging(asked: Asked) -> Iterator[Said]:
    """Delivery of a firewall's logs, by where they go."""
    requests, why = asked.plan.usage.of("firewalls", asked.key, "requests")
    targets = str(asked.get("logDestinationConfigs", ""))
    key = "vendedToS3/gb" if "s3" in targets else "vended/ingest/gb"
    yield Charge(f"AmazonCloudWatch/logs/{key}", "firewall logs", requests * WAF_LOG_GB, (why,))


def certificate(asked: Asked) -> Iterator[Said]:
    """Public ones are free; those of a private authority are not."""
    if asked.get("certificateAuthorityArn"):
        yield NotPriced("private certificate", "no price of private authorities is in the data")
        return
    yield Charge(
        "AWSCertificateManager/publicCertificate/month", "public certificates", Spread.flat(1),
        (asked.because("certificates of ACM are free"),), everywhere=True,
    )  # fmt: skip


RULES = {
    "aws:lb/loadBalancer:LoadBalancer": load_balancer,
    "aws:cloudfront/distribution:Distribution": distribution,
    "aws:route53/zone:Zone": zone,
    "aws:route53/healthCheck:HealthCheck": health_check,
    "aws:wafv2/webAcl:WebAcl": web_acl,
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": web_acl_logging,
    "aws:acm/certificate:Certificate": certificate,
}

_ELB = Free("a part of a load balancer that is priced", "Elastic Load Balancing pricing, 2026-11")
_CDN = Free("a setting of a distribution that is priced", "Amazon CloudFront Pricing, 2026-11")
_DNS = Free("records are free, their queries are the zone's", "Amazon Route 53 pricing, 2026-11")
_WAF = Free("a part of a web ACL that is priced", "AWS WAF Pricing, 2026-11")

FREE = {
    "aws:lb/listener:Listener": _ELB,
    "aws:lb/listenerCertificate:ListenerCertificate": _ELB,
    "aws:lb/listenerRule:ListenerRule": _ELB,
    "aws:lb/targetGroup:TargetGroup": _ELB,
    "aws:lb/targetGroupAttachment:TargetGroupAttachment": _ELB,
    "aws:cloudfront/function:Function": Free(
        "its invocations are priced with the distribution", "Amazon CloudFront Pricing, 2026-11"
    ),
    "aws:cloudfront/originAccessControl:OriginAccessControl": _CDN,
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": _CDN,
    "aws:cloudfront/cachePolicy:CachePolicy": _CDN,
    "aws:cloudfront/originRequestPolicy:OriginRequestPolicy": _CDN,
    "aws:cloudfront/vpcOrigin:VpcOrigin": _CDN,
    "aws:route53/record:Record": _DNS,
    "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec": Free(
        "signing is free, its key is priced", "Amazon Route 53 pricing, 2026-11"
    ),
    "aws:route53/keySigningKey:KeySigningKey": Free(
        "the KMS key behind it is priced", "Amazon Route 53 pricing, 2026-11"
    ),
    "aws:route53/queryLog:QueryLog": Free(
        "its lines are priced with the logs", "Amazon Route 53 pricing, 2026-11"
    ),
    "aws:wafv2/webAclAssociation:WebAclAssociation": _WAF,
    "aws:wafv2/ipSet:IpSet": _WAF,
    "aws:acm/certificateValidation:CertificateValidation": Free(
        "it is a wait, not a thing", "AWS Certificate Manager pricing, 2026-11"
    ),
}
