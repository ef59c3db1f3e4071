"""What an edit does to who may read the files of a file system, and where they are looked for."""

from __future__ import annotations

from typing import Any

from components.parts.changes import Inputs, is_mapping


def left_behind(old: Inputs, new: Inputs | None) -> str:
    """What another access point does not find, or may not open ("Enforcing a user identity using an
    access point", Amazon EFS User Guide, from memory, 2026-11)."""
    if new is None:
        return ""
    before, after = (_below(side, "rootDirectory").get("path") for side in (old, new))
    if before != after:
        return f"files stay in {before}, and {after} begins empty (move them by a task with both)"
    owner, user = _user(old), _user(new)
    if owner != user:
        return (
            f"files that are there still belong to {owner}, and {user} opens only what others may: "
            "first give them away by a task with a point of `uid: 0` and the same folder"
        )
    made, asked = (_below(_below(side, "rootDirectory"), "creationInfo") for side in (old, new))
    if before is not None and made.get("permissions") != asked.get("permissions"):
        return (
            f"{before} keeps its permissions if it is there already: EFS sets them when it makes "
            "the folder, so whoever mounts it starts anew for nothing (take the edit back, and "
            "change them by `chmod` in a task)"
        )
    return ""


def _below(inputs: Inputs, name: str) -> dict[str, Any]:
    found = inputs.get(name)
    return dict(found) if is_mapping(found) else {}


def _user(inputs: Inputs) -> str:
    user = _below(inputs, "posixUser")
    return f"{user.get('uid')}:{user.get('gid')}"
