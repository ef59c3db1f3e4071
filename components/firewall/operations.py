"""The API operations that make the types of this package."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:wafv2/ipSet:IpSet": call("wafv2", "CreateIPSet"),
    "aws:wafv2/webAcl:WebAcl": call("wafv2", "CreateWebACL"),
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": Call(
        "wafv2",
        "PutLoggingConfiguration",
        {
            key: f"LoggingConfiguration.{key}"
            for key in ("logDestinationConfigs", "resourceArn", "redactedFields", "loggingFilter")
        },
    ),
}
"""By Pulumi type token."""
