"""AWS Lambda: what AWS answers ("AWS Lambda API Reference", 2026-11)."""

from __future__ import annotations

from trellis.planner.simulate.shape import AutoName, Scope, Shape

_ARN = "arn:{partition}:lambda:{region}:{account}:"
_INVOKE = "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/"
_MODIFIED = "2026-11-02T08:00:00.000+0000"
_UUID = "{hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}"


def _function_arn(scope: Scope) -> str:
    """The function's ARN, whether the program gave an ARN or a name."""
    name = str(scope["functionName"])
    return name if name.startswith("arn:") else scope.text(_ARN + "function:") + name


def _version(scope: Scope) -> str:
    return "1" if scope.given("publish") else "$LATEST"


SHAPES = {
    "aws:lambda/function:Function": Shape(
        id="{name}",
        defaults={
            "memorySize": 128,
            "packageType": "Zip",
            "publish": False,
            "reservedConcurrentExecutions": -1,
            "skipDestroy": False,
            "timeout": 3,
        },
        computed={
            "architectures": ["x86_64"],
            "arn": _ARN + "function:{name}",
            "codeSha256": "{lower:43}=",
            "invokeArn": _INVOKE + "{arn}/invocations",
            "lastModified": _MODIFIED,
            "version": _version,
            "qualifiedArn": "{arn}:{version}",
            "qualifiedInvokeArn": _INVOKE + "{qualifiedArn}/invocations",
            "responseStreamingInvokeArn": "arn:{partition}:apigateway:{region}:lambda:path/"
            "2021-11-15/functions/{arn}/response-streaming-invocations",
            "signingJobArn": "",
            "signingProfileVersionArn": "",
            "sourceCodeHash": "{lower:43}=",
            "sourceCodeSize": 1024,
        },
        named=AutoName(limit=64),
    ),
    "aws:lambda/permission:Permission": Shape(
        id="{statementId}", named=AutoName("statementId", limit=100), tagged=False
    ),
    "aws:lambda/invocation:Invocation": Shape(
        id="{functionName}_{hex:32}",
        defaults={"lifecycleScope": "CREATE_ONLY", "qualifier": "$LATEST", "terraformKey": "tf"},
        computed={"result": '{{"versionId":"' + _UUID + '"}}'},
        tagged=False,
    ),
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
    "aws:lambda/eventSourceMapping:EventSourceMapping": Shape(
        id=_UUID,
        defaults={"enabled": True},
        computed={
            "arn": _ARN + "event-source-mapping:{id}",
            "functionArn": _function_arn,
            "lastModified": "2026-11-02T08:00:00Z",
            "lastProcessingResult": "",
            "maximumRecordAgeInSeconds": 0,
            "maximumRetryAttempts": 0,
            "parallelizationFactor": 0,
            "state": "Enabled",
            "stateTransitionReason": "USER_INITIATED",
            "uuid": "{id}",
        },
    ),
    "aws:lambda/alias:Alias": Shape(
        id=lambda s: _function_arn(s) + s.text(":{name}"),
        computed={"arn": "{id}", "invokeArn": _INVOKE + "{arn}/invocations"},
        named=AutoName(limit=128),
        tagged=False,
    ),
    "aws:lambda/functionUrl:FunctionUrl": Shape(
        id="{functionName}",
        defaults={"invokeMode": "BUFFERED"},
        computed={
            "functionArn": _function_arn,
            "urlId": "{lower:32}",
            "functionUrl": "https://{urlId}.lambda-url.{region}.on.aws/",
        },
        tagged=False,
    ),
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": Shape(
        id="{functionName}", defaults={"maximumRetryAttempts": 2}, tagged=False
    ),
    "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": Shape(
        id="{functionName},{qualifier}", defaults={"skipDestroy": False}, tagged=False
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
        id="{functionName}", computed={"functionArn": _function_arn}, tagged=False
    ),
}
"""By Pulumi type token."""
