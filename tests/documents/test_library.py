"""Components without a stack file, as a program of one's own and its unit tests use them."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from components.contracts import SubnetTier
from components.network.settings import NetworkSettings
from components.services.settings import ServiceSettings
from tests.recordings import ROOT

PAGE = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
NAMES = re.findall(r"^\| `([a-z_.]+)\.([A-Za-z]+)` \|", PAGE, re.MULTILINE)


def test_settings_take_plain_words_and_lists():
    network = NetworkSettings.model_validate({"subnets": {SubnetTier.PUBLIC: {}}}, strict=False)
    assert network.subnets == NetworkSettings(subnets={"public": {}}).subnets  # pyright: ignore[reportArgumentType]
    service = ServiceSettings(
        image={"repository": "web", "tag": "1"},  # pyright: ignore[reportArgumentType]
        port=80,
        routes=[{"host": "shop.example.com"}],  # pyright: ignore[reportArgumentType]
    )
    assert service.routes[0].hosts == ("shop.example.com",)
    assert service.model_fields_set == {"image", "port", "routes"}


def test_settings_are_as_strict_as_a_stack_file():
    with pytest.raises(ValueError, match="port\n  Input should be a valid integer"):
        ServiceSettings(image={"repository": "web", "tag": "1"}, port="80")  # pyright: ignore[reportArgumentType]


def test_the_page_lists_the_public_names():
    assert len(NAMES) > 30


@pytest.mark.parametrize(("module", "name"), NAMES, ids=str)
def test_every_public_name_is_there_and_documented(module: str, name: str):
    assert getattr(import_module(module), name).__doc__


@pytest.mark.long
def test_the_example_runs_under_mocks_that_only_echo(tmp_path: Path):
    (block,) = [match for match in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
                if "set_mocks" in match]  # fmt: skip
    test = tmp_path / "test_shop.py"
    test.write_text(block)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            str(test),
        ],
        cwd=ROOT / "examples" / "library",
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
