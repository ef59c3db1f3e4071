"""Run a Trellis program without an engine and keep everything it registers.

The program is the real one: `__main__.py` as Pulumi would run it, under Pulumi's own mock runtime
with a monitor that keeps each request whole and answers with what AWS would return (`simulate`).
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import os
import runpy
import sys
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pulumi
from pulumi import runtime
from pulumi.runtime import mocks, settings
from pulumi.runtime import stack as stack_runtime
from pulumi.runtime.proto import provider_pb2, resource_pb2

from trellis.planner import simulate
from trellis.planner.wire import UNKNOWN, Secret, decode, encode, to_json
from trellis.stackfile.loading import read_stack, using
from trellis.stackfile.reading import secure_paths

Mode = Literal["preview", "deployed"]
"""`preview`: what AWS decides is unknown; `deployed`: everything has a simulated value."""

STACK_TYPE = "pulumi:pulumi:Stack"
PROVIDER_TYPE = "pulumi:providers:aws"
REFERENCE_TYPE = "pulumi:pulumi:StackReference"
EXAMPLE_ACCOUNT = "123456789012"
"""The account id of AWS's own documentation, where a stack file names none."""


@dataclass(frozen=True)
class ProgramInput:
    """What the engine gives a program: who it is, and its configuration."""

    project: str
    stack: str
    config: Mapping[str, str]
    """Text by key, as in `{"aws:region": "us-east-1"}`."""
    secret_keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recorded:
    """One registration, as the engine would have received it."""

    urn: str
    type: str
    name: str
    custom: bool
    parent: str
    """URN of the parent; empty for a child of the stack."""
    inputs: Mapping[str, Any]
    """Plain values, `wire.UNKNOWN` or `wire.Secret`."""
    outputs: Mapping[str, Any]
    id: str
    """Empty in a preview."""
    dependencies: tuple[str, ...]
    property_dependencies: Mapping[str, tuple[str, ...]]
    protect: bool
    retain_on_delete: bool
    delete_before_replace: bool
    ignore_changes: tuple[str, ...]
    replace_on_changes: tuple[str, ...]
    additional_secret_outputs: tuple[str, ...]
    aliases: tuple[str, ...]
    provider: str
    """URN and id of the provider, joined by `::`; empty for components."""
    remote: bool
    """Whether a package of its own makes it; its children are not seen."""
    read: bool = False
    """Whether it was read, not registered."""


@dataclass(frozen=True)
class Recording:
    """A whole run: the registrations in the program's order, and the stack's outputs."""

    project: str
    stack: str
    mode: Mode
    region: str
    account: str
    resources: tuple[Recorded, ...]
    outputs: Mapping[str, Any]

    def __iter__(self) -> Iterator[Recorded]:
        return iter(self.resources)

    def of_type(self, type_: str) -> tuple[Recorded, ...]:
        """Resources of one type token, as in `aws:ec2/vpc:Vpc`."""
        return tuple(each for each in self.resources if each.type == type_)

    def one(self, type_: str, name: str) -> Recorded:
        """The resource of that type and name.

        Raises:
            LookupError: there is none; the message lists the names there are.
        """
        for each in self.resources:
            if each.type == type_ and each.name == name:
                return each
        names = ", ".join(each.name for each in self.of_type(type_)) or "none at all"
        raise LookupError(f"no {type_} named {name!r}; there is {names}")

    def as_json(self) -> dict[str, Any]:
        """The recording as plain JSON values, secrets masked; `docs/plan-json.md` describes it."""
        return {
            "version": 1,
            "project": self.project,
            "stack": self.stack,
            "mode": self.mode,
            "region": self.region,
            "resources": [_resource_json(each) for each in self.resources],
            "outputs": to_json(self.outputs),
        }


def _resource_json(each: Recorded) -> dict[str, Any]:
    return {
        "urn": each.urn,
        "type": each.type,
        "name": each.name,
        "custom": each.custom,
        "parent": each.parent,
        "inputs": to_json(each.inputs),
        "outputs": to_json(each.outputs),
        "dependencies": list(each.dependencies),
        "propertyDependencies": {k: list(v) for k, v in each.property_dependencies.items()},
        "protect": each.protect,
        "retainOnDelete": each.retain_on_delete,
        "ignoreChanges": list(each.ignore_changes),
        "aliases": list(each.aliases),
        "provider": each.provider,
        "remote": each.remote,
    }


def record(
    project: Path,
    stack: str,
    mode: Mode = "preview",
    *,
    config_file: Path | None = None,
    stack_outputs: Mapping[str, Mapping[str, Any]] | None = None,
) -> Recording:
    """Run the program of `project` for `stack` and return what it registers.

    Args:
        project: folder of `Pulumi.yaml`.
        config_file: instead of `Pulumi.<stack>.yaml`.
        stack_outputs: outputs of other stacks by `org/project/stack`, for stack references.

    Raises:
        StackFileError: the stack file is wrong; nothing was registered.
    """
    files = read_stack(project, stack, config_file)
    given = ProgramInput(
        project=files.project.name,
        stack=files.stack,
        config=files.config,
        secret_keys=tuple(key for key, value in files.origins.items() if secure_paths(value.node)),
    )
    with using(files):
        return record_program(
            _main_program(files.project.main), given, mode, stack_outputs=stack_outputs
        )


