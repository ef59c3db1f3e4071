"""What plans cleanly and does not work on AWS is told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.components.small_systems import NETWORK, small_system
from tests.stackfile.conftest import Stack
from trellis.stackfile.foreign_words import PARTS
from trellis.stackfile.problems import StackFileError
from trellis.stackfile.settings import SystemSettings

REST: dict[str, Any] = {"main": {"kind": "rest", "authorizer": {"iam": True}}}
ANSWERED: dict[str, Any] = {
    "functions": {
        "hello": {
            "image": {
                "uri": f"123456789012.dkr.ecr.us-east-1.amazonaws.com/hello@sha256:{'0' * 64}"
            },
            "subnets": "none",
            "routes": [{"api": "main", "path": "/", "methods": ["GET"]}],
        }
    }
}


def is_warned(words: str, **tiers: Any) -> bool:
    return any(words in warning for warning in small_system(**tiers).warnings)


def test_a_rest_api_in_a_region_where_nothing_lets_it_log():
    words = "AWS refuses the stage of a REST API"
    assert is_warned(words, **ANSWERED, apis=REST)
    assert is_warned(words, **ANSWERED, apis=REST, baseline={"apiLogs": False})
    assert not is_warned(words, **ANSWERED, apis=REST, baseline={})
    assert not is_warned(words, **ANSWERED, apis=REST, baseline={"elsewhere": ["apiLogs"]})
    assert not is_warned(words, **ANSWERED, apis={"main": {**REST["main"], "kind": "http"}})


def test_a_pool_whose_codes_reach_nobody():
    assert is_warned("sends no text messages", userPools={"main": {"signIn": ["email", "phone"]}})
    assert not is_warned("sends no text messages", userPools={"main": {}})


def test_a_pool_of_production_whose_mail_cognito_sends():
    words, pool = "50 a day at most", {"selfSignUp": True}
    assert is_warned(words, userPools={"main": pool}, profile="production")
    assert is_warned(words, userPools={"main": {}}, profile="production")
    assert not is_warned(words, userPools={"main": pool}, profile="development")
    silent = {"signIn": ["username"], "recovery": "administrator"}
    assert not is_warned(words, userPools={"main": silent}, profile="production")
    sent = {**pool, "mail": {"domain": "main", "sender": "hello@example.com"}}
    domain = {"main": {"domain": "example.com"}}
    assert not is_warned(words, userPools={"main": sent}, mail=domain, profile="production")


def test_a_proxy_keeps_a_database_awake():
    database: dict[str, Any] = {
        "engine": "aurora-postgresql",
        "version": "16",
        "instanceClass": "db.serverless",
        "capacity": {"min": 0},
    }
    small_system(network=NETWORK, databases={"main": database})
    with pytest.raises(StackFileError, match="nothing ever pauses"):
        small_system(network=NETWORK, databases={"main": {**database, "proxy": {}}})


@pytest.mark.parametrize("word", sorted(PARTS))
def test_a_part_of_another_tool_is_told_what_stands_for_it(stack: Stack, word: str):
    stack.write(f"  trellis:{word}: {{}}\n")
    assert stack.problem().hint == PARTS[word]


def test_no_part_is_called_like_one_of_another_tool():
    own = {str(field.alias or name) for name, field in SystemSettings.model_fields.items()}
    assert not own & PARTS.keys()
