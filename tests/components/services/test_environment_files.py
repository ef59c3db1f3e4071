"""Files of environment variables in buckets: who reads them, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from testing.service_cases import DIGEST
from tests.components.small_systems import NETWORK, small_system
from tests.systems import services as read
from trellis.planner.record import Recording
from trellis.stackfile.problems import StackFileError

IMAGE = {"repository": "api", "digest": DIGEST}
FILE = {"bucket": "config", "file": "web/production.env"}
KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-1111-1111-1111-111111111111"


def system_of(service: dict[str, Any], **parts: Any) -> Recording:
    web = {"image": IMAGE, **service}
    return small_system(network=NETWORK, services={"web": web}, **parts)


@pytest.fixture(scope="module")
def system() -> Recording:
    return system_of(
        {"environmentFiles": [FILE, {"bucket": "theirs", "file": "shared.env"}]},
        buckets={"config": {}},
        existing={"buckets": {"theirs": {"name": "acme-config", "key": KEY}}},
    )


def test_a_task_reads_its_variables_from_files(system: Recording):
    (main,) = json.loads(system.one(read.TASK, "web").inputs["containerDefinitions"])
    bucket = system.one("aws:s3/bucket:Bucket", "config").outputs["arn"]
    assert main["environmentFiles"] == [
        {"value": f"{bucket}/web/production.env", "type": "s3"},
        {"value": "arn:aws:s3:::acme-config/shared.env", "type": "s3"},
    ]


def test_what_starts_a_task_reads_those_files_and_no_others(system: Recording):
    grants = {made["Sid"]: made for made in read.statements(system, "web-execution")}
    bucket = system.one("aws:s3/bucket:Bucket", "config").outputs["arn"]
    assert grants["ReadFiles"]["Action"] == "s3:GetObject"
    assert set(grants["ReadFiles"]["Resource"]) == {
        f"{bucket}/web/production.env",
        "arn:aws:s3:::acme-config/shared.env",
    }
    assert grants["DecryptFiles2"]["Resource"] == KEY
    assert not [made for made in read.statements(system, "web-task") if "s3" in str(made)]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ([{"bucket": "other", "file": "a.env"}], "other"),
        ([FILE, FILE], "a second time"),
        ([{"bucket": "config", "file": "a.txt"}], "a.txt"),
    ],
)
def test_a_file_that_is_not_there_or_twice_is_refused(files: list[Any], message: str):
    with pytest.raises(StackFileError, match=message):
        system_of({"environmentFiles": files}, buckets={"config": {}})
