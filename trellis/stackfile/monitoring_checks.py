"""What only the whole can tell of monitoring: metrics and secrets that it names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

from components.contracts import Severity
from components.functions.function import function_name
from components.monitoring.alarms.settings import AlarmSettings
from components.monitoring.custom_metrics import AWS_PREFIX
from components.monitoring.dashboards.settings import DashboardSettings
from components.monitoring.logs.logs import group_name
from components.naming import IllegalNameError
from components.parts.model import ENCRYPTED
from components.secrets.settings import GivenSecret
from components.services.task.task import log_group_of
from trellis.stackfile.adopting import naming_of
from trellis.stackfile.complaints import Complaint, unknown
from trellis.stackfile.context import Context
from trellis.stackfile.implied import ALARM_TOPICS
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.service_checks import consumers_of, tasks_of
from trellis.stackfile.settings import SystemSettings


def metrics_once(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Two metrics of one name: alarms and charts could not tell them apart."""
    monitoring = settings.monitoring
    times = Counter(monitoring.metric_names)
    for group, namespace in monitoring.metrics.items():
        for key in namespace.metrics:
            if times[key] > 1:
                path: KeyPath = ("monitoring", "metrics", group, "metrics", key)
                yield path, f"a second metric named {key}", "each name once", ""
    for what in ("metrics", "queries"):
        owners: dict[str, str] = {}
        for log, group in monitoring.logs.items():
            for key in getattr(group, what):
                name = f"{log}-{key}"
                first = owners.setdefault(name, log)
                if first != log:
                    place: KeyPath = ("monitoring", "logs", log, what, key)
                    yield place, f"a second {name}, as of {first}", "another key for one", ""


