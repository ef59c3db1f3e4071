"""A program's own resources beside a stack file: planned as the engine would take them."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pulumi
import pytest

from tests.recordings import ROOT
from trellis.cli.main import main
from trellis.cli.options import OK, WRONG_INPUT
from trellis.planner.monitor import NoProviderError
from trellis.planner.record import record
from trellis.planner.recording import Recording
from trellis.planner.wire import UNKNOWN
from trellis.stackfile.problems import StackFileError
from trellis.tiers.built_system import BuiltSystem

pytestmark = pytest.mark.long

STACK = """\
config:
  aws:region: us-east-1
  trellis:environment: dev
  trellis:profile: development
  trellis:account: "123456789012"
  trellis:network: {zones: 2}
  trellis:buckets: {files: {}}
  trellis:services:
    web:
      image: {repository: web, digest: "sha256:%s"}
      uses: [%s]
"""
PROJECT = """\
name: shop
runtime: python
config:
  pulumi:disable-default-providers: {value: [aws]}
  trellis:system: {value: {name: shop}}
"""
BEGIN = """\
import pulumi
import pulumi_aws as aws

from components.contracts import Grant, Link, SubnetTier
from trellis.assembly import build
from trellis.stackfile.loading import load

"""


@pytest.fixture
def planned(tmp_path: Path):
    """`planned(program, uses)`: the recording of a program that begins as every one does."""

    def plan(program: str, uses: str = "", stack: str | None = None) -> Recording:
        write(tmp_path, program, uses, stack)
        return record(tmp_path, "dev")

    return plan


def write(folder: Path, program: str, uses: str = "", stack: str | None = None) -> None:
    (folder / "Pulumi.yaml").write_text(PROJECT)
    (folder / "Pulumi.dev.yaml").write_text(stack or STACK % ("0" * 63 + "1", uses))
    (folder / "__main__.py").write_text(BEGIN + program)


HANDOVER = """\
def handover(system):
    queue = aws.sqs.Queue("handover", name="shop-handover", opts=system.child)
    return Link(
        "queue-handover",
        "send",
        grants=(Grant("Send", ("sqs:SendMessage",), (queue.arn,)),),
        environment={"HANDOVER_URL": queue.url},
        depends_on=(queue,),
    )


