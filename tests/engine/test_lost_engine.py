"""An operation that finds the engine's server gone is done again; any other failure is not."""

from __future__ import annotations

import socket
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.automation._cmd import CommandResult
from pulumi.automation.errors import create_command_error
from pulumi.runtime import settings
from pulumi.runtime.proto import resource_pb2_grpc

from tests.engine import engine

pytestmark = pytest.mark.engine


@pytest.fixture
def lost() -> grpc.RpcError:
    """What a call to a server that is not there ends in."""
    with socket.socket() as silent:  # it holds the port and does not listen
        silent.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        with grpc.insecure_channel(address) as channel, pytest.raises(grpc.RpcError) as caught:
            resource_pb2_grpc.ResourceMonitorStub(channel).GetDeploymentInfo(empty_pb2.Empty())
    return caught.value


def refusing(message: str, times: int) -> tuple[list[str], Any]:
    """An operation that fails so often, and what it did."""
    done: list[str] = []

    def operation() -> str:
        done.append("called")
        if len(done) <= times:
            raise create_command_error(CommandResult(message, "", 255))
        return "made"

    return done, operation


def test_what_grpc_says_of_a_lost_engine_stands_in_the_error(lost: grpc.RpcError) -> None:
    text = str(engine._with_details(lost))
    assert text.startswith(str(settings.grpc_error_to_exception(lost)))
    assert engine.LOST in text


def test_an_operation_that_lost_its_engine_is_done_again(lost: grpc.RpcError) -> None:
    done, operation = refusing(str(engine._with_details(lost)), times=2)
    assert engine._run(operation) == "made"
    assert len(done) == 3


def test_one_that_always_loses_it_fails(lost: grpc.RpcError) -> None:
    done, operation = refusing(str(engine._with_details(lost)), times=9)
    with pytest.raises(engine.EngineError, match=engine.LOST):
        engine._run(operation)
    assert len(done) == 3


def test_one_that_is_refused_is_not_done_again() -> None:
    done, operation = refusing("error: it is protected", times=1)
    with pytest.raises(engine.EngineError, match="protected"):
        engine._run(operation)
    assert len(done) == 1
