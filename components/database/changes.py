"""What an edit does to databases."""

from __future__ import annotations

import re
from typing import Final

from components.parts.changes import ANOTHER, Inputs, blocks, is_mapping, when

WINDOWS: Final = ("maintenanceWindow", "preferredMaintenanceWindow")
"""What an instance and a cluster call theirs."""
GROWTH: Final = 1.1
"""The least that RDS lets storage grow by, as a factor ("ModifyDBInstance", 2026-11)."""


def engine_version(before: Inputs, after: Inputs) -> str:
    """ "Upgrading a DB instance engine version" (RDS User Guide, 2026-11)."""
    old, new = ([int(n) for n in re.findall(r"\d+", str(inputs.get("engineVersion") or ""))[:2]]
                for inputs in (before, after))  # fmt: skip
    shared = min(len(old), len(new))
    if not shared or before.get("engine") != after.get("engine"):
        return ""
    if new[:shared] < old[:shared]:
        return "RDS goes back to no earlier version (restore a snapshot that was taken before)"
    parts = 1 if "postgres" in str(after.get("engine")) else 2
    if old[:parts] < new[:parts] and not after.get("allowMajorVersionUpgrade"):
        return "it is another major version, which RDS wants acknowledged (`majorUpgrades: true`)"
    return ""


def storage(before: Inputs, after: Inputs) -> str:
    """ "ModifyDBInstance", `AllocatedStorage`, 2026-11."""
    old, new = (inputs.get("allocatedStorage") or 0 for inputs in (before, after))
    if not old or not new or old == new:
        return ""
    if new < old:
        return f"RDS takes no storage away ({ANOTHER})"
    if new < old * GROWTH:
        return f"RDS adds at least a tenth ({old} GiB become {int(-(-old * 11 // 10))} or more)"
    return ""


def port(old: Inputs, new: Inputs) -> str:
    """ "Settings for DB instances" (RDS User Guide, 2026-11)."""
    if old.get("port") == new.get("port"):
        return ""
    return (
        "downtime: the database restarts at once, whatever `applyImmediately` says, and what still "
        "runs with the former port is cut off until it has the other one"
    )


def renamed(old: Inputs, new: Inputs) -> str:
    """ "Settings for DB instances" (RDS User Guide, from memory, 2026-11)."""
    if old.get("identifier") == new.get("identifier"):
        return ""
    later = (
        ""
        if new.get("applyImmediately") is True
        else "; who uses it is told of the other endpoint by `pulumi refresh` and an update after "
        "that (`applyImmediately: true` does it in one)"
    )
    return f"downtime: the database restarts under its other name {when(new, *WINDOWS)}{later}"


def restart(old: Inputs, new: Inputs) -> str:
    """ "Settings for DB instances" and "Overview of Amazon RDS Blue/Green Deployments" (RDS User
    Guide, 2026-11)."""
    if all(old.get(key) == new.get(key) for key in ("instanceClass", "engineVersion")):
        return ""
    copy = new.get("blueGreenUpdate")
    if is_mapping(copy) and copy.get("enabled"):
        return (
            "downtime: RDS changes a copy and switches over to it during this update; connections "
            "break, and nothing is written for about a minute"
        )
    # Another version is installed on both at once, so its standby doesn't help.
    spared = new.get("multiAz") is True and old.get("engineVersion") == new.get("engineVersion")
    what = "fails over to its standby, which takes a minute or two," if spared else "restarts"
    return f"downtime: the database {what} {when(new, *WINDOWS)}"


def member_restart(old: Inputs, new: Inputs) -> str:
    """ "Modifying an Amazon Aurora DB cluster" (Aurora User Guide, 2026-11)."""
    if old.get("instanceClass") == new.get("instanceClass"):
        return ""
    return f"downtime: this member of the cluster restarts {when(new, *WINDOWS)}"


def at_a_restart(old: Inputs, new: Inputs) -> str:
    """ "Parameter groups" (RDS User Guide, 2026-11): a static parameter waits for a restart."""
    before, after = (
        {str(parameter.get("name")): parameter for parameter in blocks(inputs, "parameters")}
        for inputs in (old, new)
    )
    waiting = sorted(
        name
        for name in before.keys() | after.keys()
        if before.get(name) != after.get(name)
        and (after.get(name) or before[name]).get("applyMethod") == "pending-reboot"
    )
    if not waiting:
        return ""
    return (
        f"waits: {', '.join(waiting)} changes when the database restarts, which nobody does of "
        "itself (`aws rds reboot-db-instance`)"
    )


def not_aurora(_: Inputs, after: Inputs) -> bool:
    """Aurora changes between its two kinds of storage in place; other clusters don't."""
    return not str(after.get("engine")).startswith("aurora")


def grown_by_itself(before: Inputs, after: Inputs) -> Inputs:
    """Storage that has grown by itself is left so (`DiffSuppressFunc` of `allocated_storage`)."""
    old, new, most = (
        before.get("allocatedStorage") or 0,
        after.get("allocatedStorage") or 0,
        after.get("maxAllocatedStorage") or 0,
    )
    return {**after, "allocatedStorage": old} if old > new and most > new else after
