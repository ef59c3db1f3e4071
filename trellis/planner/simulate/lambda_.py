"""AWS Lambda: what AWS answers ("AWS Lambda API Reference", 2026-11)."""

from __future__ import annotations

from trellis.planner.simulate.shape import AutoName, Shape

_ARN = "arn:{partition}:lambda:{region}:{account}:function:{name}"
_INVOKE = "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations"

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
            "arn": _ARN,
            "codeSha256": "{hex:43}=",
            "ephemeralStorage": {"size": 512},
            "invokeArn": _INVOKE,
            "lastModified": "2026-11-01T00:00:00.000+0000",
            "loggingConfig": {"logFormat": "Text", "logGroup": "/aws/lambda/{name}"},
            "qualifiedArn": _ARN + ":$LATEST",
            "qualifiedInvokeArn": (
                "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/"
                "{arn}:$LATEST/invocations"
            ),
            "responseStreamingInvokeArn": (
                "arn:{partition}:apigateway:{region}:lambda:path/2021-11-15/functions/"
                "{arn}/response-streaming-invocations"
            ),
            "signingJobArn": "",
            "signingProfileVersionArn": "",
            "sourceCodeHash": "{hex:43}=",
            "sourceCodeSize": 1048576,
            "tracingConfig": {"mode": "PassThrough"},
            "version": "$LATEST",
        },
        named=AutoName(limit=64),
    ),
    "aws:lambda/permission:Permission": Shape(
        id="{statementId}",
        computed={"statementIdPrefix": ""},
        named=AutoName("statementId", limit=100),
        tagged=False,
    ),
    "aws:lambda/invocation:Invocation": Shape(
        id="{functionName}_{hex:32}",
        defaults={"lifecycleScope": "CREATE_ONLY", "qualifier": "$LATEST"},
        # What the rotation function answers to `initialize`: a version id and nothing else.
        computed={
            "result": '{{"versionId":"{hex:8}-{hex:4}-5{hex:3}-a{hex:3}-{hex:12}"}}',
        },
        tagged=False,
    ),
}
