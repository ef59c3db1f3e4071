"""CloudFront, certificates, Route 53 and AWS WAF: what AWS answers (API References, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.firewall.simulated import waf
from components.parts.simulation import CREATED, UUID, AutoName, Shape
from components.sites.simulated import cdn_policy

_CDN = "arn:{partition}:cloudfront::{account}:"


_ETAG = {"etag": "E{upper:13}"}


SHAPES: Mapping[str, Shape] = {
    "aws:cloudfront/keyValueStore:KeyValueStore": Shape(
        id=UUID,
        computed={"arn": _CDN + "key-value-store/{id}", **_ETAG, "lastModifiedTime": CREATED},
        named=AutoName(limit=64),
        regional=False,
    ),
    "aws:cloudfront/cachePolicy:CachePolicy": cdn_policy("cache-policy"),
    "aws:cloudfront/originRequestPolicy:OriginRequestPolicy": cdn_policy("origin-request-policy"),
    "aws:cloudfront/monitoringSubscription:MonitoringSubscription": Shape(
        id="{distributionId}", regional=False, tagged=False
    ),
    "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig": Shape(
        id="rqlc-{hex:17}",
        computed={
            "arn": "arn:{partition}:route53resolver:{region}:{account}:"
            "resolver-query-log-config/{id}",
            "ownerId": "{account}",
            "shareStatus": "NOT_SHARED",
        },
        named=AutoName(limit=64),
    ),
    "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation": Shape(
        id="rqlca-{hex:17}", tagged=False
    ),
    "aws:wafv2/ruleGroup:RuleGroup": waf("rulegroup"),
    "aws:wafv2/regexPatternSet:RegexPatternSet": waf("regexpatternset"),
}
"""By Pulumi type token."""
