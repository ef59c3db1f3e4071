"""Texts that a program keeps as secrets, told apart from those that it writes in plain sight."""


class KeptText(str):
    """A text that was marked secret: encrypted in the state, and shown to nobody by the engine."""

    __slots__ = ()
