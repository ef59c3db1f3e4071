"""What a stack takes for itself in its account, its region and the world, and who else does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from trellis.planner.recording import Recorded, Recording
from trellis.planner.wire import Secret

Scope = Literal["world", "account", "region"]

WORLD: Final[Mapping[str, tuple[str, ...]]] = {
    "aws:cognito/userPoolDomain:UserPoolDomain": ("domain",),
    "aws:s3/bucket:Bucket": ("bucket",),
}
"""Names that only one in the world can have, by type."""

LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"

ACCOUNT: Final[Mapping[str, tuple[str, ...]]] = {
    "aws:budgets/budget:Budget": ("name",),
    "aws:cloudfront/cachePolicy:CachePolicy": ("name",),
    "aws:cloudfront/function:Function": ("name",),
    "aws:cloudfront/keyValueStore:KeyValueStore": ("name",),
    "aws:cloudfront/originAccessControl:OriginAccessControl": ("name",),
    "aws:cloudfront/originRequestPolicy:OriginRequestPolicy": ("name",),
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": ("name",),
    "aws:cloudwatch/dashboard:Dashboard": ("dashboardName",),
    "aws:costexplorer/anomalyMonitor:AnomalyMonitor": ("name",),
    "aws:costexplorer/anomalySubscription:AnomalySubscription": ("name",),
    "aws:iam/instanceProfile:InstanceProfile": ("name",),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": ("url",),
    "aws:iam/policy:Policy": ("name",),
    "aws:iam/role:Role": ("name",),
    "aws:iam/serviceLinkedRole:ServiceLinkedRole": ("awsServiceName", "customSuffix"),
    "aws:route53/zone:Zone": ("name",),
    "aws:iam/accountPasswordPolicy:AccountPasswordPolicy": (),
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": (),
    "aws:backup/globalSettings:GlobalSettings": (),
}
"""What an account has once, by type: the names, or the thing itself where there are none."""

REGION: Final[Mapping[str, tuple[str, ...]]] = {
    "aws:apigateway/account:Account": (),
    "aws:apigateway/domainName:DomainName": ("domainName",),
    "aws:apigatewayv2/domainName:DomainName": ("domainName",),
    "aws:athena/workgroup:Workgroup": ("name",),
    "aws:backup/framework:Framework": ("name",),
    "aws:backup/reportPlan:ReportPlan": ("name",),
    "aws:backup/vault:Vault": ("name",),
    "aws:cfg/deliveryChannel:DeliveryChannel": (),
    "aws:cfg/recorder:Recorder": (),
    "aws:cfg/rule:Rule": ("name",),
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": ("configurationName",),
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": ("configurationName",),
    "aws:cloudtrail/trail:Trail": ("name",),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": ("alarmName",),
    "aws:cloudwatch/eventBus:EventBus": ("name",),
    "aws:cloudwatch/eventRule:EventRule": ("eventBusName", "name"),
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": ("name",),
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": ("name",),
    LOG_GROUP: ("name",),
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": ("policyName",),
    "aws:cloudwatch/metricAlarm:MetricAlarm": ("name",),
    "aws:cloudwatch/metricStream:MetricStream": ("name",),
    "aws:codedeploy/application:Application": ("name",),
    "aws:dynamodb/table:Table": ("name",),
    "aws:ebs/encryptionByDefault:EncryptionByDefault": (),
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": ("ecrRepositoryPrefix",),
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": (),
    "aws:ecr/repository:Repository": ("name",),
    "aws:ecs/accountSettingDefault:AccountSettingDefault": ("name",),
    "aws:ecs/capacityProvider:CapacityProvider": ("name",),
    "aws:ecs/cluster:Cluster": ("name",),
    "aws:elasticache/parameterGroup:ParameterGroup": ("name",),
    "aws:elasticache/replicationGroup:ReplicationGroup": ("replicationGroupId",),
    "aws:elasticache/serverlessCache:ServerlessCache": ("name",),
    "aws:elasticache/subnetGroup:SubnetGroup": ("name",),
    "aws:elasticache/user:User": ("userId",),
    "aws:elasticache/userGroup:UserGroup": ("userGroupId",),
    "aws:glue/catalogDatabase:CatalogDatabase": ("name",),
    "aws:glue/crawler:Crawler": ("name",),
    "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings": (),
    "aws:guardduty/detector:Detector": (),
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": ("name",),
    "aws:kinesis/stream:Stream": ("name",),
    "aws:kms/alias:Alias": ("name",),
    "aws:lambda/function:Function": ("name",),
    "aws:lb/loadBalancer:LoadBalancer": ("name",),
    "aws:lb/targetGroup:TargetGroup": ("name",),
    "aws:rds/cluster:Cluster": ("clusterIdentifier",),
    "aws:rds/clusterInstance:ClusterInstance": ("identifier",),
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": ("name",),
    "aws:rds/eventSubscription:EventSubscription": ("name",),
    "aws:rds/instance:Instance": ("identifier",),
    "aws:rds/parameterGroup:ParameterGroup": ("name",),
    "aws:rds/proxy:Proxy": ("name",),
    "aws:rds/subnetGroup:SubnetGroup": ("name",),
    "aws:scheduler/schedule:Schedule": ("groupName", "name"),
    "aws:scheduler/scheduleGroup:ScheduleGroup": ("name",),
    "aws:secretsmanager/secret:Secret": ("name",),
    "aws:securityhub/account:Account": (),
    "aws:servicediscovery/httpNamespace:HttpNamespace": ("name",),
    "aws:ses/domainIdentity:DomainIdentity": ("domain",),
    "aws:sesv2/accountSuppressionAttributes:AccountSuppressionAttributes": (),
    "aws:sesv2/configurationSet:ConfigurationSet": ("configurationSetName",),
    "aws:sesv2/emailIdentity:EmailIdentity": ("emailIdentity",),
    "aws:sfn/stateMachine:StateMachine": ("name",),
    "aws:sns/smsPreferences:SmsPreferences": (),
    "aws:sns/topic:Topic": ("name",),
    "aws:sqs/queue:Queue": ("name",),
    "aws:ssm/parameter:Parameter": ("name",),
    "aws:synthetics/canary:Canary": ("name",),
    "aws:wafv2/ipSet:IpSet": ("scope", "name"),
    "aws:wafv2/regexPatternSet:RegexPatternSet": ("scope", "name"),
    "aws:wafv2/ruleGroup:RuleGroup": ("scope", "name"),
    "aws:wafv2/webAcl:WebAcl": ("scope", "name"),
}
"""What an account has once a region, by type."""

SAME_NAMES: Final[Mapping[str, str]] = {
    "aws:apigatewayv2/domainName:DomainName": "aws:apigateway/domainName:DomainName",
}
"""Types whose names are among another's."""

