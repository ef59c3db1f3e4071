"""Facts from what Pulumi writes: previews, exports, recordings, and the policy SDK's proxies."""

import pytest
from pulumi_policy import PolicyResourceOptions, ResourceValidationArgs
from pulumi_policy.deserialize import deserialize_properties
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, unknown_checking_proxy

from policies.guardrails.adapters.crossguard import from_resource, plain
from policies.guardrails.adapters.documents import UnreadableDocumentError, facts_of
from policies.guardrails.evidence import Stack
from policies.guardrails.unknown import UNKNOWN, Tri

SECRET = "1b47061264138c4ac30d75fd1eb44270"
SIGNATURE = "4dabf18193072939515e22adb298388d"
ASSET = "c44067f5952c0a294b673a41bacd8c17"
URN = "urn:pulumi:dev::shop::aws:rds/instance:Instance::main"
PARENT = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"


def state(**changes):
    return {
        "urn": URN,
        "type": "aws:rds/instance:Instance",
        "inputs": {"engine": "postgres", "kmsKeyId": UNKNOWN_STRING_VALUE},
        "outputs": {"arn": "arn:aws:rds:us-east-1:123456789012:db:main"},
        "parent": PARENT,
        "provider": "urn:pulumi:dev::shop::pulumi:providers:aws::default::04da6b54",
        "dependencies": ["urn:other"],
        "propertyDependencies": {"kmsKeyId": ["urn:other"], "engine": None},
        **changes,
    }


def test_a_preview_gives_inputs_dependencies_and_unknowns():
    (one,) = facts_of({"steps": [{"op": "create", "urn": URN, "newState": state()}]})
    assert one.urn == URN
    assert one.name == "main"
    assert one.inputs == {"engine": "postgres", "kmsKeyId": UNKNOWN}
    assert one.property_dependencies == {"kmsKeyId": ("urn:other",), "engine": ()}
    assert one.parent == PARENT
    assert one.provider == "urn:pulumi:dev::shop::pulumi:providers:aws::default"


def test_a_preview_leaves_out_what_is_deleted():
    steps = [
        {"op": "delete", "urn": URN, "oldState": state()},
        {"op": "delete-replaced", "urn": URN, "newState": state()},
    ]
    kept = {"op": "create", "urn": PARENT, "newState": state(urn=PARENT, type="other")}
    assert [one.urn for one in facts_of({"steps": [*steps, kept]})] == [PARENT]


def test_a_replaced_resource_counts_once():
    steps = [
        {"op": "create-replacement", "urn": URN, "newState": state()},
        {"op": "replace", "urn": URN, "newState": state()},
    ]
    assert len(facts_of({"steps": steps})) == 1


def test_a_hidden_secret_is_unknown_not_its_placeholder():
    hidden = state(inputs={"password": "[secret]"})
    (one,) = facts_of({"steps": [{"op": "same", "urn": URN, "newState": hidden}]})
    assert one.inputs["password"] is UNKNOWN


def test_an_export_gives_ids_and_readable_secrets():
    inputs = {
        "password": {SIGNATURE: SECRET, "plaintext": '"hunter2"'},
        "kmsKeyId": {SIGNATURE: SECRET, "ciphertext": "v1:abc"},
        "code": {SIGNATURE: ASSET, "hash": "x"},
    }
    resources = [state(id="db-main", inputs=inputs), state(urn=URN + "-old", delete=True)]
    (one,) = facts_of({"version": 3, "deployment": {"resources": resources}})
    assert one.outputs is not None
    assert one.outputs["id"] == "db-main"
    assert one.inputs == {"password": "hunter2", "kmsKeyId": UNKNOWN, "code": {}}


def test_a_recording_marks_unknowns_its_own_way():
    recorded = state(name="main", inputs={"tags": {"Name": {"$unknown": True}}}, outputs=None)
    (one,) = facts_of({"resources": [recorded]})
    assert one.inputs == {"tags": {"Name": UNKNOWN}}
    assert one.outputs is None
    assert facts_of([recorded])[0].urn == URN


@pytest.mark.parametrize("document", ["text", {"hello": 1}, 7])
def test_another_document_is_refused_with_what_was_expected(document):
    with pytest.raises(UnreadableDocumentError, match="pulumi preview --json"):
        facts_of(document)


CREATE = {"op": "create", "urn": URN, "newState": state()}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"steps": []}, "there are no resources in it"),
        ({"version": 3, "deployment": {"manifest": {}}}, "there are no resources in it"),
        ([], "there are no resources in it"),
        (
            {"steps": [CREATE], "changeSummary": {"create": 1, "same": 16}},
            "16 resources that do not change are left out .* --show-sames",
        ),
        (
            {
                "steps": [CREATE],
                "diagnostics": [
                    {"severity": "warning", "message": "old"},
                    {"severity": "error", "message": "error: no such zone\nmore"},
                ],
            },
            "the preview failed.* It says: no such zone$",
        ),
        ({"steps": ["create"]}, "`steps` of the document is no list of maps"),
        ({"deployment": {"resources": [1]}}, "`resources` of the document is no list of maps"),
        ({"resources": [{"urn": URN}]}, "a resource of the document has no type"),
        ({"steps": [{"op": "create", "urn": URN, "newState": {"type": "x"}}]}, "has no urn"),
    ],
)
def test_a_document_that_does_not_hold_a_whole_stack_is_refused(document, message: str):
    with pytest.raises(UnreadableDocumentError, match=message):
        facts_of(document)