def record_program(
    program: Callable[[], None],
    given: ProgramInput,
    mode: Mode = "preview",
    *,
    stack_outputs: Mapping[str, Mapping[str, Any]] | None = None,
) -> Recording:
    """Run any function as a Pulumi program with the given configuration."""
    world = simulate.World(
        region=given.config.get("aws:region", "us-east-1"),
        account=given.config.get("trellis:account", EXAMPLE_ACCOUNT),
        stack_outputs=stack_outputs or {},
    )
    monitor = _Monitor(world, mode, given)
    outputs = _run(program, given, monitor, mode)
    return Recording(
        project=given.project,
        stack=given.stack,
        mode=mode,
        region=world.region,
        account=world.account,
        resources=tuple(monitor.recorded),
        outputs=outputs,
    )


def _main_program(main: Path) -> Callable[[], None]:
    target = main.resolve()
    script = target / "__main__.py" if target.is_dir() else target
    if not script.is_file():
        raise pulumi.RunError(
            f"no program at {script}; allowed: `main` of Pulumi.yaml leads to a folder with a "
            "__main__.py, or to a script"
        )

    def program() -> None:
        with _working_in(script.parent):
            runpy.run_path(str(script), run_name="__main__")

    return program


@contextlib.contextmanager
def _working_in(folder: Path) -> Generator[None, None, None]:
    """The engine runs a program in its own folder, which also leads the module path."""
    before, path = Path.cwd(), list(sys.path)
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        os.chdir(before)
        sys.path[:] = path


def _run(
    program: Callable[[], None], given: ProgramInput, monitor: _Monitor, mode: Mode
) -> Mapping[str, Any]:
    loop = asyncio.new_event_loop()
    # Requests are answered at once in the loop's own thread: the order of registrations is then
    # the program's, run after run.
    loop.set_default_executor(_Inline())
    asyncio.set_event_loop(loop)
    runtime.set_all_config(dict(given.config), list(given.secret_keys))
    try:
        mocks.set_mocks(
            _NoMocks(),
            project=given.project,
            stack=given.stack,
            preview=mode == "preview",
            monitor=monitor,
            organization="organization",
        )
        # What an earlier run that failed left behind is not this one's.
        settings.SETTINGS.outputs.clear()  # pyright: ignore[reportAttributeAccessIssue]
        settings.set_root_resource(None)  # pyright: ignore[reportArgumentType]
        loop.run_until_complete(_in_stack(program, monitor))
    finally:
        loop.run_until_complete(_abandon_tasks())
        asyncio.set_event_loop(None)
        loop.close()
    return monitor.stack_outputs


async def _in_stack(program: Callable[[], None], monitor: _Monitor) -> None:
    kept: dict[str, Any] = {}

    def wrapped() -> None:
        program()
        kept.update(getattr(settings.get_root_resource(), "outputs", {}))

    await stack_runtime.run_in_stack(wrapped)
    for key, value in kept.items():
        monitor.stack_outputs[key] = await _resolve(value)


async def _abandon_tasks() -> None:
    """After a failure, nothing of the program goes on in the next one."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _resolve(value: Any) -> Any:
    output = pulumi.Output.from_input(value)
    if not await output.is_known():
        known = await output.future(with_unknowns=True)
        return _marked(known)
    resolved = _marked(await output.future())
    return Secret(resolved) if await output.is_secret() else resolved


def _marked(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _marked(each) for key, each in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, (list, tuple)):
        return [_marked(each) for each in value]  # pyright: ignore[reportUnknownVariableType]
    return UNKNOWN if isinstance(value, pulumi.output.Unknown) else value


class _Inline(ThreadPoolExecutor):
    """Runs what it is given at once, in the calling thread."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - handed to whoever awaits the future
            future.set_exception(error)
        return future


class _NoMocks(mocks.Mocks):
    """Pulumi asks for mocks beside the monitor; the monitor answers everything itself."""

    def call(self, args: mocks.MockCallArgs) -> Any:
        raise NotImplementedError(args.token)

    def new_resource(self, args: mocks.MockResourceArgs) -> Any:
        raise NotImplementedError(args.typ)


class DuplicateNameError(pulumi.RunError):
    """Two resources of one type and parent type have the same name."""


