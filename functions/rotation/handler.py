"""The Lambda entry: one event in, at most a version id out, and no value anywhere else.

Two kinds of event: a rotation step from Secrets Manager, `{"Step", "SecretId",
"ClientRequestToken"}`, which returns nothing; and `{"action": "initialize", "secret": ARN}` from
the stack, which makes the first value (a further database of its server before it, and users that
sign in with IAM tokens after it) and returns `{"versionId": ...}`.
"""

import logging
import os
import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError

from . import protocol
from .configuration import CacheTokenSpec, CacheUserSpec, RandomSpec, Spec, spec_of, users_of_others
from .elasticache_token import CacheToken
from .elasticache_user import CacheUser
from .errors import RotationError
from .master import MasterSecret
from .mysql import MysqlUsers
from .postgres import PostgresUsers
from .random_value import RandomValue
from .versions import SecretVersions, error_code
from .waiting import Waiting

if TYPE_CHECKING:
    from mypy_boto3_elasticache import ElastiCacheClient
    from mypy_boto3_secretsmanager import SecretsManagerClient

# "standard" backs off with jitter and repeats throttled calls, connection failures and 5xx answers.
RETRIES = Config(
    retries={"mode": "standard", "total_max_attempts": 8}, connect_timeout=5, read_timeout=20
)

DENIED = re.compile(r"not authorized to perform: [\w:]+( on resource: arn:[\w:/!.-]+)?")

logging.getLogger(__package__).setLevel(logging.INFO)


def _secrets_manager() -> "SecretsManagerClient":
    return boto3.client("secretsmanager", config=RETRIES)


def _elasticache() -> "ElastiCacheClient":
    return boto3.client("elasticache", config=RETRIES)


@dataclass(frozen=True)
class Outside:
    """What the function reaches besides the servers themselves."""

    environment: Mapping[str, str]
    # Made when needed: a client costs a cold start some hundred milliseconds.
    secrets_manager: "Callable[[], SecretsManagerClient]" = _secrets_manager
    elasticache: "Callable[[], ElastiCacheClient]" = _elasticache
    waiting: Waiting = field(default_factory=Waiting)


def handle(event: Mapping[str, object], context: object) -> dict[str, str] | None:  # noqa: ARG001
    """Lambda's entry. Raises RotationError, so that Secrets Manager tries the step again."""
    return respond(event, Outside(os.environ))


def respond(event: Mapping[str, object], outside: Outside) -> dict[str, str] | None:
    """Do what the event asks for. Every error that leaves is a RotationError without a value."""
    try:
        return _dispatch(event, outside)
    except RotationError as error:
        failure = str(error)
    except ClientError as error:
        failure = f"AWS refused {error.operation_name}: {error_code(error)}{_denied(error)}"
    except (BotoConnectionError, HTTPClientError) as error:
        failure = f"No path to AWS from this function's network ({type(error).__name__})"
    except Exception as error:  # noqa: BLE001  an unforeseen error's text may quote a value
        failure = f"Unforeseen {type(error).__name__} at {_place(error)} (text withheld)"
    # Raised outside the handlers, so that no original rides along as its context.
    raise RotationError(failure)


def _place(error: Exception) -> str:
    innermost = traceback.extract_tb(error.__traceback__)[-1]
    return f"{PurePath(innermost.filename).name}:{innermost.lineno}"


def _denied(error: ClientError) -> str:
    """What is missing in a policy. No other text of AWS is passed on: it may quote a parameter."""
    found = DENIED.search(error.response.get("Error", {}).get("Message", ""))
    return f", {found.group()}" if found else ""


def _dispatch(event: Mapping[str, object], outside: Outside) -> dict[str, str] | None:
    action = event.get("action")
    if action == "initialize":
        secret = _text(event, "secret")
        versions = SecretVersions(outside.secrets_manager(), secret)
        kind = _kind(secret, outside)
        if isinstance(kind, PostgresUsers | MysqlUsers):
            kind.make_database()
            version = protocol.initialize(versions, kind)
            kind.make_token_users()
        else:
            version = protocol.initialize(versions, kind)
        return {"versionId": version}
    if action is not None:
        raise RotationError(f"action is {action!r}; allowed is initialize")
    step, secret, version = (
        _text(event, name) for name in ("Step", "SecretId", "ClientRequestToken")
    )
    versions = SecretVersions(outside.secrets_manager(), secret)
    protocol.rotate(versions, _kind(secret, outside), step, version)
    return None


def _kind(secret: str, outside: Outside) -> protocol.Kind:
    spec: Spec = spec_of(secret, outside.environment)
    if isinstance(spec, RandomSpec):
        return RandomValue(spec)
    if isinstance(spec, CacheUserSpec):
        return CacheUser(spec, outside.elasticache(), outside.waiting)
    if isinstance(spec, CacheTokenSpec):
        return CacheToken(spec, outside.elasticache(), outside.waiting)
    master = MasterSecret(outside.secrets_manager(), spec.master, outside.waiting)
    others = users_of_others(secret, outside.environment)
    users = PostgresUsers if spec.engine == "postgres" else MysqlUsers
    return users(spec, master, others)


def _text(event: Mapping[str, object], name: str) -> str:
    value = event.get(name)
    if not isinstance(value, str) or not value:
        raise RotationError(f"The event's {name} is {value!r}; allowed is text")
    return value
