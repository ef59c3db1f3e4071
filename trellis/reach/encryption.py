"""Whether what goes over a connection is encrypted, as far as a plan says."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from trellis.planner.recording import Recorded
from trellis.reach.things import Thing, Things, plain

HTTPS = 443

FORCED_TLS = "TLS, enforced by the server"
TLS = "TLS"
NONE = "not encrypted"
NOT_KNOWN = "not known"


def encryption(things: Things, source: Thing, target: Thing, port: str) -> str:
    """Whether what goes over a connection is encrypted, as far as the plan says."""
    resources = things.resources(target)
    by_kind = {
        "database": _database,
        "database proxy": _proxy,
        "cache": _cache,
        "file system": _file_system,
        "load balancer": _listener,
    }
    judge = by_kind.get(target.kind)
    if judge is not None:
        return judge(resources, port)
    if target.kind == "service":
        groups = [r for r in resources if r.type == "aws:lb/targetGroup:TargetGroup"]
        if source.kind == "load balancer" and groups:
            kinds = {str(plain(group.inputs.get("protocol"))) for group in groups}
            return TLS if kinds <= {"HTTPS", "TLS"} else NONE
        return NONE
    return TLS if port == str(HTTPS) else NOT_KNOWN


def _proxy(_: Sequence[Recorded], __: str) -> str:
    return FORCED_TLS


def _database(resources: Sequence[Recorded], _: str) -> str:
    for resource in resources:
        for parameter in plain(resource.inputs.get("parameters"), ()):
            name, value = plain(parameter.get("name")), str(plain(parameter.get("value"), ""))
            if name in ("rds.force_ssl", "require_secure_transport") and value in ("1", "ON"):
                return FORCED_TLS
    return "TLS where the client asks for it"


def _cache(resources: Sequence[Recorded], _: str) -> str:
    for resource in resources:
        if plain(resource.inputs.get("transitEncryptionEnabled"), default=False):
            mode = plain(resource.inputs.get("transitEncryptionMode"), "required")
            return FORCED_TLS if mode == "required" else "TLS where the client asks for it"
    return NONE


def _file_system(resources: Sequence[Recorded], _: str) -> str:
    for resource in resources:
        if resource.type != "aws:efs/fileSystemPolicy:FileSystemPolicy":
            continue
        document = plain(resource.inputs.get("policy"))
        statements = json.loads(document)["Statement"] if isinstance(document, str) else ()
        for statement in statements:
            plainly = statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")
            if statement["Effect"] == "Deny" and str(plainly).lower() == "false":
                return FORCED_TLS
    return "TLS where the client asks for it"


def _listener(resources: Sequence[Recorded], port: str) -> str:
    for resource in resources:
        if resource.type != "aws:lb/listener:Listener":
            continue
        if str(plain(resource.inputs.get("port"))) != port:
            continue
        if plain(resource.inputs.get("protocol")) in ("HTTPS", "TLS"):
            return TLS
        actions: Sequence[Mapping[str, Any]] = plain(resource.inputs.get("defaultActions"), ())
        redirected = any(plain(action.get("type")) == "redirect" for action in actions)
        return "not encrypted; answered with a redirect to HTTPS" if redirected else NONE
    return NOT_KNOWN
