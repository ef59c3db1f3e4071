"""Application Load Balancers: what AWS answers ("Elastic Load Balancing API Reference version
2015-12-01", 2026-11)."""

from __future__ import annotations

from collections.abc import Callable

from trellis.planner.simulate.shape import AutoName, Scope, Shape

_ARN = "arn:{partition}:elasticloadbalancing:{region}:{account}:"

_HEADERS = (
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
)
"""Listener attributes, empty unless set."""


def _suffix(scope: Scope) -> str:
    """What CloudWatch calls a load balancer or target group: the end of its ARN."""
    end = scope.id.rsplit(":", 1)[-1]
    return end.removeprefix("loadbalancer/")


def _below_balancer(kind: str, parent: str) -> Callable[[Scope], str]:
    def arn(scope: Scope) -> str:
        return str(scope[parent]).replace(
            ":loadbalancer/" if kind == "listener" else ":listener/", f":{kind}/", 1
        ) + scope.text("/{hex:16}")

    return arn


SHAPES = {
    "aws:lb/loadBalancer:LoadBalancer": Shape(
        id=_ARN + "loadbalancer/app/{name}/{hex:16}",
        defaults={
            "clientKeepAlive": 3600,
            "desyncMitigationMode": "defensive",
            "dropInvalidHeaderFields": False,
            "enableDeletionProtection": False,
            "enableHttp2": True,
            "idleTimeout": 60,
            "loadBalancerType": "application",
            "xffHeaderProcessingMode": "append",
        },
        computed={
            "arn": "{id}",
            "arnSuffix": _suffix,
            "dnsName": lambda s: (
                ("internal-" if s.given("internal") else "")
                + s.text("{name}-{digits:10}.{region}.elb.{suffix}")
            ),
            "enablePrefixForIpv6SourceNat": "",
            "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic": "",
            "internal": False,
            "ipAddressType": "ipv4",
            "namePrefix": "",
            "secondaryIpsAutoAssignedPerSubnet": 0,
            "securityGroups": [],
            "subnetMappings": [],
            "subnets": [],
            "vpcId": "vpc-{hex:17}",
            "zoneId": "Z{upper:13}",
        },
        named=AutoName(limit=32),
    ),
    "aws:lb/listener:Listener": Shape(
        id=_below_balancer("listener", "loadBalancerArn"),
        computed={
            "arn": "{id}",
            "mutualAuthentication": {"mode": "off"},
            "protocol": "HTTP",
            "routingHttpResponseServerEnabled": True,
            "sslPolicy": "",
            "tcpIdleTimeoutSeconds": 350,
            **dict.fromkeys(_HEADERS, ""),
        },
    ),
    "aws:lb/listenerRule:ListenerRule": Shape(
        id=_below_balancer("listener-rule", "listenerArn"),
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
            "arnSuffix": _suffix,
            "connectionTermination": False,
            "healthCheck": {"enabled": True, "path": "/", "port": "traffic-port"},
            "ipAddressType": "ipv4",
            "loadBalancerArns": [],
            "loadBalancingAlgorithmType": "round_robin",
            "loadBalancingAnomalyMitigation": "off",
            "loadBalancingCrossZoneEnabled": "use_load_balancer_configuration",
            "namePrefix": "",
            "preserveClientIp": "",
            "protocolVersion": "HTTP1",
            "stickiness": {"enabled": False, "type": "lb_cookie"},
            "targetFailovers": [],
            "targetGroupHealth": {},
            "targetHealthStates": [],
        },
        named=AutoName(limit=32),
    ),
}
"""By Pulumi type token."""
