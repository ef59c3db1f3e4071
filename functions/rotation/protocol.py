"""The four steps Secrets Manager asks for, and the first value, for any kind of secret.

Why a crash anywhere is harmless: a value is stored (createSecret) before the server learns it
(setSecret), is proved on the server (testSecret) before anybody is told of it (finishSecret), and
every step is written so that doing it again ends in the same place. What was live stays live on
the server until the rotation after next takes its place.

Source: "Lambda rotation functions" and API RotateSecret, AWS Secrets Manager, 2026-11.
"""

import logging
import uuid
from typing import Protocol

from .errors import RotationError
from .versions import Labels, SecretVersions

STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
FIRST_VERSIONS = uuid.UUID("5b3f5a0e-6f0f-5d57-9a53-0d4a1c9b8f21")  # namespace of first_version()

log = logging.getLogger(__name__)


class Kind(Protocol):
    """What differs between kinds of secret. Every method may be called again after a crash."""

    def propose(self, current: str | None) -> str:
        """A new value; `current` is the live one, None before there is any."""
        ...

    def fits(self, value: str) -> bool:
        """Whether the live `value` is of what is configured now and its server takes it."""
        ...

    def apply(self, pending: str, live: str | None, former: str | None) -> None:
        """Make the server accept `pending` and go on accepting `live`.

        `former` is the value before `live`, which need not work any longer.
        """
        ...

    def verify(self, value: str) -> None:
        """Raise RotationError unless the server accepts `value` now."""
        ...


def first_version(secret: str) -> str:
    """The version id of a secret's first value.

    It follows from the ARN, so that two invocations at once (an SDK repeats a synchronous call
    that timed out) propose the same version, of which Secrets Manager keeps one value.
    """
    return str(uuid.uuid5(FIRST_VERSIONS, secret))


def version_after(secret: str, current: str) -> str:
    """The version id of the value that follows `current` where that no longer fits."""
    return str(uuid.uuid5(FIRST_VERSIONS, f"{secret} after {current}"))


def initialize(versions: SecretVersions, kind: Kind) -> str:
    """Make a value unless there is one that fits, and return the current version's id.

    A value stops fitting when the server, the database or the user is another one, and when the
    server refuses it, as one that was restored from an older snapshot does.
    """
    labels = versions.labels()
    # Secrets Manager labels a secret's very first version current as well as pending, so a version
    # with both labels may be one whose server side was never finished.
    if labels.current and labels.current != labels.pending:
        live = versions.value(labels.current)
        if live is None or kind.fits(live):
            log.info("%s has version %s; nothing to do", versions.secret, labels.current)
            return labels.current
        version = version_after(versions.secret, labels.current)
        if labels.pending and labels.pending != version:
            # Of a rotation that began for what the secret was made for before.
            versions.drop_pending(labels.pending)
    else:
        version = labels.pending or first_version(versions.secret)
    labels = versions.labels()
    _create(versions, kind, version, labels)
    _set(versions, kind, version, versions.labels())
    _test(versions, kind, version, labels)
    _finish(versions, version, versions.labels())
    return version


def rotate(versions: SecretVersions, kind: Kind, step: str, version: str) -> None:
    """Do one step of a rotation. Raises RotationError when it must not be done."""
    if step not in STEPS:
        raise RotationError(f"Step is {step!r}; allowed is one of {', '.join(STEPS)}")
    labels = versions.labels()
    if not labels.rotation_enabled:
        raise RotationError(f"Rotation of {versions.secret} is not enabled; enable it first")
    if version not in labels.versions:
        raise RotationError(f"{versions.secret} has no version {version} to rotate to")
    if version not in (labels.current, labels.pending):
        raise RotationError(f"Version {version} of {versions.secret} is not labelled AWSPENDING")
    if step == "finishSecret":
        _finish(versions, version, labels)
    elif version == labels.current:
        log.info("%s: version %s is current already", versions.secret, version)
    elif step == "createSecret":
        _create(versions, kind, version, labels)
    elif step == "setSecret":
        _set(versions, kind, version, labels)
    else:
        _test(versions, kind, version, labels)


def _live(labels: Labels, version: str) -> str | None:
    """The version that must go on working beside `version`."""
    return labels.current if labels.current != version else labels.previous


def _create(versions: SecretVersions, kind: Kind, version: str, labels: Labels) -> None:
    if versions.value(version) is None:
        live = _live(labels, version)
        versions.stage(version, kind.propose(versions.value(live) if live else None))
    log.info("createSecret: %s has a value for version %s", versions.secret, version)


def _set(versions: SecretVersions, kind: Kind, version: str, labels: Labels) -> None:
    pending = versions.value(version)
    if pending is None:
        raise RotationError(f"Version {version} of {versions.secret} has no value: create it first")
    live = _live(labels, version)
    former = labels.previous if labels.previous not in (version, live) else None
    kind.apply(
        pending,
        versions.value(live) if live else None,
        versions.value(former) if former else None,
    )
    log.info("setSecret: the server takes version %s of %s", version, versions.secret)


def _test(versions: SecretVersions, kind: Kind, version: str, labels: Labels) -> None:
    value = versions.value(version)
    if value is None and labels.current:
        # Enabling rotation without an immediate one runs this step alone, over a version that
        # holds a copy of the current value or none: then it is the current value that is tested.
        value = versions.value(labels.current)
    if value is None:
        raise RotationError(f"{versions.secret} has no value to test: invoke initialize first")
    kind.verify(value)
    log.info("testSecret: version %s of %s works", version, versions.secret)


def _finish(versions: SecretVersions, version: str, labels: Labels) -> None:
    if version != labels.current:
        if versions.value(version) is None:
            raise RotationError(f"Version {version} of {versions.secret} has no value to finish")
        versions.make_current(version, instead_of=labels.current)
    # Left on a version, the label would make a later RotateSecret believe in a rotation under way.
    if version == labels.pending:
        versions.drop_pending(version)
    log.info("finishSecret: version %s of %s is current", version, versions.secret)
