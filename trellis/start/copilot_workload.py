"""A service or job of Copilot, and the entry that it becomes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trellis.stackfile.nodes import Node
from trellis.start.draft import Draft
from trellis.start.ledger import get


@dataclass(frozen=True)
class Workload:
    """One workload of a Copilot application, as a stack file is made of it."""

    draft: Draft
    key: str
    tier: str
    node: Node
    """Its manifest, an environment's overrides laid over it."""
    project: Path
    """The folder that Copilot's paths start from."""
    target: Path
    """The folder of the repository in the making."""

    def path(self, *keys: str) -> tuple[str, ...]:
        """A setting of it."""
        return (self.tier, self.key, *keys)

    def put(self, *keys: str, value: Any, node: Node | None = None) -> None:
        """Say one of its settings."""
        self.draft.put(self.path(*keys), value, node)

    def at(self, *keys: str) -> Node | None:
        """A node of its manifest."""
        return get(self.node, *keys)

    def relative(self, folder: str) -> str:
        """A folder of Copilot's as the new repository reaches it."""
        return Path(os.path.relpath(self.project / folder, self.target)).as_posix()
