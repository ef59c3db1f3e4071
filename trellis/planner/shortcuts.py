"""What Pulumi's SDK does for an engine and nobody reads in a recording, done shorter.

Each function here stands for one of the SDK's own (pulumi 3.272) while a recording runs, and
answers what that one answers; a test holds recordings with and without them against each other.
Together they were two fifths of a recording's time.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import Callable, Generator, Mapping
from typing import Any

import pulumi
from pulumi import (
    _types,  # pyright: ignore[reportPrivateUsage]
    log,
    output,
)
from pulumi.runtime import known_types, rpc, settings
from pulumi.runtime import resource as resource_runtime
from pulumi.runtime.proto import source_pb2

_Output: Any = pulumi.Output
_OutputData: Any = output._OutputData  # pyright: ignore[reportPrivateUsage]
_create_urn: Any = resource_runtime.create_urn
_contains_unknowns: Callable[[Any], bool] = rpc.contains_unknowns

REMEMBERED = (
    "unwrap_type",
    "unwrap_optional_type",
    "input_type_py_to_pulumi_names",
    "input_type_types",
    "output_type_types",
    "resource_types",
    "resource_pulumi_to_py_names",
)
"""Functions of a type alone, in `pulumi._types`, that work the same out for every property of every
resource."""


@contextlib.contextmanager
def shortcuts() -> Generator[None, None, None]:
    """While this lasts, the SDK takes the shorter way."""
    outstanding = Outstanding()

    def track(tracked: Any) -> None:
        outstanding.add(tracked._data)

    standing_in: list[tuple[Any, str, Any]] = [
        (log, "debug", _nothing),
        # Where in a program each resource is made: finding it out looks through all frames.
        (resource_runtime, "_get_stack_trace", source_pb2.StackTrace),
        (resource_runtime, "create_urn", create_urn),
        (rpc, "transfer_properties", transfer_properties),
        (rpc, "contains_unknowns", contains_unknowns),
        (pulumi.Output, "_track", track),
        *((_types, name, function) for name, function in _REMEMBERING.items()),
        # What an earlier run that failed left behind is not this one's.
        (settings.SETTINGS, "outputs", outstanding),
    ]
    before = [getattr(owner, name) for owner, name, _ in standing_in]
    for owner, name, value in standing_in:
        setattr(owner, name, value)
    try:
        yield
    finally:
        for (owner, name, _), value in zip(standing_in, before, strict=True):
            setattr(owner, name, value)


_REMEMBERING = {name: functools.cache(getattr(_types, name)) for name in REMEMBERED}


def _nothing(*_: object, **__: object) -> None:
    """Stands for `log.debug`: a recording keeps warnings."""


def transfer_properties(res: Any, props: Mapping[str, Any], custom: bool) -> dict[str, Any]:
    """Stands for `rpc.transfer_properties`: one future for an output, where that makes four and a
    task that waits for them."""
    resolvers: dict[str, Any] = {}
    loop = asyncio.get_running_loop()
    for name in props:
        if name == "urn" or (name == "id" and custom):
            continue
        data: asyncio.Future[Any] = loop.create_future()
        resolvers[name] = functools.partial(_resolve, res, data)
        res.__dict__[name] = _Output._from_data(data)
    return resolvers


def _resolve(
    res: Any,
    data: asyncio.Future[Any],
    value: Any,
    known: bool,
    secret: bool,
    resources: set[Any] | None,
    failed: Exception | None,
) -> None:
    if failed is None:
        data.set_result(_OutputData({res, *(resources or ())}, value, known, secret))
    else:
        data.set_exception(failed)


def create_urn(name: Any, type_: Any, parent: Any = None, *place: Any) -> Any:
    """Stands for `create_urn`: three texts are one at once."""
    if place or not all(isinstance(part, str) for part in (name, type_, parent)):
        return _create_urn(name, type_, parent, *place)
    data: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    urn = f"{parent[: parent.rfind('::')]}${type_}::{name}"
    data.set_result(_OutputData(set(), urn, is_known=True, is_secret=False))
    return _Output._from_data(data)


def contains_unknowns(value: Any) -> bool:
    """Stands for `rpc.contains_unknowns`: most values have no members to look through."""
    if isinstance(value, (dict, list)):
        return _contains_unknowns(value)
    return known_types.is_unknown(value)


class Outstanding(set[Any]):
    """The outputs that a program waits for at its end.

    In the SDK each leaves the set by a callback of its own. Here those that are done leave
    together, when somebody asks how many there are; failed ones stay, as they do there.
    """

    def __len__(self) -> int:
        """How many are not done, or failed."""
        self -= {future for future in self if _succeeded(future)}
        return super().__len__()


def _succeeded(future: asyncio.Future[Any]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None
