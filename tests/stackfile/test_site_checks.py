"""Paths, buckets and load balancers of sites that do not fit together are refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.stackfile.conftest import Stack
from trellis.stackfile.problems import Problem, dotted

ProblemOf = Callable[[str], Problem]

BASE = """\
  trellis:network: {cidr: 10.0.0.0/16, zones: 2, nat: single, subnets: {public: {}, private: {}}}
  trellis:zones:
    main: {domain: example.org}
  trellis:buckets:
    media: {}
    logs: {purpose: logs}
  trellis:services:
    api:
      image: {repository: api, tag: "1.0.0"}
      cpu: 256
      memory: 512
      port: 8080
      routes:
        - {loadBalancer: inner, host: inner.example.org}
        - {loadBalancer: inner, path: "/api/*"}
        - {loadBalancer: outer, host: api.example.org}
  trellis:loadBalancers:
    inner: {scheme: internal}
    outer: {}
"""


def site(behaviors: str, more: str = "content: {external: {repository: a/b}}") -> str:
    return f"{BASE}  trellis:sites:\n    app: {{domain: app.example.org, {more}, {behaviors}}}\n"


def test_a_site_an_api_and_a_bucket_live_under_one_name(stack: Stack):
    stack.write(site("behaviors: {/api/*: {loadBalancer: inner}, /media/*: {bucket: media}}"))
    assert stack.problems() == ()


@pytest.mark.parametrize(
    ("settings", "path", "message"),
    [
        (
            site("behaviors: {/api/*: {loadBalancer: iner}}"),
            "sites.app.behaviors./api/*.loadBalancer", "did you mean `inner`?",
        ),
        (
            site("behaviors: {/api/*: {loadBalancer: outer}}"),
            "sites.app.behaviors./api/*.loadBalancer", "outer, which the internet reaches",
        ),
        (
            site("behaviors: {/admin/*: {loadBalancer: inner}}"),
            "sites.app.behaviors./admin/*.loadBalancer",
            "no route takes app.example.org/admin/*: all would be 404",
        ),
        (
            site("behaviors: {/media/*: {bucket: medai}}"),
            "sites.app.behaviors./media/*.bucket", "did you mean `media`?",
        ),
        (
            site("behaviors: {/media/*: {bucket: logs}}"),
            "sites.app.behaviors./media/*.bucket", "logs, which receives logs",
        ),
        (
            site("behaviors: {/media/*: {bucket: media}}", "content: {bucket: media}"),
            "sites.app.behaviors./media/*.bucket", "answers all other paths already",
        ),
        (
            site("behaviors: {/m?*: {bucket: media}, /m*?: {bucket: media}}"),
            "sites.app.behaviors./m?*", "which fits the same paths as /m*?",
        ),
        (
            site("behaviors: {/api/*: {loadBalancer: inner}}")
            + "  trellis:firewalls:\n    main: {loadBalancers: [inner]}\n",
            "firewalls.main.loadBalancers", "clients call: outer",
        ),
        (
            site("behaviors: {'*': {loadBalancer: inner}}"),
            "sites.app.behaviors", "text of the form",
        ),
    ],
)  # fmt: skip
def test_what_would_not_work_is_refused_with_its_place(
    problem_of: ProblemOf, settings: str, path: str, message: str
):
    problem = problem_of(settings)
    assert dotted(problem.path).startswith(path)
    assert problem.source is not None
    assert problem.source.line is not None
    assert message in str(problem)


def test_cloudfront_gets_into_no_network_without_an_internet_gateway(problem_of: ProblemOf):
    text = site("behaviors: {/api/*: {loadBalancer: inner}}").replace(
        "nat: single, subnets: {public: {}, ", "nat: none, subnets: {"
    )
    closed = text.replace("    outer: {}\n", "").replace(
        "        - {loadBalancer: outer, host: api.example.org}\n", ""
    )
    assert "no internet gateway" in str(problem_of(closed))
