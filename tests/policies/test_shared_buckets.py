"""A bucket that several distributions read trusts those, and no other."""

import datetime as dt

import pytest
from scenes import facts

from policies.guardrails.catalog import control
from policies.guardrails.control import Outcome
from policies.guardrails.run import analyse

BUCKET = {"domainName": "app-site.s3.us-east-1.amazonaws.com", "originAccessControlId": "x"}
API = {"domainName": "api.example.org", "customOriginConfig": {}}


def outcome_of_first(second_origin: dict[str, object], trusted: list[str]) -> Outcome:
    scene = {
        "distribution first": {"origins": [BUCKET]},
        "distribution second": {"origins": [second_origin]},
        "bucket site": {"bucket": "app-site"},
        "bucket_policy site": {
            "bucket": "app-site",
            "policy": {
                "Version": "2012-10-17",
                "Statement": {
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudfront.amazonaws.com"},
                    "Action": "s3:GetObject",
                    "Resource": "arn:aws:s3:::app-site/*",
                    "Condition": {"StringEquals": {"aws:SourceArn": trusted}},
                },
            },
        },
    }
    report = analyse(
        facts(scene, deployed=True),
        today=dt.date(2026, 11, 21),
        controls=[control("CloudFront.13")],
    )
    (found,) = [finding.outcome for finding in report.findings if finding.resource == "first"]
    return found


def arns(*names: str) -> list[str]:
    return [f"arn:aws:distribution:us-east-1:123456789012:{name}-distribution" for name in names]


@pytest.mark.parametrize(
    ("second", "trusted", "expected"),
    [
        (BUCKET, arns("first", "second"), Outcome.PASS),
        (API, arns("first"), Outcome.PASS),
        (API, arns("first", "second"), Outcome.FAIL),
        (BUCKET, arns("second"), Outcome.FAIL),
        (BUCKET, arns("first", "third"), Outcome.FAIL),
    ],
    ids=["both", "itself", "one that serves another origin", "only the other", "a stranger"],
)
def test_a_bucket_is_private_to_the_distributions_it_serves(
    second: dict[str, object], trusted: list[str], expected: Outcome
):
    assert outcome_of_first(second, trusted) is expected
