"""Random whole production stack files: green, or the red verdict's own remedy turns it green.

Each is written to disk, loaded by the real loader, run through the real `__main__` as deployed, and
judged by the pack. A red verdict has to be explained: leaving out the settings that `UNSAFE` names
for the control makes it green, and the control's text for the stack file names that setting. What
no row explains is reduced to the settings without which it would be green. Anything but a clean
refusal is a defect: an exception, a URN twice, a value that botocore's models of AWS refuse.
"""

from __future__ import annotations

import copy
import datetime as dt
import traceback
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pulumi
import yaml

from policies.guardrails.control import Outcome
from policies.guardrails.outcomes import Finding, Report
from policies.guardrails.run import analyse
from testing.drawn_stacks import REGION, Drawn, GaveUpError, pattern, random_stack
from testing.oracles.judged import NAMES, judged
from testing.random_hints import CODE, CONTENT
from testing.unsafe_settings import ADDED, TOGETHER, UNSAFE
from trellis.planner.evidence import evidence
from trellis.planner.places import placed
from trellis.planner.record import Recording, record
from trellis.stackfile.explaining import parsed
from trellis.stackfile.layers import Layers
from trellis.stackfile.loading import read_stack
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.resolution import resolve
from trellis.stackfile.tree import is_list, is_mapping

ROOT = Path(__file__).resolve().parent.parent
DENSITIES = (0.02, 0.08, 0.25)
"""How likely an optional setting is given, in turn: what is hardly set shows the defaults."""
TODAY = dt.date(2026, 11, 21)
Tree = Any


@dataclass
class Tally:
    """What came out of a campaign."""

    accepted: int = 0
    """Valid as first drawn."""
    healed: int = 0
    """Valid after refused parts were drawn again."""
    refused: int = 0
    """Refused by what only the program can tell, in words."""
    given_up: int = 0
    green: int = 0
    red: int = 0
    resources: int = 0
    refusals: Counter[str] = field(default_factory=Counter[str])
    """Refusals by the pattern of the path."""
    explained: Counter[str] = field(default_factory=Counter[str])
    """Red verdicts by control and the setting that makes them."""
    unexplained: list[str] = field(default_factory=list[str])
    advice: Counter[str] = field(default_factory=Counter[str])
    """Failures of advisory controls, by control."""
    waiting: Counter[str] = field(default_factory=Counter[str])
    """Verdicts that are unknown although everything is known."""
    defects: list[str] = field(default_factory=list[str])


def campaign(seeds: range, folder: Path, density: float | None = None, parts: float = 0.6) -> Tally:
    """Draw, record and judge a stack file for each seed; see `random_stack` for the rest."""
    tally = Tally()
    prepare(folder)
    for seed in seeds:
        try:
            given = DENSITIES[seed % len(DENSITIES)] if density is None else density
            drawn = random_stack(seed, given, parts)
        except GaveUpError:
            tally.given_up += 1
            continue
        except Exception:  # noqa: BLE001 - what a user would see as a traceback is counted
            tally.defects.append(f"{seed}: loading: {traceback.format_exc(limit=-2)}")
            continue
        tally.accepted += not drawn.refusals
        tally.healed += bool(drawn.refusals)
        tally.refusals.update({text.partition(":")[0] for text in drawn.refusals})
        try:
            _one(seed, drawn, folder, tally)
        except pulumi.RunError as error:
            tally.refused += 1
            tally.refusals[f"program: {str(error).splitlines()[0][:90]}"] += 1
        except Exception:  # noqa: BLE001 - as above
            kept = folder / f"{seed}.yaml"
            kept.write_text(text_of(drawn.settings), encoding="utf-8")
            tally.defects.append(f"{seed}: {kept}: {traceback.format_exc(limit=-3)}")
    return tally


