"""Reading policy documents: shapes, unknown parts, and errors that say what is wrong."""

from __future__ import annotations

import json

import pytest
from statements import allow, document

from policies.guardrails.iam.documents import (
    Condition,
    DocumentError,
    Effect,
    Kind,
    Principal,
    parse,
)
from policies.guardrails.unknown import UNKNOWN, is_unknown


def test_a_single_value_and_a_list_read_alike():
    one = parse(document(allow("s3:GetObject", "arn:aws:s3:::b/*")), "p")
    many = parse(document(allow(["s3:GetObject"], ["arn:aws:s3:::b/*"])), "p")
    assert one == many
    assert one.statements[0].actions == ("s3:GetObject",)


def test_json_text_and_a_single_statement_object_read_alike():
    plain = document(allow("s3:GetObject"))
    text = json.dumps({"Version": "2012-10-17", "Statement": allow("s3:GetObject")})
    assert parse(text, "p") == parse(plain, "p")


def test_a_statement_knows_where_it_stands():
    read = parse(document(allow("a:B"), allow("a:C", Sid="Second")), "inline policy")
    assert str(read.statements[1].location) == "inline policy statement 1 (Second)"


def test_principals_keep_their_type_and_each_value():
    principal = {"AWS": ["111111111111", "*"], "Service": "ecs-tasks.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    read = parse(document(statement), "trust", Kind.TRUST).statements[0]
    assert read.principals == (
        Principal("AWS", "111111111111"),
        Principal("AWS", "*"),
        Principal("Service", "ecs-tasks.amazonaws.com"),
    )


def test_conditions_read_as_text_whatever_json_holds():
    condition = {"Bool": {"aws:SecureTransport": False}, "NumericLessThan": {"s3:TlsVersion": 1.2}}
    read = parse(document(allow("s3:*", Condition=condition)), "p").statements[0]
    assert read.conditions == (
        Condition("Bool", "aws:SecureTransport", ("false",)),
        Condition("NumericLessThan", "s3:TlsVersion", ("1.2",)),
    )


def test_an_unknown_resource_leaves_the_others_known():
    read = parse(document(allow("s3:GetObject", ["arn:aws:s3:::b", UNKNOWN])), "p").statements[0]
    assert read.resources == ("arn:aws:s3:::b", UNKNOWN)
    assert read.effect is Effect.ALLOW


def test_unknown_parts_are_kept_at_every_level():
    assert parse(UNKNOWN, "p").wholly_unknown
    assert parse({"Version": "2012-10-17", "Statement": UNKNOWN}, "p").wholly_unknown
    read = parse(document(UNKNOWN, allow("a:B", Condition=UNKNOWN)), "p")
    assert is_unknown(read.statements[0].effect)
    assert is_unknown(read.statements[1].conditions[0].key)
    assert not read.wholly_unknown


def test_a_caller_may_say_what_unknown_means():
    read = parse(document(allow("a:B", "later")), "p", unknown=lambda value: value == "later")
    assert read.statements[0].resources == (UNKNOWN,)


@pytest.mark.parametrize(
    ("value", "kind", "message"),
    [
        ("{", Kind.ANY, "not JSON"),
        ([], Kind.ANY, "list where a policy document"),
        ({"Version": "2012-10-17"}, Kind.ANY, "no Statement"),
        ({"Version": "2022", "Statement": []}, Kind.ANY, "Version is '2022'"),
        ({"Statements": []}, Kind.ANY, "unknown element 'Statements'"),
        (document({"Action": "a:B"}), Kind.ANY, "Effect is None; it must be Allow or Deny"),
        (document(allow("a:B", Actoin="x")), Kind.ANY, "unknown element 'Actoin'"),
        (document(allow([])), Kind.ANY, "Action is an empty list"),
        (document(allow(7)), Kind.ANY, "Action holds int"),
        (document(allow("a:B", NotAction="a:C")), Kind.ANY, "both Action and NotAction"),
        (document({"Effect": "Allow", "Action": "a:B"}), Kind.IDENTITY, "no Resource"),
        (document(allow("a:B", Principal="*")), Kind.IDENTITY, "Principal is not allowed"),
        (document(allow("a:B")), Kind.RESOURCE, "no Principal"),
        (document(allow("a:B", Principal="*")), Kind.TRUST, "Resource is not allowed"),
        (document(allow("a:B", Principal="me")), Kind.RESOURCE, "Principal is 'me'"),
        (document(allow("a:B", Principal={"User": "me"})), Kind.RESOURCE, "type 'User'"),
        (document(allow("a:B", Condition={"Bool": {"k": [{}]}})), Kind.ANY, "condition k holds"),
    ],
)
def test_a_malformed_document_is_refused_in_plain_words(value, kind, message):
    with pytest.raises(DocumentError) as error:
        parse(value, "bucket policy", kind)
    assert message in str(error.value)
    assert str(error.value).startswith("bucket policy")
