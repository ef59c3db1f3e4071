"""What several links come to together: rules, grants, environment and secrets, each once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pulumi

from components.contracts import (
    Endpoint,
    EnvironmentFile,
    Grant,
    Link,
    Mount,
    Outside,
    RegistrySignIn,
    SecretRef,
)
from components.parts.json_text import is_plain


@dataclass(frozen=True)
class Joined:
    """All that follows from a task's links."""

    endpoints: tuple[Endpoint, ...]
    grants: tuple[Grant, ...]
    environment: Mapping[str, pulumi.Input[str]]
    secrets: tuple[SecretRef, ...]
    depends_on: tuple[pulumi.Resource, ...]
    outside: tuple[Outside, ...] = ()
    mounts: tuple[Mount, ...] = ()
    """By name of the volume."""
    environment_files: tuple[EnvironmentFile, ...] = ()
    registry_sign_ins: tuple[RegistrySignIn, ...] = ()


class GivenTwiceError(pulumi.RunError, ValueError):
    """An environment variable, or a folder, that two sources give."""


def join(own: Mapping[str, str], links: Sequence[Link]) -> Joined:
    """Put links together with the task's own environment.

    Raises:
        GivenTwiceError: two different sources give one environment variable, or mount something
            at one folder.
    """
    endpoints = {endpoint.name: endpoint for link in links for endpoint in link.endpoints}
    environment: dict[str, pulumi.Input[str]] = dict(own)
    secrets: dict[str, SecretRef] = {}
    givers = dict.fromkeys(own, "environment")
    for link in links:
        for name in (*link.environment, *(secret.environment for secret in link.secrets)):
            giver = givers.setdefault(name, link.producer)
            value = link.environment.get(name)
            # Two buckets may both tell the region they share.
            same = isinstance(value, str) and environment.get(name) == value
            if giver != link.producer and not same:
                raise GivenTwiceError(
                    f"the environment variable {name} comes from {giver} and from "
                    f"{link.producer}; give one of them other names"
                )
        environment.update(link.environment)
        secrets.update({secret.environment: secret for secret in link.secrets})
    return Joined(
        tuple(endpoints[name] for name in sorted(endpoints)),
        _once(grant for link in links for grant in link.grants),
        {name: environment[name] for name in sorted(environment)},
        tuple(secrets[name] for name in sorted(secrets)),
        tuple({id(resource): resource for link in links for resource in link.depends_on}.values()),
        tuple({server.name: server for link in links for server in link.outside}.values()),
        _mounts(links),
        tuple(file for link in links for file in link.environment_files),
        tuple(sign_in for link in links for sign_in in link.registry_sign_ins),
    )


def refuse_mounts(consumer: str, joined: Joined) -> None:
    """Refuse file systems where nothing can be mounted.

    Raises:
        ValueError: a link brings one.
    """
    if joined.mounts:
        names = ", ".join(mount.name for mount in joined.mounts)
        raise ValueError(f"{consumer} can mount no file system; its links bring {names}")


def renamed(link: Link, name: str | None) -> Link:
    """The link with its one value under another environment variable.

    Raises:
        ValueError: the link brings none, or several.
    """
    if name is None:
        return link
    brought = [*link.environment, *(secret.environment for secret in link.secrets)]
    if len(brought) != 1:
        names = ", ".join(brought) if brought else "no value"
        raise ValueError(f"`as` needs exactly one value to rename; {link.producer} brings {names}")
    values = list(link.environment.values())
    return replace(
        link,
        environment={name: values[0]} if values else {},
        secrets=tuple(replace(secret, environment=name) for secret in link.secrets),
    )


def prefixed(link: Link, prefix: str | None) -> Link:
    """The link with all its environment variables under names that begin with `prefix`."""
    if prefix is None:
        return link
    return replace(
        link,
        environment={f"{prefix}{name}": value for name, value in link.environment.items()},
        secrets=tuple(
            replace(secret, environment=f"{prefix}{secret.environment}") for secret in link.secrets
        ),
    )


def _mounts(links: Sequence[Link]) -> tuple[Mount, ...]:
    volumes: dict[str, Mount] = {}
    folders: dict[str, str] = {}
    for link in links:
        for mount in link.mounts:
            folder = mount.path.rstrip("/") or "/"
            other = volumes.get(mount.name, mount)
            giver = folders.setdefault(folder, mount.name)
            if giver != mount.name or other.path != mount.path:
                raise GivenTwiceError(
                    f"{link.producer} mounts {mount.name} at {folder}, where {giver} is mounted"
                    if giver != mount.name
                    else f"{link.producer} mounts {mount.name} at {folder} and at {other.path}"
                )
            volumes[mount.name] = mount
    return tuple(volumes[name] for name in sorted(volumes))


def _once(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """Grants without repetition; different ones of one `sid` are numbered apart."""
    found: list[Grant] = []
    used: dict[str, int] = {}
    for grant in grants:
        if any(_same(grant, known) for known in found):
            continue
        used[grant.sid] = used.get(grant.sid, 0) + 1
        number = used[grant.sid]
        found.append(grant if number == 1 else replace(grant, sid=f"{grant.sid}{number}"))
    return tuple(found)


def _same(first: Grant, second: Grant) -> bool:
    if not (is_plain(first.resources) and is_plain(second.resources)):
        return (
            first.sid == second.sid
            and first.actions == second.actions
            and len(first.resources) == len(second.resources)
            and all(a is b for a, b in zip(first.resources, second.resources, strict=True))
        )
    return first == second
