"""Credentials that somebody typed where a text belongs: a stack file and the state have readers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policies.guardrails.secret_values import certain_kind
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.context import Context
from trellis.stackfile.layers import SYSTEM
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.settings import SystemSettings
from trellis.stackfile.shape import Scalar, at
from trellis.stackfile.tree import is_list, is_mapping


def typed(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Any text that is a credential by its form, but for what is kept `secure:`."""
    data = settings.model_dump(mode="json", by_alias=True, exclude_unset=True)
    for path, text in _texts(data, ()):
        kind = certain_kind(text)
        if kind is None or any(
            isinstance(shape, Scalar) and shape.confidential for shape in at(SYSTEM, path, data)
        ):
            continue
        yield (
            path,
            kind,
            "a text without credentials: whoever reads the file or the state would have it",
            "`secrets: {KEY: {}}` makes room for it, `trellis secrets set` puts it in, and "
            "`uses: [{secret: KEY}]` reads it",
        )


def _texts(tree: Any, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if is_mapping(tree):
        for key, inside in tree.items():
            yield from _texts(inside, (*path, key))
    elif is_list(tree):
        for position, inside in enumerate(tree):
            yield from _texts(inside, (*path, position))
    elif isinstance(tree, str):
        yield path, tree


CHECKS = (typed,)
