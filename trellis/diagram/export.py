"""The graph as text that other tools draw: a Mermaid flowchart, and Graphviz DOT."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from trellis.diagram.graph import APART, COMPUTE, DATA, EDGE, ENTRY, REGIONAL, Graph, Node

OUTSIDE_BOXES = {EDGE: "Entrances", APART: "In no network", REGIONAL: "AWS services"}

DASHED = frozenset({"access"})


def mermaid(graph: Graph) -> str:
    """A flowchart with subgraphs (Mermaid 11 and later)."""
    names = _names(graph)
    lines = ["flowchart LR", f"  %% {_mermaid(graph.title)}"]
    for title, nodes in _groups(graph):
        if title:
            box = f"box_{abs(hash_of(title))}"
            lines.append(f'  subgraph {box}["{_mermaid(title)}"]')
        for node in nodes:
            text = "<br/>".join(
                _mermaid(line) for line in (node.title, node.kind, node.detail) if line
            )
            lines.append(f'    {names[node.id]}["{text}"]')
        if title:
            lines.append("  end")
    for link in graph.links:
        if link.source in names and link.target in names:
            arrow = "-.->" if link.kind in DASHED else "-->"
            label = f'|"{_mermaid(link.label)}"|' if link.label else ""
            lines.append(f"  {names[link.source]} {arrow}{label} {names[link.target]}")
    return "\n".join(lines) + "\n"


def dot(graph: Graph) -> str:
    """A digraph with clusters, for `dot -Tsvg`."""
    names = _names(graph)
    lines = [
        f"digraph {json.dumps(graph.title, ensure_ascii=False)} {{",
        "  rankdir=LR; node [shape=box, fontname=Helvetica]; edge [fontname=Helvetica];",
    ]
    for number, (title, nodes) in enumerate(_groups(graph)):
        if title:
            lines.append(f"  subgraph cluster_{number} {{ label={_dot(title)};")
        for node in nodes:
            text = "\n".join(line for line in (node.title, node.kind, node.detail) if line)
            lines.append(f"    {names[node.id]} [label={_dot(text)}];")
        if title:
            lines.append("  }")
    for link in graph.links:
        if link.source in names and link.target in names:
            style = ", style=dashed" if link.kind in DASHED else ""
            lines.append(
                f"  {names[link.source]} -> {names[link.target]} [label={_dot(link.label)}{style}];"
            )
    lines.append("}")
    return "\n".join(lines) + "\n"


def hash_of(title: str) -> int:
    """A number for a title that is the same in every run."""
    return sum(position * ord(letter) for position, letter in enumerate(title, 1))


def _names(graph: Graph) -> dict[str, str]:
    """Names that both languages take, by id."""
    return {node.id: f"n{number}" for number, node in enumerate(graph.nodes)}


def _groups(graph: Graph) -> Iterator[tuple[str, list[Node]]]:
    inside = (ENTRY, COMPUTE, DATA)
    for column, title in OUTSIDE_BOXES.items():
        nodes = [node for node in graph.nodes if node.column == column]
        if nodes:
            yield title, nodes
    for tier in ("public", "private", "isolated", ""):
        nodes = [node for node in graph.nodes if node.column in inside and node.tier == tier]
        if nodes:
            yield (f"VPC {graph.vpc}: {tier} subnets" if tier else "", nodes)
    rest = [node for node in graph.nodes if node.column not in (*inside, *OUTSIDE_BOXES)]
    if rest:
        yield "", rest


def _plain(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]", " ", text)


def _mermaid(text: str) -> str:
    """Text inside of quotes: whatever could end them, or mean something, by its number."""
    return "".join(
        letter if letter.isalnum() or letter in " .,-_/:()" else f"#{ord(letter)};"
        for letter in _plain(text)
    )


def _dot(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{_plain(escaped)}"'
