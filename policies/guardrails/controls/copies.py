"""Volumes, snapshots and images: encrypted, and handed to nobody who is not meant."""

from typing import Final

from .. import aws
from ..control import Control, Outcome, Severity, Verdict, not_applicable, require, where
from ..define import account_control, graph_control, of_own_code, resource_control
from ..evidence import Resource, Stack
from ..reading import Reading
from ..unknown import Tri, Unknown, all_of, any_of, is_unknown

_EBS: Final = "ebs/latest/userguide/"
_EC2: Final = "AWSEC2/latest/UserGuide/"
_RDS: Final = "AmazonRDS/latest/UserGuide/"


def _encrypted_by_default(stack: Stack) -> Tri:
    """Whether the stack itself turns on encryption of every new volume in its region."""
    settings = stack.of_type(aws.DEFAULT_ENCRYPTION)
    return any_of(~one["enabled"].equals(False) for one in settings)


@graph_control(
    of_own_code(
        "EC2.3",
        "Volumes are encrypted",
        Severity.MEDIUM,
        "encrypted=True, kms_key_id=key.arn; or ebs.EncryptionByDefault(enabled=True)",
        _EBS + "ebs-encryption.html",
    ),
    aws.VOLUME,
    aws.INSTANCE,
    aws.LAUNCH_CONFIGURATION,
    aws.SPOT_FLEET,
)
def volumes_encrypted(resource: Resource, stack: Stack) -> Verdict:
    if resource.type == aws.VOLUME:
        own = resource["encrypted"].is_true()
    elif resource.type == aws.SPOT_FLEET:
        specifications = resource["launchSpecifications"]
        if specifications.is_absent:
            return not_applicable("its launch templates describe the volumes")
        own = specifications.every(
            lambda one: (
                one["ebsBlockDevices"].every(lambda block: block["encrypted"].is_true())
                & one["rootBlockDevices"].some(lambda block: block["encrypted"].is_true())
            )
        )
    else:
        blocks, root = resource["ebsBlockDevices"], resource["rootBlockDevice"]
        by_template = root.is_absent and not resource["launchTemplate"].is_absent
        if by_template and blocks.is_absent:
            return not_applicable("its launch template describes the volumes")
        own = blocks.every(lambda one: one["encrypted"].is_true())
        if not by_template:
            own = own & root["encrypted"].is_true()
    return require(own | _encrypted_by_default(stack), "a volume is not encrypted")


@graph_control(
    of_own_code(
        "EC2.181",
        "Launch templates encrypt the volumes they describe",
        Severity.MEDIUM,
        "block_device_mappings=[{'ebs': {'encrypted': 'true', ...}}]",
        _EBS + "ebs-encryption.html",
    ),
    aws.LAUNCH_TEMPLATE,
)
def template_encrypts(template: Resource, stack: Stack) -> Verdict:
    mappings = template["blockDeviceMappings"]
    if mappings.is_absent:
        return not_applicable("it describes no volumes")
    return require(
        mappings.every(lambda one: one["ebs"].absent() | one["ebs"]["encrypted"].is_true())
        | _encrypted_by_default(stack),
        "a volume that it describes is not encrypted",
    )


@resource_control(
    of_own_code(
        "EC2.7",
        "New volumes are encrypted by default",
        Severity.MEDIUM,
        "ebs.EncryptionByDefault(enabled=True)",
        _EBS + "encryption-by-default.html",
        stack="baseline.diskEncryption: true (the default)",
    ),
    aws.DEFAULT_ENCRYPTION,
)
def default_encryption(setting: Resource) -> Verdict:
    return require(~setting["enabled"].equals(False), "enabled is false")


@resource_control(
    of_own_code(
        "EC2.encrypted-copies",
        "Copies of snapshots and images are encrypted",
        Severity.MEDIUM,
        "encrypted=True",
        _EBS + "ebs-copy-snapshot.html",
    ),
    aws.SNAPSHOT_COPY,
    aws.IMAGE_COPY,
)
def copies_encrypted(copy: Resource) -> Verdict:
    return require(copy["encrypted"].is_true(), "encrypted is not true")


@resource_control(
    of_own_code(
        "EC2.182",
        "Snapshots cannot be made public",
        Severity.HIGH,
        "ebs.SnapshotBlockPublicAccess(state='block-all-sharing')",
        _EBS + "block-public-access-snapshots.html",
    ),
    aws.SNAPSHOT_BLOCK,
)
def public_snapshots_blocked(setting: Resource) -> Verdict:
    return require(
        setting["state"].one_of(("block-all-sharing", "block-new-sharing")), "state is unblocked"
    )


