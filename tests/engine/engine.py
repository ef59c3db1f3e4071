"""The real Pulumi engine on real stack files: this process is its program and its AWS."""

from __future__ import annotations

import gc
import json
import os
import runpy
import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

from pulumi import RunError, automation
from pulumi.automation import events
from pulumi.automation._server import LanguageServer
from pulumi.runtime import settings

from tests.engine.provider import SimulatedAws, serving

ROOT = Path(__file__).resolve().parents[2]
ONE_CONTROL = ROOT / "tests" / "engine" / "pack"
ANALYZER = "pulumi-analyzer-policy-python"
"""The name under which the engine looks for a Python policy pack's host."""

LOST = "failed to connect to all addresses"
"""What gRPC says where the engine's server is not there."""
ENDING_SECONDS = 10
"""How long an operation waits for its program, which may outlive the engine by some calls."""

Answer = TypeVar("Answer")

_sdk_exception = settings.grpc_error_to_exception
_sdk_run = LanguageServer.Run

_one_at_a_time = threading.Lock()
"""The SDK keeps its settings for the whole process, so programs can't overlap."""
_program_ended = threading.Condition()
_programs_running = 0


UNREAD = object()
"""Stands for a summary."""


class EngineError(Exception):
    """The engine refused; the text is what the person at the terminal reads."""


@dataclass(frozen=True)
class Outcome:
    """What the engine did in one operation."""

    changes: Mapping[str, int]
    """Resources by what happens to them: `create`, `same`, `update`, `delete`, ..."""
    output: str
    """What the person at the terminal reads."""
    violations: tuple[events.PolicyEvent, ...] = ()
    resources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Any])
    """By URN: a preview's goals (`type`, `name`, `parent`, `dependencies`, `protect`, ...), or
    the state that the engine keeps after an operation."""

    @property
    def changed(self) -> dict[str, int]:
        """The changes other than `same`."""
        return {kind: count for kind, count in self.changes.items() if kind != "same" and count}


