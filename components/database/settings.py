"""What a person says of a relational database; every combination is checked against the tables."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from components.database.classes import (
    SERVERLESS,
    check_class,
    check_insights,
    check_pausing,
)
from components.database.engines import ENGINES, RESERVED_USERS, check_minor, check_support
from components.database.further import (
    DatabaseName,
    FurtherDatabaseSettings,
    UserName,
    check_further,
)
from components.database.parameters import ParameterName, ParameterValue, parameters_of
from components.database.storage import StorageType, check_storage
from components.parts.adoption import AdoptableByName, PhysicalName
from components.parts.model import Development, FieldError, Key, Keyed, Settings
from components.parts.retention import Retention
from components.parts.windows import DailyWindow, WeeklyWindow, require_apart

LEAST_WINDOW = 30
"""Minutes of a backup or maintenance window ("CreateDBInstance", RDS API Reference, 2026-11)."""

ADVANCED_RETENTION = 465
"""Days that the advanced mode of Database Insights keeps ("Turning on the Advanced mode of Database
Insights", Amazon RDS User Guide, 2026-11)."""


class BackupWindowSettings(Settings):
    """Automated backups, from which a database is restored to any second."""

    retention_days: Annotated[int, Development(7), Field(ge=1, le=35)] = 35
    """Days a second can be restored."""
    window: DailyWindow = "03:00-04:00"
    """When the daily snapshot is taken, UTC."""


class MonitoringSettings(Settings):
    """Enhanced monitoring: what the operating system sees."""

    interval_seconds: Literal[1, 5, 10, 15, 30, 60] = 60
    """Seconds between two measurements of Enhanced Monitoring."""


class InsightsSettings(Settings):
    """Performance Insights, which the console shows as CloudWatch Database Insights."""

    enabled: bool = True
    """Whether Performance Insights keeps the load by query."""
    mode: Literal["standard", "advanced"] = "standard"
    """`standard` keeps a week and costs nothing; `advanced` keeps 15 months, billed by vCPU."""
    retention_days: int = Field(default=7, ge=7, le=731)
    """7, or 465 in advanced mode; RDS offers no other number since June 2026."""

    @model_validator(mode="after")
    def _retention_follows_mode(self) -> InsightsSettings:
        kept = ADVANCED_RETENTION if self.mode == "advanced" else 7
        if self.retention_days != kept:
            raise ValueError(f"`retentionDays: {kept}` with `mode: {self.mode}`")
        return self


class ProxySettings(Settings):
    """RDS Proxy: a pool of connections before the database.

    Its role names no source account, for RDS takes it without one: the policy pack asks for an
    exemption from IAM.confused-deputy.
    """

    idle_seconds: int = Field(default=1800, ge=1, le=28_800)
    """How long a client may be silent."""
    connections_percent: int = Field(default=90, ge=1, le=100)
    """Share of the database's connections that the pool may hold."""
    borrow_seconds: int = Field(default=120, ge=0, le=300)
    """How long a client waits for a free connection."""


class StorageSettings(Settings):
    """The volume of an instance."""

    initial_gib: Annotated[int, Field(alias="initialGiB")] = 20
    """First size, GiB. Storage never shrinks; with `maxGiB` RDS alone changes it afterwards."""
    max_gib: Annotated[int | None, Field(alias="maxGiB")] = None
    """Up to where it grows by itself, GiB; left out, it does not grow."""
    type: StorageType = "gp3"
    """The type of EBS volume."""
    iops: int | None = None
    """Only above gp3's baseline (from 400 GiB) and for io1 and io2."""
    throughput: int | None = None
    """MiB/s; only for gp3 from 400 GiB."""

    @model_validator(mode="after")
    def _as_the_type_allows(self) -> StorageSettings:
        check_storage(self.type, self.initial_gib, self.max_gib, self.iops, self.throughput)
        return self


class ReplicaSettings(Keyed):
    """A read replica of an instance."""

    instance_class: str | None = None
    """As the source's when left out."""
    physical_name: PhysicalName | None = None
    """Its whole identifier, where it was made under another one and is adopted."""
    multi_az: bool = False
    """Whether the replica has a standby in another zone."""


class CommonSettings(AdoptableByName):
    """What instances and clusters share."""

    name: Key | None = None
    """Last part of the physical name; the key in the stack file when left out."""
    version: str
    """A major version (`"16"`), which automatic minor upgrades then move by themselves, or a full
    one (`"16.11"`), which a refresh holds against them."""
    database: DatabaseName = "app"
    """The database made first; clients find it as DB_NAME."""
    databases: dict[DatabaseName, FurtherDatabaseSettings] = Field(
        default_factory=dict[DatabaseName, FurtherDatabaseSettings]
    )
    """Further databases of the same server, by name. Each is made with the first secret of
    `kind: credentials` that names it by `dbName`, and is entered by its own users only. One that is
    taken away here stays on the server with its data; another name is another database."""
    port: int | None = Field(default=None, ge=1150, le=65_535)
    """The engine's own when left out."""
    parameters: dict[ParameterName, ParameterValue] = Field(
        default_factory=dict[ParameterName, ParameterValue]
    )
    """Of the parameter group, beside forced TLS; formulas as in `{DBInstanceClassMemory/32768}`."""
    logs: tuple[str, ...] | None = None
    """Exported to CloudWatch; the engine's error and upgrade logs when left out."""
    log_retention_days: Annotated[Retention, Development(30)] = 365
    """How many days CloudWatch keeps the exported logs."""
    monitoring: MonitoringSettings = Field(default_factory=MonitoringSettings)
    performance_insights: InsightsSettings = Field(default_factory=InsightsSettings)
    backups: BackupWindowSettings = Field(default_factory=BackupWindowSettings)
    maintenance_window: WeeklyWindow = "sun:04:30-sun:05:30"
    """When changes that interrupt are made, UTC."""
    minor_upgrades: bool = True
    """New minor versions are installed in the maintenance window."""
    extended_support: bool = False
    """Keep a major version past its standard support. AWS bills each vCPU-hour for it, more from
    the third year on; without it RDS upgrades by itself on the last day."""
    major_upgrades: bool = False
    """Lets the next deployment change the major version."""
    apply_immediately: Annotated[bool, Development(True)] = False
    """Changes that interrupt don't wait for the maintenance window."""
    deletion_protection: Annotated[bool, Development(False)] = True
    """Whether RDS refuses to delete it."""
    final_snapshot: Annotated[bool, Development(False)] = True
    """A snapshot is taken when the database is deleted."""
    restore_from: str | None = None
    """Snapshot to begin with; only heeded when the database is made. `database` and
    `masterUsername` are then the snapshot's, and so is an RDS instance's key: copy the snapshot
    under the system's key first. Leave the line in place afterwards."""
    iam_authentication: bool = False
    """Users may sign in with an IAM token."""
    iam_users: tuple[UserName, ...] = ()
    """Database users that a link lets sign in with an IAM token, and no others. They are made with
    the first secret of `kind: credentials` that the database has, and may do what its user may."""
    master_username: UserName = "app"
    """Name of the master user."""
    master_password: Literal["managed", "operator"] = "managed"
    """`managed`: RDS makes and rotates it. `operator`: the secret of `masterSecretArn` holds it;
    RDS asks for it before read replicas and blue/green updates. A new database gets it from there
    inside AWS; one that is restored from a snapshot has its own already."""
    master_secret_arn: Annotated[
        str | None, StringConstraints(pattern=r"^arn:aws[a-z-]*:secretsmanager:.+$")
    ] = None
    """A JSON object with `username` (as `masterUsername`) and `password`, in Secrets Manager before
    the database is made. It is read by the customer key of `secrets`, or by AWS's own key."""
    certificate_authority: Literal["rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"] = (
        "rds-ca-rsa2048-g1"
    )
    """The authority that signs the server's certificate."""
    proxy: ProxySettings | None = None
    """A pool of connections before the database; links then lead to it."""

    @field_validator("master_username")
    @classmethod
    def _not_a_default_name(cls, value: str) -> str:
        if value in RESERVED_USERS:
            raise ValueError(f"any name but {', '.join(sorted(RESERVED_USERS))}")
        return value

    @model_validator(mode="after")
    def _windows_part(self) -> CommonSettings:
        require_apart(self.backups.window, self.maintenance_window, LEAST_WINDOW, "backups.window")
        return self

    @model_validator(mode="after")
    def _secret_goes_with_operator(self) -> CommonSettings:
        if (self.master_password == "operator") != (self.master_secret_arn is not None):
            raise ValueError(
                "`masterSecretArn` together with `masterPassword: operator`, only then"
            )
        return self

    @model_validator(mode="after")
    def _users_go_with_iam(self) -> CommonSettings:
        if self.iam_users and not self.iam_authentication:
            raise ValueError("`iamUsers` together with `iamAuthentication: true`, and only then")
        return self


def check_common(engine: str, settings: CommonSettings) -> None:
    """Refuse what the engine does not offer.

    Raises:
        ValueError: says what it offers.
    """
    check_support(engine, settings.version, extended=settings.extended_support)
    if settings.extended_support and not ENGINES[engine].extended:
        raise FieldError("extended_support", f"nothing: AWS sells none for {engine}")
    check_minor(engine, settings.version)
    known = ENGINES[engine]
    check_further(known.login, settings, iam=settings.iam_authentication)
    for log in settings.logs or ():
        if log not in known.logs:
            raise ValueError(f"`logs` of {', '.join(known.logs)} for {engine}; found {log}")
    parameters_of(engine, settings.parameters)


class InstanceSettings(CommonSettings):
    """One RDS instance, its standby and its read replicas."""

    engine: Literal["postgres", "mysql", "mariadb"]
    """The database engine."""
    instance_class: str = "db.t4g.medium"
    """The instance class, as in `db.t4g.medium`."""
    storage: StorageSettings = Field(default_factory=StorageSettings)
    multi_az: Annotated[bool, Development(False)] = True
    """Keeps a standby in a second zone."""
    read_replicas: dict[Key, ReplicaSettings] = Field(default_factory=dict[Key, ReplicaSettings])
    """By name; needs `masterPassword: operator`."""
    blue_green: bool = False
    """Changes that interrupt are made on a copy, which then takes over; needs
    `masterPassword: operator`."""

    @model_validator(mode="after")
    def _on_the_engine(self) -> InstanceSettings:
        check_common(self.engine, self)
        classes = [self.instance_class]
        classes += [r.instance_class for r in self.read_replicas.values() if r.instance_class]
        for instance_class in classes:
            check_class(self.engine, self.version, instance_class)
            check_insights(self.engine, instance_class, on=self.performance_insights.enabled)
        return self

    @model_validator(mode="after")
    def _master_password_is_handed_over(self) -> InstanceSettings:
        if self.master_password == "managed" and (self.read_replicas or self.blue_green):
            what = "`readReplicas`" if self.read_replicas else "`blueGreen`"
            raise ValueError(
                f"`masterPassword: operator` with {what}: RDS refuses them while it manages the "
                "master password (Aurora's readers have no such limit)"
            )
        return self

    @model_validator(mode="after")
    def _copies_have_no_proxy(self) -> InstanceSettings:
        if self.blue_green and self.proxy is not None:
            raise ValueError("either `blueGreen` or `proxy`: RDS copies no database behind a proxy")
        return self


class Capacity(Settings):
    """What an Aurora Serverless v2 instance may grow and shrink between, in capacity units."""

    min: float = Field(default=0.5, ge=0, le=256)
    """Units of 2 GiB, in halves; 0 pauses it when nobody is connected, as a proxy always is
    ("Scaling to Zero ACUs", Amazon Aurora User Guide, 2026-11)."""
    max: float = Field(default=4, ge=1, le=256)
    """Most Aurora capacity units of an instance (ACU, about 2 GiB of memory each)."""
    pause_after_seconds: int | None = Field(default=None, ge=300, le=86_400)
    """Only with `min: 0`."""

    @model_validator(mode="after")
    def _in_halves_and_order(self) -> Capacity:
        if self.min * 2 % 1 or self.max * 2 % 1:
            raise ValueError("`min` and `max` in halves, as in 0.5, 1 and 1.5")
        if self.min > self.max:
            raise ValueError("`min` of at most `max`")
        if self.pause_after_seconds is not None and self.min:
            raise ValueError("`pauseAfterSeconds` together with `min: 0`, and only then")
        return self


class ClusterInstanceSettings(Keyed):
    """One instance of an Aurora cluster; the first is the first writer."""

    instance_class: str | None = None
    """As the cluster's when left out."""
    physical_name: PhysicalName | None = None
    """Its whole identifier, where it was made under another one and is adopted."""


class ClusterSettings(CommonSettings):
    """One Aurora cluster: shared storage, a writer and readers."""

    engine: Literal["aurora-postgresql", "aurora-mysql"]
    """The Aurora engine."""
    instance_class: str = "db.t4g.medium"
    """Of every instance that names none; `db.serverless` follows `capacity`."""
    capacity: Capacity | None = None
    """What `db.serverless` instances move between."""
    instances: Annotated[
        dict[Key, ClusterInstanceSettings], Development({"first": {}}), Field(min_length=1)
    ] = Field(
        default_factory=lambda: {
            "first": ClusterInstanceSettings(),
            "second": ClusterInstanceSettings(),
        }
    )
    """By name; two or more stand in different zones, and any can take over from the writer."""
    storage_type: Literal["standard", "ioOptimized"] = "standard"
    """`ioOptimized` costs more for storage and nothing for input and output."""
    backtrack_hours: int = Field(default=0, ge=0, le=72)
    """Hours that Aurora MySQL can be turned back in place; 0 for not at all."""

    @model_validator(mode="after")
    def _on_the_engine(self) -> ClusterSettings:
        check_common(self.engine, self)
        if len(self.instances) > 16:
            raise ValueError("1 to 16 `instances`: a writer and 15 readers")
        classes = {
            instance.instance_class or self.instance_class for instance in self.instances.values()
        }
        for instance_class in sorted(classes):
            check_class(self.engine, self.version, instance_class)
            check_insights(self.engine, instance_class, on=self.performance_insights.enabled)
        if (SERVERLESS in classes) != (self.capacity is not None):
            raise ValueError(f"`capacity` together with a class of {SERVERLESS}, and only then")
        if self.capacity is not None and self.capacity.min == 0:
            check_pausing(self.engine, self.version)
            if self.proxy is not None:
                raise ValueError(
                    "no `proxy` with `capacity: {min: 0}`: it keeps a connection open, so nothing "
                    "ever pauses"
                )
        if self.backtrack_hours and self.engine != "aurora-mysql":
            raise ValueError("`backtrackHours` for aurora-mysql only")
        return self


DatabaseSettings = Annotated[InstanceSettings | ClusterSettings, Field(discriminator="engine")]
"""An RDS instance or an Aurora cluster, told apart by `engine`."""
