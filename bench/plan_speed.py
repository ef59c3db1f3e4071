"""How long `trellis plan` takes beside a flat script of the same resources, and beside CDK.

A stack file grows by queues, tables and topics; the plan is timed as a user runs it (a whole
process). The flat script imports pulumi_aws and registers the very same resources, references
included, under Pulumi's own mocks. CDK synthesizes an app of as many resources with `cdk synth`, as
its users do. Runs alternate; each figure is the least of them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from bench.flat_script import flat_script
from trellis.planner.record import record

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "bench"
RUNS = 5
CDK_VERSION = "2.275.0"
CDK_CLI_VERSION = "2.1148.1"
"""The first that reads what that library writes."""

MORE_AT_250 = 0.5
"""Seconds a plan of 250 resources may take beyond the flat script."""
RATIO_AT_2000 = 1.15
"""Times as long as the flat script that a plan of 2,000 resources may take."""
CDK_RATIO = 3.0
"""Times as long as a plan that CDK should take at least."""
LINEAR = 1.3
"""Times the cost per resource at 2,000 that a resource may cost at 10,000."""


def stack_file(queues: int) -> dict[str, Any]:
    """A system of one network and so many queues, each with its dead-letter queue."""
    return {
        "config": {
            "aws:region": "us-east-1",
            "trellis:name": "bench",
            "trellis:environment": "dev",
            "trellis:profile": "development",
            "trellis:account": "123456789012",
            "trellis:network": {"zones": 2},
            "trellis:queues": {f"work{number}": {} for number in range(queues)},
        }
    }


def project_of(resources: int) -> tuple[Path, int]:
    """A project whose plan has about so many resources, and how many it has."""
    folder = WORK / f"project-{resources}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Pulumi.yaml").write_text(
        yaml.safe_dump(
            {"name": "bench", "runtime": "python", "main": os.path.relpath(ROOT, folder)}
        )
    )

    def planned(queues: int) -> int:
        (folder / "Pulumi.dev.yaml").write_text(yaml.safe_dump(stack_file(queues)))
        return sum(resource.custom for resource in record(folder, "dev"))

    base, step = planned(1), planned(2) - planned(1)
    return folder, planned(max(1, 1 + round((resources - base) / step)))


def least(commands: Mapping[str, Sequence[str]], runs: int = RUNS) -> dict[str, float]:
    """Seconds of the fastest run of each command; the commands take turns."""
    best = dict.fromkeys(commands, float("inf"))
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(runs):
        for name, command in commands.items():
            started = time.perf_counter()
            done = subprocess.run(
                command, check=False, capture_output=True, env=environment, cwd=ROOT, text=True
            )
            if done.returncode:
                sys.exit(f"{name} failed:\n{done.stderr}")
            best[name] = min(best[name], time.perf_counter() - started)
    return best


def measure(resources: int, runs: int = RUNS) -> tuple[dict[str, float], int]:
    """Seconds of the plan and of its flat script, and the number of resources in both."""
    folder, count = project_of(resources)
    script = folder / "flat.py"
    script.write_text(flat_script(record(folder, "dev", "deployed")))
    plan = [sys.executable, "-m", "trellis.cli.main", "plan", "dev", "--project", str(folder)]
    return least({"plan": plan, "flat": [sys.executable, str(script)]}, runs), count


CDK_APP = """
import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2, aws_sqs as sqs

app = cdk.App(outdir={outdir!r})
stacks = []
for first in range(0, {queues}, 200):  # CloudFormation takes 500 resources a stack
    stack = cdk.Stack(app, f"Bench{{first}}")
    stacks.append(stack)
    for number in range(first, min(first + 200, {queues})):
        dead = sqs.Queue(stack, f"Dead{{number}}", enforce_ssl=True)
        sqs.Queue(stack, f"Work{{number}}", enforce_ssl=True,
                  dead_letter_queue=sqs.DeadLetterQueue(queue=dead, max_receive_count=5))
ec2.Vpc(stacks[0], "Network", max_azs=2)
app.synth()
"""


def cdk_commands() -> tuple[str, str] | None:
    """A Python with aws-cdk-lib and the `cdk` command, installed once below build/.

    None where there is no Node.js.
    """
    if shutil.which("npm") is None:
        return None
    home = WORK / "cdk"
    python, command = home / "bin" / "python", home / "node_modules" / ".bin" / "cdk"
    if not python.exists():
        venv.create(home, with_pip=True)
        library = f"aws-cdk-lib=={CDK_VERSION}"
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", library], check=True)
    if not command.exists():
        npm = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(home)]
        subprocess.run([*npm, f"aws-cdk@{CDK_CLI_VERSION}"], check=True)
    return str(python), str(command)


def cdk_ratio(resources: int) -> float | None:
    """How many times as long `cdk synth` takes for as many resources; None without Node.js."""
    commands = cdk_commands()
    if commands is None:
        return None
    python, cdk = commands
    folder, count = project_of(resources)
    app = folder / "cdk_app.py"
    # A CDK queue with its policy is two resources, and every one here has a dead-letter queue.
    app.write_text(CDK_APP.format(outdir=str(folder / "cdk.out"), queues=max(1, count // 4)))
    plan = [sys.executable, "-m", "trellis.cli.main", "plan", "dev", "--project", str(folder)]
    synth = [
        *(cdk, "synth", "--quiet", "--no-notices", "--no-version-reporting"),
        *("--app", f"{python} {app}", "--output", str(folder / "cdk.out")),
    ]
    times = least({"plan": plan, "cdk": synth}, runs=3)
    print(
        f"   `cdk synth` beside a plan of {count}: {times['cdk']:.2f} s and {times['plan']:.2f} s"
    )
    return times["cdk"] / times["plan"]


def main() -> int:
    """Measure, print, and say whether a figure is missed."""
    missed: list[str] = []

    def expect(fine: bool, text: str) -> None:
        print(f"   {'ok  ' if fine else 'MISS'} {text}")
        if not fine:
            missed.append(text)

    small, count = measure(250)
    more = small["plan"] - small["flat"]
    expect(more <= MORE_AT_250, f"{count} resources: {more:+.2f} s beside the flat script "
           f"({small['plan']:.2f} s, {small['flat']:.2f} s)")  # fmt: skip
    middle, middle_count = measure(2_000)
    ratio = middle["plan"] / middle["flat"]
    expect(ratio <= RATIO_AT_2000, f"{middle_count} resources: {ratio:.2f} times the flat script "
           f"({middle['plan']:.2f} s, {middle['flat']:.2f} s)")  # fmt: skip
    large, large_count = measure(10_000, runs=2)
    cost = (large["plan"] - small["plan"]) / (large_count - count)
    before = (middle["plan"] - small["plan"]) / (middle_count - count)
    expect(cost <= LINEAR * before, f"{large_count} resources: {cost / before:.2f} times the cost "
           f"of a resource at {middle_count}")  # fmt: skip
    cdk = cdk_ratio(250)
    if cdk is None:
        print("   CDK not measured: no Node.js here")
    else:
        expect(cdk >= CDK_RATIO, f"`cdk synth` takes {cdk:.1f} times as long as the plan")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
