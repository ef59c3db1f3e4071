"""An AWS provider for the real engine: serves the simulation over gRPC from this process.

It behaves as the real provider does where the engine can tell: computed outputs are unknown in a
preview, changes to identifying properties replace (the old one first where a name was given by
hand), and what was created is there to be read. And it refuses what AWS refuses (`refusing.py`),
and answers updates late and out of order.
"""

# ruff: noqa: N802 - the methods are gRPC's

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from tests.bridge import deletes_first
from tests.engine import refusing
from tests.engine.replacing import replaced_by
from trellis.planner import simulate
from trellis.planner.monitor import parent_types
from trellis.planner.wire import UNKNOWN, Secret, decode, encode

ACCOUNT = "123456789012"
LATE_SECONDS = 0.05
"""How long an update waits for a later one to be answered before it."""

ASKED = {
    "aws:ecs/getService:getService": ("aws:ecs/service:Service", "serviceName", "desiredCount"),
    "aws:lambda/getFunction:getFunction": ("aws:lambda/function:Function", "functionName", "tags"),
}
"""Questions about what was made here: its type, the word that names it, and what is told."""
MESSAGE_BYTES = 400 * 1024 * 1024
"""gRPC's limit for one message, as large as the engine's own."""


@dataclass(frozen=True)
class Checked:
    """The inputs of one resource as the engine handed them to the provider."""

    urn: str
    inputs: Mapping[str, Any]
    """Plain values, `wire.UNKNOWN` or `wire.Secret`."""


@dataclass
class Calls:
    """What the engine asked of the provider since the last `clear`."""

    checked: list[Checked] = field(default_factory=list[Checked])
    created: list[str] = field(default_factory=list[str])
    """URNs, real creations only."""
    updated: list[str] = field(default_factory=list[str])
    deleted: list[str] = field(default_factory=list[str])
    changed: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """What was created, updated and deleted, in that order in time, with its URN."""
    read: list[str] = field(default_factory=list[str])
    invoked: list[str] = field(default_factory=list[str])
    """Function tokens."""

    def inputs(self) -> dict[str, Mapping[str, Any]]:
        """The last checked inputs by URN."""
        return {resource.urn: resource.inputs for resource in self.checked}


