"""Writes a file whole or not at all."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


def write_whole(file: Path, data: bytes) -> None:
    """Write beside and rename: a reader never meets half a file, a failure leaves none behind.

    What is there and is no ordinary file (a pipe, a terminal, `/dev/stdout`) is written to.

    Raises:
        OSError: it can't be written; `filename` is the file that was asked for.
    """
    try:
        target = file.resolve()
        if target.exists() and not target.is_file():
            target.write_bytes(data)
            return
        with _uninterrupted():
            _replace(target, data)
    except OSError as error:
        raise OSError(error.errno, error.strerror or "it can't be written", str(file)) from None


def _replace(target: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:60]}.")
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        unfinished.chmod(0o644)
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


@contextmanager
def _uninterrupted() -> Generator[None]:
    """Ctrl-C waits until the block has ended, where the system can do that."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
