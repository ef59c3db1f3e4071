"""Other providers of sign-in: registered inside AWS, with secrets that stand nowhere else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from moto import mock_aws

from functions.identity_provider.handler import ProviderError, handle
from tests.components.small_systems import document, small_system
from tests.planner.edits import compared
from trellis.compare.meaning import words
from trellis.planner.record import Recording
from trellis.planner.simulate import functions
from trellis.stackfile.problems import StackFileError
from trellis.tiers import user_pools

pytestmark = pytest.mark.long

INVOCATION, CLIENT = "aws:lambda/invocation:Invocation", "aws:cognito/userPoolClient:UserPoolClient"
FUNCTION = "aws:lambda/function:Function"
GOOGLE = {"kind": "google", "clientId": "shop.apps.example.com", "secret": "google"}
OKTA = {"kind": "oidc", "clientId": "shop", "secret": "okta", "issuer": "https://okta.example.com"}
SAML = {"kind": "saml", "metadata": "https://idp.example.com/metadata.xml",
        "attributes": {"custom:team": "http://schemas.example.com/team"}}  # fmt: skip
PROVIDERS = {"google": GOOGLE, "okta": OKTA, "office": SAML}
WEB = {"callbacks": ["https://shop.example.com/in"]}
POOL = {
    "domain": {"prefix": "shop-dev"},
    "attributes": {"team": {}},
    "clients": {"web": WEB, "cli": {}},
    "providers": PROVIDERS,
}
SECRETS: dict[str, Any] = {"google": {}, "okta": {}}


def system(pool: dict[str, Any] | None = None, **more: Any) -> Recording:
    return small_system(
        userPools={"main": {**POOL, **(pool or {})}}, **{"secrets": SECRETS, **more}
    )


def asked(recording: Recording, name: str) -> dict[str, Any]:
    return json.loads(recording.one(INVOCATION, name).inputs["input"])


@pytest.fixture(scope="module", autouse=True)
def filled() -> Iterator[None]:
    """An operator has set every secret."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(user_pools, "has_value", lambda *_: True)
        yield


@pytest.fixture(scope="module")
def recording(filled: None) -> Recording:
    return system()


def test_each_provider_is_told_to_cognito_without_its_secret(recording: Recording):
    pool = recording.one("aws:cognito/userPool:UserPool", "main").id
    google = asked(recording, "main-Google")
    assert (google["pool"], google["name"], google["type"]) == (pool, "Google", "Google")
    assert google["details"] == {
        "client_id": "shop.apps.example.com",
        "authorize_scopes": "openid email profile",
    }
    secret = recording.one("aws:secretsmanager/secret:Secret", "google")
    assert google["secret"] == {"arn": secret.outputs["arn"], "detail": "client_secret"}
    okta = asked(recording, "main-okta")
    assert okta["details"]["oidc_issuer"] == "https://okta.example.com"
    office = asked(recording, "main-office")
    assert office["details"] == {"MetadataURL": "https://idp.example.com/metadata.xml"}
    assert office["attributes"]["custom:team"] == "http://schemas.example.com/team"
    assert office["secret"] is None
    for name in ("main-Google", "main-okta", "main-office"):
        assert recording.one(INVOCATION, name).inputs["lifecycleScope"] == "CRUD"


def test_the_function_reads_those_secrets_and_keeps_the_providers_of_that_pool(
    recording: Recording,
):
    policy = next(
        element
        for element in recording.of_type("aws:iam/rolePolicy:RolePolicy")
        if element.name == "main-providers"
    )
    found = {statement["Sid"]: statement for statement in document(policy)}
    pool = recording.one("aws:cognito/userPool:UserPool", "main").outputs["arn"]
    assert found["KeepProviders"]["Resource"] in (pool, [pool])
    assert all("IdentityProvider" in element for element in found["KeepProviders"]["Action"])
    read = {
        resource
        for statement in found.values()
        if "secretsmanager:GetSecretValue" in statement["Action"]
        for resource in ([statement["Resource"]] if isinstance(statement["Resource"], str)
                         else statement["Resource"])
    }  # fmt: skip
    assert read == {
        recording.one("aws:secretsmanager/secret:Secret", key).outputs["arn"]
        for key in ("google", "okta")
    }


def test_clients_with_pages_offer_them_once_they_are_registered(recording: Recording):
    web = recording.one(CLIENT, "main-web")
    assert web.inputs["supportedIdentityProviders"] == ["COGNITO", "Google", "office", "okta"]
    for name in ("main-Google", "main-okta", "main-office"):
        assert recording.one(INVOCATION, name).urn in web.dependencies
    cli = recording.one(CLIENT, "main-cli").inputs
    assert cli["supportedIdentityProviders"] == ["COGNITO"]
    chosen = system({"clients": {"web": {**WEB, "providers": ["okta"]}, "all": WEB}})
    assert chosen.one(CLIENT, "main-web").inputs["supportedIdentityProviders"] == [
        "COGNITO",
        "okta",
    ]
    assert recording.outputs["userPools"]["main"]["signIn"] == (
        "https://shop-dev.auth.us-east-1.amazoncognito.com"
    )


