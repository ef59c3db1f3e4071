"""Which alarms each type of resource must have, or why it needs none: every type is in here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Watched:
    """Every resource of the type has an alarm on each of these metrics."""

    metrics: tuple[str, ...]
    identities: tuple[str, ...] = ("name",)
    """Its inputs or outputs that an alarm's dimensions name it by, if only as a beginning."""


CONFIGURATION = "it is a setting; what it belongs to is watched"
ACCESS = "it says who may do what; refusals show where they happen"
WATCHING = "it watches others"
ROUTING = "it carries or names nothing that can fail by itself; what uses it is watched"
RECORDS = "AWS keeps it working, and publishes no metric of its failure"

WATCHED: Mapping[str, Watched] = {
    "aws:ecs/service:Service": Watched(("CPUUtilization", "MemoryUtilization")),
    "aws:rds/instance:Instance": Watched(
        ("CPUUtilization", "DatabaseConnections", "FreeStorageSpace", "FreeableMemory"),
        ("identifier",),
    ),
    "aws:rds/clusterInstance:ClusterInstance": Watched(
        ("CPUUtilization", "DatabaseConnections"), ("identifier",)
    ),
    "aws:rds/proxy:Proxy": Watched(("DatabaseConnectionsSetupFailed",)),
    "aws:elasticache/replicationGroup:ReplicationGroup": Watched(
        ("Evictions", "DatabaseMemoryUsagePercentage", "EngineCPUUtilization"),
        ("replicationGroupId",),
    ),
    "aws:dynamodb/table:Table": Watched(
        ("ReadThrottleEvents", "WriteThrottleEvents", "SystemErrors")
    ),
    "aws:sqs/queue:Queue": Watched(("ApproximateNumberOfMessagesVisible",)),
    "aws:lambda/function:Function": Watched(("Errors",)),
    "aws:lb/targetGroup:TargetGroup": Watched(
        ("UnHealthyHostCount", "HTTPCode_Target_5XX_Count"), ("arnSuffix",)
    ),
    "aws:lb/loadBalancer:LoadBalancer": Watched(
        ("HTTPCode_ELB_5XX_Count", "RejectedConnectionCount"), ("arnSuffix",)
    ),
    "aws:cloudfront/distribution:Distribution": Watched(("5xxErrorRate",), ("id",)),
    "aws:acm/certificate:Certificate": Watched(("DaysToExpiry",), ("arn",)),
    "aws:wafv2/webAcl:WebAcl": Watched(("BlockedRequests",)),
    "aws:route53/healthCheck:HealthCheck": Watched(("HealthCheckStatus",), ("id",)),
    "aws:s3/bucketMetric:BucketMetric": Watched(("AllRequests", "5xxErrors"), ("bucket",)),
    "aws:ec2/natGateway:NatGateway": Watched(("ErrorPortAllocation",), ("id",)),
    "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec": Watched(
        ("DNSSECInternalFailure", "DNSSECKeySigningKeysNeedingAction"), ("hostedZoneId",)
    ),
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": Watched(
        ("DeliveryToS3.DataFreshness", "DeliveryToS3.Success")
    ),
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": Watched(
        ("DeliveryErrors",), ("logGroup",)
    ),
    "aws:synthetics/canary:Canary": Watched(("SuccessPercent",)),
    "aws:backup/vault:Vault": Watched(("NumberOfBackupJobsFailed",)),
    "aws:sesv2/configurationSet:ConfigurationSet": Watched(
        ("Reputation.BounceRate", "Reputation.ComplaintRate"), ("configurationSetName",)
    ),
}
"""By type. A queue for what others gave up on is one whose every message is looked at."""

