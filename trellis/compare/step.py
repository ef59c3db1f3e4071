"""One run of a program, and what happens to one resource between two runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from trellis.planner.recording import Recorded, Recording

Operation = Literal["same", "create", "import", "update", "replace", "delete"]


@dataclass(frozen=True)
class Side:
    """One run of a program: what was before, or what is to be."""

    recording: Recording
    folder: Path
    """What relative paths of files start from."""
    deployed: bool = False
    """Whether it is an exported state, whose identifiers are AWS's own."""
    there: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    """What can't change in place of what is taken over, as it was looked up, by type and id."""


@dataclass(frozen=True)
class Step:
    """What happens to one resource."""

    operation: Operation
    urn: str
    type: str
    name: str
    changed: tuple[str, ...] = ()
    """Properties that differ, dotted, without positions."""
    because: tuple[str, ...] = ()
    """Those that make AWS's provider replace it."""
    delete_first: bool = False
    """Whether the old one goes before the new one is made."""
    protected: bool = False
    """Whether the engine refuses to take the old one away."""
    retained: bool = False
    """Whether the old one stays on AWS, without anyone to look after it."""
    taken: str = ""
    """What it asks for while another one still has it; empty for nothing."""
    taken_along: str = ""
    """Whose deletion takes the new one along; empty for nobody's."""
    unready: str = ""
    """The new target groups that all its traffic goes to from now on; empty for none."""
    outlived: str = ""
    """The rule that answers first what it is for, and goes after its own tasks; empty for none."""
    refused: str = ""
    """Why AWS refuses the change or the deletion; empty where it does not."""
    unseen: bool = False
    """Whether what AWS has of an imported thing was not looked up."""
    old: Recorded | None = None
    new: Recorded | None = None

    @property
    def goes(self) -> bool:
        """Whether the deployed resource is taken away."""
        return self.operation in ("replace", "delete")
