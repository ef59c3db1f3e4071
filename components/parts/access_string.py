"""What an access string of a cache user may say: never whether it is on, nor its passwords."""

from __future__ import annotations

from components.parts.model import HiddenValueError

STATES = ("on", "off", "nopass", "reset", "resetpass", "sanitize-payload", "skip-sanitize-payload")
"""Words for the user's state ("ACL SETUSER", Redis, 2026-11)."""

PASSWORD_MARKS = "><#!"
"""What a password, or its hash, begins with (same page)."""


def check_access_words(access: str, example: str) -> None:
    """Refuse words for the user's state and passwords; case does not matter to the server.

    Raises:
        ValueError: says what is allowed; a password is not repeated.
    """
    words = access.split()
    if any(word[0] in PASSWORD_MARKS for word in words):
        raise HiddenValueError(
            f"keys, channels and commands only, as in {example!r}: passwords come from rotation, "
            "and none stands in a stack file"
        )
    for word in words:
        if word.lower() in STATES:
            raise ValueError(
                f"keys, channels and commands only, as in {example!r}; rotation switches the user "
                f"on and sets its passwords; found {word!r}"
            )
