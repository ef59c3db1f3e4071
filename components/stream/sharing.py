"""Other accounts that put records into a stream: what its own policy and its key's say of them.

Sources: "Share your data stream with another account" and "Permissions to use user-generated KMS
keys", Amazon Kinesis Data Streams Developer Guide, 2026-11.
"""

from __future__ import annotations

from components.contracts import AccountRegion, Trust
from components.naming import Naming
from components.parts.access import sid_part
from components.parts.principals import foreign_trusts
from components.stream.links import ACCESSES, DESCRIBE, OFFER
from components.stream.settings import StreamSettings
from components.stream.stream_name import stream_arn


def put_trusts(key: str, settings: StreamSettings, where: AccountRegion) -> tuple[Trust, ...]:
    """Statements of the stream's policy: put records, and nothing else."""
    actions = tuple(sorted((*ACCESSES["put"][0], *DESCRIBE)))
    return foreign_trusts(_sid(key), settings.put_by, actions, where.partition)


def key_trusts(
    key: str, settings: StreamSettings, naming: Naming, where: AccountRegion
) -> tuple[Trust, ...]:
    """Statements of the key's policy: encrypt records of this stream, by way of Kinesis only."""
    suffix = "amazonaws.com.cn" if where.partition == "aws-cn" else "amazonaws.com"
    bound = {
        "StringEquals": {
            # Kinesis sends the stream's ARN as the encryption context of every call.
            "kms:EncryptionContext:aws:kinesis:arn": stream_arn(key, settings, naming, where),
            "kms:ViaService": f"kinesis.{where.region}.{suffix}",
        }
    }
    use = ACCESSES["put"][1]
    return foreign_trusts(_sid(key), settings.put_by, use, where.partition, bound)


def _sid(key: str) -> str:
    return f"Put{sid_part(f'{OFFER.kind}-{key}')}"
