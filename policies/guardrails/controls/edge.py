"""Distributions: TLS on both sides, private origins, logged."""

from typing import Final

from .. import aws
from ..cdn_trust import trusted
from ..control import (
    Control,
    Level,
    Severity,
    Verdict,
    first_failure,
    not_applicable,
    require,
    where,
)
from ..define import Facts, graph_control, resource_control
from ..evidence import Resource, Stack
from ..reading import Reading
from ..unknown import Tri, all_of, any_of

_CDN = "AmazonCloudFront/latest/DeveloperGuide/"

# "Supported protocols and ciphers between viewers and CloudFront", 2026-11: from 2021 on.
MODERN_VIEWER_TLS: Final = r"^TLSv1\.(2_20(2[1-9])|3)"
_CERTIFICATES: Final = (aws.CERTIFICATE, aws.CERTIFICATE_VALIDATION)
_OLD_ORIGIN_TLS: Final = ("SSLv3", "TLSv1", "TLSv1.1")


def _behaviors(distribution: Resource) -> list[Reading]:
    ordered = distribution["orderedCacheBehaviors"]
    more = [ordered] if ordered.is_unknown else list(ordered.elements())
    return [distribution["defaultCacheBehavior"], *more]


@resource_control(
    Facts(
        "CloudFront.1",
        "Distributions over buckets have a default root object",
        Severity.HIGH,
        "sites.<key>.index names it, and has a default",
        "default_root_object='index.html'",
        _CDN + "DefaultRootObject.html",
    ),
    aws.DISTRIBUTION,
)
def has_root_object(distribution: Resource) -> Verdict:
    origins = distribution["origins"]
    target = distribution["defaultCacheBehavior"]["targetOriginId"]
    # What another origin answers at the root is for that origin to say.
    from_bucket = origins.some(
        lambda origin: (
            _is_bucket(origin)
            & (Tri.of(len(origins.elements()) == 1) | _same(origin["originId"], target))
        )
    )
    return where(
        from_bucket,
        require(distribution["defaultRootObject"].present(), "defaultRootObject is not set"),
        "its default origin is no bucket",
    )


def _same(one: Reading, other: Reading) -> Tri:
    if one.is_unknown or other.is_unknown:
        return Tri.UNKNOWN
    return Tri.of(one.text() == other.text())


@resource_control(
    Facts(
        "CloudFront.3",
        "Viewers use HTTPS",
        Severity.MEDIUM,
        "sites.<key> always redirects to HTTPS",
        "viewer_protocol_policy='redirect-to-https' in every cache behavior",
        _CDN + "using-https-viewers-to-cloudfront.html",
    ),
    aws.DISTRIBUTION,
)
def viewers_use_https(distribution: Resource) -> Verdict:
    return require(
        all_of(
            behavior["viewerProtocolPolicy"].one_of(("redirect-to-https", "https-only"))
            for behavior in _behaviors(distribution)
        ),
        "a cache behavior allows plain HTTP",
    )


@resource_control(
    Facts(
        "CloudFront.15",
        "Viewers use TLS 1.2 with modern ciphers",
        Severity.MEDIUM,
        "sites.<key>.tls: TLSv1.2_2021 (the default) or newer",
        "viewer_certificate={'minimum_protocol_version': 'TLSv1.2_2021', ...}",
        _CDN + "secure-connections-supported-viewer-protocols-ciphers.html",
    ),
    aws.DISTRIBUTION,
)
def modern_viewer_tls(distribution: Resource) -> Verdict:
    return require(
        distribution.at("viewerCertificate.minimumProtocolVersion").matches(MODERN_VIEWER_TLS),
        "minimumProtocolVersion is older than TLSv1.2_2021",
    )


