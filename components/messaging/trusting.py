"""What a queue and a topic have in common: a name known beforehand, and others' trust."""

from __future__ import annotations

from components.contracts import Trust
from components.parts.sealing import Seal


class Trusting:
    """A part of both: whoever asks for trust before the policy is made stands in it."""

    _physical_name: str
    _trusts: list[Trust]
    _seal: Seal

    @property
    def name(self) -> str:
        """AWS's name of it, known before it is made."""
        return self._physical_name

    def trust(self, trust: Trust) -> None:
        """Let somebody else send to it; before `seal`.

        Raises:
            SealedError: the policy is made.
        """
        self._seal.must_be_open()
        self._trusts.append(trust)
