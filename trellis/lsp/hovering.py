"""What a setting means, what it allows, and where its value came from, as Markdown."""

from __future__ import annotations

from trellis.lsp.completing import default_line
from trellis.stackfile.explaining import about, provenance
from trellis.stackfile.layers import SYSTEM
from trellis.stackfile.problems import KeyPath, StackFileError, dotted
from trellis.stackfile.resolution import Resolution
from trellis.stackfile.shape import field_at

MOST_LINES = 16
"""Lines of values that a hover shows; `trellis explain` prints the rest."""


def hover_text(path: KeyPath, resolution: Resolution, stack: str) -> str:
    """The text about a setting; empty where there is no such setting.

    Args:
        stack: its name: `Pulumi.yaml` is part of several.
    """
    words, allowed = about(path, resolution.data)
    if not allowed:
        return ""
    field = field_at(SYSTEM, path, resolution.data)
    parts = [
        f"**{dotted(path)}**",
        words,
        f"Allowed: {allowed}",
        default_line(field) if field is not None else "",
        _standing(path, resolution, stack),
    ]
    return "\n\n".join(part for part in parts if part)


def _standing(path: KeyPath, resolution: Resolution, stack: str) -> str:
    """Value and source in the stack; empty while the stack has wrong values."""
    if resolution.settings is None:
        return ""
    try:
        lines = provenance(resolution, path)
    except StackFileError:
        return ""
    if len(lines) > MOST_LINES:
        rest = f"  ... trellis explain {stack} {dotted(path)}"
        lines = [*lines[: MOST_LINES - 1], rest]
    return "\n".join([f"In stack {stack}:", "", "```text", *lines, "```"])