class EngineStack:
    """One stack of one project in the engine, with an AWS of its own."""

    def __init__(self, stack: automation.Stack, folder: Path, aws: SimulatedAws) -> None:
        # After each operation the SDK would start the engine three times more, for outputs and a
        # summary; nobody asks for them here.
        vars(stack).update(outputs=dict, info=lambda _: UNREAD)
        self._stack = stack
        self.folder = folder
        """The copy of the project's files that the engine reads."""
        self.aws = aws

    @property
    def file(self) -> Path:
        """The copy of `Pulumi.<stack>.yaml`."""
        return self.folder / f"Pulumi.{self._stack.name}.yaml"

    def rewrite(self, text: str) -> None:
        """Put another stack file in place; the next operation reads it."""
        salt = self._salt()
        self.file.write_text(text if not salt else f"{text.rstrip()}\n{salt}\n", encoding="utf-8")

    def _salt(self) -> str:
        """The line that the engine adds to a stack file when it makes the stack."""
        lines = self.file.read_text(encoding="utf-8").splitlines()
        return next((line for line in lines if line.startswith("encryptionsalt:")), "")

    def preview(
        self, *, pack: Path | None = None, pack_config: Mapping[str, Any] | None = None
    ) -> Outcome:
        """`pulumi preview`: what would happen.

        Args:
            pack: folder of a policy pack to attach.
            pack_config: the pack's configuration by policy, as its JSON file has it.

        Raises:
            EngineError: the program, the provider or a mandatory policy refused.
        """
        plan = self.folder / "plan.json"
        seen: list[events.EngineEvent] = []
        packs, configs = self._packs(pack, pack_config)
        result = _run(
            lambda: self._stack.preview(
                policy_packs=packs,
                policy_pack_configs=configs,
                plan=str(plan),
                on_event=seen.append,
                color="never",
            )
        )
        plans = json.loads(plan.read_text(encoding="utf-8"))["resourcePlans"]
        goals = {urn: element["goal"] for urn, element in plans.items() if "goal" in element}
        changes = {getattr(k, "value", k): n for k, n in result.change_summary.items()}
        return Outcome(changes, result.stdout, _violations(seen), goals)

    def up(
        self, *, pack: Path | None = None, pack_config: Mapping[str, Any] | None = None
    ) -> Outcome:
        """`pulumi up`: makes it so.

        Raises:
            EngineError: the program, the provider or a mandatory policy refused.
        """
        seen: list[events.EngineEvent] = []
        packs, configs = self._packs(pack, pack_config)
        result = _run(
            lambda: self._stack.up(
                policy_packs=packs,
                policy_pack_configs=configs,
                on_event=seen.append,
                color="never",
            )
        )
        return Outcome(self._changes(), result.stdout, _violations(seen), self.state())

    def _packs(
        self, pack: Path | None, config: Mapping[str, Any] | None
    ) -> tuple[list[str] | None, list[str] | None]:
        if pack is None:
            return None, None
        if config is None:
            return [str(pack)], None
        file = self.folder / "pack.json"
        file.write_text(json.dumps(config), encoding="utf-8")
        return [str(pack)], [str(file)]

    def refresh(self) -> Outcome:
        """`pulumi refresh`: compares the state with what exists."""
        result = _run(lambda: self._stack.refresh(color="never"))
        return Outcome(self._changes(), result.stdout, (), self.state())

    def preview_json(self) -> str:
        """What `pulumi preview --refresh --show-sames --json` prints."""
        command = self._stack.workspace.pulumi_command
        run = command.run

        def with_sames(args: list[str], *rest: Any) -> Any:
            return run([*args, "--show-sames"], *rest)

        with mock.patch.object(command, "run", with_sames):
            return _run(lambda: self._stack.preview(refresh=True, json=True, color="never")).stdout

    def refresh_json(self) -> str:
        """What `pulumi refresh --preview-only --json` prints."""
        return self._output(["refresh", "--preview-only", "--json", "--color", "never"])

    def _output(self, command: list[str]) -> str:
        workspace = self._stack.workspace
        whole = [*command, "--stack", self._stack.name]
        done = _run(
            lambda: workspace.pulumi_command.run(whole, str(self.folder), workspace.env_vars)
        )
        return done.stdout

    def destroy(self, *, exclude_protected: bool = False) -> Outcome:
        """`pulumi destroy`, with or without `--exclude-protected`.

        Raises:
            EngineError: something is protected.
        """
        result = _run(
            lambda: self._stack.destroy(color="never", exclude_protected=exclude_protected)
        )
        return Outcome(self._changes(), result.stdout, (), self.state())

    def command(self, *words: str) -> str:
        """Any other command of the engine's, of this stack; what it prints."""
        return self._output([*words, "--color", "never"])

    def unprotect(self) -> None:
        """`pulumi state unprotect --all`, which an operator runs before a destroy."""
        workspace = self._stack.workspace
        command = ["state", "unprotect", "--all", "--yes", "--stack", self._stack.name]
        _run(lambda: workspace.pulumi_command.run(command, str(self.folder), workspace.env_vars))

    def export(self) -> dict[str, Any]:
        """`pulumi stack export`: the state as its JSON file has it."""
        return {"version": 3, "deployment": self._stack.export_stack().deployment}

    def replace_state(self, exported: Mapping[str, Any]) -> None:
        """`pulumi stack import`."""
        self._stack.import_stack(automation.Deployment(3, exported["deployment"]))

    def state(self) -> dict[str, Mapping[str, Any]]:
        """The resources that the engine keeps, by URN."""
        kept = self._kept("stacks") / f"{self._stack.name}.json"
        if kept.exists():
            deployment = json.loads(kept.read_text(encoding="utf-8"))["checkpoint"].get("latest")
        else:
            deployment = self._stack.export_stack().deployment
        return {resource["urn"]: resource for resource in (deployment or {}).get("resources", [])}

    def _changes(self) -> dict[str, int]:
        """Resources by what the last operation did with them."""
        history = sorted((self._kept("history") / self._stack.name).glob("*.history.json"))
        if history:
            return json.loads(history[-1].read_text(encoding="utf-8")).get("resourceChanges") or {}
        # The state is kept elsewhere than in the folder, where only the engine can look.
        summary = automation.Stack.info(self._stack)
        return dict((summary and summary.resource_changes) or {})

    def _kept(self, what: str) -> Path:
        """The folder in which the engine keeps its states or its history: to read it takes nothing,
        while each command of the engine's takes a second of a core."""
        return self.folder / "state" / ".pulumi" / what / _project_name(self.folder)


