"""Several databases on one server, in a stack file: who makes, uses and signs in to which."""

from __future__ import annotations

import json
from typing import Any

import pytest

from testing.service_cases import service
from tests.components.small_systems import DATABASE, NETWORK, small_system
from tests.planner.edits import compared
from trellis.compare.meaning import words
from trellis.planner.record import Recording
from trellis.stackfile.problems import StackFileError

SIGNED = {**DATABASE, "iamAuthentication": True, "iamUsers": ["robot", "other"]}
SECRETS = {
    "main": {"kind": "credentials", "database": "main", "user": "main"},
    "reports": {
        "kind": "credentials",
        "database": "main",
        "dbName": "reports",
        "user": "reports",
    },
}


def recorded(
    *uses: dict[str, Any],
    database: dict[str, Any] = DATABASE,
    further: dict[str, Any] | None = None,
    secrets: dict[str, Any] = SECRETS,
) -> Recording:
    return small_system(
        network=NETWORK,
        databases={
            "main": {**database, "databases": {"reports": {}} if further is None else further}
        },
        secrets=secrets,
        services={"reader": service(uses=list(uses))},
    )


def refusal_of(*uses: dict[str, Any], **more: Any) -> str:
    with pytest.raises(StackFileError) as caught:
        recorded(*uses, **more)
    return str(caught.value)


def specifications(recording: Recording) -> dict[str, dict[str, Any]]:
    function = recording.one("aws:lambda/function:Function", "database-main").inputs
    return {
        text["user"]: text
        for text in json.loads(function["environment"]["variables"]["ROTATION"]).values()
    }


def test_the_function_of_the_server_is_told_which_database_each_secret_is_of():
    specified = specifications(recorded())
    assert specified["main"]["dbname"] == "app"
    assert "initialDatabase" not in specified["main"]
    assert specified["reports"]["dbname"] == "reports"
    assert specified["reports"]["initialDatabase"] == "app"


def test_one_more_database_changes_nothing_of_the_server():
    def instance(recording: Recording) -> dict[str, Any]:
        return dict(recording.one("aws:rds/instance:Instance", "main").inputs)

    alone = recorded(further={}, secrets={"main": SECRETS["main"]})
    assert instance(recorded()) == instance(alone)


def test_users_with_tokens_are_made_with_the_first_secret_of_their_own_database():
    secrets = {**SECRETS, "second": {**SECRETS["reports"], "user": "second"}}
    specified = specifications(
        recorded(database=SIGNED, further={"reports": {"iamUsers": ["viewer"]}}, secrets=secrets)
    )
    assert specified["main"]["tokenUsers"] == ["robot", "other"]
    assert specified["reports"]["tokenUsers"] == ["viewer"]
    assert "tokenUsers" not in specified["second"]


@pytest.mark.parametrize(
    ("line", "users"),
    [
        ({}, ["robot", "other"]),
        ({"iamUser": "other"}, ["other"]),
        ({"dbName": "reports"}, ["viewer"]),
        ({"dbName": "app"}, ["robot", "other"]),
        ({"dbName": "reports", "iamUser": "viewer"}, ["viewer"]),
    ],
)
def test_a_link_signs_in_as_users_of_its_own_database_only(line: dict[str, str], users: list[str]):
    recording = recorded(
        {"database": "main", **line},
        database=SIGNED,
        further={"reports": {"iamUsers": ["viewer"]}},
    )
    statements = [
        statement
        for policy in recording.of_type("aws:iam/rolePolicy:RolePolicy")
        for statement in json.loads(policy.inputs["policy"])["Statement"]
        if "rds-db:connect" in statement["Action"]
    ]
    (statement,) = statements
    resources = statement["Resource"]
    listed = [resources] if isinstance(resources, str) else resources
    assert [arn.rpartition("/")[2] for arn in listed] == users


