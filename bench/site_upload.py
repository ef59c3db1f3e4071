"""Planning the upload of a site: linear in its files, and a change touches what changed.

python -m bench.site_upload
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from components.sites.content import ContentPlan, plan_content
from components.sites.settings import ContentSettings

SIZES = (1_250, 2_500, 5_000)
REPEATS = 3


def build(folder: Path, files: int) -> None:
    """A site of one page in ten files and hashed assets."""
    (folder / "assets").mkdir(parents=True)
    for number in range(files - 1):
        name = f"p{number}.html" if number % 10 == 0 else f"assets/a{number}-{number:08x}.js"
        (folder / name).write_text(f"{number} " * 200)
    (folder / "index.html").write_text("first")


def seconds(folder: Path) -> float:
    """The least time of a few plans."""
    found: list[float] = []
    for _ in range(REPEATS):
        start = time.process_time()
        plan(folder)
        found.append(time.process_time() - start)
    return min(found)


def plan(folder: Path) -> ContentPlan:
    """The upload plan of a folder."""
    return plan_content(folder, ContentSettings(path="."), "index.html")


def main() -> None:
    """Print seconds by size, their ratio, and what one changed page touches."""
    with tempfile.TemporaryDirectory() as temporary:
        times: dict[int, float] = {}
        folder = Path(temporary)
        for size in SIZES:
            folder = Path(temporary) / str(size)
            build(folder, size)
            times[size] = seconds(folder)
            print(f"{size:6} files  {times[size]:.3f} s  {times[size] / size * 1e6:.0f} µs a file")
        print(f"4 times the files: {times[SIZES[-1]] / times[SIZES[0]]:.1f} times the time")
        before = plan(folder)
        (folder / "index.html").write_text("second")
        after = plan(folder)
        changed = [
            new.key
            for old, new in zip(before.files, after.files, strict=True)
            if old.digest != new.digest
        ]
        print(f"one page changed: {len(changed)} object of {len(after.files)} ({changed[0]})")


if __name__ == "__main__":
    main()
