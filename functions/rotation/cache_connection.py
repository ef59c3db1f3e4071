"""A Redis or Valkey connection that can do what a rotation needs: authenticate, over TLS.

Written here, in the few lines it takes, because the protocol for it is three lines long (RESP2,
"Redis serialization protocol specification") and a client library is not.
"""

import socket
import ssl

from . import tls
from .errors import RotationError

TIMEOUT = 10  # seconds, for a connection and for each answer
LONGEST_REPLY = 4096  # bytes; the replies asked for are one short line


def authenticates(host: str, port: int, ca_bundle: str | None, *login: str) -> bool:
    """Whether the server takes `login`: (user, password) or (token,). Raises without a server."""
    return _ask(host, port, ca_bundle, "AUTH", *login) == "+OK"


def is_open(host: str, port: int, ca_bundle: str | None) -> bool:
    """Whether the server answers somebody who has not authenticated."""
    return _ask(host, port, ca_bundle, "PING") == "+PONG"


def _ask(host: str, port: int, ca_bundle: str | None, *words: str) -> str:
    try:
        with (
            socket.create_connection((host, port), timeout=TIMEOUT) as plain,
            tls.verified(ca_bundle).wrap_socket(plain, server_hostname=host) as server,
        ):
            server.sendall(_command(words))
            return _line(server)
    except ssl.SSLError as error:
        text = tls.complaint(host, error)
    except OSError as error:
        text = f"No connection to the cache at {host}:{port} ({type(error).__name__})"
    raise RotationError(text)


def _command(words: tuple[str, ...]) -> bytes:
    parts = [f"*{len(words)}\r\n".encode()]
    for word in words:
        data = word.encode()
        parts.append(b"$%d\r\n%s\r\n" % (len(data), data))
    return b"".join(parts)


def _line(server: ssl.SSLSocket) -> str:
    reply = b""
    while not reply.endswith(b"\r\n") and len(reply) < LONGEST_REPLY:
        received = server.recv(LONGEST_REPLY)
        if not received:
            break
        reply += received
    return reply.decode(errors="replace").rstrip("\r\n")
