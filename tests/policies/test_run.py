"""What an analysis promises whatever the controls are: exactly one outcome, and nothing hidden."""

import dataclasses
import json
from collections import Counter

import pytest
from scenes import cases, facts

from policies.guardrails.catalog import CONTROLS, control
from policies.guardrails.control import ANY_OF_AWS, Level, Outcome
from policies.guardrails.facts import ResourceFacts
from policies.guardrails.reports import WRITERS
from policies.guardrails.run import analyse
from policies.guardrails.settings import Settings
from policies.guardrails.settings import read as read_settings
from policies.guardrails.twins import current
from policies.guardrails.unknown import UNKNOWN
from tests.policies.judged import ENCRYPTED, PLAIN, TODAY, judged, texts


@pytest.mark.long
def test_every_control_ends_in_exactly_one_outcome_for_each_of_its_resources():
    everything = [
        dataclasses.replace(one, urn=f"{one.urn}-{number}")
        for number, case in enumerate(cases())
        for one in facts(case.scene, deployed=True)
    ]
    report = analyse(everything, today=TODAY)
    assert not report.problems
    counted = Counter((finding.control.id, finding.urn) for finding in report.findings)
    assert set(counted.values()) == {1}
    spoken: dict[str, set[str]] = {one.id: set() for one in CONTROLS}
    for finding in report.findings:
        spoken[finding.control.id].add(finding.urn)
    kinds = [(fact.urn, fact.type, current(fact.type)) for fact in everything]
    for one in CONTROLS:
        types, of_any = frozenset(one.types), ANY_OF_AWS in one.types
        subjects = {
            urn
            for urn, type_, now in kinds
            if now in types or (of_any and type_.startswith("aws:"))
        }
        assert spoken[one.id] - {""} == subjects


def test_a_control_without_any_resource_is_not_applicable_and_says_so():
    report = judged({"queue jobs": {}})
    assert [(one.outcome, one.found) for one in report.findings] == [
        (Outcome.NOT_APPLICABLE, "the stack has no such resource")
    ]


def test_what_the_controls_do_not_know_is_told():
    def made(kind: str) -> ResourceFacts:
        provider = f"urn:pulumi:dev::any::pulumi:providers:{kind.split(':', maxsplit=1)[0]}::p"
        return ResourceFacts(f"urn:pulumi:dev::any::{kind}::x", kind, "x", {}, provider=provider)

    kinds = ("aws-native:s3:Bucket", "kubernetes:core/v1:Pod", "aws:sqs/queue:Queue")
    report = analyse([made(kind) for kind in kinds], today=TODAY)
    assert report.notes == (
        "not judged, because the controls know the aws provider only: aws-native (1), "
        "kubernetes (1)",
    )
    assert report.notes[0] in WRITERS["text"](report)
    assert analyse([], today=TODAY).notes == ("the stack has no resources",)


def test_a_control_that_raises_fails_the_run_and_is_no_pass():
    def broken(*_):
        raise KeyError("hunter2")

    report = judged(ENCRYPTED, controls=[dataclasses.replace(control("RDS.3"), check=broken)])
    assert not report.passed
    assert report.findings[0].outcome is Outcome.UNKNOWN
    assert "control RDS.3 raised KeyError on main" in texts(report)
    assert "hunter2" not in texts(report)


def test_a_stack_control_that_raises_fails_the_run_too():
    def broken(*_):
        raise ValueError("hunter2")

    trail = dataclasses.replace(control("CloudTrail.3"), stack_check=broken)
    report = judged({"system s": {}}, controls=[trail])
    assert not report.passed
    assert "control CloudTrail.3 raised ValueError on stack" in texts(report)


@pytest.mark.parametrize("writer", sorted(WRITERS))
def test_no_report_prints_a_value_of_a_resource(writer: str):
    secret = "hunter2-is-the-value"
    scene = {
        "db_instance main": {"username": secret, "password": secret, "engine": secret},
        "task_definition web": {
            "containerDefinitions": [
                {"name": "web", "environment": [{"name": "API_KEY", "value": secret}]}
            ]
        },
        "function f": {"environment": {"variables": {"TOKEN": secret}}, "runtime": secret},
        "cache_group main": {"authToken": secret},
    }
    report = analyse(facts(scene, deployed=False), today=TODAY)
    assert report.with_outcome(Outcome.FAIL)
    assert secret not in WRITERS[writer](report)
    assert not any(secret in finding.message() for finding in report.findings)


def test_numbers_that_arrive_as_floats_and_texts_are_numbers():
    for days in (7, 7.0, "7"):
        scene = {"db_instance main": {"backupRetentionPeriod": days}}
        assert judged(scene, controls=[control("RDS.11")]).passed


def test_a_disabled_control_does_not_speak():
    report = judged(PLAIN, settings=Settings({"RDS.3": Level.DISABLED}))
    assert report.findings == ()
    assert report.passed


def test_an_advisory_failure_is_told_and_does_not_block():
    report = judged(PLAIN, settings=Settings({"RDS.3": Level.ADVISORY}))
    assert [one.outcome for one in report.findings] == [Outcome.FAIL]
    assert report.passed


def test_a_parameter_of_a_control_can_be_chosen():
    scene = {"db_instance main": {"backupRetentionPeriod": 7}}
    stricter = Settings(parameters={"RDS.11": {"minimumDays": 14}})
    assert judged(scene, controls=[control("RDS.11")]).passed
    assert not judged(scene, controls=[control("RDS.11")], settings=stricter).passed