class Engine:
    """Makes stacks in the real engine; everything it made ends with the block it serves."""

    def __init__(self, folder: Path, closing: ExitStack) -> None:
        self._folder = folder
        self._closing = closing
        self._count = 0
        self._command = automation.PulumiCommand()

    def stack(
        self,
        project: Path,
        stack: str,
        *,
        text: str | None = None,
        backend: Mapping[str, str] | None = None,
        secrets_provider: str | None = None,
    ) -> EngineStack:
        """A fresh stack of the project, with nothing in it.

        Args:
            project: folder of `Pulumi.yaml`, copied so that the engine can write its salt.
            stack: the stack's name.
            text: another stack file instead of `Pulumi.<stack>.yaml`.
            backend: environment that says where the state is kept; a folder where nothing is said.
            secrets_provider: what encrypts the stack's own key; a passphrase where nothing is said.
        """
        self._count += 1
        folder = self._folder / f"{self._count}-{stack}"
        (folder / "state").mkdir(parents=True)
        for file in (*project.glob("Pulumi*.yaml"), *project.glob("trellis.*.context.json")):
            shutil.copy(file, folder)
        if project != ROOT:  # the root's folders are Trellis itself
            for own in (path for path in project.iterdir() if path.is_dir()):
                if own.name != "build":
                    shutil.copytree(own, folder / own.name)
        _point_at_program(folder / "Pulumi.yaml")
        if text is not None:
            (folder / f"Pulumi.{stack}.yaml").write_text(text, encoding="utf-8")
        aws, port = self._closing.enter_context(serving())
        made = automation.create_stack(
            stack,
            program=lambda: _program(folder),
            project_name=_project_name(project),
            opts=automation.LocalWorkspaceOptions(
                work_dir=str(folder),
                secrets_provider=secrets_provider,
                pulumi_command=self._command,
                env_vars={
                    "PULUMI_BACKEND_URL": f"file://{folder}/state",
                    "PULUMI_CONFIG_PASSPHRASE": "engine-tests",
                    "PULUMI_DEBUG_PROVIDERS": f"aws:{port}",
                    "PULUMI_HOME": str(self._folder / "home"),
                    "PULUMI_SKIP_UPDATE_CHECK": "true",
                    **(backend or {}),
                },
            ),
        )
        return EngineStack(made, folder, aws)


@contextmanager
def running(folder: Path) -> Iterator[Engine]:
    """The engine with everything it needs on PATH, and nothing left when the block ends."""
    tools = folder / "bin"
    tools.mkdir()
    shim = tools / ANALYZER
    # The engine hands on the pack's own runtime options, and stands in the pack's folder.
    shim.write_text(
        "#!/bin/sh\npython=python3\n"
        'for option in "$@"; do case $option in\n'
        "    -virtualenv=*) python=${option#-virtualenv=}/bin/python ;;\n"
        'esac; done\nexec "$python" -u -m pulumi.policy "$1" "$2"\n'
    )
    shim.chmod(0o755)
    before = os.environ["PATH"]
    os.environ["PATH"] = os.pathsep.join([str(tools), str(ROOT / ".engine"), before])
    try:
        with (
            mock.patch.object(settings, "grpc_error_to_exception", _with_details),
            mock.patch.object(LanguageServer, "Run", _counted),
            ExitStack() as closing,
        ):
            yield Engine(folder, closing)
    finally:
        os.environ["PATH"] = before


def _with_details(error: Any) -> Exception:
    """What the SDK makes of a failed call; of a lost connection also why gRPC lost it."""
    made = _sdk_exception(error)
    return RunError(f"{made} ({error.details()})") if isinstance(made, RunError) else made


def _point_at_program(file: Path) -> None:
    """Name the repository as the program's folder, on a line that moves no other."""
    lines = file.read_text(encoding="utf-8").splitlines()
    main = f"main: {ROOT}"
    kept = [main if line.startswith("main:") else line for line in lines]
    file.write_text("\n".join(kept if main in kept else [*kept, main]) + "\n", encoding="utf-8")


def _program(folder: Path) -> None:
    """The real program as the language host runs it: in its own folder, knowing the project's."""
    settings.SETTINGS.root_directory = str(folder)
    before, path = Path.cwd(), list(sys.path)
    os.chdir(ROOT)
    try:
        runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__")
    finally:
        os.chdir(before)
        sys.path[:] = path


def _counted(self: LanguageServer, request: Any, context: Any) -> Any:
    """Run a program as the SDK does, and tell when it has ended."""
    global _programs_running  # noqa: PLW0603 - of this process, as the SDK's own settings are
    with _program_ended:
        _programs_running += 1
    try:
        return _sdk_run(self, request, context)
    finally:
        with _program_ended:
            _programs_running -= 1
            _program_ended.notify_all()


def _run(operation: Callable[[], Answer]) -> Answer:
    """Do an operation once its forerunner's program has ended.

    On a busy machine one of some thousand finds the engine's server gone before it has registered
    anything; that one is done again.
    """
    with _one_at_a_time:
        for attempt in (1, 2, 3):
            try:
                return operation()
            except automation.CommandError as error:
                message = str(error)
            finally:
                with _program_ended:
                    _program_ended.wait_for(lambda: not _programs_running, ENDING_SECONDS)
            if LOST not in message or attempt == 3:
                break
        # A refused program leaves its coroutine and loop to the garbage collector. It comes here,
        # and not in the thread of the next program, where CPython 3.11 has crashed of it.
        gc.collect()
    raise EngineError(message)


def _violations(seen: list[events.EngineEvent]) -> tuple[events.PolicyEvent, ...]:
    return tuple(request.policy_event for request in seen if request.policy_event is not None)


def _project_name(project: Path) -> str:
    text = (project / "Pulumi.yaml").read_text(encoding="utf-8")
    named = next(line for line in text.splitlines() if line.startswith("name:"))
    return named.removeprefix("name:").strip()
