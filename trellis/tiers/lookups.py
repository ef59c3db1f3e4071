"""What `trellis lookup` asks for: the images and secrets that a stack file's tasks wait for."""

from __future__ import annotations

from components.parts.image_uri import is_tagged
from components.secrets.secret import secret_name
from components.secrets.settings import GivenSecret
from components.services.existing import existing_label
from components.services.repository import repository_name
from trellis.stackfile.adopting import naming_of
from trellis.stackfile.looking_up_values import Wanted
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.room_checks import places_of_images
from trellis.stackfile.service_checks import tasks_of
from trellis.stackfile.settings import SystemSettings
from trellis.tiers.given_secrets import given_secrets
from trellis.tiers.images import images_of, repositories_of


def wanted_of(settings: SystemSettings) -> Wanted:
    """Every tag that becomes a digest, and every secret that a person fills and somebody waits for:
    a task, or a provider of sign-in."""
    naming = naming_of(settings)
    there = settings.existing.repositories
    repositories = {
        **{key: existing_label(repository) for key, repository in there.items()},
        **{
            key: repository_name(key, repository, naming)
            for key, repository in repositories_of(settings).items()
        },
    }
    tasks = (*settings.services.values(), *settings.jobs.values())
    images = {
        (repositories[image.repository], image.tag)
        for task in tasks
        for image in images_of(task).values()
        if image.repository is not None and image.tag is not None and image.digest is None
    }
    secrets = {
        secret_name(key, secret, naming)
        for task in tasks
        for key, secret in given_secrets(settings, task).items()
    }
    secrets |= {
        secret_name(provider.secret, secret, naming)
        for pool in settings.user_pools.values()
        for provider in pool.providers.values()
        if provider.secret is not None
        and isinstance(secret := settings.secrets.get(provider.secret), GivenSecret)
    }
    elsewhere: dict[str, KeyPath] = {}
    for path, task in tasks_of(settings).items():
        for place, image in places_of_images(task).items():
            if image.uri is not None and is_tagged(image.uri):
                elsewhere.setdefault(image.uri, (*path, *place, "uri"))
    return Wanted(tuple(sorted(images)), tuple(sorted(secrets)), elsewhere)
