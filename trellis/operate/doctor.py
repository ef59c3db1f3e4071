"""`trellis doctor`: what would stop a deployment of this plan in this account, before it starts."""

from __future__ import annotations

from collections.abc import Sequence

from trellis.operate import (
    doctor_account,
    doctor_data,
    doctor_limits,
    doctor_names,
    doctor_permissions,
    doctor_repository,
    doctor_tools,
)
from trellis.operate.access import Access
from trellis.operate.findings import Check, Finding, found
from trellis.operate.planned import Planned
from trellis.operate.system import System

TOOLS: Sequence[Check[System]] = (*doctor_tools.CHECKS, *doctor_repository.CHECKS)
"""What needs no account."""

CHECKS: Sequence[Check[Planned]] = (
    *doctor_account.CHECKS,
    *doctor_limits.CHECKS,
    *doctor_names.CHECKS,
    *doctor_data.CHECKS,
)
"""In the order in which a deployment would meet them."""


def examine(system: System, access: Access, principal: str | None = None) -> list[Finding]:
    """Everything that can be looked at with these credentials.

    Args:
        principal: ARN of who deploys; the caller, where it is left out.
    """
    allowed = Check[Planned](
        doctor_permissions.CHECK, lambda planned: doctor_permissions.permissions(planned, principal)
    )
    return found((*CHECKS, allowed), Planned(system, access))
