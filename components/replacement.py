"""How every AWS type that Trellis makes is replaced: never, new one first, or old one first.

Pulumi makes the new one first, unless a name was given by hand: then its AWS provider deletes the
old one first, also where the name is another one (`nameRequiresDeleteBeforeReplace`,
pulumi-terraform-bridge, 2026-11). So whoever names a thing that others use says
`delete_before_replace=False`, and the name carries whatever else makes AWS replace it.
A test holds every registration to this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Order(StrEnum):
    """What comes first when AWS can't change a thing in place."""

    NEVER = "never"
    """It holds data: a replacement would be empty."""
    NEW_FIRST = "new first"
    """The new one is made, whoever uses the old one is moved, then the old one goes."""
    OLD_FIRST = "old first"
    """The old one goes before the new one is made."""


@dataclass(frozen=True)
class Replacement:
    """How a type is replaced."""

    order: Order
    why: str
    """Of data: what is lost. Of the rest: what tells the two apart, or why a gap is safe."""


def _rows(order: Order, why: str, *types: str) -> dict[str, Replacement]:
    return dict.fromkeys((f"aws:{type_}" for type_ in types), Replacement(order, why))


REPLACEMENT: Mapping[str, Replacement] = {
    # -- data ------------------------------------------------------------------------------
    **_rows(Order.NEVER, "recovery points", "backup/vault:Vault"),
    **_rows(Order.NEVER, "log events", "cloudwatch/logGroup:LogGroup"),
    **_rows(Order.NEVER, "items", "dynamodb/table:Table"),
    **_rows(Order.NEVER, "images", "ecr/repository:Repository"),
    **_rows(Order.NEVER, "cached data", "elasticache/replicationGroup:ReplicationGroup"),
    **_rows(Order.NEVER, "the key of what it encrypted", "kms/key:Key"),
    **_rows(
        Order.NEVER,
        "a database",
        "rds/cluster:Cluster",
        "rds/instance:Instance",
    ),
    **_rows(Order.NEVER, "records, and the name servers that a registrar has", "route53/zone:Zone"),
    **_rows(Order.NEVER, "objects", "s3/bucket:Bucket"),
    **_rows(Order.NEVER, "users, whose passwords nobody can read", "cognito/userPool:UserPool"),
    **_rows(Order.NEVER, "a secret's versions", "secretsmanager/secret:Secret"),
    **_rows(Order.NEVER, "messages", "sqs/queue:Queue"),
    **_rows(Order.NEVER, "records", "kinesis/stream:Stream"),
    **_rows(Order.NEVER, "files", "efs/fileSystem:FileSystem"),
    # -- new first: AWS or Pulumi names it ---------------------------------------------------
    **_rows(
        Order.NEW_FIRST,
        "AWS gives it an id of its own",
        "acm/certificate:Certificate",
        "acm/certificateValidation:CertificateValidation",
        "apigateway/deployment:Deployment",
        "cloudfront/distribution:Distribution",
        "cloudfront/vpcOrigin:VpcOrigin",
        "ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
        "ec2/eip:Eip",
        "ec2/routeTable:RouteTable",
        "ec2/vpc:Vpc",
        "ec2/vpcPeeringConnection:VpcPeeringConnection",
        "ec2transitgateway/vpcAttachment:VpcAttachment",
        "ecs/taskDefinition:TaskDefinition",
        "efs/accessPoint:AccessPoint",
        "lambda/invocation:Invocation",
        "route53/healthCheck:HealthCheck",
        "sns/topicSubscription:TopicSubscription",
    ),
    **_rows(
        Order.NEW_FIRST,
        "Pulumi gives it a name of its own",
        "backup/selection:Selection",
        "ec2/securityGroup:SecurityGroup",
        "elasticache/parameterGroup:ParameterGroup",
        "elasticache/subnetGroup:SubnetGroup",
        "rds/clusterParameterGroup:ClusterParameterGroup",
        "rds/parameterGroup:ParameterGroup",
        "rds/subnetGroup:SubnetGroup",
        "lambda/permission:Permission",
    ),
    # -- new first: our name carries what makes it new ----------------------------------------
    **_rows(
        Order.NEW_FIRST,
        "its name is all that AWS can't change, and whoever uses it moves before it goes",
        "cloudfront/function:Function",
        "cloudfront/originAccessControl:OriginAccessControl",
        "cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
        "ecs/cluster:Cluster",
        "glue/catalogDatabase:CatalogDatabase",
        "glue/catalogTable:CatalogTable",
        "servicediscovery/httpNamespace:HttpNamespace",
    ),
    **_rows(
        Order.NEW_FIRST,
        "its name ends in a hash of protocol, load balancer and colour",
        "lb/targetGroup:TargetGroup",
    ),
    **_rows(
        Order.NEW_FIRST,
        "its name says its scheme; deletion protection has to come off before",
        "lb/loadBalancer:LoadBalancer",
    ),
    **_rows(
        Order.NEW_FIRST,
        "its name says its scope and the family of its addresses",
        "wafv2/ipSet:IpSet",
        "wafv2/webAcl:WebAcl",
    ),
    **_rows(
        Order.NEW_FIRST,
        "its id carries engine and name",
        "elasticache/user:User",
        "elasticache/userGroup:UserGroup",
    ),
    # -- new first: it is what it belongs to, which is new itself ---------------------------
    **_rows(
        Order.NEW_FIRST,
        "it changes in place as long as what it belongs to is the same",
        "ec2/peeringConnectionOptions:PeeringConnectionOptions",
        "ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
        "apigateway/account:Account",
        "apigateway/basePathMapping:BasePathMapping",
        "apigateway/integrationResponse:IntegrationResponse",
        "apigateway/method:Method",
        "apigateway/methodResponse:MethodResponse",
        "apigateway/methodSettings:MethodSettings",
        "apigateway/resource:Resource",
        "apigateway/response:Response",
        "apigatewayv2/apiMapping:ApiMapping",
        "apigatewayv2/integration:Integration",
        "apigatewayv2/route:Route",
        "lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        "kinesis/resourcePolicy:ResourcePolicy",
        "lambda/functionUrl:FunctionUrl",
        "lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
        "ebs/encryptionByDefault:EncryptionByDefault",
        "glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings",
        "cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy",
        "ec2/defaultSecurityGroup:DefaultSecurityGroup",
        "ec2/internetGateway:InternetGateway",
        "ecr/repositoryPolicy:RepositoryPolicy",
        "ecs/clusterCapacityProviders:ClusterCapacityProviders",
        "guardduty/detector:Detector",
        "iam/openIdConnectProvider:OpenIdConnectProvider",
        "iam/serviceLinkedRole:ServiceLinkedRole",
        "lb/listener:Listener",
        "lb/listenerRule:ListenerRule",
        "rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup",
        "s3/accountPublicAccessBlock:AccountPublicAccessBlock",
        "s3/bucketCorsConfiguration:BucketCorsConfiguration",
        "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "s3/bucketLogging:BucketLogging",
        "s3/bucketNotification:BucketNotification",
        "s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        "s3/bucketObjectv2:BucketObjectv2",
        "s3/bucketOwnershipControls:BucketOwnershipControls",
        "s3/bucketPolicy:BucketPolicy",
        "s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "s3/bucketReplicationConfig:BucketReplicationConfig",
        "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "s3/bucketVersioning:BucketVersioning",
        "secretsmanager/secretRotation:SecretRotation",
        "sesv2/configurationSet:ConfigurationSet",
        "sesv2/emailIdentity:EmailIdentity",
        "sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes",
        "sns/topicPolicy:TopicPolicy",
        "sqs/queuePolicy:QueuePolicy",
        "sqs/redriveAllowPolicy:RedriveAllowPolicy",
        "wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
        "ec2/route:Route",
        "ec2/routeTableAssociation:RouteTableAssociation",
        "ec2/subnet:Subnet",
        "ec2/vpcEndpoint:VpcEndpoint",
        "accessanalyzer/analyzer:Analyzer",
        "chatbot/slackChannelConfiguration:SlackChannelConfiguration",
        "chatbot/teamsChannelConfiguration:TeamsChannelConfiguration",
        "cloudwatch/alarmMuteRule:AlarmMuteRule",
        "cloudwatch/compositeAlarm:CompositeAlarm",
        "cloudwatch/dashboard:Dashboard",
        "cloudwatch/logResourcePolicy:LogResourcePolicy",
        "route53/hostedZoneDnsSec:HostedZoneDnsSec",
        "vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    ),
    **_rows(
        Order.NEW_FIRST,
        "two entries of other values stand beside each other",
        "apigateway/domainName:DomainName",
        "apigateway/stage:Stage",
        "apigateway/vpcLink:VpcLink",
        "apigatewayv2/domainName:DomainName",
        "apigatewayv2/vpcLink:VpcLink",
        "ec2/flowLog:FlowLog",
        "lb/listenerCertificate:ListenerCertificate",
        "rds/proxyTarget:ProxyTarget",
    ),
    **_rows(
        Order.NEW_FIRST,
        "it is its file system's own: another one has another, and the old one is not without",
        "efs/backupPolicy:BackupPolicy",
        "efs/fileSystemPolicy:FileSystemPolicy",
    ),
    # -- old first -------------------------------------------------------------------------
    **_rows(
        Order.OLD_FIRST,
        "a name has a CNAME or other records, never both; clients keep what they know meanwhile",
        "route53/record:Record",
    ),
    **_rows(
        Order.OLD_FIRST,
        "AWS takes it off by what it protects: the first one's deletion would undo the second; "
        "seconds without it",
        "wafv2/webAclAssociation:WebAclAssociation",
    ),
    **_rows(
        Order.OLD_FIRST,
        "AWS knows it by what it belongs to, and takes one at a time: the first one's deletion "
        "would undo the second; seconds without it",
        "appautoscaling/target:Target",
        "appautoscaling/policy:Policy",
        "appautoscaling/scheduledAction:ScheduledAction",
        "backup/vaultLockConfiguration:VaultLockConfiguration",
        "cloudwatch/eventTarget:EventTarget",
        "cloudwatch/logDelivery:LogDelivery",
        "cloudwatch/logDeliverySource:LogDeliverySource",
        "cloudwatch/logDeliveryDestination:LogDeliveryDestination",
        "cloudwatch/logMetricFilter:LogMetricFilter",
        "cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
        "ecr/lifecyclePolicy:LifecyclePolicy",
        "efs/mountTarget:MountTarget",
        "guardduty/detectorFeature:DetectorFeature",
        "iam/rolePolicy:RolePolicy",
        "kms/alias:Alias",
        "lambda/eventSourceMapping:EventSourceMapping",
        "route53/keySigningKey:KeySigningKey",
        "route53/queryLog:QueryLog",
        "s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration",
        "s3/bucketMetric:BucketMetric",
    ),
    **_rows(
        Order.OLD_FIRST,
        "a pool has one domain, a source one mapping to a function, a method one integration",
        "apigateway/integration:Integration",
        "cognito/userPoolDomain:UserPoolDomain",
        "iam/rolePolicyAttachment:RolePolicyAttachment",
    ),
    **_rows(
        Order.OLD_FIRST,
        "a crawler looks it up by name when it begins; its log's name holds that name",
        "glue/securityConfiguration:SecurityConfiguration",
    ),
    **_rows(
        Order.OLD_FIRST,
        "a network has one such gateway: its connections break meanwhile",
        "ec2/vpnGatewayAttachment:VpnGatewayAttachment",
    ),
    **_rows(
        Order.OLD_FIRST,
        "an address belongs to one gateway; connections through it break",
        "ec2/natGateway:NatGateway",
    ),
    **_rows(
        Order.OLD_FIRST,
        "it reads the cluster's storage and has none of its own; another one takes over meanwhile",
        "rds/clusterInstance:ClusterInstance",
    ),
    **_rows(
        Order.OLD_FIRST,
        "its tasks stop before the new ones start: a cluster has one service of a name",
        "ecs/service:Service",
    ),
    **_rows(
        Order.OLD_FIRST,
        "its name follows from the system's and its owner's: another one is another system's",
        "apigateway/authorizer:Authorizer",
        "apigateway/model:Model",
        "apigateway/requestValidator:RequestValidator",
        "apigateway/restApi:RestApi",
        "apigatewayv2/api:Api",
        "apigatewayv2/authorizer:Authorizer",
        "apigatewayv2/stage:Stage",
        "cognito/userGroup:UserGroup",
        "cognito/userPoolClient:UserPoolClient",
        "lambda/alias:Alias",
        "athena/namedQuery:NamedQuery",
        "athena/workgroup:Workgroup",
        "backup/plan:Plan",
        "budgets/budget:Budget",
        "cfg/deliveryChannel:DeliveryChannel",
        "cfg/recorder:Recorder",
        "cfg/recorderStatus:RecorderStatus",
        "cloudtrail/trail:Trail",
        "glue/crawler:Crawler",
        "cloudwatch/eventRule:EventRule",
        "cloudwatch/logStream:LogStream",
        "cloudwatch/metricAlarm:MetricAlarm",
        "cloudwatch/queryDefinition:QueryDefinition",
        "costexplorer/anomalyMonitor:AnomalyMonitor",
        "costexplorer/anomalySubscription:AnomalySubscription",
        "iam/policy:Policy",
        "iam/role:Role",
        "kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
        "kinesis/streamConsumer:StreamConsumer",
        "lambda/function:Function",
        "rds/proxy:Proxy",
        "scheduler/schedule:Schedule",
        "sfn/stateMachine:StateMachine",
        "sns/topic:Topic",
        "synthetics/canary:Canary",
    ),
}
"""By type of the SDK. What forces a replacement is the provider's to say; how it goes is said here
(Terraform's AWS provider 5.100 and 6.x by way of pulumi-aws 7.51, 2026-11)."""

HOLDS_DATA = frozenset(type_ for type_, row in REPLACEMENT.items() if row.order is Order.NEVER)
"""Data itself, keys without which it can't be read, and zones, whose name servers stand at a
registrar. Whatever else is protected only stops the next edit."""

STAYS_BESIDE_DATA = frozenset(
    {
        "aws:elasticache/parameterGroup:ParameterGroup",
        "aws:rds/clusterParameterGroup:ClusterParameterGroup",
        "aws:rds/parameterGroup:ParameterGroup",
    }
)
"""What AWS deletes only once no server uses it, which may be after the update is through: it is
left there, without protection and without cost."""
