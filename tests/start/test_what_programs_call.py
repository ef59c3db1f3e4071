"""What other tools let every container call, and a stack file only whoever says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.components.small_systems import DATABASE, NETWORK, small_system
from tests.start.test_bringing import SAMPLES
from trellis.stackfile.calls_out import CallOut, calls_out
from trellis.start import compose, copilot
from trellis.start.draft import Converted

IMAGE = {"repository": "app", "digest": f"sha256:{'1' * 64}"}


@pytest.fixture(scope="module")
def tickets() -> Converted:
    sample = SAMPLES / "compose" / "tickets.yml"
    return compose.convert(sample, Path("/repository"), "example.com")


@pytest.fixture(scope="module")
def parcelhub() -> Converted:
    return copilot.convert(SAMPLES / "copilot/parcelhub", Path("/repository"), "example.com")


def remarks_on(converted: Converted, words: str) -> list[str]:
    return [str(leftover) for leftover in converted.ledger.leftovers() if words in str(leftover)]


def test_what_others_start_after_is_a_job_before_them(tickets: Converted) -> None:
    assert tickets.shared["jobs"]["migrate"]["before"] == ["web", "worker", "beat"]
    assert "migrate" not in tickets.shared["services"]


def test_what_one_machine_publishes_to_itself_is_not_public(tickets: Converted) -> None:
    search = tickets.shared["services"]["search"]
    assert "routes" not in search
    assert search["discoverable"] is True


def test_addresses_beyond_are_opened(tickets: Converted) -> None:
    uses = tickets.shared["services"]["worker"]["uses"]
    assert {"address": "smtp.mailgun.org", "port": 587} in uses


def test_a_proxy_may_call_what_it_waits_for(tickets: Converted) -> None:
    assert {"service": "web"} in tickets.shared["services"]["nginx"]["uses"]


def test_what_runs_once_runs_once(tickets: Converted, parcelhub: Converted) -> None:
    assert tickets.shared["services"]["beat"]["scaling"] == {"min": 1, "max": 1}
    frontend = parcelhub.shared["services"]["frontend"]
    assert frontend["scaling"]["min"] == 1


def test_what_a_cache_url_loses_is_told(tickets: Converted) -> None:
    assert tickets.shared["secrets"]["redis"]["urlQuery"] == "ssl_cert_reqs=required"
    assert len(remarks_on(tickets, "stood for number 1")) >= 1


def test_names_that_no_shell_has_come_along(tickets: Converted) -> None:
    environment = tickets.shared["services"]["search"]["environment"]
    assert environment["discovery.type"] == "single-node"


def test_a_service_of_copilot_may_call_what_its_variables_name(parcelhub: Converted) -> None:
    frontend = parcelhub.shared["services"]["frontend"]
    assert {"service": "api", "as": "API_URL"} in frontend["uses"]
    assert "API_URL" not in frontend["environment"]
    assert parcelhub.shared["services"]["api"]["discoverable"] is True


def test_a_rule_for_another_container_leads_nowhere_else(parcelhub: Converted) -> None:
    routes = parcelhub.shared["services"]["api"]["routes"]
    assert all("path" not in route for route in routes)
    assert remarks_on(
        parcelhub, "http.additional_rules[0]: the routes of a service lead to one port"
    )


def test_scaling_and_health_of_copilots_current_words_come_along(parcelhub: Converted) -> None:
    api = parcelhub.shared["services"]["api"]
    assert api["scaling"]["cooldown"] == {"in": 60, "out": 30}
    assert api["health"]["port"] == 8080


def test_a_name_that_nobody_certifies_is_told_and_not_refused(parcelhub: Converted) -> None:
    assert "routes" not in parcelhub.shared["services"]["admin"]
    assert remarks_on(parcelhub, "nobody certifies such a name in public")


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({"SMTP_HOST": "smtp.example.net", "SMTP_PORT": "587"}, ("smtp.example.net", 587)),
        ({"BROKER": "amqps://u@b-1.mq.example.net:5671"}, ("b-1.mq.example.net", 5671)),
        ({"DB": "postgresql+asyncpg://db.example.net/app"}, ("db.example.net", 5432)),
        ({"KAFKA": "b-1.example.net:9094"}, ("b-1.example.net", 9094)),
        ({"LOGS": "https://logs.example.net:8443/in"}, ("logs.example.net", 8443)),
        ({"SITE": "https://www.example.net/"}, None),
        ({"HOST": "0.0.0.0", "PORT": "3000"}, None),
        ({"AGENT": "http://127.0.0.1:8126"}, None),
        ({"URL": "redis://localhost:6379"}, None),
        ({"IMAGE": "registry.example.net/app:1"}, None),
        ({"FILE": "sqlite:///srv/app.db"}, None),
        ({"VERSION": "1.2.3"}, None),
    ],
)
def test_hosts_with_ports_are_found_in_variables(
    environment: dict[str, str], found: tuple[str, int] | None
) -> None:
    calls = list(calls_out(environment))
    variable = next(iter(environment))
    assert calls == ([CallOut(variable, *found)] if found else [])


def warnings(
    environment: dict[str, str],
    *uses: dict[str, Any],
    main: dict[str, Any] = DATABASE,
    **more: Any,
) -> list[str]:
    web: dict[str, Any] = {"image": IMAGE, "environment": environment, "uses": list(uses), **more}
    api = {"image": IMAGE, "port": 8080, "discoverable": True}
    recording = small_system(
        network=NETWORK, databases={"main": main}, services={"web": web, "api": api}
    )
    return [text for text in recording.warnings if "is closed to it" in text]


SMTP = {"SMTP_HOST": "smtp.example.net", "SMTP_PORT": "587"}


def test_a_plan_tells_of_an_address_that_nothing_lets_out_to() -> None:
    (warning,) = warnings(SMTP)
    assert warning.startswith("services.web: SMTP_HOST names smtp.example.net, and port 587")
    assert "{address: smtp.example.net, port: 587}" in warning
    assert warnings(SMTP, {"address": "smtp.example.net", "port": 587}) == []


def test_a_plan_tells_of_what_a_sidecar_calls() -> None:
    sidecar = {"image": IMAGE, "environment": SMTP}
    (warning,) = warnings({}, sidecars={"relay": sidecar})
    assert warning.startswith("services.web.sidecars.relay: SMTP_HOST")


def test_a_plan_tells_of_a_service_that_is_called_and_not_used() -> None:
    (warning,) = warnings({"API": "http://api:8080"})
    assert "{service: api}" in warning
    assert warnings({"API": "http://api:8080/v1"}, {"service": "api"}) == []


def test_a_database_by_another_name_is_no_address_beyond() -> None:
    assert warnings({"DB": "postgres://db.example.net"}, {"database": "main"}) == []


def test_a_database_opens_the_port_of_its_own_engine_alone() -> None:
    (warning,) = warnings({"DB": "mysql://legacy.example.net/app"}, {"database": "main"})
    assert "port 3306 is closed to it" in warning


def test_a_database_opens_the_port_that_it_is_given() -> None:
    moved = {**DATABASE, "port": 6000}
    (warning,) = warnings({"DB": "postgres://a.example.net"}, {"database": "main"}, main=moved)
    assert "port 5432 is closed to it" in warning
    other = {"DB": "postgres://a.example.net:6000"}
    assert warnings(other, {"database": "main"}, main=moved) == []


def test_a_proxy_opens_the_engines_port_whatever_its_databases_is() -> None:
    pooled: dict[str, Any] = {**DATABASE, "port": 6000, "proxy": {}}
    assert warnings({"DB": "postgres://a.example.net"}, {"database": "main"}, main=pooled) == []
