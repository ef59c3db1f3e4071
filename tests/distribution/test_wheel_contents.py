"""The wheel is whole and the same bytes every time, or it is not built."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from testing.checkout import ROOT, copy_of_checkout
from tests.architecture.test_module_graph import imports


def built(checkout: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """`hatchling build` of a checkout, with the hatchling that the locks pin."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    return subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)


def shipped() -> set[str]:
    """Every file that the packages and functions consist of, as a wheel should have it."""
    names = {"trellis/trellis.schema.json"}
    for package in ("components", "policies", "trellis", "functions"):
        for file in (ROOT / package).rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts and not for_oracles(file):
                name = file.relative_to(ROOT).as_posix()
                names.add(re.sub("^functions/", "components/_functions/", name))
    return names


def for_oracles(file: Path) -> bool:
    """Whether tests alone read it: the API operations behind the types of a package."""
    return file.name == "operations.py" or file == ROOT / "components" / "parts" / "operation.py"


@pytest.mark.long
def test_what_a_wheel_leaves_out_is_read_by_nothing_that_it_has() -> None:
    for package in ("components", "policies", "trellis"):
        for file in (ROOT / package).rglob("*.py"):
            if not for_oracles(file):
                assert not {name for name in imports(file) if OPERATIONS.search(name)}, file
                assert 'beside("operations")' not in file.read_text("utf-8"), file


OPERATIONS = re.compile(r"^components\.(\w+\.operations|parts\.operation)\b")


@pytest.mark.long
def test_a_wheel_has_every_file_and_is_the_same_bytes_again(tmp_path: Path) -> None:
    for name in ("one", "other"):
        made = built(ROOT, tmp_path / name)
        assert made.returncode == 0, made.stderr
    (one,), (other,) = ((tmp_path / name).glob("*.whl") for name in ("one", "other"))
    assert one.read_bytes() == other.read_bytes()
    with zipfile.ZipFile(one) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
        about = next(name for name in wheel.namelist() if name.endswith("/METADATA"))
        metadata = wheel.read(about).decode()
    assert names == shipped()
    assert "Requires-Python: <3.14,>=3.11" in metadata
    assert "Provides-Extra: build" in metadata
    assert "Requires-Dist: pulumi-awsx==3.11.0; extra == 'build'" in metadata


@pytest.mark.long
def test_a_build_that_would_leave_something_out_is_refused(tmp_path: Path) -> None:
    checkout = copy_of_checkout(tmp_path / "checkout")
    (checkout / "functions" / "rotation" / "rds-ca.pem").write_text("<html>not found</html>")
    (checkout / "functions" / "canary" / "heartbeat.js").unlink()
    (checkout / "docs" / "trellis.schema.json").unlink()
    made = built(checkout, tmp_path / "dist")
    assert made.returncode != 0
    assert not list(tmp_path.glob("dist/*.whl"))
    for name in ("functions/rotation/rds-ca.pem", "heartbeat.js", "docs/trellis.schema.json"):
        assert name in made.stderr


@pytest.mark.parametrize("folder", sorted(path.name for path in (ROOT / "functions").glob("*/")))
def test_every_function_is_asked_for_when_a_wheel_is_built(folder: str) -> None:
    if folder == "__pycache__":
        return
    required = runpy.run_path(str(ROOT / "tools" / "whole_wheel.py"))["REQUIRED"]
    assert any(name.startswith(f"functions/{folder}/") for name in required)
