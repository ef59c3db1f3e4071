"""A site of many files: its upload plan and its whole recorded stack, 500 files against 5,000.

python -m bench.site_upload
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from components.sites.content import ContentPlan, plan_content
from components.sites.settings import SiteSettings
from functions.site_content import handler
from trellis.planner.record import Recording, record

SIZES = (500, 5_000)
REPEATS = 3
SITE = SiteSettings.model_validate_json(
    json.dumps({"domain": "app.example.org", "content": {"path": "dist"}})
)
ROOT = Path(__file__).resolve().parents[1]
STACK = """config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: dev
  trellis:profile: development
  trellis:account: "123456789012"
  trellis:zones: {main: {domain: example.org}}
  trellis:sites: {app: {domain: app.example.org, content: {path: dist}}}
"""


def build(project: Path, files: int) -> Path:
    """A project with a site of one page in ten files and hashed assets."""
    folder = project / "dist"
    (folder / "assets").mkdir(parents=True)
    for number in range(files - 1):
        name = f"p{number}.html" if number % 10 == 0 else f"assets/a{number}-{number:08x}.js"
        (folder / name).write_text(f"{number} " * 200)
    (folder / "index.html").write_text("first")
    (project / "Pulumi.yaml").write_text(f"name: shop\nruntime: python\nmain: {ROOT}\n")
    (project / "Pulumi.dev.yaml").write_text(STACK)
    return project


def plan(project: Path) -> ContentPlan:
    """The upload plan of a project's built site."""
    found = plan_content(project, SITE)
    assert found.release
    return found


def stack(project: Path) -> Recording:
    """Everything that the project's program registers."""
    return record(project, "dev")


def seconds(what: Callable[[Path], object], project: Path) -> float:
    """The least processor time of a few runs."""
    found: list[float] = []
    for _ in range(REPEATS):
        start = time.process_time()
        what(project)
        found.append(time.process_time() - start)
    return min(found)


def released(plan_: ContentPlan) -> Any:
    """What the function gets of a release."""
    return {"keepDays": 30, "index": plan_.index, "files": plan_.release}


def main() -> None:
    """Print seconds by size, their ratio, and what one changed page touches."""
    with tempfile.TemporaryDirectory() as temporary:
        projects = {size: build(Path(temporary) / str(size), size) for size in SIZES}
        project = projects[SIZES[-1]]
        stack(projects[SIZES[0]])  # Imports are nobody's files.
        runs: dict[str, Callable[[Path], object]] = {"upload plan": plan, "whole stack": stack}
        for what, run in runs.items():
            times = {size: seconds(run, projects[size]) for size in SIZES}
            for size, taken in times.items():
                print(f"{what} of {size:5} files  {taken:.3f} s")
            ratio = times[SIZES[-1]] / times[SIZES[0]]
            print(f"{SIZES[-1] // SIZES[0]} times the files: {ratio:.1f} times the time")
        resources = [len(stack(element).resources) for element in projects.values()]
        print(f"resources: {' and '.join(map(str, resources))}")
        before = plan(project)
        (project / "dist" / "index.html").write_text("second")
        after = plan(project)
        step = handler.plan(released(after), released(before), {}, datetime.now(UTC))
        print(
            f"one page of {len(after.files)} files changed: put {step.put}, "
            f"invalidated {list(step.paths)}; the function is told "
            f"{len(json.dumps(after.release))} bytes for each release"
        )


if __name__ == "__main__":
    main()
