"""Every table of the simulation against the SDK's own output properties, type by type."""

from __future__ import annotations

import collections.abc
import enum
import re
import typing
from typing import Any

import pytest

from tests.planner.simulate import sdk
from trellis.planner import simulate
from trellis.planner.wire import Secret

WORLD = simulate.World(region="eu-west-1", account="123456789012")

EXTRA: dict[str, dict[str, Any]] = {
    "aws:ec2/vpcEndpoint:VpcEndpoint": {
        "serviceName": "com.amazonaws.eu-west-1.logs",
        "vpcEndpointType": "Interface",
        "subnetIds": ["subnet-1", "subnet-2"],
    },
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": {"policyName": "example"},
    "aws:acm/certificate:Certificate": {"domainName": "example.com"},
    "aws:xray/samplingRule:SamplingRule": {"ruleName": "example"},
    "aws:rds/proxyTarget:ProxyTarget": {"dbInstanceIdentifier": "example"},
}
"""Optional arguments that outputs are made from, by type."""

PROVIDER_TYPES = frozenset(t for t in simulate.resource_types() if t.startswith("aws:"))


def example(hint: Any) -> Any:
    """Some value of an SDK argument's type."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Union or str(origin) == "<class 'types.UnionType'>":
        return example(next(a for a in arguments if a is not type(None)))
    if origin in {collections.abc.Sequence, list}:
        return [example(arguments[0])]
    if origin in {collections.abc.Mapping, dict}:
        return {}
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return next(iter(hint)).value
    simple: dict[Any, Any] = {str: "example", bool: True, int: 1, float: 1.0}
    return simple.get(hint, "example" if hint in {Any, object} else {})


def required(token: str) -> dict[str, Any]:
    types = sdk.input_types(token)
    given = {key: example(_unwrapped(types[key])) for key in sdk.required_inputs(token)}
    return {**given, **EXTRA.get(token, {})}


def _unwrapped(hint: Any) -> Any:
    from pulumi import _types

    return _types.unwrap_type(hint)


def _fits(value: Any, hint: Any) -> bool:
    hint = _unwrapped(hint)
    origin = typing.get_origin(hint)
    if value is None or hint is Any:
        return True
    if hint is str:
        return isinstance(value, str)
    if hint is bool:
        return isinstance(value, bool)
    if hint in {int, float}:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if origin in {collections.abc.Sequence, list}:
        inner = typing.get_args(hint)[0]
        return isinstance(value, list) and all(_fits(element, inner) for element in value)
    return isinstance(value, dict | str) if origin is None else isinstance(value, dict)


@pytest.mark.parametrize("token", sorted(PROVIDER_TYPES))
def test_outputs_are_exactly_properties_the_sdk_knows(token: str) -> None:
    assert token in sdk.known_types(), f"the SDK has no type {token}"
    given = required(token)
    id_, answer = simulate.outputs(token, "example", given, world=WORLD, preview=False)
    types = sdk.output_types(token)

    assert id_
    assert answer.keys() <= types.keys() | given.keys(), "not a property of the SDK's class"
    only_outputs = types.keys() - sdk.input_types(token).keys()
    assert only_outputs <= answer.keys(), "AWS answers this, the table does not"
    assert "{" not in id_, "an unfilled placeholder"

    for key in answer.keys() - given.keys():
        value = answer[key].value if isinstance(answer[key], Secret) else answer[key]
        assert _fits(value, types[key]), f"{key} is {value!r}, the SDK says {types[key]}"
    marked = {key for key in only_outputs if isinstance(answer[key], Secret)}
    assert marked == sdk.secret_outputs(token) & only_outputs


@pytest.mark.parametrize("token", sorted(PROVIDER_TYPES))
def test_a_preview_knows_what_was_given_and_not_what_aws_computes(token: str) -> None:
    given = required(token)
    id_, preview = simulate.outputs(token, "example", given, world=WORLD, preview=True)
    _, deployed = simulate.outputs(token, "example", given, world=WORLD, preview=False)

    assert id_ == ""
    # Inside an object that was given, AWS may add something of its own.
    whole = {key: value for key, value in given.items() if not isinstance(value, dict)}
    assert whole.items() <= preview.items()
    for key in given.keys() - whole.keys():
        assert given[key].items() <= preview[key].items()
    known = {key: value for key, value in preview.items() if key not in given.keys() - whole.keys()}
    assert known.items() <= deployed.items(), "a preview value that changes at deployment"
    assert deployed.keys() - preview.keys() == simulate.computed_properties(token, given)
    only_outputs = sdk.output_types(token).keys() - sdk.input_types(token).keys() - {"tagsAll"}
    assert not only_outputs & preview.keys(), "computed by AWS, yet known in a preview"


def test_identifiers_have_the_shape_of_aws() -> None:
    vpc, answer = simulate.outputs(
        "aws:ec2/vpc:Vpc", "main", {"cidrBlock": "10.0.0.0/16"}, world=WORLD, preview=False
    )
    assert re.fullmatch(r"vpc-[0-9a-f]{17}", vpc)
    assert answer["arn"] == f"arn:aws:ec2:eu-west-1:123456789012:vpc/{vpc}"
    assert re.fullmatch(r"sg-[0-9a-f]{17}", answer["defaultSecurityGroupId"])
    assert answer["ownerId"] == "123456789012"


def test_the_same_resource_gets_the_same_answers_and_another_gets_others() -> None:
    def id_of(name: str) -> str:
        return simulate.outputs("aws:ec2/vpc:Vpc", name, {}, world=WORLD, preview=False)[0]

    assert id_of("one") == id_of("one")
    assert id_of("one") != id_of("two")


def test_a_resource_in_another_region_gets_that_regions_arn() -> None:
    _, answer = simulate.outputs(
        "aws:cloudwatch/logGroup:LogGroup",
        "waf",
        {"name": "aws-waf-logs-x", "region": "us-east-1"},
        world=WORLD,
        preview=False,
    )
    assert answer["arn"] == "arn:aws:logs:us-east-1:123456789012:log-group:aws-waf-logs-x"


def test_default_tags_show_in_all_tags_already_in_a_preview() -> None:
    world = simulate.World("eu-west-1", "123456789012", default_tags={"System": "x", "Name": "d"})
    _, answer = simulate.outputs(
        "aws:ec2/vpc:Vpc", "main", {"tags": {"Name": "x-vpc"}}, world=world, preview=True
    )
    assert answer["tagsAll"] == {"System": "x", "Name": "x-vpc"}


def test_a_secret_input_comes_back_still_marked() -> None:
    secret = Secret("key-policy")
    _, answer = simulate.outputs(
        "aws:kms/keyPolicy:KeyPolicy",
        "main",
        {"keyId": "k", "policy": secret},
        world=WORLD,
        preview=False,
    )
    assert answer["policy"] is secret


def test_a_type_without_a_table_is_refused() -> None:
    with pytest.raises(simulate.UnknownResourceTypeError, match="aws:chime/voiceConnector"):
        simulate.outputs(
            "aws:chime/voiceConnector:VoiceConnector", "x", {}, world=WORLD, preview=True
        )


def test_a_function_without_a_table_is_refused() -> None:
    with pytest.raises(simulate.UnknownFunctionError, match="getZones"):
        simulate.invoke("aws:route53/getZones:getZones", {}, WORLD)


def test_an_automatic_name_too_long_for_the_service_is_refused() -> None:
    with pytest.raises(simulate.SimulationError, match="longer than the 63 characters"):
        simulate.outputs("aws:s3/bucket:Bucket", "b" * 60, {}, world=WORLD, preview=True)


def test_an_output_made_from_a_missing_argument_names_it() -> None:
    with pytest.raises(simulate.SimulationError, match="`bucket`"):
        simulate.outputs(
            "aws:s3/bucketPolicy:BucketPolicy", "x", {"policy": "{}"}, world=WORLD, preview=False
        )


def test_who_and_where_we_are_can_be_asked() -> None:
    answer = simulate.invoke("aws:index/getCallerIdentity:getCallerIdentity", {}, WORLD)
    assert answer["accountId"] == "123456789012"
    assert simulate.invoke("aws:index/getRegion:getRegion", {}, WORLD)["region"] == "eu-west-1"
    assert simulate.invoke("aws:index/getPartition:getPartition", {}, WORLD)["partition"] == "aws"


def test_another_stacks_outputs_come_from_the_world_or_not_at_all() -> None:
    reference = "pulumi:pulumi:StackReference"
    known = simulate.World("eu-west-1", "1" * 12, stack_outputs={"o/p/s": {"vpcId": "vpc-1"}})
    _, answer = simulate.outputs(reference, "o/p/s", {"name": "o/p/s"}, world=known, preview=False)
    assert answer["outputs"] == {"vpcId": "vpc-1"}
    with pytest.raises(simulate.SimulationError, match="o/p/s"):
        simulate.outputs(reference, "o/p/s", {"name": "o/p/s"}, world=WORLD, preview=False)
