"""The policy of one key: who administers it, and through which services it is used.

The usual `kms:*` for the account would let any identity policy use the key directly. Here the
account's principals administer the key, but encrypt and decrypt only through the services of the
key's domain, so a stolen credential with `kms:Decrypt` opens nothing by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pulumi

from components.contracts import AccountRegion, Domain, Trust
from components.parts.key_administration import ADMINISTRATION
from components.parts.policy_document import resource_document

USE = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey*",
    "kms:ReEncrypt*",
)

SERVICES: Mapping[Domain, tuple[str, ...]] = {
    Domain.DATA: (
        "backup",
        "dynamodb",
        "ecr",
        "elasticache",
        "elasticfilesystem",
        "firehose",
        "glue",
        "kinesis",
        "rds",
        "s3",
    ),
    Domain.LOGS: ("firehose", "logs", "s3"),
    # RDS makes and owns the master user's secret on behalf of whoever makes the database.
    Domain.SECRETS: ("lambda", "rds", "secretsmanager"),
    Domain.MESSAGES: ("sns", "sqs"),
}
"""Services through which the account's principals use a domain's key, as in the endpoint names of
`kms:ViaService` ("AWS KMS condition keys", 2026-11)."""


def key_document(
    domains: Iterable[Domain], trusts: Iterable[Trust], where: AccountRegion
) -> pulumi.Input[str]:
    """The whole policy of a key that serves `domains`, known before the key is made.

    A key policy's `Resource` is the key it stands on, written `*`.
    """
    return resource_document("*", [*_account(domains, where), *_once(trusts)])


def key_statements(
    domains: Iterable[Domain], trusts: Iterable[Trust], where: AccountRegion
) -> pulumi.Input[str]:
    """What the policy of a key that somebody else keeps must say for it to serve `domains`.

    All of a policy that is made here, but who administers the key.
    """
    _, *used = _account(domains, where)
    return resource_document("*", [*used, *_once(trusts)])


def _account(domains: Iterable[Domain], where: AccountRegion) -> tuple[Trust, Trust, Trust]:
    root = where.arn("iam", "root", regional=False)
    suffix = "amazonaws.com.cn" if where.partition == "aws-cn" else "amazonaws.com"
    names = sorted({service for domain in domains for service in SERVICES[domain]})
    through = {"kms:ViaService": [f"{name}.{where.region}.{suffix}" for name in names]}
    return (
        Trust("AccountAdministers", {"AWS": (root,)}, ADMINISTRATION),
        Trust("AccountUsesThroughServices", {"AWS": (root,)}, USE, {"StringEquals": through}),
        Trust(
            "ServicesKeepUsing",
            {"AWS": (root,)},
            ("kms:CreateGrant",),
            {"StringEquals": through, "Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
    )


def _once(trusts: Iterable[Trust]) -> list[Trust]:
    """By `sid`, in order: domains that share a key may ask for the same trust."""
    found = {trust.sid: trust for trust in trusts}
    return [found[sid] for sid in sorted(found)]
