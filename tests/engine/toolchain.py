"""How Pulumi's Python toolchain `pip` takes a project and a policy pack.

After sdk/python/toolchain/pip.go of Pulumi 3.259, whose language host is in no registry that tests
can use: options stand under `runtime`, `virtualenv` is relative to the file that has it, and
requirements.txt is looked for in the program's folder.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Toolchain:
    """One Pulumi.yaml or PulumiPolicy.yaml."""

    program: Path
    """Folder that the program runs in, and its requirements.txt stands in."""
    virtualenv: Path | None
    """None where whichever `python3` is on PATH would run it."""

    @property
    def python(self) -> str:
        """What runs the program."""
        return "python3" if self.virtualenv is None else str(self.virtualenv / "bin" / "python")

    @property
    def requirements(self) -> Path:
        """What `pulumi install` installs, where it is there."""
        return self.program / "requirements.txt"

    def install(self) -> None:
        """`pulumi install`: the environment and what the requirements ask for."""
        assert self.virtualenv is not None
        _run(sys.executable, "-m", "venv", str(self.virtualenv))
        if self.requirements.is_file():
            # What is imported is compiled then; all of the AWS SDK takes pip some 15 seconds.
            install = (self.python, "-m", "pip", "install", "-q", "--no-compile")
            _run(*install, "-r", "requirements.txt", at=self.program)


def toolchain(file: Path) -> Toolchain:
    """What a Pulumi.yaml or PulumiPolicy.yaml says."""
    document = yaml.safe_load(file.read_text("utf-8"))
    runtime = document["runtime"]
    options = runtime.get("options", {}) if isinstance(runtime, dict) else {}
    assert options.get("toolchain", "pip") == "pip"
    folder = file.parent
    virtualenv = options.get("virtualenv")
    return Toolchain(
        (folder / document.get("main", ".")).resolve(),
        (folder / virtualenv).resolve() if virtualenv else None,
    )


def _run(*command: str, at: Path | None = None) -> None:
    done = subprocess.run(command, cwd=at, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
