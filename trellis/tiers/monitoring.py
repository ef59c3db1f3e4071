"""Monitoring of a system: the two topics of alarms, and all that components publish."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, runtime_checkable

import pulumi

from components.contracts import AlarmSpec, Link, Severity, WidgetSpec
from components.keys.settings import Domain
from components.messaging.settings import Publisher, SubscriptionSettings, TopicSettings
from components.messaging.topic import Topic
from components.monitoring.monitoring import Monitoring
from components.monitoring.subscriber_settings import SubscriberSettings
from components.secrets.secret import Secret
from components.services.service import Service
from trellis.stackfile.settings import SystemSettings
from trellis.tiers.ground import Ground

TOPICS = {Severity.NOTIFY: "alerts", Severity.PAGE: "pages"}
"""The topics that alarms go to, by severity; a stack file may say more of them under `topics`."""


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


def with_alarm_topics(settings: SystemSettings) -> SystemSettings:
    """The settings with the topics of alarms in them, and who hears by email or text message.

    Webhooks, chat and pagers are the monitoring component's: what leads to them may be secret.
    """
    publishers: dict[Severity, tuple[Publisher, ...]] = {
        Severity.NOTIFY: ("alarms", "rules", *(("budgets",) if settings.budgets else ())),
        Severity.PAGE: ("alarms",),
    }
    topics = dict(settings.topics)
    for severity, key in TOPICS.items():
        said = topics.get(key, TopicSettings(display_name=settings.name))
        wanted = dict.fromkeys((*said.publishers, *publishers[severity]))
        heard = {
            name: subscription
            for name, each in settings.monitoring.subscribers.items()
            if severity.value in each.hears and (subscription := _subscription(each)) is not None
        }
        topics[key] = said.model_copy(
            update={
                "publishers": tuple(wanted),
                "subscriptions": {**said.subscriptions, **heard},
            }
        )
    return settings.model_copy(update={"topics": topics})


def make_monitoring(
    ground: Ground,
    components: Iterable[object],
    topics: Mapping[str, Topic],
    secrets: Mapping[str, Secret],
    services: Mapping[str, Service],
) -> Monitoring:
    """The alarms and dashboards of everything that publishes some.

    Args:
        components: everything made, in the order of the dashboards.
        services: whose failed deployments are told.
    """
    made = list(components)
    return Monitoring(
        "monitoring",
        ground.settings.monitoring,
        naming=ground.naming,
        where=ground.where,
        alarms=[spec for each in made if isinstance(each, Alarming) for spec in each.alarms()],
        widgets=[spec for each in made if isinstance(each, Showing) for spec in each.widgets()],
        topics={severity: topics[key].created_arn for severity, key in TOPICS.items()},
        secrets=_pager_secrets(ground.settings, secrets),
        log_key_arn=ground.key(Domain.LOGS),
        secret_key_arn=ground.key(Domain.SECRETS) if ground.settings.secrets else None,
        log_days=ground.log_days,
        services=[each.arn for each in services.values()],
        opts=ground.child,
    )


def _pager_secrets(settings: SystemSettings, secrets: Mapping[str, Secret]) -> dict[str, Link]:
    found: dict[str, Link] = {}
    for key, each in settings.monitoring.subscribers.items():
        wanted = each.pagerduty
        if wanted is None:
            continue
        if wanted not in secrets:
            raise pulumi.RunError(
                f"monitoring.subscribers.{key}.pagerduty: found {wanted!r}; allowed is a key under "
                f"secrets ({', '.join(secrets) or 'there are none'})"
            )
        found[wanted] = secrets[wanted].link("read")
    return found


def _subscription(subscriber: SubscriberSettings) -> SubscriptionSettings | None:
    if subscriber.email is not None:
        return SubscriptionSettings(protocol="email", to=subscriber.email)
    if subscriber.sms is not None:
        return SubscriptionSettings(protocol="sms", to=subscriber.sms)
    return None
