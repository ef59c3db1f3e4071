"""`trellis smoke`: a stack that works, each way in which it does not, and the drill."""

from __future__ import annotations

import datetime as dt
import http.server
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.operate.conftest import REGION, Calls, Ran
from trellis.operate import drill, probing
from trellis.operate.access import Access
from trellis.operate.findings import Finding, Status, failed
from trellis.operate.planned import Planned
from trellis.operate.probing import Answer
from trellis.operate.smoke import Deployed, look
from trellis.operate.system import System

NOW = dt.datetime(2026, 11, 29, 12, 0, tzinfo=dt.UTC)
SOON = NOW + dt.timedelta(days=200)
SERVED = Answer(200)


def working(calls: Calls, system: System) -> None:
    """Answers of an account in which everything is as planned."""
    calls.answer(
        "DescribeServices",
        {"services": [{"status": "ACTIVE", "desiredCount": 2, "runningCount": 2}]},
    )
    calls.answer("DescribeTargetGroups", {"TargetGroups": [{"TargetGroupArn": "group"}]})
    healthy = {"TargetHealth": {"State": "healthy"}}
    calls.answer("DescribeTargetHealth", {"TargetHealthDescriptions": [healthy, healthy]})
    domain = system.recording.of_type("aws:acm/certificate:Certificate")[0].inputs["domainName"]
    summary = {"CertificateArn": "certificate", "DomainName": domain}
    calls.answer("ListCertificates", {"CertificateSummaryList": [summary]})
    certificate = {"Status": "ISSUED", "NotAfter": SOON}
    calls.answer("DescribeCertificate", {"Certificate": certificate})
    calls.answer(
        "DescribeAlarms",
        lambda asked: {
            "MetricAlarms": [
                {"AlarmName": name, "StateValue": "OK"} for name in asked["AlarmNames"]
            ]
        },
    )
    calls.answer(
        "DescribeLogStreams",
        {"logStreams": [{"lastIngestionTime": int(NOW.timestamp() * 1000) - 60_000}]},
    )
    secret = {"VersionIdsToStages": {"1": ["AWSCURRENT"]}, "RotationEnabled": True}
    calls.answer("DescribeSecret", {**secret, "LastRotatedDate": NOW})
    boards = system.recording.of_type("aws:cloudwatch/dashboard:Dashboard")
    entries = [{"DashboardName": resource.inputs["dashboardName"]} for resource in boards]
    calls.answer("ListDashboards", {"DashboardEntries": entries})


@pytest.fixture
def account(calls: Calls, system: System) -> Calls:
    """Everything is as planned, until a test says otherwise."""
    working(calls, system)
    return calls


def looked(system: System, access: Access, answer: Answer = SERVED) -> list[Finding]:
    return look(Deployed(Planned(system, access), NOW, lambda _host, _path: answer))


def of(findings: list[Finding], check: str) -> list[Finding]:
    return [finding for finding in findings if finding.check == check]


def test_a_stack_that_works_has_nothing_wrong(account: Calls, access: Access, system: System):
    findings = looked(system, access)
    assert not failed(findings, strict=True), findings
    (endpoint,) = of(findings, "endpoints")
    assert endpoint.message == "https://api.shop.example/ answers 200"
    assert {finding.check for finding in findings} >= {
        "services", "targets", "endpoints", "certificates", "alarms", "secrets",
    }  # fmt: skip


BROKEN: tuple[tuple[str, Any, str, str], ...] = (
    (
        "DescribeServices",
        {"services": [{"status": "ACTIVE", "desiredCount": 2, "runningCount": 1}]},
        "services",
        "api: 1 of 2 tasks run",
    ),
    ("DescribeServices", {"services": []}, "services", "shop-dev-api is not there"),
    (
        "DescribeTargetHealth",
        {
            "TargetHealthDescriptions": [
                {"TargetHealth": {"State": "unhealthy", "Description": "codes: [503]"}}
            ]
        },
        "targets",
        "0 of 1 targets are healthy (codes: [503])",
    ),
    (
        "DescribeCertificate",
        {"Certificate": {"Status": "PENDING_VALIDATION"}},
        "certificates",
        "is issued (PENDING_VALIDATION)",
    ),
    (
        "DescribeCertificate",
        {"Certificate": {"Status": "ISSUED", "NotAfter": NOW + dt.timedelta(days=29)}},
        "certificates",
        "ends 2026-12-28 and was not renewed",
    ),
    ("ListCertificates", {"CertificateSummaryList": []}, "certificates", "there is none"),
    ("DescribeAlarms", {"MetricAlarms": []}, "alarms", "is not there"),
    (
        "DescribeAlarms",
        lambda asked: {"MetricAlarms": [
            {"AlarmName": name, "StateValue": "ALARM"} for name in asked["AlarmNames"]
        ]},
        "alarms",
        "is in alarm",
    ),
    ("DescribeSecret", {}, "secrets", "has no value"),
)  # fmt: skip


@pytest.mark.parametrize(("operation", "answer", "check", "message"), BROKEN)
def test_what_does_not_work_is_told(
    account: Calls,
    access: Access,
    system: System,
    operation: str,
    answer: Any,
    check: str,
    message: str,
):
    account.answer(operation, answer)
    findings = looked(system, access)
    matching = [finding for finding in of(findings, check) if message in finding.message]
    assert matching, findings
    assert failed(findings) or matching[0].status is Status.WARNING


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Answer(None, "its name is not in the DNS"), "its name is not in the DNS"),
        (Answer(503), "answers 503"),
        (Answer(404), "answers 404, and health is 200"),
    ],
)
def test_an_endpoint_that_does_not_serve(
    account: Calls, access: Access, system: System, answer: Answer, message: str
):
    (endpoint,) = of(looked(system, access, answer), "endpoints")
    assert endpoint.status is Status.WRONG
    assert message in endpoint.message
    assert endpoint.place.startswith("Pulumi.dev.yaml:")


