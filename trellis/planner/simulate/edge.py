"""CloudFront, certificates, Route 53 and AWS WAF: what AWS answers (API References, 2026-11)."""

from __future__ import annotations

from typing import Any, cast

from trellis.planner.simulate.shape import AutoName, Scope, Shape

CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"
"""The hosted zone of every distribution ("CloudFront endpoints and quotas", 2026-11)."""

_CDN = "arn:{partition}:cloudfront::{account}:"
_UUID = "{hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}"
_CREATED = "2026-11-02T08:00:00Z"
_ETAG = {"etag": "E{upper:13}"}
_TRUSTED: list[dict[str, Any]] = [{"enabled": False, "items": []}]


def _name_servers(scope: Scope) -> list[str]:
    """Four servers in four top-level domains, as every hosted zone has."""
    number = int(scope.text("{hex:6}"), 16)
    ends = ("com", "net", "org", "co.uk")
    return [
        f"ns-{(number >> n) % 512 + 512 * n}.awsdns-{n + 10:02}.{e}" for n, e in enumerate(ends)
    ]


def _fqdn(scope: Scope) -> str:
    return str(scope["name"]).removesuffix(".")


def _validation_options(scope: Scope) -> list[dict[str, str]]:
    """One record per name, a wildcard's its parent's: an account is asked for the same always."""
    others = cast("list[str]", scope.given("subjectAlternativeNames") or [])
    options: list[dict[str, str]] = []
    for name in dict.fromkeys([str(scope["domainName"]), *others]):
        bare = name.removeprefix("*.")
        asked = f"{scope.world.account}|{bare}"
        option = Scope(scope.type, asked, scope.state, scope.world)
        options.append(
            {
                "domainName": name,
                "resourceRecordName": option.text(f"_{{hex:32}}.{bare}."),
                "resourceRecordType": "CNAME",
                "resourceRecordValue": option.text("_{hex:32}.{lower:10}.acm-validations.aws."),
            }
        )
    return options


def _health_check_arn(scope: Scope) -> str:
    return f"arn:{scope.world.partition}:route53:::healthcheck/{scope.id}"


def _waf(kind: str) -> Shape:
    """A named part of AWS WAF; those of CloudFront live in `global`."""

    def arn(scope: Scope) -> str:
        place = "global" if scope.given("scope") == "CLOUDFRONT" else "regional"
        return scope.text(
            f"arn:{{partition}}:wafv2:{{region}}:{{account}}:{place}/{kind}/{{name}}/{{id}}"
        )

    computed: dict[str, Any] = {"arn": arn, "lockToken": _UUID, "namePrefix": ""}
    if kind == "webacl":
        computed |= {"applicationIntegrationUrl": "", "capacity": 1500}
    return Shape(id=_UUID, computed=computed, named=AutoName(limit=128))


def _cdn_policy(kind: str, **computed: Any) -> Shape:
    return Shape(
        id=_UUID,
        computed={"arn": f"{_CDN}{kind}/{{id}}", **_ETAG, **computed},
        named=AutoName(limit=128),
        regional=False,
        tagged=False,
    )


