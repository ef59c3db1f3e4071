"""Stores in memory besides caches (MemoryDB), and the users of caches: TLS and passwords."""

from typing import Final

from .. import aws
from ..control import Control, Severity, Verdict, require
from ..define import of_own_code, resource_control
from ..evidence import Resource

_MEMORY: Final = "memorydb/latest/devguide/"


@resource_control(
    of_own_code(
        "MemoryDB.tls",
        "Stores in memory take clients over TLS only",
        Severity.HIGH,
        "tls_enabled=True (the default)",
        _MEMORY + "in-transit-encryption.html",
    ),
    aws.MEMORY_CLUSTER,
)
def memory_over_tls(cluster: Resource) -> Verdict:
    return require(~cluster["tlsEnabled"].equals(False), "tlsEnabled is false")


@resource_control(
    of_own_code(
        "MemoryDB.users",
        "Stores in memory ask who is calling",
        Severity.HIGH,
        "acl_name=acl.name, of users with passwords or IAM authentication",
        _MEMORY + "clusters.acls.html",
    ),
    aws.MEMORY_CLUSTER,
)
def memory_asks(cluster: Resource) -> Verdict:
    return require(
        ~cluster["aclName"].equals("open-access"), "aclName is open-access: everybody is let in"
    )


@resource_control(
    of_own_code(
        "ElastiCache.user-password",
        "Users of caches give a password, or sign in with IAM",
        Severity.HIGH,
        "authentication_mode={'type': 'iam'}, or passwords=[...]",
        "AmazonElastiCache/latest/dg/Clusters.RBAC.html",
        stack="caches.<key>.users always have a password, or sign in with IAM",
    ),
    aws.CACHE_USER,
)
def cache_user_asked(user: Resource) -> Verdict:
    # A default user that may do nothing has no password: ElastiCache asks for one of that name.
    harmless = user["accessString"].matches(r"^off\b")
    open_ = user["noPasswordRequired"].is_true() | user.at("authenticationMode.type").equals(
        "no-password-required"
    )
    return require(harmless | ~open_, "it signs in without a password")


CONTROLS: Final[tuple[Control, ...]] = (memory_over_tls, memory_asks, cache_user_asked)
