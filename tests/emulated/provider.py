"""The AWS provider of Terraform as a process that makes resources, at an address of our own."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import grpc

from tools.replacement.provider import COOKIE, MIRROR, SOURCE, VERSION, classes, read_schema
from tools.replacement.wire import packed, unpacked

CREATION_SECONDS = 240
"""After which a resource is taken for one that never stands."""


@cache
def schema() -> Mapping[str, Any]:
    """The provider's schema, read once."""
    return read_schema(MIRROR)


@dataclass(frozen=True)
class Made:
    """What came of one resource."""

    state: Mapping[str, Any] = field(default_factory=dict[str, Any])
    errors: tuple[str, ...] = ()


class MakingProvider:
    """One process for one region; its calls carry a key of its own, so that they can be told."""

    def __init__(self, url: str, region: str, tags: Mapping[str, str], key: str) -> None:
        binary = next((MIRROR / SOURCE / VERSION / "linux_amd64").glob("terraform-provider-aws_*"))
        self._lock = threading.Lock()
        self._classes = classes()
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "TF_"))}
        own = {
            COOKIE[0]: COOKIE[1],
            "PLUGIN_PROTOCOL_VERSIONS": "5",
            "TF_LOG": "OFF",
            "AWS_ENDPOINT_URL": url,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_CONFIG_FILE": os.devnull,
        }
        self._process = subprocess.Popen(
            [binary], env=kept | own, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self._process.stdout is not None
        address = self._process.stdout.readline().decode().strip().split("|")[3]
        self._channel = grpc.insecure_channel(
            f"unix:{address}", options=[("grpc.max_receive_message_length", -1)]
        )
        self._configure(region, tags, key)

    def stop(self) -> None:
        """End the process."""
        self._channel.close()
        self._process.kill()
        self._process.communicate()

    def make(self, type_: str, configuration: Mapping[str, Any]) -> Made:
        """Plan and make one resource."""
        config = packed(configuration)
        request = self._classes["PlanRequest"](type_name=type_)
        request.prior_state.msgpack = packed(None)
        request.proposed_new_state.msgpack = config
        request.config.msgpack = config
        try:
            with self._lock:
                planned = self._call("PlanResourceChange", request, "PlanResponse")
                wrong = _errors(planned)
                if wrong:
                    return Made(errors=wrong)
                order = self._classes["ApplyRequest"](type_name=type_)
                order.prior_state.msgpack = packed(None)
                order.planned_state.msgpack = planned.planned_state.msgpack
                order.config.msgpack = config
                order.planned_private = planned.planned_private
                made = self._call("ApplyResourceChange", order, "ApplyResponse")
        except grpc.RpcError as error:
            return Made(errors=(f"the provider falls over it: {error.code().name}",))  # type: ignore[attr-defined]
        state = unpacked(made.new_state.msgpack) if made.new_state.msgpack else None
        return Made(state or {}, _errors(made))

    def _configure(self, region: str, tags: Mapping[str, str], key: str) -> None:
        block = schema()["provider"]["block"]
        config: dict[str, Any] = dict.fromkeys(block["attributes"])
        config.update({name: [] for name in block["block_types"]})
        config.update(
            region=region, access_key=key, secret_key="none", max_retries=2,
            skip_credentials_validation=True, skip_requesting_account_id=False,
            skip_metadata_api_check="true", skip_region_validation=True, s3_use_path_style=True,
            default_tags=[{"tags": dict(tags)}],
        )  # fmt: skip
        request = self._classes["ConfigureRequest"](terraform_version="1.11.0")
        request.config.msgpack = packed(config)
        wrong = _errors(self._call("Configure", request, "ConfigureResponse"))
        if wrong:
            raise RuntimeError(f"the provider refuses its configuration: {wrong}")

    def _call(self, method: str, request: Any, answer: str) -> Any:
        ask = self._channel.unary_unary(
            f"/tfplugin5.Provider/{method}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=self._classes[answer].FromString,
        )
        return ask(request, timeout=CREATION_SECONDS)


def _errors(answer: Any) -> tuple[str, ...]:
    return tuple(
        f"{found.summary}: {found.detail}".rstrip(": ")
        for found in answer.diagnostics
        if found.severity == 1
    )
