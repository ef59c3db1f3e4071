"""Notebooks and models (SageMaker) and clusters of EMR: private, isolated, encrypted."""

from typing import Final

from .. import aws
from ..control import Control, Parameters, Severity, Verdict, not_applicable, require
from ..define import graph_control, measured_control, of_own_code, resource_control
from ..evidence import Resource, Stack
from ..network import stands_privately
from ..reading import Reading
from ..unknown import Tri

_SAGEMAKER: Final = "sagemaker/latest/dg/"
# "supportedPlatformIdentifierVersions" of SageMaker.8 (Security Hub User Guide, 2026-11).
SUPPORTED_PLATFORMS: Final = ("notebook-al2023-v1",)
_EMR: Final = "emr/latest/ManagementGuide/"


@resource_control(
    of_own_code(
        "SageMaker.1",
        "Notebooks have no direct way to the internet",
        Severity.HIGH,
        "direct_internet_access='Disabled', subnet_id=..., security_groups=[...]",
        _SAGEMAKER + "appendix-notebook-and-internet-access.html",
    ),
    aws.NOTEBOOK,
)
def no_internet(notebook: Resource) -> Verdict:
    return require(
        notebook["directInternetAccess"].equals("Disabled"), "directInternetAccess is Enabled"
    )


@resource_control(
    of_own_code(
        "SageMaker.2",
        "Notebooks stand in a network of the account",
        Severity.HIGH,
        "subnet_id=private_subnet.id",
        _SAGEMAKER + "appendix-notebook-and-internet-access.html",
    ),
    aws.NOTEBOOK,
)
def in_network(notebook: Resource) -> Verdict:
    return require(notebook.provided(notebook["subnetId"], aws.SUBNET), "subnetId is not set")


@resource_control(
    of_own_code(
        "SageMaker.3",
        "Users of notebooks are not root",
        Severity.HIGH,
        "root_access='Disabled'",
        _SAGEMAKER + "nbi-root-access.html",
    ),
    aws.NOTEBOOK,
)
def no_root(notebook: Resource) -> Verdict:
    return require(notebook["rootAccess"].equals("Disabled"), "rootAccess is Enabled")


@resource_control(
    of_own_code(
        "SageMaker.21",
        "Notebooks are encrypted with a customer key",
        Severity.MEDIUM,
        "kms_key_id=key.id",
        _SAGEMAKER + "encryption-at-rest.html",
    ),
    aws.NOTEBOOK,
)
def on_customer_key(notebook: Resource) -> Verdict:
    return require(notebook.customer_key(notebook["kmsKeyId"]), "kmsKeyId names no customer key")


@measured_control(
    of_own_code(
        "SageMaker.8",
        "Notebooks run on a supported platform",
        Severity.MEDIUM,
        "platform_identifier='notebook-al2023-v1'",
        _SAGEMAKER + "nbi-al2.html",
        parameters={"platforms": SUPPORTED_PLATFORMS},
    ),
    aws.NOTEBOOK,
)
def supported_platform(notebook: Resource, parameters: Parameters) -> Verdict:
    platforms = parameters["platforms"]
    assert isinstance(platforms, (tuple, list))
    return require(
        notebook["platformIdentifier"].one_of(platforms),  # pyright: ignore[reportUnknownArgumentType]
        "platformIdentifier is no longer supported, or left to an older default",
    )


@resource_control(
    of_own_code(
        "SageMaker.4",
        "Model endpoints start with two instances",
        Severity.MEDIUM,
        "production_variants=[{'initial_instance_count': 2, ...}]",
        _SAGEMAKER + "best-practices.html",
    ),
    aws.MODEL_ENDPOINT,
)
def two_instances(endpoint: Resource) -> Verdict:
    return require(
        endpoint["productionVariants"].every(
            lambda one: one["serverlessConfig"].present() | one["initialInstanceCount"].at_least(2)
        ),
        "a variant starts with fewer than two instances",
    )


@resource_control(
    of_own_code(
        "SageMaker.5",
        "Models are isolated from the network",
        Severity.MEDIUM,
        "enable_network_isolation=True",
        _SAGEMAKER + "mkt-algo-model-internet-free.html",
    ),
    aws.MODEL,
)
def isolated(model: Resource) -> Verdict:
    return require(model["enableNetworkIsolation"].is_true(), "enableNetworkIsolation is not true")


