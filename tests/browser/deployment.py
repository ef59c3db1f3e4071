"""One `up` of a site's content, played from its recording: objects into S3, then the real handler.

The engine makes resources in any order that their dependencies allow. The order here is the worst
of these for a visitor: pages as early as they may come, and what they name as late.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from trellis.planner.record import Recorded, Recording

OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
INVOCATION = "aws:lambda/invocation:Invocation"
FUNCTION = "aws:lambda/function:Function"


@dataclass(frozen=True)
class Step:
    """One thing that `up` does."""

    action: str
    """`put`, `delete` or `invoke`."""
    target: str
    """Object key, or name of a function."""
    run: Callable[[], Any] = field(repr=False)


@dataclass
class Deployments:
    """The deployments of one site, one after the other.

    Args of the constructor:
        site: the stack file's key.
        s3, cloudfront: boto3's clients.
        now: the time that the handler sees.
    """

    site: str
    s3: Any
    cloudfront: Any
    now: Callable[[], datetime]
    live: dict[str, Recorded] = field(default_factory=dict[str, Recorded])
    """What earlier deployments made, by URN."""

    def up(self, recording: Recording) -> list[Step]:
        """All that a deployment does, done; a deployment of what is there does nothing."""
        return list(self.steps(recording))

    def steps(self, recording: Recording, until: str | None = None) -> Iterator[Step]:
        """The same, a step at a time. What was done counts for the next deployment, as the
        engine's state does.

        Args:
            until: breaks off before the step with this target.
        """
        content = {
            each.urn: each
            for each in recording
            if each.type in {OBJECT, INVOCATION} and self._is_of_site(each)
        }
        for urn in _worst_order(content):
            new = content[urn]
            before = self.live.get(urn)
            if before is None or _inputs(before) != _inputs(new):
                step = self._step(recording, new)
                if step.target == until:
                    return
                step.run()
                self.live[urn] = new
                yield step
        for urn in [each for each in self.live if each not in content]:
            gone = self.live.pop(urn)
            if gone.type == OBJECT and not gone.retain_on_delete:
                step = self._delete(gone)
                step.run()
                yield step

    def _is_of_site(self, each: Recorded) -> bool:
        return each.parent.endswith(f"trellis:sites:Content::{self.site}")

    def _step(self, recording: Recording, new: Recorded) -> Step:
        if new.type == INVOCATION:
            return self._invoke(recording, new)
        said = new.inputs
        text = said.get("content")
        body = text.encode() if text is not None else Path(said["source"].value).read_bytes()
        asked = {"ContentType": said["contentType"]}
        if "cacheControl" in said:
            asked["CacheControl"] = said["cacheControl"]

        def put() -> None:
            self.s3.put_object(Bucket=said["bucket"], Key=said["key"], Body=body, **asked)

        return Step("put", said["key"], put)

    def _delete(self, gone: Recorded) -> Step:
        bucket, key = gone.inputs["bucket"], gone.inputs["key"]
        return Step("delete", key, lambda: self.s3.delete_object(Bucket=bucket, Key=key))

    def _invoke(self, recording: Recording, invocation: Recorded) -> Step:
        name = invocation.inputs["functionName"]
        function = next(
            each for each in recording.of_type(FUNCTION) if each.inputs["name"] == name
        ).inputs

        event = self._event(invocation)

        def invoke() -> Any:
            module_name, _, entry = function["handler"].rpartition(".")
            module = _module(Path(function["code"].value[f"{module_name}.py"].value))
            with _environment(function["environment"]["variables"]):
                return getattr(module, entry)(
                    event,
                    SimpleNamespace(aws_request_id="00000000-0000-4000-8000-000000000000"),
                    s3=self.s3,
                    cloudfront=self.cloudfront,
                    now=self.now(),
                )

        return Step("invoke", name, invoke)

    def _event(self, invocation: Recorded) -> dict[str, Any]:
        """The input, to which the provider adds the one before where the lifecycle is `CRUD`."""
        event = json.loads(invocation.inputs["input"])
        if invocation.inputs.get("lifecycleScope", "CREATE_ONLY") == "CREATE_ONLY":
            return event
        before = self.live.get(invocation.urn)
        event[invocation.inputs.get("terraformKey", "tf")] = {
            "action": "update" if before else "create",
            "prev_input": json.loads(before.inputs["input"]) if before else None,
        }
        return event


def _worst_order(content: dict[str, Recorded]) -> Iterator[str]:
    waiting, done = dict(content), set[str]()
    while waiting:
        ready = [
            each
            for each in waiting.values()
            if all(d in done or d not in content for d in each.dependencies)
        ]
        chosen = min(ready, key=_harm)
        done.add(chosen.urn)
        del waiting[chosen.urn]
        yield chosen.urn


def _harm(each: Recorded) -> tuple[int, str]:
    """What tells visitors of files, or the CDN of changes, comes first; scripts come last."""
    key = each.inputs.get("key", "")
    order = 0 if each.type == INVOCATION else 1 if key.endswith(".html") else 2
    return (order, key)


def _inputs(each: Recorded) -> dict[str, Any]:
    """What makes the engine touch it: of a file, the content and not the place."""
    return {name: value for name, value in each.inputs.items() if name != "source"}


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"deployed_{path.parent.name}", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    # Its dataclasses look their module up.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@contextmanager
def _environment(variables: dict[str, str]) -> Generator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
