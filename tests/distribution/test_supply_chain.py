"""Nothing is installed that is not pinned by hash, and everything says the same of Python."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from testing.checkout import PYTHON_VERSIONS, ROOT

LOCKS = (
    "requirements.lock",
    "requirements-images.lock",
    "requirements-dev.lock",
    "requirements-tools.lock",
    "requirements-site.lock",
    "requirements-release.lock",
    "policies/requirements.txt",
)


def pins(lock: str) -> dict[str, str]:
    """Versions by name; a requirement without a hash, or with a range, fails the test."""
    text = re.sub(r"\\\n\s*", " ", (ROOT / lock).read_text("utf-8"))
    found: dict[str, str] = {}
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = re.match(r"([a-z0-9._-]+)==(\S+)", line)
        assert match is not None, f"{lock}: {line}"
        assert "--hash=sha256:" in line, f"{lock}: {line}"
        found[match[1]] = match[2]
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_of_a_lock_has_a_version_and_a_hash(lock: str) -> None:
    assert pins(lock)


def test_the_locks_agree_where_they_meet_in_one_environment() -> None:
    runtime = pins("requirements.lock")
    for lock in LOCKS[1:5] + LOCKS[6:]:
        other = pins(lock)
        assert {n: v for n, v in other.items() if n in runtime} == {
            n: v for n, v in runtime.items() if n in other
        }, lock


def test_what_builds_the_package_is_pinned_and_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    locked = pins("requirements-tools.lock")
    for requirement in project["build-system"]["requires"]:
        name, _, version = requirement.partition("==")
        assert locked[name] == version


def test_the_makefile_installs_nothing_without_a_hash() -> None:
    lines = [
        line
        for line in (ROOT / "Makefile").read_text("utf-8").splitlines()
        if re.search(r"\bpip install\b", line)
    ]
    assert len(lines) == 5
    for line in lines:
        # This project itself: built with what is installed already, and nothing beside it.
        own = "--no-deps --no-build-isolation --editable ." in line
        assert own or "--require-hashes -r requirements" in line, line


def test_a_stack_of_ones_own_needs_no_plugin_that_it_does_not_use() -> None:
    """`pulumi install` fetches a plugin for every provider's package in the environment."""
    plugins = {name for name in pins("requirements.lock") if name.startswith("pulumi-")}
    assert plugins == {"pulumi-aws", "pulumi-policy"}
    assert "pulumi-awsx" in pins("requirements-images.lock")


def test_only_an_editor_needs_the_library_of_the_language_server() -> None:
    assert "pygls" not in pins("requirements.lock")
    runtime, editors = pins("requirements.lock"), pins("requirements-editors.lock")
    assert {name: editors[name] for name in runtime} == runtime
    assert editors.keys() - runtime.keys() == {"attrs", "cattrs", "lsprotocol", "pygls"}


def test_pulumi_install_finds_the_lock() -> None:
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["-r requirements.lock"]


def test_readme_makefile_and_package_name_the_same_pythons() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["requires-python"] == ">=3.11,<3.14"
    assert "Python 3.11, 3.12 or 3.13" in (ROOT / "README.md").read_text("utf-8")
    assert "(3, 11) <= v < (3, 14)" in (ROOT / "Makefile").read_text("utf-8")
    classifiers = [
        classifier for classifier in project["classifiers"] if "Python :: 3." in classifier
    ]
    assert [classifier.rpartition(" ")[2] for classifier in classifiers] == list(PYTHON_VERSIONS)


@pytest.mark.parametrize(("version", "works"), [("3.10.9", False), ("3.14.0", False)])
def test_make_refuses_another_python_by_name(version: str, works: bool, tmp_path: Path) -> None:
    python = tmp_path / "python"
    code = (
        f"import sys; sys.version_info = {tuple(map(int, version.split('.')))}; "
        f"sys.version = '{version} (main)'; exec(sys.argv[1])"
    )
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{code}" "$2"\n')
    python.chmod(0o755)
    command = ["make", "-s", f"PYTHON={python}", f"VENV={tmp_path}/venv", f"{tmp_path}/venv/.tools"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "MAKEFLAGS": ""},
    )
    assert (done.returncode == 0) is works
    assert f"3.11, 3.12 or 3.13; found {version}" in done.stderr
    assert not (tmp_path / "venv").exists()
