"""Monitoring of a system: the two topics of alarms, and all that components publish."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Protocol, runtime_checkable

from components.catalog.crawlers import crawler_names
from components.contracts import AlarmSpec, Domain, Link, Severity, WidgetSpec
from components.messaging.settings import TopicSettings
from components.messaging.topic import Topic
from components.monitoring.alarms.job_failures import ScheduledJob
from components.monitoring.alarms.merging import AlarmsError
from components.monitoring.custom_metrics import CustomMetrics
from components.monitoring.logs.application_log import ApplicationLog
from components.monitoring.logs.logs import group_name
from components.monitoring.monitoring import Monitoring, Published
from components.parts.edge_region import US_EAST_1, edge
from components.secrets.secret import Secret
from components.services.service import Service
from components.services.task.task import family_of
from trellis.stackfile.edge import alarms_at_the_edge
from trellis.stackfile.implied import ALARM_TOPICS
from trellis.stackfile.loading import Loaded
from trellis.stackfile.settings import SystemSettings
from trellis.stackfile.suggesting import did_you_mean
from trellis.tiers.stack_context import StackContext


@runtime_checkable
class Alarming(Protocol):
    """A component that publishes alarms."""

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """What should wake somebody."""
        ...


@runtime_checkable
class Showing(Protocol):
    """A component that publishes widgets."""

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """What should be seen."""
        ...


def custom_metrics(settings: SystemSettings) -> dict[str, CustomMetrics]:
    """The namespaces that tasks may put metrics into, by the stack file's keys."""
    declared = settings.monitoring.metrics.items()
    return {key: CustomMetrics(key, metrics.namespace) for key, metrics in declared}


def application_logs(stack: StackContext) -> dict[str, ApplicationLog]:
    """The application's own log groups, by the stack file's keys, for who writes into them."""
    return {
        key: ApplicationLog(key, group_name(log, stack.naming), stack.where)
        for key, log in stack.settings.monitoring.logs.items()
    }


def make_edge_topics(stack: StackContext) -> dict[Severity, Topic]:
    """The alarms' topics in us-east-1, where a system elsewhere needs some.

    Who hears of alarms by email, text message or webhook subscribes there a second time.
    """
    if not alarms_at_the_edge(stack.settings):
        return {}
    found: dict[Severity, Topic] = {}
    for severity, key in ALARM_TOPICS.items():
        topic_settings = stack.settings.topics[key]
        topic = Topic(
            f"{key}-edge",
            TopicSettings(
                display_name=topic_settings.display_name,
                publishers=("alarms",),
                subscriptions={
                    name: subscription
                    for name, subscription in topic_settings.subscriptions.items()
                    if subscription.protocol != "queue"
                },
            ),
            naming=stack.naming,
            where=edge(stack.where),
            key_arn=stack.key(Domain.MESSAGES, US_EAST_1),
            region=US_EAST_1,
            opts=stack.child,
        )
        found[severity] = topic
    return found


def published(components: Iterable[object], waiting: Iterable[object] = ()) -> Published:
    """What components publish, in the order of the dashboards.

    Args:
        waiting: what is not started yet and has nothing to watch.
    """
    made, later = list(components), list(waiting)
    return Published(
        tuple(spec for part in made if isinstance(part, Alarming) for spec in part.alarms()),
        tuple(spec for part in made if isinstance(part, Showing) for spec in part.widgets()),
        frozenset(s.name for part in later if isinstance(part, Alarming) for s in part.alarms()),
    )


def make_monitoring(
    stack: StackContext,
    loaded: Loaded,
    seen: Published,
    topics: Mapping[str, Topic],
    edge_topics: Mapping[Severity, Topic],
    secrets: Mapping[str, Secret],
    services: Mapping[str, Service],
) -> Monitoring:
    """The alarms and dashboards of everything that publishes some.

    Args:
        edge_topics: the alarms' topics in us-east-1; none where the system lives there.
        services: whose failed deployments are told.

    Raises:
        StackFileError: the stack file says of alarms what does not fit those there are.
    """
    try:
        return Monitoring(
            "monitoring",
            stack.settings.monitoring,
            naming=stack.naming,
            where=stack.where,
            published=seen,
            topics={severity: topics[key].created_arn for severity, key in ALARM_TOPICS.items()},
            topics_abroad=(
                {
                    US_EAST_1: {
                        topic_key: topic.created_arn for topic_key, topic in edge_topics.items()
                    }
                }
                if edge_topics
                else None
            ),
            today=datetime.now(UTC).date(),
            secrets=_pager_secrets(stack.settings, secrets),
            log_key_arn=stack.key(Domain.LOGS),
            secret_key_arn=stack.key(Domain.SECRETS) if stack.settings.secrets else None,
            log_days=stack.log_days,
            services=[service.arn for service in services.values()],
            jobs=_scheduled_jobs(stack),
            crawlers=crawler_names(stack.settings.catalogs, stack.naming),
            opts=stack.child,
        )
    except AlarmsError as error:
        raise loaded.error(
            (
                ("monitoring", *complaint.path),
                complaint.found,
                complaint.allowed,
                did_you_mean(complaint.word, complaint.known),
            )
            for complaint in error.complaints
        ) from None


def _scheduled_jobs(stack: StackContext) -> dict[str, ScheduledJob]:
    return {
        key: ScheduledJob(
            stack.where.arn("ecs", f"task-definition/{family_of(key, job, stack.naming)}:"),
            job.container,
        )
        for key, job in stack.settings.jobs.items()
        # A state machine's own alarm tells of the others, once they are given up.
        if job.schedule is not None and not job.is_followed
    }


def _pager_secrets(settings: SystemSettings, secrets: Mapping[str, Secret]) -> dict[str, Link]:
    named = dict.fromkeys(
        subscriber.pagerduty for subscriber in settings.monitoring.subscribers.values()
    )
    return {key: secrets[key].link("read") for key in named if key is not None}
