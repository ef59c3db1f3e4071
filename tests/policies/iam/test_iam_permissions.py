"""What a role may do: union, denial, exceptions, conditions, boundary, and parts not known."""

from __future__ import annotations

import pytest
from statements import allow, deny, document, identity, permissions

from policies.guardrails.iam.permissions import Permissions, Verdict, role_policies
from policies.guardrails.unknown import UNKNOWN, Tri

ORDERS = "arn:aws:sqs:us-east-1:123456789012:orders"
ROLE = "arn:aws:iam::123456789012:role/task"


def verdict(asked: Permissions, action="sqs:SendMessage", resource=ORDERS, context=None):
    return asked.can(action, resource, context).verdict


def test_what_nothing_allows_is_denied():
    assert verdict(permissions(allow("sqs:ReceiveMessage"))) is Verdict.DENIED


def test_a_denial_outweighs_any_permission_and_names_its_statement():
    asked = permissions(allow("*"), deny("sqs:Send*", "arn:aws:sqs:*:*:orders", Sid="No"))
    decision = asked.can("sqs:SendMessage", ORDERS)
    assert decision.verdict is Verdict.DENIED
    assert [str(place) for place in decision.locations] == ["policy statement 1 (No)"]


def test_an_exception_denies_the_rest():
    everything_else = {"Effect": "Deny", "NotAction": "sqs:SendMessage", "Resource": "*"}
    asked = permissions(allow("sqs:*"), everything_else)
    assert verdict(asked) is Verdict.ALLOWED
    assert verdict(asked, "sqs:DeleteQueue") is Verdict.DENIED


def test_permissions_of_several_policies_add_up():
    policies = role_policies(
        {"one": document(allow("sqs:SendMessage")), "two": document(allow("sqs:DeleteQueue"))}
    )
    assert verdict(Permissions(policies), "sqs:DeleteQueue") is Verdict.ALLOWED


def test_a_boundary_limits_and_never_grants():
    boundary = identity(allow("sqs:SendMessage"))
    assert verdict(permissions(allow("sqs:*"), boundary=boundary)) is Verdict.ALLOWED
    assert verdict(permissions(allow("s3:*"), boundary=boundary)) is Verdict.DENIED
    asked = permissions(allow("sqs:*"), boundary=boundary)
    assert verdict(asked, "sqs:DeleteQueue") is Verdict.DENIED


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"StringEquals": {"aws:PrincipalTag/team": "blue"}}, Verdict.CONDITIONAL),
        ({"StringEquals": {"aws:SourceVpc": "vpc-1"}}, Verdict.CONDITIONAL),
        ({"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}, Verdict.CONDITIONAL),
        ({"StringEquals": {"sqs:NoSuchKey": "x"}}, Verdict.UNKNOWN),
        ({"StringLike": {"aws:PrincipalTag/team": "*"}}, Verdict.ALLOWED),
        ({"Bool": {"aws:SecureTransport": "true"}}, Verdict.ALLOWED),
        ({"StringEquals": {"aws:RequestedRegion": "us-east-1"}}, Verdict.ALLOWED),
        ({"Null": {"aws:PrincipalTag/team": "false"}}, Verdict.ALLOWED),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}}, Verdict.ALLOWED),
        ({"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "0.0.0.0/0"]}}, Verdict.ALLOWED),
        ({"StringEquals": {"aws:SourceVpc": UNKNOWN}}, Verdict.UNKNOWN),
        (UNKNOWN, Verdict.UNKNOWN),
    ],
)
def test_a_condition_restricts_only_if_its_key_and_values_do(condition, expected):
    assert verdict(permissions(allow("sqs:*", Condition=condition))) is expected


