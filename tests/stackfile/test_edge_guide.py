"""The guide of the edge is a stack that loads, plans and passes the pack, as it stands there."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from policies.guardrails.run import analyse
from trellis.planner.evidence import evidence
from trellis.planner.record import Recording, record

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "edge.md").read_text("utf-8")
NEEDED = """config:
  aws:region: eu-west-1
  trellis:account: "123456789012"
  trellis:name: shop
  trellis:environment: prod
  trellis:profile: production
  trellis:repositories: {api: {}}
"""


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    project = tmp_path_factory.mktemp("guide")
    blocks = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    lines = "".join(f"  {line}\n" for block in blocks for line in block.splitlines())
    (project / "Pulumi.yaml").write_text(f"name: shop\nruntime: python\nmain: {ROOT}\n")
    (project / "Pulumi.prod.yaml").write_text(NEEDED + lines)
    (project / "web" / "dist").mkdir(parents=True)
    (project / "web" / "dist" / "index.html").write_text("home")
    return record(project, "prod", "deployed")


def test_the_guide_s_blocks_are_one_stack_file_that_plans(guide: Recording):
    made = {resource.type.rpartition(":")[2] for resource in guide}
    assert {"Distribution", "WebAcl", "HostedZoneDnsSec", "VpcOrigin", "Invocation"} <= made
    assert [resource.name for resource in guide.of_type("aws:acm/certificate:Certificate")] == [
        "all",
        "all-edge",
    ]


def test_the_guide_s_stack_fails_no_mandatory_control(guide: Recording):
    report = analyse(evidence(guide), today=dt.date(2026, 11, 21))
    assert [finding.message() for finding in report.findings if finding.blocks] == []
