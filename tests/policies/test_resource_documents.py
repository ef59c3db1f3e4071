"""Every input of the SDK that says who may use a resource is judged, or left out with a reason."""

from __future__ import annotations

import re

from scenes import facts

from policies.guardrails.catalog import CONTROLS, control
from policies.guardrails.control import Outcome
from policies.guardrails.resource_documents import NOT_ASKED, OTHER_POLICIES, PRINCIPALS
from policies.guardrails.run import analyse
from policies.guardrails.twins import current
from testing.sdk import arguments_of, tokens
from tests.policies.mutated import TODAY

# Inputs that hold a policy document of the IAM language, or the principal something is shared with.
DOCUMENT = re.compile(
    r"(?:resource_|access_|repository_|delivery_destination_)?polic(?:y|ies)(?:_document)?$"
)
SHARED = re.compile(r"principals?(?:_arn)?$|allowed_principals$")
# Documents and principals of other kinds, by module: identity policies, lifecycles, routing, tags.
OTHER_MODULES = {
    "accessanalyzer", "acmpca", "appautoscaling", "autoscaling", "backup", "bedrock", "cfg",
    "bedrockagentcore", "cloudformation", "cloudfront", "cognito", "controltower", "datazone",
    "dlm", "docdb",
    "ec2transitgateway", "efs", "eks", "elb", "emr", "fms", "globalaccelerator", "iam",
    "imagebuilder",
    "inspector2", "iot", "kendra", "licensemanager", "lightsail", "networkmanager",
    "organizations", "quicksight", "resiliencehub", "rolesanywhere", "route53", "securityhub",
    "servicecatalog", "ses", "ssm", "ssoadmin", "transfer", "verifiedaccess",
    "verifiedpermissions", "waf", "wafregional", "xray", "lakeformation", "cloudtrail", "sns",
}  # fmt: skip
# Of the others, single types that hold no policy about who may use them.
OTHER_TYPES = {
    "aws:cloudwatch/logAccountPolicy:LogAccountPolicy",
    "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy",
    "aws:cloudwatch/logIndexPolicy:LogIndexPolicy",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy",
    "aws:ecr/pullTimeUpdateExclusion:PullTimeUpdateExclusion",
    "aws:lambda/codeSigningConfig:CodeSigningConfig",
    "aws:opensearch/serverlessAccessPolicy:ServerlessAccessPolicy",
    "aws:opensearch/serverlessLifecyclePolicy:ServerlessLifecyclePolicy",
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
}
JUDGED = {kind for one in CONTROLS for kind in one.types}


def test_every_document_and_principal_of_the_sdk_is_sorted():
    unsorted = [
        (token, name)
        for token in tokens()
        for name in arguments_of(token)
        if (DOCUMENT.match(name) or SHARED.match(name))
        and current(token) not in JUDGED | set(NOT_ASKED) | OTHER_TYPES
        and token.split("/")[0].split(":")[1] not in OTHER_MODULES
    ]
    assert unsorted == []


def test_what_is_listed_exists_and_is_listed_once():
    listed = [*OTHER_POLICIES, *PRINCIPALS, *NOT_ASKED]
    assert len(listed) == len(set(listed))
    assert set(listed) <= set(tokens())
    for token, name in {**OTHER_POLICIES, **PRINCIPALS}.items():
        snake = re.sub(r"(?=[A-Z])", "_", name).lower()
        assert snake in arguments_of(token), token


def test_each_document_is_told_when_it_lets_everybody_in():
    anyone = (
        '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}'
    )
    for token, name in OTHER_POLICIES.items():
        report = analyse(
            facts({f"{token} a": {name: anyone}}, deployed=True),
            today=TODAY,
            controls=[control("IAM.public-policy")],
        )
        assert [one.outcome for one in report.findings] == [Outcome.FAIL], token
