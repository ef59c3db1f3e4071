"""AWS services that publish to a topic or send to a queue, each bound to this account."""

from __future__ import annotations

from typing import TypeAlias

from components.contracts import AccountRegion, Arn, Trust
from components.messaging.settings import Publisher

_SERVICES: dict[Publisher, str] = {
    "alarms": "cloudwatch",
    "rules": "events",
    "buckets": "s3",
    "mail": "ses",
    "budgets": "budgets",
    "costAnomalies": "costalerts",
    "databases": "events.rds",
    "backups": "backup",
}

Action: TypeAlias = str
PUBLISH: Action = "sns:Publish"
SEND: Action = "sqs:SendMessage"


def source(publisher: Publisher, where: AccountRegion) -> Arn:
    """The ARNs of this account's resources of a kind, as `aws:SourceArn` is sent.

    A bucket's ARN has no account; `aws:SourceAccount` binds it.
    """
    regional: dict[Publisher, tuple[str, str]] = {
        "alarms": ("cloudwatch", "alarm:*"),
        "rules": ("events", "rule/*"),
        "mail": ("ses", "configuration-set/*"),
        "databases": ("rds", "*"),
        "backups": ("backup", "backup-vault:*"),
    }
    if publisher == "buckets":
        return f"arn:{where.partition}:s3:::*"
    if publisher == "budgets":
        return where.arn("budgets", "*", regional=False)
    if publisher == "costAnomalies":
        return where.arn("ce", "anomalysubscription/*", regional=False)
    return where.arn(*regional[publisher])


def publisher_trust(publisher: Publisher, where: AccountRegion, action: Action) -> Trust:
    """One service may publish, on behalf of this account's resources and nobody else's."""
    return Trust(
        sid=f"From{publisher[0].upper()}{publisher[1:]}",
        principals={"Service": (f"{_SERVICES[publisher]}.amazonaws.com",)},
        actions=(action,),
        conditions={
            "StringEquals": {"aws:SourceAccount": where.account},
            "ArnLike": {"aws:SourceArn": source(publisher, where)},
        },
    )


def topic_trust(name: str, topic: Arn, where: AccountRegion) -> Trust:
    """One topic, `name` in the stack file, may send to a queue."""
    return Trust(
        sid="FromTopic" + "".join(word.capitalize() for word in name.split("-")),
        principals={"Service": ("sns.amazonaws.com",)},
        actions=(SEND,),
        conditions={
            "StringEquals": {"aws:SourceAccount": where.account},
            "ArnEquals": {"aws:SourceArn": topic},
        },
    )


def bucket_trust(name: str, bucket: Arn, where: AccountRegion, action: Action) -> Trust:
    """One bucket, `name` in the stack file, may tell of its objects."""
    return Trust(
        sid="FromBucket" + "".join(word.capitalize() for word in name.split("-")),
        principals={"Service": ("s3.amazonaws.com",)},
        actions=(action,),
        conditions={
            "StringEquals": {"aws:SourceAccount": where.account},
            "ArnEquals": {"aws:SourceArn": bucket},
        },
    )


def tls_only(action: Action) -> Trust:
    """Nobody sends in clear text."""
    return Trust(
        sid="TlsOnly",
        principals={"AWS": ("*",)},
        actions=(action,),
        conditions={"Bool": {"aws:SecureTransport": "false"}},
        effect="Deny",
    )
