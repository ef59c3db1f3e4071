"""HTML whose every text is escaped: the only way to put one in is as a text or as an element."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import TypeAlias

VOID = frozenset({"input", "meta", "br"})
"""Elements that have no content and no end."""


@dataclass(frozen=True)
class Markup:
    """HTML that is safe as it is."""

    html: str


Child: TypeAlias = "str | Markup | Iterable[Child] | None"
Attributes: TypeAlias = Mapping[str, str | bool | None]


def element(tag: str, attributes: Attributes | None = None, *children: Child) -> Markup:
    """An element.

    Args:
        attributes: a `True` one stands without a value; `False` and None are left out.
        children: texts are escaped, elements stand as they are.
    """
    head = "".join(_attribute(name, value) for name, value in (attributes or {}).items())
    if tag in VOID:
        return Markup(f"<{tag}{head}>")
    return Markup(f"<{tag}{head}>{''.join(map(_html, children))}</{tag}>")


def _attribute(name: str, value: str | bool | None) -> str:
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{_escaped(value)}"'


def _html(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child.html
    if isinstance(child, str):
        return _escaped(child)
    return "".join(map(_html, child))


def _escaped(text: str) -> str:
    """A text as HTML can hold it: control characters, which it may not hold, are replaced."""
    return escape("".join(c if c >= " " or c in "\n\t" else "\ufffd" for c in text))
