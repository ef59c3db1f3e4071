"""Access to the account of a stack: signing in, clients that try again, and errors in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ProfileNotFound
from botocore.parsers import ResponseParserError

from trellis.aws_errors import code_of, is_refusal, is_throttling, message_of
from trellis.stackfile.looking_up import as_deployments
from trellis.stackfile.settings import SystemSettings

AWS_ERRORS = (BotoCoreError, ClientError, ResponseParserError)
"""What a call of AWS may end with."""

PATIENT = Config(
    retries={"mode": "standard", "total_max_attempts": 4}, connect_timeout=5, read_timeout=30
)
"""Throttled and broken calls are tried four times, with pauses that grow."""

ABSENT = frozenset(
    {
        "404",
        "ClusterNotFoundException",
        "NoSuchResourceException",
        "NotFoundException",
        "ResourceNotFoundException",
        "ServiceNotFoundException",
        "TargetGroupNotFound",
    }
)
"""Codes of a thing that is not there."""

EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})

UNKNOWN_KEYS = frozenset(
    {"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "AuthFailure"}
)


class NoAccessError(Exception):
    """The account can't be reached with these credentials; the text says why, `remedy` what to
    do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


@dataclass(frozen=True)
class Access:
    """A signed-in session in the stack's region."""

    session: Any
    """A `boto3.Session`. Its clients are `Any`: boto3 makes them at run time."""
    region: str
    account: str
    caller: str
    """ARN of who is signed in."""
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict[tuple[str, str], Any])

    def client(self, service: str, region: str | None = None) -> Any:
        """The client of a service, made once.

        Args:
            region: another one than the stack's.
        """
        key = (service, region or self.region)
        if key not in self._clients:
            self._clients[key] = self.session.client(service, region_name=key[1], config=PATIENT)
        return self._clients[key]


def sign_in(settings: SystemSettings, session_of: Callable[..., Any]) -> Access:
    """Sign in as the stack file says, as its deployments do.

    Args:
        session_of: `boto3.Session`.

    Raises:
        NoAccessError: there are no credentials, AWS refuses them, or they are another account's.
    """
    try:
        session = session_of(profile_name=settings.provider.profile, region_name=settings.region)
        session = as_deployments(settings, session, session_of)
        client = session.client("sts", region_name=settings.region, config=PATIENT)
        caller = client.get_caller_identity()
    except (NoCredentialsError, ProfileNotFound) as error:
        raise NoAccessError(
            f"no AWS credentials ({_first_line(error)})",
            "set AWS_PROFILE, or sign in with `aws sso login`",
        ) from None
    except AWS_ERRORS as error:
        raise NoAccessError(
            sentence(error), "sign in again; `aws sts get-caller-identity` says as whom"
        ) from None
    account = str(caller.get("Account", ""))
    if settings.account not in (None, account):
        raise NoAccessError(
            f"credentials of account {account}, and the stack is of {settings.account}",
            f"sign in to {settings.account}, or mend `trellis:account`",
        )
    return Access(session, settings.region, account, str(caller.get("Arn", "")))


def is_absence(error: BaseException) -> bool:
    """Whether what was asked for is not there."""
    return code_of(error) in ABSENT


def listed(operation: Callable[..., Any], key: str, **arguments: Any) -> list[Any]:
    """What an operation lists under a key; nothing where what it is asked of is not there."""
    try:
        return operation(**arguments)[key]
    except ClientError as error:
        if is_absence(error):
            return []
        raise


def sentence(error: BaseException) -> str:
    """An error of AWS in one line a person understands, without ids of requests."""
    if not isinstance(error, ClientError):
        return f"AWS could not be asked: {_first_line(error)}"
    code = code_of(error)
    if is_refusal(error):
        return f"the caller may not call {error.operation_name}"
    if code in EXPIRED:
        return "the credentials have expired"
    if code in UNKNOWN_KEYS:
        return f"AWS does not know these credentials ({code})"
    if is_throttling(error):
        return f"AWS was asked too often ({error.operation_name}: {code})"
    message = message_of(error)
    return f"{error.operation_name} answered {code}{f': {message}' if message else ''}"


def _first_line(error: BaseException) -> str:
    lines = str(error).splitlines()
    return lines[0][:160] if lines else type(error).__name__