def test_a_registration_that_failed_is_told(recording: Recording):
    alarm = recording.one("aws:cloudwatch/metricAlarm:MetricAlarm", "main-providers-errors")
    assert alarm.inputs["dimensions"]["FunctionName"] == "shop-dev-main-providers"


def test_a_pool_without_providers_makes_no_function():
    assert not system({"providers": {}}, secrets={}).of_type(FUNCTION)


def test_a_provider_waits_for_the_value_of_its_secret(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        user_pools,
        "has_value",
        lambda name, *_: not name.endswith("okta"),
    )
    waiting = system({"selfSignUp": True})
    assert {resource.name for resource in waiting.of_type(INVOCATION)} == {
        "main-Google",
        "main-office",
    }
    assert waiting.one(CLIENT, "main-web").inputs["supportedIdentityProviders"] == [
        "COGNITO",
        "Google",
        "office",
    ]


def test_a_provider_whose_secret_lost_its_value_stops_the_deployment(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(user_pools, "has_value", lambda name, *_: not name.endswith("okta"))
    tags = recording.one(FUNCTION, "main-providers").inputs["tags"]
    answer = {"tags": tags, "id": "", "arn": "", "functionName": "shop-dev-main-providers"}
    monkeypatch.setitem(
        functions.FUNCTIONS, "aws:lambda/getFunction:getFunction", lambda *_: answer
    )
    with pytest.raises(StackFileError) as caught:
        system({"selfSignUp": False})
    assert "userPools.main.providers.okta.secret" in str(caught.value)
    assert "users of pool main sign in by okta" in str(caught.value)
    # One that was never registered waits, as in the first deployment.
    answer["tags"] = {name: value for name, value in tags.items() if name != "Provider-okta"}
    waiting = system({"clients": {"web": WEB}})
    assert "main-okta" not in {resource.name for resource in waiting.of_type(INVOCATION)}


def test_changes_are_told_in_place_and_what_goes_is_taken_away(recording: Recording):
    again = {**PROVIDERS, "google": {**GOOGLE, "secretVersion": 2}}
    steps = compared(recording, system({"providers": again}))
    assert {name: step.operation for name, step in steps.items()} == {
        "Invocation main-Google": "update"
    }
    less = {key: provider for key, provider in PROVIDERS.items() if key != "okta"}
    steps = compared(recording, system({"providers": less}))
    assert steps["Invocation main-okta"].operation == "delete"
    assert steps["UserPoolClient main-web"].operation == "update"
    assert not [step for step in steps.values() if step.operation == "replace"]


def test_a_provider_under_another_key_is_the_same_one_where_cognito_names_it(
    recording: Recording,
):
    """Made anew under the new key, it would be gone once the former one's deletion is through."""
    renamed = {"search": GOOGLE, "okta": OKTA, "office": SAML}
    steps = compared(recording, system({"providers": renamed}))
    assert {step.operation for step in steps.values()} == {"update"}
    assert not {name for name in steps if name.startswith("Invocation")}


def test_another_kind_of_a_provider_is_refused_and_its_users_are_told(recording: Recording):
    other = {**PROVIDERS, "google": {**GOOGLE, "kind": "facebook"}}
    steps = compared(recording, system({"providers": other}))
    assert steps["Invocation main-Facebook"].operation == "create"
    assert words(steps["Invocation main-Google"]) == (
        "users of Google can't sign in any more; they stay in the pool",
    )
    okta = {"kind": "saml", "metadata": "https://okta.example.com/metadata.xml"}
    step = compared(recording, system({"providers": {**PROVIDERS, "okta": okta}}))[
        "Invocation main-okta"
    ]
    assert "of the type SAML" in step.refused
    less = {key: provider for key, provider in PROVIDERS.items() if key != "okta"}
    (message,) = words(compared(recording, system({"providers": less}))["Invocation main-okta"])
    assert message.startswith("users of okta can't sign in any more; they stay in the pool, and")


@pytest.mark.parametrize(
    ("pool", "message"),
    [
        ({"providers": {"google": {"kind": "google", "clientId": "x"}}}, "`clientId`, `secret`"),
        ({"providers": {"okta": {**OKTA, "metadata": "https://a.b"}}}, "with `kind: oidc`"),
        ({"providers": {"office": {**SAML, "secret": "google"}}}, "`metadata` with `kind: saml`"),
        ({"providers": {"a": GOOGLE, "b": GOOGLE}}, "one provider of the kind google"),
        ({"clients": {"cli": {}}}, "a client with `callbacks` that offers provider"),
        ({"clients": {"web": {**WEB, "providers": ["gogle"]}}}, "no gogle"),
        ({"attributes": {}}, "found custom:team"),
        (
            {"providers": {"google": {**GOOGLE, "attributes": {"emial": "email"}}}},
            "`attributes` of emial",
        ),
        ({"providers": {"google": {**GOOGLE, "secret": "gogle"}}}, "did you mean `google`?"),
    ],
)
def test_it_is_refused(pool: dict[str, Any], message: str):
    with pytest.raises(StackFileError) as caught:
        system(pool)
    assert message in str(caught.value)


def test_a_secret_that_is_made_here_is_no_providers():
    made = {**SECRETS, "google": {"kind": "generated"}}
    with pytest.raises(StackFileError, match="of the kind `given`"):
        system(secrets=made)


VALUE = "GOCSPX-hidden"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """A pool, and what the function is asked of it."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        pool = boto3.client("cognito-idp").create_user_pool(PoolName="users")["UserPool"]["Id"]
        secret = boto3.client("secretsmanager").create_secret(Name="google", SecretString=VALUE)
        yield {
            "pool": pool,
            "name": "Google",
            "type": "Google",
            "details": {"client_id": "shop", "authorize_scopes": "openid"},
            "attributes": {"email": "email"},
            "secret": {"arn": secret["ARN"], "detail": "client_secret"},
            "tf": {"action": "create"},
        }


def known(request: dict[str, Any]) -> dict[str, Any]:
    return boto3.client("cognito-idp").describe_identity_provider(
        UserPoolId=request["pool"], ProviderName=request["name"]
    )["IdentityProvider"]


def test_it_comes_changes_and_goes_and_its_secret_is_in_no_answer(
    aws: dict[str, Any], capsys: pytest.CaptureFixture[str]
):
    assert handle(aws, None) == {"provider": "Google"}
    assert known(aws)["ProviderDetails"]["client_secret"] == VALUE
    assert handle(aws, None) == {"provider": "Google"}, "asked again, as after an interruption"
    boto3.client("secretsmanager").put_secret_value(
        SecretId="google", SecretString=json.dumps({"id": 1, "client": "another"})
    )
    changed = {
        **aws,
        "details": {"client_id": "other"},
        "secret": {**aws["secret"], "field": "client"},
        "tf": {"action": "update", "prev_input": aws},
    }
    handle(changed, None)
    found = known(aws)["ProviderDetails"]
    assert (found["client_id"], found["client_secret"]) == ("other", "another")
    gone = {**changed, "tf": {"action": "delete"}}
    handle(gone, None)
    handle(gone, None)
    assert not boto3.client("cognito-idp").list_identity_providers(UserPoolId=aws["pool"])[
        "Providers"
    ]
    printed = capsys.readouterr()
    assert VALUE not in printed.out + printed.err


def test_what_can_not_be_registered_is_told_without_a_value(aws: dict[str, Any]):
    handle(aws, None)
    update = {"action": "update", "prev_input": aws}
    with pytest.raises(ProviderError, match="Google can't become Facebook"):
        handle({**aws, "name": "Facebook", "type": "Facebook", "tf": update}, None)
    with pytest.raises(ProviderError, match="of the type Google already"):
        handle({**aws, "type": "OIDC"}, None)
    with pytest.raises(ProviderError, match=r"the field nothing of the secret .* has no value"):
        handle({**aws, "secret": {**aws["secret"], "field": "nothing"}}, None)
    with pytest.raises(ProviderError) as refused:
        handle({**aws, "pool": "us-east-1_Nobody"}, None)
    assert "ResourceNotFoundException" in str(refused.value)
    assert VALUE not in str(refused.value)


class Troubled:
    """Cognito in trouble: every call raises."""

    def __init__(self, trouble: Exception) -> None:
        self._trouble = trouble

    def __getattr__(self, _call: str) -> Any:
        def fail(**_given: Any) -> None:
            raise self._trouble

        return fail


@pytest.mark.parametrize(
    ("trouble", "message"),
    [
        (ReadTimeoutError(endpoint_url="https://cognito"), "can't be asked .*ReadTimeoutError"),
        (EndpointConnectionError(endpoint_url="https://cognito"), "EndpointConnectionError"),
        (
            ClientError({"Error": {"Code": "TooManyRequestsException", "Message": VALUE}}, "X"),
            "Too",
        ),
        (ClientError({"Error": {"Code": "AccessDenied", "Message": VALUE}}, "X"), "AccessDenied"),
    ],
    ids=["slow", "gone", "throttled", "denied"],
)
@pytest.mark.parametrize("action", ["create", "update", "delete"])
def test_trouble_ends_the_deployment_in_words_and_without_the_value(
    aws: dict[str, Any], action: str, trouble: Exception, message: str
):
    with pytest.raises(ProviderError, match=message) as refused:
        handle({**aws, "tf": {"action": action}}, None, cognito=Troubled(trouble))
    assert VALUE not in str(refused.value)
    assert refused.value.__context__ is None
    handle(aws, None)
    assert known(aws)["ProviderName"] == "Google", "the same again succeeds once it has passed"