def _from_private_registry(container: Reading) -> Tri:
    return container["image"].present() & container["imageConfig"]["repositoryAccessMode"].equals(
        "Vpc"
    )


@resource_control(
    of_own_code(
        "SageMaker.16",
        "Models pull their image through the network",
        Severity.MEDIUM,
        "primary_container={'image_config': {'repository_access_mode': 'Vpc'}, ...}",
        _SAGEMAKER + "your-algorithms-containers-inference-private.html",
    ),
    aws.MODEL,
)
def image_through_network(model: Resource) -> Verdict:
    container = model["primaryContainer"]
    if container.is_absent:
        return not_applicable("it has no primary container")
    return require(
        _from_private_registry(container), "repositoryAccessMode of its container is not Vpc"
    )


@resource_control(
    of_own_code(
        "SageMaker.19",
        "Models of several containers pull their images through the network",
        Severity.MEDIUM,
        "containers=[{'image_config': {'repository_access_mode': 'Vpc'}, ...}]",
        _SAGEMAKER + "your-algorithms-containers-inference-private.html",
    ),
    aws.MODEL,
)
def images_through_network(model: Resource) -> Verdict:
    containers = model["containers"]
    if containers.is_absent:
        return not_applicable("it is no pipeline of containers")
    return require(
        containers.every(_from_private_registry),
        "repositoryAccessMode of a container is not Vpc",
    )


@graph_control(
    of_own_code(
        "EMR.1",
        "EMR clusters stand in private subnets",
        Severity.HIGH,
        "ec2_attributes={'subnet_id': private_subnet.id, ...}",
        _EMR + "emr-vpc-host-job-flows.html",
    ),
    aws.EMR_CLUSTER,
)
def in_private_subnets(cluster: Resource, stack: Stack) -> Verdict:
    one = cluster.at("ec2Attributes.subnetId")
    path = "ec2Attributes.subnetIds" if one.is_absent else "ec2Attributes.subnetId"
    return stands_privately(stack, stack.follow(cluster, path, aws.SUBNET))


@resource_control(
    of_own_code(
        "EMR.2",
        "EMR starts no cluster that the internet reaches",
        Severity.CRITICAL,
        "emr.BlockPublicAccessConfiguration(block_public_security_group_rules=True)",
        _EMR + "emr-block-public-access.html",
    ),
    aws.EMR_BLOCK,
)
def public_rules_blocked(setting: Resource) -> Verdict:
    return require(
        setting["blockPublicSecurityGroupRules"].is_true(),
        "blockPublicSecurityGroupRules is not true",
    )


def _encryption(security: Resource) -> Reading:
    return security["configuration"].parsed()["EncryptionConfiguration"]


@resource_control(
    of_own_code(
        "EMR.3",
        "EMR security configurations encrypt at rest",
        Severity.MEDIUM,
        "configuration with EncryptionConfiguration.EnableAtRestEncryption: true",
        _EMR + "emr-data-encryption-options.html",
    ),
    aws.EMR_SECURITY,
)
def encrypts_at_rest(security: Resource) -> Verdict:
    enabled = _encryption(security)["EnableAtRestEncryption"]
    return require(enabled.is_true(), "EnableAtRestEncryption is not true")


@resource_control(
    of_own_code(
        "EMR.4",
        "EMR security configurations encrypt in transit",
        Severity.MEDIUM,
        "configuration with EncryptionConfiguration.EnableInTransitEncryption: true",
        _EMR + "emr-data-encryption-options.html",
    ),
    aws.EMR_SECURITY,
)
def encrypts_in_transit(security: Resource) -> Verdict:
    enabled = _encryption(security)["EnableInTransitEncryption"]
    return require(enabled.is_true(), "EnableInTransitEncryption is not true")


CONTROLS: Final[tuple[Control, ...]] = (
    no_internet,
    in_network,
    no_root,
    on_customer_key,
    supported_platform,
    two_instances,
    isolated,
    image_through_network,
    images_through_network,
    in_private_subnets,
    public_rules_blocked,
    encrypts_at_rest,
    encrypts_in_transit,
)
