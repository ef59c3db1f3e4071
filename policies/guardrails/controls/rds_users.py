"""Users of databases: whose names and passwords nobody knows."""

from typing import Final

from .. import aws
from ..control import (
    Control,
    Level,
    Severity,
    Verdict,
    require,
    where,
)
from ..define import Facts, resource_control
from ..evidence import Resource

_GUIDE = "AmazonRDS/latest/UserGuide/"

# The names that the console proposes, FSBP RDS.24 and RDS.25.
DEFAULT_ADMINISTRATORS: Final = ("postgres", "admin", "mysql", "root", "sa")


@resource_control(
    Facts(
        "RDS.managed-password",
        "The master user is IAM-authenticated or its password is managed by RDS",
        Severity.MEDIUM,
        stack="databases.<key>.masterPassword: managed (the default), or iamAuthentication: true",
        code="manage_master_user_password=True",
        doc=_GUIDE + "rds-secrets-manager.html",
    ),
    aws.DB_INSTANCE,
    aws.DB_CLUSTER,
)
def no_known_password(db: Resource) -> Verdict:
    managed = db["manageMasterUserPassword"].is_true()
    iam = db["iamDatabaseAuthenticationEnabled"].is_true()
    return where(
        ~db["replicateSourceDb"].present(),
        require(
            managed | iam,
            "neither manageMasterUserPassword nor iamDatabaseAuthenticationEnabled is true",
        ),
        "a replica has its source's users",
    )


@resource_control(
    Facts(
        "RDS.10",
        "Databases take IAM authentication",
        Severity.MEDIUM,
        stack="databases.<key>.iamAuthentication: true, with iamUsers",
        code="iam_database_authentication_enabled=True",
        doc=_GUIDE + "UsingWithRDS.IAMDBAuth.html",
        # A client has to fetch a token for each connection; a password that RDS or a rotation
        # renews is what most drivers know.
        level=Level.ADVISORY,
    ),
    aws.DB_INSTANCE,
    aws.DB_CLUSTER,
)
def iam_authentication(db: Resource) -> Verdict:
    elsewhere = db["engine"].matches(r"^(custom-|sqlserver|oracle|db2)")
    iam = db["iamDatabaseAuthenticationEnabled"].is_true()
    return where(
        ~elsewhere | iam,
        require(iam, "iamDatabaseAuthenticationEnabled is not true"),
        "the engine has no IAM authentication",
    )


@resource_control(
    Facts(
        "RDS.25",
        "The master user does not have a default name",
        Severity.MEDIUM,
        stack="databases.<key>.masterUsername: app",
        code='username="app"',
        doc=_GUIDE + "CHAP_BestPractices.html",
    ),
    aws.DB_INSTANCE,
    aws.DB_CLUSTER,
)
def own_administrator(db: Resource) -> Verdict:
    name = db["username"] if db.type == aws.DB_INSTANCE else db["masterUsername"]
    inherits = db["replicateSourceDb"].present() | db["snapshotIdentifier"].present()
    return where(
        ~(inherits & name.absent()),
        require(
            name.present() & ~name.one_of(DEFAULT_ADMINISTRATORS),
            "the master user's name is a default one, or not set",
        ),
        "its users come from the source",
    )


CONTROLS: Final[tuple[Control, ...]] = (
    no_known_password,
    iam_authentication,
    own_administrator,
)
