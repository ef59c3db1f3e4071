"""Which image every container runs, pinned by digest, and what is waited for.

A tag becomes its digest from the stack's context file, so a plan without an account and the engine
agree. What does not stand there the engine asks ECR, when it previews; other registries are asked
by `trellis lookup` alone. An image that ECR does not have either is waited for: the first `up` of
an environment makes the repository it is pushed to.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Arn
from components.parts.image_settings import BuildSettings, ImageSettings
from components.parts.image_uri import is_tagged, pinned, private_repository
from components.services.existing import NamedRepository, named_repository
from components.services.names import REPOSITORY_NAME
from components.services.platform_settings import RepositorySettings
from components.services.repository import ImageRepository
from components.services.task.settings import TaskSettings
from components.services.task.task import Image
from trellis.stackfile.adopting import naming_of
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.context import Context
from trellis.stackfile.loading import Loaded
from trellis.stackfile.room_checks import places_of_images
from trellis.stackfile.service_checks import tasks_of
from trellis.stackfile.settings import SystemSettings
from trellis.tiers.asking import found_or_none
from trellis.tiers.build_context import BuildContext, build_context, stages

PLATFORMS = {"x86_64": "linux/amd64", "arm64": "linux/arm64"}

NOT_FOUND = ("couldn't find resource", "RepositoryNotFoundException", "ImageNotFoundException")
"""How the provider says that there is no such image (data source `aws_ecr_image`, v6)."""


TAG_MARK = 16
"""Hex digits of the content's digest in a tag: 64 bits tell two states of one folder apart."""

BUILDER = "pulumi_awsx"
BUILD_ALLOWED = "an image by digest or tag, or Trellis with what builds images"
BUILD_HINT = (
    "pip install 'trellis[build]'; in a checkout, name requirements-images.lock in "
    "requirements.txt and run `pulumi install`"
)


BuildContexts: TypeAlias = Mapping[tuple[str, str], BuildContext]
"""What images are built from, by `context` and `dockerfile` as the stack file says them."""


def build_contexts(loaded: Loaded) -> BuildContexts:
    """What `up` builds images from: read before anything is made.

    Raises:
        StackFileError: folders or Dockerfiles that are not there or can't be read, all of them at
            once; or nothing is installed that builds.
    """
    found: dict[tuple[str, str], BuildContext] = {}
    wrong: list[Complaint] = []
    for path, task in tasks_of(loaded.settings).items():
        for place, image in places_of_images(task).items():
            build = image.build
            if build is None:
                continue
            at = (*path, *place, "build")
            if find_spec(BUILDER) is None:
                wrong.append((at, f"{BUILDER} is not installed", BUILD_ALLOWED, BUILD_HINT))
            for setting, given, allowed, hint in _unfit(
                loaded.folder / build.context, build, found
            ):
                wrong.append(((*at, setting), given, allowed, hint))
    if wrong:
        raise loaded.error(wrong)
    return found


def _unfit(
    folder: Path, build: BuildSettings, found: dict[tuple[str, str], BuildContext]
) -> Iterator[tuple[str, str, str, str]]:
    """What keeps a folder from being built: the setting, and what to say. What is read is kept."""
    file = folder / build.dockerfile
    if not folder.is_dir():
        yield "context", f"no folder {folder}", "one to build from", ""
        return
    if not file.is_file():
        yield "dockerfile", f"no file {build.dockerfile} in {folder}", "a Dockerfile there", ""
        return
    try:
        read = (build.context, build.dockerfile)
        found[read] = found.get(read) or build_context(folder, build.dockerfile)
        there = stages(file)
    except OSError as error:
        unread = f"{error.filename}, which can't be read ({error.strerror})"
        hint = "mend its permissions, or name it in .dockerignore"
        yield "context", unread, "a folder that can be read", hint
        return
    if there and build.target is not None and build.target.lower() not in there:
        named = ", ".join(name for name in there if not name.isdigit()) or "none has a name"
        yield "target", f"stage {build.target}, which no FROM makes", f"a stage of it: {named}", ""


@dataclass(frozen=True)
class Resolved:
    """The images of one task."""

    images: Mapping[str, Image] | None
    """By container; None while one is waited for."""
    repository_arns: tuple[Arn, ...]
    waits: tuple[str, ...]
    """What for, in words."""


def repositories_of(settings: SystemSettings) -> dict[str, RepositorySettings]:
    """Repositories that stand in the stack file, and those that only an image names."""
    found, there = dict(settings.repositories), settings.existing.repositories
    for task in (*settings.services.values(), *settings.jobs.values()):
        for image in images_of(task).values():
            if image.repository is not None and image.repository not in there:
                found.setdefault(image.repository, RepositorySettings())
    return {key: found[key] for key in sorted(found)}


def repositories_made(settings: SystemSettings) -> dict[str, str]:
    """Names of the repositories that a stack makes and somebody else fills, by key."""
    naming = naming_of(settings)
    built = {
        image.repository
        for task in (*settings.services.values(), *settings.jobs.values())
        for image in images_of(task).values()
        if image.build is not None
    }
    return {
        key: naming.chosen(REPOSITORY_NAME, repository.name, key)
        for key, repository in repositories_of(settings).items()
        if key not in built
    }


def images_of(task: TaskSettings) -> dict[str, ImageSettings]:
    """Image settings by container, the main one first."""
    return {
        task.container: task.image,
        **{name: sidecar.image for name, sidecar in sorted(task.beside.items())},
    }


def existing_repositories(
    settings: SystemSettings, where: AccountRegion
) -> dict[str, NamedRepository]:
    """Repositories that somebody else made, by key."""
    there = settings.existing.repositories
    return {key: named_repository(repository, where) for key, repository in there.items()}


