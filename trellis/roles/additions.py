"""Actions that neither source of the table knows of, by type, and why each is needed."""

from __future__ import annotations

from collections.abc import Mapping

ADDITIONS: Mapping[str, tuple[str, ...]] = {
    # What the provider reads after it has made one; seen in recordings against moto.
    "aws:acm/certificateValidation:CertificateValidation": ("acm:DescribeCertificate",),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ("ec2:DescribeSecurityGroupRules",),
    "aws:ec2/vpc:Vpc": ("ec2:DescribeRouteTables",),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ("ec2:DescribeNetworkInterfaces",),
    "aws:glue/catalogDatabase:CatalogDatabase": ("glue:GetTags",),
    "aws:glue/catalogTable:CatalogTable": ("glue:GetPartitionIndexes",),
    "aws:kinesis/stream:Stream": ("kinesis:DescribeLimits",),
    # A VPC link of REST APIs is an endpoint service in the caller's name ("Grant permissions for
    # API Gateway to create a VPC link (legacy)", API Gateway Developer Guide, 2026-11).
    "aws:apigateway/vpcLink:VpcLink": ("elasticloadbalancing:DescribeLoadBalancers",),
    # The provider reads the reverse name of an address; seen in a recording against moto.
    "aws:ec2/eip:Eip": ("ec2:DescribeAddressesAttribute",),
    # The types are such calls, and pike's files of them name none ("AcceptVpcPeeringConnection",
    # "ModifyVpcPeeringConnectionOptions", Amazon EC2 API Reference, 2026-11).
    "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions": (
        "ec2:ModifyVpcPeeringConnectionOptions",
    ),
    "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": (
        "ec2:AcceptVpcPeeringConnection",
    ),
    # EFS makes the network interface in the caller's name ("CreateMountTarget",
    # "DeleteMountTarget", Amazon EFS API Reference, 2026-11).
    "aws:efs/mountTarget:MountTarget": (
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:ModifyNetworkInterfaceAttribute",
    ),
    # An association is a change of the group; pike's file of the type is empty.
    "aws:elasticache/userGroupAssociation:UserGroupAssociation": (
        "elasticache:DescribeUserGroups",
        "elasticache:ModifyUserGroup",
    ),
    # pike's file of the type names a call that AWS has given up; seen in a recording against moto.
    "aws:lambda/invocation:Invocation": ("lambda:InvokeFunction",),
    # The provider looks for a subscription that has no ARN yet; seen in a recording against moto.
    "aws:sns/topicSubscription:TopicSubscription": ("sns:ListSubscriptionsByTopic",),
    # A feature is a part of the detector; pike's file of the type is empty.
    "aws:guardduty/detectorFeature:DetectorFeature": (
        "guardduty:GetDetector",
        "guardduty:UpdateDetector",
    ),
}
"""By Pulumi type token."""
