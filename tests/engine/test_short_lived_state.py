"""A pull request's stack, whose file is kept nowhere: its settings and what encrypts its state come
out of the state, as the workflow `trellis-environments` has them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT
from tests.start.test_short_lived import DEV, SHARED
from trellis.cli.main import main
from trellis.start.short_lived import ENGINE_KEYS

pytestmark = pytest.mark.engine

BUILT = ROOT / ".engine" / "pulumi"


class Cli:
    """The CLI over a folder as the state's bucket."""

    def __init__(self, folder: Path, project: Path) -> None:
        self._program = str(BUILT) if BUILT.exists() else str(shutil.which("pulumi"))
        self._project = project
        self._environment = {
            **os.environ, "PULUMI_CONFIG_PASSPHRASE": "x", "PULUMI_HOME": str(folder / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true", "PULUMI_BACKEND_URL": f"file://{folder}",
        }  # fmt: skip

    def __call__(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self._program, *words, "--non-interactive"], cwd=self._project, check=False,
            env=self._environment, capture_output=True, text=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text(SHARED)
    (folder / "Pulumi.dev.yaml").write_text(DEV)
    return folder


def test_a_stack_in_which_nothing_was_made_is_begun_again_and_one_that_stands_goes_on(
    project: Path, tmp_path: Path
):
    (tmp_path / "state").mkdir()
    pulumi, file = Cli(tmp_path / "state", project), project / "Pulumi.pr-7.yaml"
    begin = ("stack", "init", "pr-7", "--secrets-provider", "passphrase")
    assert pulumi(*begin).returncode == 0
    file.unlink()
    assert pulumi("stack", "select", "pr-7").returncode == 0
    assert pulumi("config", "refresh", "--force", "--stack", "pr-7").returncode != 0
    assert pulumi("stack", "rm", "--yes", "--stack", "pr-7").returncode == 0
    assert pulumi(*begin).returncode == 0
    like = ["environment", "pr-7", "--like", "dev", "--project", str(project)]
    assert main(like) == 0
    kept = yaml.safe_load(file.read_text())
    assert set(ENGINE_KEYS) & set(kept), "what encrypts the state stands in the file"
    # A deployment of nothing: what matters is what the state remembers of the settings.
    state = pulumi("stack", "export", "--stack", "pr-7").stdout
    (tmp_path / "exported.json").write_text(state)
    words = ("stack", "import", "--stack", "pr-7", "--file", str(tmp_path / "exported.json"))
    assert pulumi(*words).returncode == 0
    assert pulumi("refresh", "--yes", "--stack", "pr-7").returncode == 0
    file.unlink()
    assert pulumi("config", "refresh", "--force", "--stack", "pr-7").returncode == 0
    found = yaml.safe_load(file.read_text())
    assert {key: found.get(key) for key in ENGINE_KEYS} == {
        key: kept.get(key) for key in ENGINE_KEYS
    }
    for name in ("environment", "expires"):
        assert found["config"][f"trellis:{name}"] == kept["config"][f"trellis:{name}"]
    assert main(like) == 0, "its own file of before is written again"
    # The branch that is checked out for the end knows nothing of it.
    file.unlink()
    assert pulumi("config", "refresh", "--force", "--stack", "pr-7").returncode == 0
    done = pulumi("destroy", "--yes", "--refresh", "--remove", "--stack", "pr-7")
    assert done.returncode == 0, done.stdout + done.stderr
    left = [one.name for one in (tmp_path / "state/.pulumi/stacks/shop").iterdir()]
    assert "pr-7.json" not in left
