"""What a lock file names, installed for the function's machine and not the builder's.

Python: uv takes wheels only, of the runtime's version and the function's architecture. Node: npm
takes what the lock file names and runs nothing of it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from components.functions.sources import CodeError, Sources

MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
"""An architecture as platforms of wheels name it."""

NODE_MACHINES = {"arm64": "arm64", "x86_64": "x64"}
"""And as npm does."""

LEFT_OUT_FOLDERS = frozenset({"__pycache__", "bin", ".bin"})
LEFT_OUT_FILES = frozenset(
    {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json", "uv_build.json",
     ".lock", ".package-lock.json"}
)  # fmt: skip
"""What an installer writes of itself; it differs from machine to machine."""

IMAGE = "make an `image` of the function, which can be built from sources"


def installed(sources: Sources, folder: Path) -> dict[str, Path]:
    """What the lock file names, by its path in the zip.

    Args:
        folder: empty; what is installed stays there.

    Raises:
        CodeError: a package has no wheel, or the installer is not there or fails.
    """
    if sources.lock is None:
        return {}
    if sources.language == "python":
        target = folder / "packages"
        _install_python(sources, folder, target)
        return _found(target, target)
    _install_node(sources, folder)
    return _found(folder / "node_modules", folder)


def _found(top: Path, root: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for parent, folders, names in os.walk(top):
        folders[:] = [folder for folder in folders if folder not in LEFT_OUT_FOLDERS]
        for name in names:
            file = Path(parent) / name
            if name not in LEFT_OUT_FILES and not name.endswith(".pyc"):
                found[file.relative_to(root).as_posix()] = file
    return found


def _install_python(sources: Sources, folder: Path, target: Path) -> None:
    beside = str(Path(sys.executable).parent)
    uv = shutil.which("uv", path=beside) or shutil.which("uv")
    if uv is None:
        raise CodeError("lock", "no `uv` to install with", "uv", "`pip install uv` brings it")
    lock = folder / "requirements.txt"
    lock.write_bytes(sources.files[str(sources.lock)])
    platform = f"{MACHINES[sources.architecture]}-manylinux_{sources.glibc}"
    failed = _run(
        [
            uv, "pip", "install", "--quiet", "--no-progress", "--require-hashes", "--only-binary",
            ":all:", "--python-platform", platform, "--python-version", sources.version,
            "--python", sys.executable, "--link-mode", "copy", "--target", str(target),
            "--requirements", str(lock),
        ],
        folder,
    )  # fmt: skip
    if failed is None:
        return
    without = re.search(
        r"\b([A-Za-z0-9][\w.-]*?)(?:==\S+?)?(?:\s\([^)]*\))? has no (?:usable )?wheels", failed
    )
    if without is not None or "no wheels with a matching" in failed:
        name = without[1] if without is not None else "a package"
        raise CodeError(
            "lock",
            f"{name} without a wheel for {platform} and Python {sources.version}",
            "packages that have one",
            IMAGE,
        )
    raise CodeError("lock", f"what uv refused: {failed}", "a lock file that can be installed")


def _install_node(sources: Sources, folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise CodeError("lock", "no `npm` to install with", "npm", "Node.js brings it")
    (folder / "package-lock.json").write_bytes(sources.files[str(sources.lock)])
    (folder / "package.json").write_bytes(sources.files.get("package.json", b"{}"))
    failed = _run(
        [
            npm, "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund",
            "--no-bin-links", "--os=linux", "--libc=glibc",
            f"--cpu={NODE_MACHINES[sources.architecture]}",
        ],
        folder,
    )  # fmt: skip
    if failed is not None:
        raise CodeError("lock", f"what npm refused: {failed}", "a lock file that can be installed")


def _run(command: Sequence[str], folder: Path) -> str | None:
    """What a command that failed said, on one line; None where it did not fail."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return None
    return " ".join((done.stderr or done.stdout).split())[:600]
