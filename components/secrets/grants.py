"""What the rotation function may do: its own secrets, its server's users, and nothing else."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Sequence

from components.contracts import AccountRegion, Arn, Grant, LoginServer
from components.parts.function_network import network_interfaces
from components.parts.key_grant import READ, WRITE, key_grant
from components.secrets.specification import Member


def rotation_grants(
    members: Sequence[Member],
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
    servers = [member.server for member in members if member.server is not None]
    if servers:
        grants += network_interfaces(where)
    for server in servers:
        grants += [grant for grant in _server_grants(server, where) if grant not in grants]
    return tuple(_numbered(grants))


def _numbered(grants: Sequence[Grant]) -> Iterator[Grant]:
    """Several users of one cache have a statement each; a `Sid` stands once in a document."""
    seen: Counter[str] = Counter()
    for grant in grants:
        seen[grant.sid] += 1
        again = seen[grant.sid]
        yield grant if again == 1 else dataclasses.replace(grant, sid=f"{grant.sid}{again}")


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
