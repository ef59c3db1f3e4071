"""A tiny real service: greets on `/`, is healthy on `/health`, and ends cleanly on SIGTERM."""

from __future__ import annotations

import json
import os
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Hello(BaseHTTPRequestHandler):
    """Answers GET requests with JSON."""

    def do_GET(self) -> None:
        """`/health` for the load balancer, `/` for people, 404 for the rest."""
        if self.path == "/health":
            self._answer(200, {"status": "ok"})
        elif self.path == "/":
            name = os.environ.get("GREETING", "Hello from Trellis")
            self._answer(200, {"message": name})
        else:
            self._answer(404, {"message": "not found"})

    def log_message(self, format: str, *args: object) -> None:
        """One line of JSON a request, as CloudWatch Logs Insights reads it."""
        print(json.dumps({"from": self.address_string(), "request": format % args}), flush=True)

    def _answer(self, status: int, body: dict[str, str]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def serve(port: int) -> None:
    """Serve until SIGTERM, which ECS sends before a task goes."""
    server = ThreadingHTTPServer(("", port), Hello)
    # `shutdown` waits for the loop that a signal interrupts, so it runs beside it.
    signal.signal(
        signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown, daemon=True).start()
    )
    server.serve_forever()
    server.server_close()


if __name__ == "__main__":
    serve(int(os.environ.get("PORT", "8080")))
