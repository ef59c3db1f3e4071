"""Adds one entry to a project's files: comments and order stay, and only what loads is written."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from components.parts.domain import under
from trellis.stackfile import tree
from trellis.stackfile.editing import changed_text
from trellis.stackfile.layers import layers
from trellis.stackfile.problems import KeyPath, Problem, Source, StackFileError
from trellis.stackfile.project import project_file, shown, stacks_of
from trellis.stackfile.reading import StackInput, read_files
from trellis.stackfile.resolution import resolve
from trellis.start.landing import InTheWayError, check_stacks
from trellis.start.recipes import entry_of

SUBJECT = "the addition has"
BALANCER = "main"


def added(
    project: Path,
    kind: str,
    key: str,
    given: Mapping[KeyPath, Any],
    *,
    stack: str | None = None,
    host: str | None = None,
) -> dict[Path, str]:
    """The texts of the files that an addition changes and makes, by path; nothing is written.

    Args:
        project: folder of `Pulumi.yaml`.
        given: settings by path inside the entry, in place of what the recipe has.
        stack: the one stack that has it; all of them, by `Pulumi.yaml`, when left out.
        host: of a service, for a route; a load balancer is added where there is none.

    Raises:
        StackFileError: with it, a stack would not load.
        InTheWayError: a file that it needs is there already.
    """
    every = [read_files(project, name) for name in ([stack] if stack else stacks_of(project))]
    file = every[0].project.stack_file(stack) if stack else project_file(project)
    if not every or file is None:
        raise StackFileError(
            [Problem((), f"no stack in {project}", "a project with a stack", "see `trellis init`")],
            subject=SUBJECT,
        )
    entry = entry_of(kind, key, given)
    settings = dict(entry.settings)
    wanted: dict[KeyPath, Any] = {}
    if host is not None and kind == "service":
        settings.pop("discoverable", None)
        settings["routes"] = [{"host": host}]
        if not any(_names(read, "loadBalancers") for read in every):
            wanted["loadBalancers", BALANCER] = {}
    if any(key in _names(read, entry.tier) for read in every):
        path: KeyPath = (entry.tier, key)
        place = Source("stack file", shown(file))
        raise StackFileError(
            [Problem(path, "an entry of this name already", "another name", source=place)],
            subject=SUBJECT,
        )
    wanted[entry.tier, key] = settings
    text = file.read_text(encoding="utf-8")
    for path, value in wanted.items():
        text = changed_text(text, path, value, shown(file), shared=stack is None, open_to=1)
    texts = {file: text, **{project / path: made for path, made in entry.files.items()}}
    if host is not None and kind == "service" and stack is None:
        texts |= _hosts(every, (entry.tier, key), host)
    there = [str(project / path) for path in entry.files if (project / path).exists()]
    if there:
        raise InTheWayError(f"{', '.join(there)} is there already: nothing was written")
    _check(project, texts)
    return texts


def _names(files: StackInput, tier: str) -> set[str]:
    found = [layer.value((tier,)) for layer in layers(files.config, files).ordered]
    return {key for entries in found if tree.is_mapping(entries) for key in entries}


def _hosts(every: Sequence[StackInput], entry: KeyPath, host: str) -> dict[Path, str]:
    """The files of stacks in whose zones the host is not, with one of their own zone instead.

    `www.example.com` is `www.dev.example.com` where the zone is `dev.example.com`.
    """
    zones = {files.file: _domains(files) for files in every}
    over = [domain for domains in zones.values() for domain in domains if under(host, domain)]
    if not over:
        return {}
    labels = host.removesuffix(max(over, key=len))
    found: dict[Path, str] = {}
    for file, domains in zones.items():
        if len(domains) == 1 and not under(host, domains[0]):
            route: list[Any] = [{"host": f"{labels}{domains[0]}"}]
            text = file.read_text(encoding="utf-8")
            path: KeyPath = (*entry, "routes")
            found[file] = changed_text(text, path, route, shown(file), shared=False, open_to=1)
    return found


def _domains(files: StackInput) -> list[str]:
    zones = resolve(files.config, files).data.get("zones")
    entries = zones.values() if tree.is_mapping(zones) else ()
    return [
        str(zone["domain"])
        for zone in entries
        if tree.is_mapping(zone) and "domain" in zone and not zone.get("private")
    ]


def _check(project: Path, texts: Mapping[Path, str]) -> None:
    """That all stacks load with the new texts, tried in a copy of the project's own files."""
    with tempfile.TemporaryDirectory(prefix="trellis-add-") as held:
        draft = Path(held)
        for pattern in ("Pulumi*.y*ml", "trellis.*.json"):
            for file in project.glob(pattern):
                shutil.copy(file, draft)
        for file, text in texts.items():
            target = draft / file.absolute().relative_to(project.absolute())
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        check_stacks(draft)
