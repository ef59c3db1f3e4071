"""The API operations that make the types of this package."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:sesv2/configurationSet:ConfigurationSet": call("sesv2", "CreateConfigurationSet"),
    "aws:sesv2/emailIdentity:EmailIdentity": call("sesv2", "CreateEmailIdentity"),
    "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes": call(
        "sesv2", "PutEmailIdentityMailFromAttributes"
    ),
}
"""By Pulumi type token."""
