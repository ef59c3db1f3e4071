"""The resources of a plan as a policy can name them before they exist.

A name that the stack file decides stands as it is, or as the beginning that all names of the
system share (`clubapp-dev-*`), so that one more queue takes no other role; an id that AWS makes up
is `*`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from trellis.planner.recording import Recording
from trellis.planner.wire import Secret

SUFFIX = re.compile(r"-[A-Za-z0-9]{6}$")
"""What Secrets Manager adds to a name ("What's in a Secrets Manager secret?", 2026-11)."""

AUTO_NAMED = re.compile(r"-[0-9a-f]{7}$")
"""What Pulumi adds to a resource's own name where a program gives it none ("Autonaming", Pulumi
documentation, 2026-11)."""

MADE_UP = re.compile(
    r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|(?<![0-9a-zA-Z])(?=[a-f]*\d)[0-9a-f]{8,}\b"
)
"""Ids as AWS makes them up: UUIDs, and eight or more hexadecimal digits."""

PLACEHOLDER = re.compile(r"\$\{(\w+)\}")
FLAT = ("elasticloadbalancing",)
FLAT_NAMES = ("BucketName",)
"""Services, and placeholders, whose names hold no slash, so that a kind's pattern takes no other's
ARN."""

LINKED = "aws-service-role/"
"""What the names of roles begin with that AWS's services make for themselves ("Service-linked
roles", IAM User Guide, 2026-11)."""

FIXED = ("Scope",)
"""Placeholders of words that AWS has: a firewall is `global` or `regional`."""

ANYWHERE = ("Partition", "Region", "Account")


@dataclass(frozen=True)
class Place:
    """Where a stack is, and what its names begin with."""

    partition: str
    region: str
    account: str
    system: str
    environment: str

    def shared(self, name: str) -> str:
        """A name with all after the system's own beginning left open, where it has that."""
        for sign in "-/_.":
            beginning = sign.join(
                part.replace("-", "_") if sign == "_" else part
                for part in (self.system, self.environment, "")
            )
            before, found, _ = name.partition(beginning)
            if found and (not before or before[-1] in "/-:"):
                return f"{before}{beginning}*"
        return name


class Arns:
    """ARN patterns of a plan's resources, by the patterns of the authorization reference."""

    def __init__(self, deployed: Recording, preview: Recording, place: Place) -> None:
        self._place = place
        self._given = frozenset(_texts(resource.inputs for resource in preview))
        self._names = frozenset(resource.name for resource in deployed)
        self._arns = tuple(
            dict.fromkeys(
                arn
                for resource in deployed
                for arn in (resource.outputs.get("arn"), resource.id)
                if isinstance(arn, str) and arn.startswith("arn:")
            )
        )
        self._regions: dict[str, dict[str, None]] = {}
        for arn in self._arns:
            _, _, service, region, *_ = arn.split(":", 5)
            self._regions.setdefault(service, {place.region: None})[region] = None
        self._learned: dict[tuple[str, str], dict[str, None]] = {}
        self._found: dict[str, tuple[str, ...]] = {}

    def of(self, pattern: str) -> tuple[str, ...]:
        """The resources of the plan that a kind's ARN pattern covers, generalised; else the
        pattern itself with what is known filled in."""
        if pattern not in self._found:
            self._found[pattern] = tuple(
                dict.fromkeys(self._matching(pattern) or self._constructed(pattern))
            )
        return self._found[pattern]

    def has(self, pattern: str) -> bool:
        """Whether the plan has a resource that a kind's ARN pattern covers."""
        return bool(self._matching(pattern))

    def examples(self, pattern: str) -> tuple[str, ...]:
        """ARNs of the plan's resources that a kind's ARN pattern covers, as they are, one of those
        that only an id of AWS's tells apart; else such as their names lead to."""
        shape = _shape(pattern)
        by_name = {
            MADE_UP.sub("*", arn): arn for arn in reversed(self._arns) if shape.fullmatch(arn)
        }
        found = tuple(reversed(by_name.values()))
        return found or tuple(arn.replace("*", "any").replace("?", "x") for arn in self.of(pattern))

    def is_open(self, pattern: str, resource: str) -> bool:
        """Whether a resource is a kind's ARN pattern with everything but the place left open."""
        values = dict.fromkeys(PLACEHOLDER.findall(pattern), "*")
        return any(
            resource == self._filled(pattern, values, region)
            for region in self.regions(pattern.split(":")[2])
        )

    def regions(self, service: str) -> tuple[str, ...]:
        """Where the plan has resources of a service; the stack's own region is always first. What
        CloudFront uses stands in us-east-1, and copies stand where the stack file says."""
        return tuple(
            region for region in self._regions.get(service, {self._place.region: None}) if region
        )

    def learn(self, patterns: Iterable[str]) -> None:
        """Find out first what the placeholders of a service's patterns stand for."""
        for pattern in patterns:
            self._matching(pattern)

    def _matching(self, pattern: str) -> list[str]:
        shape = _shape(pattern)
        service = pattern.split(":")[2]
        found: list[str] = []
        for arn in self._arns:
            match = shape.fullmatch(arn)
            if match is None:
                continue
            values = {
                name: text if name in FIXED else self._general(text)
                for name, text in match.groupdict().items()
            }
            for name, text in values.items():
                self._learned.setdefault((service, name), {})[text] = None
            found.append(self._filled(pattern, values, arn.split(":")[3]))
        return found

    def _constructed(self, pattern: str) -> list[str]:
        service = pattern.split(":")[2]
        made: list[dict[str, str]] = [{}]
        for name in PLACEHOLDER.findall(pattern):
            if name not in ANYWHERE:
                known = tuple(self._learned.get((service, name), {"*": None}))
                made = [{**filled, name: text} for filled in made for text in known]
        regions = self.regions(service) if "${Region}" in pattern else ("",)
        return [self._filled(pattern, values, region) for values in made for region in regions]

    def _filled(self, pattern: str, values: Mapping[str, str], region: str) -> str:
        where = {
            "Partition": self._place.partition,
            "Region": region,
            "Account": self._place.account,
        }
        return PLACEHOLDER.sub(lambda found: {**values, **where}[found[1]], pattern)

    def _general(self, text: str) -> str:
        made = AUTO_NAMED.search(text)
        if made is not None and text[: made.start()] in self._names:
            return f"{text[: made.start()]}-*"
        if text.startswith(LINKED):
            return f"{LINKED}*"
        shared = self._place.shared(text)
        if shared != text or text in self._given:
            return shared
        if SUFFIX.search(text) and text[:-7] in self._given:
            return f"{text[:-7]}-??????"
        for sign in "/:":
            head, found, _ = text.partition(sign)
            if found and head in self._given:
                return f"{head}{sign}*"
        return "*"


@cache
def _shape(pattern: str) -> re.Pattern[str]:
    seen: set[str] = set()

    def group(name: str) -> str:
        if name in ANYWHERE or name in seen:
            return "[^:]*"
        seen.add(name)
        flat = pattern.split(":")[2] in FLAT or name in FLAT_NAMES
        whole = pattern.endswith(f"${{{name}}}") and not flat
        return f"(?P<{name}>[^:]+)" if whole else f"(?P<{name}>[^:/]+)"

    parts = re.split(r"\$\{(\w+)\}", pattern)
    return re.compile(
        "".join(re.escape(part) if at % 2 == 0 else group(part) for at, part in enumerate(parts))
    )


def _texts(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, Secret):
            continue
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            yield from _texts(cast("Mapping[str, Any]", value).values())
        elif isinstance(value, (list, tuple)):
            yield from _texts(cast("list[Any]", value))