class SimulatedAws(provider_pb2_grpc.ResourceProviderServicer):
    """The `aws` provider with a cloud in memory; one engine operation at a time."""

    def __init__(self) -> None:
        self.calls = Calls()
        self.cloud: dict[tuple[str, str], struct_pb2.Struct] = {}
        """What exists, by type and id: outputs as the engine got them."""
        self.by_hand: dict[tuple[str, str], dict[str, Any]] = {}
        """What somebody changed since, by type and Pulumi name: properties that a read finds."""
        self.detailed = False
        """Whether differences are told property by property, as the bridged provider does."""
        self._labels: dict[tuple[str, str], str] = {}
        """By type and id, what an id of AWS's own was made of, where it is not the Pulumi name."""
        self._there_before: dict[tuple[str, str], struct_pb2.Struct] = {}
        """Inputs of what nobody here made, by type and id: what an import reads."""
        self._lock = threading.Lock()
        self._moving: dict[tuple[str, str], set[str]] = {}
        """Names of former groups that something uses until its maintenance window."""
        self._overtaken: threading.Event | None = None
        self._world = simulate.World(region="us-east-1", account=ACCOUNT)

    def clear(self) -> None:
        """Forget every call and everything that exists."""
        self.calls = Calls()
        self.cloud = {}
        self._moving = {}

    def unprotect(self) -> None:
        """Deletion protection comes off by hand, as an operator does before a destroy."""
        for state in self.cloud.values():
            for key in refusing.PROTECTION:
                if key in state.fields:
                    state.fields[key].bool_value = False

    def remove(self, urns: Collection[str]) -> None:
        """What Pulumi would leave in AWS is deleted by hand, so that nothing is in use by it."""
        types = {_type(urn) for urn in urns}
        for key in [key for key in self.cloud if key[0] in types]:
            del self.cloud[key]

    def exists(self, type_: str, id_: str, inputs: Mapping[str, Any]) -> None:
        """Something that somebody else made, to be imported."""
        name = f"urn:pulumi:dev::shop::{type_}::{id_}"
        _, outputs = simulate.outputs(
            type_, id_, dict(inputs), world=self._world, preview=False, parent=""
        )
        state = encode({**outputs, **inputs, "id": id_})
        refusing.refuse_creation(self._thing(_type(name), id_, state), self._there())
        self.cloud[type_, id_] = state
        self._there_before[type_, id_] = encode(dict(inputs))

    def things(self, type_: str) -> list[Mapping[str, Any]]:
        """What exists of a type: outputs as plain values."""
        return [thing.outputs for thing in self._there() if thing.type == type_]

    def _there(self) -> Iterator[refusing.Thing]:
        for (type_, id_), state in self.cloud.items():
            yield self._thing(type_, id_, state)

    def _thing(self, type_: str, id_: str, state: struct_pb2.Struct) -> refusing.Thing:
        outputs = {key: _plain(value) for key, value in decode(state).items()}
        also = frozenset(self._moving.get((type_, id_), ()))
        return refusing.Thing(type_, id_, outputs, also)

    def Handshake(self, request: Any, context: Any) -> Any:
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version="7.51.1")

    def GetSchema(self, request: Any, context: Any) -> Any:
        return provider_pb2.GetSchemaResponse(schema='{"name": "aws", "version": "7.51.1"}')

    def CheckConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(self, request: Any, context: Any) -> Any:
        arguments = {key: _plain(value) for key, value in decode(request.args).items()}
        tags = arguments.get("defaultTags")
        tags = _json(tags).get("tags", {}) if tags else {}
        with self._lock:
            self._world = simulate.World(
                region=str(arguments.get("region") or "us-east-1"),
                account=ACCOUNT,
                default_tags={key: str(_plain(value)) for key, value in tags.items()},
            )
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, acceptResources=False, acceptOutputs=False
        )

    def Attach(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: Any) -> Any:
        with self._lock:
            self.calls.invoked.append(request.tok)
        try:
            answer = self._asked_about(request.tok, decode(request.args)) or _refusing(
                context, lambda: simulate.invoke(request.tok, decode(request.args), self._world)
            )
        except simulate.RefusedError as refused:
            failure = provider_pb2.CheckFailure(reason=str(refused))
            return provider_pb2.InvokeResponse(failures=[failure])
        return provider_pb2.InvokeResponse(**{"return": encode(answer)})

    def _asked_about(self, token: str, asked: Mapping[str, Any]) -> dict[str, Any] | None:
        """What ECS and Lambda say of a service and a function that were made here."""
        if token not in ASKED:
            return None
        type_, named, output = ASKED[token]
        with self._lock:
            made = [decode(state) for (made_, _), state in self.cloud.items() if made_ == type_]
        given = next((resource for resource in made if resource["name"] == asked[named]), None)
        return given and {**asked, "id": given["arn"], output: given[output]}

    def Check(self, request: Any, context: Any) -> Any:
        with self._lock:
            self.calls.checked.append(Checked(request.urn, decode(request.news)))
        return provider_pb2.CheckResponse(inputs=request.news)

    def Diff(self, request: Any, context: Any) -> Any:
        old, new = request.old_inputs.fields, request.news.fields
        changed = sorted(key for key in {*old, *new} if old.get(key) != new.get(key))
        changed = [key for key in changed if key not in request.ignoreChanges]
        forcing = replaced_by(
            _type(request.urn), decode(request.old_inputs), decode(request.news), changed
        )
        replaces = [key for key in changed if key in forcing]
        none, some = provider_pb2.DiffResponse.DIFF_NONE, provider_pb2.DiffResponse.DIFF_SOME
        kinds = provider_pb2.PropertyDiff
        detailed = {
            key: kinds(kind=kinds.ADD if key not in old else kinds.UPDATE, inputDiff=True)
            for key in changed
        }
        inputs = {key: _plain(value) for key, value in decode(request.news).items()}
        return provider_pb2.DiffResponse(
            changes=some if changed else none,
            diffs=changed,
            replaces=replaces,
            hasDetailedDiff=self.detailed,
            detailedDiff=detailed if self.detailed else None,
            deleteBeforeReplace=bool(replaces) and deletes_first(_type(request.urn), inputs),
        )

    def Create(self, request: Any, context: Any) -> Any:
        id_, properties = self._answer(request.urn, request.properties, request.preview, context)
        if not request.preview:
            type_ = _type(request.urn)
            if (type_, id_) in self.cloud:
                # The one that it replaces still stands: AWS gives no id twice.
                label = f"{_name(request.urn)}~{len(self.calls.created)}"
                id_, properties = self._answer(
                    request.urn, request.properties, False, context, label
                )
                self._labels[type_, id_] = label
            with self._lock:
                new = self._thing(type_, id_, properties)
                _refusing(context, lambda: refusing.refuse_creation(new, self._there()))
                self.calls.created.append(request.urn)
                self.calls.changed.append(("created", request.urn))
                self.cloud[type_, id_] = properties
        return provider_pb2.CreateResponse(id=id_, properties=properties)

    def Update(self, request: Any, context: Any) -> Any:
        # What AWS told of a resource stays as it is when that changes in place.
        label = self._labels.get((_type(request.urn), request.id))
        _, properties = self._answer(request.urn, request.news, False, context, label)
        if not request.preview:
            self._answer_late()
            key = (_type(request.urn), request.id)
            with self._lock:
                old = {name: _plain(value) for name, value in decode(request.olds).items()}
                new = self._thing(*key, properties).outputs
                _refusing(context, lambda: refusing.refuse_update(old, new, key[0]))
                group = refusing.MOVES_LATER.get(key[0], "")
                if old.get(group) != new.get(group) and new.get("applyImmediately") is not True:
                    self._moving.setdefault(key, set()).add(str(old.get(group)))
                self.calls.updated.append(request.urn)
                self.calls.changed.append(("updated", request.urn))
                self.cloud[key] = properties
        return provider_pb2.UpdateResponse(properties=properties)

    def Read(self, request: Any, context: Any) -> Any:
        with self._lock:
            self.calls.read.append(request.urn)
            key = (_type(request.urn), request.id)
            properties = self.cloud.get(key)
            # An import has no inputs yet: the provider says what the thing was made with.
            wanted = request.inputs if request.inputs.fields else self._there_before.get(key)
            wanted = request.inputs if wanted is None else wanted
        if properties is None:
            return provider_pb2.ReadResponse()
        changed = encode(self.by_hand.get((_type(request.urn), _name(request.urn)), {}))
        found, inputs = struct_pb2.Struct(), struct_pb2.Struct()
        for whole, given in ((found, properties), (inputs, wanted)):
            whole.CopyFrom(given)
            for name in changed.fields:
                whole.fields[name].CopyFrom(changed.fields[name])
        return provider_pb2.ReadResponse(id=request.id, properties=found, inputs=inputs)

    def Delete(self, request: Any, context: Any) -> Any:
        key = (_type(request.urn), request.id)
        with self._lock:
            state = self.cloud.get(key)
            if state is not None:
                old = self._thing(*key, state)
                _refusing(context, lambda: refusing.refuse_deletion(old, self._there()))
                for gone in refusing.goes_along(old, self._there()):
                    self.cloud.pop(gone, None)
            self.calls.deleted.append(request.urn)
            self.calls.changed.append(("deleted", request.urn))
            self.cloud.pop(key, None)
        return empty_pb2.Empty()

    def _answer_late(self) -> None:
        """Every second update is answered after the next one, if one comes."""
        with self._lock:
            waiting, self._overtaken = self._overtaken, None
            if waiting is None:
                mine = self._overtaken = threading.Event()
        if waiting is None:
            mine.wait(LATE_SECONDS)
        else:
            waiting.set()

    def _answer(
        self,
        urn: str,
        inputs: struct_pb2.Struct,
        preview: bool,
        context: Any,
        label: str | None = None,
    ) -> tuple[str, struct_pb2.Struct]:
        type_, given = _type(urn), decode(inputs)
        id_, outputs = _refusing(
            context,
            lambda: simulate.outputs(
                type_,
                label or _name(urn),
                given,
                world=self._world,
                preview=preview,
                parent=parent_types(urn),
            ),
        )
        if preview:
            computed = simulate.computed_properties(type_, given)
            outputs = {**outputs, **dict.fromkeys(computed, UNKNOWN)}
        # Start from what came in, so that files and archives are kept as they are.
        properties = struct_pb2.Struct()
        properties.CopyFrom(inputs)
        # What AWS adds inside a given block comes back as a block of its own.
        added = {k: v for k, v in outputs.items() if k not in given or v is not given[k]}
        properties.MergeFrom(encode(added))
        return id_, properties


@contextmanager
def serving() -> Iterator[tuple[SimulatedAws, int]]:
    """The provider on a free port of this machine, until the block ends."""
    provider = SimulatedAws()
    server = grpc.server(
        ThreadPoolExecutor(max_workers=16),
        options=[
            ("grpc.max_receive_message_length", MESSAGE_BYTES),
            ("grpc.max_send_message_length", MESSAGE_BYTES),
        ],
    )
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield provider, port
    finally:
        server.stop(grace=None).wait()


def _refusing(context: Any, answer: Callable[[], Any]) -> Any:
    """The answer, or the engine's own error with the simulation's text."""
    try:
        return answer()
    except simulate.RefusedError:
        raise
    except refusing.RefusedByAwsError as error:
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
    except simulate.SimulationError as error:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))


def _name(urn: str) -> str:
    return urn.rsplit("::", 1)[-1]


def _type(urn: str) -> str:
    return urn.split("::")[2].rsplit("$", 1)[-1]


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Secret) else value


def _json(value: Any) -> dict[str, Any]:
    """Provider arguments that are not text travel as JSON text."""
    return json.loads(value) if isinstance(value, str) else value
