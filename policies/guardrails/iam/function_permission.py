"""The statement that a Lambda permission adds to its function's policy."""

from __future__ import annotations

from ..unknown import UNKNOWN, is_unknown
from .documents import Condition, Effect, PolicyDocument, Principal, Statement, Text
from .findings import Location


def function_permission(
    label: str,
    principal: Text,
    action: Text = "lambda:InvokeFunction",
    source_arn: Text | None = None,
    source_account: Text | None = None,
    organisation: Text | None = None,
    url_auth: Text | None = None,
) -> PolicyDocument:
    """The permission as a policy document.

    `principal` is a service (`s3.amazonaws.com`), an account, an ARN or `*`, as AddPermission
    takes it. Conditions: AWS Lambda API Reference, "AddPermission" (2026-11).
    """
    if is_unknown(principal):
        kind: Text = UNKNOWN
    elif principal == "*":
        kind = "*"
    else:
        kind = "Service" if principal.endswith((".amazonaws.com", ".amazon.com")) else "AWS"
    pairs = (
        ("ArnLike", "aws:SourceArn", source_arn),
        ("StringEquals", "aws:SourceAccount", source_account),
        ("StringEquals", "aws:PrincipalOrgID", organisation),
        ("StringEquals", "lambda:FunctionUrlAuthType", url_auth),
    )
    conditions = tuple(
        Condition(operator, key, (value,)) for operator, key, value in pairs if value is not None
    )
    statement = Statement(
        Location(label, 0),
        Effect.ALLOW,
        actions=(action,),
        resources=("*",),
        principals=(Principal(kind, principal),),
        conditions=conditions,
    )
    return PolicyDocument(label, (statement,))
