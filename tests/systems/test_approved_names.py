"""Pulumi names are a promise: a changed URN deletes a resource and makes another.

`tests/systems/approved/` lists the URNs of every stack. After a change that is meant, write them
anew with `make approve` and read the difference: a name that went needs an alias, or a reason.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.conftest import STACKS, recorded
from trellis.planner.record import Recording

APPROVED = Path(__file__).parent / "approved"


def approved_file(project: str, stack: str) -> Path:
    return APPROVED / f"{Path(project).name or 'clubapp'}-{stack}.txt"


def names(recording: Recording) -> list[str]:
    """Type chain and name of each resource, sorted; the stack and project go without saying."""
    return sorted(resource.urn.split("::", 2)[2] for resource in recording)


def test_every_name_is_an_approved_one(
    recording_of: Callable[..., Recording], any_stack: tuple[str, str]
):
    approved = approved_file(*any_stack).read_text().splitlines()
    assert names(recording_of(*any_stack)) == approved


def approve() -> None:
    """Write the lists anew."""
    APPROVED.mkdir(exist_ok=True)
    for project, stack in STACKS:
        text = "\n".join(names(recorded(project, stack)))
        approved_file(project, stack).write_text(text + "\n")


if __name__ == "__main__":
    approve()
