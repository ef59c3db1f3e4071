"""Every problem says where, what was found, what is allowed and what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from tests.stackfile.conftest import Stack
from trellis.stackfile.json_schema import json_schema
from trellis.stackfile.problems import Problem, Source, StackFileError, dotted
from trellis.stackfile.wording import FORMS

ProblemOf = Callable[[str], Problem]


@pytest.mark.parametrize(
    ("settings", "path", "line", "found", "allowed", "hint"),
    [
        (
            "  trellis:network: {zones: 9}\n", "network.zones", 5, "the number 9",
            "a whole number from 1 to 6", "How many zones, or their names.",
        ),
        (
            "  trellis:network: {zones: two}\n", "network.zones", 5, '"two"',
            "a whole number from 1 to 6", "How many zones, or their names.",
        ),
        (
            "  trellis:budgets: {month: {monthly: 0}}\n", "budgets.month.monthly", 5,
            "the number 0", "a number above 0, at most 1000000000", "US dollars.",
        ),
        (
            "  trellis:network:\n    zones: [us-east-1a, 5]\n", "network.zones[1]", 6,
            "the number 5", "a zone, as in us-east-1a", 'quote it: "5"',
        ),
        (
            "  trellis:network:\n    nat: perzone\n", "network.nat", 6, '"perzone"',
            "one of none, single, perZone", "did you mean `perZone`?",
        ),
        (
            "  trellis:network: {ipv6: yes}\n", "network.ipv6", 5, '"yes"', "true or false",
            "did you mean `true`?",
        ),
        (
            "  trellis:network: {zonez: 2}\n", "network.zonez", 5, "the unknown key zonez",
            None, "did you mean `zones`?",
        ),
        (
            "  trellis:network:\n    flow_logs: {}\n", "network.flow_logs", 6,
            "the unknown key flow_logs", None, "did you mean `flowLogs`?",
        ),
        (
            "  trellis:network:\n    flow_log:\n", "network.flow_log", 6,
            "the unknown key flow_log", None, "did you mean `flowLogs`?",
        ),
        (
            "  trellis:netwrok: {}\n", "netwrok", 5, "the unknown key netwrok", None,
            "did you mean `network`?",
        ),
        (
            "  trellis:network:\n    subnets:\n      privat: {}\n", "network.subnets.privat", 7,
            "the unknown key privat", "one of public, private, isolated",
            "did you mean `private`?",
        ),
        (
            "  trellis:network: {cidr: 10.0.0.1/16}\n", "network.cidr", 5, '"10.0.0.1/16"',
            "an IPv4 block without host bits; did you mean 10.0.0.0/16?", "",
        ),
        (
            "  trellis:network: {endpoints: atuo}\n", "network.endpoints", 5, '"atuo"',
            "auto, or a list, each text", "did you mean `auto`?",
        ),
        (
            "  trellis:network: {endpoints: [s3, 5]}\n", "network.endpoints[1]", 5,
            "the number 5", "text", 'quote it: "5"',
        ),
        (
            "  trellis:network: {flowLogs: [1, 2]}\n", "network.flowLogs", 5, "a list of 2",
            "a mapping of to, bucket, retentionDays, traffic, intervalSeconds", "",
        ),
        (
            "  trellis:network: {flowLogs: {to: bucket}}\n", "network.flowLogs", 5,
            "a mapping of to", "`bucket` (an ARN) together with `to: bucket`, and only then", "",
        ),
        (
            "  trellis:account: 012345678901\n", "account", 5,
            "012345678901 without quotes, which the engine reads as the number 12345678901",
            "twelve digits in quotes", 'quote it: "012345678901"',
        ),
        (
            "  trellis:account: 123456789012\n", "account", 5,
            "123456789012 without quotes, which the engine reads as the number 123456789012",
            "twelve digits in quotes", 'quote it: "123456789012"',
        ),
        (
            "  trellis:tags: {Version: 16.10}\n", "tags.Version", 5,
            "16.10 without quotes, which the engine reads as the number 16.1", "text",
            'quote it: "16.10"',
        ),
        (
            "  trellis:tags: {Commit: 1234e56}\n", "tags.Commit", 5,
            "1234e56 without quotes, which the engine reads as the number 1.234e+59", "text",
            'quote it: "1234e56"',
        ),
        (
            "  trellis:tags: {Count: 16}\n", "tags.Count", 5, "the number 16", "text",
            'quote it: "16"',
        ),
        (
            "  trellis:tags: {Since: 2027-03-31}\n", "tags.Since", 5,
            "2027-03-31 without quotes, which the engine reads as "
            "2027-03-31 00:00:00 +0000 UTC", "text", 'quote it: "2027-03-31"',
        ),
        (
            "  trellis:network: {zones: 03}\n", "network.zones", 5,
            "03 without quotes, which the engine reads as the number 3",
            "a whole number from 1 to 6", "write the number without the leading zero",
        ),
        (
            "  trellis:region: us-east-1\n", "aws:region", 5, "`trellis:region`", "`aws:region`",
            "every Pulumi program has it",
        ),
        (
            "  aws:profile: work\n", "aws:profile", 5, "a key that nothing reads",
            "`aws:region`", "the profile is under `trellis:provider`: `profile`",
        ),
        (
            "  trelis:tags: {}\n", "trelis:tags", 5, "the namespace trelis", "`trellis:`",
            "did you mean `trellis:tags`?",
        ),
        (
            "  netwrok: {}\n", "netwrok", 5, "a key of the project's own namespace, shop:netwrok",
            "the namespace `trellis:`, which is where settings are read",
            "did you mean `trellis:network`?",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_told(
    problem_of: ProblemOf, settings: str, path: str, line: int, found: str,
    allowed: str | None, hint: str,
) -> None:  # fmt: skip
    problem = problem_of(settings)
    assert dotted(problem.path) == path
    assert problem.source is not None
    assert (problem.source.file, problem.source.line) == ("Pulumi.dev.yaml", line)
    assert (problem.found, problem.hint) == (found, hint)
    assert allowed in (None, problem.allowed)


def test_a_missing_key_points_at_what_should_hold_it(stack: Stack) -> None:
    stack.write("  trellis:exemptions:\n    - {control: A, reason: long enough, owner: me}\n")
    first, second = stack.problems()
    assert (first.path, second.path) == (("exemptions", 0, "resource"), ("exemptions", 0, "until"))
    assert (first.found, first.source and first.source.line) == ("nothing", 6)
    assert first.hint.startswith("A key of the stack file")


def test_a_key_missing_from_the_whole_stack_points_at_its_file(stack: Stack) -> None:
    stack.write_whole("config:\n  aws:region: us-east-1\n  trellis:name: shop\n")
    problem = stack.problem()
    assert problem.path == ("environment",)
    assert problem.source == Source("stack file", "Pulumi.dev.yaml", 1, 1)


def test_a_wrong_inherited_value_points_at_the_project_file(stack: Stack) -> None:
    stack.shared("config:\n  trellis:system:\n    value:\n      network:\n        zones: 9\n")
    problem = stack.problem()
    assert problem.source == Source("shared system", "Pulumi.yaml", 7, 16)


def test_what_the_stack_overrides_is_not_complained_of(stack: Stack) -> None:
    stack.shared("config:\n  trellis:system:\n    value:\n      tags: {a: 2027-03-31}\n")
    stack.write('  trellis:tags: {a: "2027-03-31"}\n')
    assert stack.problems() == ()


def test_the_shared_system_holds_neither_a_region_nor_itself(stack: Stack) -> None:
    stack.shared("config:\n  trellis:system:\n    value: {region: us-east-1, system: {}}\n")
    assert [problem.path for problem in stack.problems()] == [
        ("system", "region"),
        ("system", "system"),
    ]


def test_a_shared_system_without_value_is_told(stack: Stack) -> None:
    stack.shared("config:\n  trellis:system:\n    name: shop\n")
    assert stack.problem().found == "no `value:`"


def test_every_problem_of_a_file_comes_at_once_and_in_order(stack: Stack) -> None:
    stack.write_whole(
        "config:\n"
        "  aws:region: us-east-1\n"
        "  trellis:enviroment: dev\n"
        "  trellis:name: shop\n"
        "  trellis:network: {zones: 9, nat: perzone}\n"
        "  trellis:tags: {a: 1, a: 2}\n"
        "secretprovider: x\n"
    )
    problems = stack.problems()
    assert [dotted(problem.path) for problem in problems] == [
        "environment", "enviroment", "network.zones", "network.nat", "tags.a", "tags.a",
        "secretprovider",
    ]  # fmt: skip
    lines = [problem.source.line for problem in problems if problem.source and problem.source.line]
    assert lines == sorted(lines)
    assert len(lines) == len(problems)


def test_the_text_is_readable_and_has_every_part() -> None:
    problem = Problem(
        ("services", "web", "routes", 0), '"x"', "a host", "did you mean y?",
        Source("stack file", "Pulumi.dev.yaml", 7, 3),
    )  # fmt: skip
    assert str(StackFileError([problem, problem])) == (
        "the stack's settings have one problem:\n\n"
        "Pulumi.dev.yaml:7: services.web.routes[0]\n"
        '  found    "x"\n'
        "  allowed  a host\n"
        "  hint     did you mean y?"
    )


@pytest.mark.parametrize(
    ("whole", "message"),
    [
        ("config: [a]\n", "a mapping of `namespace:key` to values"),
        ("config: text\n", "a mapping of `namespace:key` to values"),
        ("config:\n  a:b:c:d: 1\n", "`namespace:key`"),
        ("config:\n  trellis:tags: {}\n  trellis:config:tags: {}\n", "each key once"),
        ("trellis:name: shop\n", "settings stand under `config:`"),
    ],
)
def test_a_file_of_the_wrong_build_is_told(stack: Stack, whole: str, message: str) -> None:
    stack.write_whole(whole)
    assert any(message in str(problem) for problem in stack.problems())


def test_a_project_without_a_name_is_told(stack: Stack) -> None:
    (stack.folder / "Pulumi.yaml").write_text("runtime: python\n")
    assert stack.problem().path == ("name",)


def test_a_folder_without_a_project_is_told(stack: Stack) -> None:
    (stack.folder / "Pulumi.yaml").unlink()
    assert stack.problem().found == "no Pulumi.yaml"


@pytest.mark.long
def test_the_patterns_that_are_put_in_words_are_those_of_the_settings() -> None:
    used = set(re.findall(r'"pattern": ("(?:[^"\\]|\\.)*")', json.dumps(json_schema())))
    assert {json.loads(pattern) for pattern in used} >= FORMS.keys()
