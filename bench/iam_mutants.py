"""Would the tests of the IAM analysis notice a wrong analysis: mutation testing of a sample.

Each sampled change of a module of `policies/guardrails/iam` is written into a copy of the project,
and the tests of the analysis run there until one fails. A change that none notices has survived.
`python -m bench.iam_mutants` takes about five seconds a change.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random

from bench.policy_mutants import LEAST_KILLED, ROOT, mutants

SEED = 20261121
SAMPLE = 12
MODULES = (
    "conditions.py",
    "escalation.py",
    "exposure.py",
    "permissions.py",
    "principals.py",
    "resource_policies.py",
    "trust.py",
)
FOLDER = Path("policies", "guardrails", "iam")
TESTS = ("tests/policies/iam", "tests/policies/test_fixtures.py")
LEFT_OUT = ("test_iam_simulate_agreement.py",)
SECONDS_A_CHANGE = 180
Change = tuple[str, str, ast.Module]


def main() -> int:
    """Print how many sampled changes were noticed, and those that were not."""
    changes = sample(int(os.environ.get("SAMPLE", SAMPLE)))
    survivors: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        project = _copy(Path(folder))
        if not _passes(project):
            print("the tests fail without any change")
            return 1
        for module, label, tree in changes:
            file = project / FOLDER / module
            before = file.read_text(encoding="utf-8")
            file.write_text(ast.unparse(tree), encoding="utf-8")
            if _passes(project):
                survivors.append(f"{module} {label}")
                print(f"not noticed: {survivors[-1]}", flush=True)
            file.write_text(before, encoding="utf-8")
    share = 1 - len(survivors) / len(changes)
    noticed = len(changes) - len(survivors)
    print(f"noticed {noticed} of {len(changes)}: {share:.1%} (at least {LEAST_KILLED:.0%})")
    return int(share < LEAST_KILLED)


def sample(size: int) -> Sequence[Change]:
    """Changes of the analysis's modules, the same for the same seed and code."""
    every: list[Change] = []
    for module in MODULES:
        tree = ast.parse((ROOT / FOLDER / module).read_text(encoding="utf-8"))
        every.extend((module, label, mutant) for label, mutant in mutants(tree))
    return Random(SEED).sample(every, min(size, len(every)))


def _copy(folder: Path) -> Path:
    project = folder / "project"
    project.mkdir()
    for name in ("policies", "tests", "trellis", "components", "functions", "bench"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", project)
    return project


def _passes(project: Path) -> bool:
    left_out = [f"--ignore=tests/policies/iam/{name}" for name in LEFT_OUT]
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-x", *TESTS, *left_out]
    environment = {**os.environ, "PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        finished = subprocess.run(
            command,
            cwd=project,
            env=environment,
            capture_output=True,
            check=False,
            timeout=SECONDS_A_CHANGE,
        )
    except subprocess.TimeoutExpired:
        return False
    return finished.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
