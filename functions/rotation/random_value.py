"""A random text that only its readers know: a signing key, an API key of one's own."""

from . import passwords
from .configuration import RandomSpec
from .errors import RotationError


class RandomValue:
    """The value of one secret; there is no server to tell."""

    def __init__(self, spec: RandomSpec) -> None:
        self._spec = spec

    def propose(self, current: str | None) -> str:  # noqa: ARG002  a new value owes nothing to the old
        return passwords.random_text(self._spec.length, self._spec.characters)

    def fits(self, value: str) -> bool:  # noqa: ARG002  another length is for the next rotation
        """Always: readers of a key keep it until it is rotated."""
        return True

    def apply(self, pending: str, live: str | None, former: str | None) -> None:
        """Nothing to do: the secret is the only place the value lives."""

    def verify(self, value: str) -> None:
        if len(value) != self._spec.length or set(value) - set(self._spec.characters):
            raise RotationError(
                f"The value is not {self._spec.length} of the configured characters. "
                "Rotate again to make one that is"
            )
