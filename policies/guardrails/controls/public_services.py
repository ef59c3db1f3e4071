"""Services with a public address of their own, besides databases and clusters with controls of
their own: migration, graphs, time series, workflows, mainframes, collections of searches."""

from collections.abc import Mapping
from typing import Final

from .. import aws
from ..control import Control, Severity, Verdict, first_failure, not_applicable, require
from ..define import of_own_code, resource_control
from ..evidence import Resource
from ..unknown import Tri

# By type: the input that gives it a public address, and the value that does.
_OPENING: Final[Mapping[str, tuple[str, object]]] = {
    "aws:dms/instanceProfile:InstanceProfile": ("publiclyAccessible", True),
    "aws:dms/replicationInstance:ReplicationInstance": ("publiclyAccessible", True),
    "aws:drs/replicationConfigurationTemplate:ReplicationConfigurationTemplate": (
        "createPublicIp",
        True,
    ),
    "aws:lightsail/database:Database": ("publiclyAccessible", True),
    "aws:m2/environment:Environment": ("publiclyAccessible", True),
    "aws:mwaa/environment:Environment": ("webserverAccessMode", "PUBLIC_ONLY"),
    "aws:neptunegraph/graph:Graph": ("publicConnectivity", True),
    "aws:rds/shardGroup:ShardGroup": ("publiclyAccessible", True),
    "aws:timestreaminfluxdb/dbCluster:DbCluster": ("publiclyAccessible", True),
    "aws:timestreaminfluxdb/dbInstance:DbInstance": ("publiclyAccessible", True),
}


@resource_control(
    of_own_code(
        "EC2.public-service",
        "Databases, migrations and workflows of other services have no public address",
        Severity.CRITICAL,
        "publicly_accessible=False",
        "dms/latest/userguide/CHAP_Security.html",
    ),
    *_OPENING,
)
def no_public_address(service: Resource) -> Verdict:
    name, opened = _OPENING[service.type]
    reading = service[name]
    answer = reading.is_true() if opened is True else reading.equals(opened)
    return require(~answer, f"{name} is {'true' if opened is True else opened}")


@resource_control(
    of_own_code(
        "Opensearch.private-collection",
        "Serverless collections answer inside a network only",
        Severity.HIGH,
        'policy=\'[{"Rules": [...], "AllowFromPublic": false, "SourceVPCEs": [...]}]\'',
        "opensearch-service/latest/developerguide/serverless-network.html",
    ),
    aws.COLLECTION_POLICY,
)
def collection_private(policy: Resource) -> Verdict:
    if policy["type"].equals("encryption") is Tri.YES:
        return not_applicable("it says how collections are encrypted")
    rules = policy["policy"].parsed()
    return require(
        ~rules.some(lambda one: one["AllowFromPublic"].is_true()), "AllowFromPublic is true"
    )


@resource_control(
    of_own_code(
        "EC2.service-endpoint",
        "Transfer servers and services of App Runner answer inside a network only",
        Severity.MEDIUM,
        "endpoint_type='VPC', endpoint_details={...}; "
        "ingress_configuration={'is_publicly_accessible': False}",
        "transfer/latest/userguide/create-server-in-vpc.html",
    ),
    aws.TRANSFER_SERVER,
    aws.APP_RUNNER,
)
def answers_inside(service: Resource) -> Verdict:
    if service.type == aws.APP_RUNNER:
        ingress = service["networkConfiguration"]["ingressConfiguration"]
        return require(
            ingress["isPubliclyAccessible"].equals(False), "isPubliclyAccessible is not false"
        )
    inside = service["endpointType"].one_of(("VPC", "VPC_ENDPOINT"))
    return first_failure(
        require(inside, "endpointType is PUBLIC"),
        require(
            service["endpointDetails"]["addressAllocationIds"].absent(),
            "its endpoint has elastic addresses",
        ),
    )


CONTROLS: Final[tuple[Control, ...]] = (
    no_public_address,
    collection_private,
    answers_inside,
)
