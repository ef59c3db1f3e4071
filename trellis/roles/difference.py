"""Roles as text: what they allow, who asks for it, and what a committed file has otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from trellis.roles.roles import Roles
from trellis.roles.statements import MANAGED_LIMIT, length, policies
from trellis.roles.table import actions_of, dated, sources


def text(found: Roles) -> list[str]:
    """What each role may do, in short."""
    lines = [
        f"{found.project} {found.stack}: account {found.place.account}, {found.place.region}; "
        f"table of {dated()}",
        "preview: no role; a plan asks AWS nothing",
    ]
    for kind, statements in found.statements.items():
        written = policies(statements)
        actions = {
            action for statement in statements for action in statement.actions if statement.allows
        }
        lines.append(
            f"{kind}: {len(actions)} actions in {len(statements)} statements, {len(written)} "
            f"managed policies of {MANAGED_LIMIT} characters at most"
        )
        for statement in statements:
            effect = "" if statement.allows else "never "
            shown = ", ".join(statement.resources[:3]) + (
                f" and {len(statement.resources) - 3} more" if len(statement.resources) > 3 else ""
            )
            lines.append(f"  {statement.sid}: {effect}{len(statement.actions)} on {shown}")
    lines.append(
        f"{found.boundary_name}: bounds the stack's own roles, {length(found.boundary)} characters"
    )
    return lines


def explained(found: Roles, wanted: str) -> list[str]:
    """Which resources ask for each action, and what says that their type takes it.

    Args:
        wanted: an action, a service's prefix, or nothing for all.
    """
    lines: list[str] = []
    for action, urns in found.askers.items():
        if wanted and wanted.lower() not in (action.lower(), action.partition(":")[0]):
            continue
        lines.append(action)
        by_type: dict[str, list[str]] = {}
        for urn in urns:
            _, _, rest = urn.rpartition("$")
            type_, _, name = rest.rpartition("::")
            by_type.setdefault(type_.rpartition("::")[2], []).append(name)
        for type_, names in by_type.items():
            shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
            lines.append(f"  {type_}: {shown} ({actions_of(type_)[action]})")
    if lines:
        lines.append("Sources: " + "; ".join(sources().values()))
    return lines


def difference(
    committed: Mapping[str, Any] | None, now: Mapping[str, Any], file: Path
) -> list[str]:
    """What the plan needs and the committed file lacks, and the reverse."""
    if committed is None:
        return [f"{file} is not there: `trellis roles {now['stack']} --write` writes it"]
    if committed == now:
        return [f"{file} is what the plan needs"]
    lines = [f"{file} differs from what the plan needs (`--write` renews it):"]
    before, after = dict(allowed(committed)), dict(allowed(now))
    for kind in sorted({*before, *after}):
        then, wanted = before.get(kind, set()), after.get(kind, set())
        for sign, found in (("+", wanted - then), ("-", then - wanted)):
            lines += [
                f"  {sign} {kind}: {effect} {action} on {resource}{condition}"
                for effect, action, resource, condition in sorted(found)
            ]
    if len(lines) == 1:
        lines.append("  the same permissions, written in another way")
    return lines


def allowed(document: Mapping[str, Any]) -> Iterator[tuple[str, set[tuple[str, str, str, str]]]]:
    """All that each role of a file may do, one action and resource at a time."""
    kinds: dict[str, list[Mapping[str, Any]]] = {
        **document["roles"],
        "boundary": [document["boundary"]["document"]],
    }
    for kind, documents in kinds.items():
        yield (
            kind,
            {
                (statement["Effect"].lower(), action, resource, _condition(statement))
                for found in documents
                for statement in found["Statement"]
                for action in statement["Action"]
                for resource in statement["Resource"]
            },
        )


def _condition(statement: Mapping[str, Any]) -> str:
    found = [
        f"{key} {values if isinstance(values, str) else ', '.join(values)}"
        for condition in statement.get("Condition", {}).values()
        for key, values in condition.items()
    ]
    return f" ({'; '.join(found)})" if found else ""