def known_metrics(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A metric that nobody declares."""
    known = set(settings.monitoring.metric_names)
    for path, name in _named(settings):
        if name not in known:
            yield unknown(path, "metric", name, known)


def _named(settings: SystemSettings) -> Iterator[tuple[KeyPath, str]]:
    for name, alarm in settings.monitoring.alarms.items():
        yield from _of_alarm(("monitoring", "alarms", name), alarm)
    for key, dashboard in settings.monitoring.dashboards.items():
        yield from _of_dashboard(("monitoring", "dashboards", key), dashboard)


def _of_alarm(path: KeyPath, alarm: AlarmSettings) -> Iterator[tuple[KeyPath, str]]:
    if alarm.metric is not None:
        yield (*path, "metric"), alarm.metric
    for term, operand in alarm.terms.items():
        yield (*path, "terms", term, "metric"), operand.metric


def _of_dashboard(path: KeyPath, dashboard: DashboardSettings) -> Iterator[tuple[KeyPath, str]]:
    for section, charts in dashboard.sections.items():
        for number, chart in enumerate(charts):
            for position, line in enumerate(chart.lines):
                place: KeyPath = (*path, "sections", section, number, "lines", position)
                if line.metric is not None:
                    yield (*place, "metric"), line.metric
                for term, operand in line.terms.items():
                    yield (*place, "terms", term, "metric"), operand.metric


def own_namespaces(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A task that would put metrics where only AWS does."""
    for path, task in consumers_of(settings).items():
        for position, use in enumerate(task.uses):
            used = settings.monitoring.metrics.get(use.metrics or "")
            if used is not None and used.namespace.startswith(AWS_PREFIX):
                yield (
                    (*path, "uses", position, "metrics"),
                    f"the namespace {used.namespace}, into which only AWS puts metrics",
                    "a namespace of your own",
                    "",
                )


def pager_secrets(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A pager whose integration key is in no secret there is."""
    for key, subscriber in settings.monitoring.subscribers.items():
        if subscriber.pagerduty is None:
            continue
        path: KeyPath = ("monitoring", "subscribers", key, "pagerduty")
        secret = settings.secrets.get(subscriber.pagerduty)
        if secret is None:
            yield unknown(path, "secret", subscriber.pagerduty, settings.secrets)
        elif not isinstance(secret, GivenSecret):
            found = f"{subscriber.pagerduty}, whose value is made inside AWS"
            yield path, found, "a secret whose value a person sets: PagerDuty's own key", ""


def known_places(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A bucket or a log group that nobody declares, and an archive of nothing."""
    monitoring = settings.monitoring
    for key, canary in monitoring.canaries.items():
        if canary.artifacts not in settings.buckets:
            path: KeyPath = ("monitoring", "canaries", key, "artifacts")
            yield unknown(path, "bucket", canary.artifacts, settings.buckets)
    archive = monitoring.archive
    if archive is None:
        return
    if archive.bucket not in settings.buckets:
        yield (
            unknown(("monitoring", "archive", "bucket"), "bucket", archive.bucket, settings.buckets)
        )
    for position, log in enumerate(archive.logs or ()):
        if log not in monitoring.logs:
            yield (
                unknown(("monitoring", "archive", "logs", position), "log", log, monitoring.logs)
            )
    logs = monitoring.logs if archive.logs is None else archive.logs
    if not logs and not (archive.tasks and tasks_of(settings)):
        yield (
            ("monitoring", "archive"),
            "an archive that no log group goes to",
            "services or jobs (`tasks: true`), or log groups under monitoring.logs",
            "",
        )


def dashboards_once(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A dashboard whose name the overview, or a further page of another, has."""
    monitoring = settings.monitoring
    keys = {*monitoring.dashboards, monitoring.overview.key}
    for key in monitoring.dashboards:
        path: KeyPath = ("monitoring", "dashboards", key)
        first = PAGE_NUMBER.sub("", key)
        if key == monitoring.overview.key:
            allowed = "another key, or another `overview.key`"
            yield path, f"{key}, which is the overview's key", allowed, ""
        elif first != key and first in keys:
            yield path, f"{key}, as a further page of {first} is called", "another key", ""


def logs_once(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A log group that another key, a service, a job or a function has already."""
    naming = naming_of(settings)
    owners: dict[str, str] = {}
    for path, task in tasks_of(settings).items():
        # A name that AWS refuses is told where services are checked.
        with suppress(IllegalNameError):
            owners.setdefault(log_group_of(str(path[1]), task, naming), str(path[1]))
    for key, function in settings.functions.items():
        with suppress(IllegalNameError):
            name = f"/aws/lambda/{function_name(key, function, naming)}"
            owners.setdefault(name, f"functions.{key}")
    for key, log in settings.monitoring.logs.items():
        try:
            name = group_name(log, naming)
        except IllegalNameError as error:
            place: KeyPath = ("monitoring", "logs", key, "name")
            yield place, f"a name that AWS refuses: {error}", "another name", ""
            continue
        if name in owners:
            place = ("monitoring", "logs", key, "name")
            yield place, f"{name}, which {owners[name]} has", "a log group of its own", ""
        owners.setdefault(name, key)


def subscribers_once(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A subscriber that would be notified twice, or is already subscribed to the topic."""
    first_of: dict[tuple[str, str, str], str] = {}
    for key, subscriber in settings.monitoring.subscribers.items():
        path: KeyPath = ("monitoring", "subscribers", key)
        for severity in subscriber.hears:
            topic = settings.topics.get(ALARM_TOPICS[Severity(severity)])
            if (
                topic is not None
                and key in topic.subscriptions
                and (subscriber.email or subscriber.sms)
            ):
                owner = f"topics.{ALARM_TOPICS[Severity(severity)]}.subscriptions"
                yield path, f"{key}, which stands under {owner} too", "another name for one", ""
                break
        for way in ("email", "sms", "https"):
            address = getattr(subscriber, way)
            twice = [
                first_of.setdefault((severity, way, address), key)
                for severity in dict.fromkeys(subscriber.hears)
                if address is not None and address != ENCRYPTED
            ]
            if any(first != key for first in twice):
                first = next(first for first in twice if first != key)
                found = f"an address that {first} has, for the same alarms"
                yield (*path, way), found, "each address once for `notify` and for `page`", ""


PAGE_NUMBER = re.compile(r"-page-\d+$")

CHECKS = (
    metrics_once,
    known_metrics,
    own_namespaces,
    pager_secrets,
    known_places,
    dashboards_once,
    logs_once,
    subscribers_once,
)
