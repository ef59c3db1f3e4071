"""Policies of buckets, keys, queues, topics, secrets, repositories and functions."""

from __future__ import annotations

import pytest
from statements import ACCOUNT, OTHER_ACCOUNT, allow, identity, outcome, resource_policy

from policies.guardrails.iam.findings import Outcome
from policies.guardrails.iam.function_permission import function_permission
from policies.guardrails.iam.resource_policies import (
    cross_account_write,
    decrypt_on_all_keys,
    public_access,
    tls_only,
)
from policies.guardrails.iam.trust import confused_deputy
from policies.guardrails.unknown import UNKNOWN

FAIL, PASS, DOUBT = Outcome.FAIL, Outcome.PASS, Outcome.UNKNOWN
BUCKET = "arn:aws:s3:::shop"
OWN = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
OTHER = {"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"}


def admit(principal, action="s3:GetObject", resource=f"{BUCKET}/*", **more):
    return allow(action, resource, Principal=principal, **more)


def refuse(condition, action="s3:*", resource=(BUCKET, f"{BUCKET}/*"), principal="*"):
    return {
        "Effect": "Deny",
        "Principal": principal,
        "Action": action,
        "Resource": list(resource) if isinstance(resource, tuple) else resource,
        "Condition": condition,
    }


PLAINTEXT = {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (admit("*"), FAIL),
        (admit({"AWS": "*"}), FAIL),
        (admit("*", Condition={"Bool": {"aws:SecureTransport": "true"}}), FAIL),
        (admit("*", Condition={"StringEquals": {"aws:Referer": "https://shop"}}), FAIL),
        (admit("*", Condition={"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}}), FAIL),
        (admit("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-abc"}}), PASS),
        (admit("*", Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}}), PASS),
        (admit("*", Condition={"StringEquals": {"kms:CallerAccount": ACCOUNT}}), PASS),
        (admit("*", Condition={"ArnLike": {"aws:SourceArn": f"arn:aws:sns:*:{ACCOUNT}:*"}}), PASS),
        (admit("*", Condition={"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}}), FAIL),
        (admit("*", Condition={"ArnLike": {"aws:SourceArn": BUCKET}}), PASS),
        (admit("*", Condition={"ArnLike": {"aws:SourceArn": "arn:aws:s3:::shop-*"}}), PASS),
        (admit("*", Condition={"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}}), FAIL),
        (admit("*", Condition={"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*/x"}}), FAIL),
        (admit("*", Condition={"ArnLike": {"aws:SourceArn": "arn:aws:*"}}), FAIL),
        (admit("*", Condition={"StringLike": {"aws:PrincipalOrgID": ["o-abc", "*"]}}), FAIL),
        (admit("*", Condition={"StringLike": {"aws:userid": "AROA1234:*"}}), PASS),
        (admit("*", Condition={"StringEquals": {"aws:userid": "${aws:username}"}}), FAIL),
        (admit("*", Condition={"IpAddress": {"aws:SourceIp": "not an address"}}), FAIL),
        (admit("*", Condition={"StringEquals": {"aws:SourceIp": "198.51.100.7"}}), FAIL),
        (admit("*", Condition={"IpAddress": {"aws:SourceIp": "2600::/32"}}), PASS),
        (admit("*", Condition={"IpAddress": {"aws:SourceIp": "2600::/31"}}), FAIL),
        (admit("*", Condition={"StringEquals": {"aws:SourceVpce": []}}), FAIL),
        (admit(OWN), PASS),
        (admit({"Service": "cloudfront.amazonaws.com"}), PASS),
        ({"Effect": "Allow", "NotPrincipal": OTHER, "Action": "s3:*", "Resource": "*"}, FAIL),
        (refuse(PLAINTEXT), PASS),
        (admit(UNKNOWN), DOUBT),
        (admit("*", Condition=UNKNOWN), DOUBT),
        (admit("*", Condition={"StringEquals": {"aws:SourceVpce": UNKNOWN}}), DOUBT),
        (UNKNOWN, DOUBT),
    ],
)
def test_no_one_unknown_is_admitted(statement, expected):
    assert outcome(public_access(resource_policy(statement))) is expected


def test_a_denial_of_all_strangers_makes_up_for_a_public_statement():
    strangers = refuse({"StringNotEquals": {"aws:PrincipalOrgID": "o-abc"}})
    assert outcome(public_access(resource_policy(admit("*"), strangers))) is PASS
    part = refuse({"StringNotEquals": {"aws:PrincipalOrgID": "o-abc"}}, action="s3:PutObject")
    assert outcome(public_access(resource_policy(admit("*"), part))) is FAIL
    two_ways = refuse(
        {"StringNotEquals": {"aws:PrincipalOrgID": "o-abc", "aws:SourceVpce": "vpce-1"}}
    )
    assert outcome(public_access(resource_policy(admit("*"), two_ways))) is FAIL
    late = refuse({"StringNotEquals": {"aws:PrincipalOrgID": UNKNOWN}})
    assert outcome(public_access(resource_policy(admit("*"), late))) is DOUBT


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (admit(OTHER, "s3:PutObject"), FAIL),
        (admit(OTHER, "s3:*"), FAIL),
        (admit(OTHER, "s3:PutBucketPolicy", BUCKET), FAIL),
        (admit({"AWS": OTHER_ACCOUNT}, "sqs:SendMessage", "*"), FAIL),
        (admit({"CanonicalUser": "79a59d"}, "s3:PutObject"), FAIL),
        ({**admit(OTHER), "Action": ["s3:GetObject", "s3:DeleteObject"]}, FAIL),
        (admit(OTHER, "s3:GetObject"), PASS),
        (admit(OWN, "s3:PutObject"), PASS),
        (admit({"Service": "logging.s3.amazonaws.com"}, "s3:PutObject"), PASS),
        (admit(OTHER, UNKNOWN), DOUBT),
        (admit({"AWS": [UNKNOWN]}, "s3:PutObject"), DOUBT),
    ],
)
def test_another_account_may_not_change_the_resource(statement, expected):
    assert outcome(cross_account_write(resource_policy(statement), ACCOUNT)) is expected


def test_another_account_is_known_by_the_own_one():
    policy = resource_policy(admit(OTHER, "s3:PutObject"))
    assert outcome(cross_account_write(policy, UNKNOWN)) is DOUBT
    assert outcome(cross_account_write(policy, ACCOUNT, [OTHER_ACCOUNT])) is PASS


@pytest.mark.parametrize("resource", [None, BUCKET, UNKNOWN])
def test_a_bucket_that_refuses_plaintext_everywhere_passes(resource):
    policy = resource_policy(admit(OWN), refuse(PLAINTEXT))
    expected = DOUBT if resource is UNKNOWN else PASS
    assert outcome(tls_only(policy, "s3", resource)) is expected


@pytest.mark.parametrize(
    "statement",
    [
        admit(OWN),
        refuse(PLAINTEXT, resource=BUCKET),
        refuse(PLAINTEXT, resource=f"{BUCKET}/*"),
        refuse(PLAINTEXT, resource=("arn:aws:s3:::other", "arn:aws:s3:::other/*")),
        refuse(PLAINTEXT, action="s3:GetObject"),
        refuse(PLAINTEXT, principal=OWN),
        refuse({"Bool": {"aws:SecureTransport": "true"}}),
        refuse({"StringEquals": {"aws:SecureTransport": "false"}}),
        refuse({**PLAINTEXT, "StringEquals": {"aws:PrincipalOrgID": "o-abc"}}),
        {**refuse(PLAINTEXT), "Effect": "Allow"},
    ],
)
def test_a_bucket_that_refuses_plaintext_in_part_or_wrongly_fails(statement):
    assert outcome(tls_only(resource_policy(statement), "s3", BUCKET)) is FAIL


def test_two_statements_may_refuse_plaintext_together():
    policy = resource_policy(
        refuse(PLAINTEXT, resource=BUCKET), refuse(PLAINTEXT, resource=f"{BUCKET}/*")
    )
    assert outcome(tls_only(policy, "s3", BUCKET)) is PASS
    assert outcome(tls_only(policy, "s3")) is PASS


@pytest.mark.parametrize(
    "statement",
    [
        UNKNOWN,
        refuse(UNKNOWN),
        refuse({"Bool": {"aws:SecureTransport": UNKNOWN}}),
        refuse(PLAINTEXT, resource=[BUCKET, UNKNOWN]),
        refuse(PLAINTEXT, action=UNKNOWN),
        refuse(PLAINTEXT, principal=UNKNOWN),
    ],
)
def test_what_may_refuse_plaintext_is_unknown(statement):
    assert outcome(tls_only(resource_policy(statement), "s3", BUCKET)) is DOUBT


@pytest.mark.parametrize(
    ("service", "arn", "action"),
    [
        ("sns", f"arn:aws:sns:us-east-1:{ACCOUNT}:alarms", "sns:Publish"),
        ("sqs", f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders", "sqs:*"),
    ],
)
def test_topics_and_queues_refuse_plaintext_as_well(service, arn, action):
    policy = resource_policy(refuse(PLAINTEXT, action=action, resource=arn))
    assert outcome(tls_only(policy, service, arn)) is PASS
    reads = resource_policy(refuse(PLAINTEXT, action=f"{service}:Get*", resource=arn))
    assert outcome(tls_only(reads, service, arn)) is FAIL


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow("kms:Decrypt"), FAIL),
        (allow("kms:*"), FAIL),
        (allow("kms:Decrypt", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/*"), FAIL),
        (allow("kms:ReEncrypt*", "arn:aws:kms:*:*:*"), FAIL),
        (allow("kms:Decrypt", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234"), PASS),
        (allow("kms:GenerateDataKey"), PASS),
        (allow("kms:Decrypt", [f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1", "*"]), FAIL),
        (
            {"Effect": "Allow", "Action": "kms:Decrypt", "NotResource": "arn:aws:kms:*:*:key/1"},
            FAIL,
        ),
        ({"Effect": "Deny", "Action": "kms:Decrypt", "Resource": "*"}, PASS),
        (allow("kms:Decrypt", UNKNOWN), DOUBT),
        (allow(UNKNOWN), DOUBT),
    ],
)
def test_decryption_is_limited_to_named_keys(statement, expected):
    assert outcome(decrypt_on_all_keys(identity(statement))) is expected


def test_a_function_permission_is_read_as_a_policy():
    anyone = function_permission("permission", "*")
    assert outcome(public_access(anyone)) is FAIL
    bound = function_permission("permission", "*", source_account=ACCOUNT)
    assert outcome(public_access(bound)) is PASS
    topic = f"arn:aws:sns:us-east-1:{ACCOUNT}:alarms"
    service = function_permission("permission", "sns.amazonaws.com", source_arn=topic)
    assert outcome(confused_deputy(service, not_applicable=())) is PASS
    loose = function_permission("permission", "sns.amazonaws.com")
    assert outcome(confused_deputy(loose, not_applicable=())) is FAIL
    assert outcome(public_access(function_permission("permission", UNKNOWN))) is DOUBT
    url = function_permission("permission", "*", "lambda:InvokeFunctionUrl", url_auth="NONE")
    assert outcome(public_access(url)) is FAIL
