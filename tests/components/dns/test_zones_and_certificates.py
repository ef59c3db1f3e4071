"""Zones and certificates as components, recorded in programs of their own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from components.contracts import AccountRegion
from components.dns.certificates import CertificateRequest, Certificates
from components.dns.settings import RecordSettings, ZoneSettings
from components.dns.zone import HostedZone
from components.naming import Naming
from trellis.planner.record import ProgramInput, Recording, record_program

WHERE = AccountRegion("123456789012", "eu-west-1")
NAMING = Naming("shop", "prod")
RECORD = "aws:route53/record:Record"


def recorded(program: Callable[[], Any]) -> Recording:
    given = ProgramInput("shop", "prod", {"aws:region": "eu-west-1"})

    def run() -> None:
        program()

    return record_program(run, given, "deployed")


def zone(key: str = "main", **settings: Any) -> Recording:
    return recorded(
        lambda: HostedZone(
            key,
            ZoneSettings(domain="example.org", **settings),
            naming=NAMING,
            where=WHERE,
            existing_id="Z1" if settings.get("existing") else None,
        )
    )


def certificates(*requests: CertificateRequest) -> Recording:
    return recorded(
        lambda: Certificates(
            "certificates", requests, naming=NAMING, where=WHERE, zone_id=lambda _: "Z1"
        )
    )


def test_a_wildcard_and_its_parent_in_two_regions_share_one_proof():
    found = certificates(
        CertificateRequest("one", ("example.org", "*.example.org"), "eu-west-1"),
        CertificateRequest("two", ("*.example.org", "api.example.org"), "us-east-1"),
    )
    assert sorted(resource.name for resource in found.of_type(RECORD)) == [
        "api.example.org",
        "example.org",
    ]
    waits = {
        resource.name: len(resource.inputs["validationRecordFqdns"])
        for resource in found.of_type("aws:acm/certificateValidation:CertificateValidation")
    }
    assert waits == {"one": 1, "two": 2}
    made = found.of_type("aws:acm/certificate:Certificate")
    assert {resource.name: resource.inputs.get("region") for resource in made} == {
        "one": None,
        "two": "us-east-1",
    }


def test_a_further_certificate_changes_no_name_of_another():
    one = CertificateRequest("one", ("b.example.org",), "eu-west-1")
    two = CertificateRequest("two", ("a.example.org", "b.example.org"), "eu-west-1")
    assert {resource.urn for resource in certificates(one)} <= {
        resource.urn for resource in certificates(two, one)
    }


def test_an_existing_zone_gets_records_and_nothing_else():
    found = zone(
        existing=True,
        records={"proof": RecordSettings(type="TXT", values=("v=1",), name="_proof")},
    )
    (record,) = found.of_type(RECORD)
    assert (record.inputs["zoneId"], record.inputs["name"]) == ("Z1", "_proof.example.org")
    assert not found.of_type("aws:route53/zone:Zone")
    assert not found.of_type("aws:route53/queryLog:QueryLog")


def test_query_logs_are_kept_where_route_53_writes_them():
    found = zone()
    group = found.one("aws:cloudwatch/logGroup:LogGroup", "main-queries").inputs
    assert group["region"] == "us-east-1"


def test_signing_is_a_switch_with_a_key_that_only_route_53_signs_with():
    found = zone(dnssec=True)
    key = found.one("aws:kms/key:Key", "main-signing").inputs
    assert (key["customerMasterKeySpec"], key["keyUsage"]) == ("ECC_NIST_P256", "SIGN_VERIFY")
    assert key["region"] == "us-east-1"
    account, *route53 = json.loads(key["policy"])["Statement"]
    assert account["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}
    assert not {"kms:*", "kms:Sign", "kms:CreateGrant"} & set(account["Action"])
    assert route53 == [
        {
            "Sid": "Route53Signs",
            "Effect": "Allow",
            "Principal": {"Service": "dnssec-route53.amazonaws.com"},
            "Action": ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"],
            "Resource": "*",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": "123456789012"},
                "ArnLike": {"aws:SourceArn": "arn:aws:route53:::hostedzone/*"},
            },
        },
        {
            "Sid": "Route53KeepsSigning",
            "Effect": "Allow",
            "Principal": {"Service": "dnssec-route53.amazonaws.com"},
            "Action": "kms:CreateGrant",
            "Resource": "*",
            "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        },
    ]
    (switch,) = found.of_type("aws:route53/hostedZoneDnsSec:HostedZoneDnsSec")
    (signer,) = found.of_type("aws:route53/keySigningKey:KeySigningKey")
    zone_urn = found.one("aws:route53/zone:Zone", "main").urn
    assert switch.property_dependencies["hostedZoneId"] == (zone_urn,), "the pack joins by it"
    assert signer.urn in switch.dependencies
    assert not zone().of_type("aws:route53/keySigningKey:KeySigningKey")


@pytest.mark.parametrize("key", ["a", "eu", "my-zone", "z" * 32])
def test_the_signing_key_of_a_zone_with_any_key_has_a_name_that_route_53_takes(key: str):
    (signer,) = zone(key, dnssec=True).of_type("aws:route53/keySigningKey:KeySigningKey")
    assert re.fullmatch(r"[A-Za-z0-9_]{3,128}", signer.inputs["name"])


def test_a_long_text_is_cut_as_dns_wants_it():
    text = "k" * 300
    (record,) = zone(records={"t": RecordSettings(type="TXT", values=(text,))}).of_type(RECORD)
    (value,) = record.inputs["records"]
    assert value == f'{"k" * 255}""{"k" * 45}'


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"type": "A", "values": ["example.org"]}, "IPv4 address"),
        ({"type": "MX", "values": ["mail.example.org"]}, "a preference and a host"),
        ({"type": "CNAME", "values": ["a.example.org"]}, "no CNAME for the domain itself"),
        ({"type": "CNAME", "name": "w", "values": ["a.org", "b.org"]}, "one value"),
        ({"type": "CAA", "values": ["amazon.com"]}, "0 issue"),
    ],
)
def test_a_record_that_dns_refuses_is_refused_in_words(record: dict[str, Any], words: str):
    with pytest.raises(ValidationError, match=words):
        RecordSettings.model_validate_json(json.dumps(record))
