"""`trellis diagram STACK`: a picture of what would run where, and who reaches what."""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from trellis.cli.options import OK, WRONG_INPUT, add_stack, print_document, write

FORMATS = ("svg", "png", "mermaid", "dot")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 60
"""Seconds that a browser has to draw a picture."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "diagram",
        help="draw a stack",
        description="Draws a plan: region, network and tiers as boxes, what runs in them, and "
        "arrows with port and access. SVG, or text for Mermaid and Graphviz; PNG where Chromium "
        "is on PATH.",
    )
    add_stack(parser)
    parser.add_argument("--format", choices=FORMATS, default="svg", help="default: %(default)s")
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="default: standard output; PNG needs one"
    )
    parser.add_argument(
        "--icons",
        type=Path,
        metavar="FOLDER",
        help="your own copy of AWS's icons, instead of Trellis's glyphs (svg and png)",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Plan, place and draw."""
    chosen: str = arguments.format
    if arguments.icons is not None and chosen not in ("svg", "png"):
        print(f"trellis diagram: --icons has no effect with --format {chosen}", file=sys.stderr)
        return WRONG_INPUT
    if chosen == "png" and (arguments.output is None or _browser() is None):
        lacking = "no --output FILE" if arguments.output is None else "no Chromium on PATH"
        print(f"trellis diagram: {lacking} for --format png; svg needs none", file=sys.stderr)
        return WRONG_INPUT
    from trellis.diagram.export import dot, mermaid
    from trellis.diagram.graph import graph
    from trellis.diagram.icons import icons
    from trellis.diagram.layout import layout
    from trellis.diagram.svg import svg
    from trellis.reach.matrix import matrix_of

    taken = icons(arguments.icons) if arguments.icons is not None else {}
    found = graph(matrix_of(arguments.project, arguments.stack, arguments.config_file))
    if chosen in ("mermaid", "dot"):
        text = mermaid(found) if chosen == "mermaid" else dot(found)
    else:
        picture = layout(found)
        text = svg(picture, taken)
        if chosen == "png":
            return _png(text, arguments.output, picture.width, picture.height)
    if arguments.output is None:
        print_document(text)
    else:
        write(arguments.output, text)
        print(arguments.output)
    return OK


def _browser() -> str | None:
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def _png(text: str, output: Path, wide: float, high: float) -> int:
    """Have a browser draw the picture, twice as large, as screens have it now."""
    browser = _browser()
    assert browser is not None
    with tempfile.TemporaryDirectory(prefix="trellis-diagram-") as held:
        source, target = Path(held) / "picture.svg", Path(held) / "picture.png"
        source.write_text(text, encoding="utf-8")
        # A browser that runs as root, as in containers, has no sandbox.
        root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        command = [
            browser, "--headless", "--disable-gpu", "--hide-scrollbars", *root,
            f"--user-data-dir={held}/profile", "--force-device-scale-factor=2",
            f"--window-size={int(wide) + 1},{int(high) + 1}", f"--screenshot={target}",
            source.as_uri(),
        ]  # fmt: skip
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(command, capture_output=True, check=False, timeout=PATIENCE)
        if not target.is_file():
            print(f"trellis diagram: {browser} drew nothing; svg needs none", file=sys.stderr)
            return WRONG_INPUT
        output.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(target, output)
    print(output)
    return OK
