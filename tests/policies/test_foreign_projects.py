"""For projects that use nothing else of Trellis: levels by severity, and a baseline."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from scenes import facts

from policies.guardrails.catalog import control
from policies.guardrails.command import main
from policies.guardrails.control import Level, Outcome
from policies.guardrails.foreseen import foreseen
from policies.guardrails.run import analyse
from policies.guardrails.settings import Settings
from tests.policies.mutated import TODAY

TABLE = {
    "urn": "urn:pulumi:dev::shop::aws:dynamodb/table:Table::orders",
    "type": "aws:dynamodb/table:Table",
    "inputs": {"name": "orders", "billingMode": "PAY_PER_REQUEST"},
}
LISTENER = {
    "urn": "urn:pulumi:dev::shop::aws:rds/clusterInstance:ClusterInstance::main",
    "type": "aws:rds/clusterInstance:ClusterInstance",
    "inputs": {"publiclyAccessible": True},
}


def export(folder: Path, *resources: dict[str, object]) -> str:
    file = folder / "export.json"
    file.write_text(json.dumps({"deployment": {"resources": resources}}), encoding="utf-8")
    return str(file)


def test_by_severity_only_critical_and_high_stop(tmp_path: Path):
    assert main([export(tmp_path, TABLE), "--levels", "severity"]) == 0
    assert main([export(tmp_path, TABLE)]) == 1
    assert main([export(tmp_path, LISTENER), "--levels", "severity"]) == 1


@pytest.mark.parametrize("option", ["document", "--baseline", "--config"])
def test_a_file_in_another_encoding_is_named_with_the_place(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    wrong = tmp_path / "utf-16.json"
    wrong.write_bytes("{}".encode("utf-16"))
    given = [str(wrong)] if option == "document" else [export(tmp_path, TABLE), option, str(wrong)]
    assert main(given) == 2
    assert capsys.readouterr().err == f"{wrong}: not UTF-8 (byte 0); write it in that\n"


def test_a_full_disk_and_a_reader_that_has_gone_end_in_words(tmp_path: Path):
    command = [sys.executable, "-m", "policies.guardrails", export(tmp_path, TABLE)]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "standard output can't be written: No space left on device\n"
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_level_that_is_chosen_goes_before_severity():
    chosen = Settings({"DynamoDB.2": Level.MANDATORY}, by_severity=True)
    assert chosen.level_of(control("DynamoDB.2")) is Level.MANDATORY
    assert chosen.level_of(control("DynamoDB.6")) is Level.ADVISORY
    assert chosen.level_of(control("RDS.2")) is Level.MANDATORY


def test_a_baseline_accepts_what_is_there_and_fails_what_is_new(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    baseline, today = str(tmp_path / "baseline.json"), ["--today", "2026-11-21"]
    old = export(tmp_path, TABLE)
    assert main([old, "--write-baseline", baseline, "--until", "2027-05-31", *today]) == 0
    assert main([old, "--baseline", baseline, *today]) == 0
    assert "accepted in the baseline until 2027-05-31" in capsys.readouterr().out
    new = export(tmp_path, TABLE, LISTENER)
    assert main([new, "--baseline", baseline, *today]) == 1
    printed = capsys.readouterr().out
    assert "FAIL    RDS.2 main" in printed
    assert "FAIL    DynamoDB" not in printed


@pytest.mark.parametrize("until", ["2026-11-20", "2028-11-21"])
def test_a_baseline_that_has_ended_or_is_for_ever_fails_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], until: str
):
    baseline, today = str(tmp_path / "baseline.json"), ["--today", "2026-11-21"]
    old = export(tmp_path, TABLE)
    main([old, "--write-baseline", baseline, "--until", until, *today])
    assert main([old, "--baseline", baseline, *today]) == 1
    assert f"the baseline ends on {until}" in capsys.readouterr().out


def test_a_baseline_tells_of_what_is_not_there_any_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    baseline, today = str(tmp_path / "baseline.json"), ["--today", "2026-11-21"]
    main(
        [export(tmp_path, LISTENER), "--write-baseline", baseline, "--until", "2027-01-01", *today]
    )
    safe = {**LISTENER, "inputs": {"publiclyAccessible": False}}
    main([export(tmp_path, safe), "--baseline", baseline, *today])
    assert "accepts 1 findings that are not there any more" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("nothing", "not JSON"),
        ("{}", "it needs `until` (a date) and `accepted` (a list)"),
        ('{"until": "soon", "accepted": []}', "until is no date"),
        ('{"until": "2027-01-01", "accepted": [1]}', "needs `control` and `urn`"),
    ],
)
def test_what_is_no_baseline_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, message: str
):
    file = tmp_path / "baseline.json"
    file.write_text(content, encoding="utf-8")
    assert main([export(tmp_path, TABLE), "--baseline", str(file)]) == 2
    assert message in capsys.readouterr().err


def test_a_baseline_is_written_with_its_end_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main([export(tmp_path, TABLE), "--write-baseline", str(tmp_path / "b.json")]) == 2
    assert "--write-baseline and --until go together" in capsys.readouterr().err


def test_what_a_preview_leaves_open_is_told_as_the_update_will_decide_it():
    one = [control("RDS.3")]
    open_ = analyse(
        facts({"db_instance main": {"storageEncrypted": "?"}}, deployed=False),
        today=TODAY,
        controls=one,
    )
    for value, outcome in ((True, Outcome.PASS), (False, Outcome.FAIL), ("?", Outcome.UNKNOWN)):
        later = analyse(
            facts({"db_instance main": {"storageEncrypted": value}}, deployed=True),
            today=TODAY,
            controls=one,
        )
        (finding,) = foreseen(open_, later).findings
        assert finding.outcome is outcome
        assert finding.simulated is (outcome is not Outcome.UNKNOWN)


def test_what_a_preview_decides_stays_as_it_is():
    closed = analyse(
        facts({"db_instance main": {"storageEncrypted": False}}, deployed=False),
        today=dt.date(2026, 11, 21),
        controls=[control("RDS.3")],
    )
    later = analyse(
        facts({"db_instance main": {"storageEncrypted": True}}, deployed=True),
        today=dt.date(2026, 11, 21),
        controls=[control("RDS.3")],
    )
    assert foreseen(closed, later) is closed
