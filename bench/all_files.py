"""Mutants of every file that a stack is read from, planned, and held against AWS where accepted.

`python -m bench.all_files 200 3` makes 200 from seed 3. A mutant is a real project in which one
value of its stack file, its shared system, its context, the configuration that the engine hands on
(`PULUMI_CONFIG`) or a recording of it has become another. It is
refused in words (exit 2, no traceback), or what it plans is what AWS takes: names once, values of
botocore's models, the same plan from the same files again.
"""

from __future__ import annotations

import contextlib
import copy
import io
import json
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, cast

import pulumi
import yaml

from testing.random_stacks import text_of, wrong_with
from testing.stacks import STACKS
from trellis.assembly import build
from trellis.cli.main import WRONG_INPUT
from trellis.cli.main import main as trellis
from trellis.planner.record import ProgramInput, Recording, record, record_program
from trellis.stackfile.loading import load, read_stack
from trellis.stackfile.problems import StackFileError

SEED = 20261129
MUTANTS = 5_000
ROOT = Path(__file__).resolve().parent.parent
AGAIN = 10
"""Every so many accepted mutants are planned a second time."""
BROKEN = 0.1
"""How many of the engine's texts are cut in half instead."""
FILES = ("stack", "stack", "stack", "system", "context", "plan", "config")
"""What is changed, drawn in turn: most of what people write is the stack file."""

Tree = Any


@dataclass
class Tally:
    """What became of the mutants."""

    counts: Counter[str] = field(default_factory=Counter[str])
    defects: list[str] = field(default_factory=list[str])


@dataclass(frozen=True)
class Place:
    """One value of a document, and the path to it."""

    holder: Any
    key: str | int
    path: str


def campaign(count: int, seed: int, stacks: tuple[tuple[str, str], ...] = STACKS) -> Tally:
    """Make and judge so many mutants, the same for the same seed."""
    tally = Tally()
    random = Random(seed)
    for number in range(count):
        project, stack = random.choice(stacks)
        what = FILES[number % len(FILES)]
        with tempfile.TemporaryDirectory() as name:
            folder = copy_of(project, stack, Path(name))
            if what == "config":
                change, became, wrong = judge_config(folder, stack, random)
                tally.counts[f"{what}: {became}"] += 1
                tally.defects.extend(
                    f"{number} {project} {stack} {change}: {text}" for text in wrong
                )
                continue
            change = changed(what, stack, folder, random)
            if change is None:
                tally.counts[f"{what}: nothing to change"] += 1
                continue
            label = f"{number} {project} {stack} {change}"
            again = number % AGAIN == 0
            judged = judge_plan(folder) if what == "plan" else judge(folder, stack, again=again)
            became, wrong = judged
            tally.counts[f"{what}: {became}"] += 1
            tally.defects.extend(f"{label}: {text}" for text in wrong)
    return tally


def copy_of(project: str, stack: str, folder: Path) -> Path:
    """A project whose files may be changed; what they name stands beside them by links."""
    for path in (ROOT / project).iterdir():
        if path.name.startswith((".", "Pulumi.", "trellis.")) or path.name == "__pycache__":
            continue
        (folder / path.name).symlink_to(path)
    whole = yaml.safe_load((ROOT / project / "Pulumi.yaml").read_text("utf-8"))
    write(folder / "Pulumi.yaml", {**whole, "main": str(ROOT)})
    for name in (f"Pulumi.{stack}.yaml", f"trellis.{stack}.context.json"):
        file = ROOT / project / name
        if file.is_file():
            (folder / name).write_bytes(file.read_bytes())
    return folder


def write(file: Path, tree: Tree) -> None:
    """Write a document as YAML or JSON, by its name."""
    text = json.dumps(tree) if file.suffix == ".json" else text_of(tree)
    file.write_text(text, encoding="utf-8")