QUOTAS: Final[Mapping[str, tuple[int, str, str]]] = {
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": (
        10,
        "log resource policies",
        "it can't be raised (CloudWatch Logs quotas, User Guide, 2026-11)",
    ),
    "aws:cloudtrail/trail:Trail": (
        5,
        "trails",
        "it can't be raised (Quotas in AWS CloudTrail, User Guide, 2026-11)",
    ),
    "aws:ec2/vpc:Vpc": (
        5,
        "VPCs",
        "ask for more in Service Quotas (L-F678F1CE, Amazon VPC quotas, 2026-11)",
    ),
    "aws:ec2/eip:Eip": (
        5,
        "Elastic IP addresses",
        "ask for more in Service Quotas (L-0263D0A3, EC2, 2026-11)",
    ),
}
"""How many of a type an account may have in a region: the number, their name, what to do."""

RECORD: Final = "aws:route53/record:Record"

ADVICE: Final[Mapping[str, str]] = {
    "aws:cloudfront/distribution:Distribution": "give one stack other names (`sites.<key>.domain`)",
    "aws:ecr/repository:Repository": (
        "give it another name in one stack (`repositories.<key>.name`), or let one have it and "
        "name its images by `image.uri` in the other"
    ),
    "aws:lb/listenerRule:ListenerRule": "give one stack other names",
    RECORD: "give one stack other names",
    "aws:route53/zone:Zone": (
        "the registrar can name one zone only: let one stack have it, and say `existing: true` "
        "under `zones` in the other"
    ),
    "aws:s3/bucket:Bucket": (
        "bucket names are the whole world's: add the account's id or a suffix (`bucketName`)"
    ),
    "aws:sesv2/emailIdentity:EmailIdentity": (
        "let one stack have it, and say `existing: true` under `mail` in the other"
    ),
}
"""What to do where two stacks claim the same, by type."""

ONCE = "one stack sets it up; the others say so under `baseline.elsewhere`"
OTHER_NAME = "give one of them another name, or another `environment`"


@dataclass(frozen=True)
class Claim:
    """Something of which there is one, and the resource that asks for it."""

    scope: Scope
    type: str
    name: str
    """Empty for what an account or region has once, without a name."""
    resource: Recorded
    region: str


