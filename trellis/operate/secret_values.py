"""Secrets of a stack: which have a value, when they were rotated, and putting in what people bring.

A value is read from a prompt or from standard input, never from an argument, and never shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from trellis.halfway import halfway
from trellis.operate.access import Access, is_absence
from trellis.operate.findings import Finding, Status
from trellis.operate.planned import Planned
from trellis.operate.system import NotThereError, System

SECRET = "aws:secretsmanager/secret:Secret"
ROTATION = "aws:secretsmanager/secretRotation:SecretRotation"

CHECK = "secrets"

OVERDUE = 2
"""Times its period after which a rotation has failed rather than being late."""


class NotForPeopleError(Exception):
    """A secret that AWS makes, or that nothing rotates; the text says which."""


@dataclass(frozen=True)
class PlannedSecret:
    """A secret by its key and physical name."""

    key: str
    name: str
    given: bool
    """Whether a person brings its value."""
    rotates: bool
    every_days: int | None
    """How often it is rotated; None where a schedule says so, or nothing rotates it."""
    place: str


def secrets_of(system: System) -> dict[str, PlannedSecret]:
    """The secrets of the stack file by their keys."""
    rotations = {
        rotation_.name: rotation_.inputs for rotation_ in system.recording.of_type(ROTATION)
    }
    found: dict[str, PlannedSecret] = {}
    for resource in system.recording.of_type(SECRET):
        settings = system.settings.secrets.get(resource.name)
        if settings is None:
            continue
        rotation = rotations.get(resource.name, {})
        rules: Mapping[str, Any] = rotation.get("rotationRules") or {}
        days = rules.get("automaticallyAfterDays")
        found[resource.name] = PlannedSecret(
            key=resource.name,
            name=str(resource.inputs["name"]),
            given=settings.kind == "given",
            rotates=resource.name in rotations,
            every_days=int(days) if days is not None else None,
            place=system.place(resource),
        )
    return found


def secret_findings(planned: Planned, now: dt.datetime) -> Iterator[Finding]:
    """Each secret with its last value and rotation; no value is read."""
    client = planned.access.client("secretsmanager")
    for secret in secrets_of(planned.system).values():
        try:
            described = client.describe_secret(SecretId=secret.name)
        except ClientError as error:
            if not is_absence(error):
                raise
            yield Finding(
                CHECK,
                Status.WRONG,
                f"{secret.name} is not there",
                "`pulumi up` makes it",
                secret.place,
            )
            continue
        yield _finding(secret, described, now)


def _finding(secret: PlannedSecret, described: dict[str, Any], now: dt.datetime) -> Finding:
    stages: Mapping[str, list[str]] = described.get("VersionIdsToStages") or {}
    if not any("AWSCURRENT" in stage for stage in stages.values()):
        remedy = (
            f"`trellis secrets set STACK {secret.key}`"
            if secret.given
            else f"`trellis secrets rotate STACK {secret.key}`, and its function's log"
        )
        return Finding(CHECK, Status.WRONG, f"{secret.name} has no value", remedy, secret.place)
    changed = described.get("LastChangedDate")
    rotated = described.get("LastRotatedDate")
    if not secret.rotates:
        when = f", changed {changed:%Y-%m-%d}" if changed else ""
        return Finding(CHECK, Status.OK, f"{secret.name} has a value{when}", "", secret.place)
    if not described.get("RotationEnabled"):
        return Finding(
            CHECK,
            Status.WRONG,
            f"{secret.name} is not rotated, and the plan rotates it",
            "`pulumi up`; somebody may have switched it off by hand",
            secret.place,
        )
    last = rotated or changed
    days = secret.every_days
    if last is not None and days is not None and now - last > dt.timedelta(days=OVERDUE * days):
        return Finding(
            CHECK,
            Status.WRONG,
            f"{secret.name} was last rotated {last:%Y-%m-%d}, and is every {days} days",
            f"`trellis secrets rotate STACK {secret.key}`; the rotation function's log says why",
            secret.place,
        )
    when = f", rotated {rotated:%Y-%m-%d}" if rotated else ", not rotated yet"
    return Finding(CHECK, Status.OK, f"{secret.name} has a value{when}", "", secret.place)


def chosen(system: System, key: str) -> PlannedSecret:
    """The secret of a key.

    Raises:
        NotThereError: there is none.
    """
    secrets = secrets_of(system)
    if key not in secrets:
        there = ", ".join(sorted(secrets)) or "none"
        raise NotThereError(f"no secret {key} in {system.recording.stack}; there is {there}")
    return secrets[key]


def refuse_made_by_aws(secret: PlannedSecret) -> None:
    """Ask whether a person may give this secret a value.

    Raises:
        NotForPeopleError: AWS makes its values.
    """
    if not secret.given:
        raise NotForPeopleError(
            f"{secret.key} is made and rotated inside AWS: `trellis secrets rotate` makes a new "
            "value"
        )


def put(secret: PlannedSecret, value: str, access: Access) -> None:
    """Give a secret a value, as a new version; the former one stays as AWSPREVIOUS."""
    refuse_made_by_aws(secret)
    with halfway(f"{secret.name} may have the value: set it again, which does no harm"):
        access.client("secretsmanager").put_secret_value(SecretId=secret.name, SecretString=value)


def rotate(secret: PlannedSecret, access: Access) -> None:
    """Have AWS make a new value now.

    Raises:
        NotForPeopleError: nothing rotates it.
    """
    if not secret.rotates:
        raise NotForPeopleError(
            f"{secret.key} is rotated by nothing: `trellis secrets set` gives it a new value"
            if secret.given
            else f"{secret.key} is rotated by nothing (`rotation` in the stack file)"
        )
    with halfway(f"{secret.name} may be rotating: `trellis secrets status STACK` says when it was"):
        access.client("secretsmanager").rotate_secret(SecretId=secret.name)
