"""Amazon SES: what AWS answers ("Amazon SES API v2 Reference", 2026-11)."""

from __future__ import annotations

from trellis.planner.simulate.shape import Scope, Shape

_ARN = "arn:{partition}:ses:{region}:{account}:"


def _tokens(scope: Scope) -> list[str]:
    """Three DKIM tokens of 32 letters and digits."""
    text = scope.text("{lower:96}")
    return [text[start : start + 32] for start in (0, 32, 64)]


def _kind(scope: Scope) -> str:
    return "EMAIL_ADDRESS" if "@" in str(scope["emailIdentity"]) else "DOMAIN"


SHAPES = {
    "aws:ses/domainIdentity:DomainIdentity": Shape(
        id="{domain}",
        computed={"arn": _ARN + "identity/{domain}", "verificationToken": "{lower:44}"},
        tagged=False,
    ),
    "aws:ses/domainDkim:DomainDkim": Shape(
        id="{domain}", computed={"dkimTokens": _tokens}, tagged=False
    ),
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
                "tokens": _tokens,
            }
        },
    ),
    "aws:sesv2/configurationSet:ConfigurationSet": Shape(
        id="{configurationSetName}",
        computed={"arn": _ARN + "configuration-set/{configurationSetName}"},
    ),
    "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination": Shape(
        id="{configurationSetName}|{eventDestinationName}", tagged=False
    ),
    "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes": Shape(
        id="{emailIdentity}", tagged=False
    ),
    "aws:sesv2/emailIdentityFeedbackAttributes:EmailIdentityFeedbackAttributes": Shape(
        id="{emailIdentity}", tagged=False
    ),
    "aws:sesv2/emailIdentityPolicy:EmailIdentityPolicy": Shape(
        id="{emailIdentity}|{policyName}", tagged=False
    ),
    "aws:sesv2/accountSuppressionAttributes:AccountSuppressionAttributes": Shape(
        id="{account}", tagged=False
    ),
    "aws:sesv2/accountVdmAttributes:AccountVdmAttributes": Shape(
        id="ses-account-vdm-attributes", tagged=False
    ),
}
"""By Pulumi type token."""
