"""What somebody else made: nothing of it is made here, and lines lead to it like to any other."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import Any

import pytest

from testing.service_cases import parts, service
from tests.components.small_systems import ACCOUNT, REGION, document, small_system, statement
from trellis import registry
from trellis.planner.record import Recording
from trellis.stackfile.existing import ExistingPartSettings

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0aaaaaaa-1111-2222-3333-444444444444"
OTHER = f"arn:aws:secretsmanager:{REGION}:210987654321:secret:shared/other-a1B2c3"
RULES = "aws:vpc/securityGroup{}Rule:SecurityGroup{}Rule"

EXISTING: dict[str, Any] = {
    "buckets": {"files": {"name": "legacy-files", "key": KEY}},
    "tables": {
        "orders": {
            "arn": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/orders",
            "indexes": ["by-date"],
        },
        "far": {"arn": "arn:aws:dynamodb:eu-west-1:210987654321:table/far"},
    },
    "topics": {"events": {"arn": "arn:aws:sns:eu-west-1:210987654321:events", "key": KEY}},
    "queues": {"work": {"arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:work"}},
    "secrets": {"stripe": {"name": "prod/stripe"}, "other": {"arn": OTHER}},
    "parameters": {"flag": {"name": "/shop/flag", "key": KEY}},
    "databases": {
        "main": {
            "host": "db.abc.us-east-1.rds.amazonaws.com",
            "port": 5432,
            "name": "shop",
            "securityGroup": "sg-0123456789abcdef0",
            "resourceId": "db-ABC",
            "users": ["api"],
        }
    },
    "keys": {"signs": {"arn": KEY}},
    "caches": {
        "hot": {"host": "hot.abc.cache.amazonaws.com", "securityGroup": "sg-0123456789abcdef1"}
    },
}
USES: list[dict[str, Any]] = [
    {"bucket": "files", "access": "readWrite"},
    {"table": "orders"},
    {"table": "far", "access": "read", "as": "FAR_TABLE"},
    {"topic": "events"},
    {"queue": "work", "access": "send"},
    {"secret": "stripe", "as": "STRIPE_KEY", "field": "key"},
    {"secret": "other"},
    {"parameter": "flag", "as": "FLAG"},
    {"database": "main"},
    {"cache": "hot"},
    {"kms": "signs", "access": "sign"},
]


@pytest.fixture(scope="module")
def system() -> Recording:
    return small_system(**parts({"api": service(uses=USES)}, existing=EXISTING))


def container(system: Recording) -> dict[str, Any]:
    definition = system.one("aws:ecs/taskDefinition:TaskDefinition", "api")
    (main,) = json.loads(definition.inputs["containerDefinitions"])
    return main


def policy(system: Recording, role: str) -> str:
    return str(system.one("aws:iam/rolePolicy:RolePolicy", role).inputs["policy"])


def test_nothing_of_it_is_made(system: Recording):
    made = {resource.type for resource in system}
    for type_ in registry.STATEFUL:
        if not type_.startswith(("aws:ecr/", "aws:cloudwatch/", "aws:kms/")):
            assert type_ not in made or type_ == "aws:s3/bucket:Bucket", type_
    assert all(resource.name != "files" for resource in system)


def test_the_task_is_told_where_it_is(system: Recording):
    environment = {
        variable["name"]: variable["value"] for variable in container(system)["environment"]
    }
    assert environment["S3_FILES_BUCKET"] == "legacy-files"
    assert environment["ORDERS_TABLE"] == "orders"
    assert environment["FAR_TABLE"] == EXISTING["tables"]["far"]["arn"], "a name is of this account"
    assert environment["SQS_WORK_QUEUE_URL"] == f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/work"
    assert environment["OTHER_SECRET_ARN"] == OTHER
    assert (environment["DB_HOST"], environment["DB_PORT"], environment["DB_NAME"]) == (
        "db.abc.us-east-1.rds.amazonaws.com",
        "5432",
        "shop",
    )
    assert environment["REDIS_HOST"] == "hot.abc.cache.amazonaws.com"


def test_values_come_as_the_task_starts_and_only_its_execution_role_reads_them(system: Recording):
    given = {variable["name"]: variable["valueFrom"] for variable in container(system)["secrets"]}
    secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:prod/stripe"
    parameter = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/shop/flag"
    assert given == {"STRIPE_KEY": f"{secret}:key::", "FLAG": parameter}
    execution = system.one("aws:iam/rolePolicy:RolePolicy", "api-execution")
    assert statement(execution, "ReadSecrets")["Resource"] == f"{secret}-??????"
    assert statement(execution, "ReadParameters")["Action"] == "ssm:GetParameters"
    key = statement(execution, "DecryptParameters")
    assert key["Condition"]["StringEquals"]["kms:ViaService"] == f"ssm.{REGION}.amazonaws.com"
    assert "prod/stripe" not in policy(system, "api-task")


def test_both_security_groups_have_the_rule(system: Recording):
    for group, port in (("sg-0123456789abcdef0", 5432), ("sg-0123456789abcdef1", 6379)):
        (way_in,) = [
            resource
            for resource in system.of_type(RULES.format("Ingress", "Ingress"))
            if resource.inputs["securityGroupId"] == group
        ]
        (way_out,) = [
            resource
            for resource in system.of_type(RULES.format("Egress", "Egress"))
            if resource.inputs.get("referencedSecurityGroupId") == group
        ]
        assert way_in.inputs["fromPort"] == way_in.inputs["toPort"] == port
        assert way_out.inputs["fromPort"] == port


def test_a_key_is_used_through_the_service_of_the_things_own_region(system: Recording):
    key = statement(system.one("aws:iam/rolePolicy:RolePolicy", "api-task"), "KeyOfTopicEvents")
    assert key["Condition"]["StringEquals"]["kms:ViaService"] == "sns.eu-west-1.amazonaws.com"


GRANTS = (
    ("s3:PutObject", "arn:aws:s3:::legacy-files/a", True),
    ("s3:PutBucketPolicy", "arn:aws:s3:::legacy-files", False),
    ("dynamodb:Query", f"{EXISTING['tables']['orders']['arn']}/index/by-date", True),
    ("dynamodb:Query", f"{EXISTING['tables']['orders']['arn']}/index/other", False),
    ("dynamodb:PutItem", EXISTING["tables"]["far"]["arn"], False),
    ("sqs:SendMessage", EXISTING["queues"]["work"]["arn"], True),
    ("sqs:ReceiveMessage", EXISTING["queues"]["work"]["arn"], False),
    ("rds-db:connect", f"arn:aws:rds-db:{REGION}:{ACCOUNT}:dbuser:db-ABC/api", True),
    ("rds-db:connect", f"arn:aws:rds-db:{REGION}:{ACCOUNT}:dbuser:db-ABC/root", False),
)


def test_grants_are_exact(system: Recording):
    """Judged by the statements themselves: they have no wildcards but an object's key."""
    statements = document(system.one("aws:iam/rolePolicy:RolePolicy", "api-task"))

    def fits(value: object, wanted: str) -> bool:
        values = value if isinstance(value, list) else [value]
        return any(fnmatchcase(wanted, str(element)) for element in values)

    for action, resource, allowed in GRANTS:
        given = any(
            fits(element["Action"], action) and fits(element["Resource"], resource)
            for element in statements
        )
        assert given is allowed, (action, resource)


