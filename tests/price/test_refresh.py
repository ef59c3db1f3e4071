"""Prices renewed from answers of AWS's Price List, as it gives them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from trellis.cli.main import main
from trellis.price import refresh as refreshing
from trellis.price.document import number
from trellis.price.offers import SERVICES
from trellis.price.prices import own_file, price_list
from trellis.price.refresh import Renewed, refresh, text_of
from trellis.stackfile.problems import StackFileError

TODAY = date(2026, 11, 29)


def product(
    family: str, steps: list[tuple[str, str, str]], region: str = "eu-central-1", **attributes: str
) -> str:
    """One entry of `PriceList`, shaped as "GetProducts" documents it."""
    dimensions = {
        f"rate-{number}": {
            "rateCode": f"rate-{number}",
            "unit": "Hrs",
            "beginRange": begin,
            "endRange": end,
            "pricePerUnit": {"USD": usd},
            "appliesTo": [],
        }
        for number, (begin, end, usd) in enumerate(steps)
    }
    return json.dumps(
        {
            "product": {
                "productFamily": family,
                "attributes": {"regionCode": region, **attributes},
                "sku": "SKU",
            },
            "serviceCode": "any",
            "terms": {"OnDemand": {"SKU.TERM": {"priceDimensions": dimensions, "sku": "SKU"}}},
            "version": "20261101000000",
            "publicationDate": "2026-11-01T00:00:00Z",
        }
    )


ANSWERS: dict[str, list[list[str]]] = {
    "AmazonEC2": [
        [
            product("NAT Gateway", [("0", "Inf", "0.0520000000")],
                    usagetype="EUC1-NatGateway-Hours", operation="NatGateway"),
            product("Compute Instance", [("0", "Inf", "0.1")],
                    usagetype="EUC1-BoxUsage:t3.large", operation="RunInstances"),
        ],
        [product("NAT Gateway", [("0", "Inf", "0.0520000000")],
                 usagetype="EUC1-NatGateway-Bytes", operation="NatGateway")],
    ],
    "AmazonRDS": [
        [
            product("Database Instance", [("0", "Inf", "0.0700000000")],
                    databaseEngine="PostgreSQL", deploymentOption="Single-AZ",
                    instanceType="db.t4g.medium", usagetype="EUC1-InstanceUsage:db.t4g.med"),
            product("Database Instance", [("0", "Inf", "0.1400000000")],
                    databaseEngine="PostgreSQL", deploymentOption="Multi-AZ",
                    instanceType="db.t4g.medium", usagetype="EUC1-Multi-AZUsage:db.t4g.med"),
            product("Database Instance", [("0", "Inf", "0.1000000000")],
                    databaseEngine="Aurora PostgreSQL", deploymentOption="Single-AZ",
                    instanceType="db.t4g.medium",
                    usagetype="EUC1-InstanceUsageIOOptimized:db.t4g.medium"),
            product("Database Storage", [("0", "Inf", "0.1370000000")], databaseEngine="PostgreSQL",
                    deploymentOption="Single-AZ", volumeType="General Purpose-GP3",
                    usagetype="EUC1-RDS:GP3-Storage"),
        ]
    ],
    "AmazonElastiCache": [
        [product("Cache Instance", [("0", "Inf", "0.0144")], cacheEngine="Valkey",
                 instanceType="cache.t4g.micro", usagetype="EUC1-NodeUsage:cache.t4g.micro")]
    ],
    "AWSLambda": [
        [
            product("Serverless", [("0", "400000", "0"), ("400000", "6000000000", "0.0000166667"),
                                   ("6000000000", "Inf", "0.000015")],
                    usagetype="EUC1-Lambda-GB-Second", operation="Invoke"),
            product("Serverless", [("0", "Inf", "0.0000002000")], usagetype="EUC1-Request",
                    operation="Invoke"),
        ]
    ],
    "AmazonECR": [
        [
            product("EC2 Container Registry", [("0", "Inf", "0.10")],
                    usagetype="EUC1-TimedStorage-ByteHrs"),
            product("EC2 Container Registry", [("0", "Inf", "0.11")],
                    usagetype="EUC1-TimedStorage-ByteHrs"),
        ]
    ],
}  # fmt: skip


@contextmanager
def aws(answers: dict[str, list[list[str]]]) -> Iterator[Any]:
    client = boto3.client(
        "pricing", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    with Stubber(client) as stubber:
        for service in SERVICES:
            pages = answers.get(service, [[]])
            for number, page in enumerate(pages):
                asked: dict[str, Any] = {
                    "ServiceCode": service,
                    "Filters": [
                        {"Type": "TERM_MATCH", "Field": "regionCode", "Value": "eu-central-1"}
                    ],
                    "FormatVersion": "aws_v1",
                    "MaxResults": 100,
                }
                if number:
                    asked["NextToken"] = f"page-{number}"
                answer: dict[str, Any] = {"FormatVersion": "aws_v1", "PriceList": page}
                if number + 1 < len(pages):
                    answer["NextToken"] = f"page-{number + 1}"
                stubber.add_response("get_products", answer, asked)
        yield client


def renewed(before: dict[str, Any] | None = None) -> Renewed:
    with aws(ANSWERS) as client:
        return refresh("eu-central-1", client, TODAY, before)


def test_a_region_that_nobody_had_is_priced(tmp_path: Path):
    result = renewed()
    own_file(tmp_path, "eu-central-1").write_text(text_of(result.document))
    found = price_list("eu-central-1", tmp_path)
    assert found.compiled == "2026-11-29"
    assert {key: number(price.usd) for key, price in found.prices.items()} == {
        "AWSLambda/duration/x86/gbSecond": "0.0000166667",
        "AWSLambda/request": "0.0000002",
        "AmazonElastiCache/cache.t4g.micro/valkey/hour": "0.0144",
        "AmazonRDS/db.t4g.medium/aurora-postgresql/ioOptimized/hour": "0.1",
        "AmazonRDS/db.t4g.medium/postgres/multiAz/hour": "0.14",
        "AmazonRDS/db.t4g.medium/postgres/singleAz/hour": "0.07",
        "AmazonRDS/storage/gp3/singleAz/gbMonth": "0.137",
        "AmazonVPC/natGateway/gb": "0.052",
        "AmazonVPC/natGateway/hour": "0.052",
    }
    duration = found.prices["AWSLambda/duration/x86/gbSecond"]
    assert [tier.up_to for tier in duration.tiers] == [Decimal(6_000_000_000), None]
    assert duration.source == "AWS Price List API, AWSLambda, published 2026-11-01"
    assert duration.seen == "2026-11"


def test_what_aws_answers_twice_stays_as_it_was():
    result = renewed()
    assert result.doubtful == ["AmazonECR/storage/gbMonth"]
    assert "AmazonECR/storage/gbMonth" not in {row["key"] for row in result.document["prices"]}


def test_what_is_not_asked_for_stays_and_changes_are_told():
    before = {
        "prices": [
            {"key": "AmazonVPC/natGateway/hour", "usd": Decimal("0.048"), "unit": "hour",
             "source": "a page", "seen": "2026-01"},
            {"key": "AWSLambda/request", "usd": Decimal("0.0000002"), "unit": "request",
             "source": "a page", "seen": "2026-01",
             "free": {"quantity": 1_000_000, "kind": "always"}},
            {"key": "AWSConfig/rule/evaluation", "usd": Decimal("0.001"), "unit": "evaluation",
             "source": "a page", "seen": "2026-01"},
        ]
    }  # fmt: skip
    result = renewed(before)
    assert result.changed == [("AmazonVPC/natGateway/hour", "0.048", "0.052")]
    assert result.kept == 1
    rows = {row["key"]: row for row in result.document["prices"]}
    assert rows["AWSConfig/rule/evaluation"]["source"] == "a page"
    assert rows["AWSLambda/request"]["free"] == {"quantity": 1_000_000, "kind": "always"}


def test_a_projects_own_file_goes_first(tmp_path: Path):
    text = text_of({**renewed().document, "region": "us-east-1"})
    own_file(tmp_path, "us-east-1").write_text(text)
    found = price_list("us-east-1", tmp_path)
    assert found.origin == "trellis.prices.us-east-1.json"
    assert len(found.prices) == 9


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"schema": 2, "region": "us-east-1"}',
        '{"schema": 1, "region": "eu-west-1", "prices": []}',
        '{"schema": 1, "region": "us-east-1", "prices": [{"key": "a"}]}',
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str):
    own_file(tmp_path, "us-east-1").write_text(text)
    with pytest.raises(StackFileError, match="trellis price refresh us-east-1"):
        price_list("us-east-1", tmp_path)


def test_the_command_writes_the_file_and_says_what_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    with aws(ANSWERS) as client:
        monkeypatch.setattr(boto3, "client", lambda *_, **__: client)
        assert main(["price", "refresh", "eu-central-1", "--project", str(tmp_path)]) == 0
    printed = capsys.readouterr()
    assert own_file(tmp_path, "eu-central-1").is_file()
    assert "9 prices renewed, 0 kept as they were" in printed.out
    assert "AmazonECR/storage/gbMonth: AWS answers several prices" in printed.err


@pytest.mark.parametrize("words", [["refresh"], ["refresh", "Frankfurt"], ["dev", "eu-west-1"],
                                   ["dev", "--output", "x.json"]])  # fmt: skip
def test_a_command_without_sense_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]):
    assert main(["price", *words]) == 2
    assert capsys.readouterr().err.startswith("trellis price")


def test_an_unreachable_aws_is_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    from botocore.exceptions import NoCredentialsError

    def refuse(*_: Any, **__: Any) -> Any:
        raise NoCredentialsError

    monkeypatch.setattr(refreshing, "_products", refuse)
    assert main(["price", "refresh", "eu-central-1", "--project", str(tmp_path)]) == 2
    assert "pricing:GetProducts" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
