"""Regions: those of AWS, of one partition, and newer ones where the stack file says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import botocore
import pytest

from components.parts.regions import REGION_FORM, known_regions, partition_of
from tests.stackfile.conftest import Stack
from tests.stackfile.test_settings_are_read import models
from trellis.cli.main import main
from trellis.stackfile.layers import SYSTEM
from trellis.stackfile.problems import Problem, dotted
from trellis.stackfile.shape import Scalar, fields, flat

ProblemOf = Callable[[str], Problem]
NETWORK = "  trellis:network: {zones: 2, peerings: {a: {vpc: vpc-12345678, cidr: 10.9.0.0/16, "
TABLE = "  trellis:tables: {t: {partitionKey: {name: id}, replicas: "
KEY = "arn:aws{}:kms:{}:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        (NETWORK + "region: eu-wst-1}}}\n", "network.peerings.a.region"),
        (TABLE + "[eu-west-1, eu-wst-1]}}\n", "tables.t.replicas[1]"),
        ("  trellis:backups: {enabled: true, copyTo: {region: eu-wst-1}}\n",
         "backups.copyTo.region"),
        ("  trellis:buckets: {b: {replication: {region: eu-wst-1}}}\n",
         "buckets.b.replication.region"),
        (
            "  trellis:models: {m: {provider: bedrock, id: a.b, profile: us, "
            "regions: [eu-wst-1]}}\n",
            "models.m.regions[0]",
        ),
        (f"  trellis:existing: {{keys: {{k: {{arn: '{KEY.format('', 'eu-wst-1')}'}}}}}}\n",
         "existing.keys.k.arn"),
    ],
)  # fmt: skip
def test_a_region_that_aws_has_not_is_refused_wherever_it_stands(
    stack: Stack, settings: str, path: str
):
    stack.write(settings)
    problems = [p for p in stack.problems() if "no region of AWS" in p.found]
    assert [dotted(problem.path) for problem in problems] == [path]
    assert "did you mean `eu-west-1`?" in problems[0].hint
    assert problems[0].source is not None
    assert problems[0].source.line


def test_the_stacks_own_region_is_one_of_aws(stack: Stack):
    whole = "config: {aws:region: eu-wst-1, trellis:name: shop, trellis:environment: dev}\n"
    stack.write_whole(whole)
    problem = stack.problem()
    assert dotted(problem.path) == "aws:region"
    assert "provider.newRegions" in problem.hint


def test_a_region_that_is_newer_than_the_sdk_is_said_to_be(stack: Stack):
    stack.write(
        "  trellis:provider: {newRegions: [eu-atlantis-1]}\n" + TABLE + "[eu-atlantis-1]}}\n"
    )
    assert stack.load().settings.tables["t"].replicas == ("eu-atlantis-1",)


@pytest.mark.parametrize(
    ("region", "found"),
    [("eu-west-1", "which is known"), ("eu-atlantis-1", "which nothing here names")],
)
def test_a_new_region_that_says_nothing_is_refused(problem_of: ProblemOf, region: str, found: str):
    problem = problem_of(f"  trellis:provider: {{newRegions: [{region}]}}\n")
    assert dotted(problem.path) == "provider.newRegions[0]"
    assert found in problem.found


@pytest.mark.parametrize(
    ("settings", "path", "found"),
    [
        (TABLE + "[cn-north-1]}}\n", "tables.t.replicas[0]", "a region of the partition aws-cn"),
        (f"  trellis:existing: {{tables: {{t: {{key: '{KEY.format('-cn', 'us-east-1')}', "
         "arn: 'arn:aws:dynamodb:us-east-1:123456789012:table/old'}}}\n",
         "existing.tables.t.key", "an ARN of the partition aws-cn"),
        ("  trellis:provider: {assumeRole: {roleArn: 'arn:aws-us-gov:iam::123456789012:role/a'}}\n",
         "provider.assumeRole.roleArn", "an ARN of the partition aws-us-gov"),
    ],
)  # fmt: skip
def test_nothing_reaches_into_another_partition(stack: Stack, settings: str, path: str, found: str):
    stack.write(settings)
    problems = {dotted(problem.path): problem for problem in stack.problems()}
    assert found in problems[path].found


def test_text_that_only_looks_like_a_region_is_left_alone(stack: Stack):
    stack.write("  trellis:tags: {Place: eu-wst-1, Key: 'arn:aws:kms:eu-wst-1:1:key/a'}\n")
    assert stack.problems() == ()


def test_the_form_of_regions_is_said_once():
    """A field with its own copy of the pattern is found by the check all the same; one with
    another pattern would not be."""
    named = {
        f"{model.__name__}.{field.name}"
        for model in models(SYSTEM, set())
        for field in fields(model).values()
        if field.name == "region" or field.name.endswith("regions") or field.name == "replicas"
        for leaf in flat(getattr(field.shape, "element", field.shape))
        if isinstance(leaf, Scalar) and leaf.kind == "text" and leaf.pattern != REGION_FORM
    }
    assert named == set()


def test_the_regions_are_those_that_botocore_has():
    file = Path(botocore.__file__).parent / "data" / "partitions.json"
    partitions = json.loads(file.read_text())["partitions"]
    of_aws = next(p for p in partitions if p["id"] == "aws")["regions"]
    assert {r for r, p in known_regions().items() if p == "aws"} == set(of_aws) - {"aws-global"}
    assert partition_of("eu-atlantis-1") == "aws"
    assert partition_of("us-gov-south-1") == "aws-us-gov"
    assert partition_of("cn-south-1") == "aws-cn"


def test_init_takes_no_region_that_aws_has_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    assert main(["init", "shop", "--region", "eu-wst-1"]) == 2
    assert "did you mean `eu-west-1`?" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
