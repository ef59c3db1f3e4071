"""Kubernetes clusters (EKS): private, supported, audited, with encrypted secrets."""

from typing import Final

from .. import aws
from ..control import Control, Parameters, Severity, Verdict, not_applicable, require, where
from ..define import measured_control, of_own_code, resource_control
from ..evidence import Resource
from ..firewall_rules import open_blocks
from ..reading import Reading
from ..unknown import Tri

_EKS: Final = "eks/latest/userguide/"
# Standard support as of 2026-11: EKS.2's own parameter (Security Hub User Guide).
_OLDEST: Final = "1.34"


@resource_control(
    of_own_code(
        "EKS.1",
        "Cluster endpoints are private",
        Severity.HIGH,
        "vpc_config={'endpoint_public_access': False, 'endpoint_private_access': True, ...}",
        _EKS + "cluster-endpoint.html",
    ),
    aws.EKS_CLUSTER,
)
def private_endpoint(cluster: Resource) -> Verdict:
    return require(
        cluster.at("vpcConfig.endpointPublicAccess").equals(False),
        "vpcConfig.endpointPublicAccess is not false",
    )


@resource_control(
    of_own_code(
        "EKS.open-endpoint",
        "Public cluster endpoints answer to named addresses only",
        Severity.HIGH,
        "vpc_config={'public_access_cidrs': ['203.0.113.0/24'], ...}",
        _EKS + "cluster-endpoint.html",
    ),
    aws.EKS_CLUSTER,
)
def endpoint_not_open(cluster: Resource) -> Verdict:
    config = cluster["vpcConfig"]
    blocks = config["publicAccessCidrs"]
    named = blocks.present() & ~open_blocks(blocks.elements())
    return where(
        ~config["endpointPublicAccess"].equals(False),
        require(named, "the whole internet reaches the endpoint"),
        "its endpoint is private",
    )


def _supported(version: Reading, oldest: object) -> Tri:
    return version.ask(lambda value: _numbers(str(value)) >= _numbers(str(oldest)))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


@measured_control(
    of_own_code(
        "EKS.2",
        "Clusters run a version in standard support",
        Severity.HIGH,
        f"version='{_OLDEST}'",
        _EKS + "kubernetes-versions.html",
        parameters={"oldestVersion": _OLDEST},
    ),
    aws.EKS_CLUSTER,
)
def supported_version(cluster: Resource, parameters: Parameters) -> Verdict:
    version = cluster["version"]
    # Left out, AWS takes the newest of that day; what it has become since, it alone knows.
    return require(
        Tri.UNKNOWN if version.is_absent else _supported(version, parameters["oldestVersion"]),
        "version is not in standard support, or is not said",
    )


@measured_control(
    of_own_code(
        "EKS.9",
        "Node groups run a version in standard support",
        Severity.HIGH,
        "version of the cluster (the default)",
        _EKS + "update-managed-node-group.html",
        parameters={"oldestVersion": _OLDEST},
    ),
    aws.EKS_NODES,
)
def supported_nodes(nodes: Resource, parameters: Parameters) -> Verdict:
    version = nodes["version"]
    if version.is_absent:
        return not_applicable("it has its cluster's version")
    return require(
        _supported(version, parameters["oldestVersion"]), "version is not in standard support"
    )


@resource_control(
    of_own_code(
        "EKS.secrets-key",
        "Kubernetes secrets are encrypted with a customer key",
        Severity.MEDIUM,
        "encryption_config={'resources': ['secrets'], 'provider': {'key_arn': key.arn}}",
        _EKS + "enable-kms.html",
    ),
    aws.EKS_CLUSTER,
)
def secrets_encrypted(cluster: Resource) -> Verdict:
    config = cluster["encryptionConfig"]
    key = config["provider"]["keyArn"]
    return require(
        config["resources"].includes("secrets") & cluster.customer_key(key),
        "encryptionConfig names no customer key for secrets",
    )


@resource_control(
    of_own_code(
        "EKS.8",
        "Clusters write audit logs",
        Severity.MEDIUM,
        "enabled_cluster_log_types=['audit', 'api', 'authenticator']",
        _EKS + "control-plane-logs.html",
    ),
    aws.EKS_CLUSTER,
)
def audited(cluster: Resource) -> Verdict:
    return require(
        cluster["enabledClusterLogTypes"].includes("audit"),
        "enabledClusterLogTypes is without audit",
    )


@resource_control(
    of_own_code(
        "EKS.node-ssh",
        "Nodes take SSH from named groups only",
        Severity.HIGH,
        "remote_access={'ec2_ssh_key': key, 'source_security_group_ids': [group.id]}, or none",
        _EKS + "create-managed-node-group.html",
    ),
    aws.EKS_NODES,
)
def ssh_from_groups(nodes: Resource) -> Verdict:
    access = nodes["remoteAccess"]
    return require(
        access["ec2SshKey"].absent()
        | nodes.provided(access["sourceSecurityGroupIds"], aws.SECURITY_GROUP),
        "remoteAccess opens port 22 to the internet",
    )


CONTROLS: Final[tuple[Control, ...]] = (
    private_endpoint,
    endpoint_not_open,
    supported_version,
    supported_nodes,
    secrets_encrypted,
    audited,
    ssh_from_groups,
)
