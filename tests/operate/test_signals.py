"""Ctrl-C, as a signal to a process whose call of AWS is never answered."""

from __future__ import annotations

import http.server
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.core import DEFAULT_ACCOUNT_ID

pytestmark = pytest.mark.long

IDENTITY = f"""\
<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<GetCallerIdentityResult><Arn>arn:aws:iam::{DEFAULT_ACCOUNT_ID}:user/x</Arn><UserId>x</UserId>
<Account>{DEFAULT_ACCOUNT_ID}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>
"""


class Silent:
    """An AWS that says who is signed in, and nothing else."""

    def __init__(self) -> None:
        self.asked, self.over = threading.Event(), threading.Event()
        silent = self

        class Answering(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers["Content-Length"]))
                if b"GetCallerIdentity" not in text:
                    silent.asked.set()
                    silent.over.wait(60)
                    return
                self.send_response(200)
                self.send_header("Content-Length", str(len(IDENTITY)))
                self.end_headers()
                self.wfile.write(IDENTITY.encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)


@pytest.fixture
def aws() -> Iterator[Silent]:
    silent = Silent()
    serving = threading.Thread(target=silent.server.serve_forever, args=(0.01,), daemon=True)
    serving.start()
    yield silent
    silent.over.set()
    silent.server.shutdown()
    silent.server.server_close()
    serving.join()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("backend", "create"), "goes on where it stopped"),
        # Nothing is changed by it, so nothing is left half-made.
        (("backend", "check"), ""),
    ],
)
def test_it_ends_at_once_with_130_and_says_how_to_go_on(
    words: tuple[str, ...], message: str, aws: Silent, shop: Path
):
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("AWS_")},
        "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{aws.server.server_port}",
    }  # fmt: skip
    command = [sys.executable, "-m", "trellis.cli.main", *words, "dev", "--project", str(shop)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert aws.asked.wait(120), "it never came so far"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in out + err
    assert (message in err) if message else err == ""
