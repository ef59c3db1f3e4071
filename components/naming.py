"""Physical names: `{name}-{environment}-{thing}`, cut to the service's limit with a hash suffix."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import pulumi

HASH_LENGTH = 8
"""Hex digits that keep two names apart when both are cut to the same beginning."""


@dataclass(frozen=True)
class Kind:
    """What has a physical name, and the rule AWS has for it.

    Those that several packages name are its attributes; a package's own stand in its `names.py`.
    """

    thing: str
    """As in `load balancer`."""
    limit: int
    """Characters at most."""
    pattern: str
    """Regular expression of the whole name."""
    source: str
    """The documentation page it comes from (2026-11)."""
    lower: bool = False
    separator: str = "-"
    """What stands between the parts of a name; SQL takes hyphens only in quotes."""

    VPC_TAG: ClassVar[Kind]
    SECURITY_GROUP: ClassVar[Kind]
    ROLE: ClassVar[Kind]
    LOG_GROUP: ClassVar[Kind]
    TOPIC: ClassVar[Kind]
    QUEUE: ClassVar[Kind]
    FUNCTION: ClassVar[Kind]
    WEB_ACL: ClassVar[Kind]
    SCHEDULE: ClassVar[Kind]
    DELIVERY_STREAM: ClassVar[Kind]
    EVENT_RULE: ClassVar[Kind]


Kind.VPC_TAG = Kind(
    "vpc tag", 256, r"[\w .:/=+@-]+", "Tag your Amazon EC2 resources: tag restrictions"
)
Kind.SECURITY_GROUP = Kind(
    "security group", 255, r"(?!sg-)[\w .:/()#,@\[\]+=&;{}!$*-]+", "CreateSecurityGroup: GroupName"
)
Kind.ROLE = Kind("role", 64, r"[\w+=,.@-]+", "IAM and AWS STS quotas: role name")
Kind.LOG_GROUP = Kind("log group", 512, r"[.\-_/#A-Za-z0-9]+", "CreateLogGroup: logGroupName")
Kind.TOPIC = Kind("topic", 256, r"[A-Za-z0-9_-]+(\.fifo)?", "CreateTopic: Name")
Kind.QUEUE = Kind("queue", 80, r"[A-Za-z0-9_-]+(\.fifo)?", "CreateQueue: QueueName")
Kind.FUNCTION = Kind("function", 64, r"[a-zA-Z0-9_-]+", "CreateFunction: FunctionName")
Kind.WEB_ACL = Kind("web acl", 128, r"[\w-]+", "CreateWebACL: Name")
Kind.SCHEDULE = Kind("schedule", 64, r"[0-9a-zA-Z_.-]+", "CreateSchedule: Name")
Kind.DELIVERY_STREAM = Kind(
    "delivery stream", 64, r"[a-zA-Z0-9_.-]+", "CreateDeliveryStream: DeliveryStreamName"
)
Kind.EVENT_RULE = Kind("event rule", 64, r"[.\-_A-Za-z0-9]+", "PutRule: Name")


class IllegalNameError(pulumi.RunError, ValueError):
    """A name that AWS would refuse; says what was found, what is allowed and where that stands."""


@dataclass(frozen=True)
class Naming:
    """Makes the physical names of one system in one environment.

    >>> Naming("clubapp", "dev").of(Kind.QUEUE, "jobs")
    'clubapp-dev-jobs'
    """

    system: str
    environment: str
    given: Mapping[tuple[Kind, tuple[str, ...]], str] = field(
        default_factory=dict[tuple[Kind, tuple[str, ...]], str], hash=False
    )
    """Whole names of things that were made under other ones (`physicalName`)."""

    def of(self, kind: Kind, *things: str) -> str:
        """The name `{system}-{environment}-{things...}`, within the kind's limit.

        Raises:
            IllegalNameError: the name has characters that the service refuses.
        """
        if self.is_given(kind, *things):
            return self.exact(kind, self.given[kind, things])
        parts = [part for part in (self.system, self.environment, *things) if part]
        separator = kind.separator
        return fit(kind, separator.join(part.replace("-", separator) for part in parts))

    def is_given(self, kind: Kind, *things: str) -> bool:
        """Whether a person gave the whole name of a thing."""
        return (kind, things) in self.given

    def exact(self, kind: Kind, name: str) -> str:
        """A name given whole by a person: checked, never cut.

        Raises:
            IllegalNameError: it is too long or has characters that the service refuses.
        """
        if len(name) > kind.limit or not re.fullmatch(kind.pattern, name):
            raise _illegal(kind, name)
        return name

    def chosen(self, kind: Kind, given: str | None, *things: str) -> str:
        """The name a person gave whole, or else the one that follows from `things`.

        Raises:
            IllegalNameError: see `exact` and `of`.
        """
        return self.of(kind, *things) if given is None else self.exact(kind, given)


def fit(kind: Kind, name: str) -> str:
    """Cut `name` to the kind's limit; a cut name ends in a hash of the whole one.

    The hash is of the uncut name, so two long names with one beginning stay apart, and the same
    name is always cut alike.
    """
    if kind.lower:
        name = name.lower()
    if len(name) > kind.limit:
        digest = hashlib.sha256(name.encode()).hexdigest()[:HASH_LENGTH]
        beginning = name[: kind.limit - HASH_LENGTH - 1].rstrip("-._/")
        name = f"{beginning}{kind.separator}{digest}"
    if not re.fullmatch(kind.pattern, name):
        raise _illegal(kind, name)
    return name


def _illegal(kind: Kind, name: str) -> IllegalNameError:
    return IllegalNameError(
        f"{name!r} can't be the name of a {kind.thing}: at most {kind.limit} characters of the "
        f"form {kind.pattern} ({kind.source}); found {len(name)}"
    )
