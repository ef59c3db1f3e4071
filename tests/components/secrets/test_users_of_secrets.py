"""Users of credentials: each one's own, because two rotations of one user undo each other."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.components.small_systems import CACHE, DATABASE, NETWORK, small_system
from trellis.planner.record import Recording
from trellis.stackfile.problems import StackFileError

SIGNED = {**CACHE, "users": {"app": {}, "jobs": {}, "robot": {"authentication": "iam"}}}
TOKEN = {**CACHE, "authentication": "token"}


def of_database(user: str) -> dict[str, Any]:
    return {"kind": "credentials", "database": "main", "user": user}


def of_cache(**more: Any) -> dict[str, Any]:
    return {"kind": "credentials", "cache": "main", **more}


def refusal(
    *secrets: dict[str, Any], database: dict[str, Any] = DATABASE, cache: dict[str, Any] = SIGNED
) -> str:
    with pytest.raises(StackFileError) as caught:
        small_system(
            network=NETWORK,
            databases={"main": database},
            caches={"main": cache},
            secrets=dict(zip("abc", secrets, strict=False)),
        )
    return str(caught.value)


@pytest.mark.parametrize(
    ("secrets", "message"),
    [
        ([of_database("shop"), of_database("shop")], "shop in database main, which secret a has"),
        ([of_database("shop"), of_database("shop_clone")], "shop_clone in database main"),
        ([of_database("shop_owner"), of_database("shop")], "shop_owner in database main"),
        ([of_database("app")], "app in database main, which the master user has"),
        ([of_database("rdsadmin")], "rdsadmin in database main, which RDS has"),
        ([of_cache(), of_cache()], "the user app of cache main, which secret a has"),
        ([of_cache(cacheUser="app"), of_cache()], "the user app of cache main"),
        ([of_cache(cacheUser="robot")], "one of app, jobs"),
        ([of_cache(cacheUser="job")], "did you mean `jobs`?"),
    ],
)
def test_a_user_that_somebody_else_sets_is_refused(secrets: list[dict[str, Any]], message: str):
    assert message in refusal(*secrets)


def test_a_user_with_iam_tokens_has_no_password_to_rotate():
    database = {**DATABASE, "iamAuthentication": True, "iamUsers": ["robot"]}
    message = refusal(of_database("robot"), database=database)
    assert "robot in database main, which a user with IAM tokens has" in message


def test_a_token_has_one_secret_and_no_user():
    assert "the token of cache main, which secret a has" in refusal(
        of_cache(), of_cache(), cache=TOKEN
    )
    assert "cacheUser" in refusal(of_cache(cacheUser="app"), cache=TOKEN)


def test_users_of_their_own_stand_side_by_side():
    recording = small_system(
        network=NETWORK,
        databases={"main": DATABASE, "other": DATABASE},
        caches={"main": SIGNED},
        secrets={
            "a": of_database("shop"),
            "b": of_database("reports"),
            "c": {**of_database("shop"), "database": "other"},
            "d": of_cache(),
            "e": of_cache(cacheUser="jobs"),
        },
    )
    assert len(recording.of_type("aws:secretsmanager/secretRotation:SecretRotation")) == 5


SIGNED_DATABASE = {**DATABASE, "iamAuthentication": True, "iamUsers": ["robot", "reports"]}


def with_tokens(**secrets: dict[str, Any]) -> Recording:
    return small_system(network=NETWORK, databases={"main": SIGNED_DATABASE}, secrets=secrets)


def specifications(recording: Recording) -> dict[str, dict[str, Any]]:
    """By user, what the database's rotation function is told."""
    function = recording.one("aws:lambda/function:Function", "database-main").inputs
    document = json.loads(function["environment"]["variables"]["ROTATION"])
    return {text["user"]: text for text in document.values()}


def test_users_with_iam_tokens_are_made_with_the_first_secret_of_their_database():
    recording = with_tokens(a=of_database("shop"), b=of_database("admin_tool"))
    specified = specifications(recording)
    assert specified["shop"]["tokenUsers"] == ["robot", "reports"]
    assert "tokenUsers" not in specified["admin_tool"]
    assert not [warning for warning in recording.warnings if "nothing makes" in warning]


def test_another_user_with_iam_tokens_fills_the_secret_again_and_keeps_its_value():
    invocation = "aws:lambda/invocation:Invocation"
    before = with_tokens(a=of_database("shop")).one(invocation, "a").inputs
    fewer = {**SIGNED_DATABASE, "iamUsers": ["robot"]}
    after = small_system(
        network=NETWORK, databases={"main": fewer}, secrets={"a": of_database("shop")}
    ).one(invocation, "a")
    assert before["input"] == after.inputs["input"]
    assert before["triggers"] != after.inputs["triggers"]


def test_users_with_iam_tokens_that_nobody_makes_are_told():
    (warning,) = [element for element in with_tokens().warnings if "nothing makes" in element]
    assert "robot, reports in database main" in warning
    assert "GRANT rds_iam" in warning
