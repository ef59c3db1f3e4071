"""Ways to break a stack file, and mutants of the real ones for the same seed the same."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from trellis.stackfile.document import STACK, parse
from trellis.stackfile.layers import SYSTEM
from trellis.stackfile.nodes import plain
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.shape import Object, at
from trellis.stackfile.tree import is_list, is_mapping

ROOT = Path(__file__).resolve().parent.parent
Tree = Any
Change = Callable[[random.Random, str], str | bytes | None]
"""A stack file's text to its mutation; None where it can't be applied."""


@dataclass(frozen=True)
class Kind:
    """One way to break a stack file."""

    name: str
    change: Change
    wrong: bool = True
    """Whether the result is certainly wrong; else it may also load."""


@dataclass(frozen=True)
class Mutant:
    """A broken stack file."""

    project: Path
    """Folder of the project it belongs to."""
    kind: Kind
    data: bytes


def stack_files() -> list[Path]:
    """Every real stack file."""
    return sorted([*ROOT.glob("Pulumi.*.yaml"), *ROOT.glob("systems/*/Pulumi.*.yaml")])


def mutants(seed: int, count: int) -> Iterator[Mutant]:
    """Mutants of the real stack files, the same for the same seed."""
    random_ = random.Random(seed)
    files = stack_files()
    made = 0
    while made < count:
        file, kind = random_.choice(files), KINDS[made % len(KINDS)]
        changed = kind.change(random_, file.read_text(encoding="utf-8"))
        if changed is None:
            continue
        made += 1
        yield Mutant(file.parent, kind, changed if isinstance(changed, bytes) else changed.encode())


def tree_change(change: Callable[[random.Random, Tree], bool]) -> Change:
    """A change of values: the file is read, changed and written again."""

    def changed(random_: random.Random, text: str) -> str | None:
        tree = plain(parse(text.encode(), "file", STACK).root)
        return yaml.safe_dump(tree, sort_keys=False) if change(random_, tree) else None

    return changed


def places(tree: Tree) -> list[tuple[Any, str | int]]:
    """Every container and key below `config`, at any depth."""
    found: list[tuple[Any, str | int]] = []

    def below(value: Tree) -> None:
        keys: list[str | int] = []
        if is_mapping(value):
            keys = list(value)
        elif is_list(value):
            keys = list(range(len(value)))
        for key in keys:
            found.append((value, key))
            below(value[key])  # pyright: ignore[reportArgumentType, reportCallIssue]

    below(tree["config"])
    return found


def fixed_keys(tree: Tree) -> Iterator[tuple[dict[str, Any], str]]:
    """Every mapping and key whose name the settings fix: none that a person chose."""
    config: dict[str, Any] = tree["config"]
    values = {key.removeprefix("trellis:"): value for key, value in config.items()}

    def below(value: Tree, path: KeyPath) -> Iterator[tuple[dict[str, Any], str]]:
        if is_mapping(value):
            fixed = any(isinstance(shape, Object) for shape in at(SYSTEM, path, values))
            for key, element in value.items():
                if fixed:
                    yield value, key
                yield from below(element, (*path, key))
        elif is_list(value):
            for position, element in enumerate(value):
                yield from below(element, (*path, position))

    for key, value in config.items():
        if key.startswith("trellis:"):
            yield config, key
            yield from below(value, (key.removeprefix("trellis:"),))


def settings(tree: Tree) -> dict[str, Any]:
    """The values under the `trellis:` namespace."""
    config: dict[str, Any] = tree["config"]
    return config


def _wrong_type(random_: random.Random, tree: Tree) -> bool:
    container, key = random_.choice(places(tree))
    old = container[key]
    others: list[Any] = [[["nested"]], {"unheard": {"of": 1}}, 17.5, -3, True, "¿?", "", "x" * 5000]
    container[key] = random_.choice([other for other in others if type(other) is not type(old)])
    return True


def _misspelt(random_: random.Random, tree: Tree) -> bool:
    keyed = [(container, key) for container, key in fixed_keys(tree) if len(key) > 3]
    container, key = random_.choice(keyed)
    at = random_.randrange(max(key.find(":") + 1, 0), len(key))
    way = random_.choice(["drop", "double", "swap", "other"])
    new = {
        "drop": key[:at] + key[at + 1 :],
        "double": key[:at] + key[at] + key[at:],
        "swap": key[:at] + key[at : at + 2][::-1] + key[at + 2 :],
        "other": key[:at] + "q" + key[at + 1 :],
    }[way]
    if new in container or new.endswith(":"):
        return False
    container[new] = container.pop(key)
    return True


def _unknown_key(random_: random.Random, tree: Tree) -> bool:
    mappings = [container for container, _ in fixed_keys(tree)]
    chosen = random_.choice(mappings)
    word = random_.choice(["colour", "enabled", "Zones", "size", "foo-bar", "é", "a.b[0]"])
    chosen[f"trellis:{word}" if chosen is tree["config"] else word] = random_.choice([1, "x", []])
    return True


def _bad_block(random_: random.Random, tree: Tree) -> bool:
    network = settings(tree).setdefault("trellis:network", {})
    network["cidr"] = random_.choice(
        ["10.0.0.0", "10.0.0.0/33", "10.0.0.1/16", "300.0.0.0/16", "10.0.0.0/8", "::/64", "10/8",
         "10.0.0.0/29", "", "ten", 10, ["10.0.0.0/16"]]
    )  # fmt: skip
    return True


def _overlap(random_: random.Random, tree: Tree) -> bool:
    network = settings(tree).setdefault("trellis:network", {})
    third = random_.randrange(0, 200, 2)
    network.update(
        cidr="10.0.0.0/16", zones=2, nat="none",
        subnets={"private": [f"10.0.{third}.0/23", f"10.0.{third + random_.randrange(2)}.0/24"]},
    )  # fmt: skip
    return True


def _wrong_zone(random_: random.Random, tree: Tree) -> bool:
    network = settings(tree).setdefault("trellis:network", {})
    network["zones"] = random_.choice([0, 7, -1, [], ["mars-north-1a"], "us-east-1a", 2.5, "two"])
    return True


def _without(random_: random.Random, tree: Tree) -> bool:
    key = random_.choice([k for k in ("aws:region", "trellis:environment") if k in tree["config"]])
    del tree["config"][key]
    return True


def _secure(random_: random.Random, tree: Tree) -> bool:
    container, key = random_.choice(places(tree))
    container[key] = {"secure": "AAABAHNlY3JldA=="}
    return True


def _no_config(random_: random.Random, tree: Tree) -> bool:
    tree["config"] = random_.choice([None, [], "text", 5, {}, {"a": 1}])
    return True


def _line(text: str, random_: random.Random) -> tuple[list[str], int]:
    lines = text.splitlines()
    with_key = [n for n, line in enumerate(lines) if ":" in line and line.strip()[0] != "#"]
    return lines, random_.choice(with_key)


def _doubled_line(random_: random.Random, text: str) -> str | None:
    lines, at = _line(text, random_)
    if lines[at].rstrip().endswith(":") or lines[at].count("{") != lines[at].count("}"):
        return None
    if lines[at].lstrip().startswith("-") or lines[at].count("[") != lines[at].count("]"):
        return None
    lines.insert(at, lines[at])
    return "\n".join(lines)


def _broken_line(random_: random.Random, text: str) -> str:
    lines, at = _line(text, random_)
    broken = random_.choice(
        ["\t", "  bad: [", "'", '"', "@", "{", "- ", "%", ": :", "&", "*", "?["]
    )
    lines[at] = random_.choice([broken + lines[at], lines[at] + broken, broken])
    return "\n".join(lines)


def _cut(random_: random.Random, text: str) -> str:
    return text[: random_.randrange(len(text))]


def _bytes(random_: random.Random, text: str) -> bytes:
    data = bytearray(text.encode())
    for _ in range(random_.randrange(1, 4)):
        data.insert(random_.randrange(len(data)), random_.choice(b"\xff\xfe\xc0\x80\xf5"))
    return bytes(data)


def _control(random_: random.Random, text: str) -> bytes:
    data = bytearray(text.encode())
    data.insert(random_.randrange(len(data)), random_.choice(b"\x00\x01\x07\x1b"))
    return bytes(data)


def _empty(random_: random.Random, text: str) -> str:
    del text
    return random_.choice(
        ["", "\n\n", "# nothing\n", "---\n", "~", "null\n", "[]\n", "text\n", "{}"]
    )


def _anchor(random_: random.Random, text: str) -> str:
    lines = text.splitlines()
    at = lines.index("config:") + 1
    addition = random_.choice([
        "  trellis:tags: *nowhere",
        "  trellis:tags: &a {b: *a}",
        "  other:a: &a [1, 2]\n  trellis:tags: *a",
        "  other:a: &a {b: 1}\n  trellis:tags: *a",
        "  other:a: &a {b: {c: d}}\n  trellis:exemptions: [*a]",
        "  <<: 5",
    ])  # fmt: skip
    kept = [line for line in lines if not line.startswith(("  trellis:tags:", "    Purpose"))]
    return "\n".join([*kept[:at], addition, *kept[at:]])


def _documents(random_: random.Random, text: str) -> str:
    return text + random_.choice(["\n---\na: 1\n", "\n---\n", "\n---\n: [\n", "\n...\n---\nx\n"])


def _lossy(random_: random.Random, text: str) -> str:
    value = random_.choice(
        ["2027-03-31", "012345678901", "1234e56", "16.10", "0x1F", "007", "1_000", "true", ".inf"]
    )
    key = random_.choice(["trellis:account", "trellis:name", "trellis:environment"])
    kept = [line for line in text.splitlines() if not line.startswith(f"  {key}:")]
    return "\n".join(kept).replace("config:\n", f"config:\n  {key}: {value}\n", 1)


def _deep(random_: random.Random, text: str) -> str:
    levels = random_.choice([10, 70, 900, 20_000])
    opening, closing = random_.choice([("[", "]"), ("{a: ", "}")])
    deep = opening * levels + "1" + closing * levels
    return text.replace("config:\n", f"config:\n  trellis:exemptions: {deep}\n", 1)


def _noise(random_: random.Random, text: str) -> str:
    letters = list(text)
    for _ in range(random_.randrange(1, 6)):
        letters[random_.randrange(len(letters))] = random_.choice(
            "{}[]:,&*#?|-<>=!%@`\"'\n\t 0aé🙂"
        )
    return "".join(letters)


KINDS = (
    Kind("a value of another type", tree_change(_wrong_type), wrong=False),
    Kind("a misspelt key", tree_change(_misspelt)),
    Kind("an unknown key", tree_change(_unknown_key)),
    Kind("a bad address block", tree_change(_bad_block)),
    Kind("overlapping subnets", tree_change(_overlap)),
    Kind("wrong zones", tree_change(_wrong_zone)),
    Kind("a missing key", tree_change(_without)),
    Kind("an encrypted value", tree_change(_secure)),
    Kind("no mapping under config", tree_change(_no_config)),
    Kind("a line twice", _doubled_line),
    Kind("a broken line", _broken_line, wrong=False),
    Kind("a file cut short", _cut, wrong=False),
    Kind("bytes that are no UTF-8", _bytes),
    Kind("control characters", _control),
    Kind("an empty file", _empty),
    Kind("anchors and aliases", _anchor),
    Kind("several documents", _documents),
    Kind("a scalar that loses meaning", _lossy),
    Kind("deep nesting", _deep),
    Kind("random characters", _noise, wrong=False),
)
