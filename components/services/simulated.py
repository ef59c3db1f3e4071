"""What AWS returns for this package's types (each service's API reference, 2026-11)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from components.parts.simulation import CREATED, UUID, AutoName, Scope, Shape, plain

_ARN = "arn:{partition}:ecs:{region}:{account}:"


_REGISTRY = {"registryId": "{account}"}


def _cluster(scope: Scope) -> str:
    """The cluster's name, from its name or ARN."""
    return str(scope.given("cluster") or "default").rsplit("/", 1)[-1]


def _service_arn(scope: Scope) -> str:
    return scope.text(_ARN + f"service/{_cluster(scope)}/{{name}}")


def _revision(scope: Scope) -> int:
    """Another number for another content, as ECS counts revisions; the same one in every run."""
    content = json.dumps(
        [scope.label]
        + [
            {key: plain(value)}
            for key, value in sorted(scope.state.items())
            if key not in ("tags", "tagsAll")
        ],
        sort_keys=True,
        default=str,
    )
    return 1 + int(hashlib.sha256(content.encode()).hexdigest(), 16) % 99_999


_ELB_ARN = "arn:{partition}:elasticloadbalancing:{region}:{account}:"


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

_NETWORK_ZONES = {
    "us-east-1": "Z26RNL4JYFTOTI",
    "us-east-2": "ZLMOA37VPKANP",
    "us-west-1": "Z24FKFUX50B4VW",
    "us-west-2": "Z18D5FSROUN65G",
    "ca-central-1": "Z2EPGBW3API2WT",
    "eu-central-1": "Z3F0SRJ5LGBH90",
    "eu-west-1": "Z2IFOLAFXWLO4F",
    "eu-west-2": "ZD4D7Y8KGAS4G",
    "eu-west-3": "Z1CMS0P5QUZ6D5",
    "eu-north-1": "Z1UDT6IFJ4EJM",
    "ap-northeast-1": "Z31USIVHYNEOWT",
    "ap-south-1": "ZVDDRBQ08TROA",
    "ap-southeast-1": "ZKVM4W9LS7TM",
    "ap-southeast-2": "ZCT6FZBF4DROD",
    "sa-east-1": "ZTK26PT1VY4CU",
}
"""Of network load balancers (same page; from memory)."""


def _kind(scope: Scope) -> str:
    types = {"application": "app", "network": "net", "gateway": "gwy"}
    return types[str(scope.given("loadBalancerType") or "application")]


def _zone(scope: Scope) -> str:
    zones = _NETWORK_ZONES if _kind(scope) == "net" else _ZONES
    return zones.get(scope.region, scope.text("Z{upper:13}"))


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


_SCALING = "arn:{partition}:autoscaling:{region}:{account}:"


SHAPES: Mapping[str, Shape] = {
    "aws:ecs/cluster:Cluster": Shape(
        id=_ARN + "cluster/{name}", computed={"arn": "{id}"}, named=AutoName(limit=255)
    ),
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": Shape(
        id="{clusterName}", tagged=False
    ),
    "aws:ecs/service:Service": Shape(
        id=_service_arn,
        defaults={
            "deploymentMaximumPercent": 200,
            "deploymentMinimumHealthyPercent": 100,
            "enableEcsManagedTags": False,
            "enableExecuteCommand": False,
            "schedulingStrategy": "REPLICA",
            "waitForSteadyState": False,
        },
        computed={
            "arn": "{id}",
            "availabilityZoneRebalancing": "ENABLED",
            "cluster": "default",
            "iamRole": "",
            "launchType": "FARGATE",
            "platformVersion": "LATEST",
            "triggers": {},
        },
        named=AutoName(limit=255),
    ),
    "aws:ecs/taskDefinition:TaskDefinition": Shape(
        id="{family}",
        defaults={"skipDestroy": False, "trackLatest": False},
        computed={
            "arn": lambda s: s.text(_ARN + "task-definition/{family}:") + str(_revision(s)),
            "arnWithoutRevision": _ARN + "task-definition/{family}",
            "enableFaultInjection": False,
            "networkMode": "awsvpc",
            "revision": lambda s: int(str(s.given("arn")).rpartition(":")[2]),
        },
    ),
    "aws:ecr/repository:Repository": Shape(
        id="{name}",
        defaults={"imageTagMutability": "MUTABLE"},
        computed={
            "arn": "arn:{partition}:ecr:{region}:{account}:repository/{name}",
            **_REGISTRY,
            "repositoryUrl": "{account}.dkr.ecr.{region}.{suffix}/{name}",
        },
        named=AutoName(limit=256),
    ),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": Shape(
        id="{repository}", computed=_REGISTRY, tagged=False
    ),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": Shape(
        id="{repository}", computed=_REGISTRY, tagged=False
    ),
    "aws:servicediscovery/httpNamespace:HttpNamespace": Shape(
        id="ns-{lower:16}",
        computed={
            "arn": "arn:{partition}:servicediscovery:{region}:{account}:namespace/{id}",
            "httpName": "{name}",
        },
        named=AutoName(limit=1024),
    ),
    "aws:wafv2/webAclAssociation:WebAclAssociation": Shape(
        id="{webAclArn},{resourceArn}", tagged=False
    ),
    "aws:lb/loadBalancer:LoadBalancer": Shape(
        id=lambda s: s.text(_ELB_ARN + f"loadbalancer/{_kind(s)}/{{name}}/{{hex:16}}"),
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
            "zoneId": _zone,
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
        id=_ELB_ARN + "targetgroup/{name}/{hex:16}",
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
    "aws:appautoscaling/scheduledAction:ScheduledAction": Shape(
        id="{name}",
        defaults={"timezone": "UTC"},
        computed={
            "arn": _SCALING + "scheduledAction:" + UUID + ":resource/{serviceNamespace}/"
            "{resourceId}:scheduledActionName/{name}"
        },
        named=AutoName(limit=256),
        tagged=False,
    ),
    "aws:sfn/stateMachine:StateMachine": Shape(
        id="arn:{partition}:states:{region}:{account}:stateMachine:{name}",
        defaults={"publish": False, "type": "STANDARD"},
        computed={
            "arn": "{id}",
            "creationDate": CREATED,
            "description": "",
            "namePrefix": "",
            "revisionId": UUID,
            "stateMachineVersionArn": lambda s: f"{s.id}:1" if s.given("publish") else "",
            "status": "ACTIVE",
            "versionDescription": "",
        },
        named=AutoName(limit=80),
    ),
}
"""By Pulumi type token."""
