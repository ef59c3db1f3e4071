"""Run a Trellis program without an engine and keep everything it registers.

The program is the real one: `__main__.py` as Pulumi would run it, under Pulumi's own mock runtime
with a monitor that keeps each request whole and answers with what AWS would return (`simulate`).
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import logging
import os
import runpy
import sys
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pulumi
from pulumi import runtime
from pulumi.runtime import mocks, settings
from pulumi.runtime import stack as stack_runtime

from trellis.packages import refuse_others
from trellis.planner import simulate
from trellis.planner.monitor import DuplicateNameError, Monitor, NoMocks
from trellis.planner.places import with_both_keys
from trellis.planner.recording import (
    EXAMPLE_ACCOUNT,
    KnownSubnet,
    Mode,
    Recorded,
    Recording,
)
from trellis.planner.shortcuts import shortcuts
from trellis.planner.simulate import other_stacks
from trellis.planner.wire import UNKNOWN, Secret
from trellis.stackfile.changing import changed
from trellis.stackfile.context import context_file, in_order, read_context
from trellis.stackfile.layers import Layers
from trellis.stackfile.loading import StackInput, read_stack, using
from trellis.stackfile.problems import KeyPath, Problem, StackFileError
from trellis.stackfile.project import Project
from trellis.stackfile.reading import secure_paths
from trellis.stackfile.resolution import Resolution, resolve

__all__ = [
    "DuplicateNameError",
    "Mode",
    "ProgramInput",
    "Recorded",
    "Recording",
    "record",
    "record_program",
]

ENGINE_VARIABLES = ("PULUMI_CONFIG", "PULUMI_CONFIG_SECRET_KEYS")
"""How the engine hands a program its configuration (`pulumi.runtime.config`, 3.272)."""


DISABLED = "pulumi:disable-default-providers"
"""Configuration key: packages whose resources must name a provider; `*` for all."""


@dataclass(frozen=True)
class ProgramInput:
    """What the engine gives a program: who it is, and its configuration."""

    project: str
    stack: str
    config: Mapping[str, str]
    """Text by key, as in `{"aws:region": "us-east-1"}`."""
    secret_keys: tuple[str, ...] = ()


def record(
    project: Path,
    stack: str,
    mode: Mode = "preview",
    *,
    config_file: Path | None = None,
    stack_outputs: Mapping[str, Mapping[str, Any]] | None = None,
    changes: Mapping[KeyPath, Any] | None = None,
    main: Path | None = None,
    complete: bool = False,
) -> Recording:
    """Run the program of `project` for `stack` and return what it registers.

    Args:
        project: folder of `Pulumi.yaml`.
        config_file: instead of `Pulumi.<stack>.yaml`.
        changes: settings that are other than the files say, by their paths.
        stack_outputs: outputs of other stacks by `org/project/stack`, for stack references.
        main: the program, instead of the one that `Pulumi.yaml` names.
        complete: as if nothing waited: every image is pushed, every secret has its value.

    Raises:
        StackFileError: the stack file is wrong; nothing was registered.
    """
    supposed: dict[str, None] = {}
    files = read_stack(project, stack, config_file)
    if main is not None:
        files = dataclasses.replace(files, project=dataclasses.replace(files.project, main=main))
    if changes:
        files = dataclasses.replace(files, config=changed(files.config, changes))
    if complete:
        files = dataclasses.replace(files, supposed=supposed)
    given = ProgramInput(
        project=files.project.name,
        stack=files.stack,
        config=files.config,
        secret_keys=tuple(key for key, value in files.origins.items() if secure_paths(value.node)),
    )
    resolution = resolve(files.config, files)
    with using(files):
        found = record_program(
            _main_program(files.project),
            given,
            mode,
            stack_outputs=stack_outputs,
            layers=resolution.layers,
        )
    return dataclasses.replace(
        found, known_subnets=_known_subnets(files, resolution), supposed=tuple(supposed)
    )


def _known_subnets(files: StackInput, resolution: Resolution) -> tuple[KnownSubnet, ...]:
    """The subnets of a network that exists, as the context file has them, or of another stack's."""
    network = resolution.settings.network if resolution.settings is not None else None
    if network is not None and network.from_ is not None:
        return tuple(
            KnownSubnet(subnet, "", "", tier)
            for tier, subnets in other_stacks.SUBNETS.items()
            for subnet in subnets
        )
    if network is None or network.existing is None:
        return ()
    context = read_context(context_file(files.file, files.stack))
    found = context.network.subnets if context.network is not None else {}
    return tuple(
        KnownSubnet(subnet.id, subnet.zone, subnet.cidr, tier.value)
        for tier, subnets in found.items()
        for subnet in in_order(subnets, network.existing, tier)
    )


