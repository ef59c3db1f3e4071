"""A name of one's own for an API: its certificate, its record, and what is told where DNS is not
ours."""

from __future__ import annotations

from typing import Any

import pytest

from tests.components.functions.test_lambda_functions import APP
from tests.components.small_systems import small_system
from tests.planner.edits import compared
from trellis.planner.record import Recorded, Recording
from trellis.stackfile.problems import StackFileError

ROUTES = [{"api": "main", "path": "/items", "methods": ["GET"]}]
ZONE = {"shop": {"domain": "example.com"}}
GIVEN = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
CERTIFICATE, RECORD = "aws:acm/certificate:Certificate", "aws:route53/record:Record"
NAMES = {"rest": "aws:apigateway/domainName:DomainName",
         "http": "aws:apigatewayv2/domainName:DomainName"}  # fmt: skip


def system(kind: str = "rest", domain: dict[str, Any] | None = None, **more: Any) -> Recording:
    api: dict[str, Any] = {"kind": kind, "authorizer": {"iam": True}}
    api["domain"] = {"name": "api.example.com", **(domain or {})}
    return small_system(apis={"main": api}, functions={"app": {**APP, "routes": ROUTES}}, **more)


def certificate_of(made: Recorded) -> str:
    own = made.inputs.get("domainNameConfiguration") or {}
    return made.inputs.get("regionalCertificateArn") or own["certificateArn"]


def address_of(made: Recorded) -> tuple[str, str]:
    own = made.outputs.get("domainNameConfiguration")
    if own is not None:
        return own["targetDomainName"], own["hostedZoneId"]
    return made.outputs["regionalDomainName"], made.outputs["regionalZoneId"]


@pytest.mark.parametrize("kind", ["rest", "http"])
def test_in_a_zone_of_the_stack_its_certificate_is_made_proven_and_its_record_leads_to_it(
    kind: str,
):
    recording = system(kind, zones=ZONE)
    asked = recording.one(CERTIFICATE, "api-main")
    assert asked.inputs["domainName"] == "api.example.com"
    assert "region" not in asked.inputs, "the API's own region"
    made = recording.one(NAMES[kind], "main")
    assert certificate_of(made) == asked.outputs["arn"]
    proven = recording.one("aws:acm/certificateValidation:CertificateValidation", "api-main")
    assert proven.urn in made.dependencies
    record = recording.one(RECORD, "api.example.com-A")
    (alias,) = record.inputs["aliases"]
    assert (alias["name"], alias["zoneId"]) == address_of(made)
    assert record.inputs["zoneId"] == recording.one("aws:route53/zone:Zone", "shop").id
    assert recording.outputs["apis"]["main"]["url"] == "https://api.example.com"


def test_a_certificate_that_covers_it_is_shared():
    wide = {"wide": {"names": ["example.com", "*.example.com"]}}
    site = {"www": {"domain": "example.com", "content": {"bucket": "pages"}, "pages": "files"}}
    recording = system(zones=ZONE, certificates=wide, buckets={"pages": {}}, sites=site)
    assert (
        certificate_of(recording.one(NAMES["rest"], "main"))
        == (recording.one(CERTIFICATE, "wide").outputs["arn"])
    )


def test_elsewhere_a_certificate_is_given_and_the_record_is_told():
    recording = system(domain={"certificate": GIVEN})
    made = recording.one(NAMES["rest"], "main")
    assert certificate_of(made) == GIVEN
    assert not recording.of_type(CERTIFICATE)
    assert not recording.of_type(RECORD)
    assert recording.outputs["apis"]["main"]["target"] == address_of(made)[0]


def test_with_a_given_certificate_the_record_is_made_all_the_same():
    recording = system(domain={"certificate": GIVEN}, zones=ZONE)
    assert not recording.of_type(CERTIFICATE)
    assert recording.one(RECORD, "api.example.com-A")


def test_its_certificate_ends_with_an_alarm():
    alarm = system(zones=ZONE).one(
        "aws:cloudwatch/metricAlarm:MetricAlarm", "certificate-api-main-expiry"
    )
    assert alarm.inputs["threshold"] == 30


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, ["apis.main.domain.name", "api.example.com, which stands in no zone"]),
        (
            {"zones": {"shop": {"domain": "example.com", "records": {
                "api": {"name": "api", "type": "CNAME", "values": ["elsewhere.example.net"]}}}}},
            ["zones.shop.records.api", "the API main makes it"],
        ),
        (
            {"domain": {"certificate": GIVEN.replace("us-east-1", "eu-west-1")}, "zones": ZONE},
            ["apis.main.domain.certificate", "one of us-east-1"],
        ),
        (
            {"zones": ZONE, "buckets": {"pages": {}}, "sites": {
                "api": {"domain": "api.example.com", "content": {"bucket": "pages"},
                        "pages": "files"}}},
            ["apis.main.domain.name", "another: the site api has it"],
        ),
    ],
)  # fmt: skip
def test_a_name_that_can_not_be_proven_or_is_anothers_is_refused(
    given: dict[str, Any], words: list[str]
):
    with pytest.raises(StackFileError) as caught:
        system(**given)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("kind", ["rest", "http"])
def test_from_a_given_certificate_to_one_that_is_made_the_name_stays(kind: str):
    """The new one is proven first; callers notice nothing."""
    steps = compared(system(kind, {"certificate": GIVEN}, zones=ZONE), system(kind, zones=ZONE))
    assert steps["DomainName main"].operation == "update"
    assert steps["Certificate api-main"].operation == "create"
    assert not [name for name, step in steps.items() if step.operation in ("replace", "delete")]


def test_a_name_that_moves_into_a_zone_of_the_stack_keeps_the_api():
    before = system(domain={"certificate": GIVEN})
    steps = compared(before, system(domain={"certificate": GIVEN}, zones=ZONE))
    assert steps["Record api.example.com-A"].operation == "create"
    assert {step.operation for step in steps.values()} == {"create"}
