"""The files of a function's folder, as they go into its zip: the same from every checkout.

Text has LF line ends, as the repository has it; what Python, Node, editors and version control
leave behind is not part of it. The digest names what the zip is made from, so a plan knows it and
builds nothing.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from components.functions.runtimes import RUNTIMES
from components.functions.settings import FunctionSettings, handler_file

FORMAT = "1"
"""Of the zip: another number makes every function's zip anew."""

LEFT_OUT = frozenset(
    {"__pycache__", "node_modules", ".git", ".venv", ".mypy_cache", ".pytest_cache",
     ".ruff_cache", ".idea", ".vscode"}
)  # fmt: skip
"""Folders that are no part of a function; what `node_modules` holds comes by the lock file."""

LEFT_OUT_FILES = ("*.pyc", "*.pyo", ".DS_Store", "Thumbs.db", ".gitignore", ".gitattributes")

LOCKS = {"python": ("requirements.lock", "requirements.txt"), "node": ("package-lock.json",)}
"""Names of lock files by language, the first that is there."""

SUFFIXES = {"python": (".py",), "node": (".js", ".mjs", ".cjs")}

UNZIPPED_BYTES = 262_144_000
"""Of a function's code and layers together, 250 MiB ("Lambda quotas", 2026-11)."""

PROBED_BYTES = 8_000
"""First bytes in which a NUL tells that a file is no text, as Git does."""


class CodeError(Exception):
    """A folder that can't become a function; says what is wrong, and what to do."""

    def __init__(self, field: str, found: str, allowed: str, hint: str = "") -> None:
        super().__init__(f"{found}; allowed: {allowed}")
        self.field = field
        """Of `code`, as a stack file says it."""
        self.found = found
        self.allowed = allowed
        self.hint = hint


@dataclass(frozen=True)
class Sources:
    """What a function's zip is made from."""

    key: str
    files: dict[str, bytes]
    """Content by path with forward slashes."""
    lock: str | None
    """Path of the lock file, where anything is installed."""
    language: str
    version: str
    glibc: str
    architecture: str
    digest: str
    """Hexadecimal, of all the above."""


PASSED_ON = re.compile(rb"import \*|export \*|module\.exports\s*=\s*require")
"""What brings names into a file that do not stand in it."""


def _has_function(handler: str, text: bytes) -> None:
    """Refuse a handler whose name stands nowhere in its file: Lambda would find none."""
    name = handler.rpartition(".")[2]
    is_there = re.search(rb"(?<![\w$])" + re.escape(name.encode()) + rb"(?![\w$])", text)
    if text.strip() and not is_there and not PASSED_ON.search(text):
        raise CodeError(
            "handler",
            f"{handler}, and no {name} in its file",
            "the name of a function in that file, after the last dot",
        )


def read_sources(key: str, settings: FunctionSettings, project: Path) -> Sources:
    """Read a function's folder.

    Raises:
        CodeError: it is not there, has no handler, is too large, or its lock file is none.
    """
    code = settings.code
    if code is None:
        raise ValueError(f"function {key} has no folder")
    runtime = RUNTIMES[settings.runtime_name]
    folder = project / code.path
    if not folder.is_dir():
        raise CodeError("path", f"no folder {folder}", "a folder with the function's code")
    there = dict(_files(folder, code.exclude))
    total = sum(file.stat().st_size for file in there.values())
    if total > UNZIPPED_BYTES:
        raise too_large("path", folder.name, total)
    files = {name: _as_in_the_repository(file.read_bytes()) for name, file in there.items()}
    suffixes = SUFFIXES[runtime.language]
    wanted = [handler_file(code.handler) + suffix for suffix in suffixes]
    if not any(file in files for file in wanted):
        others = sorted(file for file in files if file.endswith(suffixes))
        raise CodeError(
            "handler",
            f"no file {' or '.join(wanted)} in {folder}",
            "the file before the last dot of the handler",
            f"there is {', '.join(others[:5])}" if others else "there is no code in it",
        )
    _has_function(code.handler, next(files[file] for file in wanted if file in files))
    lock = _lock(code.lock, runtime.language, files, folder)
    if lock is not None:
        check_lock(lock, files[lock], runtime.language)
    return Sources(
        key,
        files,
        lock,
        runtime.language,
        runtime.version,
        runtime.glibc,
        settings.architecture,
        _digest(files, (FORMAT, settings.runtime_name, runtime.glibc, settings.architecture)),
    )


