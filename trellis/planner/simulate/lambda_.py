"""AWS Lambda: what AWS answers ("AWS Lambda API Reference", 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.functions.simulated import function_arn
from components.parts.simulation import Shape

_ARN = "arn:{partition}:lambda:{region}:{account}:"


_MODIFIED = "2026-11-02T08:00:00.000+0000"


SHAPES: Mapping[str, Shape] = {
    "aws:lambda/layerVersion:LayerVersion": Shape(
        id=_ARN + "layer:{layerName}:1",
        defaults={"skipDestroy": False},
        computed={
            "arn": "{id}",
            "codeSha256": "{lower:43}=",
            "createdDate": _MODIFIED,
            "layerArn": _ARN + "layer:{layerName}",
            "signingJobArn": "",
            "signingProfileVersionArn": "",
            "sourceCodeHash": "{lower:43}=",
            "sourceCodeSize": 1024,
            "version": "1",
        },
        tagged=False,
    ),
    "aws:lambda/codeSigningConfig:CodeSigningConfig": Shape(
        id=_ARN + "code-signing-config:csc-{hex:17}",
        computed={
            "arn": "{id}",
            "configId": lambda s: s.id.rsplit(":", 1)[1],
            "lastModified": "2026-11-02T08:00:00Z",
        },
    ),
    "aws:lambda/functionRecursionConfig:FunctionRecursionConfig": Shape(
        id="{functionName}", tagged=False
    ),
    "aws:lambda/runtimeManagementConfig:RuntimeManagementConfig": Shape(
        id="{functionName}", computed={"functionArn": function_arn}, tagged=False
    ),
}
"""By Pulumi type token."""
