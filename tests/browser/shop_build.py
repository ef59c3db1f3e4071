"""Builds the shop as a bundler does: files get the hash of their content into their names."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

SOURCES = Path(__file__).resolve().parent / "shop"
HASHED = ("logo.svg", "report.js", "app.css", "app.js")
"""In the order in which they name each other."""


def build(project: Path, number: str) -> None:
    """Write `dist` into a project; two numbers differ in every script and in the settings."""
    shutil.copytree(SOURCES / "docs", project / "dist" / "docs")
    source, target = SOURCES / "app", project / "dist" / "app"
    (target / "assets").mkdir(parents=True)
    names = {"build": number}
    for name in HASHED:
        text = _filled(source / name, names)
        digest = hashlib.sha256(text.encode()).hexdigest()[:8]
        stem, _, suffix = name.partition(".")
        names[name] = f"assets/{stem}-{digest}.{suffix}"
        (target / names[name]).write_text(text)
    for path in source.iterdir():
        if path.name not in HASHED:
            (target / path.name).write_text(_filled(path, names))


def _filled(path: Path, names: dict[str, str]) -> str:
    text = path.read_text()
    for name, value in names.items():
        text = text.replace("{{" + name + "}}", value)
    return text
