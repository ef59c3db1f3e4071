"""Asks the real AWS provider of Terraform what an edit would replace, over its plugin protocol.

Nothing is contacted: a plan of one change, with the old values given, needs no account.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from tools.replacement.wire import packed

SOURCE = "registry.terraform.io/hashicorp/aws"
VERSION = "5.100.0"
MIRROR = Path("/opt/tf-plugins")
"""Where the provider is, as a filesystem mirror of Terraform's."""

COOKIE = (
    "TF_PLUGIN_MAGIC_COOKIE",
    "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
)
"""What a plugin wants to see in its environment (`plugin.Handshake`, terraform 1.11)."""

_TEXT, _BYTES, _MESSAGE, _ENUM = 9, 12, 11, 14
_MESSAGES: Mapping[str, tuple[tuple[str, int, int, str | None, bool], ...]] = {
    "DynamicValue": (("msgpack", 1, _BYTES, None, False),),
    "Step": (("attribute_name", 1, _TEXT, None, False),),
    "AttributePath": (("steps", 1, _MESSAGE, "Step", True),),
    "Diagnostic": (
        ("severity", 1, 5, None, False),
        ("summary", 2, _TEXT, None, False),
        ("detail", 3, _TEXT, None, False),
    ),
    "ConfigureRequest": (
        ("terraform_version", 1, _TEXT, None, False),
        ("config", 2, _MESSAGE, "DynamicValue", False),
    ),
    "ConfigureResponse": (("diagnostics", 1, _MESSAGE, "Diagnostic", True),),
    "PlanRequest": (
        ("type_name", 1, _TEXT, None, False),
        ("prior_state", 2, _MESSAGE, "DynamicValue", False),
        ("proposed_new_state", 3, _MESSAGE, "DynamicValue", False),
        ("config", 4, _MESSAGE, "DynamicValue", False),
    ),
    "PlanResponse": (
        ("planned_state", 1, _MESSAGE, "DynamicValue", False),
        ("requires_replace", 2, _MESSAGE, "AttributePath", True),
        ("planned_private", 3, _BYTES, None, False),
        ("diagnostics", 4, _MESSAGE, "Diagnostic", True),
    ),
    "ApplyRequest": (
        ("type_name", 1, _TEXT, None, False),
        ("prior_state", 2, _MESSAGE, "DynamicValue", False),
        ("planned_state", 3, _MESSAGE, "DynamicValue", False),
        ("config", 4, _MESSAGE, "DynamicValue", False),
        ("planned_private", 5, _BYTES, None, False),
    ),
    "ApplyResponse": (
        ("new_state", 1, _MESSAGE, "DynamicValue", False),
        ("diagnostics", 3, _MESSAGE, "Diagnostic", True),
    ),
}
"""The messages of tfplugin5.proto that are spoken here, by name, number and kind."""


def classes() -> dict[str, Any]:
    """The messages that are spoken here, by name."""
    file = descriptor_pb2.FileDescriptorProto(
        name="tfplugin5-part.proto", package="tfplugin5", syntax="proto3"
    )
    for name, parts in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for part, number, kind, of, repeated in parts:
            added = message.field.add(name=part, number=number, label=3 if repeated else 1)
            added.type = kind  # pyright: ignore[reportAttributeAccessIssue]
            if of is not None:
                added.type_name = f".tfplugin5.{of}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"tfplugin5.{name}"))
        for name in _MESSAGES
    }


@dataclass(frozen=True)
class Answer:
    """What the provider plans for one edit."""

    replaced_by: tuple[str, ...]
    """Paths whose change replaces, as in `root_block_device.volume_type`."""
    errors: tuple[str, ...]


class Provider:
    """The provider as a process of its own, for as long as the `with` lasts."""

    def __init__(self, mirror: Path = MIRROR) -> None:
        folder = mirror / SOURCE / VERSION / "linux_amd64"
        self._binary = next(folder.glob("terraform-provider-aws_*"))
        self._classes = classes()
        self.schema = read_schema(mirror)

    def __enter__(self) -> Self:
        """Start the process and give it credentials that nobody honours."""
        self._start()
        return self

    def _start(self) -> None:
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "TF_"))
        } | {COOKIE[0]: COOKIE[1], "PLUGIN_PROTOCOL_VERSIONS": "5", "TF_LOG": "OFF"}
        self._process = subprocess.Popen(
            [self._binary], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        stdout = self._process.stdout
        line = stdout.readline().decode().strip() if stdout is not None else ""
        address = line.split("|")[3]
        self._channel = grpc.insecure_channel(
            f"unix:{address}", options=[("grpc.max_receive_message_length", -1)]
        )
        self._configure()

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self._stop()

    def _stop(self) -> None:
        self._channel.close()
        self._process.kill()
        self._process.communicate()

    def plan(self, type_: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Answer:
        """What turning `before` into `after` would do; both name every attribute of the type."""
        request = self._classes["PlanRequest"](type_name=type_)
        request.prior_state.msgpack = packed(before)
        request.proposed_new_state.msgpack = packed(after)
        request.config.msgpack = packed({**after, "id": None} if "id" in after else after)
        try:
            response = self._call("PlanResourceChange", request, "PlanResponse")
        except grpc.RpcError:
            # It falls over some values that are not of the form it takes for granted.
            self._stop()
            self._start()
            return Answer((), ("the provider falls over this value",))
        return Answer(
            tuple(
                sorted(
                    {
                        ".".join(s.attribute_name for s in path.steps if s.attribute_name)
                        for path in response.requires_replace
                    }
                )
            ),
            tuple(f"{d.summary} {d.detail}" for d in response.diagnostics if d.severity == 1),
        )

    def _configure(self) -> None:
        block = self.schema["provider"]["block"]
        config: dict[str, Any] = dict.fromkeys(block["attributes"])
        config.update({name: [] for name in block["block_types"]})
        config.update(
            region="us-east-1",
            access_key="none",
            secret_key="none",
            skip_credentials_validation=True,
            skip_requesting_account_id=True,
            skip_metadata_api_check="true",
            skip_region_validation=True,
        )
        request = self._classes["ConfigureRequest"](terraform_version="1.11.0")
        request.config.msgpack = packed(config)
        response = self._call("Configure", request, "ConfigureResponse")
        wrong = [d.summary for d in response.diagnostics if d.severity == 1]
        if wrong:
            raise RuntimeError(f"the provider refuses its configuration: {wrong}")

    def _call(self, method: str, request: Any, answer: str) -> Any:
        ask = self._channel.unary_unary(
            f"/tfplugin5.Provider/{method}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=self._classes[answer].FromString,
        )
        return ask(request, timeout=120)


def read_schema(mirror: Path) -> dict[str, Any]:
    """The schema as `terraform providers schema -json` writes it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "rc").write_text(
            "disable_checkpoint = true\n"
            f'provider_installation {{ filesystem_mirror {{ path = "{mirror}" }} }}\n'
        )
        (folder / "main.tf.json").write_text(
            json.dumps(
                {
                    "terraform": {
                        "required_providers": {
                            "aws": {"source": "hashicorp/aws", "version": VERSION}
                        }
                    }
                }
            )
        )
        environment = {**os.environ, "TF_CLI_CONFIG_FILE": str(folder / "rc")}
        for command in (["init", "-input=false"], ["providers", "schema", "-json"]):
            done = subprocess.run(
                ["terraform", *command],
                cwd=folder,
                env=environment,
                capture_output=True,
                check=True,
            )
    return json.loads(done.stdout)["provider_schemas"][SOURCE]
