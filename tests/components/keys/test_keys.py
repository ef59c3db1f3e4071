"""Keys: whole policies, use only through a domain's services, and names that stay."""

from __future__ import annotations

import inspect
import json

import pytest
from pydantic import ValidationError

from components.keys import trusts
from components.keys.settings import KeysSettings
from tests.components.small_systems import ACCOUNT, document, small_system, statement

KEY = "aws:kms/key:Key"
ALIAS = "aws:kms/alias:Alias"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
SECRET = {"stripe": {}}
QUEUE = {"jobs": {}}


def test_each_domain_in_use_has_a_rotated_key_with_an_alias_and_no_other_has_one():
    recording = small_system(secrets=SECRET)
    names = {resource.name for resource in recording.of_type(KEY)}
    assert {"keys-logs", "keys-secrets"} <= names
    assert "keys-data" not in names
    for resource in recording.of_type(KEY):
        assert resource.inputs["enableKeyRotation"] is True
        assert resource.inputs["rotationPeriodInDays"] == 365
        assert resource.inputs["deletionWindowInDays"] == 30
        assert resource.protect
        assert resource.retain_on_delete
    assert recording.one(ALIAS, "keys-secrets").inputs["name"] == "alias/shop-dev-secrets"


def test_all_domains_may_share_one_key():
    recording = small_system(
        secrets=SECRET,
        queues=QUEUE,
        buckets={"a": {}},
        profile="development",
        keys={"sharing": "shared"},
    )
    (key,) = recording.of_type(KEY)
    assert key.name == "keys-data"
    assert not key.protect
    assert key.inputs["deletionWindowInDays"] == 7
    assert recording.one(ALIAS, "keys-data").inputs["name"] == "alias/shop-dev-data"


def test_the_account_administers_a_key_but_uses_it_only_through_the_domains_services():
    key = small_system(secrets=SECRET).one(KEY, "keys-secrets")
    administers = statement(key, "AccountAdministers")
    assert administers["Principal"] == {"AWS": ROOT}
    forbidden = {"kms:Decrypt", "kms:Encrypt", "kms:CreateGrant", "kms:*"}
    assert not forbidden & set(administers["Action"])
    assert "kms:PutKeyPolicy" in administers["Action"]

    through = [f"{name}.us-east-1.amazonaws.com" for name in ("lambda", "rds", "secretsmanager")]
    uses = statement(key, "AccountUsesThroughServices")
    assert uses["Condition"] == {"StringEquals": {"kms:ViaService": through}}
    grants = statement(key, "ServicesKeepUsing")
    assert grants["Action"] == "kms:CreateGrant"
    assert grants["Condition"] == {
        "StringEquals": {"kms:ViaService": through},
        "Bool": {"kms:GrantIsForAWSResource": "true"},
    }


def test_the_logs_key_lets_cloudwatch_logs_in_before_any_group_is_made():
    recording = small_system(
        "preview", network={"zones": 2, "nat": "single", "subnets": {"public": {}, "private": {}}}
    )
    key = recording.one(KEY, "keys-logs")
    logs = statement(key, "LogGroups")
    assert logs["Principal"] == {"Service": "logs.us-east-1.amazonaws.com"}
    assert logs["Condition"] == {
        "ArnLike": {
            "kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:*"
        }
    }
    # Made in one call with the key, so nobody can meet the key without its policy.
    assert not recording.of_type("aws:kms/keyPolicy:KeyPolicy")
    group = recording.one("aws:cloudwatch/logGroup:LogGroup", "network-flow-logs")
    assert key.urn in group.property_dependencies["kmsKeyId"]


def test_every_service_is_bound_to_this_account():
    recording = small_system(
        topics={
            "all": {
                "publishers": ["alarms", "rules", "buckets", "mail", "budgets", "databases"],
                "subscriptions": {"q": {"protocol": "queue", "to": "jobs"}},
            }
        },
        queues=QUEUE,
        keys={"sharing": "shared"},
    )
    services = [
        element
        for element in document(recording.one(KEY, "keys-data"))
        if "Service" in element["Principal"]
    ]
    assert {service["Sid"] for service in services} == {
        "LogGroups",
        "AlarmsToTopics",
        "RulesToTopics",
        "RulesToQueues",
        "TopicsToQueues",
        "BucketNotifications",
        "MailEvents",
        "Budgets",
        "DatabaseEvents",
    }
    for service in services:
        assert ACCOUNT in json.dumps(service["Condition"]), service["Sid"]
    # EventBridge delivers nothing where a key names its source; the context binds it instead.
    (rules,) = (service for service in services if service["Sid"] == "RulesToTopics")
    assert set(rules["Condition"]) == {"ArnLike"}
    assert set(rules["Condition"]["ArnLike"]) == {"kms:EncryptionContext:aws:sns:topicArn"}


