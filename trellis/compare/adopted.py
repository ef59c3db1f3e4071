"""What happens to what is taken over (`adopt`): imported as it is, then changed in place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trellis.compare import conditions, replacing
from trellis.compare.step import Side, Step
from trellis.compare.values import differences, kept, plain
from trellis.planner.recording import Recorded
from trellis.stackfile.looking_up_adopted import QUESTIONS, label

NEVER_REPLACED = (
    "the engine replaces nothing that `adopt` names (take the edit back; or, where it is to be "
    "made anew, take `adopt` away in an update of its own first)"
)

NEVER_MOVED: Mapping[str, frozenset[str]] = {
    "aws:rds/instance:Instance": frozenset({"dbSubnetGroupName"}),
}
"""Properties that the provider changes in place and AWS refuses: an instance moves to no other
subnet group of its own VPC ("ModifyDBInstance", RDS API Reference, 2026-11)."""


def keeps_identity(old: Recorded, new: Recorded) -> bool:
    """Whether a resource goes on as the thing that it was imported as.

    The engine compares with what the state imported, or else with the state's own identifier.
    """
    return bool(new.import_id) and (old.import_id or old.id) == new.import_id


def begun(new: Recorded, after: Side) -> Step:
    """The step of what was not in the state: made, or imported where it exists."""
    if not new.import_id:
        return Step("create", new.urn, new.type, new.name, new=new)
    changes = _differing(new, after)
    because = tuple(
        path
        for path in replacing.forcing(new.type, changes.items())
        if conditions.holds(new.type, path, after.there[label(new.type, new.import_id)], new.inputs)
    )
    because += tuple(path for path in changes if path in NEVER_MOVED.get(new.type, ()))
    return Step(
        "import",
        new.urn,
        new.type,
        new.name,
        changed=tuple(changes),
        because=because,
        refused=_refusal(because),
        unseen=new.type in QUESTIONS and label(new.type, new.import_id) not in after.there,
        new=new,
    )


def _differing(new: Recorded, after: Side) -> dict[str, replacing.Kind]:
    """Of what was looked up, that which the entry says otherwise."""
    theirs: Any = after.there.get(label(new.type, new.import_id), {})
    ours = plain(new.inputs, after.folder)
    ours = kept(theirs, {key: ours[key] for key in theirs if key in ours}, new.ignore_changes)
    known = {key: theirs[key] for key in ours}
    found: dict[str, replacing.Kind] = {}
    found.update(differences(known, ours, replacing.rules(new.type).unordered))
    return found


def _refusal(because: tuple[str, ...]) -> str:
    if not because:
        return ""
    named = ", ".join(dict.fromkeys(path.split(".")[0] for path in because))
    return (
        f"what exists has another {named}, which AWS changes only by making it anew (say what it "
        f"has, or `adopt: {{id: ..., keeps: [{named}]}}`)"
    )
