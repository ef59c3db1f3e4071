"""Language models: exactly this one, in other regions only by way of its profile."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from components.contracts import AccountRegion, Link
from components.model.model import LanguageModel
from components.model.settings import ModelSettings

WHERE = AccountRegion("123456789012", "us-east-1")
ID = "anthropic.claude-sonnet-4-5-20250929-v1:0"


def model(regions: tuple[str, ...] = ("us-east-1",), **given: Any) -> LanguageModel:
    secret = Link("secret-key", "read") if "secret" in given else None
    settings = ModelSettings(**given)
    return LanguageModel("analyst", settings, WHERE, regions, secret, "arn" if secret else None)


def test_a_model_of_this_region_is_one_arn():
    link = model(provider="bedrock", id=ID).link()
    (grant,) = link.grants
    assert grant.resources == (f"arn:aws:bedrock:us-east-1::foundation-model/{ID}",)
    assert link.environment == {"MODEL_ANALYST_PROVIDER": "bedrock", "MODEL_ANALYST_ID": ID}


def test_a_profile_opens_the_model_elsewhere_only_by_way_of_itself():
    link = model(("us-west-2", "us-east-1"), provider="bedrock", id=ID, profile="us").link()
    invoke, route = link.grants
    profile = f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.{ID}"
    assert invoke.resources == (profile,)
    assert invoke.conditions == {}
    assert route.resources == tuple(
        f"arn:aws:bedrock:{region}::foundation-model/{ID}" for region in ("us-east-1", "us-west-2")
    )
    assert route.conditions == {"StringEquals": {"bedrock:InferenceProfileArn": profile}}
    assert link.environment["MODEL_ANALYST_ID"] == f"us.{ID}"


def test_a_global_profile_is_asked_for_here_and_for_the_model_of_no_region():
    link = model((), provider="bedrock", id=ID, profile="global").link()
    profile = f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/global.{ID}"
    assert {grant.resources[0]: grant.conditions["StringEquals"] for grant in link.grants} == {
        profile: {"aws:RequestedRegion": "us-east-1"},
        f"arn:aws:bedrock:us-east-1::foundation-model/{ID}": {
            "aws:RequestedRegion": "us-east-1",
            "bedrock:InferenceProfileArn": profile,
        },
        f"arn:aws:bedrock:::foundation-model/{ID}": {
            "aws:RequestedRegion": "unspecified",
            "bedrock:InferenceProfileArn": profile,
        },
    }
    assert link.environment["MODEL_ANALYST_ID"] == f"global.{ID}"


@pytest.mark.parametrize("provider", ["anthropic", "openai"])
def test_another_provider_is_a_key_out_of_a_secret(provider: Any):
    link = model(provider=provider, secret="key").link()
    assert link.grants == ()
    assert link.environment["MODEL_ANALYST_SECRET_ARN"] == "arn"


@pytest.mark.parametrize(
    "given",
    [
        {"provider": "bedrock"},
        {"provider": "bedrock", "id": ID, "secret": "key"},
        {"provider": "bedrock", "id": ID, "regions": ("us-east-1",)},
        {"provider": "bedrock", "id": ID, "profile": "global", "regions": ("us-east-1",)},
        {"provider": "openai"},
        {"provider": "openai", "secret": "key", "profile": "us"},
        {"provider": "mistral", "secret": "key"},
    ],
)
def test_what_a_provider_does_not_need_is_refused(given: dict[str, Any]):
    with pytest.raises(ValidationError):
        ModelSettings(**given)