def test_settings_are_read_from_the_packs_configuration():
    settings, problems = read_settings(
        {"RDS.11": {"level": "advisory", "minimumDays": 14}, "S3.9": "disabled"}, CONTROLS
    )
    assert not problems
    assert settings.level_of(control("RDS.11")) is Level.ADVISORY
    assert settings.parameters_of(control("RDS.11"))["minimumDays"] == 14
    assert settings.level_of(control("S3.9")) is Level.DISABLED
    assert settings.level_of(control("S3.8")) is Level.MANDATORY


def test_a_list_that_the_packs_configuration_gives_reaches_the_control():
    settings, problems = read_settings(
        {"EC2.18": {"ports": [8443]}, "S3.6": {"trustedAccounts": ["210987654321"]}}, CONTROLS
    )
    assert not problems
    rule = {"fromPort": 8443, "toPort": 8443, "ipProtocol": "tcp", "cidrIpv4": "0.0.0.0/0"}
    scene = {"ingress_rule web": rule}
    web_ports = [control("EC2.18")]
    assert not judged(scene, controls=web_ports).passed
    assert judged(scene, controls=web_ports, settings=settings).passed
    writes = {
        "Effect": "Allow",
        "Principal": {"AWS": "210987654321"},
        "Action": "s3:PutObject",
        "Resource": "*",
    }
    scene = {
        "provider aws": {"allowedAccountIds": '["123456789012"]'},
        "bucket_policy b": {"policy": {"Version": "2012-10-17", "Statement": [writes]}},
    }
    no_writers = [control("S3.6")]
    assert not judged(scene, controls=no_writers).passed
    assert judged(scene, controls=no_writers, settings=settings).passed


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"RDS.99": "advisory"}, "RDS.99, which does not exist"),
        ({"RDS.3": "strict"}, "level of RDS.3 must be one of mandatory, advisory, disabled"),
        ({"RDS.11": {"days": 3}}, "RDS.11 takes no days; allowed are level, minimumDays"),
        ({"RDS.11": {"minimumDays": "many"}}, "minimumDays of RDS.11 must be like 7"),
        ({"RDS.11": {"minimumDays": True}}, "minimumDays of RDS.11 must be like 7"),
        ({"EC2.18": {"ports": ["web"]}}, "ports of EC2.18 must be like [80, 443]"),
        ({"EC2.18": {"ports": 443}}, "ports of EC2.18 must be like [80, 443]"),
        ({"S3.6": {"trustedAccounts": [210987654321]}}, "trustedAccounts of S3.6 must be like"),
        (["RDS.3"], "controls is not a map"),
    ],
)
def test_a_wrong_setting_is_a_problem_that_fails(config, message: str):
    _, problems = read_settings(config, CONTROLS)
    assert [problem.fails for problem in problems] == [True]
    assert message in problems[0].text


def test_the_json_report_holds_every_finding():
    report = judged(PLAIN)
    document = json.loads(WRITERS["json"](report))
    assert document["passed"] is False
    assert document["findings"][0]["control"] == "RDS.3"
    assert document["findings"][0]["outcome"] == "fail"
    assert document["counts"]["fail"] == 1


@pytest.mark.parametrize(
    ("control_id", "scene"),
    [
        ("EC2.foreign-copy", {"snapshot_permission a": {"accountId": "210987654321"}}),
        ("EC2.foreign-copy", {"image_permission a": {"accountId": "210987654321"}}),
        ("RDS.foreign-snapshot", {"db_snapshot a": {"sharedAccounts": ["210987654321"]}}),
        (
            "KMS.foreign-grant",
            {"key_grant a": {"granteePrincipal": "arn:aws:iam::210987654321:role/app"}},
        ),
    ],
)
def test_an_account_that_is_meant_passes_and_without_the_own_one_others_are_unknown(
    control_id: str, scene
):
    own = {"provider p": {"allowedAccountIds": '["123456789012"]'}}
    meant = Settings(parameters={control_id: {"trustedAccounts": ("210987654321",)}})

    def outcome(*resources, **options) -> Outcome:
        merged = {label: one for resource in resources for label, one in resource.items()}
        report = judged(merged, controls=[control(control_id)], **options)
        return report.findings[0].outcome

    assert outcome(own, scene) is Outcome.FAIL
    assert outcome(scene) is Outcome.UNKNOWN
    assert outcome(own, scene, settings=meant) is Outcome.PASS
    assert outcome(scene, settings=meant) is Outcome.PASS


def test_an_unknown_finding_names_the_inputs_that_are_not_known():
    report = judged({"db_instance main": {"storageEncrypted": "?", "kmsKeyId": "?"}})
    assert "not known until deployed: kmsKeyId, storageEncrypted" in report.findings[0].found


def test_unknown_is_one_value():
    scene = facts({"db_instance main": {"storageEncrypted": "?"}}, deployed=False)
    assert scene[0].inputs["storageEncrypted"] is UNKNOWN


def test_in_a_development_stack_what_its_profile_leaves_off_is_advice():
    scene = {"db_instance main": {"multiAz": False}}
    production = judged(scene, controls=[control("RDS.5")])
    assert not production.passed
    system = {"system s": {"profile": "development"}}
    development = judged({**system, **scene}, controls=[control("RDS.5")])
    assert development.passed
    assert [one.outcome for one in development.findings] == [Outcome.FAIL]
    strict = Settings({"RDS.5": Level.MANDATORY})
    assert not judged({**system, **scene}, controls=[control("RDS.5")], settings=strict).passed


def test_types_that_no_control_knows_are_told_by_type_and_count():
    scene = {
        "aws:pinpoint/app:App one": {},
        "aws:pinpoint/app:App two": {},
        "bucket data": {},
        "aws:alb/listener:Listener web": {"port": 443, "protocol": "HTTPS"},
    }
    report = analyse(facts(scene, deployed=True), today=TODAY)
    assert report.notes == (
        "not judged, because no control knows the type: aws:pinpoint/app:App (2)",
    )
