"""`make release`: wheel, source archive, bill of materials with licences and checksums in `dist/`.

The bill is CycloneDX, written by OWASP's own tool from an environment that holds exactly what
`requirements.lock` pins. Everything is the same bytes again from the same commit.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
BIN = Path(sys.executable).parent


def main() -> None:
    """Make the release; a tag that is not the version in pyproject.toml ends it."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    for tag in _tags():
        if tag != f"v{version}":
            sys.exit(f"release: this commit is tagged {tag}; pyproject.toml says {version}")
    shutil.rmtree(DIST, ignore_errors=True)
    _run(BIN / "hatchling", "build", "-d", DIST)
    runtime = _environment("runtime", "requirements.lock")
    tools = _environment("tools", "requirements-release.lock")
    bill = DIST / f"trellis-{version}.cdx.json"
    options = ("--mc-type", "library", "--gather-license-texts", "--output-reproducible")
    program = tools / "bin" / "cyclonedx-py"
    python = runtime / "bin" / "python"
    project = ROOT / "pyproject.toml"
    _run(program, "environment", "--pyproject", project, *options, "-o", bill, python)
    sums = [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n"
        for file in sorted(DIST.iterdir())
    ]
    (DIST / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    print("".join(sums), end="")


def _tags() -> list[str]:
    """Of this commit; none in a tarball."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        return []
    command = ["git", "tag", "--points-at", "HEAD", "--list", "v*"]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()


def _environment(name: str, lock: str) -> Path:
    folder = ROOT / "build" / "release" / name
    shutil.rmtree(folder, ignore_errors=True)
    _run(BIN / "uv", "venv", "--quiet", "--python", sys.executable, folder)
    python = folder / "bin" / "python"
    _run(BIN / "uv", "pip", "install", "-q", "--python", python, "--require-hashes", "-r", lock)
    return folder


def _run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
