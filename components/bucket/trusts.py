"""Who may do what with a bucket besides the account's own principals: logs in, objects out."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from components.contracts import AccountRegion, Arn, Trust

PREFIX = {
    "buckets": "buckets",
    "balancers": "load-balancers",
    "exports": "exports",
}
"""Where each kind of log stands in a log bucket."""


def tls_only() -> Trust:
    """Nobody talks to the bucket in clear text."""
    return Trust(
        sid="TlsOnly",
        principals={"AWS": ("*",)},
        actions=("s3:*",),
        conditions={"Bool": {"aws:SecureTransport": "false"}},
        suffixes=("", "/*"),
        effect="Deny",
    )


def access_logs(sources: Sequence[Arn], where: AccountRegion) -> Trust:
    """S3 writes the access logs of exactly these buckets ("Enabling Amazon S3 server access
    logging", 2026-11)."""
    return Trust(
        sid="AccessLogsOfBuckets",
        principals={"Service": ("logging.s3.amazonaws.com",)},
        actions=("s3:PutObject",),
        conditions={
            "StringEquals": {"aws:SourceAccount": where.account},
            "ArnLike": {"aws:SourceArn": list(sources)},
        },
        suffixes=(f"/{PREFIX['buckets']}/*",),
    )


def load_balancer_logs(where: AccountRegion, prefix: str = PREFIX["balancers"]) -> Trust:
    """Load balancers of this account and region write their access logs.

    The service principal serves every region; the older accounts by region are not needed ("Enable
    access logs for your Application Load Balancer", 2026-11). It puts objects under
    `{prefix}/AWSLogs/{account}/`.
    """
    return Trust(
        sid="LoadBalancerLogs",
        principals={"Service": ("logdelivery.elasticloadbalancing.amazonaws.com",)},
        actions=("s3:PutObject",),
        conditions={
            "ArnLike": {"aws:SourceArn": where.arn("elasticloadbalancing", "loadbalancer/*")}
        },
        suffixes=(f"/{prefix}/AWSLogs/*",),
    )


def vended_logs(where: AccountRegion) -> tuple[Trust, Trust]:
    """Flow logs, CloudFront's and the firewall's logs, by the log delivery service ("Enable
    logging from AWS services: Logs sent to Amazon S3", 2026-11).

    CloudFront's deliveries are made in us-east-1, so any region's source is let in.
    """
    conditions = {
        "StringEquals": {"aws:SourceAccount": where.account},
        "ArnLike": {"aws:SourceArn": _any_region(where)},
    }
    delivery: dict[str, tuple[str, ...]] = {"Service": ("delivery.logs.amazonaws.com",)}
    written = {
        **conditions,
        "StringEquals": {
            "aws:SourceAccount": where.account,
            "s3:x-amz-acl": "bucket-owner-full-control",
        },
    }
    return (
        Trust(
            "DeliveryWrites",
            {"Service": delivery["Service"]},
            ("s3:PutObject",),
            written,
            ("/*",),
        ),
        Trust("DeliveryChecks", {"Service": delivery["Service"]}, ("s3:GetBucketAcl",), conditions),
    )


def log_exports(where: AccountRegion) -> tuple[Trust, Trust]:
    """CloudWatch Logs export tasks of this account ("Exporting log data to Amazon S3", 2026-11)."""
    principal = (f"logs.{where.region}.amazonaws.com",)
    conditions = {
        "StringEquals": {"aws:SourceAccount": where.account},
        "ArnLike": {"aws:SourceArn": where.arn("logs", "log-group:*")},
    }
    return (
        Trust(
            "ExportsWrite",
            {"Service": principal},
            ("s3:PutObject",),
            conditions,
            (f"/{PREFIX['exports']}/*",),
        ),
        Trust("ExportsCheck", {"Service": principal}, ("s3:GetBucketAcl",), conditions),
    )


def distribution(name: str, arn: Arn) -> Trust:
    """One CloudFront distribution reads objects ("Restrict access to an Amazon S3 origin")."""
    return Trust(
        sid="Distribution" + "".join(word.capitalize() for word in name.split("-")),
        principals={"Service": ("cloudfront.amazonaws.com",)},
        actions=("s3:GetObject",),
        conditions={"StringEquals": {"aws:SourceArn": arn}},
        suffixes=("/*",),
    )


def _any_region(where: AccountRegion) -> Arn:
    head = f"arn:{where.partition}:logs:*:"
    if isinstance(where.account, str):
        return f"{head}{where.account}:*"
    return pulumi.Output.concat(head, where.account, ":*")
