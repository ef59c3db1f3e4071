"""The log of who reads and writes the state: a bucket of its own, and its delivery.

S3 delivers as its own service, which the log bucket lets in from the state bucket of this account
alone ("Enabling Amazon S3 server access logging", 2026-11). The log is encrypted by S3's own key,
as delivery takes no customer's, and goes after a year.
"""

from __future__ import annotations

import json
from typing import Any

from trellis.backend.calls import Clients, asked, found
from trellis.backend.parts import NOBODY, Backend, Part, covers, has_bucket, make_bucket

LOG_DAYS = 365
"""Days that the lines are kept."""

PREFIX = "access/"


def _has_log(clients: Clients, backend: Backend) -> bool:
    return has_bucket(clients, backend.log_bucket)


def _make_log(clients: Clients, backend: Backend) -> None:
    make_bucket(clients, backend.log_bucket)


def _is_closed(clients: Clients, backend: Backend) -> bool:
    response = found(clients.s3.get_public_access_block, Bucket=backend.log_bucket)
    return response is not None and covers(response["PublicAccessBlockConfiguration"], NOBODY)


def _close(clients: Clients, backend: Backend) -> None:
    asked(
        clients.s3.put_public_access_block,
        Bucket=backend.log_bucket,
        PublicAccessBlockConfiguration=NOBODY,
    )


LIFECYCLE: dict[str, Any] = {
    "Rules": [
        {
            "ID": "lines",
            "Status": "Enabled",
            "Filter": {"Prefix": PREFIX},
            "Expiration": {"Days": LOG_DAYS},
        }
    ]
}


def _expires(clients: Clients, backend: Backend) -> bool:
    response = found(clients.s3.get_bucket_lifecycle_configuration, Bucket=backend.log_bucket)
    return response is not None and covers(response, LIFECYCLE)


def _expire(clients: Clients, backend: Backend) -> None:
    asked(
        clients.s3.put_bucket_lifecycle_configuration,
        Bucket=backend.log_bucket,
        LifecycleConfiguration=LIFECYCLE,
    )


def log_policy(clients: Clients, backend: Backend) -> dict[str, Any]:
    """The log bucket's policy: TLS alone, and S3's delivery from the state bucket."""
    log = f"arn:{clients.partition}:s3:::{backend.log_bucket}"
    state = f"arn:{clients.partition}:s3:::{backend.bucket}"
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "EncryptedOnTheWay",
                "Effect": "Deny",
                "Principal": {"AWS": "*"},
                "Action": "s3:*",
                "Resource": [log, f"{log}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
            {
                "Sid": "Delivery",
                "Effect": "Allow",
                "Principal": {"Service": "logging.s3.amazonaws.com"},
                "Action": "s3:PutObject",
                "Resource": f"{log}/{PREFIX}*",
                "Condition": {
                    "ArnLike": {"aws:SourceArn": state},
                    "StringEquals": {"aws:SourceAccount": clients.account},
                },
            },
        ],
    }


def _lets_delivery_in(clients: Clients, backend: Backend) -> bool:
    response = found(clients.s3.get_bucket_policy, Bucket=backend.log_bucket)
    return response is not None and json.loads(response["Policy"]) == log_policy(clients, backend)


def _let_delivery_in(clients: Clients, backend: Backend) -> None:
    text = json.dumps(log_policy(clients, backend))
    asked(clients.s3.put_bucket_policy, Bucket=backend.log_bucket, Policy=text)


def _target(backend: Backend) -> dict[str, str]:
    return {"TargetBucket": backend.log_bucket, "TargetPrefix": PREFIX}


def _is_logged(clients: Clients, backend: Backend) -> bool:
    response = found(clients.s3.get_bucket_logging, Bucket=backend.bucket)
    return response is not None and covers(response.get("LoggingEnabled"), _target(backend))


def _log(clients: Clients, backend: Backend) -> None:
    asked(
        clients.s3.put_bucket_logging,
        Bucket=backend.bucket,
        BucketLoggingStatus={"LoggingEnabled": _target(backend)},
    )


LOG_PARTS = (
    Part("log bucket", "holds who reads and writes the state", _has_log, _make_log),
    Part("log: public access", "nothing in it can be made public", _is_closed, _close),
    Part("log: lifecycle", f"lines go after {LOG_DAYS} days", _expires, _expire),
    Part("log: policy", "TLS alone; S3 delivers from the state bucket",
         _lets_delivery_in, _let_delivery_in),
    Part("access log", "each read and write of the state is written down", _is_logged, _log),
)  # fmt: skip
"""In the order in which they are made."""