@pytest.mark.parametrize(
    ("operation", "code", "check"),
    [
        ("DescribeServices", "ClusterNotFoundException", "services"),
        ("DescribeTargetGroups", "TargetGroupNotFound", "targets"),
    ],
)
def test_what_is_not_there_is_not_merely_unknown(
    account: Calls, access: Access, system: System, operation: str, code: str, check: str
):
    account.refuse(operation, code)
    statuses = {finding.status for finding in of(looked(system, access), check)}
    assert statuses
    assert statuses <= {Status.WRONG, Status.WARNING}


OPERATIONS = (
    "DescribeServices", "DescribeTargetGroups", "DescribeTargetHealth", "ListCertificates",
    "DescribeAlarms", "DescribeSecret",
)  # fmt: skip


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_may_not_be_asked_is_told_and_the_rest_is_looked_at(
    account: Calls, access: Access, system: System, operation: str
):
    whole = {finding.check for finding in looked(system, access)}
    account.refuse(operation)
    findings = looked(system, access)
    assert {finding.check for finding in findings} == whole
    (unknown,) = [finding for finding in findings if finding.status is Status.UNKNOWN]
    assert f"the caller may not call {operation}" in unknown.message


def test_smoke_changes_nothing(account: Calls, access: Access, system: System):
    looked(system, access)
    reading = ("Describe", "Get", "List")
    assert not [name for name, _ in account.asked if not name.startswith(reading)]


def tasks(calls: Calls, *rounds: tuple[str, ...]) -> None:
    """Tasks that run, look by look; the last one stays."""
    left = [list(element) for element in rounds]

    def listed(_: dict[str, Any]) -> Any:
        now = left.pop(0) if len(left) > 1 else left[0]
        return {"taskArns": [f"arn/{name}" for name in now]}

    calls.answer("ListTasks", listed)
    calls.answer(
        "DescribeTasks",
        lambda asked: {
            "tasks": [
                {"taskArn": arn, "lastStatus": "PENDING" if "new-starting" in arn else "RUNNING"}
                for arn in asked["tasks"]
            ]
        },
    )
    calls.answer("StopTask", {})


def test_a_drill_stops_one_task_and_waits_for_another(calls: Calls, access: Access, system: System):
    tasks(calls, ("a", "b"), ("b",), ("b", "new-starting"), ("b", "c"))
    waits: list[float] = []
    recovered, message = drill.drill(system.service("api"), access, wait=waits.append)
    assert recovered
    assert message == "task a was stopped; 2 run again after 30 s"
    assert calls.of("StopTask") == [
        {"cluster": "shop-dev", "task": "arn/a", "reason": "trellis smoke --drill"}
    ]
    assert waits == [10, 10, 10]


def test_a_service_that_does_not_recover(calls: Calls, access: Access, system: System):
    tasks(calls, ("a", "b"), ("b",))
    waits: list[float] = []
    recovered, message = drill.drill(system.service("api"), access, wait=waits.append)
    assert not recovered
    assert message == "task a was stopped; 1 of 2 run after 600 s"
    assert sum(waits) == 600


def test_a_drill_that_would_be_an_outage_is_refused(calls: Calls, trellis: Callable[..., Ran]):
    tasks(calls, ("a",))
    ran = trellis("smoke", "dev", "--drill", "api")
    assert ran.code == 2
    assert "with fewer than two, the drill is an outage" in ran.err
    assert not calls.of("StopTask")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """An HTTPS server on this machine with a certificate of its own; its port and certificate."""
    file = tmp_path / "own.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    made += ["-keyout", str(file), "-out", str(tmp_path / "c.pem"), "-subj", "/CN=localhost"]
    made += ["-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(made, check=True, capture_output=True)
    file.write_text(file.read_text() + (tmp_path / "c.pem").read_text())

    class Serving(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(204 if self.path == "/health" else 503)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with http.server.HTTPServer(("127.0.0.1", 0), Serving) as listening:
        listening.socket = context.wrap_socket(listening.socket, server_side=True)
        serving = threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True)
        serving.start()
        yield listening.server_port, tmp_path / "c.pem"
        listening.shutdown()
        serving.join()


def test_the_probe_verifies_the_certificate(server: tuple[int, Path]):
    port, certificate = server
    trusted = ssl.create_default_context(cafile=str(certificate))
    assert probing.probe("localhost", "/health", port=port, trusted=trusted) == Answer(204)
    assert probing.probe("localhost", "/", port=port, trusted=trusted) == Answer(503)
    refused = probing.probe("localhost", "/health", port=port)
    assert refused.status is None
    assert refused.why.startswith("its certificate is not trusted")
    other = probing.probe("127.0.0.1", "/health", port=port, trusted=trusted)
    assert other.why.startswith("its certificate is not trusted")


def test_the_probe_tells_what_is_not_there(monkeypatch: pytest.MonkeyPatch):
    # Nothing listens at a port that is held without listening.
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        assert "refused" in probing.probe("127.0.0.1", "/", port=held.getsockname()[1]).why

    def nowhere(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    assert probing.probe("nowhere.invalid", "/").why == "its name is not in the DNS"


def test_regions_of_alarms_are_asked_apart(account: Calls, access: Access, system: System):
    looked(system, access)
    asked = [len(resource["AlarmNames"]) for resource in account.of("DescribeAlarms")]
    assert all(count <= 100 for count in asked)
    assert sum(asked) >= 10
    assert access.region == REGION
