"""A signed zone is watched where Route 53 measures, and pages before the domain goes dark."""

from __future__ import annotations

import pytest

from tests.components.monitoring.evaluation import history
from tests.components.small_systems import ACCOUNT, small_system
from trellis.planner.record import Recording

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
METRICS = {
    "zone-main-signature": "DNSSECInternalFailure",
    "zone-main-signing-key": "DNSSECKeySigningKeysNeedingAction",
}


@pytest.fixture(scope="module")
def signed() -> Recording:
    return small_system(zones={"main": {"domain": "example.com", "dnssec": True}})


@pytest.mark.parametrize("name", METRICS)
def test_one_failure_pages_and_a_gap_between_two_values_changes_nothing(
    signed: Recording, name: str
):
    alarm = signed.one(ALARM, name).inputs
    zone = signed.one("aws:route53/zone:Zone", "main")
    assert (alarm["namespace"], alarm["metricName"]) == ("AWS/Route53", METRICS[name])
    assert alarm["dimensions"] == {"HostedZoneId": zone.outputs["zoneId"]}
    assert (alarm["statistic"], alarm["period"], alarm["threshold"]) == ("Sum", 14_400, 0)
    rule = {
        "threshold": alarm["threshold"],
        "comparison": alarm["comparisonOperator"],
        "periods": alarm["evaluationPeriods"],
        "datapoints": alarm["datapointsToAlarm"],
        "missing": alarm["treatMissingData"],
    }
    assert history([0.0, 1.0, None], **rule) == ["OK", "ALARM", "ALARM"]
    assert history([0.0] * 6 + [None] * 6, **rule)[-1] == "OK"


def test_both_are_one_outage_of_the_zone(signed: Recording):
    outage = signed.one("aws:cloudwatch/compositeAlarm:CompositeAlarm", "zone-main-outage").inputs
    assert outage["alarmRule"] == " OR ".join(f'ALARM("shop-dev-{name}")' for name in METRICS)
    assert outage["alarmActions"] == [f"arn:aws:sns:us-east-1:{ACCOUNT}:shop-dev-pages"]


def test_a_zone_without_a_signature_has_nothing_to_watch():
    plain = small_system(zones={"main": {"domain": "example.com"}})
    assert not [resource for resource in plain.of_type(ALARM) if resource.name.startswith("zone-")]