@dataclass
class Images:
    """Resolves images; asks ECR for a tag once."""

    repositories: Mapping[str, ImageRepository | NamedRepository]
    context: Context
    provider: pulumi.ProviderResource
    partition: str
    child: pulumi.ResourceOptions
    contexts: BuildContexts
    _built: dict[str, pulumi.Output[str]] = field(default_factory=dict[str, pulumi.Output[str]])
    _digests: dict[str, str | None] = field(default_factory=dict[str, str | None])

    def of(self, task: TaskSettings) -> Resolved:
        """The images of the task of one service or job."""
        images: dict[str, Image] = {}
        arns: dict[str, Arn] = {}
        waits: list[str] = []
        for container, settings in images_of(task).items():
            if settings.uri is not None and is_tagged(settings.uri):
                digest = self.context.digest(settings.uri)
                if digest is None:
                    waits.append(f"the image {settings.uri}: run `trellis lookup`")
                else:
                    images[container] = Image(pinned(settings.uri, digest), None)
                continue
            if settings.uri is not None:
                private = private_repository(settings.uri)
                arn = private.arn(self.partition) if private is not None else None
                images[container] = Image(settings.uri, arn)
                arns.update({settings.uri: arn} if arn is not None else {})
                continue
            repository = self.repositories[str(settings.repository)]
            arns[repository.name] = repository.arn
            found = self._own(settings, task, repository)
            if isinstance(found, Image):
                images[container] = found
            else:
                waits.append(found)
        distinct = tuple(dict.fromkeys(arns.values()))
        return Resolved(images if not waits else None, distinct, tuple(waits))

    def _own(
        self,
        settings: ImageSettings,
        task: TaskSettings,
        repository: ImageRepository | NamedRepository,
    ) -> Image | str:
        """An image of a repository, or what is waited for. `checks` has refused builds into one
        that is not made here."""
        if settings.build is not None and isinstance(repository, ImageRepository):
            key = str(settings.repository)
            return Image(self._build(key, settings.build, task, repository), repository.arn)
        name = repository.name
        if settings.digest is None and settings.tag is None:
            digest = self.context.digest(name)
            if digest is None:
                return f"an image in {name}: push one and name its tag"
        else:
            digest = settings.digest or self._digest(name, str(settings.tag))
        if digest is None:
            return f"the image {name}:{settings.tag}: push it, then run `trellis lookup` or `up`"
        url = repository.url
        reference = (
            f"{url}@{digest}" if isinstance(url, str) else pulumi.Output.concat(url, "@", digest)
        )
        return Image(reference, repository.arn)

    def _build(
        self, key: str, build: BuildSettings, task: TaskSettings, repository: ImageRepository
    ) -> pulumi.Output[str]:
        """The reference of an image that `up` builds: once, however many containers run it."""
        platform = PLATFORMS[task.architecture]
        name = _build_name(key, build, platform)
        if name not in self._built:
            context = self.contexts[build.context, build.dockerfile]
            self._built[name] = _built(name, build, context, platform, repository, self.child)
        return self._built[name]

    def _digest(self, repository: str, tag: str) -> str | None:
        label = f"{repository}:{tag}"
        if label not in self._digests:
            known = self.context.digest(label)
            self._digests[label] = known or ask_digest(repository, tag, self.provider)
        return self._digests[label]


def ask_digest(repository: str, tag: str, provider: pulumi.ProviderResource) -> str | None:
    """The digest ECR has for a tag, or None where there is no such image or repository.

    Args:
        repository: its name, or its whole URL where it may stand elsewhere.

    Raises:
        Exception: anything else went wrong. That must not look like a missing image, which would
            take a running service away.
    """
    elsewhere = private_repository(repository)
    found = found_or_none(
        lambda: aws.ecr.get_image(
            repository_name=elsewhere.name if elsewhere else repository,
            registry_id=elsewhere.account if elsewhere else None,
            region=elsewhere.region if elsewhere else None,
            image_tag=tag,
            opts=pulumi.InvokeOptions(provider=provider),
        ),
        NOT_FOUND,
    )
    return None if found is None else found.image_digest


def _build_name(key: str, build: BuildSettings, platform: str) -> str:
    """Pulumi name of a build: what tells it from others of its repository, but not its content."""
    identity = [
        build.context,
        build.dockerfile,
        build.target,
        sorted(build.arguments.items()),
        platform,
    ]
    mark = hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:8]
    return "-".join(part for part in (key, build.target, mark) if part)


def _built(
    name: str,
    build: BuildSettings,
    context: BuildContext,
    platform: str,
    repository: ImageRepository,
    child: pulumi.ResourceOptions,
) -> pulumi.Output[str]:
    """Build and push at `up`; the reference that comes back ends in the digest.

    awsx is imported here, because most stacks build nothing and have it not installed. It is a
    remote component: its children are made by its own plugin, and a plan does not see them. It
    calls the build and its tag by `image_tag`, and without one by a hash that neither the target
    nor the content is part of (pulumi-awsx 3.11, `awsx/ecr/image.ts`).
    """
    import pulumi_awsx as awsx

    image = awsx.ecr.Image(
        name,
        repository_url=repository.resource.repository_url,
        image_tag=f"{name}-{context.digest[:TAG_MARK]}".lower(),
        context=str(context.folder),
        dockerfile=str(context.folder / context.dockerfile),
        target=build.target,
        args=dict(build.arguments),
        platform=platform,
        # A new tag is a new build in the engine's eyes. Of the old one's image tasks may still
        # run, and a roll-back starts it: the repository's own rules say when it goes.
        opts=pulumi.ResourceOptions(parent=child.parent, retain_on_delete=True),
    )
    return image.image_uri
