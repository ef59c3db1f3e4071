"""The engine's place in a recording: keeps each request whole and answers from the simulation."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pulumi
from google.protobuf import empty_pb2
from pulumi.runtime import mocks
from pulumi.runtime.proto import provider_pb2, resource_pb2

from trellis.planner import simulate
from trellis.planner.recording import Mode, Recorded
from trellis.planner.simulate import other_stacks
from trellis.planner.transforms import Transforms
from trellis.planner.wire import UNKNOWN, decode, encode

STACK_TYPE = "pulumi:pulumi:Stack"
ROOT_TYPE = "trellis:index:System"
PROVIDER_TYPE = "pulumi:providers:aws"
REFERENCE_TYPE = "pulumi:pulumi:StackReference"


class NoMocks(mocks.Mocks):
    """Pulumi asks for mocks beside the monitor; the monitor answers everything itself."""

    def call(self, args: mocks.MockCallArgs) -> Any:
        raise NotImplementedError(args.token)

    def new_resource(self, args: mocks.MockResourceArgs) -> Any:
        raise NotImplementedError(args.typ)


class DuplicateNameError(pulumi.RunError):
    """Two resources of one type and parent type have the same name."""

    def __init__(self, urn: str, first: str, second: str) -> None:
        """Say which.

        Args:
            first: URN of the parent of the one that had the name before.
            second: URN of the parent of the one that wants it.
        """
        super().__init__(f"two resources share the URN {urn}")
        self.urn = urn
        self.parents = (first, second)


class NoProviderError(pulumi.RunError):
    """A resource or call without a provider, in a project that has disabled the default one."""


class UnansweredCallError(pulumi.RunError):
    """A function call of the program's own that is not simulated."""