@resource_control(
    Facts(
        "CloudFront.7",
        "Distributions have a certificate of their own, by SNI",
        Severity.LOW,
        "sites.<key>.domain has a certificate made in one of zones, or named by "
        "sites.<key>.certificate",
        "viewer_certificate={'acm_certificate_arn': ..., 'ssl_support_method': 'sni-only'}",
        _CDN + "cnames-https-dedicated-ip-or-sni.html",
    ),
    aws.DISTRIBUTION,
)
def own_certificate(distribution: Resource) -> Verdict:
    certificate = distribution["viewerCertificate"]
    own = (
        distribution.provided(certificate["acmCertificateArn"], *_CERTIFICATES)
        | certificate["iamCertificateId"].present()
    )
    return first_failure(
        require(own, "viewerCertificate names no certificate of its own"),
        require(
            certificate["sslSupportMethod"].equals("sni-only"), "sslSupportMethod is not sni-only"
        ),
    )


def _custom_origins(distribution: Resource, question: str) -> Tri:
    def safe(origin: Reading) -> Tri:
        custom = origin["customOriginConfig"]
        if question == "encrypted":
            holds = custom["originProtocolPolicy"].equals("https-only")
        else:
            protocols = custom["originSslProtocols"]
            holds = ~protocols.some(lambda one: one.one_of(_OLD_ORIGIN_TLS))
        return custom.absent() | holds

    return distribution["origins"].every(safe)


@resource_control(
    Facts(
        "CloudFront.9",
        "Traffic to origins is encrypted",
        Severity.MEDIUM,
        "sites.<key>.behaviors are always reached over HTTPS",
        "custom_origin_config={'origin_protocol_policy': 'https-only', ...}",
        _CDN + "using-https-cloudfront-to-custom-origin.html",
    ),
    aws.DISTRIBUTION,
)
def origins_encrypted(distribution: Resource) -> Verdict:
    return require(
        _custom_origins(distribution, "encrypted"), "an origin is reached over plain HTTP"
    )


@resource_control(
    Facts(
        "CloudFront.10",
        "Origins are reached with TLS 1.2 only",
        Severity.MEDIUM,
        "sites.<key>.behaviors are always reached with TLS 1.2",
        "custom_origin_config={'origin_ssl_protocols': ['TLSv1.2'], ...}",
        _CDN + "using-https-cloudfront-to-custom-origin.html",
    ),
    aws.DISTRIBUTION,
)
def origin_protocols(distribution: Resource) -> Verdict:
    return require(
        _custom_origins(distribution, "protocols"), "originSslProtocols holds an old protocol"
    )


@graph_control(
    Facts(
        "CloudFront.13",
        "Bucket origins are private to this distribution",
        Severity.MEDIUM,
        "sites.<key> always uses origin access control",
        "origin_access_control_id=control.id, and a BucketPolicy that allows "
        "cloudfront.amazonaws.com where AWS:SourceArn is this distribution",
        _CDN + "private-content-restricting-access-to-s3.html",
    ),
    aws.DISTRIBUTION,
)
def origin_access_control(distribution: Resource, stack: Stack) -> Verdict:
    origins = distribution["origins"]
    if origins.is_unknown:
        return require(Tri.UNKNOWN, "the origins are not known")
    buckets = [one for one in origins.elements() if _is_bucket(one) is not Tri.NO]
    if not buckets:
        return not_applicable("no origin is a bucket")
    return first_failure(
        *(
            first_failure(
                where(
                    _is_bucket(origin),
                    require(
                        origin["originAccessControlId"].present()
                        | _resolved(distribution, origin["originAccessControlId"], stack),
                        "a bucket origin has no origin access control",
                    ),
                    "the origin is no bucket",
                ),
                trusted(distribution, origin, stack),
            )
            for origin in buckets
        )
    )


def _resolved(distribution: Resource, control: Reading, stack: Stack) -> Tri:
    found = stack.resolve(distribution, control, aws.ORIGIN_ACCESS_CONTROL)
    return Tri.of(bool(found.found))


def _is_bucket(origin: Reading) -> Tri:
    domain = origin["domainName"]
    return origin["customOriginConfig"].absent() & (
        origin["originAccessControlId"].present()
        | origin["s3OriginConfig"].present()
        | domain.matches(r"\.s3[.-][a-z0-9.-]*amazonaws\.com$")
    )


