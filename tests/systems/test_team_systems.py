"""Whole systems as teams bring them from Terraform and CDK: planned, judged, priced and compared.

`ledger` lives in a network that a platform team made, `tally` serves each tenant at a name of its
own and takes webhooks, `bookshop` is Django with Celery and files that only buyers may have.
"""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.recordings import ROOT
from trellis.cli.main import main
from trellis.compare.step import Side
from trellis.compare.steps import steps
from trellis.diagram.graph import graph
from trellis.planner.record import record
from trellis.planner.recording import Mode, Recording
from trellis.reach.matrix import Matrix, matrix_of

pytestmark = pytest.mark.long

TEAMS = ROOT / "tests/systems/teams"
NAMES = ("bookshop", "ledger", "tally")
BALANCER = "aws:lb/loadBalancer:LoadBalancer"


@cache
def recorded(name: str, mode: Mode = "deployed") -> Recording:
    return record(TEAMS / name, "prod", mode)


@cache
def reached(name: str) -> Matrix:
    return matrix_of(TEAMS / name, "prod")


def ways(name: str) -> set[tuple[str, str, str]]:
    return {(c.source, c.target, c.port) for c in reached(name).connections}


@pytest.mark.parametrize("name", NAMES)
def test_the_pack_finds_nothing_but_what_is_excepted(name: str, capsys: pytest.CaptureFixture[str]):
    assert main(["check", "prod", "--project", str(TEAMS / name)]) == 0
    printed = capsys.readouterr().out
    assert "PASSED" in printed
    excepted = [line for line in printed.splitlines() if line.startswith("EXEMPT")]
    assert len(excepted) == (1 if name == "tally" else 0), "anybody may call the webhooks"


@pytest.mark.parametrize("name", NAMES)
def test_each_has_a_price(name: str, capsys: pytest.CaptureFixture[str]):
    assert main(["price", "prod", "--project", str(TEAMS / name), "--no-savings"]) == 0
    assert "A month in US dollars" in capsys.readouterr().out


def test_in_an_existing_network_everything_stands_in_its_subnets():
    ledger = recorded("ledger")
    assert not ledger.of_type("aws:ec2/subnet:Subnet")
    private = [f"subnet-0aaaaaaaaaaaaaaa{number}" for number in (1, 2, 3, 4)]
    service = ledger.one("aws:ecs/service:Service", "api").inputs["networkConfiguration"]
    assert service["subnets"] == private
    assert (
        ledger.one("aws:lambda/function:Function", "post").inputs["vpcConfig"]["subnetIds"]
        == private
    )
    (balancer,) = ledger.of_type(BALANCER)
    assert balancer.inputs["subnets"] == [f"subnet-0ccccccccccccccc{n}" for n in (1, 2)]
    group = ledger.one("aws:rds/subnetGroup:SubnetGroup", "main").inputs["subnetIds"]
    assert group == [f"subnet-0ddddddddddddddd{n}" for n in (1, 2)]


def test_in_an_existing_network_who_may_reach_what_is_known():
    found = ways("ledger")
    assert {
        ("internet", "loadBalancers.main", "443"),
        ("internet", "loadBalancers.main", "80"),
        ("loadBalancers.main", "services.api", "8080"),
        ("services.api", "databases.main", "5432"),
        ("functions.post", "databases.main", "5432"),
        ("services.api", "internet", "443"),
        ("functions.close-day", "internet", "443"),
    } <= found
    assert not [way for way in found if way[0] == "internet" and way[1] != "loadBalancers.main"]


def test_in_an_existing_network_the_drawing_has_its_tiers():
    drawn = graph(reached("ledger"))
    assert [tier.name for tier in drawn.tiers] == ["public", "private", "isolated"]
    tiers = {node.id: node.tier for node in drawn.nodes}
    assert tiers["services.api"] == tiers["functions.post"] == "private"
    assert (tiers["loadBalancers.main"], tiers["databases.main"]) == ("public", "isolated")


