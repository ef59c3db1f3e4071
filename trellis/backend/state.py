"""What is in a backend: the layout of its files, who holds a lock, and whether all stands still."""

from __future__ import annotations

import datetime as dt
import json
import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from trellis.backend.calls import BackendError, Clients, asked, content, found
from trellis.backend.parts import Backend
from trellis.halfway import halfway

ORGANIZATION = "organization"
"""What the engine calls the owner of every stack in a bucket ("DIY backends", Pulumi documentation,
2026-11)."""

STALE = dt.timedelta(hours=1)
"""How old a lock of another machine must be, for a person's word that its run has ended."""


@dataclass(frozen=True)
class Lock:
    """One run's hold on a stack (`lockContent` in pulumi 3.272, backend/diy/lock.go)."""

    key: str
    who: str
    host: str
    process: int
    since: dt.datetime


@dataclass(frozen=True)
class Freeze:
    """A stack that nobody deploys for now."""

    who: str
    since: str
    reason: str


def layout(clients: Clients, backend: Backend) -> str | None:
    """What is wrong with how the files are laid out; None where nothing is.

    From 3.257 (2026-08) on the engine refuses stacks that stand outside their project's folder.
    """
    old = [
        key
        for key in _keys(clients, backend, ".pulumi/stacks/")
        if key.count("/") == 2 and key.endswith((".json", ".json.gz", ".json.zst"))
    ]
    if old:
        return (
            f"{len(old)} stacks are laid out as before projects had folders ({old[0]}): "
            "`pulumi state upgrade`, with an engine before 3.257"
        )
    meta = found(clients.s3.get_object, Bucket=backend.bucket, Key=".pulumi/meta.yaml")
    stacks = next(_keys(clients, backend, ".pulumi/stacks/"), None)
    if meta is None and stacks is not None:
        return "there are stacks and no .pulumi/meta.yaml: `pulumi state upgrade` writes it"
    return None


def locks(clients: Clients, backend: Backend, project: str, stack: str) -> list[Lock]:
    """Who holds a stack now."""
    prefix = f".pulumi/locks/{ORGANIZATION}/{project}/{stack}/"
    found_locks: list[Lock] = []
    for key in _keys(clients, backend, prefix):
        answer = found(clients.s3.get_object, Bucket=backend.bucket, Key=key)
        if answer is None:
            continue  # the run has ended meanwhile
        found_locks.append(_lock(key, content(answer, key)))
    return found_locks


def _lock(key: str, document: dict[str, Any]) -> Lock:
    try:
        since = dt.datetime.fromisoformat(str(document["timestamp"]))
        return Lock(
            key, str(document["username"]), str(document["hostname"]), int(document["pid"]), since
        )
    except (KeyError, TypeError, ValueError):
        raise BackendError(
            f"{key} is no lock as this engine writes them: look at it, and delete it by hand where "
            "its run has ended"
        ) from None


def unlock(
    clients: Clients,
    backend: Backend,
    held: list[Lock],
    ended: str | None,
    *,
    now: dt.datetime,
    alive: Callable[[int], bool],
) -> list[Lock]:
    """Take away the locks of runs that have ended, and say which those were.

    Args:
        ended: the machine of which a person says that its runs have ended.
        alive: whether a process of this machine runs.

    Raises:
        BackendError: a lock is, or may be, of a run that goes on; nothing was taken away.
    """
    here = socket.gethostname()
    going_on = [
        lock
        for lock in held
        if (alive(lock.process) if lock.host == here else not _is_reported_ended(lock, ended, now))
    ]
    if going_on:
        holder = going_on[0]
        raise BackendError(
            f"{holder.who} on {holder.host} (process {holder.process}) holds it since "
            f"{holder.since:%Y-%m-%d %H:%M}: "
            + (
                "it runs on this machine"
                if holder.host == here
                else "where its run has ended, and began more than an hour ago, say so: "
                f"--ended {holder.host}"
            )
        )
    with halfway("some locks may be gone: give the command again, which takes away the rest"):
        for lock in held:
            asked(clients.s3.delete_object, Bucket=backend.bucket, Key=lock.key)
    return held


def _is_reported_ended(lock: Lock, ended: str | None, now: dt.datetime) -> bool:
    return lock.host == ended and now - lock.since > STALE


def is_alive(process: int) -> bool:
    """Whether a process of this machine runs."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def frozen(clients: Clients, backend: Backend, project: str, stack: str) -> Freeze | None:
    """Who asked that a stack stands still; None where nobody did."""
    answer = found(clients.s3.get_object, Bucket=backend.bucket, Key=_freeze_key(project, stack))
    if answer is None:
        return None
    document = content(answer, _freeze_key(project, stack))
    return Freeze(*(str(document.get(part, "unknown")) for part in ("who", "since", "reason")))


def freeze(
    clients: Clients, backend: Backend, project: str, stack: str, reason: str, now: dt.datetime
) -> None:
    """Ask that nobody deploys a stack.

    Raises:
        BackendError: somebody did already; theirs stays.
    """
    already = frozen(clients, backend, project, stack)
    if already is not None:
        raise BackendError(f"{already.who} froze it at {already.since}: {already.reason}")
    document = {"who": clients.caller, "since": f"{now:%Y-%m-%dT%H:%M:%SZ}", "reason": reason}
    with halfway(f"it may be frozen: `trellis backend check {stack}` says whether it is"):
        asked(
            clients.s3.put_object,
            Bucket=backend.bucket,
            Key=_freeze_key(project, stack),
            Body=json.dumps(document).encode(),
        )


def thaw(clients: Clients, backend: Backend, project: str, stack: str) -> Freeze:
    """Let a stack be deployed again.

    Raises:
        BackendError: it was not frozen.
    """
    already = frozen(clients, backend, project, stack)
    if already is None:
        raise BackendError(f"{project} {stack} is not frozen")
    key = _freeze_key(project, stack)
    with halfway(f"it may be thawed: `trellis backend check {stack}` says whether it is"):
        asked(clients.s3.delete_object, Bucket=backend.bucket, Key=key)
    return already


def _freeze_key(project: str, stack: str) -> str:
    return f"trellis/freeze/{project}/{stack}.json"


def _keys(clients: Clients, backend: Backend, prefix: str) -> Iterator[str]:
    pages = clients.s3.get_paginator("list_objects_v2")
    for page in asked(lambda: list(pages.paginate(Bucket=backend.bucket, Prefix=prefix))):
        for entry in page.get("Contents", ()):
            yield str(entry["Key"])
