"""The backup plan of a stack file: it covers every database and table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from components.backups.plan import Backups
from components.contracts import Arn, Domain
from trellis.tiers.stack_context import StackContext


def make_backups(stack: StackContext, stateful: Iterable[Mapping[str, Arn]]) -> Backups | None:
    """The plan; None where it is switched off or nothing holds state.

    Args:
        stateful: what each database and table says should be covered.
    """
    covered = {key: arn for arns in stateful for key, arn in arns.items()}
    settings = stack.settings.backups
    if not settings.enabled or not covered:
        return None
    copy = settings.copy_to
    return Backups(
        "backups",
        settings,
        naming=stack.naming,
        where=stack.where,
        covered=covered,
        key_arn=stack.key(Domain.DATA),
        copy_key_arn=stack.key(Domain.DATA, copy.region) if copy is not None else None,
        protect=stack.protect,
        opts=stack.child,
    )