system = build(load(), links={"handover": handover})
"""


def test_a_service_may_use_what_the_program_made(planned, tmp_path: Path) -> None:
    recording = planned(HANDOVER, "{link: handover}")
    queue = recording.one("aws:sqs/queue:Queue", "handover")
    assert queue.provider.startswith("urn:pulumi:dev::shop::pulumi:providers:aws::aws")
    (task,) = recording.of_type("aws:ecs/taskDefinition:TaskDefinition")
    assert queue.urn in task.dependencies
    deployed = record(tmp_path, "dev", "deployed")
    definition = deployed.of_type("aws:ecs/taskDefinition:TaskDefinition")[0]
    (container,) = json.loads(definition.inputs["containerDefinitions"])
    assert "HANDOVER_URL" in {variable["name"] for variable in container["environment"]}
    texts = [str(resource.inputs) for resource in deployed.of_type("aws:iam/rolePolicy:RolePolicy")]
    assert any("sqs:SendMessage" in text and "shop-handover" in text for text in texts)


@pytest.mark.parametrize(
    ("program", "uses", "message"),
    [
        ("build(load())", "{link: handover}", "it gives none"),
        (HANDOVER, "{link: handovre}", "did you mean `handover`?"),
        (HANDOVER, "", "gives handover, which nothing uses"),
        (HANDOVER, "{link: handover, access: send}", "without `access` and `as`"),
    ],
)
def test_a_link_of_one_end_only_is_refused(planned, program: str, uses: str, message: str) -> None:
    with pytest.raises(pulumi.RunError) as refused:
        planned(program, uses)
    assert message in str(refused.value)


def test_the_system_gives_its_parts_by_their_keys(planned) -> None:
    recording = planned(
        "system = build(load())\n"
        "private = system.placements[SubnetTier.PRIVATE]\n"
        "aws.ec2.SecurityGroup('own', vpc_id=system.network.vpc_id, opts=system.child)\n"
        "aws.s3.BucketObjectv2('hello', bucket=system.buckets['files'].name, content='x',"
        " opts=pulumi.ResourceOptions(provider=system.provider))\n"
        "assert sorted(system.services) == ['web']\n"
        "assert system.location.region == 'us-east-1'\n"
    )
    group = recording.one("aws:ec2/securityGroup:SecurityGroup", "own")
    assert group.parent == recording.one("trellis:index:System", "shop").urn
    assert recording.one("aws:s3/bucketObjectv2:BucketObjectv2", "hello").inputs["content"] == "x"


@pytest.mark.parametrize(
    "own",
    [
        "aws.sqs.Queue('handover')",
        "aws.efs.FileSystem('data')",
        "aws.ec2.Vpc.get('other', 'vpc-1')",
        "aws.get_caller_identity()",
    ],
)
def test_what_has_no_provider_is_refused_as_the_engine_refuses_it(planned, own: str) -> None:
    with pytest.raises(NoProviderError, match="default provider for 'aws' disabled"):
        planned(f"build(load())\n{own}\n")


def test_a_transform_is_applied_to_every_resource_that_comes_after_it(planned) -> None:
    recording = planned(
        "def shell(args):\n"
        "    if args.type_ == 'aws:ecs/service:Service':\n"
        "        opts = pulumi.ResourceOptions.merge(args.opts,"
        " pulumi.ResourceOptions(protect=True, ignore_changes=['desiredCount', 'tags']))\n"
        "        props = {**args.props, 'enableExecuteCommand': True}\n"
        "        return pulumi.ResourceTransformResult(props, opts)\n"
        "pulumi.runtime.register_resource_transform(shell)\n"
        "system = build(load())\n"
        "def own(args):\n"
        "    return pulumi.ResourceTransformResult({**args.props, 'delaySeconds': 7}, args.opts)\n"
        "aws.sqs.Queue('q', opts=pulumi.ResourceOptions(parent=system.root, transforms=[own]))\n"
        "aws.sqs.Queue('other', opts=system.child)\n"
    )
    (service,) = recording.of_type("aws:ecs/service:Service")
    assert service.inputs["enableExecuteCommand"] is True
    assert service.protect
    assert "tags" in service.ignore_changes
    assert service.dependencies
    assert service.provider
    assert recording.one("aws:sqs/queue:Queue", "q").inputs["delaySeconds"] == 7
    assert "delaySeconds" not in recording.one("aws:sqs/queue:Queue", "other").inputs


def test_a_transform_that_changes_nothing_changes_nothing(planned) -> None:
    plain = planned("build(load())").as_json()
    same = planned(
        "pulumi.runtime.register_resource_transform("
        "lambda args: pulumi.ResourceTransformResult(args.props, args.opts))\nbuild(load())\n"
    ).as_json()
    for recording in (plain, same):
        recording["resources"].sort(key=lambda resource: resource["urn"])
        for resource in recording["resources"]:
            del resource["propertyDependencies"]
    assert same == plain


def test_what_no_table_describes_is_planned_with_unknown_outputs(planned) -> None:
    recording = planned(
        "system = build(load())\n"
        "search = aws.opensearch.Domain('data', engine_version='x', opts=system.child)\n"
        "aws.opensearch.DomainPolicy('a', domain_name=search.id, access_policies=search.arn.apply("
        "lambda arn: arn + '/x'), opts=system.child)\n"
        "own = pulumi.CustomResource('random:index/randomId:RandomId', 'r', {'byteLength': 4})\n"
        "pulumi.ProviderResource('cloudflare', 'dns', {'apiToken': 'x'})\n"
        "pulumi.export('search', search.arn)\n"
    )
    policy = recording.one("aws:opensearch/domainPolicy:DomainPolicy", "a")
    assert policy.inputs == {"domainName": UNKNOWN, "accessPolicies": UNKNOWN}
    assert recording.one("aws:opensearch/domain:Domain", "data").inputs == {"engineVersion": "x"}
    assert recording.unknown_types == (
        "aws:opensearch/domain:Domain",
        "aws:opensearch/domainPolicy:DomainPolicy",
        "pulumi:providers:cloudflare",
        "random:index/randomId:RandomId",
    )
    assert recording.outputs["search"] is UNKNOWN


def test_what_exists_is_read_by_its_id(planned) -> None:
    recording = planned(
        "system = build(load())\n"
        "vpc = aws.ec2.Vpc.get('other', 'vpc-0abc', opts=system.child)\n"
        "aws.ec2.SecurityGroup('own', vpc_id=vpc.id, opts=system.child)\n"
    )
    assert recording.one("aws:ec2/securityGroup:SecurityGroup", "own").inputs["vpcId"] == "vpc-0abc"


def test_plan_and_check_say_in_one_line_what_is_not_known(tmp_path: Path, capsys) -> None:
    write(
        tmp_path,
        "print('standing up')\nsystem = build(load())\n"
        "aws.opensearch.Domain('data', engine_version='x', opts=system.child)\n"
        "aws.sqs.Queue('plain', sqs_managed_sse_enabled=False, opts=system.child)\n",
    )
    for command in ("plan", "check"):
        main([command, "dev", "--project", str(tmp_path)])
        both = capsys.readouterr()
        matching = [
            line
            for line in (both.out + both.err).splitlines()
            if line.endswith("for aws:opensearch/domain:Domain")
        ]
        assert len(matching) == 1, command
    main(["check", "dev", "--project", str(tmp_path)])
    assert "SQS.1 plain" in capsys.readouterr().out


def test_the_page_on_own_resources_is_a_program_that_plans(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "own-resources.md").read_text("utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    write(tmp_path, "", "{link: handover}")
    (tmp_path / "__main__.py").write_text(program)
    recording = record(tmp_path, "dev")
    assert len(recording.of_type("aws:efs/mountTarget:MountTarget")) == 2
    given = set(re.findall(r"`([a-z_]+)`", page.partition("```python")[0])) - {"build"}
    assert given == {field.name for field in dataclasses.fields(BuiltSystem)}


def test_a_function_that_no_table_describes_is_told_in_a_sentence(planned) -> None:
    with pytest.raises(pulumi.RunError, match="aws:ebs/getVolume:getVolume"):
        planned(
            "system = build(load())\naws.ebs.get_volume(opts=pulumi.InvokeOptions("
            "provider=system.provider))\n"
        )


def test_what_a_program_prints_is_not_in_the_document(tmp_path: Path, capsys) -> None:
    write(tmp_path, "print('standing up')\nbuild(load())\n")
    assert main(["plan", "dev", "--json", "--project", str(tmp_path)]) == OK
    both = capsys.readouterr()
    assert json.loads(both.out)["unknownTypes"] == []
    assert "standing up" in both.err
    main(["check", "dev", "--format", "json", "--project", str(tmp_path)])
    json.loads(capsys.readouterr().out)
    assert main(["plan", "nothing", "--project", str(tmp_path)]) == WRONG_INPUT


def test_types_of_trellis_itself_are_all_simulated(any_stack, recording_of) -> None:
    assert recording_of(*any_stack, "preview").unknown_types == ()
    assert isinstance(StackFileError([]), pulumi.RunError)
