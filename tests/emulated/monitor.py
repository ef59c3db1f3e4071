"""The engine's place while a stack is made in an emulator: each registration becomes a resource."""

from __future__ import annotations

import asyncio
import dataclasses
import queue
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from pulumi.runtime.proto import resource_pb2

from components.parts.simulation import Secret
from tests.emulated.moto import Calls
from tests.emulated.provider import Made, MakingProvider, schema
from tests.emulated.values import Files, answered, configuration
from tools.replacement.names import terraform_type
from trellis.planner import simulate
from trellis.planner.monitor import PROVIDER_TYPE, STACK_TYPE, Monitor
from trellis.planner.wire import decode, encode

WORKERS = 6


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What came of one registration."""

    urn: str
    type: str
    name: str
    errors: tuple[str, ...]
    calls: tuple[str, ...]
    """Operations, in their order, as in `ec2:CreateVpc`."""
    needs: tuple[str, ...]
    """URNs of what it depends on."""
    newer: bool = False
    """Whether the provider is too old for the type: it was not asked."""
    unknown: tuple[str, ...] = ()
    """Inputs that the provider is too old for."""
    seconds: float = 0.0


class Workers:
    """Processes of the provider by region, each used by one registration at a time."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._free: queue.Queue[str] = queue.Queue()
        for number in range(WORKERS):
            self._free.put(f"WORKER{number}")
        self._started: dict[tuple[str, str], MakingProvider] = {}

    def make(
        self, region: str, tags: Mapping[str, str], type_: str, body: Mapping[str, Any],
        taken: Callable[[str], list[str]],
    ) -> tuple[Made, list[str]]:  # fmt: skip
        """Make a resource, and say what was called for it."""
        key = self._free.get()
        try:
            place = (key, region)
            if place not in self._started:
                self._started[place] = MakingProvider(self._url, region, tags, key)
            taken(key)
            made = self._started[place].make(type_, body)
            return made, taken(key)
        finally:
            self._free.put(key)

    def stop(self) -> None:
        """End all processes."""
        for provider in self._started.values():
            provider.stop()


class MakingMonitor(Monitor):
    """Makes what is registered and answers with what AWS, or its emulator, has made of it.

    What fails is answered from the simulation, so that what depends on it is tried too.
    """

    def __init__(
        self, *given: Any, workers: Workers, calls: Calls, files: Path, project: Path, **more: Any
    ) -> None:  # fmt: skip
        super().__init__(*given, **more)
        self.outcomes: list[Outcome] = []
        self._workers = workers
        self._calls = calls
        self._files = Files(files, project)
        self._pool = ThreadPoolExecutor(WORKERS)
        self._types = schema()["resource_schemas"]

    @property
    def transforming(self) -> bool:
        """Each answer has to be awaited."""
        return True

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the engine's name
        """Make one resource."""
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == STACK_TYPE:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        return self._made(request, urn)

    async def _made(self, request: Any, urn: str) -> Any:
        transforms = self._transforms.of(request, urn)
        if transforms:
            request = await self._transforms.registration(request, transforms)
        inputs = decode(request.object)
        id_, simulated = self._answer(request, urn, inputs)
        outputs: Mapping[str, Any] = simulated
        if request.custom and request.type != PROVIDER_TYPE:
            named = simulate.auto_named(request.type)
            given = dict(inputs) if not named else {named: simulated.get(named), **inputs}
            work = self._pool.submit(self._make, request, urn, given, simulated)
            id_, outputs = await asyncio.wrap_future(work)
            id_ = id_ or self._answer(request, urn, inputs)[0]
        self._keep(request, urn, inputs, id_, outputs)
        return resource_pb2.RegisterResourceResponse(urn=urn, id=id_, object=encode(outputs))

    def _make(
        self, request: Any, urn: str, inputs: Mapping[str, Any], simulated: Mapping[str, Any]
    ) -> tuple[str, Mapping[str, Any]]:
        began = time.monotonic()
        needs = {
            *request.dependencies,
            *(u for found in request.propertyDependencies.values() for u in found.urns),
        }
        outcome = Outcome(urn, request.type, request.name, (), (), tuple(sorted(needs)))
        type_ = terraform_type(request.type, self._types)
        if type_ is None:
            self.outcomes.append(dataclasses.replace(outcome, newer=True))
            return "", simulated
        region = inputs.get("region") or self._world.region
        region = region.value if isinstance(region, Secret) else region
        without = {k: v for k, v in inputs.items() if k != "region"}
        body, unknown = configuration(without, self._types[type_]["block"], type_, self._files)
        made, called = self._workers.make(
            str(region), self._world.default_tags, type_, body, self._calls.taken
        )
        self.outcomes.append(
            dataclasses.replace(
                outcome, errors=made.errors, calls=tuple(called), unknown=tuple(unknown),
                seconds=round(time.monotonic() - began, 1),
            )
        )  # fmt: skip
        if made.errors:
            return "", simulated
        return str(made.state.get("id") or ""), answered(simulated, made.state, type_)

    def close(self) -> None:
        """End what makes resources."""
        self._pool.shutdown(cancel_futures=True)
        self._workers.stop()
