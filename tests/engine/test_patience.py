"""The program waits for an engine whose server answers a moment late, and says why it gave up."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime import settings
from pulumi.runtime.proto import resource_pb2, resource_pb2_grpc

from tests.engine import engine

pytestmark = pytest.mark.engine

LATE_SECONDS = 0.3


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    def GetDeploymentInfo(self, request: object, context: object) -> object:  # noqa: N802
        return resource_pb2.DeploymentInfo()


@pytest.fixture
def address() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture
def late(address: str) -> Iterator[None]:
    """A monitor that listens a moment after it was asked."""
    server = grpc.server(ThreadPoolExecutor(1))
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(Monitor(), server)

    def start() -> None:
        server.add_insecure_port(address)
        server.start()

    timer = threading.Timer(LATE_SECONDS, start)
    timer.start()
    yield
    timer.join()
    server.stop(0)


def ask(address: str, options: list[tuple[str, object]]) -> None:
    with grpc.insecure_channel(address, options=options) as channel:
        resource_pb2_grpc.ResourceMonitorStub(channel).GetDeploymentInfo(empty_pb2.Empty())


@pytest.mark.usefixtures("late")
def test_a_server_that_listens_a_moment_late_is_found(address: str) -> None:
    with pytest.raises(grpc.RpcError, match="failed to connect"):
        ask(address, [])
    ask(address, [("grpc.service_config", json.dumps(engine.PATIENCE))])


def test_what_grpc_said_of_a_lost_engine_stands_in_the_error(address: str) -> None:
    with pytest.raises(grpc.RpcError) as lost:
        ask(address, [])
    text = str(engine._with_details(lost.value))
    assert text.startswith(str(settings.grpc_error_to_exception(lost.value)))
    assert "failed to connect to all addresses" in text
