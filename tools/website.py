"""`make site`: the documentation as pages in `build/site`, without any request to elsewhere.

The Markdown under `docs/` reads well where the code stands. What only the site has is put in here:
a line that is nothing but a link with one of these titles becomes what it leads to.

- `[databases](../../Pulumi.yaml "part")`: those lines of the stack file, as they are
- `[dev](../../Pulumi.dev.yaml "diagram")`: the picture that `trellis diagram` draws, with its text
- `[Commands](../README.md "section")`: what stands under that heading
"""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build"
PAGES = WORK / "site-pages"
SCHEMA = ROOT / "docs" / "trellis.schema.json"

OF_THE_ROOT = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
}
"""Pages that stand beside the code, and what they are called on the site."""

PUT_IN = re.compile(r'^\[([^\]]+)\]\(([^)\s]+) "(part|diagram|section)"\)$', re.MULTILINE)
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)


class PageError(Exception):
    """A page leads to something that is not there."""


def main() -> None:
    """Write the pages, then let Zensical build them; a warning of its ends it."""
    shutil.rmtree(PAGES, ignore_errors=True)
    PAGES.mkdir(parents=True)
    shutil.copy(ROOT / "zensical.toml", WORK)
    for source, name in sources():
        target = PAGES / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(page(source), encoding="utf-8")
    shutil.copy(SCHEMA, PAGES)
    shutil.copytree(ROOT / "docs" / "assets", PAGES / "assets")
    for project, stack in diagrams():
        (PAGES / "systems" / picture(project, stack)).write_text(
            drawing(project, stack), encoding="utf-8"
        )
    command = [Path(sys.executable).with_name("zensical"), "build", "--strict"]
    done = subprocess.run(command, cwd=WORK, check=False)
    sys.exit(done.returncode)


def sources() -> Iterator[tuple[Path, str]]:
    """Every page: its Markdown, and its name on the site."""
    for file in sorted((ROOT / "docs").rglob("*.md")):
        yield file, file.relative_to(ROOT / "docs").as_posix()
    for name, on_the_site in OF_THE_ROOT.items():
        yield ROOT / name, on_the_site


def page(source: Path) -> str:
    """The Markdown of a page as the site has it."""
    text = PUT_IN.sub(
        lambda found: _put_in(source, found[1], found[2], found[3]), source.read_text("utf-8")
    )
    return _list_indented(_outside_code(text, lambda part: _links(source, part)))


def diagrams() -> list[tuple[Path, str]]:
    """Project and stack of every picture that pages show."""
    found: list[tuple[Path, str]] = []
    for source, _ in sources():
        for name, target, kind in PUT_IN.findall(source.read_text("utf-8")):
            if kind == "diagram":
                found.append(((source.parent / target).resolve().parent, name))
    return found


def picture(project: Path, stack: str) -> str:
    """The name of a picture's file."""
    return f"{'clubapp' if project == ROOT else project.name}-{stack}.svg"


@functools.cache
def drawing(project: Path, stack: str) -> str:
    """What `trellis diagram STACK` prints."""
    from trellis.diagram.graph import graph
    from trellis.diagram.layout import layout
    from trellis.diagram.svg import svg
    from trellis.reach.matrix import matrix_of

    return svg(layout(graph(matrix_of(project, stack, None))), {})


def part(file: Path, path: str) -> str:
    """The lines of a part of a stack file, with the comments above them.

    Raises:
        PageError: the file has no such part.
    """
    lines = file.read_text("utf-8").splitlines()
    for key in path.split("."):
        # Shared parts stand under `trellis:system`, a stack's own as `trellis:PART`.
        first = re.compile(rf"^( +)(?:trellis:)?{re.escape(key)}:")
        start = next((n for n, line in enumerate(lines) if first.match(line)), None)
        if start is None:
            raise PageError(f"{file.relative_to(ROOT)}: no {path}")
        indent = len(lines[start]) - len(lines[start].lstrip())
        end = start + 1
        while end < len(lines) and (lines[end][: indent + 1].isspace() or not lines[end].strip()):
            end += 1
        while start > 0 and lines[start - 1].lstrip().startswith("#"):
            start -= 1
        lines = lines[start:end]
    depth = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    return "\n".join(line[depth:] for line in lines)


def section(file: Path, heading: str) -> str:
    """What stands under a heading of the second level.

    Raises:
        PageError: the file has no such heading.
    """
    found = re.search(
        rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", file.read_text("utf-8"), re.M | re.S
    )
    if found is None:
        raise PageError(f"{file.relative_to(ROOT)}: no heading {heading}")
    return _outside_code(found[1].strip(), lambda text: text.replace("](docs/", "]("))


def _put_in(source: Path, name: str, target: str, kind: str) -> str:
    file = (source.parent / target).resolve()
    if not file.is_file():
        raise PageError(f"{source.relative_to(ROOT)}: no {target}")
    if kind == "section":
        return section(file, name)
    where = file.relative_to(ROOT)
    if kind == "part":
        return f'```yaml title="{where}"\n{part(file, name)}\n```'
    svg = picture(file.parent, name)
    words = f"trellis diagram {name}" + (f" --project {where.parent}" if where.parent.name else "")
    description = re.search(
        r'<desc id="diagram-text">(.*?)</desc>', drawing(file.parent, name), re.S
    )
    arrows = re.split(r"(?<=\.) |; ", description[1].strip().rstrip(".") if description else "")
    listed = "\n".join(f"    - {arrow}" for arrow in arrows)
    return (
        f"[![Drawing of the stack {name}; its arrows stand below as text]({svg})]({svg})\n\n"
        f"The command `{words}` draws it; select the picture for its full size.\n\n"
        f'??? info "The picture in words"\n\n{listed}\n'
    )


def _links(source: Path, text: str) -> str:
    """Links as the site has them; what is no page of the site is only named."""
    names = dict(sources())

    def moved(found: re.Match[str]) -> str:
        words, target = found[1], found[2]
        name, _, heading = target.partition("#")
        if "://" in target or target.startswith("mailto:") or not name:
            return found[0]
        file = (source.parent / name).resolve()
        anchor = f"#{heading}" if heading else ""
        if file == SCHEMA:
            return found[0]
        if file not in names:
            return words
        up = "../" * names[source].count("/")
        return f"[{words}]({up}{names[file]}{anchor})"

    return LINK.sub(moved, text)


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    """Change what stands between code blocks."""
    parts: list[str] = []
    end = 0
    for block in FENCED.finditer(text):
        parts += [change(text[end : block.start()]), block[0]]
        end = block.end()
    return "".join([*parts, change(text[end:])])


def _list_indented(text: str) -> str:
    """Python-Markdown wants four spaces before what belongs to an item of a list."""

    def deeper(part: str) -> str:
        shift = ""
        lines: list[str] = []
        for line in part.split("\n"):
            indent = len(line) - len(line.lstrip(" "))
            if not line.strip():
                lines.append(line)
                continue
            if indent == 0:
                shift = ""
            elif not shift and indent < 4:
                shift = " " * (4 - indent)
            lines.append(shift + line)
        return "\n".join(lines)

    return _outside_code(text, deeper)


if __name__ == "__main__":
    main()
