"""TLS with the server's certificate and name verified; there is no other way to connect here."""

import ssl
from functools import cache
from pathlib import Path

# RDS certificates come from Amazon's private RDS authorities, which no system store need hold
# ("Using SSL/TLS to encrypt a connection to a DB instance or cluster", 2026-11); the package holds
# them under this name. ElastiCache's certificates are public and need none.
RDS_BUNDLE = Path(__file__).parent / "rds-ca.pem"


@cache
def verified(ca_bundle: str | None) -> ssl.SSLContext:
    """A context that trusts `ca_bundle` (a PEM file) only, or the system's authorities if None."""
    context = ssl.create_default_context(cafile=ca_bundle)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # Python 3.13 began to refuse authorities without the extensions RFC 5280 asks of new ones;
    # older RDS authorities lack some. Chain, dates and host name are verified all the same.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def database_bundle(configured: str | None) -> str:
    """The authorities for a database, and no others: the configured file, else RDS's."""
    return configured or str(RDS_BUNDLE)


def complaint(host: str, error: ssl.SSLError) -> str:
    """What to tell an operator about a failed handshake."""
    reason = (
        error.verify_message if isinstance(error, ssl.SSLCertVerificationError) else error.reason
    )
    return (
        f"TLS with {host} failed: {reason}. Give the certificate authorities of the server as "
        "caBundle, or renew rds-ca.pem in the package (functions/rotation/README.md)"
    )
