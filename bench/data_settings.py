"""2,000 random settings of the data tier, 100 of them recorded whole."""

from __future__ import annotations

import sys

from testing.data_settings import campaign

SEED = 20261121
VALIDATED = 2_000
RECORDED = 100


def main() -> int:
    """Print how many were validated and recorded; 0, or an exception."""
    resources, kinds = campaign(SEED, VALIDATED, RECORDED)
    print(f"   {VALIDATED} validated, {RECORDED} recorded: {resources} resources of {kinds} kinds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
