"""Image repositories: scanned, immutable, private, and not growing for ever."""

from typing import Final

from .. import aws
from ..control import (
    Control,
    Scope,
    Severity,
    Verdict,
    require,
)
from ..define import Facts, graph_control, resource_control
from ..evidence import Resource, Stack
from ..policies import open_to_anyone
from ..resource_documents import document_of

_ECS = "AmazonECS/latest/developerguide/"
_ECR = "AmazonECR/latest/userguide/"


@resource_control(
    Facts(
        "ECR.1",
        "Images are scanned when pushed",
        Severity.HIGH,
        "repositories.<key> always scans on push",
        "image_scanning_configuration={'scan_on_push': True}",
        _ECR + "image-scanning.html",
    ),
    aws.REPOSITORY,
)
def scanned(repository: Resource) -> Verdict:
    return require(
        repository.at("imageScanningConfiguration.scanOnPush").is_true(), "scanOnPush is not true"
    )


@resource_control(
    Facts(
        "ECR.2",
        "Image tags cannot be moved",
        Severity.MEDIUM,
        "repositories.<key>.mutableTags: false (the default)",
        "image_tag_mutability='IMMUTABLE'",
        _ECR + "image-tag-mutability.html",
    ),
    aws.REPOSITORY,
)
def immutable_tags(repository: Resource) -> Verdict:
    return require(
        repository["imageTagMutability"].one_of(("IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION")),
        "imageTagMutability is not IMMUTABLE",
    )


@graph_control(
    Facts(
        "ECR.3",
        "Old images expire",
        Severity.MEDIUM,
        "repositories.<key>.keep: 10 (the default)",
        "LifecyclePolicy(repository=repository.name, policy=...)",
        _ECR + "LifecyclePolicies.html",
    ),
    aws.REPOSITORY,
)
def images_expire(repository: Resource, stack: Stack) -> Verdict:
    return require(
        stack.some_companion(
            repository,
            aws.REPOSITORY_LIFECYCLE,
            "repository",
            lambda one: one["policy"].parsed()["rules"].present(),
        ),
        "the repository has no lifecycle policy with rules",
    )


@resource_control(
    Facts(
        "ECR.5",
        "Repositories are encrypted with a customer key",
        Severity.MEDIUM,
        "repositories.<key> uses the data key (the default)",
        "encryption_configurations=[{'encryption_type': 'KMS', 'kms_key': key.arn}]",
        _ECR + "encryption-at-rest.html",
    ),
    aws.REPOSITORY,
)
def repository_on_customer_key(repository: Resource) -> Verdict:
    return require(
        repository["encryptionConfigurations"].some(
            lambda one: (
                one["encryptionType"].one_of(("KMS", "KMS_DSSE"))
                & repository.customer_key(one["kmsKey"])
            )
        ),
        "encryptionConfigurations names no customer key",
    )


@resource_control(
    Facts(
        "ECR.private-policy",
        "Repository policies are not open to anyone",
        Severity.CRITICAL,
        "repositories.<key> is open to the services that use it only",
        "name accounts or roles as principals in the RepositoryPolicy",
        _ECR + "repository-policies.html",
    ),
    aws.REPOSITORY_POLICY,
    aws.REGISTRY_POLICY,
    aws.REPOSITORY_TEMPLATE,
    scope=Scope.DOCUMENT,
)
def repository_private(policy: Resource) -> Verdict:
    return open_to_anyone(document_of(policy))


CONTROLS: Final[tuple[Control, ...]] = (
    scanned,
    immutable_tags,
    images_expire,
    repository_on_customer_key,
    repository_private,
)
