"""Which API operation makes each registered type, and where its properties go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Call:
    """One API operation behind a resource type."""

    service: str
    """botocore's name of the service."""
    operation: str
    renamed: Mapping[str, str] = field(default_factory=dict[str, str])
    """Pulumi property to member path (`A.B`), or to that of another operation (`Operation:A.B`)."""
    elsewhere: frozenset[str] = frozenset()
    """Properties the models say nothing of: attributes as text, or the provider's own."""


PROVIDER_ONLY = frozenset(
    {
        "region",
        "tags",
        "tagsAll",
        "skipDestroy",
        "forceDestroy",
        "namePrefix",
        "identifierPrefix",
        "statementIdPrefix",
    }
)
"""Never in a request; tags are checked by a test of their own, and names with their prefix."""


def _call(service: str, operation: str, *elsewhere: str, **renamed: str) -> Call:
    return Call(service, operation, renamed, frozenset(elsewhere))


CALLS: Mapping[str, Call] = {
    "aws:acm/certificate:Certificate": _call("acm", "RequestCertificate"),
    "aws:appautoscaling/policy:Policy": _call(
        "application-autoscaling", "PutScalingPolicy", name="PolicyName"
    ),
    "aws:appautoscaling/scheduledAction:ScheduledAction": _call(
        "application-autoscaling",
        "PutScheduledAction",
        "startTime",
        "endTime",
        name="ScheduledActionName",
    ),
    "aws:appautoscaling/target:Target": _call("application-autoscaling", "RegisterScalableTarget"),
    "aws:backup/plan:Plan": _call(
        "backup",
        "CreateBackupPlan",
        name="BackupPlan.BackupPlanName",
        rules="BackupPlan.Rules",
        advancedBackupSettings="BackupPlan.AdvancedBackupSettings",
    ),
    "aws:backup/selection:Selection": _call(
        "backup",
        "CreateBackupSelection",
        "selectionTags",
        planId="BackupPlanId",
        name="BackupSelection.SelectionName",
        iamRoleArn="BackupSelection.IamRoleArn",
        resources="BackupSelection.Resources",
        notResources="BackupSelection.NotResources",
        conditions="BackupSelection.Conditions",
    ),
    "aws:backup/vault:Vault": _call(
        "backup", "CreateBackupVault", name="BackupVaultName", kmsKeyArn="EncryptionKeyArn"
    ),
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": _call(
        "backup", "PutBackupVaultLockConfiguration"
    ),
    "aws:backup/vaultNotifications:VaultNotifications": _call(
        "backup", "PutBackupVaultNotifications"
    ),
    "aws:backup/vaultPolicy:VaultPolicy": _call("backup", "PutBackupVaultAccessPolicy"),
    "aws:budgets/budget:Budget": _call(
        "budgets",
        "CreateBudget",
        "costFilters",
        "limitAmount",
        "limitUnit",
        "notifications",
        "timePeriodStart",
        "timePeriodEnd",
        name="Budget.BudgetName",
        budgetType="Budget.BudgetType",
        timeUnit="Budget.TimeUnit",
        costTypes="Budget.CostTypes",
    ),
    "aws:cloudfront/distribution:Distribution": Call(
        "cloudfront",
        "CreateDistribution",
        {
            key: f"DistributionConfig.{key}"
            for key in (
                "aliases",
                "comment",
                "customErrorResponses",
                "defaultCacheBehavior",
                "defaultRootObject",
                "enabled",
                "httpVersion",
                "isIpv6Enabled",
                "origins",
                "priceClass",
                "restrictions",
                "viewerCertificate",
                "webAclId",
            )
        },
        frozenset(
            {"loggingConfig", "orderedCacheBehaviors", "retainOnDelete", "waitForDeployment"}
        ),
    ),
    "aws:cloudfront/originAccessControl:OriginAccessControl": Call(
        "cloudfront",
        "CreateOriginAccessControl",
        {
            key: f"OriginAccessControlConfig.{key}"
            for key in (
                "name",
                "description",
                "originAccessControlOriginType",
                "signingBehavior",
                "signingProtocol",
            )
        },
    ),
    "aws:cloudfront/function:Function": _call(
        "cloudfront",
        "CreateFunction",
        "code",
        "publish",
        comment="FunctionConfig.Comment",
        runtime="FunctionConfig.Runtime",
        keyValueStoreAssociations="FunctionConfig.KeyValueStoreAssociations",
    ),
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": Call(
        "cloudfront",
        "CreateResponseHeadersPolicy",
        {
            key: f"ResponseHeadersPolicyConfig.{key}"
            for key in (
                "name",
                "comment",
                "corsConfig",
                "customHeadersConfig",
                "removeHeadersConfig",
                "securityHeadersConfig",
                "serverTimingHeadersConfig",
            )
        },
    ),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": _call("cloudwatch", "PutCompositeAlarm"),
    "aws:cloudwatch/dashboard:Dashboard": _call("cloudwatch", "PutDashboard"),
    "aws:cloudwatch/eventRule:EventRule": _call("events", "PutRule"),
    "aws:cloudwatch/eventTarget:EventTarget": Call(
        "events",
        "PutTargets",
        {
            "targetId": "Targets.Id",
            "arn": "Targets.Arn",
            "roleArn": "Targets.RoleArn",
            "input": "Targets.Input",
            "deadLetterConfig": "Targets.DeadLetterConfig",
            "retryPolicy": "Targets.RetryPolicy",
        },
        frozenset({"inputTransformer"}),
    ),
    "aws:cloudwatch/logGroup:LogGroup": _call(
        "logs",
        "CreateLogGroup",
        name="logGroupName",
        retentionInDays="PutRetentionPolicy:retentionInDays",
    ),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": _call(
        "logs",
        "PutMetricFilter",
        name="filterName",
        pattern="filterPattern",
        metricTransformation="metricTransformations",
    ),
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": _call("logs", "PutResourcePolicy"),
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": _call(
        "logs", "PutSubscriptionFilter", name="filterName", logGroup="logGroupName"
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": _call(
        "cloudwatch", "PutMetricAlarm", name="AlarmName", metricQueries="Metrics"
    ),
    "aws:dynamodb/table:Table": _call(
        "dynamodb",
        "CreateTable",
        "hashKey",
        "rangeKey",
        "ttl",
        "pointInTimeRecovery",
        "replicas",
        "serverSideEncryption",
        "streamEnabled",
        "readCapacity",
        "writeCapacity",
        name="TableName",
        attributes="AttributeDefinitions",
        streamViewType="StreamSpecification.StreamViewType",
    ),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _call(
        "ec2", "CreateSecurityGroup", "egress", "ingress", name="GroupName"
    ),
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": _call(
        "ec2", "CreateEgressOnlyInternetGateway"
    ),
    "aws:ec2/eip:Eip": _call("ec2", "AllocateAddress"),
    "aws:ec2/flowLog:FlowLog": _call(
        "ec2", "CreateFlowLogs", "vpcId", iamRoleArn="DeliverLogsPermissionArn"
    ),
    "aws:ec2/internetGateway:InternetGateway": _call("ec2", "AttachInternetGateway"),
    "aws:ec2/natGateway:NatGateway": _call("ec2", "CreateNatGateway"),
    "aws:ec2/route:Route": _call(
        "ec2", "CreateRoute", egressOnlyGatewayId="EgressOnlyInternetGatewayId"
    ),
    "aws:ec2/routeTable:RouteTable": _call("ec2", "CreateRouteTable", "routes"),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": _call("ec2", "AssociateRouteTable"),
    "aws:ec2/securityGroup:SecurityGroup": _call(
        "ec2",
        "CreateSecurityGroup",
        "egress",
        "ingress",
        "revokeRulesOnDelete",
        name="GroupName",
    ),
    "aws:ec2/subnet:Subnet": _call(
        "ec2",
        "CreateSubnet",
        "assignIpv6AddressOnCreation",
        "enableDns64",
        "mapPublicIpOnLaunch",
        "enableResourceNameDnsARecordOnLaunch",
        "enableResourceNameDnsAaaaRecordOnLaunch",
        "privateDnsHostnameTypeOnLaunch",
    ),
    "aws:ec2/vpc:Vpc": _call(
        "ec2",
        "CreateVpc",
        "enableDnsHostnames",
        "enableDnsSupport",
        assignGeneratedIpv6CidrBlock="AmazonProvidedIpv6CidrBlock",
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _call("ec2", "CreateVpcEndpoint", policy="PolicyDocument"),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": _call(
        "ecr", "PutLifecyclePolicy", repository="repositoryName", policy="lifecyclePolicyText"
    ),
    "aws:ecr/repository:Repository": _call(
        "ecr",
        "CreateRepository",
        "forceDelete",
        name="repositoryName",
        encryptionConfigurations="encryptionConfiguration",
    ),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": _call(
        "ecr", "SetRepositoryPolicy", repository="repositoryName", policy="policyText"
    ),
    "aws:ecs/cluster:Cluster": _call("ecs", "CreateCluster", name="clusterName"),
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": _call(
        "ecs",
        "PutClusterCapacityProviders",
        clusterName="cluster",
        defaultCapacityProviderStrategies="defaultCapacityProviderStrategy",
    ),
    "aws:ecs/service:Service": Call(
        "ecs",
        "CreateService",
        {
            "name": "serviceName",
            "capacityProviderStrategies": "capacityProviderStrategy",
            "deploymentCircuitBreaker": "deploymentConfiguration.deploymentCircuitBreaker",
            "deploymentMaximumPercent": "deploymentConfiguration.maximumPercent",
            "deploymentMinimumHealthyPercent": "deploymentConfiguration.minimumHealthyPercent",
            "alarms": "deploymentConfiguration.alarms",
            "enableEcsManagedTags": "enableECSManagedTags",
        },
        frozenset({"waitForSteadyState", "forceNewDeployment", "triggers"}),
    ),
    "aws:ecs/taskDefinition:TaskDefinition": _call("ecs", "RegisterTaskDefinition", "trackLatest"),
    "aws:elasticache/parameterGroup:ParameterGroup": _call(
        "elasticache",
        "CreateCacheParameterGroup",
        parameters="ModifyCacheParameterGroup:ParameterNameValues",
        name="CacheParameterGroupName",
        family="CacheParameterGroupFamily",
    ),
    "aws:elasticache/replicationGroup:ReplicationGroup": _call(
        "elasticache",
        "CreateReplicationGroup",
        "applyImmediately",
        "userGroupIds",
        description="ReplicationGroupDescription",
        finalSnapshotIdentifier="DeleteReplicationGroup:FinalSnapshotIdentifier",
        nodeType="CacheNodeType",
        parameterGroupName="CacheParameterGroupName",
        subnetGroupName="CacheSubnetGroupName",
        maintenanceWindow="PreferredMaintenanceWindow",
        multiAzEnabled="MultiAZEnabled",
    ),
    "aws:elasticache/subnetGroup:SubnetGroup": _call(
        "elasticache",
        "CreateCacheSubnetGroup",
        name="CacheSubnetGroupName",
        description="CacheSubnetGroupDescription",
    ),
    "aws:elasticache/user:User": _call("elasticache", "CreateUser"),
    "aws:elasticache/userGroup:UserGroup": _call("elasticache", "CreateUserGroup"),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": _call(
        "iam", "CreateOpenIDConnectProvider"
    ),
    "aws:iam/policy:Policy": _call(
        "iam", "CreatePolicy", name="PolicyName", policy="PolicyDocument"
    ),
    "aws:iam/role:Role": _call(
        "iam",
        "CreateRole",
        "forceDetachPolicies",
        "inlinePolicies",
        "managedPolicyArns",
        name="RoleName",
        assumeRolePolicy="AssumeRolePolicyDocument",
    ),
    "aws:iam/rolePolicy:RolePolicy": _call(
        "iam", "PutRolePolicy", name="PolicyName", role="RoleName", policy="PolicyDocument"
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _call(
        "iam", "AttachRolePolicy", role="RoleName"
    ),
    "aws:kms/alias:Alias": _call("kms", "CreateAlias", name="AliasName"),
    "aws:kms/key:Key": _call(
        "kms",
        "CreateKey",
        "enableKeyRotation",
        "isEnabled",
        deletionWindowInDays="ScheduleKeyDeletion:PendingWindowInDays",
        rotationPeriodInDays="EnableKeyRotation:RotationPeriodInDays",
    ),
    "aws:kms/keyPolicy:KeyPolicy": _call("kms", "PutKeyPolicy"),
    "aws:lambda/eventSourceMapping:EventSourceMapping": _call(
        "lambda", "CreateEventSourceMapping", "filterCriteria"
    ),
    "aws:lambda/function:Function": _call(
        "lambda",
        "CreateFunction",
        "code",
        "sourceCodeHash",
        "imageUri",
        "s3Bucket",
        "s3Key",
        name="FunctionName",
        reservedConcurrentExecutions="PutFunctionConcurrency:ReservedConcurrentExecutions",
    ),
    "aws:lambda/invocation:Invocation": _call(
        "lambda", "Invoke", "input", "lifecycleScope", "triggers"
    ),
    "aws:lambda/permission:Permission": _call("lambda", "AddPermission", function="FunctionName"),
    "aws:lb/listener:Listener": _call(
        "elbv2", "CreateListener", "alpnPolicy", certificateArn="Certificates.CertificateArn"
    ),
    "aws:lb/listenerCertificate:ListenerCertificate": _call(
        "elbv2", "AddListenerCertificates", certificateArn="Certificates.CertificateArn"
    ),
    "aws:lb/listenerRule:ListenerRule": _call("elbv2", "CreateRule", "conditions"),
    "aws:lb/loadBalancer:LoadBalancer": _call(
        "elbv2",
        "CreateLoadBalancer",
        "accessLogs",
        "connectionLogs",
        "desyncMitigationMode",
        "dropInvalidHeaderFields",
        "enableCrossZoneLoadBalancing",
        "enableDeletionProtection",
        "enableHttp2",
        "idleTimeout",
        "internal",
        "preserveHostHeader",
        "xffHeaderProcessingMode",
        "enableTlsVersionAndCipherSuiteHeaders",
        "enableXffClientPort",
        "clientKeepAlive",
        "enableWafFailOpen",
        loadBalancerType="Type",
    ),
    "aws:lb/targetGroup:TargetGroup": _call(
        "elbv2",
        "CreateTargetGroup",
        "deregistrationDelay",
        "healthCheck",
        "slowStart",
        "loadBalancingAlgorithmType",
        "loadBalancingCrossZoneEnabled",
        "stickiness",
        "connectionTermination",
        "preserveClientIp",
    ),
    "aws:rds/cluster:Cluster": _call(
        "rds",
        "CreateDBCluster",
        "applyImmediately",
        "skipFinalSnapshot",
        "deleteAutomatedBackups",
        "allowMajorVersionUpgrade",
        clusterIdentifier="DBClusterIdentifier",
        finalSnapshotIdentifier="DeleteDBCluster:FinalDBSnapshotIdentifier",
        enabledCloudwatchLogsExports="EnableCloudwatchLogsExports",
        iamDatabaseAuthenticationEnabled="EnableIAMDatabaseAuthentication",
        serverlessv2ScalingConfiguration="ServerlessV2ScalingConfiguration",
        performanceInsightsEnabled="EnablePerformanceInsights",
    ),
    "aws:rds/clusterInstance:ClusterInstance": _call(
        "rds",
        "CreateDBInstance",
        "applyImmediately",
        "forceDestroy",
        identifier="DBInstanceIdentifier",
        clusterIdentifier="DBClusterIdentifier",
        instanceClass="DBInstanceClass",
        performanceInsightsEnabled="EnablePerformanceInsights",
        caCertIdentifier="CACertificateIdentifier",
    ),
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": _call(
        "rds",
        "CreateDBClusterParameterGroup",
        parameters="ModifyDBClusterParameterGroup:Parameters",
        name="DBClusterParameterGroupName",
        family="DBParameterGroupFamily",
    ),
    "aws:rds/instance:Instance": _call(
        "rds",
        "CreateDBInstance",
        "applyImmediately",
        "skipFinalSnapshot",
        "deleteAutomatedBackups",
        "allowMajorVersionUpgrade",
        "replicateSourceDb",
        identifier="DBInstanceIdentifier",
        finalSnapshotIdentifier="DeleteDBInstance:FinalDBSnapshotIdentifier",
        instanceClass="DBInstanceClass",
        backupWindow="PreferredBackupWindow",
        maintenanceWindow="PreferredMaintenanceWindow",
        caCertIdentifier="CACertificateIdentifier",
        parameterGroupName="DBParameterGroupName",
        enabledCloudwatchLogsExports="EnableCloudwatchLogsExports",
        iamDatabaseAuthenticationEnabled="EnableIAMDatabaseAuthentication",
        performanceInsightsEnabled="EnablePerformanceInsights",
        username="MasterUsername",
        password="MasterUserPassword",
    ),
    "aws:rds/parameterGroup:ParameterGroup": _call(
        "rds",
        "CreateDBParameterGroup",
        parameters="ModifyDBParameterGroup:Parameters",
        name="DBParameterGroupName",
        family="DBParameterGroupFamily",
    ),
    "aws:rds/proxy:Proxy": _call(
        "rds",
        "CreateDBProxy",
        name="DBProxyName",
        requireTls="RequireTLS",
        auths="Auth",
    ),
    "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": _call(
        "rds", "ModifyDBProxyTargetGroup"
    ),
    "aws:rds/proxyTarget:ProxyTarget": _call(
        "rds",
        "RegisterDBProxyTargets",
        dbInstanceIdentifier="DBInstanceIdentifiers",
        dbClusterIdentifier="DBClusterIdentifiers",
    ),
    "aws:rds/subnetGroup:SubnetGroup": _call(
        "rds",
        "CreateDBSubnetGroup",
        name="DBSubnetGroupName",
        description="DBSubnetGroupDescription",
    ),
    "aws:route53/record:Record": Call(
        "route53",
        "ChangeResourceRecordSets",
        {
            "zoneId": "HostedZoneId",
            "name": "ChangeBatch.Changes.ResourceRecordSet.Name",
            "type": "ChangeBatch.Changes.ResourceRecordSet.Type",
            "ttl": "ChangeBatch.Changes.ResourceRecordSet.TTL",
            "setIdentifier": "ChangeBatch.Changes.ResourceRecordSet.SetIdentifier",
        },
        frozenset({"records", "aliases", "allowOverwrite"}),
    ),
    "aws:route53/zone:Zone": _call(
        "route53", "CreateHostedZone", "vpcs", comment="HostedZoneConfig.Comment"
    ),
    "aws:s3/bucket:Bucket": _call(
        "s3", "CreateBucket", objectLockEnabled="ObjectLockEnabledForBucket"
    ),
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": _call(
        "s3", "PutBucketCors", corsRules="CORSConfiguration.CORSRules"
    ),
    "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration": _call(
        "s3",
        "PutBucketIntelligentTieringConfiguration",
        name="Id",
        status="IntelligentTieringConfiguration.Status",
        filter="IntelligentTieringConfiguration.Filter",
        tierings="IntelligentTieringConfiguration.Tierings",
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _call(
        "s3", "PutBucketLifecycleConfiguration", rules="LifecycleConfiguration.Rules"
    ),
    "aws:s3/bucketLogging:BucketLogging": _call(
        "s3",
        "PutBucketLogging",
        targetBucket="BucketLoggingStatus.LoggingEnabled.TargetBucket",
        targetPrefix="BucketLoggingStatus.LoggingEnabled.TargetPrefix",
        targetObjectKeyFormat="BucketLoggingStatus.LoggingEnabled.TargetObjectKeyFormat",
    ),
    "aws:s3/bucketNotification:BucketNotification": _call(
        "s3",
        "PutBucketNotificationConfiguration",
        eventbridge="NotificationConfiguration.EventBridgeConfiguration",
        lambdaFunctions="NotificationConfiguration.LambdaFunctionConfigurations",
        queues="NotificationConfiguration.QueueConfigurations",
        topics="NotificationConfiguration.TopicConfigurations",
    ),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": _call(
        "s3",
        "PutObjectLockConfiguration",
        rule="ObjectLockConfiguration.Rule",
        objectLockEnabled="ObjectLockConfiguration.ObjectLockEnabled",
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _call(
        "s3", "PutBucketOwnershipControls", rule="OwnershipControls.Rules"
    ),
    "aws:s3/bucketPolicy:BucketPolicy": _call("s3", "PutBucketPolicy"),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": Call(
        "s3",
        "PutPublicAccessBlock",
        {
            key: f"PublicAccessBlockConfiguration.{key}"
            for key in (
                "blockPublicAcls",
                "blockPublicPolicy",
                "ignorePublicAcls",
                "restrictPublicBuckets",
            )
        },
    ),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": _call(
        "s3",
        "PutBucketReplication",
        role="ReplicationConfiguration.Role",
        rules="ReplicationConfiguration.Rules",
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _call(
        "s3", "PutBucketEncryption", rules="ServerSideEncryptionConfiguration.Rules"
    ),
    "aws:s3/bucketVersioning:BucketVersioning": _call("s3", "PutBucketVersioning"),
    "aws:scheduler/schedule:Schedule": _call("scheduler", "CreateSchedule"),
    "aws:scheduler/scheduleGroup:ScheduleGroup": _call("scheduler", "CreateScheduleGroup"),
    "aws:secretsmanager/secret:Secret": _call(
        "secretsmanager",
        "CreateSecret",
        policy="PutResourcePolicy:ResourcePolicy",
        recoveryWindowInDays="DeleteSecret:RecoveryWindowInDays",
        replicas="AddReplicaRegions",
    ),
    "aws:secretsmanager/secretPolicy:SecretPolicy": _call(
        "secretsmanager", "PutResourcePolicy", secretArn="SecretId", policy="ResourcePolicy"
    ),
    "aws:secretsmanager/secretRotation:SecretRotation": _call(
        "secretsmanager", "RotateSecret", rotationLambdaArn="RotationLambdaARN"
    ),
    "aws:servicediscovery/httpNamespace:HttpNamespace": _call(
        "servicediscovery", "CreateHttpNamespace"
    ),
    "aws:sesv2/configurationSet:ConfigurationSet": _call("sesv2", "CreateConfigurationSet"),
    "aws:sesv2/emailIdentity:EmailIdentity": _call("sesv2", "CreateEmailIdentity"),
    "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes": _call(
        "sesv2", "PutEmailIdentityMailFromAttributes"
    ),
    "aws:sfn/stateMachine:StateMachine": _call("stepfunctions", "CreateStateMachine"),
    "aws:sns/topic:Topic": _call(
        "sns",
        "CreateTopic",
        "displayName",
        "kmsMasterKeyId",
        "signatureVersion",
        "policy",
        "contentBasedDeduplication",
        "fifoTopic",
        "tracingConfig",
    ),
    "aws:sns/topicPolicy:TopicPolicy": _call(
        "sns", "SetTopicAttributes", arn="TopicArn", policy="AttributeValue"
    ),
    "aws:sns/topicSubscription:TopicSubscription": _call(
        "sns",
        "Subscribe",
        "rawMessageDelivery",
        "filterPolicy",
        "redrivePolicy",
        "filterPolicyScope",
        topic="TopicArn",
    ),
    "aws:sqs/queue:Queue": _call(
        "sqs",
        "CreateQueue",
        "messageRetentionSeconds",
        "sqsManagedSseEnabled",
        "delaySeconds",
        "fifoQueue",
        "contentBasedDeduplication",
        "kmsMasterKeyId",
        "kmsDataKeyReusePeriodSeconds",
        "maxMessageSize",
        "receiveWaitTimeSeconds",
        "redrivePolicy",
        "visibilityTimeoutSeconds",
        "deduplicationScope",
        "fifoThroughputLimit",
        name="QueueName",
    ),
    "aws:sqs/queuePolicy:QueuePolicy": _call("sqs", "SetQueueAttributes", "policy"),
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": _call(
        "sqs", "SetQueueAttributes", "redriveAllowPolicy"
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": Call(
        "ec2",
        "AuthorizeSecurityGroupEgress",
        {
            "securityGroupId": "GroupId",
            "ipProtocol": "IpPermissions.IpProtocol",
            "fromPort": "IpPermissions.FromPort",
            "toPort": "IpPermissions.ToPort",
            "cidrIpv4": "IpPermissions.IpRanges.CidrIp",
            "cidrIpv6": "IpPermissions.Ipv6Ranges.CidrIpv6",
            "description": "IpPermissions.IpRanges.Description",
            "prefixListId": "IpPermissions.PrefixListIds.PrefixListId",
            "referencedSecurityGroupId": "IpPermissions.UserIdGroupPairs.GroupId",
        },
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": Call(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        {
            "securityGroupId": "GroupId",
            "ipProtocol": "IpPermissions.IpProtocol",
            "fromPort": "IpPermissions.FromPort",
            "toPort": "IpPermissions.ToPort",
            "cidrIpv4": "IpPermissions.IpRanges.CidrIp",
            "cidrIpv6": "IpPermissions.Ipv6Ranges.CidrIpv6",
            "description": "IpPermissions.IpRanges.Description",
            "prefixListId": "IpPermissions.PrefixListIds.PrefixListId",
            "referencedSecurityGroupId": "IpPermissions.UserIdGroupPairs.GroupId",
        },
    ),
    "aws:wafv2/webAcl:WebAcl": _call("wafv2", "CreateWebACL"),
    "aws:wafv2/webAclAssociation:WebAclAssociation": _call("wafv2", "AssociateWebACL"),
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": Call(
        "wafv2",
        "PutLoggingConfiguration",
        {
            key: f"LoggingConfiguration.{key}"
            for key in ("logDestinationConfigs", "resourceArn", "redactedFields", "loggingFilter")
        },
    ),
}
"""By Pulumi type token."""

UNCONSTRAINED: Mapping[str, str] = {
    "aws:acm/certificateValidation:CertificateValidation": "waits for a certificate; makes nothing",
}
"""Registered types that no API operation makes, and why."""
