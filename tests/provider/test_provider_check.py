"""The real AWS provider's schema and validation on every stack: the second independent oracle.

The checker is no part of this repository: it stands at `$TRELLIS_SHARED/tools/provider_check`,
by default beside the clone in `../shared`. It runs the program, writes what it registers as
Terraform configuration, and lets terraform validate and plan it with the provider itself.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, STACKS

pytestmark = pytest.mark.provider

SHARED = Path(os.environ.get("TRELLIS_SHARED", ROOT.parent / "shared"))
CHECKER = SHARED / "tools" / "provider_check" / "provider_check.py"
PLUGINS = Path(os.environ.get("PROVIDER_CHECK_PLUGINS", "/opt/tf-plugins"))


@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not on PATH")
@pytest.mark.skipif(not PLUGINS.is_dir(), reason=f"no AWS provider at {PLUGINS}")
@pytest.mark.skipif(not CHECKER.is_file(), reason=f"no checker at {CHECKER}: set TRELLIS_SHARED")
@pytest.mark.parametrize(("project", "stack"), STACKS)
def test_the_aws_provider_accepts_every_resource(project: str, stack: str, tmp_path: Path) -> None:
    command = [sys.executable, str(CHECKER), "check", "--project", str(ROOT / project)]
    command += ["--stack", stack, "--out", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
