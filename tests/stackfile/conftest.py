"""A project in a temporary folder, and the problems of its stack."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from trellis.cli.lookup import lookup
from trellis.stackfile.context import Context, read_context
from trellis.stackfile.loading import Loaded, load, read_stack, using
from trellis.stackfile.problems import Problem, StackFileError

REGION = "us-east-1"
SESSION = boto3.Session
BY_TAG = "  trellis:network: {existing: {tags: {Shared: platform}}}\n"
"""A stack in a network that its tags find."""

VALID = """\
config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: dev
"""


class Stack:
    """A project with one stack, whose files a test writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shared("")
        self.write("")

    def shared(self, text: str) -> None:
        """Write Pulumi.yaml: the project's name, then the given text."""
        (self.folder / "Pulumi.yaml").write_text(f"name: shop\nruntime: python\n{text}")

    def write(self, settings: str) -> None:
        """Write Pulumi.dev.yaml: what every stack needs, then the given lines of `config:`."""
        (self.folder / "Pulumi.dev.yaml").write_text(VALID + settings)

    def write_whole(self, text: str | bytes) -> None:
        """Write Pulumi.dev.yaml whole."""
        data = text.encode() if isinstance(text, str) else text
        (self.folder / "Pulumi.dev.yaml").write_bytes(data)

    def load(self) -> Loaded:
        """Load the stack as `trellis` does."""
        files = read_stack(self.folder, "dev")
        with using(files):
            return load(files.config)

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the stack."""
        try:
            self.load()
        except StackFileError as error:
            return error.problems
        return ()

    def problem(self) -> Problem:
        """The one thing that is wrong with the stack."""
        every = self.problems()
        assert len(every) == 1, "\n\n".join(map(str, every)) or "nothing is wrong"
        return every[0]


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    """A valid stack in a temporary folder."""
    return Stack(tmp_path)


@pytest.fixture
def problem_of(stack: Stack) -> Callable[[str], Problem]:
    """`problem_of(lines of config)` is the one thing wrong with them."""

    def problem(settings: str) -> Problem:
        stack.write(settings)
        return stack.problem()

    return problem


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An empty account's EC2, with credentials to reach it."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        monkeypatch.setattr(boto3, "Session", aws_session)
        yield aws_session(profile_name=None, region_name=REGION).client("ec2")


@functools.cache
def aws_session(**options: Any) -> boto3.Session:
    """One session for all tests: it keeps the service models it has parsed."""
    return SESSION(**options)


def found(stack: Stack) -> Context:
    """What a lookup of the stack writes down."""
    file, _ = lookup(stack.folder, "dev")
    return read_context(file)
