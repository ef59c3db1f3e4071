"""A new zone without an MX record is told of, where the stack sends mail to its domain."""

from __future__ import annotations

from typing import Any

import pytest

from tests.components.small_systems import small_system

ZONE = {"main": {"domain": "example.org"}}
SUBSCRIBED = {"subscribers": {"team": {"email": "alerts@example.org"}}}


def warned(zones: dict[str, Any], **parts: Any) -> list[str]:
    recording = small_system(zones=zones, **parts)
    return [warning for warning in recording.warnings if "MX record" in warning]


def with_record(**record: Any) -> dict[str, Any]:
    return {"main": {"domain": "example.org", "records": {"mail": record}}}


@pytest.mark.parametrize(
    ("parts", "path"),
    [
        ({"monitoring": SUBSCRIBED}, "monitoring.subscribers.team.email"),
        ({"budgets": {"month": {"monthly": 5, "emails": ["a@example.org"]}}},
         "budgets.month.emails.0"),
        ({"topics": {"news": {"subscriptions": {"all": {
            "protocol": "email", "to": "news@sub.example.org"}}}}},
         "topics.news.subscriptions.all.to"),
        ({"mail": {"main": {"domain": "example.org", "dmarc": {"reports": "d@example.org"}}}},
         "mail.main.dmarc.reports"),
    ],
)  # fmt: skip
def test_mail_that_nobody_would_receive_is_told_with_its_line(parts: dict[str, Any], path: str):
    (warning,) = warned(ZONE, **parts)
    assert path in warning


@pytest.mark.parametrize(
    "zones",
    [
        with_record(type="MX", values=["10 mail.example.net"]),
        {"main": {"domain": "example.com"}},
        {"main": {"domain": "example.org", "existing": True}},
    ],
)
def test_mail_that_somebody_receives_is_not_told(zones: dict[str, Any]):
    assert warned(zones, monitoring=SUBSCRIBED) == []


def test_an_mx_record_of_another_name_helps_nobody():
    zones = with_record(name="sub", type="MX", values=["10 mail.example.net"])
    assert len(warned(zones, monitoring=SUBSCRIBED)) == 1


def test_a_part_of_the_domain_that_others_answer_for_is_theirs():
    zones = with_record(name="sub", type="NS", values=["ns.example.net"])
    subscribed = {"subscribers": {"team": {"email": "alerts@a.sub.example.org"}}}
    assert warned(zones, monitoring=subscribed) == []