@resource_control(
    of_own_code(
        "EC2.block-public-images",
        "Images cannot be made public",
        Severity.HIGH,
        "ec2.ImageBlockPublicAccess(state='block-new-sharing')",
        _EC2 + "block-public-access-to-amis.html",
    ),
    aws.IMAGE_BLOCK,
)
def public_images_blocked(setting: Resource) -> Verdict:
    return require(setting["state"].equals("block-new-sharing"), "state is unblocked")


@resource_control(
    of_own_code(
        "EC2.public-image",
        "Images are not public",
        Severity.CRITICAL,
        "AmiLaunchPermission(account_id=...) instead of group='all'",
        _EC2 + "sharingamis-intro.html",
    ),
    aws.IMAGE_PERMISSION,
    aws.IMAGE_DISTRIBUTION,
)
def image_not_public(permission: Resource) -> Verdict:
    if permission.type == aws.IMAGE_DISTRIBUTION:
        groups = permission.leaves(
            "distributions.amiDistributionConfiguration.launchPermission.userGroups"
        )
        return require(~any_of(one.equals("all") for one in groups), "userGroups hold all")
    return require(~permission["group"].equals("all"), "group is all: anyone may start it")


@account_control(
    of_own_code(
        "EC2.foreign-copy",
        "Snapshots, images and documents are shared with known accounts only",
        Severity.HIGH,
        "account_id of an account that is meant; list it in trustedAccounts",
        _EC2 + "sharingamis-explicit.html",
    ),
    aws.SNAPSHOT_PERMISSION,
    aws.IMAGE_PERMISSION,
    aws.SSM_DOCUMENT,
)
def shared_with_known(
    permission: Resource, account: str | Unknown, trusted: tuple[str, ...]
) -> Verdict:
    if permission.type == aws.SSM_DOCUMENT:
        return _document_shared_with_known(permission, account, trusted)
    if permission["accountId"].is_absent:
        return not_applicable("it names no account")
    return require(
        _known_account(permission["accountId"], account, trusted),
        "accountId is an account that the stack does not trust",
    )


def _document_shared_with_known(
    document: Resource, account: str | Unknown, trusted: tuple[str, ...]
) -> Verdict:
    shared = document["permissions"]["account_ids"]
    if shared.is_absent:
        return not_applicable("it is shared with nobody")
    # One text of identifiers between commas.
    named = {one.strip() for one in (shared.text() or "").split(",")} - {"", *trusted}
    if shared.is_unknown or (named and is_unknown(account)):
        known = Tri.UNKNOWN
    else:
        known = Tri.of(named <= {account})
    return require(known, "account_ids names an account that the stack does not trust")


def _known_account(named: Reading, account: str | Unknown, trusted: tuple[str, ...]) -> Tri:
    """Whether an account is the deployment's own, or one of those that are trusted."""
    if named.one_of(trusted) is Tri.YES:
        return Tri.YES
    if is_unknown(account):
        return Tri.UNKNOWN
    return named.equals(account)


_DB_SNAPSHOTS: Final = (aws.DB_SNAPSHOT, aws.CLUSTER_SNAPSHOT, aws.DB_SNAPSHOT_COPY)


@resource_control(
    of_own_code(
        "RDS.1",
        "Database snapshots are not public",
        Severity.CRITICAL,
        "shared_accounts without 'all'",
        _RDS + "USER_ShareSnapshot.html",
    ),
    *_DB_SNAPSHOTS,
)
def snapshot_not_public(snapshot: Resource) -> Verdict:
    return require(
        ~snapshot["sharedAccounts"].includes("all"), "sharedAccounts is all: anyone may restore it"
    )


@account_control(
    of_own_code(
        "RDS.foreign-snapshot",
        "Database snapshots are shared with known accounts only",
        Severity.HIGH,
        "shared_accounts of accounts that are meant; list them in trustedAccounts",
        _RDS + "USER_ShareSnapshot.html",
    ),
    *_DB_SNAPSHOTS,
)
def snapshot_shared_with_known(
    snapshot: Resource, account: str | Unknown, trusted: tuple[str, ...]
) -> Verdict:
    shared = snapshot["sharedAccounts"]
    if shared.is_unknown:
        return Verdict(Outcome.UNKNOWN, "sharedAccounts may name an account that is not trusted")
    known = all_of(_known_account(one, account, trusted) for one in shared.elements())
    return where(
        shared.present(),
        require(known, "sharedAccounts names an account that the stack does not trust"),
        "it is shared with nobody",
    )


CONTROLS: Final[tuple[Control, ...]] = (
    volumes_encrypted,
    template_encrypts,
    default_encryption,
    copies_encrypted,
    public_snapshots_blocked,
    public_images_blocked,
    image_not_public,
    shared_with_known,
    snapshot_not_public,
    snapshot_shared_with_known,
)
