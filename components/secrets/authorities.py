"""Which regions' database servers the rotation function can verify: those of `rds-ca.pem`."""

from __future__ import annotations

import ssl
from functools import cache
from pathlib import Path

from components.parts.sources import FUNCTIONS

BUNDLE = FUNCTIONS / "rotation" / "rds-ca.pem"
"""Authorities of RDS and Aurora, which no system's own store holds; the package takes it in."""

HOW_TO_ADD = (
    "put the global-bundle.pem of its partition in place of functions/rotation/rds-ca.pem "
    '("Using SSL/TLS to encrypt a connection to a DB instance or cluster", Amazon RDS User Guide)'
)

_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"


def knows_region(region: str, bundle: Path = BUNDLE) -> bool:
    """Whether the bundle has the authorities of a region's servers.

    Amazon names each by its region, as in `Amazon RDS us-east-1 Root CA RSA2048 G1`. A bundle that
    can't be read knows none.
    """
    return any(
        f"Amazon RDS {region} ".encode() in certificate for certificate in _certificates(bundle)
    )


@cache
def _certificates(bundle: Path) -> tuple[bytes, ...]:
    """Each certificate's DER, whose subject stands in it as plain text."""
    try:
        text = bundle.read_text("utf-8")
        return tuple(
            ssl.PEM_cert_to_DER_cert(_BEGIN + part.partition(_END)[0] + _END)
            for part in text.split(_BEGIN)[1:]
        )
    except (OSError, ValueError):
        return ()
