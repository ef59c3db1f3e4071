"""What an image is built from: the folder, and a digest of all in it that its builder reads.

The digest is part of the image's tag, so new content has a new tag, which a repository with
immutable tags asks for, and what didn't change keeps the one it has.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

IGNORE = ".dockerignore"


@dataclass(frozen=True)
class BuildContext:
    """One folder as a builder reads it, with one Dockerfile."""

    folder: Path
    """Absolute, because what builds starts relative paths from a folder of its own."""
    dockerfile: str
    """From the folder."""
    digest: str
    """SHA-256 of names, permissions and contents, hex."""


STAGE = re.compile(
    r"^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*\S+(?:[ \t]+AS[ \t]+(?P<name>\S+))?",
    re.IGNORECASE | re.MULTILINE,
)
"""How a stage begins, and its name ("Dockerfile reference: FROM", Docker Docs, 2026-11)."""

CONTINUED = re.compile(r"\\[ \t]*\r?\n")
"""A line that goes on in the next one."""


def stages(dockerfile: Path) -> tuple[str, ...]:
    """What `target` may name: stages by name, in lower case, and by number; nothing of a file in
    which no stage begins, as another language's (`# syntax`) may be."""
    text = CONTINUED.sub(" ", dockerfile.read_text(encoding="utf-8", errors="replace"))
    found = list(STAGE.finditer(text))
    named = (stage["name"].lower() for stage in found if stage["name"])
    return (*named, *map(str, range(len(found))))


def build_context(folder: Path, dockerfile: str) -> BuildContext:
    """Read a folder that an image is built from.

    Raises:
        OSError: something in it can't be read.
    """
    whole = folder.resolve()
    digest = hashlib.sha256()
    ignored = _patterns(whole, dockerfile)
    for path in sorted(_files(whole)):
        name = path.relative_to(whole).as_posix()
        if name == dockerfile or not _is_ignored(name, ignored):
            digest.update(f"{name}\0{_kind(path)}\0{_content(path)}\0".encode(errors="replace"))
    return BuildContext(whole, dockerfile, digest.hexdigest())


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder, onerror=_raise):
        links = [name for name in folders if (Path(parent) / name).is_symlink()]
        yield from (Path(parent) / name for name in (*names, *links))


def _raise(error: OSError) -> None:
    raise error


def _kind(path: Path) -> str:
    if path.is_symlink():
        return "link"
    return "program" if os.access(path, os.X_OK) else "file"


def _content(path: Path) -> str:
    if path.is_symlink():
        return str(path.readlink())
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _patterns(folder: Path, dockerfile: str) -> list[tuple[bool, re.Pattern[str]]]:
    """What the builder leaves out, in order: whether a pattern leaves out or takes back.

    A file beside the Dockerfile with its name counts before the folder's own ("Build context:
    filename and location", Docker Docs, 2026-11, from memory).
    """
    own = folder / f"{dockerfile}{IGNORE}"
    source = own if own.is_file() else folder / IGNORE
    if not source.is_file():
        return []
    found: list[tuple[bool, re.Pattern[str]]] = []
    for line in source.read_text(encoding="utf-8-sig", errors="replace").splitlines():
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        back = text.startswith("!")
        cleaned = os.path.normpath(text.lstrip("!").strip().lstrip("/"))
        if cleaned != ".":
            found.append((not back, re.compile(_expression(cleaned))))
    return found


def _is_ignored(name: str, patterns: list[tuple[bool, re.Pattern[str]]]) -> bool:
    """Whether the last pattern that fits it, or a folder it is in, leaves it out."""
    return next((out for out, pattern in reversed(patterns) if pattern.match(name)), False)


def _expression(pattern: str) -> str:
    """A pattern as Go's `filepath.Match` reads it, with `**` for any number of folders.

    >>> bool(re.match(_expression("**/*.pyc"), "a/b/c.pyc"))
    True
    >>> [bool(re.match(_expression("build"), name)) for name in ("build/a", "src/build", "builds")]
    [True, False, False]
    """
    found = ""
    for part in re.findall(r"\*\*/?|\*|\?|\[[^\]]*\]|\\.|.", pattern):
        if part.startswith("**"):
            found += "(?:.*/)?" if part.endswith("/") else ".*"
        elif part == "*":
            found += "[^/]*"
        elif part == "?":
            found += "[^/]"
        elif part.startswith("[") and len(part) > 1:
            found += part
        else:
            found += re.escape(part.removeprefix("\\") if len(part) > 1 else part)
    return f"(?:{found})(?:/|$)"
