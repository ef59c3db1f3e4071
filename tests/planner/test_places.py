"""A finding is placed where the stack file says it: file, line and setting."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from policies.guardrails.outcomes import Finding, Place
from policies.guardrails.run import analyse
from tests.conftest import ROOT
from tests.recordings import recorded
from trellis.planner.evidence import evidence
from trellis.planner.places import placed
from trellis.planner.record import record
from trellis.registry import PARTS
from trellis.stackfile.loading import read_stack
from trellis.stackfile.resolution import resolve

TODAY = dt.date(2026, 11, 21)

PROJECT = f"""\
name: shop
runtime: python
main: {ROOT}
config:
  trellis:system:
    value:
      buckets:
        shared: {{versioning: false}}
"""

STACK = """\
config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: prod
  trellis:network: {}
  trellis:databases:
    main:
      engine: postgres
      version: "16"
      instanceClass: db.t4g.medium
      backups:
        retentionDays: 3
      deletionProtection: false
    other: {engine: postgres, version: "16", instanceClass: db.t4g.medium, multiAz: false}
  trellis:topics: {events: {}}
  trellis:caches:
    main: {nodeType: cache.t4g.small, notify: true}
  trellis:queues:
    jobs: {}
    jobs-late: {deadLetters: none}
  trellis:services:
    web:
      image: {uri: "public.ecr.aws/a/web@sha256:DIGEST"}
      sidecars:
        log:
          image: {uri: "public.ecr.aws/a/log@sha256:DIGEST"}
          readOnlyRoot: false
  trellis:baseline:
    configuration: {}
""".replace("DIGEST", "0123456789abcdef" * 4)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Mapping[tuple[str, str], Place | None]:
    """By control and resource."""
    folder: Path = tmp_path_factory.mktemp("shop")
    (folder / "Pulumi.yaml").write_text(PROJECT)
    (folder / "Pulumi.prod.yaml").write_text(STACK)
    recording = record(folder, "prod", "deployed")
    files = read_stack(folder, "prod")
    report = placed(
        analyse(evidence(recording), today=TODAY), recording, resolve(files.config, files).layers
    )
    return {(one.control.id, one.resource): one.place for one in report.findings}


@pytest.mark.parametrize(
    ("control", "resource", "line", "setting"),
    [
        ("RDS.8", "main", 13, "databases.main.deletionProtection"),
        ("RDS.11", "main", 12, "databases.main.backups.retentionDays"),
        ("RDS.5", "other", 14, "databases.other.multiAz"),
        ("RDS.8", "other", 14, "databases.other"),
        ("SNS.1", "main-events", 17, "caches.main.notify"),
        ("SQS.dead-letter", "jobs-late", 20, "queues.jobs-late.deadLetters"),
        ("SQS.dead-letter", "jobs", 19, "queues.jobs"),
        ("ECS.5", "web", 27, "services.web.sidecars.log.readOnlyRoot"),
        ("S3.9", "audit-trail", 28, "baseline"),
        ("Config.1", "", 28, "baseline"),
        ("Budgets.production", "", 1, ""),
    ],
)
def test_a_finding_names_the_setting_that_is_written_else_what_holds_it(
    places: Mapping[tuple[str, str], Place | None],
    control: str,
    resource: str,
    line: int,
    setting: str,
):
    assert places[control, resource] == Place("Pulumi.prod.yaml", line, setting)


def test_a_setting_of_the_shared_system_is_placed_in_the_project_file(
    places: Mapping[tuple[str, str], Place | None],
):
    assert places["S3.14", "shared"] == Place("Pulumi.yaml", 8, "buckets.shared.versioning")


def test_every_component_is_a_part_of_the_stack_file():
    sources = (file.read_text() for file in (ROOT / "components").rglob("*.py"))
    made = {kind for text in sources for kind in re.findall(r'"(trellis:\w+:\w+)", name', text)}
    assert made
    assert made == set(PARTS)


def test_every_finding_about_a_tier_of_a_real_stack_has_a_place():
    recording = recorded(".", "prod")
    files = read_stack(ROOT, "prod")
    report = placed(
        analyse(evidence(recording), today=TODAY), recording, resolve(files.config, files).layers
    )
    own = [one for one in report.findings if "$trellis:" in one.urn]
    assert own
    assert not [_line_of(one) for one in own if one.place is None or not one.place.setting]


def _line_of(finding: Finding) -> str:
    return f"{finding.control.id} {finding.urn}: {finding.place}"
