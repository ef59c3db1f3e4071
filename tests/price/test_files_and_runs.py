"""File systems and state machines: what is stated, assumed, and follows from settings."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.components.small_systems import NETWORK
from tests.recordings import ROOT
from trellis.price.estimate import Estimate
from trellis.price.pricing import StackFolder, price_of
from trellis.stackfile.problems import StackFileError

IMAGE = {"uri": f"123456789012.dkr.ecr.us-east-1.amazonaws.com/app@sha256:{'0' * 64}"}
JOB: dict[str, Any] = {"image": IMAGE, "schedule": "rate(1 day)", "subnets": "private"}
LIMITED = {**JOB, "timeout": 3600, "rerun": {"attempts": 2}}


def priced(folder: Path, **parts: Any) -> Estimate:
    (folder / "Pulumi.yaml").write_text(
        f"name: shop\nruntime: python\nmain: {ROOT}\nconfig:\n"
        "  pulumi:disable-default-providers:\n    value: [aws]\n"
    )
    given = {"name": "shop", "environment": "dev", "profile": "production", **parts}
    config = {"aws:region": "us-east-1", **{f"trellis:{key}": v for key, v in given.items()}}
    (folder / "Pulumi.dev.yaml").write_text(json.dumps({"config": config}))
    return price_of(StackFolder(folder, "dev")).estimate


def amounts(found: Estimate, *prefixes: str) -> dict[str, Decimal]:
    return {
        line.charge.key: line.charge.quantity.expected
        for _, line in found.single_lines
        if line.charge.key.startswith(prefixes)
    }


def test_what_is_stated_of_a_file_system_is_what_is_counted(tmp_path: Path) -> None:
    stated = {
        "gb": 7, "infrequentGb": 11, "archiveGb": 13, "readGb": 17, "writtenGb": 19,
        "infrequentReadGb": 23, "archiveReadGb": 29, "backupGb": 31,
    }  # fmt: skip
    found = priced(
        tmp_path,
        network=NETWORK,
        fileSystems={"media": {"archiveDays": 90}},
        usage={"fileSystems": {"media": stated}},
    )
    assert amounts(found, "AmazonEFS", "AWSBackup/efs") == {
        "AmazonEFS/standard/gbMonth": 7,
        "AmazonEFS/standardIa/gbMonth": 11,
        "AmazonEFS/archive/gbMonth": 13,
        "AmazonEFS/throughput/elasticRead/gb": 17,
        "AmazonEFS/throughput/elasticWrite/gb": 19,
        "AmazonEFS/iaAccess/read/gb": 23,
        "AmazonEFS/archiveAccess/read/gb": 29,
        "AWSBackup/efs/warm/gbMonth": 31,
    }


def test_bursting_is_paid_by_what_is_stored_alone(tmp_path: Path) -> None:
    files = {"media": {"throughput": "bursting", "backups": False}}
    stated = {"media": {"gb": 5, "infrequentGb": 6}}
    found = priced(tmp_path, network=NETWORK, fileSystems=files, usage={"fileSystems": stated})
    assert amounts(found, "AmazonEFS", "AWSBackup/efs") == {
        "AmazonEFS/standard/gbMonth": 5,
        "AmazonEFS/standardIa/nonElastic/gbMonth": 6,
    }


@pytest.mark.parametrize(
    ("files", "measure"),
    [
        ({"infrequentDays": "none"}, "infrequentGb"),
        ({"infrequentDays": "none"}, "infrequentReadGb"),
        ({}, "archiveGb"),
        ({}, "archiveReadGb"),
        ({"throughput": "bursting"}, "readGb"),
        ({"throughput": "bursting"}, "writtenGb"),
        ({"backups": False}, "backupGb"),
    ],
)
def test_use_that_a_file_system_can_not_have_is_refused(
    files: dict[str, Any], measure: str, tmp_path: Path
) -> None:
    usage = {"fileSystems": {"media": {measure: 1}}}
    with pytest.raises(StackFileError, match=rf"usage\.fileSystems\.media\.{measure}"):
        priced(tmp_path, network=NETWORK, fileSystems={"media": files}, usage=usage)


def test_use_of_a_file_system_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StackFileError, match=r"usage\.fileSystems\.media"):
        priced(tmp_path, usage={"fileSystems": {"media": {"gb": 1}}})


def test_a_state_machine_counts_the_steps_of_its_jobs_runs(tmp_path: Path) -> None:
    """Its parallel state, the task and its limit with the end of each, and the end of all."""
    found = priced(
        tmp_path,
        network=NETWORK,
        jobs={"nightly": LIMITED},
        usage={"jobs": {"nightly": {"runs": 30, "minutes": 5}}},
    )
    assert amounts(found, "AmazonStates") == {"AmazonStates/standard/transition": 30 * 6}
    (line,) = (one for _, one in found.single_lines if "AmazonStates" in one.charge.key)
    assert [reason.text for reason in line.charge.reasons] == ["stated", "6 steps a run, at most"]


def test_what_is_stated_of_crawlers_is_of_all_of_a_catalog(tmp_path: Path) -> None:
    catalog = {
        "from": {"put": True}, "bucket": "data", "type": ".kind", "date": {"since": "2026-11-01"},
        "tables": {"clicks": {"columns": {"page": "string"}}},
        "crawlers": {"exports": {"prefix": "exports/"}, "dumps": {"prefix": "dumps/"}},
    }  # fmt: skip
    given: dict[str, Any] = {"buckets": {"data": {}}, "catalogs": {"lake": catalog}}
    stated = priced(tmp_path, **given, usage={"catalogs": {"lake": {"crawlerDpuHours": 3}}})
    key = "AWSGlue/crawler/dpuHour"
    assert amounts(stated, key) == {key: 3}
    assert sum(line.charge.key == key for _, line in stated.single_lines) == 1
    assumed = priced(tmp_path, **given, usage={"size": "small"})
    assert amounts(assumed, key) == {key: 2}
