"""Elastic Load Balancing: what AWS answers ("Elastic Load Balancing API Reference", 2026-11)."""

from __future__ import annotations

from typing import Any

from trellis.planner.simulate.shape import AutoName, Scope, Shape

_ARN = "arn:{partition}:elasticloadbalancing:{region}:{account}:"

_ZONES = {
    "us-east-1": "Z35SXDOTRQ7X7K",
    "us-east-2": "Z3AADJGX6KTTL2",
    "us-west-1": "Z368ELLRRE2KJ0",
    "us-west-2": "Z1H1FL5HABSF5",
    "ca-central-1": "ZQSVJUPU6J1EY",
    "eu-central-1": "Z215JYRZR1TBD5",
    "eu-west-1": "Z32O12XQLNTSW2",
    "eu-west-2": "ZHURV8PSTC4K8",
    "eu-west-3": "Z3Q77PNBQS71R4",
    "eu-north-1": "Z23TAZ6LKFMNIO",
    "ap-northeast-1": "Z14GRHDCWA56QT",
    "ap-south-1": "ZP97RAFLXTNZK",
    "ap-southeast-1": "Z1LMS91P8CMLE5",
    "ap-southeast-2": "Z1GM3OXH4ZPM65",
    "sa-east-1": "Z2P70J7HTTTPLU",
}
"""Of application load balancers ("Elastic Load Balancing endpoints and quotas", 2026-11)."""


def _kind(scope: Scope) -> str:
    types = {"application": "app", "network": "net", "gateway": "gwy"}
    return types[str(scope.given("loadBalancerType") or "application")]


def _suffix(scope: Scope) -> str:
    """What follows the resource kind in the ARN, and names it in CloudWatch."""
    return scope.id.split(":loadbalancer/", 1)[-1]


def _host(scope: Scope) -> str:
    inside = "internal-" if scope.given("internal") else ""
    if _kind(scope) == "net":
        return scope.text("{name}-{hex:16}.elb.{region}.{suffix}")
    return scope.text(inside + "{name}-{digits:10}.{region}.elb.{suffix}")


def _under(parent: str, kind: tuple[str, str]) -> Any:
    """The ARN of a listener or rule, which repeats its parent's path."""

    def answer(scope: Scope) -> str:
        arn = str(scope[parent])
        before, found, after = arn.rpartition(kind[0])
        return scope.text(f"{before}{kind[1]}{after}/{{hex:16}}" if found else arn + "/{hex:16}")

    return answer


_HEADERS = [
    "routingHttpRequestXAmznMtlsClientcertHeaderName",
    "routingHttpRequestXAmznMtlsClientcertIssuerHeaderName",
    "routingHttpRequestXAmznMtlsClientcertLeafHeaderName",
    "routingHttpRequestXAmznMtlsClientcertSerialNumberHeaderName",
    "routingHttpRequestXAmznMtlsClientcertSubjectHeaderName",
    "routingHttpRequestXAmznMtlsClientcertValidityHeaderName",
    "routingHttpRequestXAmznTlsCipherSuiteHeaderName",
    "routingHttpRequestXAmznTlsVersionHeaderName",
    "routingHttpResponseAccessControlAllowCredentialsHeaderValue",
    "routingHttpResponseAccessControlAllowHeadersHeaderValue",
    "routingHttpResponseAccessControlAllowMethodsHeaderValue",
    "routingHttpResponseAccessControlAllowOriginHeaderValue",
    "routingHttpResponseAccessControlExposeHeadersHeaderValue",
    "routingHttpResponseAccessControlMaxAgeHeaderValue",
    "routingHttpResponseContentSecurityPolicyHeaderValue",
    "routingHttpResponseStrictTransportSecurityHeaderValue",
    "routingHttpResponseXContentTypeOptionsHeaderValue",
    "routingHttpResponseXFrameOptionsHeaderValue",
]

SHAPES = {
    "aws:lb/loadBalancer:LoadBalancer": Shape(
        id=lambda s: s.text(_ARN + f"loadbalancer/{_kind(s)}/{{name}}/{{hex:16}}"),
        defaults={
            "clientKeepAlive": 3600,
            "desyncMitigationMode": "defensive",
            "dropInvalidHeaderFields": False,
            "enableCrossZoneLoadBalancing": False,
            "enableDeletionProtection": False,
            "enableHttp2": True,
            "idleTimeout": 60,
            "loadBalancerType": "application",
            "preserveHostHeader": False,
            "xffHeaderProcessingMode": "append",
        },
        computed={
            "arn": "{id}",
            "arnSuffix": _suffix,
            "dnsName": _host,
            "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic": "",
            "internal": False,
            "ipAddressType": "ipv4",
            "namePrefix": "",
            "securityGroups": [],
            "subnets": [],
            "vpcId": "vpc-{hex:17}",
            "zoneId": lambda s: _ZONES.get(s.region, s.text("Z{upper:13}")),
        },
        named=AutoName(limit=32),
    ),
    "aws:lb/listener:Listener": Shape(
        id=_under("loadBalancerArn", (":loadbalancer/", ":listener/")),
        computed={
            "arn": "{id}",
            "protocol": "HTTP",
            "routingHttpResponseServerEnabled": True,
            "sslPolicy": "",
            "tcpIdleTimeoutSeconds": 350,
            **dict.fromkeys(_HEADERS, ""),
        },
    ),
    "aws:lb/listenerRule:ListenerRule": Shape(
        id=_under("listenerArn", (":listener/", ":listener-rule/")),
        computed={"arn": "{id}", "priority": 1},
    ),
    "aws:lb/listenerCertificate:ListenerCertificate": Shape(
        id="{listenerArn}_{certificateArn}", tagged=False
    ),
    "aws:lb/targetGroup:TargetGroup": Shape(
        id=_ARN + "targetgroup/{name}/{hex:16}",
        defaults={
            "deregistrationDelay": 300,
            "lambdaMultiValueHeadersEnabled": False,
            "proxyProtocolV2": False,
            "slowStart": 0,
            "targetType": "instance",
        },
        computed={
            "arn": "{id}",
            "arnSuffix": lambda s: s.id.rsplit(":", 1)[1],
            "connectionTermination": False,
            "ipAddressType": "ipv4",
            "loadBalancerArns": [],
            "loadBalancingAlgorithmType": "round_robin",
            "loadBalancingAnomalyMitigation": "off",
            "loadBalancingCrossZoneEnabled": "use_load_balancer_configuration",
            "namePrefix": "",
            "preserveClientIp": "",
            "protocolVersion": "HTTP1",
        },
        named=AutoName(limit=32),
    ),
    "aws:lb/targetGroupAttachment:TargetGroupAttachment": Shape(
        id="{targetGroupArn}-{digits:26}", tagged=False
    ),
}
"""By Pulumi type token."""
