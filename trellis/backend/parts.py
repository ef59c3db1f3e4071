"""What a backend consists of, part by part: how each is read, what it must be, and how it is set.

The parts are set in their order, each only where it is not yet so. A run that was interrupted
anywhere is finished by the next one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from trellis.backend.calls import BackendError, Clients, asked, found

BACKUP_DAYS = 90
"""Days that the engine's backups and former versions of the state are kept."""

MOST_NAME = 63
"""Characters of a bucket's name ("General purpose bucket naming rules", Amazon S3, 2026-11)."""

TAG = "trellis:backend"
"""Tag of the key, by which one is found again that has no alias yet."""


@dataclass(frozen=True)
class Backend:
    """One backend by its names."""

    bucket: str
    alias: str
    """Of the key, with `alias/`."""
    log_bucket: str
    """Of the log of who reads and writes the state."""

    @property
    def login(self) -> str:
        """What `pulumi login` takes, less the region."""
        return f"s3://{self.bucket}"


def named(system: str, account: str, region: str) -> Backend:
    """The backend of a system: one a system, account and region."""

    def bucket(purpose: str) -> str:
        rest = f"-{purpose}-{account}-{region}"
        return f"{system[: MOST_NAME - len(rest)]}{rest}"

    return Backend(bucket("state"), f"alias/{system}-state", bucket("state-log"))


@dataclass(frozen=True)
class Part:
    """One thing that must be so."""

    name: str
    why: str
    is_so: Callable[[Clients, Backend], bool]
    make: Callable[[Clients, Backend], None]


def key_of(clients: Clients, backend: Backend) -> str | None:
    """ARN of the backend's key; None where there is none, or none with the alias."""
    answer = found(clients.kms.describe_key, KeyId=backend.alias)
    return None if answer is None else str(answer["KeyMetadata"]["Arn"])


def _make_key(clients: Clients, backend: Backend) -> None:
    made = _orphan(clients, backend)
    if made is None:
        answer = asked(
            clients.kms.create_key,
            Description=f"State of Pulumi in {backend.bucket}",
            Tags=[{"TagKey": TAG, "TagValue": backend.bucket}],
        )
        made = str(answer["KeyMetadata"]["KeyId"])
    asked(clients.kms.create_alias, AliasName=backend.alias, TargetKeyId=made)


def _orphan(clients: Clients, backend: Backend) -> str | None:
    """The key that an interrupted run made and did not name."""
    pages = clients.kms.get_paginator("list_keys")
    for page in asked(lambda: list(pages.paginate())):
        for key in page["Keys"]:
            tags: Any = found(clients.kms.list_resource_tags, KeyId=key["KeyId"])
            if tags and {"TagKey": TAG, "TagValue": backend.bucket} in tags["Tags"]:
                state = asked(clients.kms.describe_key, KeyId=key["KeyId"])["KeyMetadata"]
                if state["KeyState"] == "Enabled":
                    return str(key["KeyId"])
    return None


def _rotates(clients: Clients, backend: Backend) -> bool:
    key = key_of(clients, backend)
    return key is not None and bool(
        asked(clients.kms.get_key_rotation_status, KeyId=key)["KeyRotationEnabled"]
    )


def _rotate(clients: Clients, backend: Backend) -> None:
    asked(clients.kms.enable_key_rotation, KeyId=_needed(clients, backend))


def _needed(clients: Clients, backend: Backend) -> str:
    key = key_of(clients, backend)
    if key is None:
        raise BackendError(f"the key {backend.alias} went away meanwhile; run it again")
    return key


def has_bucket(clients: Clients, name: str) -> bool:
    """Whether there is a bucket of a name, of this account."""
    arguments = {"Bucket": name, "ExpectedBucketOwner": clients.account}
    return found(clients.s3.head_bucket, **arguments) is not None


def make_bucket(clients: Clients, name: str) -> None:
    """Make a bucket whose objects are its owner's, without access lists."""
    where = {}
    if clients.region != "us-east-1":
        where = {"CreateBucketConfiguration": {"LocationConstraint": clients.region}}
    asked(
        clients.s3.create_bucket,
        Bucket=name,
        ObjectOwnership="BucketOwnerEnforced",
        **where,
    )


def _configuration(
    name: str,
    why: str,
    read: str,
    write: str,
    answer: str,
    wanted: Callable[[Clients, Backend], Any],
    argument: str | None = None,
) -> Part:
    """A part that one call reads and another one sets, whole.

    Args:
        answer: field of the reading call's answer; empty where it is the answer itself.
        argument: of the setting call, where it is called otherwise.
    """

    def is_so(clients: Clients, backend: Backend) -> bool:
        response = found(getattr(clients.s3, read), Bucket=backend.bucket)
        if response is None:
            return False
        now = response.get(answer) if answer else response
        return covers(now, wanted(clients, backend))

    def make(clients: Clients, backend: Backend) -> None:
        asked(
            getattr(clients.s3, write),
            **{"Bucket": backend.bucket, argument or answer: wanted(clients, backend)},
        )

    return Part(name, why, is_so, make)