UNWATCHED: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "aws:appautoscaling/policy:Policy", "aws:appautoscaling/target:Target",
            "aws:appautoscaling/scheduledAction:ScheduledAction",
            "aws:backup/plan:Plan", "aws:backup/selection:Selection",
            "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
            "aws:cloudfront/function:Function",
            "aws:cloudfront/originAccessControl:OriginAccessControl",
            "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
            "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy",
            "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
            "aws:ebs/encryptionByDefault:EncryptionByDefault",
            "aws:ecr/lifecyclePolicy:LifecyclePolicy", "aws:ecs/cluster:Cluster",
            "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
            "aws:ecs/taskDefinition:TaskDefinition",
            "aws:elasticache/parameterGroup:ParameterGroup",
            "aws:elasticache/subnetGroup:SubnetGroup",
            "aws:guardduty/detectorFeature:DetectorFeature",
            "aws:rds/clusterParameterGroup:ClusterParameterGroup",
            "aws:rds/parameterGroup:ParameterGroup",
            "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup",
            "aws:rds/proxyTarget:ProxyTarget", "aws:rds/subnetGroup:SubnetGroup",
            "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
            "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
            "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration",
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            "aws:s3/bucketLogging:BucketLogging",
            "aws:s3/bucketNotification:BucketNotification",
            "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
            "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
            "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            "aws:s3/bucketVersioning:BucketVersioning",
            "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes",
            "aws:wafv2/webAclAssociation:WebAclAssociation",
            "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
            "pulumi:providers:aws",
        ),
        CONFIGURATION,
    ),
    **dict.fromkeys(
        (
            "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
            "aws:ec2/securityGroup:SecurityGroup", "aws:ecr/repositoryPolicy:RepositoryPolicy",
            "aws:elasticache/user:User",
            "aws:elasticache/userGroup:UserGroup", "aws:iam/role:Role",
            "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
            "aws:iam/rolePolicy:RolePolicy", "aws:iam/serviceLinkedRole:ServiceLinkedRole",
            "aws:lambda/permission:Permission", "aws:s3/bucketPolicy:BucketPolicy",
            "aws:sns/topicPolicy:TopicPolicy", "aws:sqs/queuePolicy:QueuePolicy",
            "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "aws:wafv2/ipSet:IpSet",
        ),
        ACCESS,
    ),
    **dict.fromkeys(
        (
            "aws:accessanalyzer/analyzer:Analyzer", "aws:budgets/budget:Budget",
            "aws:cfg/deliveryChannel:DeliveryChannel", "aws:cfg/recorder:Recorder",
            "aws:cfg/recorderStatus:RecorderStatus",
            "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
            "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration",
            "aws:cloudtrail/trail:Trail", "aws:cloudwatch/alarmMuteRule:AlarmMuteRule",
            "aws:cloudwatch/compositeAlarm:CompositeAlarm", "aws:cloudwatch/dashboard:Dashboard",
            "aws:cloudwatch/logMetricFilter:LogMetricFilter",
            "aws:cloudwatch/metricAlarm:MetricAlarm",
            "aws:cloudwatch/queryDefinition:QueryDefinition",
            "aws:costexplorer/anomalyMonitor:AnomalyMonitor",
            "aws:costexplorer/anomalySubscription:AnomalySubscription", "aws:ec2/flowLog:FlowLog",
            "aws:guardduty/detector:Detector", "aws:route53/queryLog:QueryLog",
        ),
        WATCHING,
    ),
    **dict.fromkeys(
        (
            "aws:cloudfront/vpcOrigin:VpcOrigin",
            "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway", "aws:ec2/eip:Eip",
            "aws:ec2/internetGateway:InternetGateway", "aws:ec2/route:Route",
            "aws:ec2/routeTable:RouteTable",
            "aws:ec2/routeTableAssociation:RouteTableAssociation", "aws:ec2/subnet:Subnet",
            "aws:ec2/vpc:Vpc", "aws:ec2/vpcEndpoint:VpcEndpoint", "aws:kms/alias:Alias",
            "aws:lb/listener:Listener", "aws:lb/listenerCertificate:ListenerCertificate",
            "aws:lb/listenerRule:ListenerRule",
            "aws:route53/record:Record", "aws:route53/zone:Zone",
            "aws:servicediscovery/httpNamespace:HttpNamespace",
            "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
        ),
        ROUTING,
    ),
    **dict.fromkeys(
        (
            "aws:cloudwatch/logDelivery:LogDelivery",
            "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
            "aws:cloudwatch/logDeliverySource:LogDeliverySource",
            "aws:cloudwatch/logGroup:LogGroup", "aws:cloudwatch/logStream:LogStream",
            "aws:ecr/repository:Repository",
            "aws:kms/key:Key", "aws:s3/bucket:Bucket",
            "aws:s3/bucketObjectv2:BucketObjectv2", "aws:sesv2/emailIdentity:EmailIdentity",
        ),
        RECORDS,
    ),
    "aws:acm/certificateValidation:CertificateValidation": "it is a wait, not a thing",
    "aws:cloudwatch/eventRule:EventRule": "what it calls has an alarm on what was given up",
    "aws:cloudwatch/eventTarget:EventTarget": "what it calls has an alarm on what was given up",
    "aws:lambda/invocation:Invocation": "it fails in the deployment itself",
    "aws:rds/cluster:Cluster": "its instances are watched, and how far its readers are behind",
    "aws:route53/keySigningKey:KeySigningKey": "the signature of its zone is watched",
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": "S3 measures failed copies only at a "
    "price a metric; each object says by its replication status",
    "aws:scheduler/schedule:Schedule": "what it could not start is kept in a queue that is watched",
    "aws:secretsmanager/secret:Secret": "its rotation function is watched",
    "aws:secretsmanager/secretRotation:SecretRotation": "its rotation function is watched",
    "aws:sns/topic:Topic": "those of the stack file tell of failed deliveries; a cache's own "
    "carries events that its alarms tell too",
    "aws:sns/topicSubscription:TopicSubscription": "its topic tells of failed deliveries",
}  # fmt: skip
"""Why a type needs no alarm of its own. Components (`trellis:`) are what their resources are."""
