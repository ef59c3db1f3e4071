"""Mail identities: the records a zone needs, TLS, and addresses of the domain only."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from components.contracts import AccountRegion
from components.mail.identity import MailIdentity
from components.mail.settings import MailSettings
from components.naming import Naming
from trellis.planner.record import Mode, ProgramInput, Recording, record_program

RECORD = "aws:route53/record:Record"


def mail(**given: Any) -> MailSettings:
    return MailSettings.model_validate_json(json.dumps({"domain": "desh.co", **given}))


def recording_of(
    settings: MailSettings, zone_id: str | None = "Z0123456789ABC", mode: Mode = "deployed"
) -> Recording:
    def program() -> None:
        MailIdentity(
            "main",
            settings,
            naming=Naming("clubapp", "dev"),
            where=AccountRegion("123456789012", "us-east-1"),
            zone_id=zone_id,
        )

    return record_program(
        program, ProgramInput("clubapp", "dev", {"aws:region": "us-east-1"}), mode
    )


def test_mail_is_signed_sent_over_tls_and_returned_to_a_path_of_ours():
    recording = recording_of(mail())
    identity = recording.one("aws:sesv2/emailIdentity:EmailIdentity", "main").inputs
    assert identity["emailIdentity"] == "desh.co"
    assert identity["dkimSigningAttributes"] == {"nextSigningKeyLength": "RSA_2048_BIT"}
    assert identity["configurationSetName"] == "clubapp-dev-main"
    chosen = recording.one("aws:sesv2/configurationSet:ConfigurationSet", "main").inputs
    assert chosen["deliveryOptions"] == {"tlsPolicy": "REQUIRE"}
    assert chosen["suppressionOptions"] == {"suppressedReasons": ["BOUNCE", "COMPLAINT"]}
    path = recording.one(
        "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes", "main"
    ).inputs
    assert path["mailFromDomain"] == "bounce.desh.co"
    assert path["behaviorOnMxFailure"] == "REJECT_MESSAGE"


def test_a_zone_of_ours_gets_dkim_return_path_and_dmarc():
    recording = recording_of(mail(dmarc={"policy": "reject", "reports": "dmarc@desh.co"}))
    records = {resource.name: resource.inputs for resource in recording.of_type(RECORD)}
    tokens = recording.one("aws:sesv2/emailIdentity:EmailIdentity", "main").outputs[
        "dkimSigningAttributes"
    ]["tokens"]
    for number, token in enumerate(tokens, 1):
        record = records[f"main-dkim-{number}"]
        assert (record["type"], record["name"]) == ("CNAME", f"{token}._domainkey.desh.co")
        assert record["records"] == [f"{token}.dkim.amazonses.com"]
    assert records["main-mail-from-mx"]["records"] == ["10 feedback-smtp.us-east-1.amazonses.com"]
    assert records["main-mail-from-spf"]["records"] == ["v=spf1 include:amazonses.com -all"]
    assert records["main-dmarc"]["name"] == "_dmarc.desh.co"
    assert records["main-dmarc"]["records"] == ["v=DMARC1; p=reject; rua=mailto:dmarc@desh.co"]
    assert len(records) == 6


def test_a_preview_shows_all_records_although_their_names_come_later():
    records = recording_of(mail(), mode="preview").of_type(RECORD)
    assert {record.name for record in records} == {
        "main-dkim-1",
        "main-dkim-2",
        "main-dkim-3",
        "main-dmarc",
        "main-mail-from-mx",
        "main-mail-from-spf",
    }


def test_a_zone_of_somebody_else_is_left_alone():
    assert not recording_of(mail(), zone_id=None).of_type(RECORD)


def test_without_dmarc_nothing_is_said_for_the_domain():
    names = {resource.name for resource in recording_of(mail(dmarc="none")).of_type(RECORD)}
    assert "main-dmarc" not in names


@pytest.mark.parametrize(
    "given",
    [
        {"domain": "Desh.co"},
        {"domain": "desh"},
        {"mailFrom": "a.b"},
        {"keyBits": 4096},
        {"senders": ["hello@other.co"]},
        {"dmarc": {"policy": "shrug"}},
        {"dmarc": {"reports": "a@b.co;c@d.co"}},
    ],
)
def test_a_wrong_identity_is_refused(given: dict[str, Any]):
    with pytest.raises(ValidationError):
        mail(**given)


def test_a_configuration_set_has_a_name_that_ses_takes_however_long_the_keys_are():
    def program() -> None:
        MailIdentity(
            "m" * 32,
            mail(),
            naming=Naming("s" * 32, "e" * 32),
            where=AccountRegion("123456789012", "us-east-1"),
        )

    recording = record_program(
        program, ProgramInput("clubapp", "dev", {"aws:region": "us-east-1"}), "deployed"
    )
    made = recording.of_type("aws:sesv2/configurationSet:ConfigurationSet")
    assert [len(chosen.inputs["configurationSetName"]) for chosen in made] == [64]
