"""Changes one setting in a stack's own file, and nothing else: comments, order and style stay.

The text is changed where the value stands, or grows by the one entry that is missing. What comes
out is read again and must say exactly the setting and all that was there before; a change that
can't be made so is refused.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import yaml

from trellis.stackfile import tree
from trellis.stackfile.layers import PREFIX, REGION_KEY, SHARED_KEY
from trellis.stackfile.problems import KeyPath, Problem, Source, StackFileError, dotted
from trellis.stackfile.writing import entry, one_line

SUBJECT = "the change has"


def changed_text(
    text: str,
    path: KeyPath,
    value: Any,
    file: str,
    *,
    shared: bool = False,
    open_to: int = 0,
    whole: bool = False,
) -> str:
    """The text of a stack's file with a setting changed.

    Args:
        path: from the top of the settings, as in `("services", "backend", "cpu")`.
        value: as JSON has it.
        file: its name, for errors.
        shared: whether it is `Pulumi.yaml`, with what all stacks share.
        open_to: levels of a new entry that stand over several lines even where one has room.
        whole: whether what stands over several lines is written over, with the comments in it.

    Raises:
        StackFileError: it can't be done without touching more; says what to do.
    """
    keys: KeyPath = ("config", SHARED_KEY, "value", *path) if shared else own_keys(path)
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        raise _refused(path, "a file that is no mapping", "a stack file with `config:`", file)
    new = _put(text, root, keys, value, path, file, open_to, whole)
    if _loaded(new) != _with(yaml.safe_load(text), keys, value):
        found = "a place that can't be changed by itself"
        raise _refused(path, found, "a change by hand", file)
    return new


def _loaded(text: str) -> Any:
    """What a text says; None where it is no YAML any more, as where an anchor went."""
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return None


def own_keys(path: KeyPath) -> KeyPath:
    """Where a setting stands in a stack's own file."""
    top = REGION_KEY if path == ("region",) else f"{PREFIX}{path[0]}"
    return ("config", top, *path[1:])


def typed(text: str) -> Any:
    """What a person typed as YAML on one line, as JSON has it: a date is text.

    Raises:
        yaml.YAMLError: it is none.
    """
    return _plain(yaml.safe_load(text))


def _plain(value: Any) -> Any:
    if tree.is_mapping(value):
        return {str(key): _plain(element) for key, element in value.items()}
    if tree.is_list(value):
        return [_plain(element) for element in value]
    return value.isoformat() if isinstance(value, date) else value


def _put(
    text: str,
    node: yaml.Node,
    keys: KeyPath,
    value: Any,
    path: KeyPath,
    file: str,
    open_to: int,
    whole: bool,
) -> str:
    start = node.start_mark.index
    for depth, key in enumerate(keys):
        below = _child(node, key)
        if below is None:
            rest = keys[depth + 1 :]
            if not isinstance(node, yaml.MappingNode) or not isinstance(key, str):
                found = f"no {dotted(path)}, and no mapping to put it in"
                raise _refused(path, found, "a setting whose place is there", file)
            return _added(text, node, key, _nested(rest, value), open_to and open_to + len(rest))
        start, node = _start(node, key, below), below
    block = isinstance(node, yaml.CollectionNode) and not node.flow_style
    if (block and whole) or getattr(node, "style", None) in ("|", ">"):
        return text[:start].rstrip() + " " + one_line(value) + text[_last(text, node) :]
    if block:
        allowed = "a path to one of the settings inside of it"
        raise _refused(path, f"{dotted(path)}, which is written over several lines", allowed, file)
    return text[: node.start_mark.index] + one_line(value) + text[node.end_mark.index :]


def _start(node: yaml.Node, key: str | int, below: yaml.Node) -> int:
    """Where what a key or a place in a list says begins: behind the colon or the hyphen."""
    if isinstance(node, yaml.MappingNode):
        name = next(name for name, _ in node.value if name.value == key)
        return name.end_mark.index + 1
    return below.start_mark.index


def _last(text: str, node: yaml.Node) -> int:
    """Where the last line with something in a node ends."""
    return len(text[: _end(node)].rstrip())


def _child(node: yaml.Node, key: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode) and isinstance(key, str):
        return next((value for name, value in node.value if name.value == key), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key]
    return None


def _added(text: str, node: yaml.MappingNode, key: str, value: Any, open_to: int) -> str:
    """The text with one entry more at the end of a mapping."""
    if node.flow_style:
        new = f"{one_line(key)}: {one_line(value)}"
        end = node.end_mark.index - 1
        return f"{text[:end].rstrip()}{', ' if node.value else ''}{new}{text[end:]}"
    last = _end(node)
    line_end = text.find("\n", last)
    line_end = len(text) if line_end < 0 else line_end
    indent = node.value[0][0].start_mark.column
    new = "\n".join(_lines(key, value, indent, open_to))
    return f"{text[:line_end]}\n{new}{text[line_end:] or chr(10)}"


def _lines(key: str, value: Any, indent: int, open_to: int) -> list[str]:
    if open_to:
        return entry(key, value, indent, open_to=open_to)
    return [f"{' ' * indent}{one_line(key)}: {one_line(value)}"]


def _end(node: yaml.Node) -> int:
    """Where the last thing in a node ends: a block's own end lies behind the comments after it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last: Any = node.value[-1]
        return _end(last[1] if isinstance(node, yaml.MappingNode) else last)
    return node.end_mark.index


def _nested(keys: KeyPath, value: Any) -> Any:
    for key in reversed(keys):
        value = {key: value}
    return value


def _with(data: Any, keys: KeyPath, value: Any) -> Any:
    if not keys:
        return value
    if tree.is_list(data):
        return [
            _with(element, keys[1:], value) if position == keys[0] else element
            for position, element in enumerate(data)
        ]
    whole: dict[Any, Any] = dict(data) if tree.is_mapping(data) else {}
    whole[keys[0]] = _with(whole.get(keys[0]), keys[1:], value)
    return whole


def _refused(path: KeyPath, found: str, allowed: str, file: str) -> StackFileError:
    return StackFileError(
        [Problem(path, found, allowed, source=Source("stack file", file))], subject=SUBJECT
    )
