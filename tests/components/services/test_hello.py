"""The example service really answers, and really ends when ECS asks it to."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from tests.conftest import ROOT


@contextmanager
def running() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, str(ROOT / "examples" / "hello" / "server.py")],
        env={**os.environ, "PORT": str(port), "GREETING": "hi"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield f"http://127.0.0.1:{port}", server
    finally:
        server.kill()
        server.communicate()


def get(address: str) -> tuple[int, bytes]:
    for _ in range(200_000):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read()
        except urllib.error.URLError:
            continue
    raise AssertionError(f"nothing answers at {address}")


def test_hello_greets_is_healthy_and_ends_on_sigterm():
    with running() as (address, server):
        assert get(f"{address}/health") == (200, b'{"status": "ok"}')
        assert get(f"{address}/") == (200, b'{"message": "hi"}')
        assert get(f"{address}/nothing")[0] == 404
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=10) == 0
