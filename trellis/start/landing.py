"""Puts files where a person wants them: all of them, right, and over nothing; or none."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from trellis.stackfile.loading import load, read_stack, using
from trellis.stackfile.project import stacks_of

KEPT = (".gitignore", "README.md", ".github/dependabot.yml")
"""What a repository may have already, and keeps: it is told, and nothing is lost by it."""


class InTheWayError(Exception):
    """Files are there already; the text says which, and what to do."""


def check_stacks(folder: Path) -> None:
    """That every stack of a project loads.

    Raises:
        StackFileError: one doesn't; every problem at once.
    """
    for stack in stacks_of(folder):
        files = read_stack(folder, stack)
        with using(files):
            load(files.config)


def check_texts(texts: Mapping[str, str]) -> None:
    """That the stacks of a project would load, before any of its files is written.

    Raises:
        StackFileError: one wouldn't; every problem at once.
    """
    with tempfile.TemporaryDirectory(prefix="trellis-init-") as held:
        draft = Path(held)
        for path, text in texts.items():
            if not path.startswith(".."):  # workflows stand at the repository's root
                _written(draft / path, text)
        check_stacks(draft)


def land(texts: Mapping[str, str], folder: Path) -> tuple[str, ...]:
    """Write the files, after they were seen to load.

    Args:
        texts: by path relative to the folder.

    Returns:
        those of `KEPT` that were there and stay as they are.

    Raises:
        InTheWayError: others are there already; nothing was written.
        StackFileError: a stack doesn't load; nothing was written.
        OSError: a file can't be written; those that were are gone again.
    """
    there = [path for path in texts if (folder / path).exists()]
    wrong = [path for path in there if path not in KEPT]
    if wrong:
        raise InTheWayError(
            f"{', '.join(wrong)} in {folder} {'is' if len(wrong) == 1 else 'are'} there already: "
            "nothing was written. Another folder is named by --into"
        )
    check_texts(texts)
    made: list[Path] = []
    try:
        for path in texts:
            if path in there:
                continue
            target = folder / path
            made += _missing_folders(target.parent)
            made.append(target)
            _written(target, texts[path])
    except BaseException:
        for made_path in reversed(made):
            if made_path.is_dir():
                shutil.rmtree(made_path, ignore_errors=True)
            else:
                with contextlib.suppress(OSError):  # it was never made
                    made_path.unlink()
        raise
    return tuple(there)


def _missing_folders(folder: Path) -> list[Path]:
    """The folders up to this one that are not there, the outermost first."""
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    return missing[::-1]


def _written(file: Path, text: str) -> None:
    from components.parts.whole_file import write_whole

    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, text.encode())
