"""A role's grants fit into what IAM takes, also where a part of them is not known yet."""

from __future__ import annotations

import json

import pytest

from components.contracts import Grant
from components.parts.policy_document import INLINE_ROLE_LIMIT, identity_document
from components.parts.role_policies import (
    MANAGED_LIMIT,
    MANAGED_POLICIES,
    RoleTooLongError,
    grouped,
    length,
    role_policies,
)
from tests.components.small_systems import NETWORK, document, small_system


def queue(number: int) -> str:
    return f"arn:aws:sqs:us-east-1:123456789012:shop-prod-queue-{number:03}"


def sends(count: int) -> list[Grant]:
    return [Grant(f"SendQueue{n}", ("sqs:SendMessage",), (queue(n),)) for n in range(count)]


def allowed(grants: tuple[Grant, ...]) -> set[tuple[str, str]]:
    return {(action, str(arn)) for grant in grants for action in grant.actions
            for arn in grant.resources}  # fmt: skip


@pytest.mark.parametrize("count", [1, 60, 300, 900])
def test_policies_fit_and_allow_what_the_grants_do(count: int):
    grants = sends(count)
    made = role_policies("shop-prod-fan", grants)
    every = (made.inline, *made.managed)
    assert len(str(identity_document(made.inline))) <= INLINE_ROLE_LIMIT
    assert all(len(str(identity_document(element))) <= MANAGED_LIMIT for element in made.managed)
    assert len(made.managed) <= MANAGED_POLICIES
    assert set().union(*map(allowed, every)) == allowed(tuple(grants))
    for policy in every:
        assert len({statement.sid for statement in policy}) == len(policy)


def test_a_short_policy_stays_as_it_is():
    assert role_policies("shop", sends(5)).inline == tuple(sends(5))


def test_grants_under_other_conditions_stay_apart():
    bounded = Grant(
        "B", ("sqs:SendMessage",), (queue(2),), {"Bool": {"aws:SecureTransport": "true"}}
    )
    assert len(grouped([*sends(2), bounded])) == 2


def test_the_length_is_that_of_the_text():
    assert length(sends(7)) == len(str(identity_document(sends(7))))


def test_more_than_a_role_can_hold_is_refused_with_its_name():
    with pytest.raises(RoleTooLongError, match="shop-prod-fan"):
        role_policies("shop-prod-fan", sends(2000))


def test_a_service_may_use_more_than_one_policy_holds():
    """The queues' key is not known in a preview; the policy is measured all the same."""
    queues = {f"q{number:02}": {} for number in range(40)}
    fan = {
        "image": {"repository": "api", "digest": f"sha256:{'1' * 64}"},
        "uses": [{"queue": key, "access": "send"} for key in queues],
    }
    found = small_system(network=NETWORK, queues=queues, services={"fan": fan})
    policy = found.one("aws:iam/rolePolicy:RolePolicy", "fan-task")
    assert len(policy.inputs["policy"]) <= INLINE_ROLE_LIMIT
    granted = json.dumps(document(policy))
    assert all(f"shop-dev-{key}" in granted for key in queues)
