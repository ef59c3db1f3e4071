"""Stated use of what is not there, or cannot be, is refused where it is written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from trellis.stackfile.problems import Problem, dotted

TASKS = "usage.services.web.tasks"
USAGE = "  trellis:usage:\n"
SERVICE = """\
  trellis:network: {cidr: 10.0.0.0/16, zones: 2, nat: single, subnets: {public: {}, private: {}}}
  trellis:services:
    web:
      image: {uri: "example/web@sha256:%s"}
      scaling: {min: 1, max: 4}
""" % ("0" * 64)


@pytest.mark.parametrize(
    ("settings", "path", "message"),
    [
        (USAGE + "    buckets: {data: {gb: 1}}\n", "usage.buckets.data", "has no bucket"),
        ("  trellis:queues: {work: {}}\n" + USAGE + "    queues: {wrok: {requests: 1}}\n",
         "usage.queues.wrok", "one of work"),
        (USAGE + "    apis: {main: {requests: 1}}\n", "usage.apis.main", "has no API"),
        (USAGE + "    userPools: {people: {users: 1}}\n", "usage.userPools.people", "no user pool"),
        (USAGE + "    repositories: {web: {gb: 1}}\n", "usage.repositories.web", "no repository"),
        (USAGE + "    network: {natGb: 5}\n", "usage.network", "a stack with `network`"),
        (USAGE + "    account: {dataEvents: 5}\n", "usage.account", "a stack with `baseline`"),
        (SERVICE + USAGE + "    services: {web: {tasks: 5}}\n", TASKS, "1 to 4"),
        (SERVICE + USAGE + "    services: {web: {tasks: {low: 0, expected: 1, high: 2}}}\n",
         TASKS, "1 to 4"),
        (USAGE + "    logs: {gb: {low: 2, expected: 1, high: 3}}\n", "usage.logs.gb", "`low` at"),
        (USAGE + "    logs: {gb: -1}\n", "usage.logs.gb", "from 0 to"),
        (USAGE + "    size: huge\n", "usage.size", "small, medium, large"),
    ],
)  # fmt: skip
def test_use_that_nothing_would_count_is_refused(
    problem_of: Callable[[str], Problem], settings: str, path: str, message: str
):
    found = problem_of(settings)
    assert dotted(found.path) == path
    assert message in str(found)


def test_use_of_what_is_there_is_fine(stack):
    stack.write(
        SERVICE + USAGE + '    asOf: "2026-11-29"\n    services: {web: {tasks: 2.5}}\n'
        "    network: {natGb: {low: 1, expected: 2, high: 3}}\n"
    )
    settings = stack.load().settings.usage
    assert settings.services["web"].tasks == 2.5
    assert settings.as_of is not None
