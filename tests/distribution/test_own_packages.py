"""A project with a package of its own under one of Trellis's names is told so, everywhere alike."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pulumi
import pytest

from testing.checkout import ROOT
from trellis.packages import refuse_others
from trellis.planner.record import record

STACK = """\
config:
  aws:region: us-east-1
  trellis:environment: dev
  trellis:profile: development
  trellis:account: "123456789012"
  trellis:buckets: {files: {}}
"""
PROJECT = """\
name: shop
runtime: python
config:
  trellis:system: {value: {name: shop}}
"""
PROGRAM = """\
from trellis.assembly import build
from trellis.stackfile.loading import load

build(load())
"""


def project(folder: Path, own: str) -> Path:
    (folder / "Pulumi.yaml").write_text(PROJECT)
    (folder / "Pulumi.dev.yaml").write_text(STACK)
    (folder / "__main__.py").write_text(PROGRAM)
    package = folder / own
    package.parent.mkdir(exist_ok=True)
    package.write_text("")
    return folder


@pytest.mark.parametrize("own", ["components/__init__.py", "policies/__init__.py", "components.py"])
def test_plan_and_engine_say_the_same_of_a_package_of_ones_own(own: str, tmp_path: Path) -> None:
    folder = project(tmp_path, own)
    name = own.partition("/")[0].removesuffix(".py")
    with pytest.raises(pulumi.RunError, match=f"is a package called `{name}`") as plan:
        record(folder, "dev")
    # As the engine does: the program's folder leads the module path from the start.
    engine = subprocess.run(
        [sys.executable, "-c", "import trellis"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"pulumi.errors.RunError: {plan.value}" in engine.stderr


def test_folders_that_are_no_packages_and_trellis_itself_are_in_nobodys_way(
    tmp_path: Path,
) -> None:
    for name in ("components", "policies", "functions"):
        (tmp_path / name).mkdir()
    refuse_others([str(tmp_path), str(ROOT)])