def covers(now: Any, wanted: Any) -> bool:
    """Whether what AWS answers says all that is wanted; it may say more, as defaults."""
    if isinstance(wanted, Mapping):
        fields = cast("Mapping[str, Any]", wanted)
        return isinstance(now, Mapping) and all(
            covers(cast("Mapping[str, Any]", now).get(key), value) for key, value in fields.items()
        )
    if isinstance(wanted, list):
        rows = cast("list[Any]", wanted)
        there = cast("list[Any]", now) if isinstance(now, list) else []
        return len(there) == len(rows) and all(
            covers(*pair) for pair in zip(there, rows, strict=True)
        )
    return now == wanted


def _encryption(clients: Clients, backend: Backend) -> dict[str, Any]:
    rule = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": _needed(clients, backend)}
    return {"Rules": [{"ApplyServerSideEncryptionByDefault": rule, "BucketKeyEnabled": True}]}


def _lifecycle(_: Clients, __: Backend) -> dict[str, Any]:
    def rule(name: str, prefix: str, **more: Any) -> dict[str, Any]:
        return {"ID": name, "Status": "Enabled", "Filter": {"Prefix": prefix}, **more}

    days = {"NoncurrentDays": BACKUP_DAYS}
    return {
        "Rules": [
            rule("former-versions", ".pulumi/", NoncurrentVersionExpiration=days),
            rule("backups", ".pulumi/backups/", Expiration={"Days": BACKUP_DAYS}),
            rule("uploads", "", AbortIncompleteMultipartUpload={"DaysAfterInitiation": 7}),
        ]
    }


def policy(clients: Clients, backend: Backend) -> dict[str, Any]:
    """The bucket's policy: TLS alone, and no version of a state is deleted by anybody."""
    bucket = f"arn:{clients.partition}:s3:::{backend.bucket}"
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "EncryptedOnTheWay",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [bucket, f"{bucket}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
            {
                "Sid": "KeepVersions",
                "Effect": "Deny",
                "Principal": "*",
                "Action": ["s3:DeleteObjectVersion", "s3:PutBucketVersioning"],
                "Resource": [bucket, f"{bucket}/*"],
            },
        ],
    }


def _has_policy(clients: Clients, backend: Backend) -> bool:
    response = found(clients.s3.get_bucket_policy, Bucket=backend.bucket)
    return response is not None and json.loads(response["Policy"]) == policy(clients, backend)


def _set_policy(clients: Clients, backend: Backend) -> None:
    text = json.dumps(policy(clients, backend))
    asked(clients.s3.put_bucket_policy, Bucket=backend.bucket, Policy=text)


NOBODY = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
)

STATE_PARTS = (
    Part("key", "a key of its own encrypts the state",
         lambda clients, backend: key_of(clients, backend) is not None, _make_key),
    Part("key rotation", "the key is renewed every year", _rotates, _rotate),
    Part("bucket", "holds the state",
         lambda clients, backend: has_bucket(clients, backend.bucket),
         lambda clients, backend: make_bucket(clients, backend.bucket)),
    _configuration(
        "public access", "nothing in it can be made public", "get_public_access_block",
        "put_public_access_block", "PublicAccessBlockConfiguration", lambda _, __: NOBODY,
    ),
    _configuration(
        "ownership", "what is written is the bucket's, without access lists",
        "get_bucket_ownership_controls", "put_bucket_ownership_controls", "OwnershipControls",
        lambda _, __: {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
    ),
    _configuration(
        "versions", "a state that was overwritten comes back", "get_bucket_versioning",
        "put_bucket_versioning", "", lambda _, __: {"Status": "Enabled"},
        "VersioningConfiguration",
    ),
    _configuration(
        "encryption", "by that key, whatever the engine asks for", "get_bucket_encryption",
        "put_bucket_encryption", "ServerSideEncryptionConfiguration", _encryption,
    ),
    _configuration(
        "lifecycle", f"backups and former versions go after {BACKUP_DAYS} days",
        "get_bucket_lifecycle_configuration", "put_bucket_lifecycle_configuration", "",
        _lifecycle, "LifecycleConfiguration",
    ),
    Part("policy", "TLS alone; nobody deletes a version", _has_policy, _set_policy),
)  # fmt: skip
"""In the order in which they are made: what keeps everybody out comes before what is kept."""
