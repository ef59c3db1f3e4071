"""Two loopback ports, plain and TLS, behind which the double of the CDN answers."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType

from tests.browser.http_message import Answer, Request, Viewer
from tests.rotation.rotation_certificates import write_certificates


def _unavailable(_: Request) -> Answer:
    return Answer(503, {"Content-Length": "0"})


class EdgeServer:
    """Serves what `answering` answers; `viewer` is where all requests come from."""

    def __init__(self, folder: Path) -> None:
        write_certificates(folder)
        self.certificate = folder / "server.pem"
        self.answering: Callable[[Request], Answer] = _unavailable
        self.viewer = Viewer()
        self._errors: list[Exception] = []
        self._under_way = 0
        self._changed = threading.Condition()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, folder / "server.key")
        self._plain = _Listener(self, None)
        self._secure = _Listener(self, context)

    @property
    def plain_port(self) -> int:
        """Where HTTP is spoken."""
        return self._plain.server_address[1]

    @property
    def secure_port(self) -> int:
        """Where HTTPS is spoken."""
        return self._secure.server_address[1]

    def __enter__(self) -> EdgeServer:
        """Answer from now on."""
        for server in (self._plain, self._secure):
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def answer(self, request: Request) -> Answer:
        """What `answering` answers; 500 where it raises."""
        with self._changed:
            answering = self.answering
            self._under_way += 1
        try:
            return answering(request)
        except Exception as error:  # noqa: BLE001 - kept for the test that is running
            self._errors.append(error)
            return Answer(500, {"Content-Length": "0"})
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def rest(self) -> list[Exception]:
        """Answer 503 until `answering` is set again, and forget what it raised.

        A browser asks for `favicon.ico` when a page has loaded, perhaps after the test that opened
        it: such a request meets no AWS that is being taken down.

        Returns:
            What `answering` raised until now, when all requests under way have their answers.

        Raises:
            TimeoutError: a request has no answer after 60 seconds.
        """
        with self._changed:
            self.answering = _unavailable
            if not self._changed.wait_for(lambda: not self._under_way, timeout=60):
                raise TimeoutError(f"{self._under_way} requests have no answer")
            errors, self._errors = self._errors, []
        return errors

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close both ports."""
        for server in (self._plain, self._secure):
            server.shutdown()
            server.server_close()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, edge: EdgeServer, tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.edge = edge
        self.tls = tls

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that closes a connection it opened ahead is no error."""


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Listener  # pyright: ignore[reportIncompatibleVariableOverride]

    def setup(self) -> None:
        # The handshake is this connection's own: another one need not wait for it.
        if self.server.tls is not None:
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        super().finish()
        if self.server.tls is not None:
            self.request.close()

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65_537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        edge = self.server.edge
        path, mark, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        length = int(headers.get("content-length", "0"))
        request = Request(
            method=self.command,
            host=headers.get("host", "").partition(":")[0],
            path=path,
            query=query if mark else None,
            headers=headers,
            body=self.rfile.read(length),
            https=self.server.tls is not None,
            viewer=edge.viewer,
        )
        answer = edge.answer(request)
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            if not (answer.status == 304 and name.lower() == "content-length"):
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """The double keeps its own log."""
