"""What AWS returns for this package's types (each service's API reference, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import Scope, Shape

_ARN = "arn:{partition}:ses:{region}:{account}:"


def tokens(scope: Scope) -> list[str]:
    """Three DKIM tokens of 32 letters and digits."""
    text = scope.text("{lower:96}")
    return [text[start : start + 32] for start in (0, 32, 64)]


def _kind(scope: Scope) -> str:
    return "EMAIL_ADDRESS" if "@" in str(scope["emailIdentity"]) else "DOMAIN"


SHAPES: Mapping[str, Shape] = {
    "aws:sesv2/emailIdentity:EmailIdentity": Shape(
        id="{emailIdentity}",
        computed={
            "arn": _ARN + "identity/{emailIdentity}",
            "identityType": _kind,
            "verificationStatus": "PENDING",
            "verifiedForSendingStatus": False,
        },
        within={
            "dkimSigningAttributes": {
                "currentSigningKeyLength": "RSA_2048_BIT",
                "lastKeyGenerationTimestamp": "2026-11-02T08:00:00Z",
                "signingAttributesOrigin": "AWS_SES",
                "status": "PENDING",
                "tokens": tokens,
            }
        },
    ),
    "aws:sesv2/configurationSet:ConfigurationSet": Shape(
        id="{configurationSetName}",
        computed={"arn": _ARN + "configuration-set/{configurationSetName}"},
    ),
    "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes": Shape(
        id="{emailIdentity}", tagged=False
    ),
}
"""By Pulumi type token."""
