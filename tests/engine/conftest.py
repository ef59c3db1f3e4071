"""Fixtures around the real engine; `README.md` beside this file says how to use them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.engine import ROOT, Engine, running


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The real engine. `engine.stack(project, "dev")` gives a fresh stack."""
    if not (ROOT / ".engine" / "pulumi").exists() and shutil.which("pulumi") is None:
        pytest.fail("there is no Pulumi CLI: run `make engine` first")
    with running(tmp_path_factory.mktemp("engine")) as engine:
        yield engine


@pytest.fixture
def own_project(tmp_path: Path) -> Path:
    """A project without settings of its own, for stack files that a test writes whole."""
    (tmp_path / "Pulumi.yaml").write_text(
        "name: shop\nruntime: python\nconfig:\n  trellis:system: {value: {name: shop}}\n"
    )
    return tmp_path