def changed(what: str, stack: str, folder: Path, random: Random) -> str | None:
    """Change one value of one file; what was done, or ``None`` where there is no such file."""
    if what == "plan":
        document = io.StringIO()
        with contextlib.redirect_stdout(document):
            trellis(["plan", stack, "--project", str(folder), "--json"])
        tree = json.loads(document.getvalue())
        file, inside = folder / "plan.json", tree
    else:
        file = (
            folder
            / {
                "stack": f"Pulumi.{stack}.yaml",
                "system": "Pulumi.yaml",
                "context": f"trellis.{stack}.context.json",
            }[what]
        )
        if not file.is_file():
            return None
        tree = yaml.safe_load(file.read_text("utf-8"))
        inside = tree.get("config") if what in ("stack", "system") else tree
    there = list(places(inside))
    if not there:
        return None
    place = random.choice(there)
    way = random.choice(WAYS)
    change = way(place, there, random)
    write(file, tree)
    return f"{file.name} {place.path}: {change}"


def places(tree: Tree, path: str = "") -> Iterator[Place]:
    """Every value of a document, at any depth."""
    if isinstance(tree, dict):
        for key, value in cast("dict[str, Tree]", tree).items():
            yield Place(tree, key, f"{path}.{key}")
            yield from places(value, f"{path}.{key}")
    elif isinstance(tree, list):
        for position, value in enumerate(cast("list[Tree]", tree)):
            yield Place(tree, position, f"{path}[{position}]")
            yield from places(value, f"{path}[{position}]")


def _other_type(place: Place, _there: list[Place], random: Random) -> str:
    old = place.holder[place.key]
    others = [
        {"a": {"b": 1}},
        [["nested"]],
        [],
        {},
        17.5,
        -3,
        0,
        True,
        False,
        None,
        "",
        "x",
        10**12,
    ]
    new = random.choice([one for one in others if type(one) is not type(old)])
    place.holder[place.key] = new
    return f"became {new!r}"


def _near(place: Place, _there: list[Place], random: Random) -> str:
    old = place.holder[place.key]
    new: Tree = old
    if isinstance(old, bool):
        new = not old
    elif isinstance(old, (int, float)):
        new = random.choice([0, -1, old + 1, old * 1000, str(old), float(old) + 0.5])
    elif isinstance(old, str):
        new = random.choice(
            ["", f" {old}", f"{old}-", f"-{old}", old.upper(), old * 40, f"{old}é", f"{old}\n", "*",
             f"{old}.example.org", f"{old}/", "null", "${x}", f"{old}'\"", old[:1], "a--b", "0"]
        )  # fmt: skip
    elif isinstance(old, list):
        items = cast("list[Tree]", old)
        new = random.choice([[], items * 2, items[::-1], items[1:], [*items, None], [*items, {}]])
    elif isinstance(old, dict):
        entries = cast("dict[str, Tree]", old)
        new = random.choice([{}, {**entries, "": 1}, {**entries, "more": 1}, None])
    place.holder[place.key] = new
    return f"became {new!r}"[:120]


def _gone(place: Place, _there: list[Place], _random: Random) -> str:
    del place.holder[place.key]
    return "is gone"


def _renamed(place: Place, _there: list[Place], random: Random) -> str:
    if not isinstance(place.key, str):
        return _gone(place, _there, random)
    new = random.choice(
        [place.key.upper(), f"{place.key}-", f"{place.key}2", place.key * 6, f"{place.key} x", "é",
         place.key[:1], f"{place.key}_b", "1", "a.b", place.key.replace("-", "")]
    )  # fmt: skip
    place.holder[new] = place.holder.pop(place.key)
    return f"is called {new!r}"


def _from_elsewhere(place: Place, there: list[Place], random: Random) -> str:
    same = [one for one in there if one.key == place.key and one is not place]
    other = random.choice(same or there)
    place.holder[place.key] = copy.deepcopy(other.holder[other.key])
    return f"is a copy of {other.path}"


def _twin(place: Place, _there: list[Place], _random: Random) -> str:
    if not isinstance(place.key, str):
        place.holder.append(copy.deepcopy(place.holder[place.key]))
        return "stands twice"
    place.holder[f"{place.key}2"] = copy.deepcopy(place.holder[place.key])
    return "has a twin"


