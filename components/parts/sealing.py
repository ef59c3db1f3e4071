"""A resource policy is made once: with the component, or when others have asked for trust."""

from __future__ import annotations

import pulumi


class SealedError(pulumi.RunError, ValueError):
    """Trust, or a second policy, is asked of a component whose policy is made."""

    def __init__(self, component: str) -> None:
        """Say what to do instead."""
        super().__init__(
            f"the policy of {component} is made already; allowed: `seal_later=True` when it is "
            "made, then `trust`, then `seal` once"
        )


class Seal:
    """Whether the policy of one component is made."""

    def __init__(self, component: str) -> None:
        """Not made yet; `component` is what errors call it, as in `bucket receipts`."""
        self._component = component
        self._made = False

    def must_be_open(self) -> None:
        """Refuse what comes too late.

        Raises:
            SealedError: the policy is made.
        """
        if self._made:
            raise SealedError(self._component)

    def close(self) -> None:
        """Make the policy, now or never again.

        Raises:
            SealedError: it is made.
        """
        self.must_be_open()
        self._made = True
