"""The example service really answers, and really ends when ECS asks it to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from tests.conftest import ROOT

PROGRAM = """
import http.server, runpy, sys

class Telling(http.server.ThreadingHTTPServer):
    def server_activate(self):
        super().server_activate()
        print(self.server_port, flush=True)

http.server.ThreadingHTTPServer = Telling
runpy.run_path(sys.argv[1], run_name="__main__")
"""
"""Runs a server at any free port, and prints which it is once it listens."""


@contextmanager
def running() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    server = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(ROOT / "examples" / "hello" / "server.py")],
        env={**os.environ, "PORT": "0", "GREETING": "hi"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert server.stdout
    try:
        yield f"http://127.0.0.1:{int(server.stdout.readline())}", server
    finally:
        server.kill()
        server.communicate()


def get(address: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read()


def test_hello_greets_is_healthy_and_ends_on_sigterm():
    with running() as (address, server):
        assert get(f"{address}/health") == (200, b'{"status": "ok"}')
        assert get(f"{address}/") == (200, b'{"message": "hi"}')
        assert get(f"{address}/nothing")[0] == 404
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=60) == 0
