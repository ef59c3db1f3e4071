"""What an account has once: trail, detector, recorder, budgets (API References, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import UUID, AutoName, Shape

SHAPES: Mapping[str, Shape] = {
    "aws:cfg/rule:Rule": Shape(
        id="{name}",
        computed={
            "ruleId": "config-rule-{lower:6}",
            "arn": "arn:{partition}:config:{region}:{account}:config-rule/{ruleId}",
        },
        named=AutoName(limit=128),
    ),
    "aws:securityhub/account:Account": Shape(
        id="{account}",
        defaults={"autoEnableControls": True, "enableDefaultStandards": True},
        computed={
            "arn": "arn:{partition}:securityhub:{region}:{account}:hub/default",
            "controlFindingGenerator": "SECURITY_CONTROL",
        },
        tagged=False,
    ),
    "aws:ssm/parameter:Parameter": Shape(
        id="{name}",
        computed={
            "arn": lambda s: (
                s.text("arn:{partition}:ssm:{region}:{account}:parameter/")
                + str(s["name"]).removeprefix("/")
            ),
            "dataType": "text",
            "hasValueWo": lambda s: s.given("valueWo") is not None,
            "insecureValue": "",
            "keyId": "",
            "tier": "Standard",
            "version": 1,
        },
        named=AutoName(limit=2048),
    ),
    "aws:xray/samplingRule:SamplingRule": Shape(
        id="{ruleName}",
        computed={"arn": "arn:{partition}:xray:{region}:{account}:sampling-rule/{ruleName}"},
    ),
    "aws:xray/encryptionConfig:EncryptionConfig": Shape(id="{region}", tagged=False),
    "aws:codedeploy/application:Application": Shape(
        id="{hex:8}-{hex:4}:{name}",
        defaults={"computePlatform": "Server"},
        computed={
            "applicationId": UUID,
            "arn": "arn:{partition}:codedeploy:{region}:{account}:application:{name}",
            "githubAccountName": "",
            "linkedToGithub": False,
        },
        named=AutoName(limit=100),
    ),
    "aws:resourcegroups/group:Group": Shape(
        id="{name}",
        computed={"arn": "arn:{partition}:resource-groups:{region}:{account}:group/{name}"},
        named=AutoName(limit=300),
    ),
}
"""By Pulumi type token."""
