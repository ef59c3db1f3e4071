"""What a command that was broken off leaves behind, and how to go on from there.

A change of AWS that takes several calls may end between two of them, and one call may have been
heeded though its answer never came. Whoever ended it, a person or the network, is told.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator

from trellis.aws_errors import code_of, is_throttling

_open: list[str] = []


@contextlib.contextmanager
def halfway(note: str, *, begun: bool = False) -> Generator[None]:
    """While something is changed: a text that an error carries as a note.

    Args:
        note: what may be so, and what to do.
        begun: something was changed already; else a refusal means that nothing was.
    """
    _open.append(note)
    try:
        yield
    except BaseException as error:
        refused = code_of(error) != "" and not is_throttling(error)
        if begun or not refused:
            error.add_note(note)
        raise
    finally:
        _open.pop()


def going_on() -> tuple[str, ...]:
    """What stands half-made at this moment, the outermost first; for whoever ends the process."""
    return tuple(_open)


def notes_of(error: BaseException) -> tuple[str, ...]:
    """What an error carries, the innermost first."""
    return tuple(getattr(error, "__notes__", ()))
