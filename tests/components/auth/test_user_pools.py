"""User pools as AWS would get them: what is for good, who may sign in, and what is called."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.components.functions.test_lambda_functions import APP, ARN
from tests.components.small_systems import document, small_system
from trellis.compare.meaning import words
from trellis.compare.step import Step
from trellis.planner.record import Recording
from trellis.roles.passing import linked_services
from trellis.stackfile.problems import StackFileError

POOL = "aws:cognito/userPool:UserPool"
CLIENT = "aws:cognito/userPoolClient:UserPoolClient"


def system(pool: dict[str, Any] | None = None, **more: Any) -> Recording:
    return small_system(userPools={"main": pool or {}}, **more)


def test_the_safe_choice_is_the_default():
    made = system().one(POOL, "main")
    assert made.inputs["usernameAttributes"] == ["email"]
    assert made.inputs["usernameConfiguration"] == {"caseSensitive": False}
    assert made.inputs["passwordPolicy"]["minimumLength"] == 14
    assert made.inputs["mfaConfiguration"] == "OPTIONAL"
    assert made.inputs["adminCreateUserConfig"] == {"allowAdminCreateUserOnly": True}
    assert made.inputs["deletionProtection"] == "ACTIVE"
    assert made.protect
    assert made.retain_on_delete


def test_a_development_pool_may_go():
    made = system(profile="development").one(POOL, "main")
    assert made.inputs["deletionProtection"] == "INACTIVE"
    assert not made.protect


MAIL = {"main": {"domain": "example.com"}}
SHOP = {"domain": "main", "sender": "hello@example.com"}


def test_mail_goes_out_by_ses_as_a_domain_of_the_stack():
    mail = {**SHOP, "name": "Shop & Co.", "replyTo": "help@example.net"}
    recording = system({"mail": mail}, mail=MAIL)
    pool = recording.one(POOL, "main")
    sending = recording.one("aws:sesv2/configurationSet:ConfigurationSet", "main")
    identity = recording.one("aws:sesv2/emailIdentity:EmailIdentity", "main")
    assert pool.inputs["emailConfiguration"] == {
        "emailSendingAccount": "DEVELOPER",
        "sourceArn": identity.outputs["arn"],
        "fromEmailAddress": "Shop & Co. <hello@example.com>",
        "replyToEmailAddress": "help@example.net",
        "configurationSet": sending.inputs["configurationSetName"],
    }
    # Cognito tries it while the pool is made.
    assert identity.urn in pool.dependencies
    assert "email.cognito-idp.amazonaws.com" in linked_services(recording)
    short = system({"mail": SHOP}, mail={"main": {"domain": "example.com", "existing": True}})
    assert short.one(POOL, "main").inputs["emailConfiguration"] == {
        "emailSendingAccount": "DEVELOPER",
        "sourceArn": identity.outputs["arn"],
        "fromEmailAddress": "hello@example.com",
        "configurationSet": sending.inputs["configurationSetName"],
    }


def test_a_pool_without_a_domain_of_mail_says_that_cognito_sends():
    # AWS's provider takes an email configuration that is gone for one that stays.
    recording = system()
    found = recording.one(POOL, "main").inputs["emailConfiguration"]
    assert found == {"emailSendingAccount": "COGNITO_DEFAULT"}
    assert "email.cognito-idp.amazonaws.com" not in linked_services(recording)


@pytest.mark.parametrize(
    ("mail", "domains", "words"),
    [
        ({"domain": "other", "sender": "a@example.com"}, MAIL, "domain of mail other"),
        ({"domain": "main", "sender": "a@example.net"}, MAIL, "no-reply@example.com"),
        ({"domain": "main", "sender": "a@sub.example.com"}, MAIL, "no-reply@example.com"),
        (
            {"domain": "main", "sender": "a@example.com"},
            {"main": {"domain": "example.com", "senders": ["b@example.com"]}},
            "one of mail.main.senders: b@example.com",
        ),
        ({"domain": "main", "sender": "nobody"}, MAIL, "text of the form"),
        ({**SHOP, "name": "<x>"}, MAIL, "text of the form"),
    ],
)
def test_a_sender_that_ses_refuses_is_refused(
    mail: dict[str, Any], domains: dict[str, Any], words: str
):
    with pytest.raises(StackFileError, match=re.escape(words)):
        system({"mail": mail}, mail=domains)


def test_attributes_are_written_whole_so_that_nothing_looks_changed():
    attributes = {
        "plan": {},
        "seats": {"type": "number", "least": 1},
        "since": {"type": "dateTime"},
    }
    schemas = system({"attributes": attributes}).one(POOL, "main").inputs["schemas"]
    assert [schema["name"] for schema in schemas] == ["plan", "seats", "since"]
    assert schemas[0]["stringAttributeConstraints"] == {"minLength": "0", "maxLength": "2048"}
    assert schemas[1]["numberAttributeConstraints"]["minValue"] == "1"
    assert all(schema["required"] is False for schema in schemas)


def test_a_client_that_is_made_anew_has_another_id():
    assert "moves: its client id, which applications sign in by" in words(
        Step("replace", "", CLIENT, "main-web")
    )


def test_clients_have_no_secret_and_take_codes_only():
    clients = {
        "web": {"callbacks": ["https://shop.example.com/in"], "scopes": ["openid"]},
        "cli": {"flows": ["srp", "custom"]},
    }
    recording = system(
        {
            "domain": {"prefix": "shop-dev"},
            "clients": clients,
            "triggers": {"defineAuthChallenge": "app"},
        },
        functions={"app": APP},
    )
    web = recording.one(CLIENT, "main-web").inputs
    assert web["generateSecret"] is False
    assert web["allowedOauthFlows"] == ["code"]
    assert web["preventUserExistenceErrors"] == "ENABLED"
    cli = recording.one(CLIENT, "main-cli").inputs
    assert cli["allowedOauthFlowsUserPoolClient"] is False
    assert cli["explicitAuthFlows"] == [
        "ALLOW_CUSTOM_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH",
    ]  # fmt: skip


def test_a_pool_may_call_functions_that_use_it():
    recording = system(
        {"triggers": {"preTokenGeneration": "app"}},
        functions={"app": {**APP, "uses": [{"users": "main", "access": "admin"}]}},
    )
    pool = recording.one(POOL, "main")
    assert pool.inputs["lambdaConfig"] == {"preTokenGeneration": ARN}
    permission = recording.one(
        "aws:lambda/permission:Permission", "app-main-pre_token_generation"
    ).inputs
    assert permission["principal"] == "cognito-idp.amazonaws.com"
    assert permission["sourceArn"] == pool.outputs["arn"]
    policy = next(
        resource
        for resource in recording.of_type("aws:iam/rolePolicy:RolePolicy")
        if resource.name == "app"
    )
    assert {"ReadUsersMain", "KeepUsersMain"} <= {
        statement["Sid"] for statement in document(policy)
    }


def test_tokens_of_a_pool_open_an_api_and_a_pool_that_is_there_makes_nothing():
    recording = small_system(
        userPools={"main": {"existing": "us-east-1_AbCdEfGhI"}},
        apis={"main": {"authorizer": {"userPool": "main"}}},
        functions={"app": {**APP, "routes": [{"api": "main", "path": "/", "methods": ["ANY"]}]}},
    )
    assert recording.of_type(POOL) == ()
    authorizer = recording.one("aws:apigateway/authorizer:Authorizer", "main-main-users").inputs
    assert authorizer["providerArns"] == [
        "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_AbCdEfGhI"
    ]
    method = recording.one("aws:apigateway/method:Method", "main-ANY/").inputs
    assert method["authorization"] == "COGNITO_USER_POOLS"


def test_tokens_of_the_clients_that_are_named_open_an_http_api():
    def authorizer(pool: dict[str, Any]) -> dict[str, Any]:
        recording = small_system(
            userPools={"main": {"existing": "us-east-1_AbCdEfGhI", **pool}},
            apis={"main": {"kind": "http", "authorizer": {"userPool": "main"}}},
            functions={
                "app": {**APP, "routes": [{"api": "main", "path": "/", "methods": ["GET"]}]}
            },
        )
        (made,) = recording.of_type("aws:apigatewayv2/authorizer:Authorizer")
        return made.inputs["jwtConfiguration"]

    ids = {"web": "1example23456789", "phone": "2example23456789"}
    found = authorizer({"clientIds": ids})
    assert sorted(found["audiences"]) == sorted(ids.values())
    assert found["issuer"].endswith("/us-east-1_AbCdEfGhI")
    with pytest.raises(StackFileError, match="clientIds, whose tokens are taken"):
        authorizer({})


GUARD = "aws:wafv2/webAclAssociation:WebAclAssociation"


def test_a_firewall_stands_before_pools_that_are_made_here():
    pools = {"main": {}, "theirs": {"existing": "us-east-1_Ab"}}
    recording = small_system(userPools=pools, firewalls={"guard": {}})
    (made,) = recording.of_type(GUARD)
    assert made.inputs["resourceArn"] == recording.one(POOL, "main").outputs["arn"]
    with pytest.raises(StackFileError, match="nothing stands behind"):
        system(firewalls={"guard": {"userPools": "none"}})
    with pytest.raises(StackFileError) as refused:
        small_system(userPools=pools, firewalls={"guard": {"userPools": ["theirs"]}})
    assert "firewalls.guard.userPools" in str(refused.value)


@pytest.mark.parametrize(
    ("pool", "message"),
    [
        ({"signIn": ["username", "email"]}, "`username` alone"),
        ({"clients": {"web": {"callbacks": ["https://a.b"]}}}, "`domain` with"),
        ({"clients": {"web": {"scopes": ["openid"]}}}, "with `callbacks` only"),
        ({"existing": "us-east-1_A", "mfa": "required"}, "`existing` alone"),
        ({"clientIds": {"web": "1a"}}, "`clientIds` and `pages` with `existing`"),
        ({"pages": "shop"}, "`clientIds` and `pages` with `existing`"),
        ({"attributes": {"plan": {"type": "boolean", "most": 1}}}, "`least` and `most`"),
        ({"triggers": {"preSignUp": "ap"}}, "userPools.main.triggers.preSignUp"),
        ({"passwords": {"length": 6}}, "userPools.main.passwords.length"),
    ],
)
def test_it_is_refused(pool: dict[str, Any], message: str):
    with pytest.raises(StackFileError) as caught:
        system(pool)
    assert message in str(caught.value)
