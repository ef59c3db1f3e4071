"""Credentials in any input: every name of the SDK is sorted, what is kept as a secret passes."""

from __future__ import annotations

import datetime as dt
import functools
import json
import re
from typing import Any

import pytest

from policies.guardrails.adapters.documents import facts_of
from policies.guardrails.adapters.values import SIGNATURE
from policies.guardrails.catalog import control
from policies.guardrails.control import Outcome
from policies.guardrails.facts import ResourceFacts
from policies.guardrails.plain_inputs import NO_CREDENTIAL, names_credential
from policies.guardrails.run import KNOWN_TYPES, analyse
from policies.guardrails.secret_values import looks_secret
from policies.guardrails.unknown import UNKNOWN
from testing.sdk import property_names, tokens

TODAY = dt.date(2026, 11, 21)
SECRET = "1b47061264138c4ac30d75fd1eb44270"
CONTROL = control("SecretsManager.plain-inputs")
CREDENTIAL = re.compile(
    r"(?:password|passphrase|secret|token|credential|key|credentials|passwords|string|binary)s?$",
    re.IGNORECASE,
)


def outcome(kind: str, inputs: dict[str, Any], **more: Any) -> Outcome:
    fact = ResourceFacts(f"urn:pulumi:dev::any::{kind}::x", kind, "x", inputs, **more)
    return analyse([fact], today=TODAY, controls=[CONTROL]).findings[0].outcome


@functools.cache
def every_name() -> frozenset[str]:
    """Every input of the SDK; it imports all of the SDK."""
    return frozenset(name for token in tokens() for name in property_names(token))


@pytest.mark.long
def test_every_name_of_the_sdk_that_sounds_like_a_credential_is_sorted():
    unsorted = sorted(
        name
        for name in every_name()
        if looks_secret(name)
        and not names_credential(name)
        and name not in NO_CREDENTIAL
        and CREDENTIAL.search(name)
        and not name.endswith("Wo")
    )
    assert unsorted == []


@pytest.mark.long
def test_what_is_called_no_credential_is_a_name_of_the_sdk():
    assert sorted(NO_CREDENTIAL - every_name()) == []


@pytest.mark.parametrize("name", sorted(NO_CREDENTIAL))
def test_what_is_called_no_credential_sounds_like_one(name: str):
    assert looks_secret(name)


def exported(token: object) -> Outcome:
    state = {
        "urn": "urn:pulumi:dev::any::aws:codebuild/sourceCredential:SourceCredential::x",
        "type": "aws:codebuild/sourceCredential:SourceCredential",
        "inputs": {"authType": "BASIC_AUTH", "token": token},
    }
    facts = facts_of({"deployment": {"resources": [state]}})
    return analyse(facts, today=TODAY, controls=[CONTROL]).findings[0].outcome


def test_what_an_export_keeps_as_a_secret_is_no_plain_text():
    shown = {SIGNATURE: SECRET, "plaintext": json.dumps("hunter2hunter2")}
    hidden = {SIGNATURE: SECRET, "ciphertext": "v1:abc"}
    exported_values = [exported(one) for one in (shown, hidden, "hunter2hunter2")]
    assert exported_values == [Outcome.PASS, Outcome.UNKNOWN, Outcome.FAIL]


def test_the_engine_hands_secrets_over_as_plain_texts_so_only_their_form_tells():
    kind = "aws:codebuild/sourceCredential:SourceCredential"
    token = {"token": "hunter2hunter2"}
    assert outcome(kind, token) is Outcome.FAIL
    assert outcome(kind, token, secrets_unwrapped=True) is Outcome.PASS
    variables = {"parameters": {"db_password": "hunter2hunter2"}}
    stack_set = "aws:cloudformation/stackSet:StackSet"
    assert outcome(stack_set, variables, secrets_unwrapped=True) is Outcome.FAIL


def test_what_another_resource_hands_to_its_own_field_is_not_unknown():
    kind = "aws:directoryservice/directory:Directory"
    of = {"password": ("urn:pulumi:dev::any::random:index/randomPassword:RandomPassword::p",)}
    assert outcome(kind, {"password": UNKNOWN}, property_dependencies=of) is Outcome.PASS
    assert outcome(kind, {"password": UNKNOWN}) is Outcome.UNKNOWN


def test_a_type_is_not_known_because_all_are_asked_for_credentials():
    assert "aws:polly/lexicon:Lexicon" not in KNOWN_TYPES
    assert outcome("aws:polly/lexicon:Lexicon", {"content": "x"}) is Outcome.PASS


PLAIN = {
    "a tag that is called so": {"tags": {"token-rotation": "monthly", "Secret": "yes"}},
    "a place": {"apiKeySource": "HEADER", "tokenEndpoint": "https://id.example.com/token"},
    "a unit": {"tokenValidityUnits": {"accessToken": "minutes", "refreshToken": "days"}},
    "a mapping": {"attributeMapping": {"custom:access_token": "access_token"}},
    "a policy": {
        "policy": '{"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", '
        '"Condition": {"StringEquals": {"aws:PrincipalTag/token": "blue"}}}]}'
    },
    "a model": {"schema": '{"properties": {"password": {"type": "string"}}}'},
    "a template": {"body": '{"password": "$input.path(\'$.password\')"}'},
    "a parameter of a template": {
        "templateBody": '{"Parameters": {"DbPassword": {"Type": "String", "NoEcho": true}}, '
        '"Resources": {"D": {"Properties": {"MasterUserPassword": {"Ref": "DbPassword"}}}}}'
    },
    "a secret that is resolved": {
        "templateBody": '{"Resources": {"D": {"Properties": '
        '{"MasterUserPassword": "{{resolve:secretsmanager:app:SecretString:password}}"}}}}'
    },
    "a script that reads one": {
        "data": "#!/bin/bash\nPASSWORD=$(aws secretsmanager get-secret-value --secret-id app)\n"
    },
    "a certificate": {"certificateBody": "-----BEGIN CERTIFICATE-----\nMIIB\n"},
    "an address": {"url": "https://git@github.com/org/app.git"},
}


@pytest.mark.parametrize("label", list(PLAIN))
def test_what_only_speaks_of_credentials_passes(label: str):
    assert outcome("aws:sqs/queue:Queue", PLAIN[label]) is Outcome.PASS
