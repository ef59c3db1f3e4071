"""What CloudFormation's resource schemas call create-only, as cfn-lint ships them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from tools.replacement.names import matching, squashed

REGION = "us-east-1"

SERVICES: Mapping[str, str] = {
    "acm": "CertificateManager",
    "appautoscaling": "ApplicationAutoScaling",
    "cfg": "Config",
    "cloudwatch": "CloudWatch",
    "costexplorer": "CE",
    "lb": "ElasticLoadBalancingV2",
    "sesv2": "SES",
    "sfn": "StepFunctions",
    "vpc": "EC2",
}
"""CloudFormation's names of services by module of the SDK, where not the module's own."""

TYPES: Mapping[str, str | None] = {
    "aws:appautoscaling/policy:Policy": "AWS::ApplicationAutoScaling::ScalingPolicy",
    "aws:appautoscaling/target:Target": "AWS::ApplicationAutoScaling::ScalableTarget",
    "aws:backup/plan:Plan": "AWS::Backup::BackupPlan",
    "aws:backup/selection:Selection": "AWS::Backup::BackupSelection",
    "aws:backup/vault:Vault": "AWS::Backup::BackupVault",
    "aws:cfg/recorder:Recorder": "AWS::Config::ConfigurationRecorder",
    "aws:cfg/rule:Rule": "AWS::Config::ConfigRule",
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": (
        "AWS::Chatbot::MicrosoftTeamsChannelConfiguration"
    ),
    "aws:cloudwatch/eventArchive:EventArchive": "AWS::Events::Archive",
    "aws:cloudwatch/eventBus:EventBus": "AWS::Events::EventBus",
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy": "AWS::Events::EventBusPolicy",
    "aws:cloudwatch/eventRule:EventRule": "AWS::Events::Rule",
    "aws:cloudwatch/logDelivery:LogDelivery": "AWS::Logs::Delivery",
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": (
        "AWS::Logs::DeliveryDestination"
    ),
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": "AWS::Logs::DeliverySource",
    "aws:cloudwatch/logGroup:LogGroup": "AWS::Logs::LogGroup",
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": "AWS::Logs::MetricFilter",
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "AWS::Logs::ResourcePolicy",
    "aws:cloudwatch/logStream:LogStream": "AWS::Logs::LogStream",
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": "AWS::Logs::SubscriptionFilter",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "AWS::CloudWatch::Alarm",
    "aws:cloudwatch/queryDefinition:QueryDefinition": "AWS::Logs::QueryDefinition",
    "aws:cognito/resourceServer:ResourceServer": "AWS::Cognito::UserPoolResourceServer",
    "aws:cognito/userGroup:UserGroup": "AWS::Cognito::UserPoolGroup",
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": (
        "AWS::EC2::EgressOnlyInternetGateway"
    ),
    "aws:ec2/managedPrefixList:ManagedPrefixList": "AWS::EC2::PrefixList",
    "aws:ec2/networkAclRule:NetworkAclRule": "AWS::EC2::NetworkAclEntry",
    "aws:ec2/routeTableAssociation:RouteTableAssociation": (
        "AWS::EC2::SubnetRouteTableAssociation"
    ),
    "aws:ec2/vpcDhcpOptions:VpcDhcpOptions": "AWS::EC2::DHCPOptions",
    "aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation": (
        "AWS::EC2::VPCDHCPOptionsAssociation"
    ),
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": (
        "AWS::ECS::ClusterCapacityProviderAssociations"
    ),
    "aws:elasticache/cluster:Cluster": "AWS::ElastiCache::CacheCluster",
    "aws:glue/catalogDatabase:CatalogDatabase": "AWS::Glue::Database",
    "aws:glue/catalogTable:CatalogTable": "AWS::Glue::Table",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "AWS::IAM::OIDCProvider",
    "aws:iam/policy:Policy": "AWS::IAM::ManagedPolicy",
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": (
        "AWS::KinesisFirehose::DeliveryStream"
    ),
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": (
        "AWS::Lambda::EventInvokeConfig"
    ),
    "aws:lambda/functionUrl:FunctionUrl": "AWS::Lambda::Url",
    "aws:rds/cluster:Cluster": "AWS::RDS::DBCluster",
    "aws:rds/clusterInstance:ClusterInstance": "AWS::RDS::DBInstance",
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": "AWS::RDS::DBClusterParameterGroup",
    "aws:rds/instance:Instance": "AWS::RDS::DBInstance",
    "aws:rds/parameterGroup:ParameterGroup": "AWS::RDS::DBParameterGroup",
    "aws:rds/proxy:Proxy": "AWS::RDS::DBProxy",
    "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": "AWS::RDS::DBProxyTargetGroup",
    "aws:rds/proxyEndpoint:ProxyEndpoint": "AWS::RDS::DBProxyEndpoint",
    "aws:rds/subnetGroup:SubnetGroup": "AWS::RDS::DBSubnetGroup",
    "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec": "AWS::Route53::DNSSEC",
    "aws:route53/record:Record": "AWS::Route53::RecordSet",
    "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig": (
        "AWS::Route53Resolver::ResolverQueryLoggingConfig"
    ),
    "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation": (
        "AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation"
    ),
    "aws:route53/zone:Zone": "AWS::Route53::HostedZone",
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": None,
    "aws:secretsmanager/secretRotation:SecretRotation": "AWS::SecretsManager::RotationSchedule",
    "aws:secretsmanager/secretPolicy:SecretPolicy": "AWS::SecretsManager::ResourcePolicy",
    "aws:securityhub/account:Account": "AWS::SecurityHub::Hub",
    "aws:sns/topicSubscription:TopicSubscription": "AWS::SNS::Subscription",
    "aws:iam/rolePolicy:RolePolicy": "AWS::IAM::RolePolicy",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "AWS::EC2::SecurityGroupEgress",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "AWS::EC2::SecurityGroupIngress",
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": (
        "AWS::WAFv2::LoggingConfiguration"
    ),
}
"""Types whose name in CloudFormation follows no rule."""

PROPERTIES: Mapping[tuple[str, str], str] = {
    ("aws:dynamodb/table:Table", "hashKey"): "KeySchema",
    ("aws:dynamodb/table:Table", "rangeKey"): "KeySchema",
    ("aws:ec2/securityGroup:SecurityGroup", "description"): "GroupDescription",
    ("aws:ec2/securityGroup:SecurityGroup", "name"): "GroupName",
    ("aws:elasticache/replicationGroup:ReplicationGroup", "subnetGroupName"): (
        "CacheSubnetGroupName"
    ),
    ("aws:kms/key:Key", "customerMasterKeySpec"): "KeySpec",
    ("aws:lb/loadBalancer:LoadBalancer", "internal"): "Scheme",
    ("aws:lb/loadBalancer:LoadBalancer", "loadBalancerType"): "Type",
    ("aws:rds/cluster:Cluster", "clusterIdentifier"): "DBClusterIdentifier",
    ("aws:rds/clusterInstance:ClusterInstance", "clusterIdentifier"): "DBClusterIdentifier",
    ("aws:rds/clusterInstance:ClusterInstance", "identifier"): "DBInstanceIdentifier",
    ("aws:rds/instance:Instance", "identifier"): "DBInstanceIdentifier",
    ("aws:rds/instance:Instance", "username"): "MasterUsername",
}
"""Properties whose name in CloudFormation follows no rule, by type and name."""


@cache
def _types() -> dict[str, str]:
    return {
        squashed(name.removeprefix("AWS::")): name
        for name in PROVIDER_SCHEMA_MANAGER.get_resource_types(REGION)
        if name.startswith("AWS::")
    }


def type_of(token: str) -> str | None:
    """CloudFormation's name of a Pulumi type; None where it has none."""
    if token in TYPES:
        return TYPES[token]
    _, module, name = token.split(":")
    module = module.split("/")[0]
    return _types().get(squashed(SERVICES.get(module, module) + name))


class CreateOnly:
    """The properties of one type that can only be given when it is made."""

    def __init__(self, type_: str) -> None:
        schema: Mapping[str, Any] = PROVIDER_SCHEMA_MANAGER.get_resource_schema(
            REGION, type_
        ).schema
        self._resource = type_.rsplit("::", 1)[-1]
        self.properties: Collection[str] = tuple(schema["properties"])
        self.always = _names(schema.get("createOnlyProperties", ()))
        self.sometimes = _names(schema.get("conditionalCreateOnlyProperties", ()))

    def named(self, property_: str, type_: str) -> str | None:
        """CloudFormation's name of a Pulumi property; None where it has none.

        A name is often called by what it names: `TableName` of a table.
        """
        if (type_, property_) in PROPERTIES:
            return PROPERTIES[type_, property_]
        found = matching(property_, self.properties, type_)
        own = f"{self._resource}Name"
        return own if found is None and property_ == "name" and own in self.properties else found


def _names(pointers: Collection[str]) -> frozenset[str]:
    """The top properties that JSON pointers lead to: `/properties/Code/S3Bucket`."""
    return frozenset(pointer.split("/")[2] for pointer in pointers if pointer.count("/") == 2)
