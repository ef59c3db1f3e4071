"""The policies the engine runs, without the engine: what is reported, when, and at which level."""

import datetime as dt
from typing import Any

import pytest
from pulumi_policy import (
    EnforcementLevel,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, unknown_checking_proxy
from pulumi_policy.secret import secrets_preserving_proxy

from policies.guardrails import aws
from policies.guardrails.engine import policies
from policies.guardrails.remediations import add_tags, block_public_access, open_block, untagged

TODAY = dt.date(2026, 11, 21)
OPTIONS = PolicyResourceOptions(False, [], None, [], None, [], None)  # type: ignore[arg-type]
EXEMPTION = {
    "control": "RDS.3",
    "resource": "main",
    "reason": "holds public data",
    "owner": "platform",
    "until": "2027-03-31",
}


def urn(kind: str, name: str) -> str:
    return f"urn:pulumi:dev::shop::{kind}::{name}"


class Pack:
    """The pack's policies with the arguments the engine would hand them."""

    def __init__(self, config: dict[str, Any] | None = None) -> None:
        self.config = config or {}
        self.policies = {one.name: one for one in policies(TODAY)}

    def resource(self, kind: str, name: str, **props: Any) -> dict[str, list[str]]:
        messages_by_policy: dict[str, list[str]] = {}
        for policy in self.policies.values():
            if not isinstance(policy, ResourceValidationPolicy):
                continue
            if policy.enforcement_level is EnforcementLevel.DISABLED:
                continue
            config = self.config if policy.name == "guardrails" else {}
            arguments = ResourceValidationArgs(
                kind, unknown_checking_proxy(props), urn(kind, name), name, OPTIONS, None, config
            )
            messages: list[str] = []
            policy.validate(arguments, lambda text, _=None, to=messages: to.append(text))
            messages_by_policy[policy.name] = messages
        return messages_by_policy

    def stack(self, *resources: PolicyResource) -> dict[str, list[tuple[str, str | None]]]:
        messages_by_policy: dict[str, list[tuple[str, str | None]]] = {}
        for policy in self.policies.values():
            if isinstance(policy, StackValidationPolicy):
                messages: list[tuple[str, str | None]] = []
                policy.validate(
                    StackValidationArgs(list(resources)),
                    lambda text, about=None, to=messages: to.append((text, about)),
                )
                messages_by_policy[policy.name] = messages
        return messages_by_policy


def made(kind: str, name: str, **outputs: Any) -> PolicyResource:
    return PolicyResource(
        kind, unknown_checking_proxy(outputs), urn(kind, name), name, OPTIONS, None, None, [], {}
    )


def test_a_preventing_control_speaks_when_the_resource_is_analysed():
    reported = Pack().resource(aws.DB_CLUSTER_INSTANCE, "main", publiclyAccessible=True)
    assert any(
        text.startswith("[RDS.2] main: publiclyAccessible") for text in reported["guardrails"]
    )
    assert reported["guardrails-advice"] == []


def test_it_does_not_speak_again_over_the_stack():
    pack = Pack()
    pack.resource(aws.DB_CLUSTER_INSTANCE, "main", publiclyAccessible=True)
    reported = pack.stack(made(aws.DB_CLUSTER_INSTANCE, "main", publiclyAccessible=True))
    assert not [text for text, _ in reported["guardrails-stack"] if "[RDS.2]" in text]


def test_a_resource_that_was_not_analysed_is_judged_by_its_outputs_over_the_stack():
    reported = Pack().stack(made(aws.DB_CLUSTER_INSTANCE, "main", publiclyAccessible=True))
    about = [about for text, about in reported["guardrails-stack"] if "[RDS.2]" in text]
    assert about == [urn(aws.DB_CLUSTER_INSTANCE, "main")]


def test_inputs_are_the_evidence_although_outputs_are_not_known():
    pack = Pack()
    pack.resource(aws.BUCKET, "logs", bucket="app-logs")
    pack.resource(
        aws.BUCKET_VERSIONING,
        "logs",
        bucket="app-logs",
        versioningConfiguration={"status": "Enabled"},
    )
    reported = pack.stack(
        made(aws.BUCKET, "logs", bucket=UNKNOWN_STRING_VALUE),
        made(aws.BUCKET_VERSIONING, "logs", versioningConfiguration=UNKNOWN_STRING_VALUE),
    )
    failing = " ".join(text for text, _ in reported["guardrails-stack"])
    assert "[S3.14]" not in failing
    assert "[S3.8]" in failing


def test_what_waits_is_told_as_advice_and_never_as_a_pass():
    pack = Pack()
    reported = pack.resource(
        aws.LOG_GROUP, "app", kmsKeyId=UNKNOWN_STRING_VALUE, retentionInDays=365
    )
    assert reported == {"guardrails": [], "guardrails-advice": []}
    texts = [text for text, _ in pack.stack(made(aws.LOG_GROUP, "app"))["guardrails-stack-advice"]]
    assert any("Logs.customer-key: app" in text for text in texts)


def test_levels_are_read_from_the_first_policys_configuration():
    pack = Pack({"controls": {"RDS.2": "advisory"}})
    reported = pack.resource(aws.DB_CLUSTER_INSTANCE, "main", publiclyAccessible=True)
    assert not any("[RDS.2]" in text for text in reported["guardrails"])
    assert any("[RDS.2]" in text for text in reported["guardrails-advice"])


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"controls": {"RDS.99": "advisory"}}, "RDS.99, which does not exist"),
        ({"control": {"RDS.2": "advisory"}}, "guardrails takes no control; allowed are controls"),
        ({"exemptions": ["RDS.2"]}, "exemption 1 is not a map"),
    ],
)
def test_a_wrong_configuration_stops_the_run_at_its_first_resource(config, message: str):
    pack = Pack(config)
    first = pack.resource("pulumi:pulumi:Stack", "shop-dev")["guardrails"]
    assert [text for text in first if text.startswith("[configuration]") and message in text]
    assert pack.resource(aws.LOG_GROUP, "app", kmsKeyId="k", retentionInDays=365) == {
        "guardrails": [],
        "guardrails-advice": [],
    }