@resource_control(
    Facts(
        "CloudFront.6",
        "Distributions stand behind a firewall",
        Severity.MEDIUM,
        "firewalls: {main: {sites: all}}",
        "web_acl_id=acl.arn",
        _CDN + "distribution-web-awswaf.html",
        # A firewall has a price of its own, and is asked for in the stack file.
        level=Level.ADVISORY,
    ),
    aws.DISTRIBUTION,
)
def distribution_behind_firewall(distribution: Resource) -> Verdict:
    return require(
        distribution.provided(distribution["webAclId"], aws.WEB_ACL), "webAclId is not set"
    )


@graph_control(
    Facts(
        "CloudFront.5",
        "Distributions log every request",
        Severity.MEDIUM,
        "buckets: {logs: {purpose: logs, receives: [deliveries]}} takes them; leave out "
        "sites.<key>.accessLogs: none",
        "logging_config={'bucket': logs.bucket_domain_name}, or a log delivery source",
        _CDN + "AccessLogs.html",
    ),
    aws.DISTRIBUTION,
)
def distribution_logged(distribution: Resource, stack: Stack) -> Verdict:
    delivered = any_of(
        one.belongs & _is_delivered(one.resource, stack)
        for one in stack.companions(distribution, aws.LOG_DELIVERY_SOURCE, "resourceArn")
    )
    return require(
        distribution.at("loggingConfig.bucket").present() | delivered,
        "neither loggingConfig nor a log source with a delivery is set",
    )


def _is_delivered(source: Resource, stack: Stack) -> Tri:
    """Whether a delivery takes a log source's records somewhere: a source alone sends nothing."""
    return any_of(
        one.belongs for one in stack.companions(source, aws.LOG_DELIVERY, "deliverySourceName")
    )


@graph_control(
    Facts(
        "CloudFront.hsts",
        "Distributions tell browsers to use HTTPS only",
        Severity.MEDIUM,
        "sites.<key>.headers.hstsSeconds: 63072000 (the default)",
        "ResponseHeadersPolicy(security_headers_config={'strict_transport_security': ...})",
        _CDN + "adding-response-headers.html",
    ),
    aws.DISTRIBUTION,
)
def strict_transport(distribution: Resource, stack: Stack) -> Verdict:
    answers: list[Tri] = []
    for behavior in _behaviors(distribution):
        policy = behavior["responseHeadersPolicyId"]
        if policy.is_absent:
            answers.append(Tri.NO)
        elif policy.text() in _MANAGED_WITH_HSTS:
            answers.append(Tri.YES)
        else:
            targets = stack.resolve(distribution, policy, aws.RESPONSE_HEADERS)
            # Several candidates: yes or no only when all agree.
            verdicts = {_sends_hsts(one) for one in targets.found}
            answers.append(verdicts.pop() if len(verdicts) == 1 else Tri.UNKNOWN)
    return require(all_of(answers), "a cache behavior sends no Strict-Transport-Security header")


# "Use managed response headers policies", 2026-11: SecurityHeadersPolicy and its two CORS variants.
_MANAGED_WITH_HSTS: Final = (
    "67f7725c-6f97-4210-82d7-5512b31e9d03",
    "e61eb60c-9c35-4d20-a928-2b84e02af89c",
    "eaab4381-ed33-4a86-88ca-d9558dc6cd63",
)


def _sends_hsts(policy: Resource) -> Tri:
    return policy.at(
        "securityHeadersConfig.strictTransportSecurity.accessControlMaxAgeSec"
    ).at_least(1)


CONTROLS: Final[tuple[Control, ...]] = (
    has_root_object,
    viewers_use_https,
    modern_viewer_tls,
    own_certificate,
    origins_encrypted,
    origin_protocols,
    origin_access_control,
    distribution_behind_firewall,
    distribution_logged,
    strict_transport,
)
