"""The monitoring component: alarms, composites and dashboards from what components publish.

Builds a CloudWatch alarm for each AlarmSpec and each alarm of the stack file, a composite alarm for
each thing with several that page, a mute rule for each silence, the overview dashboard and the
stack file's own, the application's log groups with their metrics and queries, health checks, chat
channels and the pager's function.

Promises:
- What pages goes to the `pages` topic, what can wait to `alerts`; recovery goes the same way.
- One outage of one thing pages once.
- It knows nothing of the components whose alarms it makes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, AlarmSpec, Arn, Link, Severity, WidgetSpec
from components.monitoring.alarms import (
    CompositeSpec,
    alarm_name,
    composite_alarm,
    grouped,
    metric_alarm,
    mute,
)
from components.monitoring.body import body_of
from components.monitoring.charts import charts_of
from components.monitoring.chat import chat_channel
from components.monitoring.custom import Metric, merged
from components.monitoring.deployments import failed_deployments, failed_deployments_widget
from components.monitoring.health import METRICS_REGION, health_alarm, health_check
from components.monitoring.layout import laid_out, pages_of
from components.monitoring.logs import create_logs, log_metrics
from components.monitoring.pagerduty import pager, pager_alarms
from components.monitoring.settings import MonitoringSettings
from components.naming import Kind, Naming
from components.parts.json_text import json_text


class Monitoring(pulumi.ComponentResource):
    """All monitoring of one system. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: MonitoringSettings,
        *,
        naming: Naming,
        where: AccountRegion,
        alarms: Sequence[AlarmSpec],
        widgets: Sequence[WidgetSpec],
        topics: Mapping[Severity, Arn],
        secrets: Mapping[str, Link] | None = None,
        log_key_arn: Arn | None = None,
        secret_key_arn: Arn | None = None,
        log_days: int = 365,
        services: Sequence[Arn] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make what watches a system.

        Args:
            alarms: what every component publishes; names are unique.
            widgets: what every component publishes, in the order of the stack file.
            topics: who is told, by severity.
            secrets: read access to the secrets that pagers name, by key.
            secret_key_arn: customer key of the pager function's environment.
            log_days: days the pager function's log is kept.
            services: ARNs of ECS services whose failed deployments are told.

        Raises:
            pulumi.RunError: the stack file changes an alarm that nobody makes, or wants a health
                check's alarm where Route 53 has no metrics.
        """
        super().__init__("trellis:monitoring:Monitoring", name, None, opts)
        self._name = name
        self._settings = settings
        self._naming = naming
        self._where = where
        self._topics = topics
        self._child = pulumi.ResourceOptions(parent=self)
        self._metrics = self._named_metrics()

        self._shown: Sequence[str] = ()

        self._create_logs(log_key_arn)
        own = [*self._create_health_checks(), *self._pager_alarms()]
        self._create_alarms([*alarms, *own])
        self._create_webhooks_and_chat()
        self._create_pagers(secrets or {}, log_key_arn, secret_key_arn, log_days)
        if services:
            failed_deployments(services, topics[Severity.NOTIFY], naming=naming, opts=self._child)
            widgets = [*widgets, failed_deployments_widget(naming)]
        self._create_dashboards(widgets)
        self.register_outputs({})

    def _named_metrics(self) -> dict[str, Metric]:
        found = {
            key: Metric(each.namespace, each.name, each.dimensions)
            for key, each in self._settings.metrics.items()
        }
        for key, group in self._settings.logs.items():
            found.update(log_metrics(key, group, self._naming))
        return found

    def _create_logs(self, key_arn: Arn | None) -> None:
        for key, each in self._settings.logs.items():
            create_logs(
                key,
                each,
                naming=self._naming,
                where=self._where,
                key_arn=key_arn,
                opts=self._child,
            )

    def _create_health_checks(self) -> list[AlarmSpec]:
        checks = self._settings.health_checks
        if checks and self._where.region != METRICS_REGION:
            raise pulumi.RunError(
                f"monitoring.healthChecks: found in {self._where.region}; allowed in "
                f"{METRICS_REGION}, where Route 53 puts its metrics: say them in a stack there"
            )
        return [
            health_alarm(key, each, health_check(key, each, naming=self._naming, opts=self._child))
            for key, each in checks.items()
        ]

    def _create_webhooks_and_chat(self) -> None:
        for key, each in self._settings.subscribers.items():
            heard = {severity: self._topics[Severity(severity)] for severity in each.hears}
            if each.https is not None:
                for severity, topic in heard.items():
                    aws.sns.TopicSubscription(
                        f"{key}-{severity}",
                        topic=topic,
                        protocol="https",
                        # Its address may be a secret itself.
                        endpoint=pulumi.Output.secret(each.https),
                        endpoint_auto_confirms=True,
                        opts=self._child,
                    )
            chat = each.slack or each.teams
            if chat is not None:
                chat_channel(
                    key,
                    chat,
                    list(heard.values()),
                    naming=self._naming,
                    where=self._where,
                    opts=self._child,
                )

    def _pager_alarms(self) -> list[AlarmSpec]:
        pagers = [key for key, each in self._settings.subscribers.items() if each.pagerduty]
        return [alarm for key in pagers for alarm in pager_alarms(key, self._naming)]

    def _create_pagers(
        self,
        secrets: Mapping[str, Link],
        log_key_arn: Arn | None,
        secret_key_arn: Arn | None,
        log_days: int,
    ) -> None:
        for key, each in self._settings.subscribers.items():
            if each.pagerduty is not None:
                pager(
                    key,
                    secrets[each.pagerduty],
                    {severity: self._topics[Severity(severity)] for severity in each.hears},
                    naming=self._naming,
                    where=self._where,
                    log_key_arn=log_key_arn,
                    variables_key_arn=secret_key_arn,
                    log_days=log_days,
                    opts=self._child,
                )

    def _create_alarms(self, published: Sequence[AlarmSpec]) -> None:
        alarms = merged(published, self._settings.alarms, self._metrics)
        taken = frozenset(
            member
            for each in alarms.composite
            if each.severity is Severity.PAGE
            for member in each.members
        )
        # A silenced alarm speaks for itself, so that its silence silences it.
        silenced = frozenset(each.alarm for each in alarms.silences)
        groups = grouped(alarms.metric, taken=taken | silenced) if self._settings.group else ()
        spoken_for = taken | {member for each in groups for member in each.members}
        every = (*alarms.metric, *groups, *alarms.composite)
        self._shown = [each.name for each in every if each.name not in spoken_for]
        made: dict[str, pulumi.Resource] = {}
        for spec in alarms.metric:
            made[spec.name] = metric_alarm(
                spec,
                naming=self._naming,
                actions=() if self._is_spoken_for(spec, spoken_for) else self._told(spec.severity),
                opts=self._child,
            )
        for composite in (*groups, *_members_first(alarms.composite)):
            made[composite.name] = composite_alarm(
                composite,
                made,
                naming=self._naming,
                actions=self._told(composite.severity),
                opts=self._child,
            )
        for silence in alarms.silences:
            mute(silence, made[silence.alarm], naming=self._naming, opts=self._child)

    @staticmethod
    def _is_spoken_for(spec: AlarmSpec, names: frozenset[str]) -> bool:
        return spec.severity is Severity.PAGE and spec.name in names

    def _told(self, severity: Severity) -> tuple[Arn, ...]:
        return (self._topics[severity],)

    def _create_dashboards(self, widgets: Sequence[WidgetSpec]) -> None:
        overview = self._settings.overview
        self._create_dashboard(
            overview.key,
            [each for each in widgets if overview.shows(each.section)],
            alarms=True,
        )
        for key, each in self._settings.dashboards.items():
            own = charts_of(each, self._metrics)
            tiers = [widget for widget in widgets if widget.section in each.tiers]
            self._create_dashboard(key, [*own, *tiers])

    def _create_dashboard(
        self, key: str, widgets: Sequence[WidgetSpec], *, alarms: bool = False
    ) -> None:
        state = [self._alarm_arn(each) for each in self._shown] if alarms else []
        for number, page in enumerate(pages_of(widgets), 1):
            name = key if number == 1 else f"{key}-page-{number}"
            shown = state if number == 1 else []
            aws.cloudwatch.Dashboard(
                name,
                dashboard_name=self._naming.of(Kind.DASHBOARD, name),
                dashboard_body=json_text(body_of(laid_out(page), self._where.region, alarms=shown)),
                opts=self._child,
            )

    def _alarm_arn(self, name: str) -> Arn:
        return self._where.arn("cloudwatch", f"alarm:{alarm_name(name, self._naming)}")


def _members_first(composites: Sequence[CompositeSpec]) -> list[CompositeSpec]:
    """Composites in an order in which each comes after those it looks at.

    Raises:
        pulumi.RunError: they look at each other in a circle.
    """
    waiting = {each.name: each for each in composites}
    ordered: list[CompositeSpec] = []
    while waiting:
        ready = [each for each in waiting.values() if not waiting.keys() & set(each.members)]
        if not ready:
            raise pulumi.RunError(
                f"monitoring.alarms: {', '.join(waiting)} look at each other in a circle"
            )
        ordered += ready
        for each in ready:
            del waiting[each.name]
    return ordered
