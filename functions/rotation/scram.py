"""PostgreSQL's stored form of a password, made on this side.

Sent instead of the password, so that no statement log, error log or statistics view of the server
can ever show one. Source: RFC 5803, PostgreSQL documentation "pg_authid" and RFC 5802 section 3.
"""

import hashlib
import hmac
import secrets
from base64 import b64encode

ITERATIONS = 4096  # PostgreSQL's default, scram_iterations
SALT_BYTES = 16


def verifier(password: str) -> str:
    """`SCRAM-SHA-256$<iterations>:<salt>$<stored key>:<server key>` of an ASCII password."""
    salt = secrets.token_bytes(SALT_BYTES)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, ITERATIONS)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    stored_key = hashlib.sha256(client_key).digest()
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    salt64, stored64, server64 = (
        b64encode(part).decode() for part in (salt, stored_key, server_key)
    )
    return f"SCRAM-SHA-256${ITERATIONS}:{salt64}${stored64}:{server64}"
