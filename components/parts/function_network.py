"""What a Lambda function in a VPC needs beside its own job: network interfaces, made for it."""

from __future__ import annotations

from components.contracts import Grant


def network_interfaces() -> Grant:
    """Lets Lambda, and not the function's code, make and remove the function's interfaces.

    The actions know no narrower resource before the interface exists. Requests from code carry
    `lambda:SourceFunctionArn`, the service's own do not ("Giving Lambda functions access to
    resources in an Amazon VPC", AWS Lambda Developer Guide, 2026-11).
    """
    return Grant(
        "NetworkInterfacesByLambda",
        (
            "ec2:AssignPrivateIpAddresses",
            "ec2:CreateNetworkInterface",
            "ec2:DeleteNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
            "ec2:UnassignPrivateIpAddresses",
        ),
        ("*",),
        {"Null": {"lambda:SourceFunctionArn": "true"}},
    )
