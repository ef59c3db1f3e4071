"""The operations behind services, functions, messages, mail, logs and alarms."""

from __future__ import annotations

from collections.abc import Mapping

from testing.oracles.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:appautoscaling/policy:Policy": call(
        "application-autoscaling", "PutScalingPolicy", name="PolicyName"
    ),
    "aws:appautoscaling/scheduledAction:ScheduledAction": call(
        "application-autoscaling",
        "PutScheduledAction",
        "startTime",
        "endTime",
        name="ScheduledActionName",
    ),
    "aws:appautoscaling/target:Target": call("application-autoscaling", "RegisterScalableTarget"),
    "aws:budgets/budget:Budget": call(
        "budgets",
        "CreateBudget",
        "costFilters",
        "filterExpression",
        "metrics",
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
    "aws:cloudwatch/alarmMuteRule:AlarmMuteRule": call("cloudwatch", "PutAlarmMuteRule"),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": call("cloudwatch", "PutCompositeAlarm"),
    "aws:cloudwatch/dashboard:Dashboard": call("cloudwatch", "PutDashboard"),
    "aws:cloudwatch/eventRule:EventRule": call("events", "PutRule"),
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
    "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy": call(
        "logs", "PutDataProtectionPolicy", logGroupName="logGroupIdentifier"
    ),
    "aws:cloudwatch/logGroup:LogGroup": call(
        "logs",
        "CreateLogGroup",
        name="logGroupName",
        retentionInDays="PutRetentionPolicy:retentionInDays",
    ),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": call(
        "logs",
        "PutMetricFilter",
        name="filterName",
        pattern="filterPattern",
        metricTransformation="metricTransformations",
    ),
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": call("logs", "PutResourcePolicy"),
    "aws:cloudwatch/logStream:LogStream": call("logs", "CreateLogStream", name="logStreamName"),
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": call(
        "logs", "PutSubscriptionFilter", name="filterName", logGroup="logGroupName"
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": call(
        "cloudwatch", "PutMetricAlarm", name="AlarmName", metricQueries="Metrics"
    ),
    "aws:cloudwatch/queryDefinition:QueryDefinition": call("logs", "PutQueryDefinition"),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": call(
        "ecr", "PutLifecyclePolicy", repository="repositoryName", policy="lifecyclePolicyText"
    ),
    "aws:ecr/repository:Repository": call(
        "ecr",
        "CreateRepository",
        "forceDelete",
        name="repositoryName",
        encryptionConfigurations="encryptionConfiguration",
    ),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": call(
        "ecr", "SetRepositoryPolicy", repository="repositoryName", policy="policyText"
    ),
    "aws:ecs/cluster:Cluster": call("ecs", "CreateCluster", name="clusterName"),
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": call(
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
    "aws:ecs/taskDefinition:TaskDefinition": call("ecs", "RegisterTaskDefinition", "trackLatest"),
    "aws:apigateway/account:Account": call("apigateway", "UpdateAccount", "cloudwatchRoleArn"),
    "aws:apigateway/authorizer:Authorizer": call(
        "apigateway", "CreateAuthorizer", restApi="restApiId", providerArns="providerARNs"
    ),
    "aws:apigateway/basePathMapping:BasePathMapping": call(
        "apigateway", "CreateBasePathMapping", restApi="restApiId", stageName="stage"
    ),
    "aws:apigateway/deployment:Deployment": call(
        "apigateway", "CreateDeployment", "triggers", restApi="restApiId"
    ),
    "aws:apigateway/domainName:DomainName": call("apigateway", "CreateDomainName"),
    "aws:apigateway/integration:Integration": call(
        "apigateway",
        "PutIntegration",
        restApi="restApiId",
        timeoutMilliseconds="timeoutInMillis",
    ),
    "aws:apigateway/integrationResponse:IntegrationResponse": call(
        "apigateway", "PutIntegrationResponse", restApi="restApiId"
    ),
    "aws:apigateway/method:Method": call(
        "apigateway", "PutMethod", restApi="restApiId", authorization="authorizationType"
    ),
    "aws:apigateway/methodResponse:MethodResponse": call(
        "apigateway", "PutMethodResponse", restApi="restApiId"
    ),
    "aws:apigateway/methodSettings:MethodSettings": call(
        "apigateway", "UpdateStage", "methodPath", "settings", restApi="restApiId"
    ),
    "aws:apigateway/model:Model": call("apigateway", "CreateModel", restApi="restApiId"),
    "aws:apigateway/requestValidator:RequestValidator": call(
        "apigateway", "CreateRequestValidator", restApi="restApiId"
    ),
    "aws:apigateway/resource:Resource": call("apigateway", "CreateResource", restApi="restApiId"),
    "aws:apigateway/response:Response": call("apigateway", "PutGatewayResponse"),
    "aws:apigateway/restApi:RestApi": call("apigateway", "CreateRestApi", "endpointConfiguration"),
    "aws:apigateway/stage:Stage": call(
        "apigateway",
        "CreateStage",
        "accessLogSettings",
        restApi="restApiId",
        deployment="deploymentId",
        xrayTracingEnabled="tracingEnabled",
    ),
    "aws:apigatewayv2/api:Api": call("apigatewayv2", "CreateApi"),
    "aws:apigatewayv2/apiMapping:ApiMapping": call("apigatewayv2", "CreateApiMapping"),
    "aws:apigatewayv2/authorizer:Authorizer": call("apigatewayv2", "CreateAuthorizer"),
    "aws:apigatewayv2/domainName:DomainName": call("apigatewayv2", "CreateDomainName"),
    "aws:apigatewayv2/integration:Integration": call(
        "apigatewayv2", "CreateIntegration", timeoutMilliseconds="TimeoutInMillis"
    ),
    "aws:apigatewayv2/route:Route": call("apigatewayv2", "CreateRoute"),
    "aws:apigatewayv2/vpcLink:VpcLink": call("apigatewayv2", "CreateVpcLink"),
    "aws:apigatewayv2/stage:Stage": call("apigatewayv2", "CreateStage", name="StageName"),
    "aws:lambda/alias:Alias": call("lambda", "CreateAlias"),
    "aws:lambda/eventSourceMapping:EventSourceMapping": call(
        "lambda",
        "CreateEventSourceMapping",
        filterCriteria="FilterCriteria",
    ),
    "aws:lambda/function:Function": call(
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
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": call(
        "lambda",
        "PutFunctionEventInvokeConfig",
        maximumEventAgeInSeconds="MaximumEventAgeInSeconds",
    ),
    "aws:lambda/functionUrl:FunctionUrl": call(
        "lambda", "CreateFunctionUrlConfig", authorizationType="AuthType"
    ),
    "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": call(
        "lambda", "PutProvisionedConcurrencyConfig"
    ),
    "aws:lambda/invocation:Invocation": call(
        "lambda", "Invoke", "input", "lifecycleScope", "triggers"
    ),
    "aws:lambda/permission:Permission": call("lambda", "AddPermission", function="FunctionName"),
    "aws:lb/listener:Listener": call(
        "elbv2",
        "CreateListener",
        "alpnPolicy",
        "routingHttpResponseServerEnabled",
        "routingHttpResponseStrictTransportSecurityHeaderValue",
        certificateArn="Certificates.CertificateArn",
    ),
    "aws:lb/listenerCertificate:ListenerCertificate": call(
        "elbv2", "AddListenerCertificates", certificateArn="Certificates.CertificateArn"
    ),
    "aws:lb/listenerRule:ListenerRule": call("elbv2", "CreateRule", "conditions"),
    "aws:lb/loadBalancer:LoadBalancer": call(
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
    "aws:lb/targetGroup:TargetGroup": call(
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
    "aws:scheduler/schedule:Schedule": call("scheduler", "CreateSchedule"),
    "aws:scheduler/scheduleGroup:ScheduleGroup": call("scheduler", "CreateScheduleGroup"),
    "aws:servicediscovery/httpNamespace:HttpNamespace": call(
        "servicediscovery", "CreateHttpNamespace"
    ),
    "aws:sesv2/configurationSet:ConfigurationSet": call("sesv2", "CreateConfigurationSet"),
    "aws:sesv2/emailIdentity:EmailIdentity": call("sesv2", "CreateEmailIdentity"),
    "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes": call(
        "sesv2", "PutEmailIdentityMailFromAttributes"
    ),
    "aws:sfn/stateMachine:StateMachine": call("stepfunctions", "CreateStateMachine"),
    "aws:sns/topic:Topic": call(
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
    "aws:sns/topicPolicy:TopicPolicy": call(
        "sns", "SetTopicAttributes", arn="TopicArn", policy="AttributeValue"
    ),
    "aws:sns/topicSubscription:TopicSubscription": call(
        "sns",
        "Subscribe",
        "endpointAutoConfirms",
        "rawMessageDelivery",
        "filterPolicy",
        "redrivePolicy",
        "filterPolicyScope",
        topic="TopicArn",
    ),
    "aws:sqs/queue:Queue": call(
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
    "aws:sqs/queuePolicy:QueuePolicy": call("sqs", "SetQueueAttributes", "policy"),
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": call(
        "sqs", "SetQueueAttributes", "redriveAllowPolicy"
    ),
    # The provider reads the file and sends its bytes, and starts a canary by another operation.
    "aws:synthetics/canary:Canary": call(
        "synthetics",
        "CreateCanary",
        "zipFile",
        "startCanary",
        handler="Code.Handler",
        successRetentionPeriod="SuccessRetentionPeriodInDays",
        failureRetentionPeriod="FailureRetentionPeriodInDays",
        deleteLambda="DeleteCanary:DeleteLambda",
    ),
}
"""By Pulumi type token."""
