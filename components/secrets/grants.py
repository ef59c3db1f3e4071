"""What the rotation function may do: its own secrets, its server's users, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from components.contracts import AccountRegion, Arn, Grant, LoginServer
from components.parts.function_network import network_interfaces
from components.parts.key_grant import READ, WRITE, key_grant
from components.secrets.specification import Member


def rotation_grants(
    members: Sequence[Member],
    server: LoginServer | None,
    where: AccountRegion,
    *,
    key_arn: Arn | None,
    log_group_arn: Arn,
    dead_letter_arn: Arn,
) -> tuple[Grant, ...]:
    """The statements of one function's role (functions/rotation/README.md says which it needs)."""
    grants = [
        Grant(
            "OwnSecrets",
            (
                "secretsmanager:DescribeSecret",
                "secretsmanager:GetSecretValue",
                "secretsmanager:PutSecretValue",
                "secretsmanager:UpdateSecretVersionStage",
            ),
            tuple(member.arn for member in members),
        ),
        Grant("OwnLogs", ("logs:CreateLogStream", "logs:PutLogEvents"), (log_group_arn,)),
        Grant("OwnDeadLetters", ("sqs:SendMessage",), (dead_letter_arn,)),
    ]
    if key_arn is not None:
        grants.append(key_grant("KeyOfSecrets", key_arn, WRITE, "secretsmanager", where))
    if server is not None:
        grants += [network_interfaces(), *_server_grants(server, where)]
    return tuple(grants)


def _server_grants(server: LoginServer, where: AccountRegion) -> list[Grant]:
    if server.admin_secret_arn is not None:
        grants = [
            Grant("MasterLogin", ("secretsmanager:GetSecretValue",), (server.admin_secret_arn,))
        ]
        if server.key_arn is not None:
            grants.append(
                key_grant("KeyOfMasterLogin", server.key_arn, READ, "secretsmanager", where)
            )
        return grants
    if server.user_arn is not None:
        actions = ("elasticache:DescribeUsers", "elasticache:ModifyUser")
        return [Grant("CacheUser", actions, (server.user_arn,))]
    if server.resource_arn is not None:
        actions = ("elasticache:DescribeReplicationGroups", "elasticache:ModifyReplicationGroup")
        return [Grant("CacheToken", actions, (server.resource_arn,))]
    return []
