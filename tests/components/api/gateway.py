"""API Gateway's reading of a REST API's registered resources: what a browser's request gets back.

Only what is registered counts: resources, methods, integrations, their answers, the gateway's own
errors. Precedence and templates: API Gateway Developer Guide, 2026-11.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trellis.planner.record import Recorded, Recording

GATEWAY = "aws:apigateway/"
PROXY_FAILURES = {401, 403, 429}


@dataclass(frozen=True)
class Answer:
    """What comes back."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    function: str | None = None
    """The integration's target, where the request reached it."""


class Gateway:
    """One API of a recording."""

    def __init__(self, recording: Recording, key: str) -> None:
        api = recording.one(f"{GATEWAY}restApi:RestApi", key)
        self._responses = {
            resource.inputs["responseType"]: resource.inputs.get("responseParameters", {})
            for resource in recording.of_type(f"{GATEWAY}response:Response")
            if resource.inputs["restApiId"] == api.id
        }
        paths = {api.outputs["rootResourceId"]: ""}
        resources = list(recording.of_type(f"{GATEWAY}resource:Resource"))
        while resources:
            resource = resources.pop(0)
            if resource.inputs["parentId"] not in paths:
                resources.append(resource)
                continue
            paths[resource.id] = (
                f"{paths[resource.inputs['parentId']]}/{resource.inputs['pathPart']}"
            )
        self.methods: dict[tuple[str, str], dict[str, Recorded]] = {}
        for kind in ("method:Method", "integration:Integration", "methodResponse:MethodResponse",
                     "integrationResponse:IntegrationResponse"):  # fmt: skip
            for resource in recording.of_type(f"{GATEWAY}{kind}"):
                place = (paths[resource.inputs["resourceId"]] or "/", resource.inputs["httpMethod"])
                self.methods.setdefault(place, {})[kind.partition(":")[0]] = resource

    def ask(
        self,
        method: str,
        path: str,
        *,
        origin: str = "",
        token: bool = True,
        allowed: bool = True,
        throttled: bool = False,
        broken: bool = False,
    ) -> Answer:
        """What a request gets.

        Args:
            token: whether it brings one.
            allowed: whether the authorizer lets the token through.
            throttled: whether there were too many before it.
            broken: whether the function fails.
        """
        found = self._match(method, path)
        if throttled:
            return self._error(429, origin)
        if found is None:
            return self._error(403, origin)  # "Missing Authentication Token"
        if found["method"].inputs["authorization"] != "NONE":
            if not token:
                return self._error(401, origin)
            if not allowed:
                return self._error(403, origin)
        integration = found["integration"].inputs
        if integration["type"] == "MOCK":
            return self._mock(found, origin)
        if broken:
            return self._error(502, origin)
        return Answer(200, {}, integration["uri"])

    def _match(self, method: str, path: str) -> dict[str, Recorded] | None:
        for (pattern, verb), parts in self.methods.items():
            shape = re.sub(r"\{\w+\+\}", ".+", pattern)
            shape = re.sub(r"\{\w+\}", "[^/]+", shape)
            if verb in (method, "ANY") and re.fullmatch(shape, path):
                return parts
        return None

    def _mock(self, found: Mapping[str, Recorded], origin: str) -> Answer:
        # Where an API takes binary bodies, a preflight would else be a 500.
        assert found["integration"].inputs["contentHandling"] == "CONVERT_TO_TEXT"
        template = found["integration"].inputs["requestTemplates"]["application/json"]
        answer = found["integrationResponse"].inputs
        status = json.loads(template)["statusCode"]
        assert str(status) == answer["statusCode"] == found["methodResponse"].inputs["statusCode"]
        declared = found["methodResponse"].inputs["responseParameters"]
        headers = {
            name.removeprefix("method.response.header."): _value(value, origin)
            for name, value in answer["responseParameters"].items()
        }
        assert {f"method.response.header.{header}" for header in headers} == set(declared)
        for text in (answer.get("responseTemplates") or {}).values():
            headers |= _velocity(text, origin)
        return Answer(status, headers)

    def _error(self, status: int, origin: str) -> Answer:
        mapped: Mapping[str, Any] = self._responses.get(
            "DEFAULT_4XX" if status < 500 else "DEFAULT_5XX", {}
        )
        headers = {
            name.removeprefix("gatewayresponse.header."): _value(value, origin)
            for name, value in mapped.items()
        }
        return Answer(status, headers)


def _value(value: str, origin: str) -> str:
    if value.startswith("'"):
        return value.strip("'")
    assert value == "method.request.header.Origin"
    return origin


def _velocity(template: str, origin: str) -> dict[str, str]:
    """The one form of template there is: an origin of a list is given back."""
    asked = re.search(r'#set\(\$origin = \$input\.params\("Origin"\)\)', template)
    condition = re.search(r"#if\((.*)\)\n", template)
    header = re.search(
        r"\$context\.responseOverride\.header\.([\w-]+) = \$origin\)\n#end", template
    )
    assert asked
    assert condition
    assert header
    named = re.findall(r'\$origin == "([^"]+)"', condition[1])
    return {header[1]: origin} if origin in named else {}
