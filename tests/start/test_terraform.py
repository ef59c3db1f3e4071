"""`trellis init --from terraform`: what exists is taken over, and nothing of a state is dropped."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from trellis.cli.main import main
from trellis.planner.record import record
from trellis.planner.recording import Recording
from trellis.stackfile.problems import StackFileError
from trellis.start import terraform
from trellis.start.draft import Converted
from trellis.start.ledger import Ledger
from trellis.start.terraform_left import NONE, advice_of
from trellis.start.terraform_silent import SILENT
from trellis.start.terraform_state import EMPTY, Held, read_state

pytestmark = pytest.mark.long

FOLDER = Path(__file__).parent / "samples" / "terraform"
SAMPLES = sorted(FOLDER.iterdir())

IMPORTED = {
    "databases": {
        "shop-main", "lake", "lake-one", "lake-two", "shop-sessions",
        "/aws/rds/instance/shop-main/postgresql",
    },
    "ecs-service": {
        "shop", "shop/web", "/shop/audit",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/prod/stripe-a1B2c3",
        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop/"
        "50dc6c495c0c9188",
        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shop/50dc6c495c0c9188/"
        "0467ef3c8400ae65",
        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shop/50dc6c495c0c9188/"
        "f2f7dc8efc522ab2",
    },
    "serverless": {
        "orders-prod", "Sessions", "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs",
        "https://sqs.eu-west-1.amazonaws.com/123456789012/ordered.fifo",
        "arn:aws:sns:eu-west-1:123456789012:events", "clicks", "eu-west-1_a1B2c3D4e",
    },
    "static-site": {
        "www.example.com-site", "example-uploads", "Z1D633PJN98FT9",
        "Z1D633PJN98FT9_example.com_MX", "Z1D633PJN98FT9_example.com_TXT",
        "Z1D633PJN98FT9_old.example.com_CNAME",
    },
}  # fmt: skip
"""Identifiers that the plan of each sample imports."""


@cache
def converted(sample: Path) -> Converted:
    return terraform.convert(sample, Path("/repository"))


def brought(sample: Path, into: Path) -> Recording:
    assert main(["init", "shop", "--from", "terraform", str(sample), "--into", str(into)]) == 0
    (stack,) = (file.name.split(".")[1] for file in into.glob("Pulumi.*.yaml"))
    return record(into, stack)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda case: case.stem)
def test_what_comes_out_plans_at_once_and_imports_what_exists(sample: Path, tmp_path: Path):
    recording = brought(sample, tmp_path / "infra")
    assert {resource.import_id for resource in recording if resource.import_id} == IMPORTED[
        sample.stem
    ]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda case: case.stem)
def test_every_resource_is_carried_over_or_told_of(sample: Path):
    """Counted from the file itself, not from what the converter says of it."""
    text = "\n".join(map(str, converted(sample).ledger.leftovers()))
    settings = json.dumps([converted(sample).own, converted(sample).files])
    missing: list[str] = []
    for element in read_state(sample, Ledger()).held:
        if not element.managed or f"{element.address}: " in text:
            continue
        if not any(f'"{element.attributes.get(name)}"' in settings.replace('\\"', '"')
                   for name in ("id", "identifier", "name", "bucket")):  # fmt: skip
            missing.append(element.address)
    assert missing == []


def _changed(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else f"{value}x" if isinstance(value, str) else None


def test_a_network_that_aws_never_gives_is_refused_with_its_place(tmp_path: Path):
    (sample,) = (path for path in SAMPLES if path.stem == "ecs-service")
    file = tmp_path / sample.name
    file.write_text(sample.read_text().replace("10.40.0.0/16", "10.40.0.0/99"))
    with pytest.raises(StackFileError) as refused:
        terraform.convert(file, Path("/repository"))
    (problem,) = refused.value.problems
    assert problem.path[1] == "cidr_block"
    assert problem.source is not None
    assert problem.source.file == sample.name
    assert problem.source.line


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda case: case.stem)
def test_every_attribute_of_what_is_carried_matters_or_is_told_of(sample: Path, tmp_path: Path):
    """Each value by itself is changed, and something has to come out differently."""
    now = converted(sample)
    text = "\n".join(map(str, now.ledger.leftovers()))
    before = (now.own, now.files, text)
    original = sample.read_text()
    dropped: list[str] = []
    every = [element for element in read_state(sample, Ledger()).held if element.managed]
    carried = [
        resource
        for resource in every
        if resource.type in SILENT and f"{resource.address}: " not in text
    ]
    assert carried
    for held in carried:
        for name, value in held.attributes.items():
            new = _changed(value)
            if value in EMPTY or new is None or name in SILENT[held.type]:
                continue
            if f"{held.address}.{name}: " in text:
                continue
            file = tmp_path / sample.name
            file.write_text(_with(json.loads(original), held, name, new))
            try:
                other = terraform.convert(file, Path("/repository"))
            except (StackFileError, KeyError):
                continue
            after = (other.own, other.files, "\n".join(map(str, other.ledger.leftovers())))
            if after == before:
                dropped.append(f"{held.address}.{name}")
    assert dropped == []


def _with(state: Any, held: Held, name: str, value: Any) -> str:
    """The state with one attribute changed, found by the resource's attributes."""

    def visit(node: Any) -> None:
        if isinstance(node, dict):
            whole = cast("dict[str, Any]", node)
            for key in ("attributes", "values"):
                if whole.get(key) == held.attributes:
                    whole[key] = {**held.attributes, name: value}
            for element in list(whole.values()):
                visit(element)
        elif isinstance(node, list):
            for element in cast("list[Any]", node):
                visit(element)

    changed = copy.deepcopy(state)
    visit(changed)
    assert changed != state
    return json.dumps(changed)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda case: case.stem)
