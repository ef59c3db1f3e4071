"""The one error this function raises on purpose: its text never holds a value."""


class RotationError(Exception):
    """A step could not be done. The text says what was found and what to do, never a value."""
