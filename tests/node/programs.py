"""Runs the Node programs beside this file: oracles that are not ours."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parent
INSTALLED = FOLDER / "node_modules" / ".package-lock.json"
LONGEST_RUN = 300
"""Seconds."""


def answered(script: str, question: object, *, packages: bool = False) -> Any:
    """What a program of this folder prints for a question, both JSON.

    A test that needs Node fails without it, for a skipped oracle looks green: leave the tests
    marked `node` out where Node is not.
    """
    if shutil.which("node") is None:
        pytest.fail("Node.js is not on PATH")
    if packages and not INSTALLED.exists():
        pytest.fail("the packages of tests/node are not there: run `make oracles`")
    done = subprocess.run(
        ["node", script],
        cwd=FOLDER,
        input=json.dumps(question),
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST_RUN,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def iam_verdicts(cases: Sequence[Mapping[str, object]]) -> list[str]:
    """`Allowed`, `ImplicitlyDenied`... or `error...` of each case, says iam-simulate."""
    return answered("iam-simulate.mjs", cases, packages=True)


def iam_allows(cases: Sequence[Mapping[str, object]]) -> list[bool]:
    """Whether each case is allowed, says iam-simulate; a case it cannot judge is a failure."""
    verdicts = iam_verdicts(cases)
    assert not [verdict for verdict in verdicts if verdict.startswith("error")], verdicts
    return [verdict == "Allowed" for verdict in verdicts]
