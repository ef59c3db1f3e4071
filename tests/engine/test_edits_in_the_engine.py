"""Ordinary edits of small deployed stacks: each goes through in one update."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine import refusing
from tests.engine.engine import Engine, EngineStack
from tests.engine.test_service_changes import PROJECT, touched

pytestmark = pytest.mark.engine

PRODUCTION = """\
config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: prod
  trellis:account: "123456789012"
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose stack files the tests bring along."""
    folder = tmp_path_factory.mktemp("edits")
    (folder / "Pulumi.yaml").write_text(PROJECT)
    return folder


def deployed(engine: Engine, project: Path, text: str) -> EngineStack:
    """A stack that stands; what making it touched is forgotten."""
    stack = engine.stack(project, "dev", text=text)
    stack.up()
    touched(stack)
    return stack


def edited(stack: EngineStack, text: str) -> dict[str, set[str]]:
    """What one more `up` touches; afterwards nothing is left to do."""
    stack.rewrite(text)
    stack.up()
    return touched(stack)


def test_a_table_can_be_added_to_a_production_stack(engine: Engine, project: Path):
    before = PRODUCTION + "  trellis:tables:\n    orders: {partitionKey: {name: id}}\n"
    stack = deployed(engine, project, before)
    done = edited(stack, before + "    carts: {partitionKey: {name: id}}\n")
    assert {"Table carts", "Selection backups"} <= done["created"]
    assert done["deleted"] == {"Selection backups"}


IMAGE = f"{{repository: api, digest: 'sha256:{'1' * 64}'}}"
SERVED = f"""\
  trellis:network: {{zones: 2, nat: single, endpoints: []}}
  trellis:loadBalancers: {{web: {{}}}}
  trellis:zones:
    main:
      domain: example.com
      queryLogs: false
      records: {{old: {{name: shop, type: CNAME, values: [old.example.net]}}}}
  trellis:firewalls:
    main: {{rate: {{requests: 2000}}}}
  trellis:services:
    api:
      image: {IMAGE}
      port: 8080
      routes: [{{host: api.example.com}}]
"""


@pytest.fixture(scope="module")
def served(engine: Engine, project: Path) -> EngineStack:
    """A service behind a load balancer and a firewall, in production."""
    return deployed(engine, project, PRODUCTION + SERVED)


def test_another_firewall_a_load_balancer_is_never_left_without_one(served: EngineStack):
    renamed = (PRODUCTION + SERVED).replace("    main: {rate", "    edge: {rate")
    edited(served, renamed)
    (association,) = served.aws.things("aws:wafv2/webAclAssociation:WebAclAssociation")
    (acl,) = served.aws.things("aws:wafv2/webAcl:WebAcl")
    assert association["webAclArn"] == acl["arn"]
    assert "edge" in acl["name"]
    edited(served, PRODUCTION + SERVED)


def test_another_protocol_moves_the_rule_before_its_group_goes(served: EngineStack):
    done = edited(served, PRODUCTION + SERVED + "      protocol: http2\n")
    assert "TargetGroup api-web" in done["created"] & done["deleted"]
    assert "ListenerRule api-" in " ".join(done["updated"])
    (group,) = served.aws.things("aws:lb/targetGroup:TargetGroup")
    (rule,) = served.aws.things("aws:lb/listenerRule:ListenerRule")
    assert rule["actions"][0]["targetGroupArn"] == group["arn"]
    edited(served, PRODUCTION + SERVED)


def test_a_name_goes_from_a_record_of_ones_own_to_a_route_and_back(served: EngineStack):
    cut = (PRODUCTION + SERVED).replace(
        "{old: {name: shop, type: CNAME, values: [old.example.net]}}", "{}"
    )
    edited(
        served,
        cut.replace(
            "[{host: api.example.com}]", "[{host: api.example.com}, {host: shop.example.com}]"
        ),
    )
    edited(served, PRODUCTION + SERVED)
    kinds = {
        thing["type"]
        for thing in served.aws.things("aws:route53/record:Record")
        if thing["name"] == "shop.example.com"
    }
    assert kinds == {"CNAME"}


PILOT = (
    PRODUCTION
    + """\
  trellis:profile: development
  trellis:network: {zones: 2, endpoints: []}
  trellis:databases:
    main: {engine: postgres, version: "16"}
  trellis:caches:
    main: {authentication: token}
  trellis:secrets:
    redis: {kind: credentials, cache: main}
