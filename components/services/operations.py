"""The API operations that make the types of this package."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:wafv2/webAclAssociation:WebAclAssociation": call("wafv2", "AssociateWebACL"),
    "aws:appautoscaling/scheduledAction:ScheduledAction": call(
        "application-autoscaling",
        "PutScheduledAction",
        "startTime",
        "endTime",
        name="ScheduledActionName",
    ),
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
    "aws:lb/listener:Listener": call(
        "elbv2",
        "CreateListener",
        "alpnPolicy",
        "tcpIdleTimeoutSeconds",
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
        "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic",
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
        "proxyProtocolV2",
    ),
    "aws:servicediscovery/httpNamespace:HttpNamespace": call(
        "servicediscovery", "CreateHttpNamespace"
    ),
    "aws:sfn/stateMachine:StateMachine": call("stepfunctions", "CreateStateMachine"),
}
"""By Pulumi type token."""
