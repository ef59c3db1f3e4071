"""Amazon SES: what AWS answers ("Amazon SES API v2 Reference", 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.mail.simulated import tokens
from components.parts.simulation import Shape

_ARN = "arn:{partition}:ses:{region}:{account}:"


SHAPES: Mapping[str, Shape] = {
    "aws:ses/domainIdentity:DomainIdentity": Shape(
        id="{domain}",
        computed={"arn": _ARN + "identity/{domain}", "verificationToken": "{lower:44}"},
        tagged=False,
    ),
    "aws:ses/domainDkim:DomainDkim": Shape(
        id="{domain}", computed={"dkimTokens": tokens}, tagged=False
    ),
    "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination": Shape(
        id="{configurationSetName}|{eventDestinationName}", tagged=False
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
