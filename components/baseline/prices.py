"""What this package's resources cost.

Sources: "AWS CloudTrail pricing", "AWS Config pricing", "Amazon GuardDuty pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from components.parts.asked import Asked, Rule, known
from components.parts.charges import Charge, Free, NotPriced, Pricing, Row
from components.parts.prices import FREE_IAM
from components.parts.spread import Spread


def trail(asked: Asked) -> Iterator[Pricing]:
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


def recorder(asked: Asked) -> Iterator[Pricing]:
    """Changes recorded, at once or daily."""
    items, why = asked.plan.usage.of("account", None, "configuration_items")
    mode: Mapping[str, Any] = asked.get("recordingMode") or {}
    daily = known(mode.get("recordingFrequency")) == "DAILY"
    kind = "daily" if daily else "continuous"
    yield Charge(f"AWSConfig/configurationItem/{kind}/item", "changes recorded", items, (why,))


def analyzer(asked: Asked) -> Iterator[Pricing]:
    """Those of access from outside are free; those of unused access are not."""
    if "UNUSED" in str(asked.get("type", "")) or "INTERNAL" in str(asked.get("type", "")):
        yield NotPriced("access analysis", "no price of unused or internal access is in the data")


RULES: Mapping[str, Rule] = {
    "aws:cloudtrail/trail:Trail": trail,
    "aws:cfg/recorder:Recorder": recorder,
    "aws:accessanalyzer/analyzer:Analyzer": analyzer,
}

_CONFIG = Free("a part of a recorder that is priced", "AWS Config pricing, 2026-11")

FREE: Mapping[str, Free] = {
    "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings": Free(
        "entries are priced with their database", "AWS Glue pricing, 2026-11"
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": FREE_IAM,
    "aws:iam/serviceLinkedRole:ServiceLinkedRole": FREE_IAM,
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": FREE_IAM,
    "aws:cfg/deliveryChannel:DeliveryChannel": _CONFIG,
    "aws:cfg/recorderStatus:RecorderStatus": _CONFIG,
    "aws:ebs/encryptionByDefault:EncryptionByDefault": Free(
        "a switch of the account", "Amazon EBS pricing, 2026-11"
    ),
    "aws:apigateway/account:Account": Free(
        "a part of an API that is priced", "Amazon API Gateway pricing, 2026-11"
    ),
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": Free(
        "a setting of a bucket that is priced", "Amazon S3 pricing, 2026-11"
    ),
}

NOT_PRICED: Mapping[str, str] = {
    "aws:guardduty/detector:Detector": (
        "GuardDuty bills by events and flow logs of the whole account, of which "
        "no figure is stated anywhere"
    ),
    "aws:guardduty/detectorFeature:DetectorFeature": (
        "GuardDuty bills by what the feature looks at in the whole account"
    ),
}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("account", "configuration_items"): ((50, 200, 1_000), (100, 500, 3_000), (500, 3_000, 2e4)),
    ("account", "data_events"): ((1e4, 1e5, 1e6), (1e5, 1e6, 1e7), (1e6, 1e7, 1e8)),
}  # fmt: skip
