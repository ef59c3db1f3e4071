"""`trellis doctor`: what it finds in an account, and what it says where it may not look."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError

from tests.operate.conftest import REGION, Calls, Ran, simulated
from trellis.operate import delegation, doctor_names, doctor_tools
from trellis.operate.access import Access
from trellis.operate.doctor import examine
from trellis.operate.findings import Finding, Status, failed
from trellis.operate.system import System

pytestmark = pytest.mark.long

OFFER = {
    "EngineVersion": "16.4",
    "AvailabilityZones": [{"Name": f"{REGION}a"}, {"Name": f"{REGION}b"}],
}


@pytest.fixture
def offered(calls: Calls) -> Calls:
    """An account in which nothing is wrong, where moto knows nothing by itself."""
    calls.answer("DescribeOrderableDBInstanceOptions", {"OrderableDBInstanceOptions": [OFFER]})
    calls.answer("GetServiceQuota", {"Quota": {"Value": 50}})
    calls.answer("SimulatePrincipalPolicy", simulated({}))
    return calls


def of(findings: list[Finding], check: str) -> list[Finding]:
    return [finding for finding in findings if finding.check.startswith(check)]


def only(findings: list[Finding], check: str) -> Finding:
    (finding,) = of(findings, check)
    return finding


def test_nothing_is_wrong_with_an_empty_account(offered: Calls, access: Access, system: System):
    findings = examine(system, access)
    assert not failed(findings, strict=True), findings
    assert only(findings, "credentials").message.endswith("in account 123456789012")
    assert only(findings, "zones").message == f"{REGION}a, {REGION}b"
    secret = only(findings, "secrets")
    assert secret.status is Status.WARNING
    assert "shop/dev/stripe has no value" in secret.message
    assert only(findings, "delegation").message.startswith("shop.example is made by the first `up`")


def test_nothing_is_changed(offered: Calls, access: Access, system: System):
    examine(system, access)
    reading = ("Describe", "Get", "List", "Head", "Simulate")
    assert not [name for name, _ in offered.asked if not name.startswith(reading)]


def test_a_quota_that_the_plan_exceeds_is_told_with_the_command(
    offered: Calls, access: Access, system: System
):
    ec2 = boto3.Session().client("ec2", REGION)
    for number in range(4):
        ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")
    offered.answer("GetServiceQuota", {"Quota": {"Value": 5}})
    vpcs = only(examine(system, access), "quotas: VPCs")
    assert vpcs.status is Status.WRONG
    assert vpcs.message == "5 of 5 are used, the plan adds 1", "moto has a default one"
    assert "--service-code vpc --quota-code L-F678F1CE --desired-value 6" in vpcs.remedy


def test_what_the_stack_has_already_is_not_counted_twice(
    offered: Calls, access: Access, system: System
):
    session = boto3.Session()
    ec2 = session.client("ec2", REGION)
    (vpc,) = ec2.describe_vpcs()["Vpcs"]
    tags = {"System": "shop", "Environment": "dev", "Stack": "dev"}
    ec2.create_tags(
        Resources=[vpc["VpcId"]], Tags=[{"Key": k, "Value": v} for k, v in tags.items()]
    )
    for bucket in system.recording.of_type("aws:s3/bucket:Bucket"):
        session.client("s3", REGION).create_bucket(Bucket=bucket.inputs["bucket"])
    findings = examine(system, access)
    assert only(findings, "quotas: VPCs").message.endswith("the plan adds 0")
    assert only(findings, "quotas: buckets").message.endswith("the plan adds 0")
    assert only(findings, "bucket names").status is Status.OK


def test_a_quota_of_its_own_else_the_default(offered: Calls, access: Access, system: System):
    offered.refuse("GetServiceQuota", "NoSuchResourceException")
    offered.answer("GetAWSDefaultServiceQuota", {"Quota": {"Value": 7}})
    assert "of 7 are used" in only(examine(system, access), "quotas: VPCs").message
    offered.refuse("GetAWSDefaultServiceQuota", "NoSuchResourceException")
    assert only(examine(system, access), "quotas: VPCs").status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("offers", "status", "message"),
    [
        ([], Status.WRONG, f"postgres 16 on db.t4g.micro is not offered in {REGION}"),
        (
            [{**OFFER, "AvailabilityZones": [{"Name": f"{REGION}e"}]}],
            Status.WRONG,
            f"is offered in {REGION}e, and the network is in {REGION}a, {REGION}b",
        ),
        ([{**OFFER, "EngineVersion": "15.8"}], Status.WRONG, "is not offered"),
        ([OFFER], Status.OK, "postgres 16 on db.t4g.micro"),
    ],
)
def test_a_class_is_offered_with_its_version_in_these_zones(
    offered: Calls,
    access: Access,
    system: System,
    offers: list[Any],
    status: Status,
    message: str,
):
    offered.answer("DescribeOrderableDBInstanceOptions", {"OrderableDBInstanceOptions": offers})
    found = only(examine(system, access), "database offers")
    assert found.status is status
    assert message in found.message
    assert found.place == "Pulumi.dev.yaml:8 (databases.main)"


def test_a_zone_that_the_account_does_not_have(offered: Calls, access: Access, system: System):
    zones = [{"ZoneName": f"{REGION}a", "State": "available"}, {"ZoneName": f"{REGION}f"}]
    offered.answer("DescribeAvailabilityZones", {"AvailabilityZones": zones})
    found = only(examine(system, access), "zones")
    assert found.status is Status.WRONG
    assert found.message == f"the account has no {REGION}b (it has {REGION}a, {REGION}f)"


def test_a_bucket_of_another_account(offered: Calls, access: Access, system: System):
    offered.refuse("HeadBucket", "403")
    of_names = of(examine(system, access), "bucket names")
    implied, found = sorted(of_names, key=lambda finding: "assets" in finding.place)
    assert (found.status, implied.status) == (Status.WRONG, Status.WRONG)
    assert "is a bucket of another account" in found.message
    assert found.place == "Pulumi.dev.yaml:10 (buckets.assets)"


@pytest.mark.parametrize(
    ("there", "status"),
    [
        (None, Status.UNKNOWN),
        (frozenset({"ns1.registrar.example"}), Status.WRONG),
        (frozenset[str](), Status.WRONG),
    ],
)
def test_a_zone_whose_parent_names_other_servers(
    offered: Calls,
    access: Access,
    system: System,
    monkeypatch: pytest.MonkeyPatch,
    there: frozenset[str] | None,
    status: Status,
):
    route53 = boto3.Session().client("route53")
    made = route53.create_hosted_zone(Name="shop.example", CallerReference="1")
    monkeypatch.setattr(doctor_names, "name_servers", lambda _: there)
    found = only(examine(system, access), "delegation")
    assert found.status is status
    servers = {server.rstrip(".").lower() for server in made["DelegationSet"]["NameServers"]}
    monkeypatch.setattr(doctor_names, "name_servers", lambda _: frozenset(servers))
    assert only(examine(system, access), "delegation").status is Status.OK


def test_an_image_and_a_secret_that_are_there(offered: Calls, access: Access, system: System):
    client = boto3.Session().client("secretsmanager", REGION)
    client.create_secret(Name="shop/dev/stripe", SecretString="sk_live_x")
    found = only(examine(system, access), "secrets")
    assert (found.status, found.message) == (Status.OK, "shop/dev/stripe has a value")
    assert not offered.of("GetSecretValue"), "no value is read"


REFUSED = (
    "DescribeRegions",
    "DescribeAvailabilityZones",
    "DescribeVpcs",
    "DescribeAddresses",
    "DescribeLoadBalancers",
    "DescribeDBInstances",
    "ListRoles",
    "ListBuckets",
    "ListHostedZonesByName",
    "DescribeOrderableDBInstanceOptions",
    "GetServiceQuota",
    "DescribeSecret",
    "SimulatePrincipalPolicy",
)


@pytest.mark.long
@pytest.mark.parametrize("operation", REFUSED)
@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException"])
def test_a_refused_call_is_told_and_everything_else_is_looked_at(
    offered: Calls, access: Access, system: System, operation: str, code: str
):
    whole = {finding.check.partition(":")[0] for finding in examine(system, access)}
    offered.refuse(operation, code)
    findings = examine(system, access)
    assert {finding.check.partition(":")[0] for finding in findings} == whole
    unknown = [finding for finding in findings if finding.status is Status.UNKNOWN]
    assert unknown
    assert all(operation in finding.message for finding in unknown)
    assert failed(findings, strict=True)
    assert not failed(findings)


def test_a_caller_who_may_nothing_gets_a_list_and_no_traceback(
    calls: Calls, trellis: Callable[..., Ran]
):
    for operation in REFUSED:
        calls.refuse(operation, "AccessDenied")
    ran = trellis("doctor", "dev", "--strict")
    assert ran.code == 1
    assert "not looked at: the caller may not call DescribeVpcs" in ran.out
    assert "Traceback" not in ran.out + ran.err


def test_without_a_network_it_says_so(calls: Calls, access: Access, system: System):
    def gone(_: dict[str, Any]) -> Any:
        raise EndpointConnectionError(endpoint_url="https://ec2.us-east-1.amazonaws.com/")

    for operation in REFUSED:
        calls.answer(operation, gone)
    findings = examine(system, access)
    assert all(
        finding.status is Status.UNKNOWN and "AWS could not be asked" in finding.message
        for finding in findings
        if finding.check != "credentials"
    )


def test_wrong_credentials_and_accounts_end_in_one_finding(
    calls: Calls, trellis: Callable[..., Ran]
):
    calls.refuse("GetCallerIdentity", "InvalidClientTokenId")
    ran = trellis("doctor", "dev", "--json")
    assert ran.code == 1
    document = json.loads(ran.out)
    assert (document["version"], document["command"], document["stack"]) == (1, "doctor", "dev")
    (credentials,) = [
        finding for finding in document["findings"] if finding["check"] == "credentials"
    ]
    assert credentials["status"] == "wrong"
    assert "AWS does not know these credentials" in credentials["said"]
    calls.answer("GetCallerIdentity", {"Account": "999999999999", "Arn": "x"})
    assert "credentials of account 999999999999" in trellis("doctor", "dev").out
    assert [name for name, _ in calls.asked] == ["GetCallerIdentity"] * 2


def test_an_interruption_ends_it(calls: Calls, trellis: Callable[..., Ran]):
    def interrupted(_: dict[str, Any]) -> Any:
        raise KeyboardInterrupt

    calls.answer("DescribeVpcs", interrupted)
    assert trellis("doctor", "dev").code == 130


@pytest.mark.parametrize(
    ("script", "statuses"),
    [
        ('[ "$1" = version ] && echo v3.272.0 || echo \'[{"name": "aws", "kind": "resource", '
         '"version": "7.51.1"}]\'', [Status.OK, Status.OK]),
        ('[ "$1" = version ] && echo v3.100.2 || echo "[]"', [Status.WARNING, Status.WARNING]),
        ("exit 1", [Status.WRONG]),
        ('[ "$1" = version ] && echo v4.0.0 || echo nonsense', [Status.OK, Status.WARNING]),
    ],
)  # fmt: skip
def test_the_cli_and_its_plugin_are_those_of_the_program(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    system: System,
    script: str,
    statuses: list[Status],
):
    program = tmp_path / "pulumi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    found = [finding for check in doctor_tools.CHECKS for finding in check.run(system)]
    assert [finding.status for finding in found] == statuses


def test_the_dns_is_asked_for_a_domains_servers(name_server: delegation.Resolver):
    assert delegation.name_servers("shop.example", [name_server]) == {
        "ns-1.awsdns-01.com",
        "ns-2.shop.example",
    }
    assert delegation.name_servers("nowhere.example", [name_server]) == frozenset()
    assert delegation.name_servers("broken.example", [name_server]) is None
    assert delegation.name_servers("shop.example", []) is None
