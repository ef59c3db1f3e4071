"""What an edit does to caches."""

from __future__ import annotations

import re

from components.parts.changes import ANOTHER, Inputs, when


def token(before: Inputs, after: Inputs) -> str:
    """`authTokenUpdateStrategy` of "ModifyReplicationGroup", 2026-11."""
    off = after.get("authTokenUpdateStrategy") == "DELETE"
    if not before.get("authToken") or not after.get("userGroupIds") or off:
        return ""
    return "ElastiCache takes no user group while a token is on (take the token off first)"


def cluster_mode(before: Inputs, after: Inputs) -> str:
    """ "Modifying cluster mode" (ElastiCache User Guide, 2026-11)."""
    was, is_ = (inputs.get("clusterMode") == "enabled" for inputs in (before, after))
    if was == is_:
        return ""
    word = "on" if is_ else "off"
    return f"ElastiCache does not switch cluster mode {word} in one step ({ANOTHER})"


def older(before: Inputs, after: Inputs) -> bool:
    """A version that goes down; one that goes up is an upgrade in place."""
    old, new = (str(inputs.get("engineVersion") or "") for inputs in (before, after))
    if not old or not new:
        return False
    left, right = ([int(n) for n in re.findall(r"\d+", version)] for version in (new, old))
    shared = min(len(left), len(right))
    return left[:shared] < right[:shared]


def to_redis(before: Inputs, after: Inputs) -> bool:
    """Redis becomes Valkey in place, and never the other way."""
    return (before.get("engine"), after.get("engine")) != ("redis", "valkey")


def primary_moves(old: Inputs, new: Inputs) -> str:
    """ "Online vertical scaling by modifying node type" and "Version management" (ElastiCache User
    Guide, 2026-11)."""
    changed = {
        key for key in ("engine", "engineVersion", "nodeType") if old.get(key) != new.get(key)
    }
    if not changed:
        return ""
    moment = when(new, "maintenanceWindow")
    if new.get("automaticFailoverEnabled") or changed == {"nodeType"}:
        return (
            f"downtime: its primary moves to another node {moment}; connections break, and writes "
            "fail for some seconds"
        )
    return f"downtime: its only node is away while the version is installed, {moment}"


def signs_in_otherwise(old: Inputs, new: Inputs) -> str:
    """ "Authenticating with the AUTH command" and "Role-Based Access Control (RBAC)" (Amazon
    ElastiCache User Guide, from memory, 2026-11): a cache knows users or a token, and what it is
    changed to holds for every new connection."""
    users, others = bool(old.get("userGroupIds")), bool(new.get("userGroupIds"))
    if users == others:
        return ""
    if others:
        return (
            "at once: whoever signs in by the token, or by nothing, is refused until it runs with "
            "a user's password"
        )
    return (
        "at once: users are gone, so whoever signs in as one is refused until it runs without; and "
        "nobody is asked for a password until the token is set"
    )
