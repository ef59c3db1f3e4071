"""What AWS would refuse in the middle of an `up`, or what nothing would come of, with its place."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stackfile.conftest import Stack
from trellis.stackfile.problems import Problem, dotted

ProblemOf = Callable[[str], Problem]
FUNCTION = "  trellis:functions: {f: {code: {path: src, handler: app.h}, subnets: none, "
TRIGGER = FUNCTION + "triggers: {t: {"
ROUTE = "routes: [{api: x, path: /, methods: [GET]}]}}\n"
RECORD = "  trellis:zones: {a: {domain: example.com, records: {r: {"
CATALOG = (
    "  trellis:buckets: {b: {}}\n  trellis:catalogs: {x: {from: {put: true}, bucket: b, type: .t, "
    "date: {since: '2026-01-01'}, tables: {a: {columns: {c: string}}}}}\n"
)
BALANCED = (
    "  trellis:network: {zones: 2}\n  trellis:services: {w: {image: {repository: w, digest: "
    f"'sha256:{'1' * 64}'}}, port: 80, listeners: [{{port: 80}}]}}}}\n"
    "  trellis:networkLoadBalancers: {n: {"
)
FAR = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=500)).isoformat()


def later(field: str) -> str:
    return f"{field}: {{reason: everybody agreed, owner: me, until: '{FAR}'}}"


REFUSED: tuple[tuple[str, str, str], ...] = (
    # Tags, by IAM's letters: every stack has roles.
    ("  trellis:tags: {Team: 'a,b'}\n", "tags.Team", "a value with ','"),
    ("  trellis:tags: {'R&D': x}\n", "tags.R&D", "a key with '&'"),
    ('  trellis:tags: {Team: "a\\nb"}\n', "tags.Team", "a value with"),
    ("  trellis:buckets: {b: {tags: {a: 'x#y'}}}\n", "buckets.b.tags.a", "a value with '#'"),
    (
        "  trellis:buckets: {b: {tags: {" + ", ".join(f"k{n}: v" for n in range(46)) + "}}}\n",
        "buckets.b.tags", "46 tags",
    ),
    # Names.
    ("  trellis:buckets: {b: {bucketName: a..b}}\n", "buckets.b.bucketName", "AWS refuses"),
    ("  trellis:buckets: {b: {bucketName: 10.0.0.1}}\n", "buckets.b.bucketName", "AWS refuses"),
    (
        FUNCTION + "}}\n  trellis:monitoring: {logs: {a: {name: /aws/lambda/shop-dev-f}}}\n",
        "monitoring.logs.a.name", "which functions.f has",
    ),
    (
        "  trellis:buckets: {a: {bucketName: uploads}}\n"
        "  trellis:existing: {buckets: {b: {name: uploads}}}\n",
        "existing.buckets.b", "which buckets.a makes",
    ),
    (
        "  trellis:account: '123456789012'\n  trellis:tables: {a: {partitionKey: {name: id}}}\n"
        "  trellis:existing: {tables: {b: "
        "{arn: 'arn:aws:dynamodb:us-east-1:123456789012:table/shop-dev-a'}}}\n",
        "existing.tables.b", "which tables.a makes",
    ),
    # Records.
    (RECORD + "type: A, values: [1.2.3.4, 1.2.3.4]}}}}\n", "zones.a.records.r", "type, values"),
    (
        RECORD + f"name: {'a' * 64}, type: A, values: [1.2.3.4]}}}}}}}}\n",
        "zones.a.records.r", "name",
    ),
    (RECORD + "name: a..b, type: A, values: [1.2.3.4]}}}}\n", "zones.a.records.r", "name"),
    (RECORD + "type: DS, values: ['1 13 2 ABCD']}}}}\n", "zones.a.records.r", "type"),
    # What calls functions.
    (
        "  trellis:queues: {q: {visibilitySeconds: 180}}\n" + TRIGGER
        + "queue: q, filter: [{body: x}]}}}}\n",
        "functions.f.triggers.t.filter[0]", "a mapping of body",
    ),
    (
        "  trellis:queues: {q: {visibilitySeconds: 180}}\n" + TRIGGER
        + "queue: q, filter: [{}]}}}}\n",
        "functions.f.triggers.t.filter[0]", "an empty mapping",
    ),
    (
        TRIGGER + "event: {source: [aws.s3], detail: {a: {b: c}}}}}}}\n",
        "functions.f.triggers.t.event", "a mapping of detail, source",
    ),
    (
        "  trellis:monitoring: {logs: {a: {name: /x}}}\n" + TRIGGER
        + "logs: a, pattern: '{ $.x = '}}}}\n",
        "functions.f.triggers.t.pattern", "$.x",
    ),
    (
        "  trellis:buckets: {b: {purpose: logs}}\n" + TRIGGER + "bucket: b}}}}\n",
        "functions.f.triggers.t.bucket", "which is for logs",
    ),
    (
        "  trellis:topics: {q: {}}\n" + TRIGGER + "topic: q, attributes: {x: []}}}}}\n",
        "functions.f.triggers.t.attributes.x", "an empty list",
    ),
    (
        FUNCTION + "layers: ['arn:aws:lambda:us-east-1:123456789012:layer:a:1', "
        "'arn:aws:lambda:us-east-1:123456789012:layer:a:2']}}\n",
        "functions.f.layers[1]", "version 2 of a layer",
    ),
    (
        FUNCTION + "uses: [{grant: {actions: ['s3:GetObject'], resources: ['arn:aws:s3:::x/*'], "
        "conditions: {StringEqualz: {'aws:x': y}}}}]}}\n",
        "functions.f.uses[0].grant.conditions.StringEqualz", "StringEqualz",
    ),
    # Topics.
    (
        "  trellis:topics: {t: {subscriptions: {a: {protocol: email, to: a@b.example, "
        "filter: {x: []}}}}}\n",
        "topics.t.subscriptions.a.filter.x", "an empty list",
    ),
    (
        "  trellis:topics: {t: {subscriptions: {a: {protocol: email, to: a@b.example}, "
        "b: {protocol: email, to: a@b.example}}}}\n",
        "topics.t", "a mapping of subscriptions",
    ),
    # Users.
    (
        "  trellis:userPools: {u: {attributes: {"
        + ", ".join(f"a{n}: {{}}" for n in range(51)) + "}}}\n",
        "userPools.u.attributes", "a mapping of",
    ),
    ("  trellis:userPools: {u: {clients: {w: {flows: [custom]}}}}\n", "userPools.u", "clients"),
    # Others.
    ("  trellis:network: {endpoints: [s3, s3]}\n", "network", "a mapping of endpoints"),
    (
        "  trellis:network: {endpoints: [com.amazonaws.eu-west-1.s3]}\n",
        "network.endpoints[0]", "an endpoint service of eu-west-1",
    ),
    (
        "  trellis:network: {zones: 2}\n"
        "  trellis:fileSystems: {f: {points: {a: {folder: /../x}}}}\n",
        "fileSystems.f.points.a.folder", "/../x",
    ),
    (
        "  trellis:monitoring: {subscribers: {t: {teams: {tenant: "
        f"'{'-' * 36}', team: '11111111-1111-1111-1111-111111111111', channel: '19:a@b'}}}}}}}}\n",
        "monitoring.subscribers.t.teams.tenant", "---",
    ),
)  # fmt: skip

IN_VAIN: tuple[tuple[str, str], ...] = (
    (BALANCED + "tlsPolicy: ELBSecurityPolicy-TLS13-1-3-2021-06}}\n",
     "networkLoadBalancers.n.tlsPolicy"),
    (BALANCED + "accessLogs: l}}\n"
     "  trellis:buckets: {l: {purpose: logs, receives: [deliveries]}}\n",
     "networkLoadBalancers.n.accessLogs"),
    (BALANCED + "names: [x.example.com]}}\n", "networkLoadBalancers.n.names[0]"),
    ("  trellis:buckets: {b: {versioning: false, expireNoncurrentDays: 5}}\n",
     "buckets.b.expireNoncurrentDays"),
    ("  trellis:baseline: {trail: {enabled: false, keepDays: 100}}\n", "baseline.trail.keepDays"),
    ("  trellis:baseline: {threatDetection: {enabled: false, s3: false}}\n",
     "baseline.threatDetection.s3"),
    ("  trellis:firewalls: {f: {}}\n", "firewalls.f"),
    (CATALOG + "  trellis:usage: {catalogs: {x: {crawlerDpuHours: 5}}}\n",
     "usage.catalogs.x.crawlerDpuHours"),
    ("  trellis:tables: {t: {partitionKey: {name: id}, capacity: {}}}\n"
     "  trellis:usage: {tables: {t: {writes: 5}}}\n", "usage.tables.t.writes"),
    ("  trellis:userPools: {u: {existing: us-east-1_abc}}\n"
     "  trellis:usage: {userPools: {u: {users: 5}}}\n", "usage.userPools.u.users"),
    ("  trellis:network: {zones: 2, nat: none}\n  trellis:usage: {network: {natGb: 5}}\n",
     "usage.network.natGb"),
    ("  trellis:usage: {asOf: '2199-01-01'}\n", "usage.asOf"),
)  # fmt: skip

FOR_EVER: tuple[tuple[str, str], ...] = (
    (f"  trellis:tables: {{t: {{partitionKey: {{name: id}}, {later('mayBeLost')}}}}}\n",
     "tables.t.mayBeLost.until"),
    (FUNCTION + ROUTE + f"  trellis:apis: {{x: {{authorizer: {{{later('none')}}}}}}}\n",
     "apis.x.authorizer.none.until"),
    ("  trellis:monitoring: {alarms: {a: {silence: {reason: everybody is asleep, "
     "until: '9999-12-31'}}}}\n", "monitoring.alarms.a.silence.until"),
)  # fmt: skip


def problems_of(stack: Stack, settings: str) -> dict[str, Problem]:
    stack.write(settings)
    problems = stack.problems()
    assert all(problem.source is not None and problem.source.line for problem in problems)
    return {dotted(problem.path): problem for problem in problems}


@pytest.mark.parametrize(("settings", "path", "found"), REFUSED, ids=[row[1] for row in REFUSED])
def test_what_aws_refuses_is_refused_with_its_place(
    stack: Stack, settings: str, path: str, found: str
):
    (stack.folder / "src").mkdir()
    (stack.folder / "src" / "app.py").write_text("def h(event, context): pass\n")
    assert found in problems_of(stack, settings)[path].found


@pytest.mark.parametrize(("settings", "path"), IN_VAIN, ids=[row[1] for row in IN_VAIN])
def test_what_would_do_nothing_is_refused_with_its_place(stack: Stack, settings: str, path: str):
    assert path in problems_of(stack, settings)


@pytest.mark.parametrize(("settings", "path"), FOR_EVER, ids=[row[1] for row in FOR_EVER])
def test_nothing_that_is_for_a_while_is_for_ever(stack: Stack, settings: str, path: str):
    assert "a day in the next 400 days" in problems_of(stack, settings)[path].allowed


@pytest.mark.parametrize(
    ("profile", "region", "is_taken"),
    [
        ("us", "eu-west-1", False),
        ("eu", "us-east-1", False),
        ("apac", "eu-west-1", False),
        ("us", "us-east-2", True),
        ("eu", "eu-north-1", True),
    ],
)
def test_a_profile_answers_in_its_part_of_the_world(
    stack: Stack, profile: str, region: str, is_taken: bool
):
    stack.write_whole(
        f"config:\n  aws:region: {region}\n  trellis:name: shop\n  trellis:environment: dev\n"
        f"  trellis:models: {{m: {{provider: bedrock, id: a.b, profile: {profile}, "
        f"regions: [{region}]}}}}\n"
    )
    assert (stack.problems() == ()) is is_taken


def context(stack: Stack, found: object) -> dict[str, Problem]:
    text = found if isinstance(found, str) else json.dumps({"version": 1, **dict(found)}, indent=1)  # type: ignore[call-overload]
    (stack.folder / "trellis.dev.context.json").write_text(text)
    return problems_of(
        stack,
        "  trellis:network: {existing: {vpcId: vpc-12345678}}\n"
        "  trellis:functions: {f: {code: {path: src, handler: app.h}}}\n",
    )


def looked_up(zone: str, tier: str, **more: object) -> dict[str, object]:
    subnet = {"id": "subnet-12345678", "zone": zone, "cidr": "172.31.0.0/20"}
    network = {"vpcId": "vpc-12345678", "cidr": "172.31.0.0/16", "subnets": {tier: [subnet]}}
    return {"network": network, **more}


def test_a_function_has_no_place_in_a_network_without_its_subnets(stack: Stack):
    problem = context(stack, looked_up("us-east-1a", "public"))["functions.f.subnets"]
    assert "a network without private subnets" in problem.found


@pytest.mark.parametrize(
    ("found", "path", "words"),
    [
        (looked_up("eu-west-1a", "private"), "network.existing", "a subnet in eu-west-1a"),
        (
            looked_up("us-east-1a", "private", zones={"us-east-1": ["eu-west-1a"]}),
            "aws:region", "eu-west-1a as the zones of us-east-1",
        ),
        (
            looked_up("us-east-1a", "private", zones={"us-east-1": ["us-east-1a", "us-east-1a"]}),
            "aws:region", "us-east-1a, us-east-1a as the zones",
        ),
    ],
)  # fmt: skip
def test_answers_of_another_region_are_told(
    stack: Stack, found: dict[str, object], path: str, words: str
):
    assert words in context(stack, found)[path].found


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("[]", "", 1),
        ('{\n "version": 1,', "", 2),
        ('{\n "version": 9\n}', "version", 2),
        ('{\n "version": 1,\n "network": {\n  "cidr": 5,\n  "vpcId": "vpc-12345678"\n }\n}',
         "network.cidr", 4),
        ('{\n "version": 1,\n "zones": {"us-east-1": [\n  "us-east-1a",\n  7\n ]}\n}',
         "zones.us-east-1[1]", 5),
    ],
)  # fmt: skip
def test_a_context_file_is_told_by_its_line(stack: Stack, text: str, path: str, line: int):
    problem = context(stack, text)[path]
    assert problem.source is not None
    assert problem.source.line == line
    assert Path(str(problem.source.file)).name == "trellis.dev.context.json"