@pytest.mark.parametrize(
    ("further", "message"),
    [
        ({"app": {}}, "names beside app, which `database` makes already"),
        ({"postgres": {}}, "which the server keeps for itself; found postgres"),
        ({"Reports": {}}, "Reports"),
        ({"re-ports": {}}, "re-ports"),
        ({"reports": {"iamUsers": ["viewer"]}}, "`iamAuthentication: true`"),
        ({"reports": {}, "billing": {}}, "database billing, which no secret is of"),
        ({}, "dbName"),
    ],
)
def test_a_database_that_the_server_refuses_or_nothing_makes(further: dict[str, Any], message: str):
    assert message in refusal_of(further=further)


@pytest.mark.parametrize("name", ["mysql", "sys", "information_schema", "performance_schema"])
def test_each_engine_keeps_names_of_its_own(name: str):
    database = {**DATABASE, "engine": "mysql", "version": "8.4"}
    secrets = {**SECRETS, "reports": {**SECRETS["reports"], "dbName": name}}
    assert f"found {name}" in refusal_of(database=database, further={name: {}}, secrets=secrets)
    recorded(
        database=database,
        further={"postgres": {}},
        secrets={**SECRETS, "reports": {**SECRETS["reports"], "dbName": "postgres"}},
    )


def test_users_are_the_servers_so_two_databases_share_none():
    further = {"reports": {"iamUsers": ["robot"]}}
    assert "robot is in app and in reports" in refusal_of(database=SIGNED, further=further)
    taken = {**SECRETS, "reports": {**SECRETS["reports"], "user": "main"}}
    assert "main in database main, which secret main has" in refusal_of(secrets=taken)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"database": "main", "dbName": "report"}, "did you mean `reports`?"),
        ({"database": "main", "iamUser": "robot"}, "of which it has none"),
        ({"secret": "main", "dbName": "reports"}, "`dbName` together with `database`"),
        ({"secret": "main", "iamUser": "robot"}, "`iamUser` together with `database`"),
    ],
)
def test_a_line_that_names_no_database_or_user_of_the_server(line: dict[str, Any], message: str):
    assert message in refusal_of(line)


def test_a_user_of_the_other_database_is_no_choice():
    line = {"database": "main", "dbName": "reports", "iamUser": "robot"}
    further = {"reports": {"iamUsers": ["viewer"]}}
    assert "one of viewer" in refusal_of(line, database=SIGNED, further=further)


def test_secrets_of_a_cache_have_no_database_name():
    secrets = {"a": {"kind": "credentials", "cache": "main", "dbName": "reports"}}
    assert "`dbName` with `database`" in refusal_of(secrets=secrets)


def meanings(before: Recording, after: Recording) -> str:
    return "\n".join(text for step in compared(before, after).values() for text in words(step))


def test_a_database_that_goes_or_gets_another_name_is_said_to_stay():
    alone = recorded(further={}, secrets={"main": SECRETS["main"]})
    renamed = recorded(
        further={"figures": {}},
        secrets={**SECRETS, "reports": {**SECRETS["reports"], "dbName": "figures"}},
    )
    for after in (alone, renamed):
        assert "database reports stays on its server" in meanings(recorded(), after)
    assert "stays on its server" not in meanings(alone, recorded())


def test_a_service_that_uses_two_databases_of_one_server_says_a_prefix():
    lines = ({"database": "main"}, {"database": "main", "dbName": "reports"})
    assert "the variable DB_HOST, which database main gives already" in refusal_of(*lines)
    recording = recorded(lines[0], {**lines[1], "prefix": "REPORTS_"})
    (task,) = recording.of_type("aws:ecs/taskDefinition:TaskDefinition")
    (container,) = json.loads(task.inputs["containerDefinitions"])
    environment = {held["name"]: held["value"] for held in container["environment"]}
    assert environment["DB_NAME"] == "app"
    assert environment["REPORTS_DB_NAME"] == "reports"


def test_the_one_user_of_a_line_is_told_to_the_program():
    recording = recorded({"database": "main", "iamUser": "robot"}, database=SIGNED)
    (task,) = recording.of_type("aws:ecs/taskDefinition:TaskDefinition")
    (container,) = json.loads(task.inputs["containerDefinitions"])
    assert {"name": "DB_USER", "value": "robot"} in container["environment"]
