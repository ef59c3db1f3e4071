"""How long the first plan takes with Trellis installed as a package, beside the checkout's.

Both have an environment of their own with what the lock pins, compiled as `pip install` leaves it:
one gets the wheel, and a three-line program with Club App's stack files; the other a copy of the
checkout. The first plan of each is timed once, right after the
installation; later ones take turns, and the least of them counts.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from testing.checkout import ROOT, copy_of_checkout

UV = Path(sys.executable).parent / "uv"
PROGRAM = """\
from trellis.assembly import build
from trellis.stackfile.loading import load

build(load())
"""
AT_MOST = 1.2
"""Times as long as the checkout's that the first plan may take, and later ones."""
RUNS = 5
STACK = "dev"


def _run(*command: str | Path, cwd: Path = ROOT) -> None:
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def _environment(folder: Path) -> Path:
    """A new one with what the lock pins; its Python."""
    python = folder / "venv" / "bin" / "python"
    _run(UV, "venv", "--python", sys.executable, folder / "venv")
    install = (UV, "pip", "install", "--compile-bytecode", "--python", python)
    _run(*install, "--require-hashes", "-r", "requirements.lock")
    return python


def _package(folder: Path) -> list[str]:
    """The command that plans with the wheel, in a repository of a team's own."""
    python = _environment(folder)
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    (wheel,) = folder.glob("*.whl")
    _run(UV, "pip", "install", "--compile-bytecode", "--python", python, "--no-deps", wheel)
    project = folder / "project"
    project.mkdir()
    for file in (*ROOT.glob("Pulumi*.yaml"), *ROOT.glob("trellis.*.json")):
        shutil.copy(file, project)
    (project / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    return [str(python.parent / "trellis"), "plan", STACK, "--project", str(project)]


def _checkout(folder: Path) -> list[str]:
    """The command that plans in a copy of the checkout."""
    python = _environment(folder)
    checkout = copy_of_checkout(folder / "checkout")
    # From the checkout's own folder, as where `make` has installed it for editing.
    return [str(python), "-m", "trellis.cli.main", "plan", STACK, "--project", str(checkout)]


def _seconds(command: Sequence[str]) -> float:
    started = time.perf_counter()
    _run(*command, cwd=Path(command[-1]))
    return time.perf_counter() - started


def main() -> int:
    """Measure, print, and say whether a figure is missed."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        commands = {"checkout": _checkout(home / "one"), "wheel": _package(home / "other")}
        first = {who: _seconds(command) for who, command in commands.items()}
        later = dict.fromkeys(commands, float("inf"))
        for _ in range(RUNS):
            for who, command in commands.items():
                later[who] = min(later[who], _seconds(command))
    missed = 0
    for what, found in (("first plan", first), (f"later plans, least of {RUNS}", later)):
        ratio = found["wheel"] / found["checkout"]
        fine = ratio <= AT_MOST
        missed += not fine
        print(
            f"   {'ok  ' if fine else 'MISS'} {what}: {ratio:.2f} times the checkout's "
            f"({found['wheel']:.2f} s, {found['checkout']:.2f} s)"
        )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