def test_another_domain_touches_no_key_that_was_there():
    before = small_system(secrets=SECRET)
    after = small_system(secrets=SECRET, queues=QUEUE, buckets={"receipts": {}})
    for resource in before.of_type(KEY):
        assert after.one(KEY, resource.name).inputs == resource.inputs


def test_a_shared_key_grows_in_place():
    shared = {"sharing": "shared"}
    before = small_system(secrets=SECRET, keys=shared).one(KEY, "keys-data")
    after = small_system(secrets=SECRET, buckets={"receipts": {}}, keys=shared).one(
        KEY, "keys-data"
    )
    assert after.urn == before.urn
    assert {key for key in after.inputs if after.inputs[key] != before.inputs[key]} == {
        "policy",
        "description",
    }


def test_a_domain_may_rotate_faster_than_the_rest():
    keys = {"domains": {"secrets": {"rotationDays": 90}}}
    recording = small_system(secrets=SECRET, keys=keys)
    assert recording.one(KEY, "keys-secrets").inputs["rotationPeriodInDays"] == 90
    assert recording.one(KEY, "keys-logs").inputs["rotationPeriodInDays"] == 365


EVERY_PART = {
    "baseline": {},
    "zones": {"main": {"domain": "example.org"}},
    "sites": {
        "app": {"domain": "example.org", "content": {"external": {"repository": "shop/app"}}}
    },
    "buckets": {
        "receipts": {
            "notifications": {
                "new": {"events": ["s3:ObjectCreated:*"], "to": "queue", "name": "new"}
            }
        }
    },
    "queues": {"new": {"publishers": ["buckets"]}},
    "topics": {
        "all": {
            "publishers": [
                "backups",
                "budgets",
                "buckets",
                "costAnomalies",
                "databases",
                "mail",
            ],
            "subscriptions": {"q": {"protocol": "queue", "to": "new"}},
        }
    },
}
"""A stack of everything that has a service let into a key."""

LET_IN = {
    "keys-data": {"ConfigurationHistory", "DistributionsReadBuckets"},
    "keys-logs": {"LogGroups", "Trail"},
    "keys-messages": {
        "AlarmsToTopics",
        "BackupEvents",
        "BucketNotifications",
        "Budgets",
        "CostAnomalies",
        "DatabaseEvents",
        "MailEvents",
        "RulesToQueues",
        "RulesToTopics",
        "TopicsToQueues",
    },
}


def test_no_part_of_a_stack_keeps_another_parts_service_out_of_a_key():
    recording = small_system(**EVERY_PART)
    found = {
        key.name: {s["Sid"] for s in document(key) if "Service" in s["Principal"]}
        for key in recording.of_type(KEY)
    }
    assert {name: sids for name, sids in found.items() if sids} == LET_IN


def test_every_service_that_can_be_let_into_a_key_is_in_that_stack():
    written = inspect.getmembers(trusts, inspect.isfunction)
    functions = {name for name, made in written if not name.startswith("_")}
    # Rules have two statements, to topics and to queues.
    assert len(functions) + 1 == sum(len(sids) for sids in LET_IN.values())


@pytest.mark.parametrize(
    ("given", "allowed"),
    [
        ({"rotationDays": 89}, "90"),
        ({"rotationDays": 2561}, "2560"),
        ({"deletionWindowDays": 6}, "7"),
        ({"deletionWindowDays": 31}, "30"),
        ({"sharing": "shared", "domains": {"logs": {}}}, "sharing: separate"),
        ({"domains": {"passwords": {}}}, "data"),
    ],
)
def test_what_kms_would_refuse_is_refused_first(given: dict[str, object], allowed: str):
    with pytest.raises(ValidationError, match=allowed):
        KeysSettings.model_validate_json(json.dumps(given))
