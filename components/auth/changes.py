"""What an edit does to user pools."""

from __future__ import annotations

from components.parts.changes import Inputs, blocks


def user_attributes(before: Inputs, after: Inputs) -> str:
    """ "User pool attributes" (Amazon Cognito Developer Guide, 2026-11)."""
    old, new = ({str(block.get("name")): block for block in blocks(side, "schemas")}
                for side in (before, after))  # fmt: skip
    changed = [f"{name} is gone" for name in sorted(old.keys() - new.keys())]
    changed += [
        f"{name} is another" for name in sorted(old.keys() & new.keys()) if old[name] != new[name]
    ]
    if not changed:
        return ""
    return (
        f"Cognito only adds attributes, and {', '.join(changed)} (take it back, and add another "
        "attribute beside it)"
    )
