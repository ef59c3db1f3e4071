"""IAM: what AWS answers ("AWS Identity and Access Management API Reference", 2026-11)."""

from __future__ import annotations

from trellis.planner.simulate.shape import AutoName, Scope, Shape

_ARN = "arn:{partition}:iam::{account}:"
_CREATED = "2026-11-02T08:00:00Z"


def _oidc_arn(scope: Scope) -> str:
    host = str(scope["url"]).removeprefix("https://")
    return scope.text("arn:{partition}:iam::{account}:oidc-provider/") + host


def _linked_role(scope: Scope) -> str:
    """`AWSServiceRoleFor` and the service's name, as most services spell it."""
    service = str(scope["awsServiceName"]).split(".")[0]
    return "AWSServiceRoleFor" + "".join(part.capitalize() for part in service.split("-"))


SHAPES = {
    "aws:iam/role:Role": Shape(
        id="{name}",
        defaults={"forceDetachPolicies": False, "maxSessionDuration": 3600, "path": "/"},
        computed={
            "arn": _ARN + "role{path}{name}",
            "createDate": _CREATED,
            "inlinePolicies": [],
            "managedPolicyArns": [],
            "namePrefix": "",
            "uniqueId": "AROA{upper:17}",
        },
        named=AutoName(limit=64),
        regional=False,
    ),
    "aws:iam/rolePolicy:RolePolicy": Shape(
        id="{role}:{name}",
        computed={"namePrefix": ""},
        named=AutoName(limit=128),
        regional=False,
        tagged=False,
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Shape(
        id="{role}/{policyArn}", regional=False, tagged=False
    ),
    "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive": Shape(
        id="{roleName}", regional=False, tagged=False
    ),
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": Shape(
        id="{roleName}", regional=False, tagged=False
    ),
    "aws:iam/policy:Policy": Shape(
        id=_ARN + "policy{path}{name}",
        defaults={"path": "/"},
        computed={
            "arn": "{id}",
            "attachmentCount": 0,
            "namePrefix": "",
            "policyId": "ANPA{upper:17}",
        },
        named=AutoName(limit=128),
        regional=False,
    ),
    "aws:iam/policyAttachment:PolicyAttachment": Shape(
        id="{name}", named=AutoName(), regional=False, tagged=False
    ),
    "aws:iam/instanceProfile:InstanceProfile": Shape(
        id="{name}",
        defaults={"path": "/"},
        computed={
            "arn": _ARN + "instance-profile{path}{name}",
            "createDate": _CREATED,
            "namePrefix": "",
            "uniqueId": "AIPA{upper:17}",
        },
        named=AutoName(limit=128),
        regional=False,
    ),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": Shape(
        id=_oidc_arn,
        computed={"arn": "{id}", "thumbprintLists": lambda s: [s.text("{hex:40}")]},
        regional=False,
    ),
    "aws:iam/serviceLinkedRole:ServiceLinkedRole": Shape(
        id=_ARN + "role/aws-service-role/{awsServiceName}/{digits:8}",
        computed={
            "name": _linked_role,
            "arn": _ARN + "role/aws-service-role/{awsServiceName}/{name}",
            "createDate": _CREATED,
            "path": "/aws-service-role/{awsServiceName}/",
            "uniqueId": "AROA{upper:17}",
        },
        regional=False,
    ),
    "aws:iam/accountPasswordPolicy:AccountPasswordPolicy": Shape(
        id="iam-account-password-policy",
        defaults={"allowUsersToChangePassword": True, "minimumPasswordLength": 6},
        computed={
            "expirePasswords": lambda s: bool(s.given("maxPasswordAge")),
            "hardExpiry": False,
            "maxPasswordAge": 0,
            "passwordReusePrevention": 0,
            "requireLowercaseCharacters": False,
            "requireNumbers": False,
            "requireSymbols": False,
            "requireUppercaseCharacters": False,
        },
        regional=False,
        tagged=False,
    ),
}
"""By Pulumi type token."""