def test_a_known_key_of_the_request_decides_its_condition():
    asked = permissions(
        allow(
            "iam:PassRole",
            Condition={"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        )
    )
    to_ecs = {"iam:PassedToService": "ecs-tasks.amazonaws.com"}
    to_ec2 = {"iam:PassedToService": "ec2.amazonaws.com"}
    assert verdict(asked, "iam:PassRole", ROLE, to_ecs) is Verdict.ALLOWED
    assert verdict(asked, "iam:PassRole", ROLE, to_ec2) is Verdict.DENIED
    assert verdict(asked, "iam:PassRole", ROLE) is Verdict.CONDITIONAL


@pytest.mark.parametrize(
    ("condition", "blue", "red"),
    [
        ({"StringEquals": {"aws:PrincipalTag/team": ["blue", "green"]}}, "ALLOWED", "DENIED"),
        ({"StringNotEquals": {"aws:PrincipalTag/team": ["blue", "green"]}}, "DENIED", "ALLOWED"),
        ({"StringEqualsIgnoreCase": {"aws:PrincipalTag/team": "BLUE"}}, "ALLOWED", "DENIED"),
        ({"StringLike": {"aws:PrincipalTag/team": "b*"}}, "ALLOWED", "DENIED"),
        ({"StringNotLike": {"aws:PrincipalTag/team": "b*"}}, "DENIED", "ALLOWED"),
        ({"Null": {"aws:PrincipalTag/team": "true"}}, "DENIED", "DENIED"),
        ({"NumericEquals": {"aws:PrincipalTag/team": "1"}}, "UNKNOWN", "UNKNOWN"),
        ({"StringEquals": {"aws:PrincipalTag/team": UNKNOWN}}, "UNKNOWN", "UNKNOWN"),
        ({"StringEquals": {"aws:PrincipalTag/team": ["blue", UNKNOWN]}}, "ALLOWED", "UNKNOWN"),
    ],
)
def test_each_operator_decides_a_known_key(condition, blue, red):
    asked = permissions(allow("sqs:*", Condition=condition))
    for team, expected in (("blue", blue), ("red", red)):
        context = {"aws:PrincipalTag/team": team}
        assert verdict(asked, context=context) is Verdict[expected], team


def test_a_denial_that_can_be_dodged_is_no_denial():
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    assert verdict(permissions(allow("sqs:*"), deny("sqs:*", Condition=plain))) is Verdict.ALLOWED
    foreign = {"StringEquals": {"aws:PrincipalTag/team": "red"}}
    asked = permissions(allow("sqs:*"), deny("sqs:*", Condition=foreign))
    assert verdict(asked) is Verdict.CONDITIONAL


@pytest.mark.parametrize(
    "statements",
    [
        (allow(UNKNOWN),),
        (allow("sqs:*", UNKNOWN),),
        (UNKNOWN,),
        (allow("sqs:*"), deny(UNKNOWN)),
        (allow("sqs:*"), deny("sqs:SendMessage", UNKNOWN)),
        (allow("sqs:*"), {**deny("sqs:*"), "Effect": UNKNOWN}),
        (allow("sqs:*"), {"Effect": "Deny", "NotAction": [UNKNOWN], "Resource": "*"}),
    ],
)
def test_what_an_unknown_part_may_change_is_unknown(statements):
    assert verdict(permissions(*statements)) is Verdict.UNKNOWN


def test_attaching_a_policy_that_is_not_seen_does_not_hide_what_another_allows():
    mine = "arn:aws:iam::123456789012:policy/team"
    asked = permissions(allow("sqs:*"), managed=[mine])
    assert verdict(asked) is Verdict.ALLOWED
    assert [grant.strength for grant in asked.grants("sqs:SendMessage")] == [
        Verdict.ALLOWED,
        Verdict.UNKNOWN,
    ]


def test_an_unknown_part_that_changes_nothing_leaves_the_answer():
    assert verdict(permissions(allow("sqs:*"), allow(UNKNOWN))) is Verdict.ALLOWED
    assert verdict(permissions(deny("sqs:*"), allow(UNKNOWN))) is Verdict.DENIED
    assert verdict(permissions(allow(["s3:*"], UNKNOWN))) is Verdict.DENIED


def test_a_managed_policy_is_known_by_its_arn_or_may_allow_anything():
    basic = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    asked = Permissions(role_policies(managed=[basic]))
    log_group = "arn:aws:logs:us-east-1:123456789012:log-group:x"
    assert verdict(asked, "logs:CreateLogGroup", log_group) is Verdict.ALLOWED
    assert verdict(asked) is Verdict.DENIED
    for unseen in ("arn:aws:iam::123456789012:policy/team", UNKNOWN):
        assert verdict(Permissions(role_policies(managed=[unseen]))) is Verdict.UNKNOWN
    wrong_path = "arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole"
    assert verdict(Permissions(role_policies(managed=[wrong_path]))) is Verdict.UNKNOWN


def test_an_unknown_boundary_leaves_a_permission_unknown():
    assert verdict(permissions(allow("sqs:*"), boundary=UNKNOWN)) is Verdict.UNKNOWN
    assert verdict(permissions(allow("s3:*"), boundary=UNKNOWN)) is Verdict.DENIED


def resources(asked, action="sqs:SendMessage"):
    return [(grant.resource, grant.strength) for grant in asked.grants(action)]


def test_grants_are_what_a_denial_leaves():
    whole = permissions(allow("sqs:*"), deny("sqs:Send*"))
    assert resources(whole) == []
    part = permissions(allow("sqs:*"), deny("sqs:*", ORDERS))
    assert resources(part) == [("*", Verdict.ALLOWED)]
    spared = {"Effect": "Deny", "Action": "sqs:*", "NotResource": ORDERS}
    assert resources(permissions(allow("sqs:*"), spared)) == [(ORDERS, Verdict.ALLOWED)]
    maybe = permissions(allow("sqs:*", ORDERS), deny("sqs:*", UNKNOWN))
    assert resources(maybe) == [(ORDERS, Verdict.UNKNOWN)]


def test_grants_stay_within_the_boundary():
    boundary = identity(allow("sqs:*", "arn:aws:sqs:*:*:orders*"))
    assert resources(permissions(allow("sqs:*"), boundary=boundary)) == [
        ("arn:aws:sqs:*:*:orders*", Verdict.ALLOWED)
    ]
    assert resources(permissions(allow("sqs:*", ORDERS), boundary=boundary)) == [
        (ORDERS, Verdict.ALLOWED)
    ]
    other = "arn:aws:sqs:us-east-1:123456789012:other"
    assert resources(permissions(allow("sqs:*", other), boundary=boundary)) == []


def test_an_unknown_resource_of_the_boundary_is_certain_only_beside_everything():
    boundary = identity(allow("sqs:*", UNKNOWN))
    everything = permissions(allow("sqs:*"), boundary=boundary)
    assert resources(everything) == [(UNKNOWN, Verdict.ALLOWED)]
    one = permissions(allow("sqs:*", ORDERS), boundary=boundary)
    assert resources(one) == [(ORDERS, Verdict.UNKNOWN)], "no more than what is granted"
    whole = permissions(allow("sqs:*", UNKNOWN), boundary=identity(allow("sqs:*")))
    assert resources(whole) == [(UNKNOWN, Verdict.ALLOWED)]


def test_a_grant_is_exact_if_it_names_one_resource():
    granted = permissions(allow("sqs:*", [ORDERS, "arn:aws:sqs:*:*:o*", UNKNOWN]))
    exact = [grant.is_exact for grant in granted.grants("sqs:SendMessage")]
    assert exact == [Tri.YES, Tri.NO, Tri.UNKNOWN]
