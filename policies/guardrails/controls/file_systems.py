"""Shared file systems (EFS): encrypted, backed up, reached privately and by known users."""

from typing import Final

from .. import aws
from ..backup_selection import automatic
from ..control import Control, Scope, Severity, Verdict, require
from ..define import graph_control, of_own_code, resource_control
from ..evidence import Resource, Stack
from ..network import stands_privately
from ..policies import open_to_anyone, refuses_plain_requests

_EFS: Final = "efs/latest/ug/"


@resource_control(
    of_own_code(
        "EFS.1",
        "File systems are encrypted",
        Severity.MEDIUM,
        "encrypted=True, kms_key_id=key.arn",
        _EFS + "encryption-at-rest.html",
        stack="fileSystems are always encrypted with a key of the stack",
    ),
    aws.FILE_SYSTEM,
)
def encrypted(files: Resource) -> Verdict:
    return require(files["encrypted"].is_true(), "encrypted is not true")


@graph_control(
    of_own_code(
        "EFS.7",
        "File systems are backed up automatically",
        Severity.MEDIUM,
        "efs.BackupPolicy(file_system_id=files.id, backup_policy={'status': 'ENABLED'})",
        _EFS + "automatic-backups.html",
        stack="fileSystems.<key>.backups: true (the default)",
    ),
    aws.FILE_SYSTEM,
)
def backed_up(files: Resource, stack: Stack) -> Verdict:
    return require(automatic(stack, files), "no backup policy is enabled for it")


@resource_control(
    of_own_code(
        "EFS.3",
        "Access points lead to a folder of their own",
        Severity.MEDIUM,
        "root_directory={'path': '/app', ...}",
        _EFS + "enforce-root-directory-access-point.html",
        stack="fileSystems.<key>.points.<key>.folder is never the root",
    ),
    aws.ACCESS_POINT,
)
def own_root(point: Resource) -> Verdict:
    path = point.at("rootDirectory.path")
    return require(path.present() & ~path.equals("/"), "rootDirectory.path is /, or not set")


@resource_control(
    of_own_code(
        "EFS.4",
        "Access points enforce a user",
        Severity.MEDIUM,
        "posix_user={'uid': 1000, 'gid': 1000}",
        _EFS + "enforce-identity-access-points.html",
        stack="fileSystems.<key>.points.<key> always have a uid and a gid",
    ),
    aws.ACCESS_POINT,
)
def own_user(point: Resource) -> Verdict:
    return require(point.at("posixUser.uid").present(), "posixUser is not set")


@graph_control(
    of_own_code(
        "EFS.private-subnets",
        "Mount targets stand in subnets that the internet does not reach",
        Severity.MEDIUM,
        "subnet_id=private_subnet.id",
        _EFS + "accessing-fs.html",
        stack="fileSystems always stand in isolated or private subnets",
    ),
    aws.MOUNT_TARGET,
)
def mounted_privately(target: Resource, stack: Stack) -> Verdict:
    return stands_privately(stack, stack.follow(target, "subnetId", aws.SUBNET))


@graph_control(
    of_own_code(
        "EFS.tls",
        "File systems refuse clients without TLS",
        Severity.MEDIUM,
        "FileSystemPolicy with a Deny for everyone where aws:SecureTransport is false",
        _EFS + "iam-access-control-nfs-efs.html",
        stack="fileSystems always refuse clients without TLS",
    ),
    aws.FILE_SYSTEM,
)
def over_tls(files: Resource, stack: Stack) -> Verdict:
    return require(
        stack.some_companion(
            files,
            aws.FILE_SYSTEM_POLICY,
            "fileSystemId",
            lambda one: refuses_plain_requests(one["policy"], "elasticfilesystem"),
        ),
        "no policy denies clients where aws:SecureTransport is false",
    )


@resource_control(
    of_own_code(
        "EFS.private-policy",
        "File system policies are not open to anyone",
        Severity.CRITICAL,
        "name roles as principals, or bind by elasticfilesystem:AccessedViaMountTarget",
        _EFS + "access-control-block-public-access.html",
        stack="fileSystems let in nobody whom IAM does not",
    ),
    aws.FILE_SYSTEM_POLICY,
    scope=Scope.DOCUMENT,
)
def policy_not_public(policy: Resource) -> Verdict:
    return open_to_anyone(policy["policy"])


@resource_control(
    of_own_code(
        "Transfer.no-ftp",
        "Transfer servers take no plain FTP",
        Severity.MEDIUM,
        "protocols=['SFTP']",
        "transfer/latest/userguide/create-server-ftp.html",
    ),
    aws.TRANSFER_SERVER,
)
def no_plain_ftp(server: Resource) -> Verdict:
    return require(~server["protocols"].includes("FTP"), "protocols has FTP")


CONTROLS: Final[tuple[Control, ...]] = (
    encrypted,
    backed_up,
    own_root,
    own_user,
    mounted_privately,
    over_tls,
    policy_not_public,
    no_plain_ftp,
)
