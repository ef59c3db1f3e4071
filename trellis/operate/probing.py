"""Asks an address over HTTPS as a visitor does: certificate and host verified, nothing followed."""

from __future__ import annotations

import http.client
import socket
import ssl
from dataclasses import dataclass

SECONDS = 10


@dataclass(frozen=True)
class Answer:
    """What an address answered."""

    status: int | None
    """HTTP's; None where there was no answer."""
    why: str = ""
    """Why there was none."""


def probe(
    host: str, path: str, *, port: int = 443, trusted: ssl.SSLContext | None = None
) -> Answer:
    """Ask once.

    Args:
        trusted: other authorities than the system's.
    """
    connection = http.client.HTTPSConnection(
        host, port, timeout=SECONDS, context=trusted or ssl.create_default_context()
    )
    try:
        connection.request("GET", path, headers={"User-Agent": "trellis-smoke"})
        return Answer(connection.getresponse().status)
    except ssl.SSLCertVerificationError as error:
        return Answer(None, f"its certificate is not trusted ({error.verify_message})")
    except socket.gaierror:
        return Answer(None, "its name is not in the DNS")
    except TimeoutError:
        return Answer(None, f"no answer in {SECONDS} seconds")
    except (OSError, http.client.HTTPException) as error:
        return Answer(None, str(error) or type(error).__name__)
    finally:
        connection.close()
