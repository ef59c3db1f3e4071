"""The recorder keeps what the engine would receive: names, parents, values, order and secrets."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import pulumi
import pulumi_aws as aws
import pytest

from trellis.planner.record import DuplicateNameError, Mode, ProgramInput, Recording, record_program
from trellis.planner.simulate import UnknownResourceTypeError
from trellis.planner.wire import UNKNOWN, Secret, to_json

GIVEN = ProgramInput("shop", "dev", {"aws:region": "eu-west-1"})


def recorded(program: Callable[[], None], mode: Mode = "preview") -> Recording:
    return record_program(program, GIVEN, mode)


class Shell(pulumi.ComponentResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("shop:index:Shell", name, {"size": 3}, opts)


def nested() -> None:
    outer = Shell("outer")
    inner = Shell("inner", pulumi.ResourceOptions(parent=outer))
    vpc = aws.ec2.Vpc("net", cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(parent=inner))
    aws.ec2.Subnet(
        "one",
        vpc_id=vpc.id,
        cidr_block="10.0.0.0/24",
        opts=pulumi.ResourceOptions(parent=inner, protect=True, ignore_changes=["tags"]),
    )
    pulumi.export("vpc", vpc.id)


def test_a_urn_lists_the_types_of_all_parents_as_the_engine_does():
    vpc = recorded(nested).of_type("aws:ec2/vpc:Vpc")[0]
    assert vpc.urn == (
        "urn:pulumi:dev::shop::shop:index:Shell$shop:index:Shell$aws:ec2/vpc:Vpc::net"
    )


def test_a_child_knows_its_parent_and_a_top_component_has_none():
    recording = recorded(nested)
    outer, inner = recording.of_type("shop:index:Shell")
    assert (outer.parent, inner.parent) == ("", outer.urn)
    assert recording.of_type("aws:ec2/vpc:Vpc")[0].parent == inner.urn


def test_what_aws_decides_is_unknown_in_a_preview_and_known_when_deployed():
    subnet = recorded(nested).one("aws:ec2/subnet:Subnet", "one")
    assert subnet.inputs["vpcId"] is UNKNOWN
    deployed = recorded(nested, "deployed")
    assert (
        deployed.one("aws:ec2/subnet:Subnet", "one").inputs["vpcId"]
        == deployed.one("aws:ec2/vpc:Vpc", "net").id
    )


def test_stack_outputs_are_kept_unknown_or_known():
    assert recorded(nested).outputs["vpc"] is UNKNOWN
    assert str(recorded(nested, "deployed").outputs["vpc"]).startswith("vpc-")


def test_dependencies_are_kept_whole_and_by_property():
    recording = recorded(nested)
    vpc = recording.one("aws:ec2/vpc:Vpc", "net")
    subnet = recording.one("aws:ec2/subnet:Subnet", "one")
    assert subnet.property_dependencies["vpcId"] == (vpc.urn,)
    assert vpc.urn in subnet.dependencies


def test_options_are_kept():
    subnet = recorded(nested).one("aws:ec2/subnet:Subnet", "one")
    assert (subnet.protect, subnet.ignore_changes) == (True, ("tags",))


def test_a_components_own_inputs_are_kept():
    assert recorded(nested).of_type("shop:index:Shell")[0].inputs == {"size": 3}


def test_two_runs_record_the_same_in_the_same_order():
    first, second = recorded(nested), recorded(nested)
    assert first.as_json() == second.as_json()


def test_secrets_stay_marked_and_never_reach_json():
    canary = "hunter2-canary"

    def program() -> None:
        aws.ec2.Vpc("net", cidr_block="10.0.0.0/16", tags={"x": pulumi.Output.secret(canary)})
        pulumi.export("said", pulumi.Output.secret(canary))

    recording = recorded(program)
    tags = recording.one("aws:ec2/vpc:Vpc", "net").inputs["tags"]
    assert canary not in repr(recording.resources)
    assert canary not in str(recording.as_json())
    assert isinstance(tags["x"], Secret)
    assert isinstance(recording.outputs["said"], Secret)
    assert to_json(recording.outputs["said"]) == {"$secret": True}


def test_a_recording_read_back_from_a_file_is_the_same_and_unknown_is_still_the_one():
    recording = recorded(nested)
    read = pickle.loads(pickle.dumps(recording))
    assert read == recording
    assert read.outputs["vpc"] is UNKNOWN
    assert copy.deepcopy(UNKNOWN) is UNKNOWN


def test_a_doubled_name_is_refused_as_by_the_engine():
    def program() -> None:
        aws.ec2.Vpc("net", cidr_block="10.0.0.0/16")
        aws.ec2.Vpc("net", cidr_block="10.1.0.0/16")

    with pytest.raises(DuplicateNameError, match="urn:pulumi:dev::shop::aws:ec2/vpc:Vpc::net"):
        recorded(program)


def test_a_type_that_nobody_simulates_fails_loudly_inside_a_component_of_ours():
    class Ours(pulumi.ComponentResource):
        def __init__(self) -> None:
            super().__init__("trellis:games:Alias", "ours")
            aws.gamelift.Alias(
                "nobody",
                routing_strategy={"type": "TERMINAL", "message": "no such type is simulated"},
                opts=pulumi.ResourceOptions(parent=self),
            )

    def program() -> None:
        Ours()

    with pytest.raises(UnknownResourceTypeError, match="gamelift"):
        recorded(program)


def test_default_tags_of_the_provider_reach_tags_all():
    def program() -> None:
        provider = aws.Provider("aws", region="eu-west-1", default_tags={"tags": {"Team": "blue"}})
        vpc = aws.ec2.Vpc(
            "net",
            cidr_block="10.0.0.0/16",
            tags={"Name": "net"},
            opts=pulumi.ResourceOptions(provider=provider),
        )
        pulumi.export("tags", vpc.tags_all)

    assert recorded(program, "deployed").outputs["tags"] == {"Team": "blue", "Name": "net"}


def test_another_stacks_outputs_are_unknown_unless_given():
    def program() -> None:
        other = pulumi.StackReference("acme/base/prod")
        pulumi.export("id", other.require_output("network").apply(lambda n: n["vpcId"]))

    assert recorded(program).outputs["id"] is UNKNOWN
    given = {"acme/base/prod": {"network": {"vpcId": "vpc-1"}}}
    recording = record_program(program, GIVEN, "deployed", stack_outputs=given)
    assert recording.outputs["id"] == "vpc-1"


def test_an_error_of_the_program_comes_through():
    def program() -> None:
        raise pulumi.RunError("the stack file is wrong")

    with pytest.raises(pulumi.RunError, match="the stack file is wrong"):
        recorded(program)
