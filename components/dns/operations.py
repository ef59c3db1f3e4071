"""The API operations that make the types of this package."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:acm/certificate:Certificate": call("acm", "RequestCertificate"),
    # Signing and not signing are two operations without a member for which.
    "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec": call(
        "route53", "EnableHostedZoneDNSSEC", "signingStatus"
    ),
    "aws:route53/keySigningKey:KeySigningKey": call("route53", "CreateKeySigningKey"),
    "aws:route53/queryLog:QueryLog": call(
        "route53",
        "CreateQueryLoggingConfig",
        zoneId="HostedZoneId",
        cloudwatchLogGroupArn="CloudWatchLogsLogGroupArn",
    ),
    "aws:route53/record:Record": Call(
        "route53",
        "ChangeResourceRecordSets",
        {
            "zoneId": "HostedZoneId",
            "name": "ChangeBatch.Changes.ResourceRecordSet.Name",
            "type": "ChangeBatch.Changes.ResourceRecordSet.Type",
            "ttl": "ChangeBatch.Changes.ResourceRecordSet.TTL",
            "setIdentifier": "ChangeBatch.Changes.ResourceRecordSet.SetIdentifier",
        },
        frozenset({"records", "aliases", "allowOverwrite"}),
    ),
    "aws:route53/zone:Zone": call(
        "route53", "CreateHostedZone", "vpcs", comment="HostedZoneConfig.Comment"
    ),
}
"""By Pulumi type token."""

WITHOUT: Mapping[str, str] = {
    "aws:acm/certificateValidation:CertificateValidation": "waits for a certificate; makes nothing",
}
"""Types that no API operation makes, and why."""
