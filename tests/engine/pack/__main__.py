"""One control: a VPC is no larger than the pack's configuration allows."""

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
)

LARGEST = 16
"""Prefix length; the largest block AWS allows ("VPC CIDR blocks", VPC User Guide, 2026-11)."""


def _no_larger(args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
    if args.resource_type != "aws:ec2/vpc:Vpc":
        return
    prefix = int(str(args.props["cidrBlock"]).split("/")[1])
    largest = int(args.get_config().get("largest", LARGEST))
    if prefix < largest:
        report_violation(f"{args.name} is a /{prefix}; /{largest} is the largest allowed")


# PolicyPack serves until the engine ends it, so nothing may follow.
PolicyPack(
    name="one-control",
    policies=[
        ResourceValidationPolicy(
            name="vpc-size",
            description="A VPC is no larger than allowed.",
            enforcement_level=EnforcementLevel.MANDATORY,
            config_schema=PolicyConfigSchema(properties={"largest": {"type": "number"}}),
            validate=_no_larger,
        )
    ],
)
