"""The table of AWS-managed policies against another record of them."""

from __future__ import annotations

import datetime as dt
import gzip
import json

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from policies.guardrails.iam.documents import Kind, parse
from policies.guardrails.iam.managed_policies import (
    ADMINISTRATORS,
    document_of,
    is_administrator,
    is_full_access,
    managed_name,
    table_date,
)
from tools.managed_policies import TABLE, written

RECORDED = json.loads(aws_managed_policies_data)


def arn(name: str) -> str:
    return f"arn:aws:iam::aws:policy{RECORDED[name]['Path']}{name}"


def test_the_table_is_the_record_that_moto_keeps_whole():
    assert gzip.decompress(TABLE.read_bytes()) == gzip.decompress(written()), (
        "run python tools/managed_policies.py"
    )


def test_every_policy_of_aws_has_a_document_that_can_be_judged():
    unread = [name for name in RECORDED if document_of(arn(name)) is None]
    assert unread == []
    assert len(RECORDED) > 1500


@pytest.mark.parametrize(
    "name", ["AWSLambda_FullAccess", "AmazonS3ReadOnlyAccess", "ReadOnlyAccess"]
)
def test_a_document_is_read_as_it_was_recorded(name: str):
    known = document_of(arn(name))
    recorded = parse(RECORDED[name]["Document"], name, Kind.IDENTITY)
    assert known is not None
    assert known.statements == recorded.statements


def test_a_policy_under_another_path_or_of_ones_own_is_none_of_aws():
    assert document_of("arn:aws:iam::aws:policy/other/AWSLambda_FullAccess") is None
    assert document_of("arn:aws:iam::123456789012:policy/AWSLambda_FullAccess") is None
    assert document_of("arn:aws-cn:iam::aws:policy/AWSLambda_FullAccess") is not None


def test_the_table_tells_when_it_is_too_old_to_be_trusted():
    age = dt.date.today() - dt.date.fromisoformat(table_date())
    assert age < dt.timedelta(days=365), "renew moto, then run python tools/managed_policies.py"


def test_administrators_exist_and_are_known_by_any_partitions_arn():
    assert set(RECORDED) >= ADMINISTRATORS
    assert is_administrator("arn:aws:iam::aws:policy/AdministratorAccess")
    assert is_administrator("arn:aws-us-gov:iam::aws:policy/job-function/SystemAdministrator")
    assert not is_administrator("arn:aws:iam::123456789012:policy/AdministratorAccess")
    assert is_full_access("arn:aws:iam::aws:policy/AmazonS3FullAccess")
    assert not is_full_access("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    assert managed_name("arn:aws:iam::123456789012:policy/mine") is None