def test_another_subnet_of_an_existing_network_replaces_nothing(tmp_path: Path):
    project = copied(tmp_path)
    for name in ("Pulumi.prod.yaml", "trellis.prod.context.json"):
        text = (project / name).read_text()
        fewer = text.replace(", subnet-0aaaaaaaaaaaaaaa4", "")
        if name.endswith(".json"):
            known = json.loads(text)
            known["network"]["subnets"]["private"].pop()
            fewer = json.dumps(known)
        (project / name).write_text(fewer)
    before = record(project, "prod", "deployed")
    found = steps(Side(before, ROOT), Side(recorded("ledger"), ROOT))
    assert not [step.name for step in found if step.operation in ("replace", "delete", "create")]
    changed = {step.name for step in found if step.operation == "update"}
    assert {"api", "post", "close-day"} <= changed


def copied(folder: Path) -> Path:
    """The system of the existing network, as a project of its own."""
    shutil.copytree(TEAMS / "ledger", folder, dirs_exist_ok=True)
    project = folder / "Pulumi.yaml"
    project.write_text(project.read_text().replace("../../../..", str(ROOT)))
    return folder


NETWORK = "  trellis:network: {from: platform/network/prod}\n"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """The same system in a network that another stack of Trellis makes."""
    stack = copied(tmp_path) / "Pulumi.prod.yaml"
    before, _, rest = stack.read_text().partition("  # The platform team's network")
    stack.write_text(before + NETWORK + "  trellis:zones" + rest.partition("  trellis:zones")[2])
    return tmp_path


def test_in_another_stacks_network_the_same_may_reach_the_same(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
):
    matrix = matrix_of(elsewhere, "prod")
    assert {(c.source, c.target, c.port) for c in matrix.connections} == ways("ledger")
    tiers = {node.id: node.tier for node in graph(matrix).nodes}
    assert (tiers["services.api"], tiers["loadBalancers.main"]) == ("private", "public")
    assert main(["check", "prod", "--project", str(elsewhere)]) == 0
    assert "PASSED" in capsys.readouterr().out


def test_each_tenant_has_a_name_and_one_certificate_proves_them_all():
    tally = recorded("tally")
    certificate = tally.one("aws:acm/certificate:Certificate", "load-balancer-main").inputs
    names = {certificate["domainName"], *certificate["subjectAlternativeNames"]}
    assert names == {"app.tally.example.com", "*.tally.example.com"}
    records = {record.inputs["name"] for record in tally.of_type("aws:route53/record:Record")
               if record.inputs["type"] == "A"}  # fmt: skip
    assert {"*.tally.example.com", "hooks.tally.example.com"} <= records


def test_webhooks_come_in_by_an_api_and_wait_in_a_queue():
    found = ways("tally")
    assert ("internet", "apis.hooks", "443") in found
    assert ("apis.hooks", "functions.receive", "443") in found
    tally = recorded("tally")
    mapping = tally.one("aws:lambda/eventSourceMapping:EventSourceMapping", "work-webhooks")
    queue = tally.one("aws:sqs/queue:Queue", "webhooks")
    assert mapping.inputs["eventSourceArn"] == queue.outputs["arn"]


def test_signed_files_are_buyers_and_the_worker_runs_on():
    shop = recorded("bookshop")
    site: Any = shop.one("aws:cloudfront/distribution:Distribution", "cdn").inputs
    (books,) = site["orderedCacheBehaviors"]
    assert (books["pathPattern"], len(books["trustedKeyGroups"])) == ("/books/*", 1)
    assert "trustedKeyGroups" not in site["defaultCacheBehavior"]
    services = {service.name for service in shop.of_type("aws:ecs/service:Service")}
    assert services == {"web", "worker", "beat"}
    replicas = [one for one in shop.of_type("aws:rds/instance:Instance")
                if one.inputs.get("replicateSourceDb")]  # fmt: skip
    assert len(replicas) == 1
    assert ("services.worker", "caches.broker", "6379") in ways("bookshop")
