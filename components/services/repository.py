"""The repository component: where the images of one or more services are kept.

Builds an ECR repository, its lifecycle policy and, where somebody else may pull, its policy.

Promises:
- A tag stays with its image (unless told otherwise), and every image is scanned when pushed.
- Old images go by themselves; the newest `keep` stay.
- Without a policy only this account's roles pull, and each of them only what it was granted.
"""

from __future__ import annotations

import json

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Arn, Trust
from components.naming import Naming
from components.parts.image_uri import repository_url
from components.parts.policy_document import resource_document
from components.services.names import REPOSITORY_NAME
from components.services.platform_settings import RepositorySettings
from components.tags import name_tag

PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
"""What pulling an image takes ("Amazon ECR private repository policies", 2026-11)."""


class ImageRepository(pulumi.ComponentResource):
    """One ECR repository. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: RepositorySettings,
        *,
        naming: Naming,
        where: AccountRegion,
        key_arn: Arn | None = None,
        protect: bool = True,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the repository.

        Args:
            name: Pulumi name, the repository's key.
            key_arn: customer key of the images; ECR's own encryption without.
            protect: whether the images survive a mistaken deletion.
        """
        self._physical_name = repository_name(name, settings, naming)
        super().__init__("trellis:services:ImageRepository", name, None, opts)
        self._key = name
        self._settings = settings
        self._where = where
        self._trusts: list[Trust] = []
        self._child = pulumi.ResourceOptions(parent=self)
        self._repository = self._create_repository(key_arn, protect)
        self._create_lifecycle()
        if settings.pull_accounts:
            self.trust(_other_accounts(settings, where))
        self.register_outputs({"url": self.url})

    @property
    def name(self) -> str:
        """The repository's name in ECR."""
        return self._physical_name

    @property
    def arn(self) -> Arn:
        """ARN, known from the start."""
        return self._where.arn("ecr", f"repository/{self._physical_name}")

    @property
    def url(self) -> pulumi.Input[str]:
        """Where images are pushed and pulled: registry and name, without tag."""
        return repository_url(self._where, self._physical_name)

    @property
    def resource(self) -> aws.ecr.Repository:
        """What a task that pulls waits for."""
        return self._repository

    def trust(self, trust: Trust) -> None:
        """Let somebody else in; counts until `seal`."""
        self._trusts.append(trust)

    def seal(self) -> aws.ecr.RepositoryPolicy | None:
        """Make the repository's policy, once, after the last `trust`; None where nobody asked."""
        if not self._trusts:
            return None
        return aws.ecr.RepositoryPolicy(
            self._key,
            repository=self._repository.name,
            # A repository policy's statements name no resource: they are about the repository.
            policy=_without_resource(self._trusts),
            opts=self._child,
        )

    def _create_repository(self, key_arn: Arn | None, protect: bool) -> aws.ecr.Repository:
        return aws.ecr.Repository(
            self._key,
            name=self._physical_name,
            image_tag_mutability="MUTABLE" if self._settings.mutable_tags else "IMMUTABLE",
            image_scanning_configuration={"scan_on_push": True},
            encryption_configurations=[
                {"encryption_type": "KMS", "kms_key": key_arn}
                if key_arn is not None
                else {"encryption_type": "AES256"}
            ],
            force_delete=self._settings.empty_on_delete,
            tags=name_tag(self._physical_name),
            opts=pulumi.ResourceOptions(parent=self, protect=protect, retain_on_delete=protect),
        )

    def _create_lifecycle(self) -> None:
        aws.ecr.LifecyclePolicy(
            self._key,
            repository=self._repository.name,
            policy=lifecycle(self._settings),
            opts=self._child,
        )


def repository_name(key: str, settings: RepositorySettings, naming: Naming) -> str:
    """The name of a repository in ECR."""
    return naming.chosen(REPOSITORY_NAME, settings.name, key)


def lifecycle(settings: RepositorySettings) -> str:
    """The lifecycle policy: untagged images go after a while, then all but the newest."""
    rules = [
        {
            "rulePriority": 1,
            "description": f"Untagged images go after {settings.untagged_days} days",
            "selection": {
                "tagStatus": "untagged",
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": settings.untagged_days,
            },
            "action": {"type": "expire"},
        },
        {
            "rulePriority": 2,
            "description": f"The newest {settings.keep} images stay",
            "selection": {
                "tagStatus": "any",
                "countType": "imageCountMoreThan",
                "countNumber": settings.keep,
            },
            "action": {"type": "expire"},
        },
    ]
    return json.dumps({"rules": rules}, separators=(",", ":"))


def _other_accounts(settings: RepositorySettings, where: AccountRegion) -> Trust:
    roots = tuple(
        f"arn:{where.partition}:iam::{pull_account}:root" for pull_account in settings.pull_accounts
    )
    return Trust("OtherAccountsPull", {"AWS": roots}, PULL)


def _without_resource(trusts: list[Trust]) -> pulumi.Input[str]:
    def strip(text: str) -> str:
        document = json.loads(text)
        for statement in document["Statement"]:
            del statement["Resource"]
        return json.dumps(document, separators=(",", ":"))

    return pulumi.Output.from_input(resource_document("*", trusts)).apply(strip)
