"""Markdown of GitHub and GitLab in which foreign text is text, and no table is cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LONGEST = 160
"""Characters of one foreign text; a name of AWS is rarely longer."""

BUDGET = 60_000
"""Characters of a comment; GitHub takes 65,536 ("Create an issue comment", REST API, 2026-11) and
GitLab 1,000,000."""

RESERVED = 300
"""Characters kept for each table, to say what it is and how many rows are left out."""

UNFOLDED = 10
"""Rows of a table that is shown without being asked for."""


def text(foreign: object) -> str:
    """Foreign text, so that nothing in it is Markdown, HTML, a mention or an address.

    Every sign that is neither letter nor digit becomes an entity: an entity begins nothing. Code
    keeps mentions and addresses from being linked.
    """
    whole = " ".join(str(foreign).split())
    if len(whole) > LONGEST:
        whole = f"{whole[: LONGEST - 1]}…"
    signs = "".join(_sign(character) for character in whole)
    return f"<code>{signs}</code>" if signs else ""


def _sign(character: str) -> str:
    if character.isascii():
        return character if character.isalnum() or character == " " else f"&#{ord(character)};"
    return character if character.isprintable() else "�"


def marker(kind: str, project: str, stack: str) -> str:
    """What a later text of a kind finds the earlier one by; nothing in it ends an HTML comment."""
    name = "".join(
        sign if sign.isascii() and (sign.isalnum() or sign in "-_./") else "_"
        for sign in f"{project}/{stack}"
    )
    return f"{kind}:{name}".replace("--", "-_")


@dataclass(frozen=True)
class Table:
    """One table of a comment."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """Cells that are Markdown already, the weightiest row first."""
    always: bool = False
    """Whether it is shown unfolded however long it is."""

    def render(self, room: int) -> str:
        """As much of the table as there is room for, in whole rows; what is left out is counted.

        Args:
            room: characters.
        """
        opening, closing = f"\n**{self.title}**\n\n", ""
        if not self.always and len(self.rows) > UNFOLDED:
            opening = f"\n<details><summary>{self.title} ({len(self.rows)})</summary>\n\n"
            closing = "\n</details>\n"
        head = f"| {' | '.join(self.heads)} |\n|{' --- |' * len(self.heads)}\n"
        left_out = f"\n{len(self.rows)} rows left out: see the full report.\n"
        room -= len(opening) + len(head) + len(closing) + len(left_out)
        lines: list[str] = []
        for row in self.rows:
            line = f"| {' | '.join(row)} |\n"
            if room < len(line):
                break
            room -= len(line)
            lines.append(line)
        more = len(self.rows) - len(lines)
        note = f"\n{more} rows left out: see the full report.\n" if more else ""
        body = f"{head}{''.join(lines)}" if lines else ""
        return f"{opening}{body}{note}{closing}"


def document(marker: str, opening: Iterable[str], tables: Sequence[Table], closing: str) -> str:
    """A comment: a hidden marker, the opening lines, as much of the tables as fits, the end."""
    start = f"<!-- {marker} -->\n" + "\n".join(opening) + "\n"
    room = BUDGET - len(start) - len(closing) - RESERVED * len(tables)
    parts: list[str] = []
    for table in tables:
        if not table.rows:
            continue
        part = table.render(room)
        room -= len(part)
        parts.append(part)
    return f"{start}{''.join(parts)}\n{closing}\n"