def test_a_preview_that_shows_what_stays_the_same_is_read_whole():
    steps = [{"op": "same", "urn": URN, "newState": state()}]
    assert len(facts_of({"steps": steps, "changeSummary": {"same": 1}})) == 1


def test_a_damaged_secret_is_unknown():
    inputs = {"password": {SIGNATURE: SECRET, "plaintext": "hunter2, no JSON"}}
    (one,) = facts_of({"deployment": {"resources": [state(inputs=inputs)]}})
    assert one.inputs["password"] is UNKNOWN


def test_the_policy_sdks_proxies_are_read_without_raising():
    raw = {
        "engine": "postgres",
        "kmsKeyId": UNKNOWN_STRING_VALUE,
        "subnets": ["a", UNKNOWN_STRING_VALUE],
        "nested": {"deep": [{"value": UNKNOWN_STRING_VALUE, "count": 2.0}]},
        "password": {SIGNATURE: SECRET, "value": "hunter2"},
    }
    proxied = unknown_checking_proxy(deserialize_properties(raw))
    assert plain(proxied) == {
        "engine": "postgres",
        "kmsKeyId": UNKNOWN,
        "subnets": ["a", UNKNOWN],
        "nested": {"deep": [{"value": UNKNOWN, "count": 2.0}]},
        "password": "hunter2",
    }


def test_other_errors_of_a_proxy_are_not_taken_for_unknowns():
    class Broken(dict[str, object]):
        def __getitem__(self, key: str) -> object:
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        plain(Broken(a=1))


def test_a_resource_about_to_be_made_is_read_from_its_inputs():
    options = PolicyResourceOptions(False, [], None, [], None, [], PARENT)  # type: ignore[arg-type]
    arguments = ResourceValidationArgs(
        "aws:rds/instance:Instance",
        unknown_checking_proxy({"kmsKeyId": UNKNOWN_STRING_VALUE}),
        URN,
        "main",
        options,
        None,
    )
    one = from_resource(arguments)
    assert one.inputs == {"kmsKeyId": UNKNOWN}
    assert one.parent == PARENT
    assert one.outputs is None


def test_the_account_is_told_by_the_provider_before_any_arn():
    provider = {
        "urn": "urn:pulumi:dev::shop::pulumi:providers:aws::aws",
        "type": "pulumi:providers:aws",
        "inputs": {"allowedAccountIds": '["999999999999"]'},
    }
    assert Stack(facts_of([state(), provider])).account == "999999999999"
    assert Stack(facts_of([state()])).account == "123456789012"
    assert Stack(facts_of([state(outputs={})])).account is UNKNOWN


VPC = "urn:pulumi:dev::shop::aws:ec2/vpc:Vpc::main"
FLOW_LOG = "urn:pulumi:dev::shop::aws:ec2/flowLog:FlowLog::main"


def _standing(op: str, *, with_old: bool) -> list[dict[str, object]]:
    """Steps as the CLI writes them for what stays: id and outputs stand in the old state only."""
    vpc = {"urn": VPC, "type": "aws:ec2/vpc:Vpc", "inputs": {"cidrBlock": "10.0.0.0/16"}}
    inputs = {"vpcId": "vpc-0a1b2c3d4e5f60718", "trafficType": "ALL"}
    log = {"urn": FLOW_LOG, "type": "aws:ec2/flowLog:FlowLog", "inputs": inputs}
    old = {**vpc, "id": "vpc-0a1b2c3d4e5f60718", "outputs": {"arn": "arn:aws:ec2:::vpc/main"}}
    return [
        {"op": op, "urn": VPC, "newState": vpc, **({"oldState": old} if with_old else {})},
        {"op": "same", "urn": FLOW_LOG, "newState": log},
    ]


@pytest.mark.parametrize("op", ["same", "update", "refresh"])
def test_what_stays_is_known_by_the_id_that_only_its_old_state_tells(op: str):
    stack = Stack(facts_of({"steps": _standing(op, with_old=True)}))
    (vpc,) = stack.of_type("aws:ec2/vpc:Vpc")
    (log,) = stack.companions(vpc, "aws:ec2/flowLog:FlowLog", "vpcId")
    assert log.belongs is Tri.YES


@pytest.mark.parametrize("op", ["create", "replace"])
def test_the_old_id_of_what_is_made_anew_is_nobodys(op: str):
    (vpc, _) = facts_of({"steps": _standing(op, with_old=True)})
    assert vpc.outputs is None


def test_an_id_that_the_document_never_tells_may_be_any_of_its_kind():
    stack = Stack(facts_of({"steps": _standing("same", with_old=False)}))
    (vpc,) = stack.of_type("aws:ec2/vpc:Vpc")
    (log,) = stack.companions(vpc, "aws:ec2/flowLog:FlowLog", "vpcId")
    assert log.belongs is Tri.UNKNOWN


def test_a_new_value_of_what_is_updated_is_the_one_that_counts():
    new = state(inputs={"engine": "mysql"}, outputs=None)
    (one,) = facts_of(
        {"steps": [{"op": "update", "urn": URN, "newState": new, "oldState": state()}]}
    )
    assert one.inputs == {"engine": "mysql"}
    assert one.outputs == {"arn": "arn:aws:rds:us-east-1:123456789012:db:main"}
