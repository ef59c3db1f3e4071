"""What a person can type that no service would take: refused with its place, nothing repeated."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.components.small_systems import ACCOUNT
from tests.conftest import ROOT
from tests.stackfile.conftest import Stack
from trellis.planner.record import record
from trellis.stackfile.problems import Problem, StackFileError, dotted

ProblemOf = Callable[[str], Problem]

CREDENTIALS = "  trellis:network: {zones: 2}\n  trellis:caches: {main: {}}\n  trellis:secrets:\n"


@pytest.mark.parametrize(
    ("settings", "path", "found", "allowed"),
    [
        (
            f"  trellis:queues: {{jobs: {{formerly: [{'a' * 33}]}}}}\n",
            "queues.jobs.formerly[0]", "a" * 33, "at most 32 characters",
        ),
        (
            "  trellis:functions: {f: {code: {path: s, handler: a.b}, subnets: none, layers: "
            "['arn:awsph:lambda:df49msf:365193658973:layer:a:1']}}\n",
            "functions.f.layers[0]", "arn:awsph", "text of the form",
        ),
        (
            "  trellis:functions: {f: {code: {path: s, handler: a.b}, subnets: none, layers: "
            "['arn:aws:lambda:eu-west-1:365193658973:layer:a:1']}}\n",
            "functions.f.layers[0]", "a layer of eu-west-1", "us-east-1",
        ),
        (
            "  trellis:tables: {t: {partitionKey: {name: id}, adopt: old, physicalName: y}}\n",
            "tables.t", "'y'", "another name",
        ),
        ("  trellis:secrets: {a: {kind: []}}\n", "secrets.a.kind", "an empty list", "credentials"),
        ("  trellis:secrets: {a: {kind: {}}}\n", "secrets.a.kind", "an empty map", "credentials"),
        (
            "  trellis:databases: {a: {engine: [x], version: '16'}}\n",
            "databases.a.engine", "a list of 1", "aurora-mysql",
        ),
        (
            "  trellis:network: {endpoints: [secretmanager]}\n",
            "network.endpoints[0]", "secretmanager", "did you mean secretsmanager",
        ),
        (
            "  trellis:network: {endpoints: [s3, ecr]}\n",
            "network.endpoints[1]", "ecr", "ecr.api and ecr.dkr",
        ),
        ("  trellis:network: {endpoints: [../x]}\n", "network.endpoints[0]", "../x", "ecr.api"),
        (
            CREDENTIALS + "    s: {kind: credentials, cache: main, cacheAccess: on ~* RESETPASS}\n",
            "secrets.s.cacheAccess", "RESETPASS", "rotation switches",
        ),
        (
            "  trellis:network: {zones: 2}\n"
            "  trellis:databases: {a: {engine: mysql, version: '8.0.40', restoreFrom: old}}\n",
            "databases.a.version", "8.0.40", "`extendedSupport: true`",
        ),
        (
            "  trellis:network: {zones: 2}\n"
            "  trellis:databases: {a: {engine: mariadb, version: '11.4', extendedSupport: true}}\n",
            "databases.a.extendedSupport", "true", "sells none",
        ),
        (
            "  trellis:network: {zones: 2}\n"
            "  trellis:caches: {a: {engine: redis, version: '5.0.6'}}\n",
            "caches.a.version", "5.0.6", "`extendedSupport: true`",
        ),
        (
            "  trellis:monitoring: {subscribers: {t: {teams: {tenant: "
            f"{'1' * 8}-{'1' * 4}-{'1' * 4}-{'1' * 4}-{'1' * 12}, team: "
            f"{'1' * 8}-{'1' * 4}-{'1' * 4}-{'1' * 4}-{'1' * 12}, channel: general}}}}}}}}\n",
            "monitoring.subscribers.t.teams.channel", "general", "19%3aab0d",
        ),
        (
            "  trellis:services: {a: {image: {repository: a}, routes: [{host: a.example.com}], "
            "health: {timeout: 9, interval: 7}}}\n",
            "services.a.health", "`timeout: the number 9`, `interval: the number 7`", "below",
        ),
    ],
)  # fmt: skip
def test_what_no_service_takes_is_refused_with_its_place(
    problem_of: ProblemOf, settings: str, path: str, found: str, allowed: str
):
    problem = problem_of(settings)
    assert dotted(problem.path) == path
    assert found in problem.found
    assert allowed in problem.allowed
    assert problem.source is not None
    assert problem.source.line


@pytest.mark.parametrize(
    "settings",
    [
        '  trellis:monitoring: {subscribers: {h: {https: "https://u:hunter2@h.example.com/x"}}}\n',
        '  trellis:topics: {a: {subscriptions: {h: {protocol: https, to: "http://hunter2"}}}}\n',
        CREDENTIALS + '    s: {kind: credentials, cache: main, cacheAccess: "on ~* >hunter2"}\n',
        CREDENTIALS + '    s: {kind: credentials, cache: main, cacheAccess: "hunter2"}\n',
        CREDENTIALS + '    s: {kind: credentials, cache: main, urlQuery: "a=b&password=hunter2"}\n',
    ],
)
def test_a_value_that_may_be_secret_is_not_repeated(problem_of: ProblemOf, settings: str):
    assert "hunter2" not in str(problem_of(settings))


@pytest.mark.parametrize("channel", ["19:ab-d_e@thread.tacv2", "19%3aab-d_e%40thread.tacv2"])
def test_a_teams_channel_goes_to_aws_as_its_api_takes_it(stack: Stack, channel: str):
    unit = "11111111-1111-1111-1111-111111111111"
    stack.write(
        "  trellis:monitoring:\n    subscribers:\n"
        f"      t: {{teams: {{tenant: {unit}, team: {unit}, channel: '{channel}'}}}}\n"
    )
    teams = stack.load().settings.monitoring.subscribers["t"].teams
    assert teams is not None
    assert teams.channel == "19%3aab-d_e%40thread.tacv2"


FOUND = {
    "version": 1,
    "account": ACCOUNT,
    "network": {
        "vpcId": "vpc-12345678",
        "cidr": "172.31.0.0/16",
        "subnets": {
            "public": [{"id": "subnet-12345678", "zone": "us-east-1a", "cidr": "172.31.0.0/20"}],
        },
    },
}


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ("  trellis:databases: {main: {engine: postgres, version: '17'}}\n", "databases.main"),
        ("  trellis:caches: {main: {}}\n", "caches.main"),
        (
            f"  trellis:services: {{a: {{image: {{repository: a, digest: sha256:{'1' * 64}}}}}}}\n",
            "services.a.subnets",
        ),
        (
            "  trellis:loadBalancers: {a: {scheme: internal}}\n  trellis:services:\n"
            f"    s: {{image: {{repository: a, digest: sha256:{'1' * 64}}}, subnets: public, "
            "port: 80, routes: [{host: a.example.com}]}\n",
            "loadBalancers.a.scheme",
        ),
    ],
)
def test_what_stands_in_subnets_that_a_found_network_lacks_is_refused(
    stack: Stack, settings: str, path: str
):
    (stack.folder / "trellis.dev.context.json").write_text(json.dumps(FOUND))
    stack.write(f"  trellis:network: {{existing: {{vpcId: vpc-12345678}}}}\n{settings}")
    assert path in [dotted(problem.path) for problem in stack.problems()]


@pytest.mark.parametrize(
    ("settings", "path", "other"),
    [
        ("  trellis:queues: {jobs: {}, jobs-dead-letters: {}}\n",
         "queues.jobs-dead-letters", "jobs"),
        (
            "  trellis:apis:\n"
            "    a: {kind: http, name: b c, authorizer: {iam: true}}\n"
            "    d: {kind: http, name: b-c, authorizer: {iam: true}}\n",
            "apis.d.name", "a",
        ),
        (
            "  trellis:network: {zones: 2}\n"
            "  trellis:caches: {a: {users: {b-c: {}}}, a-b: {users: {c: {}}}}\n",
            "caches.a-b", "caches.a",
        ),
    ],
)  # fmt: skip
def test_keys_that_fall_together_are_told_with_both_places(
    stack: Stack, settings: str, path: str, other: str
):
    stack.shared(f"main: {ROOT}\n")
    stack.write(f'  trellis:account: "{ACCOUNT}"\n{settings}')
    with pytest.raises(StackFileError) as refused:
        record(stack.folder, "dev")
    (problem,) = refused.value.problems
    assert dotted(problem.path) == path
    assert other in f"{problem.found} {problem.allowed}".split()
    assert problem.source is not None
    assert problem.source.line


def test_a_rest_api_without_a_method_is_refused_for_aws_deploys_none(stack: Stack):
    stack.shared(f"main: {ROOT}\n")
    apis = "a: {authorizer: {iam: true}}, b: {kind: http, authorizer: {iam: true}}"
    stack.write(f'  trellis:account: "{ACCOUNT}"\n  trellis:apis: {{{apis}}}\n')
    (problem,) = stack.problems()
    assert dotted(problem.path) == "apis.a"
    assert "no route leads by" in problem.found


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ("  trellis:queues:\n    jobs:\n", "queues.jobs"),
        ("  trellis:queues: {jobs: null}\n", "queues.jobs"),
    ],
)
def test_an_entry_of_nothing_is_no_entry_with_every_default(stack: Stack, settings: str, path: str):
    stack.write(settings)
    (problem,) = stack.problems()
    assert (dotted(problem.path), problem.found) == (path, "nothing")
    assert "`{}`" in problem.allowed
    shared = "{queues: {jobs: {}}}"
    stack.shared(f"main: {ROOT}\nconfig: {{trellis:system: {{value: {shared}}}}}\n")
    assert stack.problems() == (), "what is inherited is taken away"


def test_a_number_of_any_length_is_told_with_its_place(stack: Stack):
    stack.write(f"  trellis:network: {{zones: {'9' * 5000}}}\n")
    assert [dotted(problem.path) for problem in stack.problems()] == ["network.zones"]
