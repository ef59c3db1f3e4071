"""Users of a cache: made switched off and without a password, so that nothing knows one.

The first value of a user's credentials secret switches it on, by giving it its access string and a
password inside AWS (see `functions/rotation`). From then on what stands here is not what is there,
so it is left alone.

Users and their group are of ElastiCache's engine `redis`, whichever the cache's is. A group of
`valkey` takes only users that have a password or IAM already, so none could start without one; a
group of `redis` serves caches of both ("Role-Based Access Control (RBAC)", Amazon ElastiCache User
Guide, 2026-11), and a cache that moves from Redis to Valkey keeps its users as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.cache.names import CACHE_USER_NAME
from components.cache.settings import COMMANDS, CacheUserSettings
from components.naming import Naming
from components.tags import name_tag

ENGINE = "redis"
"""Of users and groups; see above."""

OFF = "off -@all"
"""The access string of a user that may not sign in."""

DEFAULT = "default"
"""The user that every connection without a name has."""


@dataclass(frozen=True)
class CacheUser:
    """One user; it signs in with its id, as users of IAM must ("Authenticating with IAM")."""

    resource: aws.elasticache.User
    user_id: str
    iam: bool


def create_users(
    name: str,
    users: Mapping[str, CacheUserSettings],
    *,
    thing: str,
    naming: Naming,
    opts: pulumi.ResourceOptions,
) -> dict[str, CacheUser]:
    """Make the users, by their names in the stack file."""
    return {
        key: _create_user(name, key, user, thing=thing, naming=naming, opts=opts)
        for key, user in users.items()
    }


def create_group(
    name: str,
    users: Mapping[str, CacheUser],
    *,
    thing: str,
    naming: Naming,
    opts: pulumi.ResourceOptions,
) -> aws.elasticache.UserGroup:
    """Make the group of the users and of a default user that is switched off."""
    default_id = naming.of(CACHE_USER_NAME, thing, DEFAULT)
    default = aws.elasticache.User(
        f"{name}-{DEFAULT}",
        user_id=default_id,
        user_name=DEFAULT,
        engine=ENGINE,
        access_string=OFF,
        authentication_mode=aws.elasticache.UserAuthenticationModeArgs(type="no-password-required"),
        tags=name_tag(default_id),
        opts=opts,
    )
    group_id = naming.of(CACHE_USER_NAME, thing)
    return aws.elasticache.UserGroup(
        name,
        user_group_id=group_id,
        engine=ENGINE,
        user_ids=[default.user_id, *(user.resource.user_id for user in users.values())],
        tags=name_tag(group_id),
        opts=opts,
    )


def _create_user(
    name: str,
    key: str,
    settings: CacheUserSettings,
    *,
    thing: str,
    naming: Naming,
    opts: pulumi.ResourceOptions,
) -> CacheUser:
    user_id = naming.of(CACHE_USER_NAME, thing, key)
    iam = settings.authentication == "iam"
    # Rotation sets the password and the access string of a password user; see above.
    rotated = ["accessString", "authenticationMode", "noPasswordRequired", "passwords"]
    user = aws.elasticache.User(
        f"{name}-{key}",
        user_id=user_id,
        user_name=user_id,
        engine=ENGINE,
        access_string=f"on {settings.access or COMMANDS}" if iam else OFF,
        authentication_mode=aws.elasticache.UserAuthenticationModeArgs(
            type="iam" if iam else "no-password-required"
        ),
        tags=name_tag(user_id),
        opts=pulumi.ResourceOptions.merge(
            opts, pulumi.ResourceOptions(ignore_changes=[] if iam else rotated)
        ),
    )
    return CacheUser(user, user_id, iam)