def record_program(
    program: Callable[[], object],
    given: ProgramInput,
    mode: Mode = "preview",
    *,
    stack_outputs: Mapping[str, Mapping[str, Any]] | None = None,
    layers: Layers | None = None,
) -> Recording:
    """Run any function as a Pulumi program with the given configuration.

    Args:
        layers: of the stack file, for the places of what has one name twice.
    """
    world = simulate.World(
        region=given.config.get("aws:region", "us-east-1"),
        account=given.config.get("trellis:account") or EXAMPLE_ACCOUNT,
        stack_outputs=stack_outputs or {},
    )
    monitor = Monitor(
        world,
        mode,
        given.project,
        given.stack,
        no_default_providers=_disabled(given.config.get(DISABLED, "[]")),
    )
    warnings = _Warnings()
    try:
        outputs = _run(program, given, monitor, mode, warnings)
    except DuplicateNameError as error:
        raise with_both_keys(error, monitor.recorded, layers) from None
    return Recording(
        project=given.project,
        stack=given.stack,
        mode=mode,
        region=world.region,
        account=given.config.get("trellis:account") or None,
        resources=tuple(monitor.recorded),
        outputs=outputs,
        warnings=tuple(warnings.messages),
        unknown_types=tuple(sorted(monitor.unknown_types)),
    )


def _disabled(text: str) -> tuple[str, ...]:
    """The packages without a default provider; any other text the engine itself refuses."""
    try:
        packages: Any = json.loads(text)
    except ValueError:
        return ()
    return tuple(map(str, cast("list[Any]", packages))) if isinstance(packages, list) else ()


def _main_program(project: Project) -> Callable[[], None]:
    target = project.main.resolve()
    script = target / "__main__.py" if target.is_dir() else target
    if not script.is_file():
        allowed = "a folder with a __main__.py, or a script"
        found = f"no program at {script}"
        raise StackFileError([Problem(("main",), found, allowed, source=project.main_place)])

    def program() -> None:
        refuse_others([str(script.parent)])
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


class _Warnings(logging.Handler):
    """Keeps what the program warns of, each once, in its order."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one message."""
        self.messages.setdefault(record.getMessage())


def _run(
    program: Callable[[], object],
    given: ProgramInput,
    monitor: Monitor,
    mode: Mode,
    warnings: logging.Handler,
) -> Mapping[str, Any]:
    loop = _Loop(monitor)
    asyncio.set_event_loop(loop)
    logger = logging.Logger("trellis.program")
    logger.addHandler(warnings)
    runtime.set_all_config(dict(given.config), list(given.secret_keys))
    try:
        mocks.set_mocks(
            NoMocks(),
            project=given.project,
            stack=given.stack,
            preview=mode == "preview",
            logger=logger,
            monitor=monitor,
            organization="organization",
        )
        # What an earlier run that failed left behind is not this one's.
        settings.set_root_resource(None)  # pyright: ignore[reportArgumentType]
        with shortcuts(), _without_engine():
            loop.run_until_complete(_in_stack(program, monitor))
    finally:
        loop.run_until_complete(_abandon_tasks())
        asyncio.set_event_loop(None)
        loop.close()
    return monitor.stack_outputs


@contextlib.contextmanager
def _without_engine() -> Generator[None, None, None]:
    """Configuration that an engine put into the environment is another run's."""
    before = {key: os.environ.pop(key) for key in ENGINE_VARIABLES if key in os.environ}
    try:
        yield
    finally:
        os.environ.update(before)


async def _in_stack(program: Callable[[], object], monitor: Monitor) -> None:
    kept: dict[str, Any] = {}
    made: list[pulumi.Resource] = []

    def wrapped() -> None:
        # Called in each constructor. The SDK registers what waits for several things in an order
        # that differs from run to run; the program's own is the same every time.
        runtime.register_stack_transformation(lambda arguments: made.append(arguments.resource))
        program()
        kept.update(getattr(settings.get_root_resource(), "outputs", {}))

    await stack_runtime.run_in_stack(wrapped)
    monitor.order({urn: place for place, urn in enumerate([await _resolve(r.urn) for r in made])})
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
        return {key: _marked(member) for key, member in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, (list, tuple)):
        return [_marked(member) for member in value]  # pyright: ignore[reportUnknownVariableType]
    return UNKNOWN if isinstance(value, pulumi.output.Unknown) else value


class _Loop(asyncio.SelectorEventLoop):
    """A loop whose futures nobody has to ask for their errors: after a failed registration the SDK
    drops them, and asyncio would complain at any later time, in whatever runs then."""

    def __init__(self, monitor: Monitor) -> None:
        super().__init__()
        self._monitor = monitor
        self.set_exception_handler(_complain)

    def run_in_executor(
        self,
        executor: Any,  # noqa: ARG002 - there is none
        func: Callable[..., Any],
        *args: Any,
    ) -> Any:
        """Answers at once, in the loop's own thread, which is faster and needs no lock.
        An answer that waits is awaited."""
        future: asyncio.Future[Any] = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - handed to whoever awaits the future
            future.set_exception(error)
        return self.create_task(_awaited(future)) if self._monitor.transforming else future


def _complain(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    if "never retrieved" not in context.get("message", ""):
        loop.default_exception_handler(context)


async def _awaited(future: asyncio.Future[Any]) -> Any:
    """The monitor's answer, which waits where transforms have to be called first."""
    answer: Any = await future
    if isinstance(answer, tuple):
        first, *rest = cast("tuple[Any, ...]", answer)
        return (await first if asyncio.iscoroutine(first) else first, *rest)
    return await answer if asyncio.iscoroutine(answer) else answer
