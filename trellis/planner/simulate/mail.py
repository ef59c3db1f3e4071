"""Amazon SES: what AWS answers ("Amazon SES API v2 Reference", 2026-11)."""

from __future__ import annotations

from trellis.planner.simulate.shape import Scope, Shape


def _tokens(scope: Scope) -> list[str]:
    """Three, as Easy DKIM gives every domain."""
    characters = scope.text("{lower:96}")
    return [characters[i : i + 32] for i in range(0, 96, 32)]


SHAPES = {
    "aws:sesv2/emailIdentity:EmailIdentity": Shape(
        id="{emailIdentity}",
        computed={
            "arn": "arn:{partition}:ses:{region}:{account}:identity/{emailIdentity}",
            "identityType": lambda s: (
                "EMAIL_ADDRESS" if "@" in str(s["emailIdentity"]) else "DOMAIN"
            ),
            "verificationStatus": "PENDING",
            "verifiedForSendingStatus": False,
        },
        within={
            "dkimSigningAttributes": {
                "currentSigningKeyLength": "RSA_2048_BIT",
                "lastKeyGenerationTimestamp": "2026-11-01T00:00:00Z",
                "signingAttributesOrigin": "AWS_SES",
                "status": "PENDING",
                "tokens": _tokens,
            }
        },
    ),
    "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes": Shape(
        id="{emailIdentity}", defaults={"behaviorOnMxFailure": "USE_DEFAULT_VALUE"}, tagged=False
    ),
    "aws:sesv2/configurationSet:ConfigurationSet": Shape(
        id="{configurationSetName}",
        computed={
            "arn": "arn:{partition}:ses:{region}:{account}:configuration-set/{configurationSetName}"
        },
    ),
}
