"""Planning the upload of a site: linear in its files, and a change touches what changed.

python -m bench.site_upload
"""

from __future__ import annotations

import json
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from components.sites.content import ContentPlan, plan_content
from components.sites.settings import SiteSettings
from functions.site_content import handler

SIZES = (500, 1_000, 2_500, 5_000)
REPEATS = 3
SITE = SiteSettings.model_validate_json(
    json.dumps({"domain": "app.example.org", "content": {"path": "dist"}})
)


def build(project: Path, files: int) -> Path:
    """A site of one page in ten files and hashed assets."""
    folder = project / "dist"
    (folder / "assets").mkdir(parents=True)
    for number in range(files - 1):
        name = f"p{number}.html" if number % 10 == 0 else f"assets/a{number}-{number:08x}.js"
        (folder / name).write_text(f"{number} " * 200)
    (folder / "index.html").write_text("first")
    return project


def plan(project: Path) -> ContentPlan:
    """The upload plan of a project's built site."""
    return plan_content(project, SITE)


def seconds(project: Path) -> float:
    """The least time of a few plans."""
    found: list[float] = []
    for _ in range(REPEATS):
        start = time.process_time()
        found_plan = plan(project)
        assert found_plan.manifest
        found.append(time.process_time() - start)
    return min(found)


def main() -> None:
    """Print seconds by size, their ratio, and what one changed page touches."""
    with tempfile.TemporaryDirectory() as temporary:
        times: dict[int, float] = {}
        project = Path(temporary)
        for size in SIZES:
            project = build(Path(temporary) / str(size), size)
            times[size] = seconds(project)
            print(f"{size:6} files  {times[size]:.3f} s  {times[size] / size * 1e6:.0f} µs a file")
        ratio = times[SIZES[-1]] / times[SIZES[0]]
        print(f"{SIZES[-1] // SIZES[0]} times the files: {ratio:.1f} times the time")
        before = plan(project)
        (project / "dist" / "index.html").write_text("second")
        after = plan(project)
        changed = [
            new.key
            for old, new in zip(before.files, after.files, strict=True)
            if old.mark != new.mark
        ]
        step = handler.plan(
            json.loads(after.manifest), json.loads(before.manifest), {}, datetime.now(UTC), 30
        )
        print(
            f"one page of {len(after.files)} files changed: {len(changed)} object put {changed}, "
            f"{len(step.paths)} path invalidated {list(step.paths)}; "
            f"the function is told {len(after.manifest)} bytes for each release"
        )


if __name__ == "__main__":
    main()
