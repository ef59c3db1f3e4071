"""How databases are declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from components.contracts import Domain, NetworkNeeds
from components.database.changes import (
    at_a_restart,
    engine_version,
    grown_by_itself,
    member_restart,
    not_aurora,
    port,
    renamed,
    restart,
    storage,
)
from components.database.existing import EXISTING
from components.database.in_transit import of_database, of_proxy
from components.database.links import OFFER
from components.database.master_password import function_thing, sets_password
from components.database.names import DATABASE_NAME
from components.database.settings import DatabaseSettings, InstanceSettings
from components.naming import Kind, Naming
from components.parts.adoption import Adopts, GivenName
from components.parts.changes import Change, Downtime, Unique
from components.parts.declaration import (
    CONFIGURATION,
    Data,
    NetworkShape,
    Resource,
    TakenName,
    Tier,
    Watched,
)
from components.parts.shown import Category, Column, Shown, ShownResources
from components.parts.subnet_groups import subnets_in_use

PROXY_ADDRESSES = 10
"""Addresses RDS asks to be free in each subnet for a proxy of most classes ("Planning for IP
address capacity", Amazon RDS User Guide, 2026-11)."""


def _names(key: str, settings: DatabaseSettings, naming: Naming) -> Iterator[TakenName]:
    setting = ("name",) if settings.name else ()
    thing = settings.name or key
    yield TakenName("database", partial(naming.of, DATABASE_NAME, thing), setting)
    if sets_password(settings):
        yield TakenName("function", partial(naming.of, Kind.FUNCTION, function_thing(key)))
    servers = (
        settings.read_replicas if isinstance(settings, InstanceSettings) else settings.instances
    )
    for server in servers:
        yield TakenName("database", partial(naming.of, DATABASE_NAME, thing, server), setting)


def _type(settings: DatabaseSettings) -> str:
    kind = "instance:Instance" if isinstance(settings, InstanceSettings) else "cluster:Cluster"
    return f"aws:rds/{kind}"


def _given(key: str, settings: DatabaseSettings) -> Iterator[GivenName]:
    """Whole identifiers of the database and of its replicas or members."""
    if settings.physical_name is not None:
        yield GivenName(DATABASE_NAME, (key,), settings.physical_name)
    servers = (
        settings.read_replicas if isinstance(settings, InstanceSettings) else settings.instances
    )
    for server, database in servers.items():
        if database.physical_name is not None:
            yield GivenName(DATABASE_NAME, (settings.name or key, server), database.physical_name)


def _needs(databases: Mapping[str, DatabaseSettings], network: NetworkShape) -> NetworkNeeds:
    """Addresses that databases, standbys, replicas and proxies take; they call nothing."""
    taken = sum(_addresses(database) for database in databases.values())
    return NetworkNeeds(addresses={network.data: taken} if databases else {})


def _addresses(settings: DatabaseSettings) -> int:
    proxy = PROXY_ADDRESSES if settings.proxy is not None else 0
    if not isinstance(settings, InstanceSettings):
        return len(settings.instances) + proxy
    replicas = settings.read_replicas.values()
    standbys = [settings.multi_az, *(replica.multi_az for replica in replicas)]
    return sum(2 if standby else 1 for standby in standbys) + proxy


def _detail(resources: ShownResources) -> str:
    """Engine, instance class, and a standby where there is one."""
    instance = "aws:rds/instance:Instance"
    class_ = resources.get(instance, "instanceClass") or resources.get(
        "aws:rds/clusterInstance:ClusterInstance", "instanceClass"
    )
    engine = resources.get(instance, "engine") or resources.get("aws:rds/cluster:Cluster", "engine")
    standby = resources.get(instance, "multiAz", default=False)
    return f"{engine} {class_}{', two zones' if standby else ''}"


DATABASE = Shown(
    "database",
    glyph="M3 5c0-3 12-3 12 0v8c0 3-12 3-12 0zM3 5c0 3 12 3 12 0",
    category=Category.DATA,
    column=Column.DATA,
    icon=r"(Amazon-RDS|Amazon-Aurora|\bRDS)",
    detail=_detail,
    encryption=of_database,
)

TIERS = (
    Tier(
        field="databases",
        settings=DatabaseSettings,
        components={
            "trellis:database:AuroraCluster": DATABASE,
            "trellis:database:DatabaseProxy": Shown(
                "database proxy",
                glyph="M2 9h4M12 9h4M6 4h6v10H6z",
                category=Category.DATA,
                column=Column.DATA,
                icon=r"(Amazon-RDS|\bRDS)",
                part="proxies",
                encryption=of_proxy,
            ),
            "trellis:database:RelationalDatabase": DATABASE,
        },
        resources={
            "aws:rds/cluster:Cluster": Resource(
                "its instances are watched, and how far its readers are behind",
                facts=("clusterIdentifier", "engine", "engineVersion"),
                data=Data(
                    "the database",
                    "clusterIdentifier",
                    "restore its final snapshot, or dump and load it",
                ),
                unique=Unique("region", ("clusterIdentifier",)),
                change=Change(
                    moves="its endpoint",
                    downtime=Downtime("the database is away meanwhile"),
                    shorter={"backupRetentionPeriod": ("automated backups older than", "days")},
                    guard="deletionProtection",
                    refusals=(engine_version,),
                    conditions={"storageType": not_aurora},
                    meanings=(restart,),
                ),
            ),
            "aws:rds/clusterInstance:ClusterInstance": Resource(
                Watched(("CPUUtilization", "DatabaseConnections"), ("identifier",)),
                facts=("identifier", "instanceClass"),
                unique=Unique("region", ("identifier",)),
                change=Change(
                    downtime=Downtime("a member of the cluster is away meanwhile"),
                    meanings=(member_restart,),
                ),
            ),
            "aws:rds/clusterParameterGroup:ClusterParameterGroup": Resource(
                CONFIGURATION,
                facts=("family",),
                unique=Unique("region", ("name",)),
                change=Change(meanings=(at_a_restart,)),
            ),
            "aws:rds/instance:Instance": Resource(
                Watched(
                    ("CPUUtilization", "DatabaseConnections", "FreeStorageSpace", "FreeableMemory"),
                    ("identifier",),
                ),
                facts=(
                    "identifier",
                    "engine",
                    "engineVersion",
                    "instanceClass",
                    "allocatedStorage",
                    "multiAz",
                ),
                data=Data(
                    "the database", "identifier", "restore its final snapshot, or dump and load it"
                ),
                unique=Unique("region", ("identifier",)),
                change=Change(
                    moves="its endpoint",
                    moved_by="identifier",
                    downtime=Downtime("the database is away meanwhile"),
                    shorter={"backupRetentionPeriod": ("automated backups older than", "days")},
                    guard="deletionProtection",
                    refusals=(
                        engine_version,
                        storage,
                    ),
                    fixed={
                        "dbSubnetGroupName": (
                            "RDS moves no database to another subnet group of its network (keep "
                            "the group)"
                        )
                    },
                    same_anyway=grown_by_itself,
                    meanings=(port, renamed, restart),
                ),
            ),
            "aws:rds/parameterGroup:ParameterGroup": Resource(
                CONFIGURATION,
                facts=("family",),
                unique=Unique("region", ("name",)),
                change=Change(meanings=(at_a_restart,)),
            ),
            "aws:rds/proxy:Proxy": Resource(
                Watched(("DatabaseConnectionsSetupFailed",)),
                facts=("name", "engineFamily"),
                unique=Unique("region", ("name",)),
                change=Change(
                    moves="its endpoint", downtime=Downtime("its clients can't connect meanwhile")
                ),
            ),
            "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": Resource(CONFIGURATION),
            "aws:rds/proxyTarget:ProxyTarget": Resource(CONFIGURATION),
            "aws:rds/subnetGroup:SubnetGroup": Resource(
                CONFIGURATION,
                unique=Unique("region", ("name",)),
                change=Change(refusals=(subnets_in_use,)),
            ),
        },
        keys=frozenset({Domain.DATA, Domain.SECRETS}),
        offer=OFFER,
        existing=(EXISTING,),
        adopts=Adopts(
            ("aws:rds/instance:Instance", "aws:rds/cluster:Cluster"),
            type_of=_type,
            made=("security group", "parameter group", "monitoring role"),
            also=("log groups", "members and read replicas"),
            name=lambda key, settings, naming: naming.of(DATABASE_NAME, settings.name or key),
            given=_given,
        ),
        names=_names,
        needs=_needs,
    ),
)
"""What this package adds to a stack file."""