@dataclass(frozen=True)
class Clash:
    """What two stacks cannot both have, or what several have too many of together."""

    said: str
    hint: str
    stacks: tuple[str, ...]

    def __str__(self) -> str:
        return f"{' and '.join(self.stacks)}: {self.said}\n  hint     {self.hint}"


def claims(recording: Recording) -> Iterator[Claim]:
    """All that a stack takes for itself; what Pulumi makes a name up for clashes with nothing."""
    for resource in recording:
        if not resource.custom or resource.read:
            continue
        if resource.inputs.get("vpcs"):
            continue  # a private zone is its network's own
        if resource.type == LOG_GROUP and resource.property_dependencies.get("name"):
            continue  # API Gateway's own log: the API's id, which AWS makes up, is in its name
        region = str(resource.inputs.get("region") or recording.region)
        tables: tuple[tuple[Scope, Mapping[str, tuple[str, ...]]], ...] = (
            ("world", WORLD),
            ("account", ACCOUNT),
            ("region", REGION),
        )
        for scope, table in tables:
            properties = table.get(resource.type)
            if properties is None:
                continue
            parts = [text_of(resource, key) for key in properties]
            if not properties or any(parts):
                kind = SAME_NAMES.get(resource.type, resource.type)
                yield Claim(scope, kind, " ".join(filter(None, parts)), resource, region)
        if resource.type == "aws:cloudfront/distribution:Distribution":
            for alias in resource.inputs.get("aliases") or ():
                yield Claim("world", resource.type, str(alias), resource, region)
        known = text_of(resource, "zoneId") and text_of(resource, "name")
        if resource.type == RECORD and known and not resource.inputs.get("allowOverwrite"):
            yield Claim("account", resource.type, _record(resource), resource, region)


def _record(resource: Recorded) -> str:
    parts = ("zoneId", "name", "type", "setIdentifier")
    return " ".join(text for key in parts if (text := text_of(resource, key)))


def text_of(resource: Recorded, key: str) -> str:
    """An input as text; empty for what is none."""
    value = resource.inputs.get(key)
    value = value.value if isinstance(value, Secret) else value
    return value if isinstance(value, str) else ""


def clashes(recordings: Sequence[Recording]) -> list[Clash]:
    """What the stacks of a project cannot have beside each other."""
    taken: dict[tuple[str, ...], dict[str, Claim]] = {}
    home = _only_account(recordings)
    for recording in recordings:
        for claim in claims(recording):
            place = (
                ()
                if claim.scope == "world"
                else (recording.account or home, claim.region)
                if claim.scope == "region"
                else (recording.account or home,)
            )
            key = (claim.scope, claim.type, claim.name, *place)
            taken.setdefault(key, {}).setdefault(recording.stack, claim)
    found = [_clash(tuple(by_stack), next(iter(by_stack.values())))
             for by_stack in taken.values() if len(by_stack) > 1]  # fmt: skip
    return [*dict.fromkeys(found), *_too_many(recordings)]


def _only_account(recordings: Sequence[Recording]) -> str:
    """The account of a stack that names none: the only one that the others name."""
    named = {recording.account for recording in recordings if recording.account}
    return named.pop() if len(named) == 1 else ""


def _clash(stacks: tuple[str, ...], claim: Claim) -> Clash:
    label = claim.type.rsplit(":", 1)[-1]
    where = {
        "world": "in the world",
        "account": "in an account",
        "region": f"in {claim.region}",
    }[claim.scope]
    both = "both" if len(stacks) == 2 else "all"
    said = f"{both} have the {label} {claim.name}".rstrip() + f", of which there is one {where}"
    hint = ADVICE.get(claim.type, OTHER_NAME if claim.name else ONCE)
    return Clash(said, hint, stacks)


def _too_many(recordings: Sequence[Recording]) -> Iterator[Clash]:
    home = _only_account(recordings)
    for type_, (most, label, todo) in QUOTAS.items():
        counts: dict[tuple[str, str], dict[str, int]] = {}
        for recording in recordings:
            for resource in recording.of_type(type_):
                region = str(resource.inputs.get("region") or recording.region)
                by_stack = counts.setdefault((recording.account or home, region), {})
                by_stack[recording.stack] = by_stack.get(recording.stack, 0) + 1
        for (_, region), by_stack in counts.items():
            total = sum(by_stack.values())
            if total > most:
                said = f"{total} {label} in {region}, where an account has {most}"
                yield Clash(said, todo, tuple(by_stack))