def test_no_value_that_may_be_secret_comes_out(
    sample: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    brought(sample, tmp_path / "infra")
    written = "".join(file.read_text() for file in (tmp_path / "infra").rglob("*.*"))
    shown = written + capsys.readouterr().out
    assert "planted" not in shown


def test_a_service_comes_with_its_container_routes_and_secrets():
    (own,) = converted(FOLDER / "ecs-service.tfstate").own.values()
    web = own["services"]["web"]
    assert web["image"] == {"repository": "web", "tag": "3f9c2ab"}
    assert (web["cpu"], web["memory"], web["port"]) == (512, 1024, 3000)
    assert web["architecture"] == "arm64"
    (balancer,) = own["loadBalancers"]
    assert web["routes"] == [{"loadBalancer": balancer, "host": "shop.example.com"}]
    assert web["uses"] == [
        {"secret": "stripe", "as": "STRIPE_KEY"},
        {"parameter": "features", "as": "FEATURES"},
    ]
    assert own["existing"]["parameters"]["features"] == {"name": "/shop/prod/features"}


def test_rules_by_age_are_carried_over():
    (own,) = converted(FOLDER / "static-site.json").own.values()
    assert own["buckets"]["uploads"]["lifecycle"] == [
        {"afterDays": 30, "to": "infrequentAccess", "prefix": "archive/"},
        {"afterDays": 7, "expire": True, "prefix": "tmp/"},
    ]
    assert own["buckets"]["uploads"]["versioning"] is False
    assert "versioning" not in own["buckets"]["site"]


def test_tables_keep_their_keys_and_indexes():
    (own,) = converted(FOLDER / "serverless.tfstate").own.values()
    orders = own["tables"]["orders"]
    assert orders["partitionKey"] == {"name": "pk"}
    assert orders["sortKey"] == {"name": "created", "type": "number"}
    assert orders["globalIndexes"] == {
        "by-owner": {
            "partitionKey": {"name": "owner"},
            "sortKey": {"name": "created", "type": "number"},
            "projection": "keys",
        }
    }
    assert own["tables"]["sessions"]["partitionKey"] == {"name": "id", "type": "binary"}


def test_what_can_t_change_is_known_to_the_comparison(tmp_path: Path):
    brought(FOLDER / "databases.json", tmp_path / "infra")
    context = json.loads((tmp_path / "infra" / "trellis.prod.context.json").read_text())
    assert context["adopted"]["aws:rds/instance:Instance shop-main"]["username"] == "shopadmin"
    assert {element["zone"] for element in context["network"]["subnets"]["private"]} == {
        "eu-west-1a",
        "eu-west-1b",
    }


def test_several_subnets_of_a_zone_are_named(tmp_path: Path):
    state = json.loads((FOLDER / "databases.json").read_text())
    resources = state["values"]["root_module"]["resources"]
    first = next(one for one in resources if one["address"] == "data.aws_subnet.private[0]")
    more = {"id": "subnet-0aaaaaaaaaaaaaaa9", "cidr_block": "10.0.99.0/24"}
    address = "data.aws_subnet.private[9]"
    resources.append({**first, "address": address, "values": {**first["values"], **more}})
    file = tmp_path / "state.json"
    file.write_text(json.dumps(state))
    (own,) = converted(file).own.values()
    named = own["network"]["existing"]["subnets"]["private"]
    assert {first["values"]["id"], "subnet-0aaaaaaaaaaaaaaa9"} <= set(named)


def test_without_its_network_a_database_is_told_of(tmp_path: Path):
    state = json.loads((FOLDER / "databases.json").read_text())
    root = state["values"]["root_module"]
    root["resources"] = [resource for resource in root["resources"] if resource["mode"] != "data"]
    file = tmp_path / "state.json"
    file.write_text(json.dumps(state))
    found = terraform.convert(file, Path("/repository"))
    assert "databases" not in found.own["prod"]
    remarks = [
        str(leftover)
        for leftover in found.ledger.leftovers()
        if "module.db.aws_db_instance" in str(leftover)
    ]
    assert any("stands in a network that this state doesn't hold" in text for text in remarks)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "no state"),
        ('{"version": 3, "modules": []}', "no state"),
        ('{"format_version": "1.2", "planned_values": {"root_module": {}}}', "no state"),
        ('{"version": 4, "resources": []}', "no resources"),
        ("{", r"broken\.json:\d"),
    ],
)
def test_what_is_no_state_is_refused_with_its_line(text: str, message: str, tmp_path: Path):
    file = tmp_path / "broken.json"
    file.write_text(text)
    with pytest.raises(StackFileError, match=message):
        terraform.convert(file, tmp_path)


def test_nothing_is_written_over_what_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "Pulumi.yaml").write_text("name: mine\n")
    words = ["init", "shop", "--from", "terraform", str(SAMPLES[0]), "--into", str(tmp_path)]
    assert main(words) == 2
    assert "there already" in capsys.readouterr().err
    assert yaml.safe_load((tmp_path / "Pulumi.yaml").read_text()) == {"name": "mine"}


def test_every_type_has_advice_of_its_own_or_the_general_one():
    assert advice_of("aws_iam_role_policy") != NONE
    assert advice_of("aws_route53_record") != advice_of("aws_route")
    assert advice_of("aws_mwaa_environment") == NONE
