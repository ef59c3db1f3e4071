"""What AWS returns for this package's types (each service's API reference, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.parts.simulation import UUID, AutoName, Scope, Shape


def waf(kind: str) -> Shape:
    """A named part of AWS WAF; those of CloudFront live in `global`."""

    def arn(scope: Scope) -> str:
        place = "global" if scope.given("scope") == "CLOUDFRONT" else "regional"
        return scope.text(
            f"arn:{{partition}}:wafv2:{{region}}:{{account}}:{place}/{kind}/{{name}}/{{id}}"
        )

    computed: dict[str, Any] = {"arn": arn, "lockToken": UUID, "namePrefix": ""}
    if kind == "webacl":
        computed |= {"applicationIntegrationUrl": "", "capacity": 1500}
    return Shape(id=UUID, computed=computed, named=AutoName(limit=128))


SHAPES: Mapping[str, Shape] = {
    "aws:wafv2/webAcl:WebAcl": waf("webacl"),
    "aws:wafv2/ipSet:IpSet": waf("ipset"),
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": Shape(
        id="{resourceArn}", tagged=False
    ),
}
"""By Pulumi type token."""
