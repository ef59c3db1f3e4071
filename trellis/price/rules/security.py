"""Keys, secrets, roles, and what the account's baseline records.

Sources: "AWS Key Management Service pricing", "AWS Secrets Manager pricing", "AWS CloudTrail
pricing", "AWS Config pricing", "Amazon GuardDuty pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trellis.price.asked import Asked, known
from trellis.price.lines import Charge, Free, NotPriced, Said
from trellis.price.spread import Spread

KEY = "aws:kms/key:Key"
SECRET = "aws:secretsmanager/secret:Secret"
TRAIL = "aws:cloudtrail/trail:Trail"

ROTATIONS_BILLED = 2
"""The first two rotations of a key each add its monthly price."""


def key(asked: Asked) -> Iterator[Said]:
    """A month of the key, more once it was rotated, and all requests."""
    rotates = bool(asked.get("enableKeyRotation", False))
    most = 1 + (ROTATIONS_BILLED if rotates else 0)
    said = "1, and 1 more after each of two rotations" if rotates else "1 a month"
    why = asked.because(said)
    yield Charge("awskms/key/month", "keys", Spread.of(1, 1, most), (why,))
    if asked.is_first:
        requests, reason = asked.plan.usage.of("keys", None, "requests")
        yield Charge("awskms/symmetric/request", "uses of all keys", requests, (reason,))


def secret(asked: Asked) -> Iterator[Said]:
    """A month of the secret, and reads of all of them."""
    why = asked.because("a secret")
    copies = 1 + len(asked.get("replicas") or ())
    yield Charge("AWSSecretsManager/secret/month", "secrets", Spread.flat(copies), (why,))
    if asked.is_first:
        reads, reason = asked.plan.usage.of("secrets", None, "requests")
        key_ = "AWSSecretsManager/api/request"
        yield Charge(key_, "reads of all secrets", reads, (reason,), owner=("secrets",))


def managed_secret(asked: Asked) -> Iterator[Said]:
    """The secret that RDS makes for a master user."""
    if asked.get("manageMasterUserPassword", False):
        why = asked.because("the master user's, which RDS makes", "masterPassword")
        yield Charge("AWSSecretsManager/secret/month", "secrets", Spread.flat(1), (why,))


def trail(asked: Asked) -> Iterator[Said]:
    """The first copy of management events is free; data events are not."""
    selectors: Sequence[Mapping[str, Any]] = asked.get("advancedEventSelectors") or ()
    categories = {
        value
        for selector in selectors
        for field in known(selector.get("fieldSelectors"), ())
        if known(field.get("field")) == "eventCategory"
        for value in known(field.get("equals"), ())
    }
    if "Data" in categories:
        events, why = asked.plan.usage.of("account", None, "data_events")
        yield Charge("AWSCloudTrail/dataEvent/event", "data events", events, (why,))
    if "Management" in categories or not categories:
        why = asked.because("the first copy in a region is free; another trail's is not", "trail")
        key_ = "AWSCloudTrail/managementEvents/firstCopy/event"
        yield Charge(key_, "management events, first copy", Spread.flat(0), (why,))
    if asked.get("insightSelectors"):
        yield NotPriced("CloudTrail Insights", "how many events it looks at is not stated anywhere")


def recorder(asked: Asked) -> Iterator[Said]:
    """Changes recorded, at once or daily."""
    items, why = asked.plan.usage.of("account", None, "configuration_items")
    mode: Mapping[str, Any] = asked.get("recordingMode") or {}
    daily = known(mode.get("recordingFrequency")) == "DAILY"
    kind = "daily" if daily else "continuous"
    yield Charge(f"AWSConfig/configurationItem/{kind}/item", "changes recorded", items, (why,))


def analyzer(asked: Asked) -> Iterator[Said]:
    """Those of access from outside are free; those of unused access are not."""
    if "UNUSED" in str(asked.get("type", "")) or "INTERNAL" in str(asked.get("type", "")):
        yield NotPriced("access analysis", "no price of unused or internal access is in the data")


RULES = {
    KEY: key,
    SECRET: secret,
    TRAIL: trail,
    "aws:cfg/recorder:Recorder": recorder,
    "aws:accessanalyzer/analyzer:Analyzer": analyzer,
}

_IAM = Free("IAM is free", "AWS Identity and Access Management, 2026-11")
_KMS = Free("a name of a key that is priced", "AWS KMS pricing, 2026-11")
_CONFIG = Free("a part of a recorder that is priced", "AWS Config pricing, 2026-11")

FREE = {
    **{
        f"aws:iam/{name[0].lower()}{name[1:]}:{name}": _IAM
        for name in (
            "Role", "RolePolicy", "RolePolicyAttachment", "Policy", "ServiceLinkedRole",
            "OpenIdConnectProvider", "User", "Group", "InstanceProfile",
        )
    },
    "aws:kms/alias:Alias": _KMS,
    "aws:secretsmanager/secretRotation:SecretRotation": Free(
        "the function that rotates is priced", "AWS Secrets Manager pricing, 2026-11"
    ),
    "aws:secretsmanager/secretPolicy:SecretPolicy": Free(
        "a setting of a secret that is priced", "AWS Secrets Manager pricing, 2026-11"
    ),
    "aws:cfg/deliveryChannel:DeliveryChannel": _CONFIG,
    "aws:cfg/recorderStatus:RecorderStatus": _CONFIG,
    "aws:ebs/encryptionByDefault:EncryptionByDefault": Free(
        "a switch of the account", "Amazon EBS pricing, 2026-11"
    ),
    "aws:accessanalyzer/archiveRule:ArchiveRule": _IAM,
}  # fmt: skip

NOT_PRICED = {
    "aws:guardduty/detector:Detector": "GuardDuty bills by events and flow logs of the whole "
    "account, of which no figure is stated anywhere",
    "aws:guardduty/detectorFeature:DetectorFeature": "GuardDuty bills by what the feature looks "
    "at in the whole account",
}