class Monitor(mocks.MockMonitor):
    """Keeps whole requests and answers from the simulation."""

    def __init__(
        self,
        world: simulate.World,
        mode: Mode,
        project: str,
        stack: str,
        *,
        no_default_providers: Collection[str] = (),
    ) -> None:
        super().__init__(NoMocks())
        self.unknown_types: set[str] = set()
        """Types of the program's own resources whose outputs nobody here knows."""
        self._no_default = no_default_providers
        self._transforms = Transforms()
        self.recorded: list[Recorded] = []
        self.stack_outputs: dict[str, Any] = {}
        self._world = world
        self._preview = mode == "preview"
        self._project = project
        self._stack = stack
        self._urns: set[str] = set()
        self._retained: set[str] = set()

    @property
    def transforming(self) -> bool:
        """Whether some answers have to be awaited."""
        return self._transforms.any

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """The engine's own form: the parents' types, without the stack's, joined by `$`."""
        qualified = parent.split("::")[2] if parent else STACK_TYPE
        chain = type_ if qualified == STACK_TYPE else f"{qualified}${type_}"
        return f"urn:pulumi:{self._stack}::{self._project}::{chain}::{name}"

    def RegisterResource(self, request: Any) -> Any:
        """Record one registration; the answer is awaited where it goes through transforms."""
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == STACK_TYPE:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        transforms = self._transforms.of(request, urn)
        if transforms:
            return self._transformed(request, urn, transforms)
        return self._registered(request, urn)

    async def _transformed(self, request: Any, urn: str, transforms: Sequence[Any]) -> Any:
        return self._registered(await self._transforms.registration(request, transforms), urn)

    def RegisterStackTransform(self, request: Any) -> Any:
        """Keep a transform of every resource to come."""
        self._transforms.of_stack.append(request)
        return empty_pb2.Empty()

    def RegisterStackInvokeTransform(self, request: Any) -> Any:
        """Keep a transform of every function call to come."""
        self._transforms.of_functions.append(request)
        return empty_pb2.Empty()

    def _registered(self, request: Any, urn: str) -> Any:
        if urn in self._urns:
            first = next(
                (registered.parent for registered in self.recorded if registered.urn == urn), ""
            )
            raise DuplicateNameError(urn, first, request.parent)
        self._urns.add(urn)
        if request.custom or request.remote:
            self._check_provider(request.type, request.name, request.provider)
        inputs = decode(request.object)
        id_, outputs = self._answer(request, urn, inputs)
        if request.importId and id_:
            # The one that exists, wherever the made-up one stood.
            outputs = {
                key: value.replace(id_, request.importId) if isinstance(value, str) else value
                for key, value in outputs.items()
            }
            id_ = request.importId
        self._keep(request, urn, inputs, id_, outputs)
        return resource_pb2.RegisterResourceResponse(urn=urn, id=id_, object=encode(outputs))

    def ReadResource(self, request: Any) -> Any:
        """Answer a stack reference; of anything else that exists only the id is known."""
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type != REFERENCE_TYPE:
            self._check_provider(request.type, request.name, request.provider)
            return resource_pb2.ReadResourceResponse(
                urn=urn, id=request.id, properties=request.properties
            )
        known = self._world.stack_outputs.get(request.name)
        if known is None and not self._preview:
            known = other_stacks.OUTPUTS
        outputs: dict[str, Any] = {
            "name": request.name,
            "outputs": UNKNOWN if known is None else known,
            "secretOutputNames": [],
        }
        return resource_pb2.ReadResourceResponse(urn=urn, properties=encode(outputs))

    def Invoke(self, request: Any) -> Any:
        """Answer a function call; awaited where it goes through transforms."""
        if self._transforms.of_functions:
            return self._transformed_call(request)
        return self._called(request)

    async def _transformed_call(self, request: Any) -> Any:
        return self._called(await self._transforms.function(request))

    def _called(self, request: Any) -> Any:
        self._check_provider(request.tok, "", request.provider)
        try:
            result = simulate.invoke(
                request.tok, decode(request.args), self._world, preview=self._preview
            )
        except simulate.RefusedError as refused:
            failure = provider_pb2.CheckFailure(reason=str(refused))
            return resource_pb2.ResourceInvokeResponse(failures=[failure])
        except simulate.UnknownFunctionError:
            raise UnansweredCallError(
                f"{request.tok} is called, and nobody here knows what it would answer.\n"
                "  allowed  the functions that Trellis itself calls\n"
                "  hint     read a resource by its id instead (`get`), or give the answer in the "
                "stack's configuration"
            ) from None
        answer: dict[str, Any] = {"return": encode(result)}  # a keyword of Python
        return resource_pb2.ResourceInvokeResponse(**answer)

    def _check_provider(self, token: str, name: str, provider: str) -> None:
        """Refuses what the engine refuses where default providers are disabled."""
        package = token.split(":", maxsplit=1)[0]
        disabled = package in self._no_default or "*" in self._no_default
        if provider or not disabled or package == "pulumi":
            return
        subject = f"{token} {name}".rstrip()
        raise NoProviderError(
            f"{subject} has no provider: default provider for '{package}' disabled, it must use "
            "an explicit provider.\n  allowed  one that the program names, or a parent that has "
            "one\n  hint     `system = build(load())`, then `opts=system.child` "
            "(or `provider=system.provider`)"
        )

    def _answer(
        self, request: Any, urn: str, inputs: dict[str, Any]
    ) -> tuple[str, Mapping[str, Any]]:
        if not request.custom:
            return "", {}
        if request.type == PROVIDER_TYPE:
            # The provider adds its default tags to everything it makes.
            tags = json.loads(inputs.get("defaultTags") or "{}").get("tags", {})
            self._world = dataclasses.replace(self._world, default_tags=tags)
        # Trellis's own components make nothing that is not simulated.
        parent = parent_types(urn).rpartition("$")[2]
        own = parent.startswith("trellis:") and parent != ROOT_TYPE
        if not own and request.type not in simulate.resource_types():
            # Somebody else's: what its provider returns is not known here.
            self.unknown_types.add(request.type)
            return ("" if self._preview else request.name), inputs
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
                delete_before_replace=request.deleteBeforeReplace
                if request.deleteBeforeReplaceDefined
                else None,
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
                import_id=request.importId,
            )
        )

    def order(self, places: Mapping[str, int]) -> None:
        """Put what was recorded into the order of these places, by URN; others come last."""
        self.recorded.sort(key=lambda resource: places.get(resource.urn, len(places)))

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
