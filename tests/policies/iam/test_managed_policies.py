"""The table of AWS-managed policies against another record of them."""

from __future__ import annotations

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
)

RECORDED = json.loads(aws_managed_policies_data)
HELD = {
    name: entry
    for name, entry in RECORDED.items()
    if document_of(f"arn:aws:iam::aws:policy{entry['Path']}{name}") is not None
}


@pytest.mark.parametrize("name", sorted(HELD))
def test_a_known_document_is_the_recorded_one(name):
    entry = HELD[name]
    known = document_of(f"arn:aws:iam::aws:policy{entry['Path']}{name}")
    recorded = parse(entry["Document"], name, Kind.IDENTITY)
    assert known is not None
    for mine, theirs in zip(known.statements, recorded.statements, strict=True):
        assert mine.effect is theirs.effect
        assert mine.actions == theirs.actions
        assert mine.not_actions == theirs.not_actions
        assert mine.resources == theirs.resources
        assert mine.conditions == theirs.conditions


def test_the_table_holds_what_common_service_roles_use():
    assert len(HELD) >= 30


def test_administrators_exist_and_are_known_by_any_partitions_arn():
    assert set(RECORDED) >= ADMINISTRATORS
    assert is_administrator("arn:aws:iam::aws:policy/AdministratorAccess")
    assert is_administrator("arn:aws-us-gov:iam::aws:policy/job-function/SystemAdministrator")
    assert not is_administrator("arn:aws:iam::123456789012:policy/AdministratorAccess")
    assert is_full_access("arn:aws:iam::aws:policy/AmazonS3FullAccess")
    assert not is_full_access("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    assert managed_name("arn:aws:iam::123456789012:policy/mine") is None