def test_every_part_that_may_exist_already_has_its_field_and_the_model_of_its_declaration():
    fields = ExistingPartSettings.model_fields
    assert set(fields) == {*registry.EXISTING, *registry.NAMED}
    for name, named in registry.NAMED.items():
        assert named.settings.__name__ in str(fields[name].annotation)
    for name, element in registry.EXISTING.items():
        assert element.settings.__name__ in str(fields[name].annotation)
        made = registry.OFFERS[element.offer.kind]
        assert set(element.offer.accesses) <= set(made.accesses)
        assert element.offer.variables == made.variables
        assert (element.offer.interface, element.offer.listens) == (made.interface, made.listens)


def test_databases_on_one_server_share_the_rules_of_its_security_group():
    """AWS refuses a second rule for the same port and groups."""
    main = EXISTING["databases"]["main"]
    there = {"databases": {"main": main, "reports": {**main, "name": "reports"}}}
    uses = [{"database": "main"}, {"database": "reports", "prefix": "REPORTS_"}]
    recording = small_system(**parts({"api": service(uses=uses)}, existing=there))
    rules = [
        (rule.inputs["securityGroupId"], rule.inputs.get("referencedSecurityGroupId"))
        for rule in recording.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    ]
    assert len(rules) == len(set(rules))
    assert [rule for rule in rules if rule[0] == main["securityGroup"]]
    # A consumer of the second alone has the same name for its rule, so both lines may come and go.
    alone = small_system(**parts({"api": service(uses=uses[1:])}, existing=there))
    egress = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
    assert alone.one(egress, "api-to-database-main")