def too_large(field: str, what: str, total: int) -> CodeError:
    """What is said of code that Lambda takes no zip of."""
    return CodeError(
        field,
        f"{what} with {total / 2**20:.1f} MiB unzipped",
        f"{UNZIPPED_BYTES // 2**20} MiB, which is all that Lambda unpacks",
        "leave out what is not needed (`exclude`), or make an `image` of it, which may have 10 GB",
    )


def check_lock(name: str, content: bytes, language: str) -> None:
    """Refuse a lock file that does not say what exactly is installed.

    Raises:
        CodeError: something in it has no version or hash.
    """
    text = content.decode("utf-8", "replace")
    loose = _loose_python(text) if language == "python" else _loose_node(text, name)
    if loose:
        how = (
            "`uv pip compile --generate-hashes requirements.in -o requirements.lock` makes one"
            if language == "python"
            else "`npm install --package-lock-only` makes one"
        )
        raise CodeError("lock", f"{name} without a hash for {loose}", "a hash for each", how)


def _loose_python(text: str) -> str | None:
    """The first requirement without a hash; None where there is none."""
    for line in re.sub(r"\\\r?\n", " ", text).splitlines():
        requirement = line.split(" #", 1)[0].strip()
        if not requirement or requirement.startswith(("#", "--hash")):
            continue
        if requirement.startswith("-"):
            return requirement.split()[0]
        if "--hash=" not in requirement:
            return requirement.split(";", 1)[0].strip()
    return None


def _loose_node(text: str, name: str) -> str | None:
    try:
        document = cast("dict[str, Any]", json.loads(text))
    except ValueError:
        raise CodeError("lock", f"{name} that is no JSON", "the file that npm writes") from None
    packages = cast("dict[str, dict[str, Any]]", document.get("packages", {}))
    if document.get("lockfileVersion", 0) < 2:
        return f"version {document.get('lockfileVersion', 1)} of the format; 2 or 3 has them"
    for path, package in packages.items():
        if path and not package.get("integrity") and not package.get("inBundle"):
            return path.rpartition("node_modules/")[2]
    return None


def _lock(given: str | None, language: str, files: dict[str, bytes], folder: Path) -> str | None:
    if given is not None:
        if given not in files:
            raise CodeError("lock", f"no file {given} in {folder}", "a lock file in the folder")
        return given
    found = next((name for name in LOCKS[language] if name in files), None)
    if found is None and language == "node" and _wants_packages(files.get("package.json")):
        raise CodeError(
            "path",
            f"package.json with dependencies in {folder}, and no package-lock.json",
            "a lock file beside it",
            "`npm install --package-lock-only` makes one",
        )
    return found


def _wants_packages(content: bytes | None) -> bool:
    try:
        return bool(content and json.loads(content).get("dependencies"))
    except ValueError:
        return False


def _files(folder: Path, excluded: Sequence[str]) -> Iterator[tuple[str, Path]]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(child for child in folders if child not in LEFT_OUT)
        for name in sorted(names):
            file = Path(parent) / name
            path = file.relative_to(folder).as_posix()
            if any(fnmatch.fnmatchcase(name, pattern) for pattern in LEFT_OUT_FILES):
                continue
            if any(fnmatch.fnmatchcase(path, pattern) for pattern in excluded):
                continue
            if file.is_symlink():
                raise CodeError(
                    "path", f"a symbolic link, {path}", "files", "a checkout may not have it"
                )
            yield path, file


def _as_in_the_repository(data: bytes) -> bytes:
    """Text with LF, whatever the checkout made of it; everything else as it is."""
    return data if b"\0" in data[:PROBED_BYTES] else data.replace(b"\r\n", b"\n")


def _digest(files: dict[str, bytes], more: Sequence[str]) -> str:
    whole = hashlib.sha256("\0".join(more).encode())
    for name, data in sorted(files.items()):
        whole.update(f"\0{name}\0{len(data)}\0".encode())
        whole.update(data)
    return whole.hexdigest()