WAYS: tuple[Callable[[Place, list[Place], Random], str], ...] = (
    _other_type,
    _near,
    _near,
    _gone,
    _renamed,
    _from_elsewhere,
    _twin,
)


def judge(folder: Path, stack: str, *, again: bool) -> tuple[str, list[str]]:
    """What became of a mutated project, and what is wrong with that."""
    try:
        recording = record(folder, stack, "deployed")
    except (StackFileError, pulumi.RunError):
        return "refused", list(_command(["plan", stack, "--project", str(folder)], (WRONG_INPUT,)))
    except Exception:  # noqa: BLE001 - what a user would see as a traceback is a defect
        found = list(_command(["plan", stack, "--project", str(folder)], (WRONG_INPUT,)))
        return "raised", [*found, *([] if not found else [traceback.format_exc(limit=-2)])]
    wrong = list(wrong_with(recording))
    if again and _facts_of(recording) != _facts_of(record(folder, stack, "deployed")):
        wrong.append("the same files plan something else")
    return "accepted", wrong


def judge_config(folder: Path, stack: str, random: Random) -> tuple[str, str, list[str]]:
    """What the program makes of a damaged configuration from the engine: texts by key."""
    config = dict(read_stack(folder, stack).config)
    key = random.choice(sorted(config))
    try:
        value: Tree = json.loads(config[key])
    except ValueError:
        value = config[key]
    tree = {key: value}
    there = list(places(tree))
    change = random.choice(WAYS)(random.choice(there), there, random)
    del config[key]
    for name, new in tree.items():
        config[name] = new if isinstance(new, str) else json.dumps(new)
    if random.random() < BROKEN and key in config:
        config[key], change = config[key][: len(config[key]) // 2], "is cut in half"
    given = ProgramInput(folder.name, stack, config)
    try:
        with contextlib.chdir(folder):
            recording = record_program(lambda: build(load()), given, "deployed")
    except (StackFileError, pulumi.RunError) as refused:
        silent = [] if str(refused).strip() else ["it is refused without a word"]
        return f"PULUMI_CONFIG {key} {change}", "refused", silent
    except Exception:  # noqa: BLE001 - what a user would see as a traceback is a defect
        return f"PULUMI_CONFIG {key} {change}", "raised", [traceback.format_exc(limit=-2)]
    return f"PULUMI_CONFIG {key} {change}", "accepted", list(wrong_with(recording))


def judge_plan(folder: Path) -> tuple[str, list[str]]:
    """What `check` makes of a damaged plan: a verdict, or a refusal in words."""
    return "judged", list(_command(["check", "--recording", str(folder / "plan.json")], (0, 1, 2)))


def _command(arguments: list[str], allowed: tuple[int, ...]) -> Iterator[str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = trellis(arguments)
    except SystemExit as ended:
        code = int(ended.code or 0)
    except Exception:  # noqa: BLE001 - as above
        yield f"{arguments[0]} raised: {traceback.format_exc(limit=-2)}"
        return
    if code not in allowed:
        yield f"{arguments[0]} ended with {code}: {err.getvalue()[:300]}"
    if "Traceback" in err.getvalue():
        yield f"{arguments[0]} shows a traceback: {err.getvalue()[-300:]}"
    if code == WRONG_INPUT and not err.getvalue().strip():
        yield f"{arguments[0]} ends with {code} and says nothing"


def _facts_of(recording: Recording) -> list[tuple[str, str, str]]:
    return [(resource.urn, resource.type, repr(resource.inputs)) for resource in recording]


def main(count: int = MUTANTS, seed: int = SEED) -> int:
    """Print the counts and the defects; 1 when there is one."""
    tally = campaign(count, seed)
    for what, times in sorted(tally.counts.items()):
        print(f"   {what:28} {times}")
    for text in tally.defects:
        print(f"   {text}")
    print(f"   {count} mutants: {len(tally.defects)} defects")
    return int(bool(tally.defects))


if __name__ == "__main__":
    sys.exit(main(*(int(element) for element in sys.argv[1:3])))
