"""What is known of each type of resource when it changes: of a tier's, and of a stack's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from components.cache.changes import older
from components.parts.changes import Change, Unique
from components.parts.declaration import Resource
from trellis.registry import RESOURCES

NOBODY: Final = "no tier makes it"

OTHERS: Final[Mapping[str, Resource]] = {
    "aws:backup/framework:Framework": Resource(NOBODY, unique=Unique("region", ("name",))),
    "aws:backup/globalSettings:GlobalSettings": Resource(NOBODY, unique=Unique("account")),
    "aws:backup/reportPlan:ReportPlan": Resource(NOBODY, unique=Unique("region", ("name",))),
    "aws:cfg/rule:Rule": Resource(NOBODY, unique=Unique("region", ("name",))),
    "aws:cloudfront/cachePolicy:CachePolicy": Resource(NOBODY, unique=Unique("account", ("name",))),
    "aws:cloudfront/keyValueStore:KeyValueStore": Resource(
        NOBODY, unique=Unique("account", ("name",))
    ),
    "aws:cloudfront/originRequestPolicy:OriginRequestPolicy": Resource(
        NOBODY, unique=Unique("account", ("name",))
    ),
    "aws:cloudwatch/eventArchive:EventArchive": Resource(
        NOBODY, change=Change(loses="archived events")
    ),
    "aws:cloudwatch/eventBus:EventBus": Resource(NOBODY, unique=Unique("region", ("name",))),
    "aws:cloudwatch/metricStream:MetricStream": Resource(
        NOBODY, unique=Unique("region", ("name",))
    ),
    "aws:codedeploy/application:Application": Resource(NOBODY, unique=Unique("region", ("name",))),
    "aws:dynamodb/tableItem:TableItem": Resource(NOBODY, change=Change(loses="an item")),
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": Resource(
        NOBODY, unique=Unique("region", ("ecrRepositoryPrefix",))
    ),
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": Resource(
        NOBODY, unique=Unique("region")
    ),
    "aws:ecs/accountSettingDefault:AccountSettingDefault": Resource(
        NOBODY, unique=Unique("region", ("name",))
    ),
    "aws:ecs/capacityProvider:CapacityProvider": Resource(
        NOBODY, unique=Unique("region", ("name",))
    ),
    "aws:elasticache/cluster:Cluster": Resource(
        NOBODY, change=Change(loses="cached data", conditions={"engineVersion": older})
    ),
    "aws:elasticache/serverlessCache:ServerlessCache": Resource(
        NOBODY,
        unique=Unique("region", ("name",)),
        change=Change(moves="its endpoint", loses="cached data"),
    ),
    "aws:iam/accountPasswordPolicy:AccountPasswordPolicy": Resource(
        NOBODY, unique=Unique("account")
    ),
    "aws:iam/instanceProfile:InstanceProfile": Resource(
        NOBODY, unique=Unique("account", ("name",))
    ),
    "aws:kms/replicaKey:ReplicaKey": Resource(
        NOBODY, change=Change(loses="the key, without which what it encrypted is lost")
    ),
    "aws:rds/eventSubscription:EventSubscription": Resource(
        NOBODY, unique=Unique("region", ("name",))
    ),
    "aws:scheduler/scheduleGroup:ScheduleGroup": Resource(
        NOBODY, unique=Unique("region", ("name",))
    ),
    "aws:securityhub/account:Account": Resource(NOBODY, unique=Unique("region")),
    "aws:ses/domainIdentity:DomainIdentity": Resource(
        NOBODY, unique=Unique("region", ("domain",)), change=Change(loses="a verified identity")
    ),
    "aws:sesv2/accountSuppressionAttributes:AccountSuppressionAttributes": Resource(
        NOBODY, unique=Unique("region")
    ),
    "aws:sns/smsPreferences:SmsPreferences": Resource(NOBODY, unique=Unique("region")),
    "aws:ssm/parameter:Parameter": Resource(NOBODY, unique=Unique("region", ("name",))),
    "aws:wafv2/regexPatternSet:RegexPatternSet": Resource(
        NOBODY, unique=Unique("region", ("scope", "name"))
    ),
    "aws:wafv2/ruleGroup:RuleGroup": Resource(NOBODY, unique=Unique("region", ("scope", "name"))),
}
"""Types that no tier makes; a stack's own resources may be of them."""

KNOWN: Final[Mapping[str, Resource]] = {**OTHERS, **RESOURCES}

_UNKNOWN: Final = Resource(NOBODY)


def resource(type_: str) -> Resource:
    """What is declared of a type; nothing special of one that nobody declares."""
    return KNOWN.get(type_, _UNKNOWN)


def change(type_: str) -> Change:
    """What an edit of a resource of a type does."""
    return resource(type_).change
