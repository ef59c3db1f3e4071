"""The monitoring component: alarms, composites and dashboards from what components publish.

Builds a CloudWatch alarm for each AlarmSpec and each alarm of the stack file, a composite alarm for
each thing with several that page, a mute rule for each silence, the overview dashboard and the
stack file's own, the application's log groups with their metrics and queries, health checks, chat
channels and the pager's function.

Promises:
- What pages goes to the `pages` topic, what can wait to `alerts`; recovery goes the same way.
- One outage of one thing pages once.
- What AWS measures in us-east-1 only has its alarms there, and topics of its own.
- It knows nothing of the components whose alarms it makes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, AlarmSpec, Arn, Link, Severity, WidgetSpec
from components.monitoring.alarms.alarms import composite_alarm, metric_alarm, mute
from components.monitoring.alarms.composites import (
    CompositeSpec,
    alarm_name,
    part_of_all,
    spoken_for,
)
from components.monitoring.alarms.crawler_failures import failed_crawlers, failed_crawlers_widget
from components.monitoring.alarms.custom import Metric
from components.monitoring.alarms.deployments import failed_deployments, failed_deployments_widget
from components.monitoring.alarms.job_failures import ScheduledJob, failed_jobs, failed_jobs_widget
from components.monitoring.alarms.merging import merged
from components.monitoring.dashboards.dashboards import create_dashboards
from components.monitoring.delivery.chat import chat_channel
from components.monitoring.delivery.pagerduty import HeardTopic, pager, pager_alarms
from components.monitoring.logs.logs import create_logs, log_metrics
from components.monitoring.probes.health import health_alarm, health_check
from components.monitoring.settings import MonitoringSettings
from components.naming import Naming


@dataclass(frozen=True)
class Published:
    """What the components of a system want seen."""

    alarms: tuple[AlarmSpec, ...] = ()
    """With names that no other has."""
    widgets: tuple[WidgetSpec, ...] = ()
    """In the order of the stack file."""
    waiting: frozenset[str] = frozenset()
    """Names of alarms that come once what they belong to is started."""


class Monitoring(pulumi.ComponentResource):
    """All monitoring of one system. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: MonitoringSettings,
        *,
        naming: Naming,
        where: AccountRegion,
        published: Published,
        topics: Mapping[Severity, Arn],
        topics_abroad: Mapping[str, Mapping[Severity, Arn]] | None = None,
        today: date,
        secrets: Mapping[str, Link] | None = None,
        log_key_arn: Arn | None = None,
        secret_key_arn: Arn | None = None,
        log_days: int = 365,
        services: Sequence[Arn] = (),
        jobs: Mapping[str, ScheduledJob] | None = None,
        crawlers: Sequence[str] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make what watches a system.

        Args:
            topics: who is told, by severity.
            topics_abroad: the same by region, for alarms that are not in the system's own.
            today: in UTC: silences that ended before are not made.
            secrets: read access to the secrets that pagers name, by key.
            secret_key_arn: customer key of the pager function's environment.
            log_days: days the pager function's log is kept.
            services: ARNs of ECS services whose failed deployments are told.
            jobs: scheduled jobs whose failed runs are told, by key.
            crawlers: Glue's names of crawlers whose failed runs are told.

        Raises:
            AlarmsError: the stack file says of alarms what does not fit those there are.
        """
        super().__init__("trellis:monitoring:Monitoring", name, None, opts)
        self._key = name
        self._settings = settings
        self._naming = naming
        self._where = where
        self._topics = {where.region: topics, **(topics_abroad or {})}
        self._child = pulumi.ResourceOptions(parent=self)
        self._metrics = self._named_metrics()

        self._specs: Sequence[AlarmSpec] = ()
        self._shown: Sequence[Arn] = ()

        self._log_groups = self._create_logs(log_key_arn)
        own = [*self._create_health_checks(), *self._pager_alarms()]
        self._create_alarms([*published.alarms, *own], published.waiting, today)
        self._create_webhooks_and_chat()
        self._create_pagers(secrets or {}, log_key_arn, secret_key_arn, log_days)
        widgets = published.widgets
        if services:
            failed_deployments(services, topics[Severity.NOTIFY], naming=naming, opts=self._child)
            widgets = (*widgets, failed_deployments_widget(naming))
        if jobs:
            failed_jobs(jobs, topics[Severity.NOTIFY], naming=naming, opts=self._child)
            widgets = (*widgets, failed_jobs_widget(jobs, naming))
        if crawlers:
            failed_crawlers(crawlers, topics[Severity.NOTIFY], naming=naming, opts=self._child)
            widgets = (*widgets, failed_crawlers_widget(naming))
        create_dashboards(
            settings,
            widgets,
            alarms=self._specs,
            shown=self._shown,
            metrics=self._metrics,
            naming=naming,
            where=where,
            opts=self._child,
        )
        self.register_outputs({})

    @property
    def log_groups(self) -> Mapping[str, aws.cloudwatch.LogGroup]:
        """The application's log groups by key."""
        return self._log_groups

    def _named_metrics(self) -> dict[str, Metric]:
        found = {
            key: Metric(namespace.namespace, metric.name, metric.dimensions)
            for namespace in self._settings.metrics.values()
            for key, metric in namespace.metrics.items()
        }
        for key, group in self._settings.logs.items():
            found.update(log_metrics(key, group, self._naming))
        return found

    def _create_logs(self, key_arn: Arn | None) -> dict[str, aws.cloudwatch.LogGroup]:
        return {
            key: create_logs(
                key,
                log,
                naming=self._naming,
                where=self._where,
                key_arn=key_arn,
                opts=self._child,
            )
            for key, log in self._settings.logs.items()
        }

    def _create_health_checks(self) -> list[AlarmSpec]:
        return [
            health_alarm(
                key, checked, health_check(key, checked, naming=self._naming, opts=self._child)
            )
            for key, checked in self._settings.health_checks.items()
        ]

    def _create_webhooks_and_chat(self) -> None:
        for key, subscriber in self._settings.subscribers.items():
            heard = self._heard(subscriber.hears)
            if subscriber.https is not None:
                for label, topic in heard.items():
                    aws.sns.TopicSubscription(
                        f"{key}-{label}",
                        topic=topic.arn,
                        protocol="https",
                        # Its address may be a secret itself.
                        endpoint=pulumi.Output.secret(subscriber.https),
                        endpoint_auto_confirms=True,
                        region=topic.region,
                        opts=self._child,
                    )
            chat = subscriber.slack or subscriber.teams
            if chat is not None:
                chat_channel(
                    key,
                    chat,
                    [topic.arn for topic in heard.values()],
                    naming=self._naming,
                    where=self._where,
                    opts=self._child,
                )

    def _pager_alarms(self) -> list[AlarmSpec]:
        pagers = [
            key for key, subscriber in self._settings.subscribers.items() if subscriber.pagerduty
        ]
        return [alarm for key in pagers for alarm in pager_alarms(key, self._naming)]

    def _create_pagers(
        self,
        secrets: Mapping[str, Link],
        log_key_arn: Arn | None,
        secret_key_arn: Arn | None,
        log_days: int,
    ) -> None:
        for key, subscriber in self._settings.subscribers.items():
            if subscriber.pagerduty is not None:
                pager(
                    key,
                    secrets[subscriber.pagerduty],
                    self._heard(subscriber.hears),
                    naming=self._naming,
                    where=self._where,
                    log_key_arn=log_key_arn,
                    variables_key_arn=secret_key_arn,
                    log_days=log_days,
                    opts=self._child,
                )

    def _heard(self, severities: Sequence[str]) -> dict[str, HeardTopic]:
        """The topics that a subscriber hears, by a label for names."""
        return {
            severity if region == self._where.region else f"{severity}-{region}": HeardTopic(
                topics[Severity(severity)], self._abroad(region)
            )
            for region, topics in self._topics.items()
            for severity in severities
        }

    def _create_alarms(
        self, published: Sequence[AlarmSpec], waiting: Collection[str], today: date
    ) -> None:
        alarms = merged(
            [replace(alarm, region=self._abroad(alarm.region)) for alarm in published],
            self._settings.alarms,
            self._metrics,
            naming=self._naming,
            today=today,
            waiting=waiting,
            group=self._settings.group,
        )
        for silence in alarms.ended:
            pulumi.log.warn(
                f"the silence of {silence.alarm} ended on {silence.until.isoformat()}, so it tells "
                f"again; take monitoring.alarms.{silence.alarm}.silence out of the stack file"
            )
        quiet, late = spoken_for(alarms.composite), part_of_all(alarms.composite)
        every = (*alarms.metric, *alarms.composite)
        self._specs = alarms.metric
        self._shown = [self._alarm_arn(e.name, e.region) for e in every if e.name not in quiet]
        made: dict[str, pulumi.Resource] = {}
        for spec in alarms.metric:
            made[spec.name] = metric_alarm(
                spec,
                naming=self._naming,
                actions=self._notified_topics(spec, quiet, late),
                opts=self._child,
            )
        for composite in alarms.composite:
            made[composite.name] = composite_alarm(
                composite,
                made,
                naming=self._naming,
                actions=self._notified_topics(composite, quiet, late),
                opts=self._child,
            )
        regions = {alarm.name: alarm.region for alarm in every}
        for silence in alarms.silences:
            mute(
                silence,
                made[silence.alarm],
                naming=self._naming,
                region=regions[silence.alarm],
                opts=self._child,
            )

    def _notified_topics(
        self, spec: AlarmSpec | CompositeSpec, quiet: frozenset[str], late: frozenset[str]
    ) -> tuple[Arn, ...]:
        """The topic an alarm goes to; none where a composite one pages for it."""
        pages = spec.severity is Severity.PAGE
        if pages and spec.name in quiet:
            return ()
        severity = Severity.NOTIFY if pages and spec.name in late else spec.severity
        return (self._topics[spec.region or self._where.region][severity],)

    def _abroad(self, region: str | None) -> str | None:
        """A resource's `region`; none in the system's own."""
        return None if region == self._where.region else region

    def _alarm_arn(self, name: str, region: str | None) -> Arn:
        where = replace(self._where, region=region or self._where.region)
        return where.arn("cloudwatch", f"alarm:{alarm_name(name, self._naming)}")
