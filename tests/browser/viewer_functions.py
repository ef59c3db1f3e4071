"""CloudFront Functions of a recording, run by Node in a context that has what CloudFront's has."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any

from tests.browser.http_message import Answer, Request

RUNNER = Path(__file__).resolve().parents[1] / "node" / "cloudfront-function.mjs"

STATUS_LIMIT = range(100, 600)


@dataclass
class ViewerFunctions:
    """One Node process that runs whatever function it is given, a request a line."""

    def __enter__(self) -> ViewerFunctions:
        """Start Node."""
        self._lock = Lock()
        self._node = subprocess.Popen(
            ["node", str(RUNNER), "--lines"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let Node end by closing what it reads."""
        assert self._node.stdin
        assert self._node.stdout
        self._node.stdin.close()
        self._node.stdout.close()
        self._node.wait(timeout=60)

    def run(self, code: str, request: Request) -> Request | Answer:
        """What a viewer-request function makes of a request: another one, or an answer."""
        asked = {
            "method": request.method,
            "host": request.host,
            "uri": request.path,
            "raw": request.query,
        }
        (result,) = self._ask({"code": code, "requests": [asked]})
        if "statusCode" not in result:
            return Request(
                request.method,
                result["headers"]["host"]["value"],
                result["uri"],
                request.query,
                request.headers,
                request.body,
                request.https,
                request.viewer,
            )
        if result["statusCode"] not in STATUS_LIMIT:
            return Answer(502)
        headers = {name: header["value"] for name, header in result.get("headers", {}).items()}
        body = result.get("body", "")
        text = body if isinstance(body, str) else body["data"]
        return Answer(result["statusCode"], headers, text.encode())

    def _ask(self, question: dict[str, Any]) -> list[dict[str, Any]]:
        assert self._node.stdin
        assert self._node.stdout
        with self._lock:
            self._node.stdin.write(json.dumps(question) + "\n")
            self._node.stdin.flush()
            line = self._node.stdout.readline()
        if not line:
            raise RuntimeError("the viewer-request function failed; Node wrote why")
        return json.loads(line)
