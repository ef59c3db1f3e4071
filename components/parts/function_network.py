"""What a Lambda function in a VPC needs beside its own job: network interfaces, made for it."""

from __future__ import annotations

from components.contracts import AccountRegion, Conditions, Grant

BY_LAMBDA_ITSELF: Conditions = {"Null": {"lambda:SourceFunctionArn": "true"}}
"""Requests from a function's code carry `lambda:SourceFunctionArn`; the service's own do not."""


def network_interfaces(where: AccountRegion) -> tuple[Grant, Grant]:
    """Lets Lambda, and not the function's code, make and remove the function's interfaces.

    Lambda does not say which interface it will delete, so the documented form names all resource
    ids of this account and region ("Giving Lambda functions access to resources in an Amazon VPC",
    AWS Lambda Developer Guide, 2026-11). Looking knows no resource.
    """
    return (
        Grant(
            "NetworkInterfacesByLambda",
            (
                "ec2:AssignPrivateIpAddresses",
                "ec2:CreateNetworkInterface",
                "ec2:DeleteNetworkInterface",
                "ec2:UnassignPrivateIpAddresses",
            ),
            (where.arn("ec2", "*/*"),),
            BY_LAMBDA_ITSELF,
        ),
        Grant(
            "LookAtNetworkByLambda",
            ("ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"),
            ("*",),
            BY_LAMBDA_ITSELF,
        ),
    )
