"""A team's own repository: Trellis from a wheel, a three-line program, stack files."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from testing.checkout import ROOT
from tests.engine.toolchain import toolchain
from tests.recordings import STACKS, recorded

pytestmark = pytest.mark.wheel

UV = Path(sys.executable).parent / "uv"
PROGRAM = """\
from trellis.assembly import build
from trellis.stackfile.loading import load

build(load())
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A new environment with the wheel and what the lock pins, and nothing of the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    python = folder / "venv" / "bin" / "python"

    def run(*command: str | Path) -> None:
        subprocess.run([str(part) for part in command], cwd=ROOT, check=True, capture_output=True)

    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    (wheel,) = folder.glob("*.whl")
    run(UV, "venv", "--python", sys.executable, folder / "venv")
    install = (UV, "pip", "install", "--python", python)
    run(*install, "--require-hashes", "-r", "requirements.lock")
    run(*install, "--no-deps", wheel)
    yield python.parent
    shutil.rmtree(folder / "venv")


def own_project(project: str, folder: Path) -> Path:
    """The stack files of a system in a repository of their own, with a program of their own."""
    for file in (*(ROOT / project).glob("Pulumi*.yaml"), *(ROOT / project).glob("trellis.*.json")):
        shutil.copy(file, folder)
    if project != ".":  # the root's folders are Trellis itself
        for own in (path for path in (ROOT / project).iterdir() if path.is_dir()):
            if own.name != "build":
                shutil.copytree(own, folder / own.name)
    main = folder / "Pulumi.yaml"
    lines = main.read_text("utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("main:")]
    main.write_text("\n".join(kept), encoding="utf-8")
    (folder / "__main__.py").write_text(PROGRAM)
    return folder


@pytest.mark.parametrize(("project", "stack"), STACKS)
def test_a_wheel_plans_every_system_as_the_checkout_does(
    project: str, stack: str, environment: Path, tmp_path: Path
) -> None:
    folder = own_project(project, tmp_path)
    done = subprocess.run(
        [str(environment / "trellis"), "plan", stack, "--json"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    # Where the project and the sources of functions are is the one difference.
    places = rf"{re.escape(str(environment.parent))}/lib/python[^/]+/site-packages/components/_"
    printed = done.stdout.replace(f"{folder}/", f"{(ROOT / project).resolve()}/")
    # Zips are told from where the command runs.
    printed = printed.replace('"build/functions/', f'"{project}/build/functions/')
    installed = json.loads(re.sub(places, f"{ROOT}/", printed))
    checkout = json.loads(json.dumps(recorded(project, stack, "preview").as_json()))
    for recording in (installed, checkout):
        recording["resources"].sort(key=lambda resource: resource["urn"])
    for found, wanted in zip(installed["resources"], checkout["resources"], strict=True):
        assert found == wanted
    assert installed == checkout


def test_a_wheel_judges_and_explains_and_knows_its_types(environment: Path, tmp_path: Path) -> None:
    folder = own_project(".", tmp_path)
    for command, code in (
        (("check", "dev"), 0),
        (("explain", "dev", "network.cidr"), 0),
        (("schema",), 0),
        (("dashboard", "dev"), 0),
    ):
        done = subprocess.run(
            [str(environment / "trellis"), *command],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr
    script = (
        "from importlib.resources import files as f; import json\n"
        "print(all(f(p).joinpath('py.typed').is_file() for p in"
        " ('trellis', 'components', 'policies')))\n"
        "print(json.loads(f('trellis').joinpath('trellis.schema.json').read_text())['title'])"
    )
    done = subprocess.run(
        [str(environment / "python"), "-c", script],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["True", "Trellis stack file"]


def test_the_page_on_a_repository_of_ones_own_is_one_that_plans(
    environment: Path, tmp_path: Path
) -> None:
    page = (ROOT / "docs" / "own-repository.md").read_text("utf-8")
    for name, text in re.findall(r"^`([^`\n]+)`[^\n]*:\n\n```[a-z]*\n(.*?)```", page, re.M | re.S):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    for command in ("plan", "check", "explain"):
        done = subprocess.run(
            [str(environment / "trellis"), command, "dev"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in (0, 1), done.stderr
        assert "Traceback" not in done.stderr
        assert done.stdout
    # The pack serves until the engine ends it: it says its port when it has started.
    pack = toolchain(tmp_path / "guardrails" / "PulumiPolicy.yaml")
    assert pack.virtualenv == tmp_path / ".venv"
    with subprocess.Popen(
        [str(environment / "python"), "-u", "-m", "pulumi.policy", "127.0.0.1:1", "."],
        cwd=pack.program,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline().strip().isdigit()
        running.terminate()
