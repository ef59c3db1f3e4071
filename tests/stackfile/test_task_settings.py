"""What no task can have of ports, volumes, variables and addresses is refused with its place."""

from __future__ import annotations

import pytest

from tests.stackfile.conftest import Stack
from trellis.stackfile.problems import dotted

DIGEST = f"sha256:{'1' * 64}"

SERVICE = f"  trellis:services:\n    a:\n      image: {{repository: a, digest: {DIGEST}}}\n"


@pytest.mark.parametrize(
    ("network", "lines", "path", "message"),
    [
        ("zones: 2", "uses: [{address: 0.0.0.0/0, port: 25}]", "services.a.uses[0].address",
         "every address"),
        ("zones: 2", "uses: [{address: db.example.net}]", "services.a.uses[0]", "with `port`"),
        ("zones: 2", "uses: [{address: db.example.net, port: 443}]", "services.a.uses[0].address",
         "`internet: false`"),
        ("zones: 2, nat: none, subnets: {private: {}}",
         "uses: [{address: db.example.net, port: 5432}]", "services.a.uses[0].address",
         "`network.nat`"),
        ("zones: 2", "{port: 80, protocol: tcp, routes: [{host: a.example.com}]}", "services.a",
         "load balancers speak HTTP"),
        ("zones: 2", "{mounts: {x: {path: /x}}}", "services.a", "no `volumes`"),
        ("zones: 2", "{volumes: {x: {}}, mounts: {x: {path: /x}}}", "services.a", "two containers"),
        ("zones: 2", "{port: 80, portContainer: web}", "services.a", "one of `sidecars`"),
        ("zones: 2", f"{{sidecars: {{s: {{image: {{repository: s, digest: {DIGEST}}}, "
         "variables: [NONE]}}}", "services.a.sidecars.s.variables[0]", "none"),
    ],
)  # fmt: skip
def test_what_no_task_can_have_is_refused(
    stack: Stack, network: str, lines: str, path: str, message: str
):
    text = lines if not lines.startswith("{") else lines[1:-1]
    stack.write(f"  trellis:network: {{{network}}}\n{SERVICE[:-1]}\n" + "".join(
        f"      {line}\n" for line in _settings(text)
    ))  # fmt: skip
    problem = stack.problem()
    assert dotted(problem.path) == path
    assert message in f"{problem.allowed} {problem.hint}"


def _settings(text: str) -> list[str]:
    """The settings of one flow mapping, a line each."""
    found, depth, start = [], 0, 0
    for place, char in enumerate(text):
        depth += (char in "{[") - (char in "}]")
        if char == "," and depth == 0:
            found.append(text[start:place].strip())
            start = place + 1
    return [*found, text[start:].strip()]
