"""What AWS allows in the names that this package gives (each service's API reference, 2026-11)."""

from __future__ import annotations

from components.naming import Kind

# AWS advises against ending in a hyphen and six characters, as `jwt-secret` does, because it
# confuses searches by partial ARN; it takes such names, and here ARNs are always whole.
SECRET_NAME = Kind("secret", 512, r"[A-Za-z0-9/_+=.@-]+", "CreateSecret: Name")
