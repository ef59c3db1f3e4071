"""`.ci/run` leaves out what it is asked to leave out, and says so."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from testing.checkout import ROOT

STEPS = {
    "long": "long",
    "engine": "engine",
    "oracles": "node",
    "servers": "servers",
    "browser": "browser",
    "wheel": "wheel",
    "provider": "provider",
}
"""Steps that bring what a marker of tests needs."""


@pytest.fixture
def ran(tmp_path: Path):
    """`ran(left out)`: what `.ci/run` called and said, with programs that only note their call."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    calls = tmp_path / "calls"
    for name in ("bin/make", "bin/sh", "bin/node", "bin/go", "bin/chromium", ".venv/bin/python"):
        stub = tmp_path / name
        stub.parent.mkdir(parents=True, exist_ok=True)
        stub.write_text(f'#!/bin/bash\necho "{stub.name} $*" >> {calls}\n')
        stub.chmod(0o755)
    servers = tmp_path / "tests" / "rotation" / "install_servers.sh"
    servers.parent.mkdir(parents=True)
    servers.touch()

    def run(left_out: str) -> tuple[str, str]:
        calls.write_text("")
        done = subprocess.run(
            [str(tmp_path / ".ci" / "run")],
            env={"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin", "CI_LEAVE_OUT": left_out},
            capture_output=True,
            text=True,
            check=True,
        )
        return calls.read_text(), done.stdout

    return run


def markers(calls: str) -> set[str]:
    """Of the tests that the last step ran."""
    found = re.search(r"python -m pytest .* -m \((.+)\) and not minutes", calls)
    return set(found[1].split(" or ")) if found else set()


def test_everything_is_run_that_the_machine_has_something_for(ran) -> None:
    calls, output = ran("")
    assert markers(calls) == set(STEPS.values())
    assert "left out" not in output


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_is_left_out_takes_its_tests_with_it(step: str, ran) -> None:
    calls, output = ran(step)
    gone = {STEPS[step], *(("browser",) if step == "oracles" else ())}
    assert markers(calls) == set(STEPS.values()) - gone
    assert f"== {step} left out: asked to" in output
    assert not re.search(rf"make .* {step}$", calls, re.MULTILINE)


def test_every_step_can_be_left_out(ran) -> None:
    calls, output = ran("test lint types architecture actionlint site outside " + " ".join(STEPS))
    assert calls == ""
    assert output.rstrip().endswith("provider engine oracles servers browser site")
