"""Sets the master password of a new database inside AWS, from an operator's secret.

Builds a small function (`functions/master_password`) and the call of it. Promises:
- The password is in no argument, plan or state: the function reads the secret and tells RDS.
- It is set again where the database is made anew, or `masterSecretArn` names another secret.
- It may read that one secret and change that one database.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.contracts import AlarmSpec, Arn, Grant
from components.database.server import Server
from components.database.settings import ClusterSettings, CommonSettings
from components.naming import Naming
from components.parts.function_alarms import function_alarms
from components.parts.key_grant import READ, key_grant
from components.parts.small_function import small_function

TIMEOUT = 900
"""Seconds, the most Lambda gives: RDS takes minutes to change a password ("Lambda quotas")."""


@dataclass(frozen=True)
class MasterPassword:
    """What sets the password; empty where RDS's own stays."""

    done: tuple[pulumi.Resource, ...] = ()
    """What replicas, and users of the master secret, wait for."""
    alarms: tuple[AlarmSpec, ...] = ()


def function_thing(name: str) -> str:
    """What the function is named by, beside the system and the environment."""
    return f"master-{name}"


def sets_password(settings: CommonSettings) -> bool:
    """Whether the database is made here with a password that is then set from a secret.

    One that is restored from a snapshot has its password already.
    """
    return settings.master_password == "operator" and settings.restore_from is None


def begins_managed(settings: CommonSettings) -> bool:
    """Whether RDS makes the first password: of its own, or until ours is set."""
    return settings.master_password == "managed" or sets_password(settings)


def left_alone(settings: CommonSettings) -> list[str]:
    """Properties that say how the database begins, and that the function then changes."""
    return ["manageMasterUserPassword", "masterUserSecretKmsKeyId"] * sets_password(settings)


def set_password(
    server: Server,
    *,
    naming: Naming,
    log_key_arn: Arn | None,
    opts: pulumi.ResourceOptions,
) -> MasterPassword:
    """Have the password set, where it is not RDS's own.

    Args:
        log_key_arn: customer key of the function's log group.
    """
    settings, name, where = server.settings, server.name, server.where
    secret = settings.master_secret_arn
    if not sets_password(settings) or secret is None:
        return MasterPassword()
    cluster = isinstance(settings, ClusterSettings)
    modify = "rds:ModifyDBCluster" if cluster else "rds:ModifyDBInstance"
    thing = function_thing(name)
    function = small_function(
        thing,
        "master_password",
        naming=naming,
        where=where,
        description=f"Sets the master password of {server.identifier} from its secret",
        grants=(
            Grant("SetPassword", (server.describe, modify), (server.arn,)),
            Grant("ReadMasterSecret", ("secretsmanager:GetSecretValue",), (secret,)),
            key_grant("KeyOfMasterSecret", server.secret_key_arn, READ, "secretsmanager", where),
        ),
        timeout=TIMEOUT,
        log_days=settings.log_retention_days,
        log_key_arn=log_key_arn,
        opts=opts,
    )
    called = aws.lambda_.Invocation(
        thing,
        function_name=function.resource.name,
        # Another id is another database of the same name.
        triggers={"database": server.resource_id},
        input=pulumi.Output.json_dumps(
            {
                "database": server.identifier,
                "cluster": cluster,
                "user": settings.master_username,
                "secret": secret,
            }
        ),
        opts=pulumi.ResourceOptions(parent=opts.parent, depends_on=[*function.allowed]),
    )
    alarms = function_alarms(
        thing,
        function.name,
        title=f"Database {name}: its master password was not set",
        meaning="The database keeps the password that RDS made; replicas of it can't be made.",
        action=f"Read the log group /aws/lambda/{function.name}; mend the secret and run the "
        "deployment again.",
        parent=f"database-{name}",
    )
    return MasterPassword((called,), alarms)
