"""`trellis smoke`: whether a deployed stack does what it is for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from trellis.operate.access import is_absence, listed
from trellis.operate.findings import Check, Finding, Status, found
from trellis.operate.planned import Planned
from trellis.operate.probing import Answer
from trellis.operate.secret_values import secret_findings
from trellis.operate.system import Service

ENDPOINTS, CERTIFICATES, SERVICES, TARGETS, ALARMS, LOGS, DASHBOARDS, SECRETS = (
    "endpoints",
    "certificates",
    "services",
    "targets",
    "alarms",
    "logs",
    "dashboards",
    "secrets",
)

ALARMS_AT_ONCE = 100
"""Names that DescribeAlarms takes (Amazon CloudWatch API Reference, 2026-11)."""

RENEWED_DAYS = 30
"""ACM renews 60 days before the end; with fewer than these left, that has failed."""

QUIET_MINUTES = 60

SERVER_ERROR = 500

TARGET_GROUP = "aws:lb/targetGroup:TargetGroup"
ALARM_TYPES = (
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    "aws:cloudwatch/compositeAlarm:CompositeAlarm",
)


@dataclass(frozen=True)
class Deployed:
    """What the checks are asked with."""

    planned: Planned
    now: dt.datetime
    ask: Callable[[str, str], Answer]
    """`probing.probe`: host and path."""


def _endpoints(deployed: Deployed) -> Iterator[Finding]:
    system = deployed.planned.system
    balancers = system.settings.load_balancers
    only = next(iter(balancers)) if len(balancers) == 1 else None
    for service in system.services():
        for route in service.settings.routes:
            balancer = balancers.get(route.load_balancer or only or "")
            if balancer is None or balancer.scheme != "public":
                continue
            for host in route.hosts:
                if "*" not in host and "?" not in host:
                    yield _reached(deployed, service, host, bool(route.paths))
    for distribution in system.recording.of_type("aws:cloudfront/distribution:Distribution"):
        for alias in distribution.inputs.get("aliases") or ():
            answer = deployed.ask(str(alias), "/")
            yield _served(f"https://{alias}/", answer, system.place(distribution))


def _reached(deployed: Deployed, service: Service, host: str, by_path: bool) -> Finding:
    """The health path where the route leads there; else anything but an error of the server."""
    settings = service.settings
    path = "/" if by_path else settings.health_path
    answer = deployed.ask(host, path)
    label = f"https://{host}{path}"
    healthy = (
        by_path or settings.protocol == "grpc" or _is_one_of(answer.status, settings.health_codes)
    )
    if answer.status is None or answer.status >= SERVER_ERROR or healthy:
        return _served(label, answer, service.place)
    return Finding(
        ENDPOINTS,
        Status.WRONG,
        f"{label} answers {answer.status}, and health is {settings.health_codes}",
        f"`trellis diagnose STACK`; the log of {service.key} is {service.log_group}",
        service.place,
    )


def _served(label: str, answer: Answer, place: str) -> Finding:
    if answer.status is None:
        return Finding(
            ENDPOINTS,
            Status.WRONG,
            f"{label}: {answer.why}",
            "look at delegation (`trellis doctor`), certificates and who may call it",
            place,
        )
    if answer.status >= SERVER_ERROR:
        remedy = "`trellis diagnose STACK`"
        return Finding(ENDPOINTS, Status.WRONG, f"{label} answers {answer.status}", remedy, place)
    return Finding(ENDPOINTS, Status.OK, f"{label} answers {answer.status}", "", place)


def _is_one_of(status: int | None, codes: str) -> bool:
    spans = [[int(number) for number in part.split("-")] for part in codes.split(",")]
    return status is not None and any(span[0] <= status <= span[-1] for span in spans)


def _certificates(deployed: Deployed) -> Iterator[Finding]:
    planned = deployed.planned
    for certificate in planned.system.recording.of_type("aws:acm/certificate:Certificate"):
        domain = str(certificate.inputs["domainName"])
        region = str(certificate.inputs.get("region") or planned.access.region)
        place = planned.system.place(certificate)
        client = planned.access.client("acm", region)
        pages = client.get_paginator("list_certificates").paginate()
        arns = [
            summary["CertificateArn"]
            for page in pages
            for summary in page["CertificateSummaryList"]
            if summary["DomainName"] == domain
        ]
        described = [client.describe_certificate(CertificateArn=arn)["Certificate"] for arn in arns]
        yield _certificate(domain, region, described, deployed.now, place)


def _certificate(
    domain: str, region: str, described: Sequence[Any], now: dt.datetime, place: str
) -> Finding:
    issued = [description for description in described if description.get("Status") == "ISSUED"]
    if not issued:
        states = ", ".join(sorted({str(description.get("Status")) for description in described}))
        return Finding(
            CERTIFICATES,
            Status.WRONG,
            f"no certificate of {domain} in {region} is issued ({states or 'there is none'})",
            "its zone has to be delegated: `trellis doctor STACK` looks",
            place,
        )
    end = max(certificate["NotAfter"] for certificate in issued)
    if end - now < dt.timedelta(days=RENEWED_DAYS):
        return Finding(
            CERTIFICATES,
            Status.WRONG,
            f"the certificate of {domain} ends {end:%Y-%m-%d} and was not renewed",
            "its validation record has to be in the DNS still: `pulumi up` sets it",
            place,
        )
    return Finding(CERTIFICATES, Status.OK, f"{domain} until {end:%Y-%m-%d}", "", place)


def _services(deployed: Deployed) -> Iterator[Finding]:
    client = deployed.planned.access.client("ecs")
    for service in deployed.planned.system.services():
        there = listed(
            client.describe_services, "services", cluster=service.cluster, services=[service.name]
        )
        running = [
            service_state for service_state in there if service_state.get("status") == "ACTIVE"
        ]
        if not running:
            waits = service.planned is None
            yield Finding(
                SERVICES,
                Status.WARNING if waits else Status.WRONG,
                f"{service.name} is not there"
                + (": it waits for its image or a secret's value" if waits else ""),
                "`trellis doctor STACK` says what it waits for" if waits else "`pulumi up`",
                service.place,
            )
            continue
        wanted, runs = running[0].get("desiredCount", 0), running[0].get("runningCount", 0)
        rollouts = {
            str(deployment.get("rolloutState")) for deployment in running[0].get("deployments", ())
        }
        message = f"{service.key}: {runs} of {wanted} tasks run"
        if runs < wanted or "FAILED" in rollouts:
            remedy = "`trellis diagnose STACK` says why"
            yield Finding(SERVICES, Status.WRONG, message, remedy, service.place)
        else:
            yield Finding(SERVICES, Status.OK, message, "", service.place)


def _targets(deployed: Deployed) -> Iterator[Finding]:
    planned = deployed.planned
    client = planned.access.client("elbv2")
    by_place: dict[str, list[Any]] = {}
    for name, group in planned.named(TARGET_GROUP, "name"):
        described = listed(client.describe_target_groups, "TargetGroups", Names=[name])
        targets = by_place.setdefault(planned.system.place(group), [])
        for description in described:
            health = client.describe_target_health(TargetGroupArn=description["TargetGroupArn"])
            targets.extend(health["TargetHealthDescriptions"])
    for place, targets in by_place.items():
        # Of two groups that take turns, one is empty.
        states = [str(target["TargetHealth"]["State"]) for target in targets]
        healthy = states.count("healthy")
        sick = [
            target["TargetHealth"]
            for target in targets
            if target["TargetHealth"]["State"] == "unhealthy"
        ]
        if sick or not healthy:
            why = "; ".join(
                sorted({str(target_health.get("Description", "")) for target_health in sick} - {""})
            )
            yield Finding(
                TARGETS,
                Status.WRONG,
                f"{healthy} of {len(states)} targets are healthy{f' ({why})' if why else ''}",
                "the health path, the port, or the task's log",
                place,
            )
        else:
            yield Finding(TARGETS, Status.OK, f"{healthy} healthy", "", place)


def _alarms(deployed: Deployed) -> Iterator[Finding]:
    planned = deployed.planned
    by_region: dict[str, dict[str, str]] = {}
    for type_ in ALARM_TYPES:
        name = "alarmName" if "composite" in type_ else "name"
        for alarm, resource in planned.named(type_, name):
            region = str(resource.inputs.get("region") or planned.access.region)
            by_region.setdefault(region, {})[alarm] = planned.system.place(resource)
    for region, places in by_region.items():
        states = _states(planned.access.client("cloudwatch", region), sorted(places))
        for alarm, place in places.items():
            if alarm not in states:
                yield Finding(ALARMS, Status.WRONG, f"{alarm} is not there", "`pulumi up`", place)
            elif states[alarm] == "ALARM":
                remedy = "its description says what to do"
                yield Finding(ALARMS, Status.WRONG, f"{alarm} is in alarm", remedy, place)
        quiet = sum(state != "ALARM" for state in states.values())
        if quiet:
            yield Finding(ALARMS, Status.OK, f"{quiet} of {len(places)} in {region} are quiet")


def _states(client: Any, names: Sequence[str]) -> dict[str, str]:
    found_: dict[str, str] = {}
    for start in range(0, len(names), ALARMS_AT_ONCE):
        answer = client.describe_alarms(
            AlarmNames=list(names[start : start + ALARMS_AT_ONCE]),
            AlarmTypes=["MetricAlarm", "CompositeAlarm"],
        )
        for alarm in (*answer.get("MetricAlarms", ()), *answer.get("CompositeAlarms", ())):
            found_[alarm["AlarmName"]] = alarm["StateValue"]
    return found_


def _logs(deployed: Deployed) -> Iterator[Finding]:
    client = deployed.planned.access.client("logs")
    for service in deployed.planned.system.services():
        if service.planned is None:
            continue
        try:
            answer = client.describe_log_streams(
                logGroupName=service.log_group, orderBy="LastEventTime", descending=True, limit=1
            )
        except ClientError as error:
            if not is_absence(error):
                raise
            message = f"{service.log_group} is not there"
            yield Finding(LOGS, Status.WRONG, message, "`pulumi up` makes it", service.place)
            continue
        streams = answer["logStreams"]
        millis = (
            streams[0].get("lastIngestionTime") or streams[0].get("lastEventTimestamp")
            if streams
            else None
        )
        if millis is None:
            message = f"{service.log_group} has no line yet"
            yield Finding(
                LOGS, Status.WARNING, message, "the task writes to standard output?", service.place
            )
            continue
        last = dt.datetime.fromtimestamp(millis / 1000, dt.UTC)
        quiet = deployed.now - last > dt.timedelta(minutes=QUIET_MINUTES)
        message = f"{service.log_group}: last line {last:%Y-%m-%d %H:%M} UTC"
        remedy = "nothing, where nobody calls the service" if quiet else ""
        yield Finding(LOGS, Status.WARNING if quiet else Status.OK, message, remedy, service.place)


def _dashboards(deployed: Deployed) -> Iterator[Finding]:
    planned = deployed.planned
    wanted = dict(planned.named("aws:cloudwatch/dashboard:Dashboard", "dashboardName"))
    if not wanted:
        return
    pages = planned.access.client("cloudwatch").get_paginator("list_dashboards").paginate()
    there = {entry["DashboardName"] for page in pages for entry in page["DashboardEntries"]}
    for name, dashboard in wanted.items():
        place = planned.system.place(dashboard)
        if name in there:
            yield Finding(DASHBOARDS, Status.OK, name, "", place)
        else:
            yield Finding(DASHBOARDS, Status.WRONG, f"{name} is not there", "`pulumi up`", place)


def _secrets(deployed: Deployed) -> Iterator[Finding]:
    yield from secret_findings(deployed.planned, deployed.now)


CHECKS: Sequence[Check[Deployed]] = (
    Check(SERVICES, _services),
    Check(TARGETS, _targets),
    Check(ENDPOINTS, _endpoints),
    Check(CERTIFICATES, _certificates),
    Check(ALARMS, _alarms),
    Check(LOGS, _logs),
    Check(SECRETS, _secrets),
    Check(DASHBOARDS, _dashboards),
)


def look(deployed: Deployed) -> list[Finding]:
    """Everything that can be looked at with these credentials."""
    return found(CHECKS, deployed)
