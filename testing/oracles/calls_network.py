"""The operations behind networks, keys, identities and the edge."""

from __future__ import annotations

from collections.abc import Mapping

from testing.oracles.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:acm/certificate:Certificate": call("acm", "RequestCertificate"),
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
    "aws:cloudfront/function:Function": call(
        "cloudfront",
        "CreateFunction",
        "code",
        "publish",
        comment="FunctionConfig.Comment",
        runtime="FunctionConfig.Runtime",
        keyValueStoreAssociations="FunctionConfig.KeyValueStoreAssociations",
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
    "aws:cloudfront/vpcOrigin:VpcOrigin": call("cloudfront", "CreateVpcOrigin"),
    "aws:cognito/userGroup:UserGroup": call("cognito-idp", "CreateGroup", name="GroupName"),
    # What beside a text message is a second factor is set by an operation of its own.
    "aws:cognito/userPool:UserPool": call(
        "cognito-idp",
        "CreateUserPool",
        name="PoolName",
        passwordPolicy="Policies.PasswordPolicy",
        signInPolicy="Policies.SignInPolicy",
        emailMfaConfiguration="SetUserPoolMfaConfig:EmailMfaConfiguration",
        softwareTokenMfaConfiguration="SetUserPoolMfaConfig:SoftwareTokenMfaConfiguration",
        webAuthnConfiguration="SetUserPoolMfaConfig:WebAuthnConfiguration",
    ),
    "aws:cognito/userPoolClient:UserPoolClient": call(
        "cognito-idp", "CreateUserPoolClient", name="ClientName"
    ),
    "aws:cognito/userPoolDomain:UserPoolDomain": call(
        "cognito-idp", "CreateUserPoolDomain", certificateArn="CustomDomainConfig.CertificateArn"
    ),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": call(
        "ec2", "CreateSecurityGroup", "egress", "ingress", name="GroupName"
    ),
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": call(
        "ec2", "CreateEgressOnlyInternetGateway"
    ),
    "aws:ec2/eip:Eip": call("ec2", "AllocateAddress"),
    "aws:ec2/flowLog:FlowLog": call(
        "ec2", "CreateFlowLogs", "vpcId", iamRoleArn="DeliverLogsPermissionArn"
    ),
    "aws:ec2/internetGateway:InternetGateway": call("ec2", "AttachInternetGateway"),
    "aws:ec2/natGateway:NatGateway": call("ec2", "CreateNatGateway"),
    "aws:ec2/route:Route": call(
        "ec2", "CreateRoute", egressOnlyGatewayId="EgressOnlyInternetGatewayId"
    ),
    "aws:ec2/routeTable:RouteTable": call("ec2", "CreateRouteTable", "routes"),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": call("ec2", "AssociateRouteTable"),
    "aws:ec2/securityGroup:SecurityGroup": call(
        "ec2",
        "CreateSecurityGroup",
        "egress",
        "ingress",
        "revokeRulesOnDelete",
        name="GroupName",
    ),
    "aws:ec2/subnet:Subnet": call(
        "ec2",
        "CreateSubnet",
        "assignIpv6AddressOnCreation",
        "enableDns64",
        "mapPublicIpOnLaunch",
        "enableResourceNameDnsARecordOnLaunch",
        "enableResourceNameDnsAaaaRecordOnLaunch",
        "privateDnsHostnameTypeOnLaunch",
    ),
    "aws:ec2/vpc:Vpc": call(
        "ec2",
        "CreateVpc",
        "enableDnsHostnames",
        "enableDnsSupport",
        assignGeneratedIpv6CidrBlock="AmazonProvidedIpv6CidrBlock",
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": call("ec2", "CreateVpcEndpoint", policy="PolicyDocument"),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": call(
        "iam", "CreateOpenIDConnectProvider"
    ),
    "aws:iam/policy:Policy": call(
        "iam", "CreatePolicy", name="PolicyName", policy="PolicyDocument"
    ),
    "aws:iam/role:Role": call(
        "iam",
        "CreateRole",
        "forceDetachPolicies",
        "inlinePolicies",
        "managedPolicyArns",
        name="RoleName",
        assumeRolePolicy="AssumeRolePolicyDocument",
    ),
    "aws:iam/rolePolicy:RolePolicy": call(
        "iam", "PutRolePolicy", name="PolicyName", role="RoleName", policy="PolicyDocument"
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": call(
        "iam", "AttachRolePolicy", role="RoleName"
    ),
    "aws:kms/alias:Alias": call("kms", "CreateAlias", name="AliasName"),
    "aws:kms/key:Key": call(
        "kms",
        "CreateKey",
        "enableKeyRotation",
        "isEnabled",
        deletionWindowInDays="ScheduleKeyDeletion:PendingWindowInDays",
        rotationPeriodInDays="EnableKeyRotation:RotationPeriodInDays",
    ),
    "aws:kms/keyPolicy:KeyPolicy": call("kms", "PutKeyPolicy"),
    "aws:cloudwatch/logDelivery:LogDelivery": call(
        "logs", "CreateDelivery", s3DeliveryConfigurations="s3DeliveryConfiguration"
    ),
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": call(
        "logs", "PutDeliveryDestination"
    ),
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": call("logs", "PutDeliverySource"),
    "aws:route53/healthCheck:HealthCheck": Call(
        "route53",
        "CreateHealthCheck",
        {"fqdn": "HealthCheckConfig.FullyQualifiedDomainName"}
        | {
            key: f"HealthCheckConfig.{key}"
            for key in (
                "type",
                "port",
                "resourcePath",
                "failureThreshold",
                "requestInterval",
                "measureLatency",
                "regions",
                "enableSni",
            )
        },
    ),
    # Signing and not signing are two operations without a member for which.
    "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec": call(
        "route53", "EnableHostedZoneDNSSEC", "signingStatus"
    ),
    "aws:route53/keySigningKey:KeySigningKey": call("route53", "CreateKeySigningKey"),
    "aws:route53/queryLog:QueryLog": call(
        "route53",
        "CreateQueryLoggingConfig",
        zoneId="HostedZoneId",
        cloudwatchLogGroupArn="CloudWatchLogsLogGroupArn",
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
    "aws:route53/zone:Zone": call(
        "route53", "CreateHostedZone", "vpcs", comment="HostedZoneConfig.Comment"
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
    "aws:wafv2/ipSet:IpSet": call("wafv2", "CreateIPSet"),
    "aws:wafv2/webAcl:WebAcl": call("wafv2", "CreateWebACL"),
    "aws:wafv2/webAclAssociation:WebAclAssociation": call("wafv2", "AssociateWebACL"),
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
