"""What AWS returns for this package's types (each service's API reference, 2026-11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from components.parts.simulation import AutoName, Scope, Shape

_ARN = "arn:{partition}:dynamodb:{region}:{account}:table/{name}"


_LABEL = "2026-11-02T08:00:00.000"


def _if_streaming(value: str) -> Callable[[Scope], str]:
    def answer(scope: Scope) -> str:
        return scope.text(value) if scope.given("streamEnabled") else ""

    return answer


SHAPES: Mapping[str, Shape] = {
    "aws:dynamodb/table:Table": Shape(
        id="{name}",
        defaults={
            "billingMode": "PROVISIONED",
            "deletionProtectionEnabled": False,
            "tableClass": "STANDARD",
        },
        computed={
            "arn": _ARN,
            "readCapacity": 0,
            "streamArn": _if_streaming(_ARN + "/stream/" + _LABEL),
            "streamLabel": _if_streaming(_LABEL),
            "streamViewType": "",
            "writeCapacity": 0,
        },
        named=AutoName(limit=255),
    ),
}
"""By Pulumi type token."""
