"""Asks ECR which image a tag is, and Secrets Manager which secrets have a value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from components.functions.settings import FunctionSettings
from components.model.settings import ModelSettings
from components.parts.image_uri import private_repository
from trellis.aws_errors import code_of
from trellis.stackfile.context import Context
from trellis.stackfile.problems import KeyPath, Problem, StackFileError
from trellis.stackfile.registries import Registries, RegistryError

if TYPE_CHECKING:
    from boto3 import Session

NO_IMAGE = ("ImageNotFoundException", "RepositoryNotFoundException")
"""Codes of ECR for an image, or its repository, that is not there."""


@dataclass(frozen=True)
class Wanted:
    """What a stack file names and an operator brings: images to push, secrets to fill."""

    images: tuple[tuple[str, str], ...] = ()
    """Repository in ECR, by its name or (where it may stand elsewhere) its whole URL, and tag."""
    secrets: tuple[str, ...] = ()
    """Names in Secrets Manager."""
    elsewhere: Mapping[str, KeyPath] = field(default_factory=dict[str, KeyPath])
    """Where the stack file names an image of another registry than ECR's by tag, by its whole
    reference."""

    def missing(self, context: Context) -> tuple[str, ...]:
        """What was not there when it was looked up, in words."""
        labels = [label(*image) for image in self.images]
        return (
            *(
                f"the image {name}"
                for name in (*labels, *self.elsewhere)
                if name not in context.images
            ),
            *(
                f"a value of the secret {secret}"
                for secret in self.secrets
                if secret not in context.secrets
            ),
        )


def profile_regions(
    session: Session, models: Iterable[ModelSettings]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Regions that the models' inference profiles route to, by profile id.

    Raises:
        ClientError: anything else than a profile that is not there, which is left out.
    """
    named = {model.routed_profile_id for model in models}
    profiles = sorted(profile for profile in named if profile is not None)
    for profile in profiles:
        try:
            answer = session.client("bedrock").get_inference_profile(
                inferenceProfileIdentifier=profile
            )
        except ClientError as error:
            if code_of(error) == "ResourceNotFoundException":
                continue
            raise
        regions = {str(model.get("modelArn", "")).split(":")[3] for model in answer["models"]}
        yield profile, tuple(sorted(regions))


def concurrency(session: Session, functions: Iterable[FunctionSettings]) -> int | None:
    """Runs at once that the account's functions have together; None where nobody reserves any.

    Raises:
        ClientError: the caller may not ask.
    """
    if not any(function.concurrency and function.concurrency.reserved for function in functions):
        return None
    return session.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]


def label(repository: str, tag: str) -> str:
    """What an image is called in the context file."""
    return f"{repository}:{tag}"


def digests(session: Session, images: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Digests by `repository:tag`; what is not there is left out.

    Raises:
        ClientError: anything else than a missing image or repository.
    """
    found: dict[str, str] = {}
    for repository, tag in sorted(set(images)):
        elsewhere = private_repository(repository)
        client = session.client("ecr", region_name=elsewhere.region if elsewhere else None)
        place: Any = (
            {"repositoryName": elsewhere.name, "registryId": elsewhere.account}
            if elsewhere
            else {"repositoryName": repository}
        )
        try:
            answer = client.describe_images(**place, imageIds=[{"imageTag": tag}])
        except ClientError as error:
            if code_of(error) in NO_IMAGE:
                continue
            raise
        found[label(repository, tag)] = answer["imageDetails"][0].get("imageDigest", "")
    return found


def digests_elsewhere(
    wanted: Mapping[str, KeyPath], addresses: Mapping[str, str]
) -> Mapping[str, str]:
    """Digests by whole reference; what is not there is left out.

    Args:
        wanted: where the stack file names each.
        addresses: where the API of a registry is, if not at its host.

    Raises:
        StackFileError: some could not be asked for, all of them at once.
    """
    registries = Registries(addresses)
    found: dict[str, str] = {}
    wrong: list[Problem] = []
    for reference, path in sorted(wanted.items()):
        try:
            digest = registries.digest(reference)
        except RegistryError as error:
            wrong.append(Problem(path, error.found, f"the digest of {reference}", error.hint))
            continue
        if digest is not None:
            found[reference] = digest
    if wrong:
        raise StackFileError(wrong, subject="the lookup met")
    return found


def with_values(session: Session, secrets: Iterable[str]) -> tuple[str, ...]:
    """Those of the secrets that have a value. Versions are asked for; no value is read.

    Raises:
        ClientError: anything else than a missing secret.
    """
    client = session.client("secretsmanager")
    found: list[str] = []
    for name in sorted(set(secrets)):
        try:
            answer = client.describe_secret(SecretId=name)
        except ClientError as error:
            if code_of(error) == "ResourceNotFoundException":
                continue
            raise
        if answer.get("VersionIdsToStages"):
            found.append(name)
    return tuple(found)
