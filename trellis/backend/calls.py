"""How AWS is asked, and what is said when it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from trellis.aws_errors import code_of, is_refusal, is_throttling, message_of

ABSENT = frozenset(
    {
        "404", "NoSuchBucket", "NoSuchBucketPolicy", "NoSuchKey", "NoSuchLifecycleConfiguration",
        "NoSuchPublicAccessBlockConfiguration", "NoSuchTagSet", "NotFoundException",
        "OwnershipControlsNotFoundError", "ServerSideEncryptionConfigurationNotFoundError",
    }
)  # fmt: skip
"""Codes of errors that say that something is not there ("Error responses", S3 and KMS API
References, 2026-11)."""


class BackendError(Exception):
    """What is wrong with the backend, or with who asks; the text says what to do."""


@dataclass(frozen=True)
class Clients:
    """Clients of one session, and whose account it is in."""

    s3: Any
    kms: Any
    account: str
    caller: str
    """ARN of who asks."""
    region: str

    @property
    def partition(self) -> str:
        """As in `aws` or `aws-us-gov`."""
        return self.caller.split(":")[1]


def connect(
    region: str, account: str | None, profile: str | None, session: Callable[..., Any]
) -> Clients:
    """Sign in, and refuse another account than the stack file's before anything is asked.

    Args:
        session: `boto3.Session`.

    Raises:
        BackendError: nobody is signed in, or into another account.
    """
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    settings = Config(retries={"mode": "standard", "max_attempts": 6})
    try:
        opened = session(profile_name=profile, region_name=region)
        found: Mapping[str, str] = asked(opened.client("sts", config=settings).get_caller_identity)
    except BotoCoreError as error:
        raise BackendError(
            f"nobody is signed in to AWS: {error}; `aws sso login`, or set a profile"
        ) from None
    if account is not None and found["Account"] != account:
        raise BackendError(
            f"signed in to account {found['Account']} as {found['Arn']}; the stack file says "
            f"{account}: nothing was asked or changed"
        )
    return Clients(
        opened.client("s3", config=settings),
        opened.client("kms", config=settings),
        found["Account"],
        found["Arn"],
        region,
    )


def asked(call: Callable[..., Any], **arguments: Any) -> Any:
    """The answer to a call.

    Raises:
        BackendError: AWS refused, or could not be asked; the text names the call and what to do.
    """
    return _heard(call, frozenset(), arguments)


def found(call: Callable[..., Any], **arguments: Any) -> Any:
    """The answer to a call; None where what it asks of is not there.

    Raises:
        BackendError: AWS refused for another reason, or could not be asked.
    """
    return _heard(call, ABSENT, arguments)


def content(answer: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The JSON of an object of S3's.

    Args:
        answer: of `GetObject`, whose body is still on its way.

    Raises:
        BackendError: it broke off, or it holds something else.
    """
    text = asked(answer["Body"].read)
    try:
        document: dict[str, Any] = json.loads(text)
    except ValueError:
        raise BackendError(f"{key} in the bucket is not JSON: somebody wrote it by hand") from None
    return document


def _heard(call: Callable[..., Any], absent: frozenset[str], arguments: Mapping[str, Any]) -> Any:
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    try:
        return call(**arguments)
    except ClientError as error:
        if code_of(error) in absent:
            return None
        raise refusal(error) from None
    except (BotoCoreError, ResponseParserError) as error:
        lines = str(error).splitlines()
        raise BackendError(
            f"AWS could not be asked: {lines[0] if lines else type(error).__name__}; run it again"
        ) from None


def refusal(error: Any) -> BackendError:
    """What to say of an error that AWS answered with."""
    code, name, message = code_of(error), error.operation_name, message_of(error)
    if is_throttling(error):
        return BackendError(
            f"AWS throttled {name} after six tries: run it again, it goes on where it stopped"
        )
    if is_refusal(error) and name == "HeadBucket":
        return BackendError(
            f"HeadBucket: the bucket is another account's, or is not allowed ({code})"
        )
    if is_refusal(error):
        return BackendError(f"{name} is not allowed to whoever is signed in ({code}): {message}")
    return BackendError(f"{name}: {code}: {message}")
