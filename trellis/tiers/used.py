"""What services, functions and jobs use: everything that can be linked to, in the order it is made.

Queues and topics come first, since buckets and alarms tell them; then what holds data, its users
and their secrets; then functions without their code, so that pools, APIs and other functions can
name them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.bucket.bucket import Bucket
from components.contracts import Placement, SubnetTier
from components.functions.function import Function
from components.messaging.queue import Queue
from components.messaging.topic import Topic
from components.network.vpc import Network
from components.secrets.secret import Secret
from components.table.table import Table
from trellis.stackfile.loading import Loaded
from trellis.tiers.apis import make_apis
from trellis.tiers.backups import make_backups
from trellis.tiers.baseline import Account, make_baseline
from trellis.tiers.buckets import make_buckets
from trellis.tiers.built_system import BuiltSystem
from trellis.tiers.caches import make_caches
from trellis.tiers.databases import (
    client_addresses,
    database_users,
    make_databases,
    make_proxies,
)
from trellis.tiers.declared import make_tier
from trellis.tiers.dns import Dns, make_dns
from trellis.tiers.functions import make_functions
from trellis.tiers.lake import Lake, make_lake
from trellis.tiers.log_delivery import make_log_delivery
from trellis.tiers.messaging import make_mail, make_topics
from trellis.tiers.secrets import fill_secrets, logins, make_secrets
from trellis.tiers.stack_context import StackContext
from trellis.tiers.user_pools import make_user_pools


@dataclass(frozen=True)
class Used:
    """Everything that can be linked to, each by the stack file's keys, and what came with it."""

    queues: Mapping[str, Queue]
    topics: Mapping[str, Topic]
    buckets: Mapping[str, Bucket]
    log_delivery: Any
    dns: Dns
    mail: Mapping[str, Any]
    databases: Mapping[str, Any]
    proxies: Mapping[str, Any]
    caches: Mapping[str, Any]
    tables: Mapping[str, Table]
    declared: Mapping[str, Mapping[str, Any]]
    backups: Any
    secrets: Mapping[str, Secret]
    rotations: Mapping[str, Any]
    functions: Mapping[str, Function]
    account: Account
    lake: Lake
    pools: Mapping[str, Any]
    apis: Mapping[str, Any]

    def system(
        self,
        root: pulumi.ComponentResource,
        provider: aws.Provider,
        network: Network | None,
        stack: StackContext,
    ) -> BuiltSystem:
        """The system as far as it is made."""
        return BuiltSystem(
            root=root,
            provider=provider,
            naming=stack.naming,
            location=stack.where,
            keys=stack.keys,
            placements=stack.placements,
            network=network,
            # A proxy stands in for its database: links lead to it.
            databases={**self.databases, **self.proxies},
            caches=self.caches,
            tables=self.tables,
            buckets=self.buckets,
            queues=self.queues,
            topics=self.topics,
            secrets=self.secrets,
            mail=self.mail,
            functions=self.functions,
            catalogs=self.lake.catalogs,
            queries=self.lake.queries,
            models=self.lake.models,
            declared=self.declared,
            apis=self.apis,
            user_pools=self.pools,
        )


def make_used(
    stack: StackContext,
    loaded: Loaded,
    declared_fields: Sequence[str],
    sql: Mapping[str, str],
    provider: aws.Provider,
) -> Used:
    """Make what is used.

    Args:
        declared_fields: parts of the stack file that need nothing but their declaration.
        sql: queries by the path of their file.
    """
    queues = make_tier(stack, "queues", Queue)
    topics = make_topics(stack, queues)
    buckets = make_buckets(stack)
    log_delivery = make_log_delivery(stack)
    dns = make_dns(stack, loaded.context, log_delivery, _vpc_id(stack.placements))
    mail = make_mail(stack, dns.mail_zones())

    databases = make_databases(stack)
    caches = make_caches(stack)
    tables = make_tier(stack, "tables", Table)
    declared = {
        field: make_tier(stack, field, pulumi.ComponentResource) for field in declared_fields
    }
    backups = make_backups(
        stack, [stateful.stateful for stateful in (*databases.values(), *tables.values())]
    )

    secrets = make_secrets(stack)
    proxies = make_proxies(stack, databases, database_users(stack, secrets))
    rotations = fill_secrets(
        stack,
        secrets,
        logins(databases, caches, client_addresses(proxies)),
        stack.placements.get(SubnetTier.PRIVATE),
    )

    functions = make_functions(stack)
    account = make_baseline(stack, buckets, tables)
    lake = make_lake(
        stack, loaded, sql, declared["streams"], secrets, after=account.catalog_encryption
    )
    pools = make_user_pools(stack, loaded.context, functions, secrets, mail, provider=provider)
    return Used(
        queues=queues,
        topics=topics,
        buckets=buckets,
        log_delivery=log_delivery,
        dns=dns,
        mail=mail,
        databases=databases,
        proxies=proxies,
        caches=caches,
        tables=tables,
        declared=declared,
        backups=backups,
        secrets=secrets,
        rotations=rotations,
        functions=functions,
        account=account,
        lake=lake,
        pools=pools,
        apis=make_apis(stack),
    )


def _vpc_id(placements: Mapping[SubnetTier, Placement]) -> pulumi.Input[str] | None:
    """Id of the network that the system stands in, where it stands in one."""
    return next((placement.vpc_id for placement in placements.values()), None)