SHAPES = {
    "aws:cloudfront/distribution:Distribution": Shape(
        id="E{upper:13}",
        defaults={
            "httpVersion": "http2",
            "isIpv6Enabled": False,
            "priceClass": "PriceClass_All",
            "retainOnDelete": False,
            "staging": False,
            "waitForDeployment": True,
        },
        computed={
            "arn": _CDN + "distribution/{id}",
            "callerReference": "terraform-{digits:26}",
            "continuousDeploymentPolicyId": "",
            "domainName": "d{lower:13}.cloudfront.net",
            **_ETAG,
            "hostedZoneId": CLOUDFRONT_ZONE,
            "inProgressValidationBatches": 0,
            "lastModifiedTime": _CREATED,
            "loggingV1Enabled": False,
            "status": "Deployed",
            "trustedKeyGroups": _TRUSTED,
            "trustedSigners": _TRUSTED,
        },
        regional=False,
    ),
    "aws:cloudfront/originAccessControl:OriginAccessControl": Shape(
        id="E{upper:13}",
        defaults={"description": "Managed by Pulumi"},
        computed={"arn": _CDN + "origin-access-control/{id}", **_ETAG},
        named=AutoName(limit=64),
        regional=False,
        tagged=False,
    ),
    "aws:cloudfront/function:Function": Shape(
        id="{name}",
        defaults={"publish": True},
        computed={
            "arn": _CDN + "function/{name}",
            **_ETAG,
            "liveStageEtag": "E{upper:13}",
            "status": "UNASSOCIATED",
        },
        named=AutoName(limit=64),
        regional=False,
    ),
    "aws:cloudfront/keyValueStore:KeyValueStore": Shape(
        id=_UUID,
        computed={"arn": _CDN + "key-value-store/{id}", **_ETAG, "lastModifiedTime": _CREATED},
        named=AutoName(limit=64),
        regional=False,
    ),
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": _cdn_policy(
        "response-headers-policy"
    ),
    "aws:cloudfront/cachePolicy:CachePolicy": _cdn_policy("cache-policy"),
    "aws:cloudfront/originRequestPolicy:OriginRequestPolicy": _cdn_policy("origin-request-policy"),
    "aws:cloudfront/vpcOrigin:VpcOrigin": Shape(
        id="vo_{lower:22}",
        computed={"arn": f"{_CDN}vpcorigin/{{id}}", **_ETAG},
        regional=False,
    ),
    "aws:cloudfront/monitoringSubscription:MonitoringSubscription": Shape(
        id="{distributionId}", regional=False, tagged=False
    ),
    "aws:acm/certificate:Certificate": Shape(
        id="arn:{partition}:acm:{region}:{account}:certificate/" + _UUID,
        computed={
            "arn": "{id}",
            "domainValidationOptions": _validation_options,
            "keyAlgorithm": "RSA_2048",
            "notAfter": "",
            "notBefore": "",
            "pendingRenewal": False,
            "renewalEligibility": "INELIGIBLE",
            "renewalSummaries": [],
            "status": "PENDING_VALIDATION",
            "subjectAlternativeNames": ["{domainName}"],
            "type": "AMAZON_ISSUED",
            "validationEmails": [],
            "validationMethod": "NONE",
        },
    ),
    "aws:acm/certificateValidation:CertificateValidation": Shape(
        # The time of issue; the fraction keeps two certificates of one moment apart.
        id="2026-11-02T08:00:00.{digits:9}Z",
        computed={"validationRecordFqdns": []},
        tagged=False,
    ),
    "aws:route53/zone:Zone": Shape(
        id="Z{upper:20}",
        defaults={"comment": "Managed by Pulumi", "forceDestroy": False},
        computed={
            "arn": "arn:{partition}:route53:::hostedzone/{id}",
            "nameServers": _name_servers,
            "primaryNameServer": lambda s: s["nameServers"][0],
            "zoneId": "{id}",
        },
        named=AutoName(limit=255),
        regional=False,
    ),
    "aws:route53/record:Record": Shape(
        id="{zoneId}_{name}_{type}",
        computed={"allowOverwrite": False, "fqdn": _fqdn},
        regional=False,
        tagged=False,
    ),
    "aws:route53/healthCheck:HealthCheck": Shape(
        id=_UUID,
        defaults={"disabled": False, "requestInterval": 30},
        computed={
            "arn": _health_check_arn,
            "enableSni": True,
            "failureThreshold": 3,
            "triggers": {},
        },
        regional=False,
    ),
    "aws:route53/queryLog:QueryLog": Shape(
        id=_UUID,
        computed={"arn": "arn:{partition}:route53:::queryloggingconfig/{id}"},
        regional=False,
        tagged=False,
    ),
    "aws:route53/keySigningKey:KeySigningKey": Shape(
        id="{hostedZoneId},{name}",
        defaults={"status": "ACTIVE"},
        computed={
            "digestAlgorithmMnemonic": "SHA-256",
            "digestAlgorithmType": 2,
            "digestValue": "{hex:64}",
            "dnskeyRecord": "257 3 13 {lower:86}==",
            "dsRecord": "{digits:5} 13 2 {hex:64}",
            "flag": 257,
            "keyTag": 12345,
            "publicKey": "{lower:86}==",
            "signingAlgorithmMnemonic": "ECDSAP256SHA256",
            "signingAlgorithmType": 13,
        },
        named=AutoName(limit=128),
        regional=False,
        tagged=False,
    ),
    "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec": Shape(
        id="{hostedZoneId}", defaults={"signingStatus": "SIGNING"}, regional=False, tagged=False
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
    "aws:wafv2/webAcl:WebAcl": _waf("webacl"),
    "aws:wafv2/ipSet:IpSet": _waf("ipset"),
    "aws:wafv2/ruleGroup:RuleGroup": _waf("rulegroup"),
    "aws:wafv2/regexPatternSet:RegexPatternSet": _waf("regexpatternset"),
    "aws:wafv2/webAclAssociation:WebAclAssociation": Shape(
        id="{webAclArn},{resourceArn}", tagged=False
    ),
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": Shape(
        id="{resourceArn}", tagged=False
    ),
}
"""By Pulumi type token."""
