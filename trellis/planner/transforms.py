"""Applies a program's transforms as the engine does.

A program registers them for one resource and its children (`ResourceOptions.transforms`), for the
whole stack (`register_resource_transform`) or for function calls (`register_invoke_transform`). The
engine calls them back: a resource's own first, then its parents', then the stack's (source_eval.go,
Pulumi 3.259).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from google.protobuf.message import Message
from pulumi.runtime import _callbacks
from pulumi.runtime.proto import resource_pb2

_OPTIONS = {
    "depends_on": "dependencies",
    "protect": "protect",
    "ignore_changes": "ignoreChanges",
    "replace_on_changes": "replaceOnChanges",
    "version": "version",
    "aliases": "aliases",
    "provider": "provider",
    "custom_timeouts": "customTimeouts",
    "plugin_download_url": "pluginDownloadURL",
    "retain_on_delete": "retainOnDelete",
    "deleted_with": "deletedWith",
    "delete_before_replace": "deleteBeforeReplace",
    "additional_secret_outputs": "additionalSecretOutputs",
    "import": "importId",
    "hide_diff": "hideDiffs",
    "replace_with": "replace_with",
}
"""Options as a transform sees them, and as a registration has them."""


class Transforms:
    """All transforms of one run."""

    def __init__(self) -> None:
        self.of_stack: list[Any] = []
        self.of_functions: list[Any] = []
        self._of_resources: dict[str, list[Any]] = {}
        self._parents: dict[str, str] = {}

    @property
    def any(self) -> bool:
        """Whether the program has registered one."""
        return bool(self.of_stack or self.of_functions or self._of_resources)

    def of(self, request: Any, urn: str) -> list[Any]:
        """Those that a registration goes through, in their order."""
        self._parents[urn] = request.parent
        if request.transforms:
            self._of_resources[urn] = list(request.transforms)
        found: list[Any] = []
        place = urn
        while place:
            found += self._of_resources.get(place, ())
            place = self._parents.get(place, "")
        return [*found, *self.of_stack]

    async def registration(self, request: Any, callbacks: Sequence[Any]) -> Any:
        """The registration as its transforms leave it."""
        for callback in callbacks:
            asked = resource_pb2.TransformRequest(
                type=request.type, name=request.name, custom=request.custom, parent=request.parent
            )
            asked.properties.CopyFrom(request.object)
            for option, field in _OPTIONS.items():
                _copy(request, field, asked.options, option)
            answer = cast("Any", await _call(callback, asked))
            request.object.CopyFrom(answer.properties)
            if answer.HasField("options"):
                for option, field in _OPTIONS.items():
                    _copy(answer.options, option, request, field)
        return request

    async def function(self, request: Any) -> Any:
        """A function call as its transforms leave it."""
        for callback in self.of_functions:
            asked = resource_pb2.TransformInvokeRequest(token=request.tok)
            asked.args.CopyFrom(request.args)
            asked.options.provider = request.provider
            answer = cast("Any", await _call(callback, asked))
            request.args.CopyFrom(answer.args)
            if answer.HasField("options"):
                request.provider = answer.options.provider
        return request


def _copy(source: Any, name: str, target: Any, other: str) -> None:
    """One option from message to message; what is not set there is not set here."""
    field = source.DESCRIPTOR.fields_by_name[name]
    target.ClearField(other)
    if field.label == field.LABEL_REPEATED:
        getattr(target, other).extend(getattr(source, name))
    elif field.has_presence and not source.HasField(name):
        return
    elif field.message_type is not None:
        getattr(target, other).CopyFrom(getattr(source, name))
    elif value := getattr(source, name):
        setattr(target, other, value)


async def _call(callback: Any, asked: Message) -> Message:
    """Calls a program's function, which waits in this process."""
    servicers = _callbacks._CallbackServicer._servicers  # pyright: ignore[reportPrivateUsage]
    for servicer in servicers:
        function = servicer._callbacks.get(callback.token)  # pyright: ignore[reportPrivateUsage]
        if function is not None:
            return await function(asked.SerializeToString())
    raise LookupError(f"no function of the program for the transform {callback.token}")
