"""Well-configured stacks of other people: nothing is red, and what is spoiled in them is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from policies.guardrails.command import main
from tests.policies.foreign_cluster import cluster
from tests.policies.foreign_serverless import serverless
from tests.policies.foreign_warehouse import warehouse

STACKS = {"cluster": cluster, "serverless": serverless, "warehouse": warehouse}

# What is left to consider: AWS's default network ACL, an endpoint with a price, and what AWS's own
# policy for Glue allows.
ADVISED = {
    "cluster": {"EC2.21 main", "EC2.10 main"},
    "serverless": set[str](),
    "warehouse": {
        "EC2.21 main",
        "EC2.10 main",
        "IAM.escalation glue-etl",
        "IAM.exfiltration glue-etl",
        "IAM.resource-exposure glue-etl",
    },
}
# One input of each stack, by type and name, that somebody made unsafe; and who says so.
SPOILED = {
    "cluster": (
        "aws:eks/cluster:Cluster main",
        ("vpcConfig", "endpointPublicAccess"),
        True,
        {"EKS.1 main", "EKS.open-endpoint main"},
    ),
    "serverless": (
        "aws:apigatewayv2/route:Route place-order",
        ("authorizationType",),
        "NONE",
        {"APIGateway.8 place-order"},
    ),
    "warehouse": (
        "aws:redshift/cluster:Cluster warehouse",
        ("publiclyAccessible",),
        True,
        {"Redshift.1 warehouse"},
    ),
}


def _judged(
    document: dict[str, Any], folder: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[int, dict[str, set[str]]]:
    file = folder / "export.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    code = main([str(file), "--today", "2026-12-01", "--levels", "house", "--format", "json"])
    found: dict[str, set[str]] = {"mandatory": set(), "advisory": set(), "unknown": set()}
    for one in json.loads(capsys.readouterr().out)["findings"]:
        name = f"{one['control']} {one['resource']}"
        if one["outcome"] == "fail":
            found[one["level"]].add(name)
        elif one["outcome"] == "unknown":
            found["unknown"].add(name)
    return code, found


@pytest.mark.parametrize("name", sorted(STACKS))
def test_nothing_is_red_in_a_well_configured_stack_of_others(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    code, found = _judged(STACKS[name]().export(), tmp_path, capsys)
    assert found == {"mandatory": set(), "advisory": ADVISED[name], "unknown": set()}
    assert code == 0


@pytest.mark.parametrize("name", sorted(STACKS))
def test_what_is_made_unsafe_in_it_is_red(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    spoiled, path, value, expected = SPOILED[name]
    document = STACKS[name]().export()
    (inputs,) = (
        one["inputs"]
        for one in document["deployment"]["resources"]
        if spoiled == f"{one['type']} {one['urn'].rsplit('::', 1)[-1]}"
    )
    for part in path[:-1]:
        inputs = inputs[part]
    inputs[path[-1]] = value
    code, found = _judged(document, tmp_path, capsys)
    assert found["mandatory"] == expected
    assert code == 1


@pytest.mark.parametrize("name", sorted(STACKS))
def test_a_preview_of_what_stands_and_stays_says_what_its_export_says(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    project = STACKS[name]()
    preview = _judged(project.preview(stands=True), tmp_path, capsys)
    assert preview == _judged(project.export(), tmp_path, capsys)


@pytest.mark.parametrize("name", sorted(STACKS))
def test_a_preview_of_a_new_stack_calls_nothing_wrong_that_its_export_does_not(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    project = STACKS[name]()
    code, found = _judged(project.preview(stands=False), tmp_path, capsys)
    assert found["mandatory"] == set()
    assert found["advisory"] <= ADVISED[name]
    assert code == 0
