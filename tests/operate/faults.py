"""Faults at each call of AWS that a command makes, by botocore's own hooks over moto.

A command runs once and its calls are counted; then again with one fault at one call, in an account
that is as it was before. A call with a fault before it never reached AWS; one with a fault after it
was heeded, and its answer was lost.
"""

from __future__ import annotations

import io
import traceback
from collections.abc import Callable, Generator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

import boto3
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError
from moto import mock_aws

from trellis.cli.main import main

Answers = dict[str, Callable[[dict[str, Any]], Any]]


class Fault(StrEnum):
    """What goes wrong at one call."""

    INTERRUPTED = "interrupted before"
    INTERRUPTED_AFTER = "interrupted after"
    DROPPED = "dropped before"
    DROPPED_AFTER = "dropped after"
    THROTTLED = "throttled"
    REFUSED = "refused"


ERRORS = {Fault.THROTTLED: "ThrottlingException", Fault.REFUSED: "AccessDeniedException"}


class Session:
    """A session of boto3 whose clients are made once: making them takes longer than all that
    they do."""

    def __init__(self, made: boto3.Session) -> None:
        self._made = made
        self._clients: dict[tuple[str, str | None], Any] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._made, name)

    def client(self, service: str, region_name: str | None = None, **more: Any) -> Any:
        """The client of a service in a region."""
        key = (service, region_name)
        if key not in self._clients:
            self._clients[key] = self._made.client(
                service, region_name=region_name or self._made.region_name, **more
            )
        return self._clients[key]


@dataclass
class Wire:
    """Between the clients and AWS."""

    answers: Answers = field(default_factory=Answers)
    """In moto's place, by operation, from the arguments."""
    asked: list[str] = field(default_factory=list[str])
    """Operations, in their order."""
    at: int = 0
    """The call that goes wrong, from 1 on; none at 0."""
    fault: Fault = Fault.REFUSED
    _arguments: dict[str, Any] = field(default_factory=dict[str, Any])

    def listen(self, session: boto3.Session) -> None:
        """Hear of each call of the clients that a session makes from now on."""
        session.events.register("before-parameter-build", self._built)
        session.events.register("before-call", self._before)
        session.events.register("after-call", self._after)

    def begin(self, at: int = 0, fault: Fault = Fault.REFUSED) -> None:
        """Count from the start."""
        self.asked.clear()
        self.at, self.fault = at, fault

    def _built(self, params: dict[str, Any], **_: Any) -> None:
        self._arguments = dict(params)

    def _before(self, model: Any, **_: Any) -> Any:
        self.asked.append(model.name)
        if len(self.asked) == self.at:
            if self.fault is Fault.INTERRUPTED:
                raise KeyboardInterrupt
            if self.fault is Fault.DROPPED:
                raise EndpointConnectionError(endpoint_url="https://aws.example/")
            if self.fault in ERRORS:
                error = {"Code": ERRORS[self.fault], "Message": "no"}
                return SimpleNamespace(status_code=400), {"Error": error, "ResponseMetadata": {}}
        if model.name in self.answers:
            response = self.answers[model.name](self._arguments)
            return SimpleNamespace(status_code=200), {"ResponseMetadata": {}, **response}
        return None

    def _after(self, **_: Any) -> None:
        if len(self.asked) == self.at:
            if self.fault is Fault.INTERRUPTED_AFTER:
                raise KeyboardInterrupt
            if self.fault is Fault.DROPPED_AFTER:
                raise ConnectionClosedError(endpoint_url="https://aws.example/")


@dataclass(frozen=True)
class Outcome:
    """What a command did."""

    code: int | None
    """None where it ended in a traceback."""
    out: str
    err: str
    asked: tuple[str, ...]

    @property
    def printed(self) -> str:
        """Everything that a person reads."""
        return self.out + self.err


def ended(words: list[str], wire: Wire) -> Outcome:
    """Run a command line to its end, whatever that is."""
    out, err = io.StringIO(), io.StringIO()
    code: int | None = None
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main(words)
        except BaseException:  # noqa: BLE001  What is looked for here is what gets out.
            traceback.print_exc(file=err)
    return Outcome(code, out.getvalue(), err.getvalue(), tuple(wire.asked))


@contextmanager
def account(prepare: Callable[[], None], wire: Wire) -> Generator[None]:
    """An account of its own, in which something stands already."""
    with mock_aws():
        wire.begin()
        prepare()
        wire.begin()
        yield
