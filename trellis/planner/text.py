"""A plan as text: one line a resource, grouped by component, for terminals and for CI logs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from trellis.fitting import fit
from trellis.planner.facts import facts, lines
from trellis.planner.recording import EXAMPLE_ACCOUNT, Recorded, Recording
from trellis.planner.tree import Branch, TypeGroup, tree

INDENT = "  "
GAP = 2
"""Columns between the kinds, the names and the facts."""

Paint = Callable[[str, str], str]
"""Puts a text in a style: `title`, `component`, `kind`, `quiet` or `warning`."""

CODES = {"title": "1", "component": "1;36", "kind": "32", "quiet": "2", "warning": "33"}
"""ANSI select-graphic-rendition codes by style (ECMA-48)."""


def plain(text: str, _style: str) -> str:
    """No colours: for files and logs."""
    return text


def coloured(text: str, style: str) -> str:
    """ANSI colours: for terminals."""
    return f"\x1b[{CODES[style]}m{text}\x1b[0m" if text else text


@dataclass(frozen=True)
class Page:
    """How a plan is printed."""

    paint: Paint = plain
    width: int | None = None
    """Columns to cut facts at; None where nothing is cut."""
    full: bool = False
    """Whether every input of every resource is shown."""


def render(recording: Recording, page: Page) -> Iterator[str]:
    """The lines of a plan."""
    planned = tree(recording)
    paint = page.paint
    account = (
        f"account {recording.account}"
        if recording.account is not None
        else f"no account named ({EXAMPLE_ACCOUNT} stands in)"
    )
    yield paint(
        f"{recording.project} · {recording.stack} · {recording.region} · {account}", "title"
    )
    yield (
        f"{_resources(planned.count)} would be on AWS. Nothing was contacted and nothing was made."
    )
    for warning in recording.warnings:
        yield from _wrapped(f"Warning: {warning}", page)
    if recording.unknown_types:
        types = ", ".join(recording.unknown_types)
        yield from _wrapped(f"What AWS would return is not known here for {types}", page)
    names = {resource.urn: resource.name for resource in recording}
    for branch in planned.branches:
        yield ""
        yield from _branch(branch, "", names, page)
    if planned.loose:
        yield ""
        yield from _groups(planned.loose, "", names, page)
    if recording.outputs:
        yield ""
        yield paint("Stack outputs", "title")
        yield from lines(recording.outputs, INDENT)


def _wrapped(text: str, page: Page) -> Iterator[str]:
    lines = [text] if page.width is None else fit(text, page.width).split("\n")
    yield from (page.paint(line, "warning") for line in lines)


def _branch(branch: Branch, indent: str, names: Mapping[str, str], page: Page) -> Iterator[str]:
    paint = page.paint
    title = f"{branch.label} {branch.component.name}"
    unseen = "  made by a package of its own: its children are not seen here"
    yield (
        indent
        + paint(title, "component")
        + paint(f"  {_resources(branch.count)}", "quiet")
        + paint(unseen if branch.component.remote else "", "warning")
    )
    leaving = _leaving(branch)
    if leaving:
        yield indent + INDENT + paint(leaving, "quiet")
    yield from _groups(branch.groups, indent + INDENT, names, page)
    for inner in branch.branches:
        yield from _branch(inner, indent + INDENT, names, page)


LEGIBLE = 24
"""Columns that facts want beside a name: a block of addresses and a zone."""

TASKS = ("trellis:services:Service", "trellis:services:Job")
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"


def _leaving(branch: Branch) -> str:
    """What may leave a service or job, in a line; empty for anything else."""
    if branch.component.type not in TASKS:
        return ""
    rules = [
        resource
        for group in branch.groups
        for resource in group.resources
        if resource.type == EGRESS
    ]
    name = branch.component.name
    descriptions = (str(rule.inputs.get("description")) for rule in rules)
    # Rules of load balancers, which lead to the tasks, stand here too.
    targets = dict.fromkeys(
        text.removeprefix(f"{name} to ")
        for text in descriptions
        if not text.endswith(f"service-{name}")
    )
    if not targets:
        return "may call nothing: no rule lets anything out"
    return f"may call: {', '.join(targets)}; nothing else leaves"


def _groups(
    groups: tuple[TypeGroup, ...], indent: str, names: Mapping[str, str], page: Page
) -> Iterator[str]:
    if not groups:
        return
    kinds = max(len(_kind(group)) for group in groups) + GAP
    widest = max(len(resource.name) for group in groups for resource in group.resources) + GAP
    for group in groups:
        for index, resource in enumerate(group.resources):
            kind = _kind(group) if index == 0 else ""
            head = f"{indent}{kind:<{kinds}}{resource.name:<{widest}}"
            about = "" if page.full else facts(resource, names)
            painted = f"{indent}{page.paint(f'{kind:<{kinds}}', 'kind')}{resource.name:<{widest}}"
            if _apart(about, len(head), page):
                below = indent + INDENT * 2
                yield (painted.rstrip() + _marks(resource, page)).rstrip()
                yield (below + _cut(about, len(below), page)).rstrip()
            else:
                yield (painted + _cut(about, len(head), page) + _marks(resource, page)).rstrip()
            if page.full:
                for line in lines(resource.inputs, indent + INDENT * 2):
                    yield page.paint(line, "quiet")


def _kind(group: TypeGroup) -> str:
    count = len(group.resources)
    return group.label if count == 1 else f"{group.label} ({count})"


def _marks(resource: Recorded, page: Page) -> str:
    imported = f"  imported: {resource.import_id}" if resource.import_id else ""
    return page.paint(imported + ("  protected" if resource.protect else ""), "warning")


def _apart(text: str, before: int, page: Page) -> bool:
    """Whether facts have a line of their own, as next to nothing of them would stand here."""
    room = LEGIBLE if page.width is None else page.width - before
    return room < min(LEGIBLE, len(text))


def _cut(text: str, before: int, page: Page) -> str:
    room = None if page.width is None else max(page.width - before, 0)
    return text if room is None or len(text) <= room else text[: max(room - 1, 0)] + "…"


def _resources(count: int) -> str:
    return "1 resource" if count == 1 else f"{count} resources"
