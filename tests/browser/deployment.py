"""One `up` of a site's content, played from its recording: the archive, then the real handler.

What the handler changes is noted and done a step at a time, so that tests look between the steps.
"""

from __future__ import annotations

import importlib.util
import io
import json
import sys
import zipfile
from collections.abc import Callable, Iterator
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
    """`put`, `delete` or `invalidate`."""
    target: str
    """Object keys, parted by spaces, or the distribution's id."""
    run: Callable[[], Any] = field(repr=False)


class Deferred:
    """Clients that read at once and note what the handler would change, to be done step by step."""

    def __init__(self, s3: Any, cloudfront: Any) -> None:
        self.steps: list[Step] = []
        self.exceptions = s3.exceptions
        self.get_object = s3.get_object
        self.download_file = s3.download_file
        self._s3 = s3
        self._cloudfront = cloudfront

    def put_object(self, **asked: Any) -> None:
        """Note one object; every file of the shop is small enough for this call."""
        self.steps.append(Step("put", asked["Key"], lambda: self._s3.put_object(**asked)))

    def delete_objects(self, **asked: Any) -> dict[str, Any]:
        """Note what goes."""
        keys = " ".join(stored["Key"] for stored in asked["Delete"]["Objects"])
        self.steps.append(Step("delete", keys, lambda: self._s3.delete_objects(**asked)))
        return {}

    def create_invalidation(self, **asked: Any) -> None:
        """Note what CloudFront is told."""
        self.steps.append(
            Step(
                "invalidate",
                asked["DistributionId"],
                lambda: self._cloudfront.create_invalidation(**asked),
            )
        )


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
    """What earlier deployments made, by type."""

    def up(self, recording: Recording) -> list[Step]:
        """All that a deployment does, done; a deployment of what is there does nothing."""
        return list(self.steps(recording))

    def steps(
        self, recording: Recording, until: str | None = None, *, pages_first: bool = False
    ) -> Iterator[Step]:
        """The same, a step at a time. A deployment that is whole counts for the next one, as in
        the engine's state.

        Args:
            until: breaks off before the step with this target or action.
            pages_first: in an order that no deployment should have.
        """
        archive, invocation = (self._of_site(recording, type_) for type_ in (OBJECT, INVOCATION))
        assert archive.urn in invocation.dependencies, "the function would unpack the old archive"
        if self._differs(archive):
            step = self._archive(archive)
            step.run()
            self.live[OBJECT] = archive
            yield step
        if not self._differs(invocation):
            return
        steps = self._invoked(recording, invocation)
        if pages_first:
            steps.sort(key=lambda step: not step.target.endswith(".html"))
        for step in steps:
            if until in (step.target, step.action):
                return
            step.run()
            yield step
        self.live[INVOCATION] = invocation

    def _of_site(self, recording: Recording, type_: str) -> Recorded:
        parent = f"trellis:sites:Content::{self.site}"
        [found] = [
            resource for resource in recording.of_type(type_) if resource.parent.endswith(parent)
        ]
        return found

    def _differs(self, new: Recorded) -> bool:
        before = self.live.get(new.type)
        return before is None or _inputs(before) != _inputs(new)

    def _archive(self, new: Recorded) -> Step:
        """As the engine packs the files."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for key, file in new.inputs["source"].value.items():
                archive.write(file.value, key)
        inputs = new.inputs
        return Step(
            "put",
            inputs["key"],
            lambda: self.s3.put_object(
                Bucket=inputs["bucket"],
                Key=inputs["key"],
                Body=packed.getvalue(),
                ContentType=inputs["contentType"],
            ),
        )

    def _invoked(self, recording: Recording, invocation: Recorded) -> list[Step]:
        """What the real handler does, not done yet."""
        name = invocation.inputs["functionName"]
        function = next(
            resource for resource in recording.of_type(FUNCTION) if resource.inputs["name"] == name
        ).inputs
        module_name, _, entry = function["handler"].rpartition(".")
        module = _module(Path(function["code"].value[f"{module_name}.py"].value))
        deferred = Deferred(self.s3, self.cloudfront)
        getattr(module, entry)(
            self._event(invocation),
            SimpleNamespace(aws_request_id="00000000-0000-4000-8000-000000000000"),
            s3=deferred,
            cloudfront=deferred,
            now=self.now(),
        )
        return deferred.steps

    def _event(self, invocation: Recorded) -> dict[str, Any]:
        """The input, to which the provider adds the one before where the lifecycle is `CRUD`."""
        assert invocation.inputs["lifecycleScope"] == "CRUD"
        before = self.live.get(INVOCATION)
        event = json.loads(invocation.inputs["input"])
        event[invocation.inputs.get("terraformKey", "tf")] = {
            "action": "update" if before else "create",
            "prev_input": json.loads(before.inputs["input"]) if before else None,
        }
        return event


def _inputs(resource: Recorded) -> dict[str, Any]:
    """What makes the engine touch it: of files, the content and not the place."""
    return {name: value for name, value in resource.inputs.items() if name != "source"}


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"deployed_{path.parent.name}", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    # Its dataclasses look their module up.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
