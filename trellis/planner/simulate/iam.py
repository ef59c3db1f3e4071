"""IAM: what AWS answers ("AWS Identity and Access Management API Reference", 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import CREATED, AutoName, Shape

_ARN = "arn:{partition}:iam::{account}:"


SHAPES: Mapping[str, Shape] = {
    "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive": Shape(
        id="{roleName}", regional=False, tagged=False
    ),
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": Shape(
        id="{roleName}", regional=False, tagged=False
    ),
    "aws:iam/policyAttachment:PolicyAttachment": Shape(
        id="{name}", named=AutoName(), regional=False, tagged=False
    ),
    "aws:iam/instanceProfile:InstanceProfile": Shape(
        id="{name}",
        defaults={"path": "/"},
        computed={
            "arn": _ARN + "instance-profile{path}{name}",
            "createDate": CREATED,
            "namePrefix": "",
            "uniqueId": "AIPA{upper:17}",
        },
        named=AutoName(limit=128),
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