def prepare(folder: Path) -> None:
    """A project whose program is Trellis's own, with a site's content and a function's code."""
    (folder / "Pulumi.yaml").write_text(f"name: shop\nruntime: python\nmain: {ROOT}\n", "utf-8")
    (folder / CONTENT).mkdir(exist_ok=True)
    (folder / CONTENT / "index.html").write_text("<!doctype html><title>Shop</title>", "utf-8")
    (folder / CODE).mkdir(exist_ok=True)
    for name in ("main.py", "main.mjs"):
        (folder / CODE / name).write_text("", "utf-8")


def recorded(settings: Mapping[str, Any], folder: Path) -> Recording:
    """The recording of a stack file, as deployed: nothing is unknown."""
    (folder / "Pulumi.prod.yaml").write_text(stack_file(settings), encoding="utf-8")
    return record(folder, "prod", "deployed")


def stack_file(settings: Mapping[str, Any]) -> str:
    """The stack file of these settings, as a person would write it."""
    config = {key if ":" in key else f"trellis:{key}": value for key, value in settings.items()}
    return text_of({"config": {"aws:region": REGION, **config}})


class _Quoting(yaml.SafeDumper):
    """Writes every text in quotes: the engine reads some plain ones as numbers that this keeps."""


def _quoted(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')


_Quoting.add_representer(str, _quoted)


def text_of(tree: Tree) -> str:
    """A stack file's text, keys in their order."""
    return yaml.dump(tree, Dumper=_Quoting, sort_keys=False, default_flow_style=False)


def verdict(recording: Recording) -> Report:
    """The pack's report on a recording."""
    return analyse(evidence(recording), today=TODAY)


def _one(seed: int, drawn: Drawn, folder: Path, tally: Tally) -> None:
    recording = recorded(drawn.settings, folder)
    tally.resources += len(recording.resources)
    tally.defects.extend(f"{seed}: {text}" for text in wrong_with(recording))
    report = verdict(recording)
    report = placed(report, recording, _layers(folder))
    tally.defects.extend(f"{seed}: {problem.text}" for problem in report.problems)
    for finding in report.with_outcome(Outcome.UNKNOWN):
        tally.waiting[finding.control.id] += 1
    for finding in report.with_outcome(Outcome.FAIL):
        if not finding.blocks:
            tally.advice[finding.control.id] += 1
    blocking = red(report)
    if not blocking:
        tally.green += 1
        return
    tally.red += 1
    tally.defects.extend(
        f"{seed}: {one.control.id} on {one.resource} is placed at {one.place}"
        for one in report.findings
        if one.blocks and not _names_its_setting(one, drawn.settings)
    )
    left = _explained(drawn.settings, blocking, folder, tally)
    for control, finding in left.items():
        smallest = ", ".join(sorted(needed_for(control, drawn.settings, folder)))
        tally.unexplained.append(
            f"{seed}: {control} on {finding.resource}: {finding.found}\n"
            f"      red as long as there are {smallest}\n"
            f"      stack file: {finding.control.fix.stack}"
        )


def _explained(
    settings: Mapping[str, Any], blocking: Mapping[str, Finding], folder: Path, tally: Tally
) -> dict[str, Finding]:
    """Count what explains red controls, and return those that nothing explains.

    First one row of the table at a time, for all controls at once; then all rows together.
    """
    rows = {control: reasons(control, settings) for control in blocking}
    left = dict(blocking)
    rounds = [[number] for number in range(max(map(len, rows.values())))]
    for positions in [*rounds, list(range(len(rounds)))]:
        tried = {
            control: [
                rows[control][position] for position in positions if position < len(rows[control])
            ]
            for control in left
        }
        if not any(tried.values()):
            continue
        for control in _greened(tried, settings, folder):
            tally.explained[f"{control}  {' and '.join(tried[control])}"] += 1
            del left[control]
    return left


def _greened(
    tried: Mapping[str, Collection[str]], settings: Mapping[str, Any], folder: Path
) -> list[str]:
    """The controls that are green without the rows tried; a row may leave what only fits with it.

    All rows are left out at once; where the loader refuses what is left, those of each control.
    """
    given = {control: rows for control, rows in tried.items() if rows}
    try:
        changed = without({row for rows in given.values() for row in rows}, settings)
        still = red(verdict(recorded(changed, folder)))
    except pulumi.RunError:
        if len(given) == 1:
            return []
        return [part for part in given if _greened({part: given[part]}, settings, folder)]
    return [part for part in given if part not in still]


def _layers(folder: Path) -> Layers:
    files = read_stack(folder, "prod")
    return resolve(files.config, files).layers


def _names_its_setting(finding: Finding, settings: Mapping[str, Any]) -> bool:
    """Whether the report says which setting of the file it is, or what the file lacks."""
    place, control = finding.place, finding.control.id
    if place is None or not place.setting:
        return False
    if any(_lacking(control, settings)):
        return True
    return pattern(parsed(place.setting)) in UNSAFE.get(control, ())


def red(report: Report) -> dict[str, Finding]:
    """What stops a deployment, by control: one finding each."""
    return {one.control.id: one for one in report.findings if one.blocks}


def wrong_with(recording: Recording) -> Iterator[str]:
    """What AWS or the engine would refuse of a recording."""
    for urn, times in Counter(resource.urn for resource in recording).items():
        if times > 1:
            yield f"{urn} is registered {times} times"
    for resource in recording:
        if resource.type.startswith("aws:"):
            made_up = {key: resource.outputs[key] for key in NAMES if key in resource.outputs}
            for text in judged(resource.type, {**made_up, **resource.inputs}):
                yield f"{resource.name}: {text}"


def reasons(control: str, settings: Mapping[str, Any]) -> list[str]:
    """The rows of the table for a control that hold of a stack file."""
    there = {pattern(path) for path in paths_of(settings)}
    found = [row for row in UNSAFE.get(control, ()) if row in there]
    return found + [f"no {part}" for part, _ in _lacking(control, settings)]


def _lacking(control: str, settings: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for part, things in ADDED.get(control, {}).items():
        there = list(settings.get(part, {}).values())
        wanted = list(things.values())
        if not any(entry.items() >= one.items() for entry in there for one in wanted):
            yield f"{part} {', '.join(things)}", {part: things}


def without(rows: Collection[str], settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings without those of some rows, and with what `no ...` rows lack."""
    changed = copy.deepcopy(dict(settings))
    rows = {*rows, *(other for row in rows for other in TOGETHER.get(row, ()))}
    for path in sorted(paths_of(settings), key=len, reverse=True):
        if pattern(path) in rows:
            remove(changed, path)
    for control in ADDED:
        for name, added in _lacking(control, changed):
            # What received logs may be among what was taken out.
            if f"no {name}" in rows or set(UNSAFE[control]) & set(rows):
                for part, things in added.items():
                    changed.setdefault(part, {}).update(copy.deepcopy(things))
    return changed


def paths_of(tree: Tree, above: KeyPath = ()) -> Iterator[KeyPath]:
    """Every path of a stack file, outer ones first."""
    inside: dict[Any, Tree] = {}
    if is_mapping(tree):
        inside = dict(tree)
    elif is_list(tree):
        inside = dict(enumerate(tree))
    for key, value in inside.items():
        yield (*above, key)
        yield from paths_of(value, (*above, key))


def remove(tree: Tree, path: KeyPath) -> bool:
    """Take a setting out; whether it was there."""
    for part in path[:-1]:
        try:
            tree = tree[part]
        except (KeyError, IndexError):
            return False
    last = path[len(path) - 1]
    there = is_mapping(tree) and last in tree
    if there:
        del tree[cast("str", last)]
    return there


def needed_for(control: str, settings: Mapping[str, Any], folder: Path) -> set[str]:
    """Patterns of the settings that no smaller stack file with the same red control is without."""
    smallest = copy.deepcopy(dict(settings))
    for path in list(paths_of(settings)):
        tried = copy.deepcopy(smallest)
        if path[0] in ("name", "environment", "profile", "account") or not remove(tried, path):
            continue
        try:
            if control in red(verdict(recorded(tried, folder))):
                smallest = tried
        except pulumi.RunError:
            continue
    return {pattern(path) for path in paths_of(smallest) if path[0] not in ("name", "environment")}