def test_exemptions_of_the_system_resource_hold_for_what_comes_after_it():
    pack = Pack()
    pack.resource(aws.SYSTEM, "clubapp", exemptions=[EXEMPTION], profile="production")
    reported = pack.resource(aws.DB_INSTANCE, "main", storageEncrypted=False)
    assert not any("[RDS.3]" in text for text in reported["guardrails"])
    assert any("[RDS.3]" in text for text in pack.resource(aws.DB_INSTANCE, "other")["guardrails"])


def test_an_exemption_that_matched_a_prevented_resource_counts_as_used():
    pack = Pack({"exemptions": [EXEMPTION]})
    pack.resource(aws.DB_INSTANCE, "main", storageEncrypted=False)
    texts = [text for text, _ in pack.stack(made(aws.DB_INSTANCE, "main"))["guardrails-stack"]]
    assert not any("[exemption]" in text for text in texts)


def test_an_exemption_that_matches_nothing_is_told_over_the_stack():
    pack = Pack({"exemptions": [EXEMPTION]})
    pack.resource(aws.LOG_GROUP, "app")
    texts = [text for text, _ in pack.stack(made(aws.LOG_GROUP, "app"))["guardrails-stack"]]
    assert any("matches no resource that the control judges" in text for text in texts)


def test_one_analysis_serves_both_levels_and_a_second_run_starts_anew():
    pack = Pack()
    pack.resource(aws.VPC, "main")
    first = pack.stack(made(aws.VPC, "main"))
    assert any("[EC2.6]" in text for text, _ in first["guardrails-stack"])
    pack.resource(aws.FLOW_LOG, "all", vpcId="vpc-1", trafficType="ALL")
    second = pack.stack(made(aws.VPC, "main", id="vpc-1"), made(aws.FLOW_LOG, "all", id="fl-1"))
    assert not any("[EC2.6]" in text for text, _ in second["guardrails-stack"])


def test_the_advice_policy_refuses_to_run_alone():
    policy = Pack().policies["guardrails-advice"]
    assert isinstance(policy, ResourceValidationPolicy)
    arguments = ResourceValidationArgs(aws.VPC, {}, urn(aws.VPC, "main"), "main", OPTIONS, None)
    with pytest.raises(RuntimeError, match="guardrails must run first"):
        policy.validate(arguments, lambda *_: None)


def test_remediations_are_off_until_the_configuration_turns_them_on():
    levels = {name: policy.enforcement_level for name, policy in Pack().policies.items()}
    assert levels["remediate-tags"] is EnforcementLevel.DISABLED
    assert levels["remediate-public-access"] is EnforcementLevel.DISABLED
    assert levels["guardrails"] is EnforcementLevel.MANDATORY


def remediated(function, kind: str, props: dict[str, Any], config: dict[str, Any] | None = None):
    proxied = unknown_checking_proxy(props)
    arguments = ResourceValidationArgs(
        kind, proxied, urn(kind, "one"), "one", OPTIONS, None, config or {}
    )
    return function(arguments)


