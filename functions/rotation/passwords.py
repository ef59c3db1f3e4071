"""Random text from the operating system's generator.

Passwords are letters, digits and hyphens: what PostgreSQL, MySQL, ElastiCache users (no `,` `"`
`/` `@` `%`) and AUTH tokens (`!&#$^<>-` besides letters and digits) all take. The hyphen is the
special character that MySQL's validate_password asks for, and none of them needs escaping in a URL,
a shell or JSON. Source: "Authenticating with the Valkey and Redis OSS AUTH command" and API
ModifyReplicationGroup, 2026-11.
"""

import secrets
import string

LETTERS_AND_DIGITS = string.ascii_letters + string.digits
PASSWORD_LENGTH = 48  # characters; ElastiCache takes 16 to 128, MySQL clients up to 79
PASSWORD_CLASSES = (string.ascii_lowercase, string.ascii_uppercase, string.digits, "-")


def random_text(length: int, characters: str) -> str:
    """`length` characters, each drawn uniformly from `characters`."""
    return "".join(secrets.choice(characters) for _ in range(length))


def password() -> str:
    """A password that begins with a letter and has every class of character in it."""
    while True:
        candidate = random_text(PASSWORD_LENGTH, "".join(PASSWORD_CLASSES))
        if candidate[0].isalpha() and all(set(candidate) & set(kind) for kind in PASSWORD_CLASSES):
            return candidate
