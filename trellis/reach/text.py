"""Who reaches and may do what, as text: a line a connection, and a block a role."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trellis.planner.text import Paint, plain
from trellis.reach.access import Access
from trellis.reach.matrix import Matrix
from trellis.reach.network import Connection

INDENT = "  "


def render(
    found: Matrix, source: str | None = None, target: str | None = None, paint: Paint = plain
) -> Iterator[str]:
    """The lines of a matrix, or of the part that is asked for."""
    part = found.asked(source, target)
    recording = found.recording
    yield paint(f"{recording.project} · {recording.stack} · {recording.region}", "title")
    if source is not None and target is not None:
        yield from _path(found, source, target)
    yield ""
    yield paint("Who may open a connection to what", "title")
    yield from _connections(part.connections, found)
    yield ""
    yield paint("Who may do what", "title")
    yield from _accesses(part.accesses, paint)


def _path(found: Matrix, source: str, target: str) -> Iterator[str]:
    path = found.path(source, target)
    yield ""
    if path is None:
        yield f"Nothing lets {source} open a connection to {target}, not even by way of others."
        return
    if len(path) > 1:
        yield f"{source} reaches {target} only by way of others:"
        for connection in path:
            yield f"{INDENT}{_line_of(connection)}"


def _line_of(connection: Connection) -> str:
    way = f" by {connection.way}" if connection.way else ""
    return (
        f"{connection.source} → {connection.target}  port {connection.port}{way}  "
        f"{connection.encryption}"
    )


def _connections(connections: Sequence[Connection], found: Matrix) -> Iterator[str]:
    if not connections:
        yield f"{INDENT}nobody"
        return
    rows = [
        (
            f"{c.source} → {c.target}",
            c.port if c.protocol in ("tcp", "any") else f"{c.port}/{c.protocol}",
            c.way or "inside the network",
            c.encryption,
            found.uses.get((c.source, c.target), ""),
        )
        for c in connections
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        yield f"{INDENT}{cells}".rstrip()


def _accesses(accesses: Sequence[Access], paint: Paint) -> Iterator[str]:
    if not accesses:
        yield f"{INDENT}nobody"
        return
    before: tuple[str, str] | None = None
    shown: set[str] = set()  # under one head: several keys are one part, and read alike
    # A role's lines stand together, though a thing may have two (its own, and what starts it).
    for access in sorted(accesses, key=lambda access: (access.who, access.role)):
        head = (access.who, access.role)
        if head != before:
            role = f" as role {access.role}" if access.role else " (let in by the resource itself)"
            yield f"{INDENT}{paint(access.who, 'component')}{role}"
            before, shown = head, set()
        line = f"{INDENT * 2}{access.level:<15}{access.target}: {', '.join(access.actions)}"
        if access.uses:
            line += f"  ({access.uses})"
        if line not in shown:
            yield line
        shown.add(line)
