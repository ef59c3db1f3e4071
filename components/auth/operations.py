"""The API operations that make the types of this package."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:cognito/userGroup:UserGroup": call("cognito-idp", "CreateGroup", name="GroupName"),
    # What beside a text message is a second factor is set by an operation of its own.
    "aws:cognito/userPool:UserPool": call(
        "cognito-idp",
        "CreateUserPool",
        name="PoolName",
        passwordPolicy="Policies.PasswordPolicy",
        signInPolicy="Policies.SignInPolicy",
        emailMfaConfiguration="SetUserPoolMfaConfig:EmailMfaConfiguration",
        softwareTokenMfaConfiguration="SetUserPoolMfaConfig:SoftwareTokenMfaConfiguration",
        webAuthnConfiguration="SetUserPoolMfaConfig:WebAuthnConfiguration",
    ),
    "aws:cognito/userPoolClient:UserPoolClient": call(
        "cognito-idp", "CreateUserPoolClient", name="ClientName"
    ),
    "aws:cognito/userPoolDomain:UserPoolDomain": call(
        "cognito-idp", "CreateUserPoolDomain", certificateArn="CustomDomainConfig.CertificateArn"
    ),
}
"""By Pulumi type token."""
