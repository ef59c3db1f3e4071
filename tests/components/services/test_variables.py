"""Variables of tasks: those that checks know of beforehand are those that tasks get."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.parts.access import UnknownAccessError
from components.parts.uses import KINDS
from testing.samples import producers, uses
from testing.service_cases import parts, service
from tests.components.small_systems import ACCOUNT, REGION, small_system
from trellis.planner.record import Recording
from trellis.registry import OFFERS, offer_of
from trellis.registry import producers as producers_of
from trellis.stackfile.problems import StackFileError
from trellis.stackfile.settings import SystemSettings
from trellis.stackfile.variables import variables_of

TASK = "aws:ecs/taskDefinition:TaskDefinition"

PRODUCERS, USES = producers(), uses()


def main_container(recording: Recording) -> dict[str, Any]:
    definition = recording.one(TASK, "api").inputs["containerDefinitions"]
    return next(load for load in json.loads(definition) if load["name"] == "main")


@pytest.fixture(scope="module")
def using_all() -> tuple[dict[str, Any], SystemSettings]:
    """The container that uses everything there is, and the settings it came from."""
    called = service(port=80, discoverable=True)
    tiers = parts({"api": service(uses=list(USES)), "called": called}, **PRODUCERS)
    given = {"name": "shop", "environment": "dev", "region": REGION, **tiers}
    settings = SystemSettings.model_validate_json(json.dumps(given))
    return main_container(small_system(**tiers)), settings


def test_what_is_known_beforehand_is_what_the_task_gets(
    using_all: tuple[dict[str, Any], SystemSettings],
):
    container, settings = using_all
    got = [variable["name"] for variable in (*container["environment"], *container["secrets"])]
    uses = settings.services["api"].uses
    assert {use.kind for use in uses} == set(KINDS)
    assert sorted(got) == sorted({name for use in uses for name in variables_of(use, settings)})


def test_a_prefix_stands_before_all_that_a_producer_brings(
    using_all: tuple[dict[str, Any], SystemSettings],
):
    container, _ = using_all
    names = {variable["name"] for variable in container["environment"]}
    assert {"DB_HOST", "DB_FAR_AWAY_HOST", "ORDERS_DB_HOST", "ORDERS_DB_READER_HOST"} <= names
    assert {"A_DB_POOL_SIZE", "POOLED_DB_HOST", "SIGNED_REDIS_USER", "B_S3_B_BUCKET"} <= names
    assert "DB_POOL_SIZE" not in names


def test_a_field_of_a_secret_is_the_json_key_of_its_reference(
    using_all: tuple[dict[str, Any], SystemSettings],
):
    container, _ = using_all
    references = {secret["name"]: secret["valueFrom"] for secret in container["secrets"]}
    assert references["DATABASE_PASSWORD"].endswith(":password::")
    assert references["DATABASE_URL"].endswith(":url::")
    whole = references["PEPPER"]
    assert whole.startswith(f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:shop/dev/random")
    assert not whole.endswith(":")


def test_a_variable_may_say_the_region_that_a_producer_says_too():
    api = service(environment={"S3_REGION": REGION}, uses=[{"bucket": "a", "access": "read"}])
    container = main_container(small_system(**parts({"api": api}, buckets={"a": {}})))
    assert {"name": "S3_REGION", "value": REGION} in container["environment"]


def test_a_wrong_access_is_refused_in_the_same_words_whatever_is_used():
    """Before anything is made by the stack file's checks; from a program by the offer."""
    kinds = {kind: use for use in USES for kind in KINDS if kind in use}
    needed = ("at",)  # what a line must say beside its kind
    wrong = [
        {kind: use[kind], "access": "sing", **{name: use[name] for name in needed if name in use}}
        for kind, use in kinds.items()
    ]
    called = service(port=80, discoverable=True)
    with pytest.raises(StackFileError) as refused:
        small_system(**parts({"api": service(uses=wrong), "called": called}, **PRODUCERS))
    found = {problem.path: problem for problem in refused.value.problems}
    assert kinds.keys() == set(KINDS)
    for position, kind in enumerate(kinds):
        problem = found["services", "api", "uses", position, "access"]
        offered = ", ".join(OFFERS[kind].accesses)
        assert (problem.found, problem.allowed) == ("sing", f"for a {kind}, one of {offered}")


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_access_of_a_program_says_who_was_asked_and_what_there_is(
    kind: str, using_all: tuple[dict[str, Any], SystemSettings]
):
    _, settings = using_all
    key, producer = next(iter(producers_of(settings, kind).items()))
    with pytest.raises(UnknownAccessError) as refused:
        offer_of(kind, producer).chosen(key, producer, "sing")
    assert str(refused.value).startswith(f"{kind}-{key} offers no access 'sing'; allowed is ")