def test_the_public_access_remediation_sets_all_four_flags():
    props = {"bucket": UNKNOWN_STRING_VALUE, "blockPublicAcls": False}
    changed = remediated(block_public_access, aws.PUBLIC_ACCESS_BLOCK, props)
    flags = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    assert all(changed[flag] is True for flag in flags)


def test_the_public_access_remediation_leaves_everything_else_alone():
    assert remediated(block_public_access, aws.BUCKET, {"bucket": "x"}) is None
    closed = dict.fromkeys(
        ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True
    )
    assert remediated(block_public_access, aws.PUBLIC_ACCESS_BLOCK, closed) is None


def test_the_tags_remediation_adds_what_is_missing_and_changes_nothing_stated():
    config = {"tags": {"CostCenter": "engineering", "Owner": "platform"}}
    changed = remediated(add_tags, aws.BUCKET, {"tags": {"Owner": "shop"}}, config)
    assert dict(changed["tags"]) == {"Owner": "shop", "CostCenter": "engineering"}
    assert remediated(add_tags, aws.BUCKET, {}, config) is None
    assert remediated(add_tags, aws.BUCKET, {"tags": {}}, {}) is None


def refused(function, kind: str, props: dict[str, Any], config: dict[str, Any] | None = None):
    arguments = ResourceValidationArgs(
        kind, unknown_checking_proxy(props), urn(kind, "one"), "one", OPTIONS, None, config or {}
    )
    messages: list[str] = []
    function(arguments, lambda text, _=None: messages.append(text))
    return messages


def test_a_remediation_that_shall_only_refuse_tells_what_it_would_change():
    props = {"blockPublicAcls": False, "blockPublicPolicy": True, "ignorePublicAcls": True}
    unknown = {**props, "restrictPublicBuckets": UNKNOWN_STRING_VALUE}
    block = aws.PUBLIC_ACCESS_BLOCK
    text = "not set to true: blockPublicAcls, restrictPublicBuckets"
    assert refused(open_block, block, props) == [text]
    assert refused(open_block, block, unknown) == ["not set to true: blockPublicAcls"]
    assert refused(open_block, aws.BUCKET, {}) == []
    config = {"tags": {"CostCenter": "engineering", "Owner": "platform"}}
    assert refused(untagged, aws.BUCKET, {"tags": {"Owner": "shop"}}, config) == [
        "lacks the tags CostCenter"
    ]
    assert refused(untagged, aws.BUCKET, {}, config) == []


def test_a_remediation_keeps_secret_values_secret():
    props = secrets_preserving_proxy({"tags": {"Owner": "shop"}, "bucket": "x"})
    config = {"tags": {"CostCenter": "engineering"}}
    arguments = ResourceValidationArgs(
        aws.BUCKET, unknown_checking_proxy({}), urn(aws.BUCKET, "one"), "one", OPTIONS, None, config
    )
    arguments.props = props
    assert dict(add_tags(arguments)["tags"])["CostCenter"] == "engineering"


def test_the_profile_of_the_system_resource_decides_levels_in_the_engine_too():
    pack = Pack()
    pack.resource(aws.SYSTEM, "clubapp", profile="development")
    reported = pack.resource(aws.DB_INSTANCE, "main", multiAz=False)
    assert not any("[RDS.5]" in text for text in reported["guardrails"])
    assert any("[RDS.5]" in text for text in reported["guardrails-advice"])


def test_one_advice_for_many_resources_is_told_once_in_lines_that_fit():
    pack = Pack()
    names = [f"a-secret-with-a-long-name-{number}" for number in range(12)]
    for name in names:
        pack.resource(aws.SECRET, name, kmsKeyId="alias/shop")
    reported = pack.stack(*(made(aws.SECRET, name) for name in names))["guardrails-stack-advice"]
    (advice,) = [text for text, _ in reported if "[SecretsManager.1]" in text]
    assert all(name in advice for name in names)
    assert max(len(line) for text, _ in reported for line in text.splitlines()) <= 100


def test_a_stack_file_is_spoken_of_only_where_there_is_one():
    alone = Pack().resource(aws.DB_CLUSTER_INSTANCE, "main", publiclyAccessible=True)
    assert "Stack file" not in " ".join(alone["guardrails"])
    ours = Pack()
    ours.resource(aws.SYSTEM, "shop", profile="production")
    reported = ours.resource(aws.DB_CLUSTER_INSTANCE, "main", publiclyAccessible=True)
    assert "Stack file" in " ".join(reported["guardrails"])