class _Monitor(mocks.MockMonitor):
    """Keeps whole requests and answers from the simulation."""

    def __init__(
        self,
        world: simulate.World,
        mode: Mode,
        given: ProgramInput,
    ) -> None:
        super().__init__(_NoMocks())
        self.recorded: list[Recorded] = []
        self.stack_outputs: dict[str, Any] = {}
        self._world = world
        self._preview = mode == "preview"
        self._given = given
        self._urns: set[str] = set()
        self._retained: set[str] = set()

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """The engine's own form: the parents' types, without the stack's, joined by `$`."""
        qualified = parent.split("::")[2] if parent else STACK_TYPE
        chain = type_ if qualified == STACK_TYPE else f"{qualified}${type_}"
        return f"urn:pulumi:{self._given.stack}::{self._given.project}::{chain}::{name}"

    def RegisterResource(self, request: Any) -> Any:
        """Record one registration."""
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == STACK_TYPE:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        if urn in self._urns:
            raise DuplicateNameError(f"two resources share the URN {urn}")
        self._urns.add(urn)
        inputs = decode(request.object)
        id_, outputs = self._answer(request, urn, inputs)
        self._keep(request, urn, inputs, id_, outputs)
        return resource_pb2.RegisterResourceResponse(urn=urn, id=id_, object=encode(outputs))

    def ReadResource(self, request: Any) -> Any:
        """Answer a stack reference; nothing else is read."""
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type != REFERENCE_TYPE:
            raise simulate.UnknownResourceTypeError(f"a read of {request.type} is not simulated")
        known = self._world.stack_outputs.get(request.name)
        outputs: dict[str, Any] = {
            "name": request.name,
            "outputs": UNKNOWN if known is None else known,
            "secretOutputNames": [],
        }
        return resource_pb2.ReadResourceResponse(urn=urn, properties=encode(outputs))

    def Invoke(self, request: Any) -> Any:
        """Answer a function call."""
        try:
            result = simulate.invoke(request.tok, decode(request.args), self._world)
        except simulate.RefusedError as refused:
            failure = provider_pb2.CheckFailure(reason=str(refused))
            return resource_pb2.ResourceInvokeResponse(failures=[failure])
        answer: dict[str, Any] = {"return": encode(result)}  # a keyword of Python
        return resource_pb2.ResourceInvokeResponse(**answer)

    def _answer(
        self, request: Any, urn: str, inputs: dict[str, Any]
    ) -> tuple[str, Mapping[str, Any]]:
        if not request.custom:
            return "", {}
        if request.type == PROVIDER_TYPE:
            # The provider adds its default tags to everything it makes.
            tags = json.loads(inputs.get("defaultTags") or "{}").get("tags", {})
            self._world = dataclasses.replace(self._world, default_tags=tags)
        return simulate.outputs(
            request.type,
            request.name,
            inputs,
            world=self._world,
            preview=self._preview,
            parent=parent_types(urn),
        )

    def _keep(
        self, request: Any, urn: str, inputs: dict[str, Any], id_: str, outputs: Mapping[str, Any]
    ) -> None:
        parent = request.parent
        # A child without an answer of its own follows its parent, which the engine sees to.
        own = request.HasField("retainOnDelete")
        retained = request.retainOnDelete if own else parent in self._retained
        if retained:
            self._retained.add(urn)
        self.recorded.append(
            Recorded(
                urn=urn,
                type=request.type,
                name=request.name,
                custom=request.custom,
                parent="" if f"::{STACK_TYPE}::" in parent else parent,
                inputs=inputs,
                outputs=outputs,
                id=id_,
                dependencies=tuple(sorted(request.dependencies)),
                property_dependencies={
                    key: tuple(sorted(value.urns))
                    for key, value in request.propertyDependencies.items()
                    if value.urns
                },
                protect=request.protect,
                retain_on_delete=retained,
                delete_before_replace=request.deleteBeforeReplace,
                ignore_changes=tuple(request.ignoreChanges),
                replace_on_changes=tuple(request.replaceOnChanges),
                additional_secret_outputs=tuple(request.additionalSecretOutputs),
                aliases=tuple(
                    sorted(
                        [*request.aliasURNs, *(self._alias(request, a) for a in request.aliases)]
                    )
                ),
                provider=request.provider,
                remote=request.remote,
            )
        )

    def _alias(self, request: Any, alias: Any) -> str:
        """The URN that an alias stands for; what it leaves out is the resource's own."""
        if alias.urn:
            return str(alias.urn)
        spec = alias.spec
        parent = "" if spec.noParent else spec.parentUrn or request.parent
        return self.make_urn(parent, spec.type or request.type, spec.name or request.name)


def parent_types(urn: str) -> str:
    """The types of a resource's parents, from its URN: they keep children of one name apart."""
    return urn.split("::")[2].rpartition("$")[0]


def children(resources: Sequence[Recorded]) -> dict[str, list[Recorded]]:
    """Resources by the URN of their parent, in the program's order."""
    found: dict[str, list[Recorded]] = {}
    for each in resources:
        found.setdefault(each.parent, []).append(each)
    return found
