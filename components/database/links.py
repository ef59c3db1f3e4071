"""What follows from using a database: its endpoint, its address in the environment, its grants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from components.contracts import AccountRegion, Arn, Endpoint, Grant, Link
from components.database.settings import ClusterSettings, DatabaseSettings
from components.parts.access import sid_part
from components.parts.offer import Offer
from components.parts.variable import variable


def _readers(settings: DatabaseSettings | None) -> Mapping[str, str]:
    """Hosts that only read, which a proxy stands before none of."""
    if settings is None or settings.proxy is not None:
        return {}
    if isinstance(settings, ClusterSettings):
        return {"reader": "DB_READER_HOST"}
    return {f"replica-{key}": f"DB_{variable(key)}_HOST" for key in settings.read_replicas}


OFFER = Offer[DatabaseSettings | None](
    kind="database",
    # What a user may do inside is said by the database.
    accesses=("connect",),
    default="connect",
    variables={"host": "DB_HOST", "port": "DB_PORT", "name": "DB_NAME"},
    more=_readers,
    listens=True,
)
"""With None for the settings, what a proxy offers in its database's place."""


def connect_link(
    name: str,
    settings: DatabaseSettings | None,
    access: str | None,
    *,
    endpoint: Endpoint,
    values: Mapping[str, pulumi.Input[str]],
    describe: tuple[str, Arn],
    sign_in: Sequence[pulumi.Input[str]],
    depends_on: tuple[pulumi.Resource, ...],
    db_name: str | None = None,
) -> Link:
    """The link of a database or its proxy.

    Args:
        settings: of the database; None for a proxy.
        values: what the offer's variables say.
        describe: the action that describes it, and its ARN.
        sign_in: ARNs of the database users that may use an IAM token.
        db_name: the further database of the server that is used, where one is.
    """
    producer = f"{OFFER.kind}-{name}"
    access = OFFER.chosen(name, settings, access)
    label = sid_part(producer)
    grants = [Grant(f"Describe{label}", (describe[0],), (describe[1],))]
    if sign_in:
        grants.append(Grant(f"SignIn{label}", ("rds-db:connect",), tuple(sign_in)))
    return Link(
        # A server's second database is another giver of the same variables.
        producer=producer if db_name is None else f"{producer}, {db_name}",
        access=access,
        endpoints=(endpoint,),
        grants=tuple(grants),
        environment=OFFER.environment(name, settings, values),
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
