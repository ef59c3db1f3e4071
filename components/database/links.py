"""What follows from using a database: its endpoint, its address in the environment, its grants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from components.contracts import AccountRegion, Arn, Endpoint, Grant, Link
from components.parts.access import check_access, sid_part

ACCESSES = ("connect",)
"""How a database is used; what a user may do inside is said by the database."""


def connect_link(
    producer: str,
    access: str,
    *,
    endpoint: Endpoint,
    environment: Mapping[str, pulumi.Input[str]],
    describe: tuple[str, Arn],
    sign_in: Sequence[pulumi.Input[str]],
    depends_on: tuple[pulumi.Resource, ...],
) -> Link:
    """The link of a database or its proxy.

    Args:
        describe: the action that describes it, and its ARN.
        sign_in: ARNs of the database users that may use an IAM token.
    """
    check_access(producer, access, ACCESSES)
    label = sid_part(producer)
    grants = [Grant(f"Describe{label}", (describe[0],), (describe[1],))]
    if sign_in:
        grants.append(Grant(f"SignIn{label}", ("rds-db:connect",), tuple(sign_in)))
    return Link(
        producer=producer,
        access=access,
        endpoints=(endpoint,),
        grants=tuple(grants),
        environment=environment,
        depends_on=depends_on,
    )


def user_arns(
    where: AccountRegion, resource_id: pulumi.Output[str], users: Sequence[str]
) -> list[pulumi.Input[str]]:
    """ARNs of database users ("Creating and using an IAM policy for IAM database access").

    Args:
        resource_id: the instance's `db-...`, the cluster's `cluster-...` or the proxy's `prx-...`.
    """
    return [
        where.arn("rds-db", pulumi.Output.concat("dbuser:", resource_id, "/", user))
        for user in users
    ]
