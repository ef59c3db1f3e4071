"""What the loopback ports do with requests that come when a test is over."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.browser.cdn_server import EdgeServer
from tests.browser.http_message import Answer, Request


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EdgeServer]:
    """Ports of this test's own."""
    with EdgeServer(tmp_path_factory.mktemp("edge")) as server:
        yield server


def _status(server: EdgeServer) -> int:
    url = f"http://127.0.0.1:{server.plain_port}/favicon.ico"
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code


def test_a_request_under_way_has_its_answer_before_the_ports_rest(server: EdgeServer):
    came, may_answer = threading.Event(), threading.Event()

    def slowly(_: Request) -> Answer:
        came.set()
        assert may_answer.wait(60)
        return Answer(204)

    server.answering = slowly
    with ThreadPoolExecutor() as threads:
        late = threads.submit(_status, server)
        assert came.wait(60)
        resting = threads.submit(server.rest)
        with pytest.raises(TimeoutError):
            resting.result(0.1)
        may_answer.set()
        assert resting.result(20) == []
        assert late.result(20) == 204


def test_ports_that_rest_ask_nothing_and_forget_what_failed(server: EdgeServer):
    def fails(_: Request) -> Answer:
        raise ConnectionError("no such bucket")

    server.answering = fails
    assert _status(server) == 500
    assert [str(error) for error in server.rest()] == ["no such bucket"]
    assert _status(server) == 503
    assert server.rest() == []
