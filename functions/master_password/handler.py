"""Sets the master password of a database from an operator's secret.

Called once by `pulumi up`, synchronously. RDS makes a new database with a password of its own,
which it manages; with that it refuses read replicas and blue/green updates. So the management is
turned off and the secret's password set, here: it is in no program, plan, state or log.

Sources: ModifyDBInstance, ModifyDBCluster (Amazon RDS API Reference); "Password management with
Amazon RDS and AWS Secrets Manager" (Amazon RDS User Guide), 2026-11.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

PAUSE_SECONDS = 10
"""Between two looks at the database."""

MARGIN_SECONDS = 20
"""Kept of the function's time to say that it took too long."""

BUSY = frozenset({"InvalidDBInstanceState", "InvalidDBClusterStateFault"})
"""Codes of a change that is asked for while another one is under way."""


THROTTLED = frozenset({"RequestLimitExceeded", "Throttling", "ThrottlingException"})
"""Answers to too many requests ("Common Errors", Amazon RDS API Reference)."""

SERVER_ERRORS = 500
"""HTTP statuses from here on are AWS's own trouble."""

RETRIES = Config(
    retries={"mode": "standard", "total_max_attempts": 8}, connect_timeout=5, read_timeout=20
)
"""What AWS can not answer now is asked again, with growing pauses, for about a minute."""


class Request(TypedDict):
    """Which database, and whose secret. Nothing in it is secret."""

    database: str
    """Its identifier."""
    cluster: bool
    """Whether it is an Aurora cluster."""
    user: str
    """The master user, whom the secret has to be of."""
    secret: str
    """ARN of a JSON object with `username` and `password`."""


class MasterPasswordError(Exception):
    """The password can't be set; the text says why, and quotes no value."""


@dataclass(frozen=True)
class Rds:
    """RDS as far as it is needed here: instances and clusters are changed by other calls."""

    client: Any
    database: str
    cluster: bool

    def described(self) -> Mapping[str, Any]:
        """What RDS says of the database."""
        if self.cluster:
            answer = self.client.describe_db_clusters(DBClusterIdentifier=self.database)
            return cast("Mapping[str, Any]", answer["DBClusters"][0])
        answer = self.client.describe_db_instances(DBInstanceIdentifier=self.database)
        return cast("Mapping[str, Any]", answer["DBInstances"][0])

    def change(self, password: str, *, managed: bool) -> None:
        """Ask for the password, and for the end of RDS's own management."""
        asked: dict[str, Any] = {"MasterUserPassword": password, "ApplyImmediately": True}
        if managed:
            asked["ManageMasterUserPassword"] = False
        if self.cluster:
            self.client.modify_db_cluster(DBClusterIdentifier=self.database, **asked)
        else:
            self.client.modify_db_instance(DBInstanceIdentifier=self.database, **asked)


def handle(
    request: Request,
    context: Any,
    *,
    secrets: Any = None,
    rds: Any = None,
    pause: Callable[[float], None] = time.sleep,
) -> dict[str, str]:
    """Set the password; returns once the database has it.

    Raises:
        MasterPasswordError: the secret is not of the master user, AWS refuses, or it takes too
            long.
    """
    database = Rds(
        rds or boto3.client("rds", config=RETRIES), request["database"], request["cluster"]
    )
    try:
        password = _password(secrets or boto3.client("secretsmanager", config=RETRIES), request)
        _set(database, password, context, pause)
    except ClientError as error:
        # AWS's own text may quote a parameter.
        code = error.response.get("Error", {}).get("Code", "")
        failure = f"AWS refused {error.operation_name} for {database.database}: {code}"
    except BotoCoreError as error:
        failure = f"AWS can't be asked about {database.database}: {type(error).__name__}"
    else:
        return {"database": database.database}
    raise MasterPasswordError(failure)


def _password(client: Any, request: Request) -> str:
    answer = client.get_secret_value(SecretId=request["secret"])
    try:
        value: Any = json.loads(answer.get("SecretString", ""))
    except ValueError:
        value = None
    fields = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    password = fields.get("password")
    if fields.get("username") != request["user"] or not isinstance(password, str) or not password:
        raise MasterPasswordError(
            f"the secret {request['secret']} is not a JSON object with the username "
            f"{request['user']} and a password"
        )
    return password


def _set(database: Rds, password: str, context: Any, pause: Callable[[float], None]) -> None:
    asked = False
    while True:
        found = _seen(database)
        if found is not None and _ready(found):
            if asked and not found.get("MasterUserSecret"):
                return
            asked = _asked(database, password, found)
        if context.get_remaining_time_in_millis() < (PAUSE_SECONDS + MARGIN_SECONDS) * 1000:
            raise MasterPasswordError(
                f"{database.database} did not take the password in time; invoke this again"
            )
        pause(PAUSE_SECONDS)


def _seen(database: Rds) -> Mapping[str, Any] | None:
    """What RDS says of the database; None while it can't be asked, which passes."""
    try:
        return database.described()
    except BotoCoreError:
        return None
    except ClientError as error:
        if not _passes(error):
            raise
        return None


def _passes(error: ClientError) -> bool:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= SERVER_ERRORS or error.response.get("Error", {}).get("Code") in THROTTLED


def _ready(found: Mapping[str, Any]) -> bool:
    status = found.get("Status") or found.get("DBInstanceStatus")
    pending: Mapping[str, Any] = found.get("PendingModifiedValues") or {}
    return status == "available" and "MasterUserPassword" not in pending


def _asked(database: Rds, password: str, found: Mapping[str, Any]) -> bool:
    """Whether RDS took the request; not while it makes another change."""
    try:
        database.change(password, managed=bool(found.get("MasterUserSecret")))
    except BotoCoreError:
        # Whether it was taken is not known: the same is asked again.
        return False
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in BUSY or _passes(error):
            return False
        raise
    return True
