"""One thing under several tokens is judged under each of them; the SDK says which those are."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from scenes import facts

from policies.guardrails import aws
from policies.guardrails.catalog import control
from policies.guardrails.control import Outcome
from policies.guardrails.facts import ResourceFacts
from policies.guardrails.run import analyse
from policies.guardrails.twins import TWINS, current
from testing.sdk import arguments_of, source_of, tokens
from tests.policies.mutated import TODAY

TYPES = sorted(
    value
    for value in vars(aws).values()
    if isinstance(value, str) and re.match(r"aws:[\w/]+:\w+$", value)
)
# Tokens with a name and inputs that a type of the pack has as well, and which are another thing:
# engines of their own with a subnet or parameter group of their own, buckets on Outposts.
OTHER_THINGS = {
    "docdb", "neptune", "memorydb", "redshift", "elasticsearch", "s3control", "codebuild",
    "networkfirewall", "opensearchingest", "redshiftserverless", "vpclattice", "kinesis", "lambda",
    "elasticache", "opensearch", "rds",
}  # fmt: skip


def _aliases() -> Iterator[tuple[str, str]]:
    for token in TYPES:
        for alias in re.findall(r'pulumi\.Alias\(type_="(aws:[^"]+)"\)', source_of(token)):
            # `lb` and `alb` are registered each with a former name of its own.
            yield alias, token


def _alike() -> Iterator[tuple[str, str]]:
    """Tokens of other modules with the name and the inputs of a type of the pack."""
    by_name: dict[str, list[str]] = {}
    for token in tokens():
        by_name.setdefault(token.rsplit(":", 1)[1], []).append(token)
    for token in TYPES:
        for other in by_name[token.rsplit(":", 1)[1]]:
            if (
                other != token
                and arguments_of(other)
                and arguments_of(other) == arguments_of(token)
            ):
                yield other, token


def test_every_former_name_that_the_sdk_registers_is_judged_as_the_current_one():
    wrong = {alias: token for alias, token in _aliases() if current(alias) != current(token)}
    assert wrong == {}


def test_every_token_with_the_name_and_inputs_of_a_judged_type_is_sorted():
    unsorted = {
        (other, token)
        for other, token in _alike()
        if current(other) != current(token)
        and other.split("/")[0].split(":")[1] not in OTHER_THINGS
    }
    assert unsorted == set()


def test_every_versioned_form_of_a_judged_type_is_sorted():
    versioned = {token for token in tokens() if re.search(r"V\d+$", token)}
    of_ours = {one for one in versioned if re.sub(r"V\d+(?=:|$)", "", one) in TYPES}
    assert of_ours <= set(TWINS)
    assert len(of_ours) >= 9


def test_a_twin_stands_for_a_type_that_the_pack_knows_and_is_none_itself():
    assert set(TWINS.values()) <= set(TYPES)
    assert not set(TWINS) & set(TYPES)


LISTENER = {"loadBalancerArn": "arn:x", "port": 80, "protocol": "HTTP"}
FORWARD = {"defaultActions": [{"type": "forward", "targetGroupArn": "arn:y"}]}
REDIRECT = {"defaultActions": [{"type": "redirect", "redirect": {"protocol": "HTTPS"}}]}
SSE = {"rules": [{"applyServerSideEncryptionByDefaults": [{"sseAlgorithm": "aws:kms"}]}]}


@pytest.mark.parametrize(
    "module", ["lb", "alb", "applicationloadbalancing", "elasticloadbalancingv2"]
)
def test_a_plain_listener_is_one_under_every_token(module: str):
    for actions, expected in ((FORWARD, Outcome.FAIL), (REDIRECT, Outcome.PASS)):
        token = f"aws:{module}/listener:Listener"
        one = ResourceFacts(f"urn::{module}", token, "web", {**LISTENER, **actions})
        report = analyse([one], today=TODAY, controls=[control("ELB.1")])
        assert [finding.outcome for finding in report.findings] == [expected]
        assert report.findings[0].resource_type == token


@pytest.mark.parametrize(
    ("control_id", "blocks", "expected"),
    [
        ("S3.17", {"serverSideEncryptionConfigurations": [SSE]}, Outcome.PASS),
        ("S3.17", {}, Outcome.FAIL),
        ("S3.14", {"versionings": [{"enabled": True}]}, Outcome.PASS),
        ("S3.14", {"versionings": [{"enabled": False}]}, Outcome.FAIL),
        ("S3.9", {"loggings": [{"targetBucket": "logs"}]}, Outcome.PASS),
        ("S3.9", {"acl": "private"}, Outcome.FAIL),
    ],
)
def test_the_versioned_buckets_own_blocks_are_read(
    control_id: str, blocks: dict[str, object], expected: Outcome
):
    token = "aws:s3/bucketV2:BucketV2"
    report = analyse(
        [ResourceFacts("urn:a", token, "data", {"bucket": "data", **blocks})],
        today=TODAY,
        controls=[control(control_id)],
    )
    assert [finding.outcome for finding in report.findings] == [expected]


def test_a_companion_of_a_twin_is_found_under_either_token():
    scene = {
        "aws:s3/bucketV2:BucketV2 data": {"bucket": "data"},
        "aws:s3/bucketVersioningV2:BucketVersioningV2 data": {
            "bucket": "data",
            "versioningConfiguration": {"status": "Enabled"},
        },
    }
    report = analyse(facts(scene, deployed=True), today=TODAY, controls=[control("S3.14")])
    assert [finding.outcome for finding in report.findings] == [Outcome.PASS]


def test_the_sdk_is_read_where_it_tells_of_both():
    assert ("aws:alb/listener:Listener", "aws:lb/listener:Listener") in set(_alike())
    assert ("aws:s3/bucketV2:BucketV2", "aws:s3/bucket:Bucket") in set(_aliases())
    assert not [token for token in TYPES if not source_of(token)]
