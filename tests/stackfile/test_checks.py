"""What only the whole stack can tell is refused with the place to change."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.stackfile.conftest import Stack
from trellis.stackfile.problems import Problem, dotted

ProblemOf = Callable[[str], Problem]
NETWORK = "  trellis:network:\n    nat: none\n"


@pytest.mark.parametrize(
    ("settings", "path", "line", "message"),
    [
        (NETWORK + "    cidr: 10.0.0.0/8\n", "network.cidr", 7, "/16 to /28"),
        (NETWORK + "    zones: [eu-west-1a]\n", "network.zones[0]", 7, "a zone of us-east-1"),
        (
            NETWORK + "    zones: 2\n    subnets:\n      private: [10.0.0.0/24]\n",
            "network.subnets.private", 9, "2, one for each zone",
        ),
        (
            NETWORK + "    zones: 1\n    subnets: {private: [10.9.0.0/24]}\n",
            "network.subnets.private[0]", 8, "inside the VPC",
        ),
        (
            NETWORK + "    zones: 1\n    subnets: {private: [10.0.0.0/29]}\n",
            "network.subnets.private[0]", 8, "/16 to /28 for a subnet",
        ),
        (
            NETWORK + "    zones: 2\n    subnets: {private: [10.0.0.0/23, 10.0.1.0/24]}\n",
            "network.subnets.private[1]", 8, "apart from 10.0.0.0/23",
        ),
        (
            "  trellis:network:\n    nat: single\n    subnets: {private: {}}\n", "network.nat", 6,
            "without public subnets",
        ),
        (
            "  trellis:network:\n    nat: single\n    subnets: {public: {}}\n", "network.nat", 6,
            "without private subnets",
        ),
        (
            "  trellis:network:\n    existing: {vpcId: vpc-12345678}\n", "network.existing", 6,
            "run `trellis lookup`",
        ),
        ("  trellis:tags: {Stack: x}\n", "tags.Stack", 5, "Trellis sets it itself"),
        ("  trellis:tags: {managedby: x}\n", "tags.managedby", 5, "Trellis sets it itself"),
        ("  trellis:tags: {name: x}\n", "tags.name", 5, "Trellis sets it itself"),
        ("  trellis:tags: {Team: x, team: y}\n", "tags.team", 5, "differ by more than case"),
        ('  trellis:tags: {"aws:x": x}\n', "tags.aws:x", 5, "does not begin with aws:"),
        ('  trellis:tags: {"": x}\n', "tags", 5, "0 characters"),
        (f"  trellis:tags: {{{'k' * 129}: x}}\n", f"tags.{'k' * 129}", 5, "1 to 128"),
        (f"  trellis:tags: {{a: {'v' * 257}}}\n", "tags.a", 5, "at most 256"),
        (
            "  trellis:tags:\n" + "".join(f"    k{n}: x\n" for n in range(46)), "tags", 5,
            "at most 45",
        ),
        (
            "  trellis:exemptions:\n"
            + 2 * (
                "    - {control: A, resource: b, reason: long enough, owner: c, "
                'until: "2027-03-31"}\n'
            ),
            "exemptions[1]", 7, "one exemption for a control and a resource",
        ),
        (
            "  trellis:exemptions:\n"
            '    - {control: A, resource: b, reason: long enough, owner: c, until: "9999-12-31"}\n',
            "exemptions[0].until", 6, "a day in the next 400 days",
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_refused(
    problem_of: ProblemOf, settings: str, path: str, line: int, message: str
) -> None:
    problem = problem_of(settings)
    assert path in dotted(problem.path)
    assert message in str(problem)
    assert problem.source is not None
    assert problem.source.line == line


def test_a_network_is_either_existing_or_another_stack_s(stack: Stack) -> None:
    stack.write(
        "  trellis:network:\n    existing: {vpcId: vpc-12345678}\n    from: org/project/stack\n"
    )
    assert any("both `existing` and `from`" in str(problem) for problem in stack.problems())


def test_the_limits_themselves_are_fine(stack: Stack) -> None:
    tags = "".join(f"    {'k' * 126}{n:02}: {'v' * 256}\n" for n in range(45))
    stack.write("  trellis:tags:\n" + tags)
    assert len(stack.load().settings.tags) == 45
