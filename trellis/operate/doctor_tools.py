"""Whether the Pulumi CLI and the AWS plug-in here are those that the program was made for."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from trellis.operate.findings import Check, Finding, Status
from trellis.operate.system import System

CLI, PLUGIN = "pulumi CLI", "aws plug-in"

SECONDS = 20
"""Longest that the CLI may take to tell its version."""


def _cli(_: System) -> Iterator[Finding]:
    wanted = version("pulumi")
    output = _asked("version")
    if output is None:
        yield Finding(
            CLI,
            Status.WRONG,
            "there is no `pulumi` on PATH, or it doesn't answer",
            f"install Pulumi {wanted}, or run `make engine`, which builds it into .engine",
        )
        return
    there = output.strip().removeprefix("v")
    if _numbers(there) < _numbers(wanted):
        yield Finding(
            CLI,
            Status.WARNING,
            f"{there}, and the SDK is {wanted}",
            f"install {wanted}: an older CLI may not know what the program asks of it",
        )
    else:
        yield Finding(CLI, Status.OK, there)


def _plugin(_: System) -> Iterator[Finding]:
    wanted = version("pulumi-aws")
    output = _asked("plugin", "ls", "--json")
    if output is None:
        return
    there = {
        str(plugin.get("version"))
        for plugin in _list(output)
        if plugin.get("name") == "aws" and plugin.get("kind") == "resource"
    }
    if wanted in there:
        yield Finding(PLUGIN, Status.OK, wanted)
    else:
        yield Finding(
            PLUGIN,
            Status.WARNING,
            f"{wanted} is not installed (there is {', '.join(sorted(there)) or 'none'})",
            f"`pulumi plugin install resource aws {wanted}`; `pulumi up` does it too, where it "
            "reaches the internet",
        )


def _asked(*words: str) -> str | None:
    """What the CLI answers; None where it is not there or fails."""
    program = shutil.which("pulumi")
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, *words], capture_output=True, text=True, check=False, timeout=SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _list(text: str) -> list[dict[str, Any]]:
    try:
        return json.loads(text) or []
    except ValueError:
        return []


def _numbers(version_: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version_)[:3])


CHECKS = (Check(CLI, _cli), Check(PLUGIN, _plugin))