"""
)


@pytest.fixture(scope="module")
def stored(engine: Engine, project: Path) -> EngineStack:
    """A database and a cache, as a pilot."""
    return deployed(engine, project, PILOT)


STORES = {"Instance main", "ReplicationGroup main", "Key keys-data"}


def test_what_holds_data_stays_through_the_life_of_a_stack(stored: EngineStack):
    tiers = "{zones: 2, endpoints: [], subnets: {public: {}, private: {}, isolated: {}}}"
    text = PILOT.replace("{zones: 2, endpoints: []}", tiers)
    done = edited(stored, text)
    assert "SubnetGroup main" not in done["updated"], "a tier that comes later moves nothing"

    text = text.replace("profile: development", "profile: production")
    done = edited(stored, text)
    assert done["updated"] >= STORES
    assert not STORES & (done["created"] | done["deleted"])

    text = text.replace("    main: {authentication: token}", "    main: {users: {app: {}}}")
    done = edited(stored, text)
    assert "Invocation redis" in done["created"], "the secret is made for the user"
    assert "ReplicationGroup main" in done["updated"]

    text = text.replace('version: "16"', 'version: "17", majorUpgrades: true')
    done = edited(stored, text)
    assert "ParameterGroup main-postgres17" in done["created"]
    groups = stored.aws.things("aws:rds/parameterGroup:ParameterGroup")
    assert len(groups) == 2, "the old one is used until the maintenance window"
    assert not stored.up().changed


OPERATED = (
    PRODUCTION
    + """\
  trellis:network: {zones: 2, nat: single, endpoints: []}
  trellis:databases:
    main:
      engine: postgres
      version: "16"
"""
)
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/master-AbCdEf"
HANDED_OVER = f"      masterPassword: operator\n      masterSecretArn: {SECRET}\n"


def test_a_database_gets_replicas_and_blue_green_from_its_first_update_or_a_later_one(
    engine: Engine, project: Path
):
    whole = OPERATED + HANDED_OVER + "      readReplicas: {reports: {}}\n"
    new = deployed(engine, project, whole + "      blueGreen: true\n")
    made = [thing["identifier"] for thing in new.aws.things(refusing.INSTANCE)]
    assert sorted(made) == ["shop-prod-main", "shop-prod-main-reports"]
    assert not new.up().changed
    assert not new.refresh().changed

    pilot = deployed(engine, project, OPERATED)
    done = edited(pilot, whole)
    assert {"Invocation master-main", "Instance main-reports"} <= done["created"]
    assert "Instance main" not in done["created"] | done["updated"]
    assert not done["deleted"]


def test_the_provider_refuses_what_aws_refuses(stored: EngineStack):
    (group,) = stored.aws.things("aws:elasticache/subnetGroup:SubnetGroup")
    (cache,) = stored.aws.things("aws:elasticache/replicationGroup:ReplicationGroup")
    kind = "aws:elasticache/subnetGroup:SubnetGroup"
    here = refusing.Thing(kind, group["name"], group)
    user = refusing.Thing(
        "aws:elasticache/replicationGroup:ReplicationGroup", cache["replicationGroupId"], cache
    )
    with pytest.raises(refusing.RefusedByAwsError, match="in use"):
        refusing.refuse_deletion(here, iter([here, user]))
    with pytest.raises(refusing.RefusedByAwsError, match="is taken"):
        refusing.refuse_creation(here, iter([here]))
    with pytest.raises(refusing.RefusedByAwsError, match="in use"):
        refusing.refuse_update(group, {**group, "subnetIds": []}, kind)


WORKING = f"""\
  trellis:network: {{zones: 2, nat: single, endpoints: []}}
  trellis:services:
    worker:
      image: {IMAGE}
"""


def test_a_service_becomes_a_job_and_one_again(engine: Engine, project: Path):
    stack = deployed(engine, project, PRODUCTION + WORKING)
    job = WORKING.replace("trellis:services", "trellis:jobs")
    job += "      schedule: rate(1 hour)\n      formerly: services.worker\n"
    done = edited(stack, PRODUCTION + job)
    kept = {"LogGroup worker", "Role worker-task", "SecurityGroup worker", "TaskDefinition worker"}
    assert {"Service worker"} <= done["deleted"]
    assert {"Schedule worker"} <= done["created"]
    assert not kept & (done["created"] | done["deleted"])
    done = edited(stack, PRODUCTION + WORKING + "      formerly: jobs.worker\n")
    assert not kept & (done["created"] | done["deleted"])
    assert not stack.up().changed
