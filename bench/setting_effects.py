"""Does every setting do something? Each one of five real stacks is changed alone."""

from __future__ import annotations

import sys
from typing import Final

from testing.setting_effects import Stack, chosen, effects

STACKS: Final = (
    ("systems/mantissa-log", "prod"),
    (".", "prod"),
    ("systems/afric-analyzer", "prod"),
    ("systems/chat-backend", "prod"),
    ("systems/engify", "prod"),
)


def main() -> int:
    """Change every setting; 1 where one does nothing."""

    def report(pattern: str, effect: str) -> None:
        if effect.startswith("in vain"):
            print(f"{pattern}: {effect}", flush=True)

    found = effects(chosen(Stack(*names) for names in STACKS), report)
    counted = {
        kind: sum(effect.startswith(kind) for effect in found.values())
        for kind in ("changed", "refused", "in vain")
    }
    print(f"{len(found)} settings of {len(STACKS)} stacks: {counted}")
    return 1 if counted["in vain"] else 0


if __name__ == "__main__":
    sys.exit(main())
