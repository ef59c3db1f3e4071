"""What a stack file implies beside what it says, added in one place and seen by everything else.

A system has topics that its alarms go to; a baseline keeps its records in buckets; a site has a
bucket of its own where it names none; access logs need a bucket that takes them. All of them become
parts of the settings as if the stack file had said so, so that whatever makes, checks or names
topics and buckets knows of no exceptions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from components.baseline.settings import AUDIT_BUCKETS
from components.bucket.settings import (
    BucketSettings,
    LifecycleSettings,
    LogReceiver,
    ObjectLockSettings,
)
from components.contracts import Severity
from components.messaging.settings import Publisher, SubscriptionSettings, TopicSettings
from components.monitoring.delivery.settings import SubscriberSettings
from components.parts.api_routes import ApiRouteSettings
from trellis.stackfile.edge import site_bucket
from trellis.stackfile.settings import ExemptionSettings, SystemSettings

ALARM_TOPICS: Mapping[Severity, str] = {Severity.NOTIFY: "alerts", Severity.PAGE: "pages"}
"""The topics that alarms go to, by severity; a stack file may say more of them under `topics`."""

LOCKED_DAYS = 90
"""Days nobody deletes a trail's files, whose governance lock only special rights lift."""

LOG_BUCKET = "access-logs"
"""Key of the bucket that takes access logs in a stack file without one for logs."""

LOG_DAYS: Mapping[str, int] = {"development": 90, "production": 365}
"""Days it keeps them, by profile."""

VERSION_DAYS = 30
"""Days that what a deployment of a site replaced can be brought back."""


def implied(settings: SystemSettings) -> SystemSettings:
    """The settings with everything in them that they imply; a second time changes nothing."""
    return settings.model_copy(
        update={
            "exemptions": (*settings.exemptions, *_open_routes(settings)),
            "topics": {**settings.topics, **_alarm_topics(settings)},
            "buckets": {
                **settings.buckets,
                **{key: bucket for key, (_, bucket) in implied_buckets(settings).items()},
            },
        }
    )


def _open_routes(settings: SystemSettings) -> tuple[ExemptionSettings, ...]:
    """Routes that anyone may call, each an exemption with the reason it gives."""
    found: dict[str, ExemptionSettings] = {}
    routes: list[ApiRouteSettings] = [
        *(route for function in settings.functions.values() for route in function.routes),
        *(route for service in settings.services.values() for route in service.api_routes),
    ]
    for route in routes:
        api = settings.apis.get(route.api)
        authorizer = route.authorizer or (api.authorizer if api is not None else None)
        if authorizer is None or authorizer.none is None:
            continue
        for method in route.methods:
            name = f"{route.api}-{method}{route.path}"
            found[name] = ExemptionSettings(
                control="APIGateway.8",
                resource=name,
                reason=authorizer.none.reason,
                owner=authorizer.none.owner,
                until=authorizer.none.until,
            )
    there = {(exemption.control, exemption.resource) for exemption in settings.exemptions}
    return tuple(
        open_route
        for open_route in found.values()
        if (open_route.control, open_route.resource) not in there
    )


def implied_buckets(settings: SystemSettings) -> Mapping[str, tuple[str, BucketSettings]]:
    """The buckets that other parts make, by key, each with the part that does."""
    found = {
        **{key: ("baseline", bucket) for key, bucket in _audit_buckets(settings).items()},
        **{key: ("sites", bucket) for key, bucket in _site_buckets(settings).items()},
    }
    there = [*settings.buckets.values(), *(bucket for _, bucket in found.values())]
    logs = _log_bucket(settings, there)
    return {**found, **({LOG_BUCKET: ("accessLogs", logs)} if logs is not None else {})}


def _alarm_topics(settings: SystemSettings) -> dict[str, TopicSettings]:
    """The topics of alarms, and who hears by email or text message.

    Webhooks, chat and pagers are the monitoring component's: what leads to them may be secret.
    """
    publishers: dict[Severity, tuple[Publisher, ...]] = {
        Severity.NOTIFY: (
            "alarms",
            "rules",
            *(("budgets",) if settings.budgets else ()),
            *(("costAnomalies",) if settings.cost_anomalies is not None else ()),
        ),
        Severity.PAGE: ("alarms",),
    }
    topics: dict[str, TopicSettings] = {}
    for severity, key in ALARM_TOPICS.items():
        topic = settings.topics.get(key, TopicSettings(display_name=settings.name))
        hearing = {
            name: subscription
            for name, subscriber in settings.monitoring.subscribers.items()
            if severity.value in subscriber.hears
            and (subscription := _subscription(subscriber)) is not None
        }
        topics[key] = topic.model_copy(
            update={
                "publishers": tuple(dict.fromkeys((*topic.publishers, *publishers[severity]))),
                "subscriptions": {**topic.subscriptions, **hearing},
            }
        )
    return topics


def _subscription(subscriber: SubscriberSettings) -> SubscriptionSettings | None:
    if subscriber.email is not None:
        return SubscriptionSettings(protocol="email", to=subscriber.email)
    if subscriber.sms is not None:
        return SubscriptionSettings(protocol="sms", to=subscriber.sms)
    return None


def _audit_buckets(settings: SystemSettings) -> dict[str, BucketSettings]:
    """The buckets of the baseline.

    They are two, because nobody may delete a trail's files before their time, and AWS Config
    delivers to no bucket that locks what it gets ("Delivery channel", AWS Config guide, 2026-11).
    """
    baseline = settings.baseline
    found: dict[str, BucketSettings] = {}
    if baseline is None:
        return found
    days = baseline.trail.keep_days
    kept = (LifecycleSettings(after_days=days, expire=True),)
    emptied = settings.profile == "development"
    if baseline.makes("trail"):
        lock = ObjectLockSettings(mode="governance", days=min(days, LOCKED_DAYS))
        found[AUDIT_BUCKETS["trail"]] = BucketSettings(
            lifecycle=kept, object_lock=lock, empty_on_delete=emptied
        )
    if baseline.makes("configuration"):
        found[AUDIT_BUCKETS["configuration"]] = BucketSettings(
            lifecycle=kept, empty_on_delete=emptied
        )
    return found


def _site_buckets(settings: SystemSettings) -> dict[str, BucketSettings]:
    """One bucket for each site that has its own content."""
    return {
        own: BucketSettings(
            lifecycle=(
                LifecycleSettings(versions="noncurrent", after_days=VERSION_DAYS, expire=True),
            ),
            empty_on_delete=settings.profile == "development",
        )
        for key, site in settings.sites.items()
        if site.content.bucket is None and (own := site_bucket(key, site)) is not None
    }


def _log_bucket(
    settings: SystemSettings, buckets: Iterable[BucketSettings]
) -> BucketSettings | None:
    """A bucket for the access logs of everything that says nothing of them; None where the stack
    file has one for logs, or nothing asks for it."""
    there = list(buckets)
    served = settings.load_balancers if settings.services or settings.jobs else {}
    connected = settings.network_load_balancers if settings.services else {}
    receivers: dict[LogReceiver, bool] = {
        "loadBalancers": any(balancer.access_logs is None for balancer in served.values()),
        "deliveries": any(site.access_logs is None for site in settings.sites.values())
        or any(balancer.access_logs is None for balancer in connected.values()),
    }
    asked = any(receivers.values()) or any(
        existing_bucket.access_logs is None for existing_bucket in there
    )
    if not asked or any(existing_bucket.purpose == "logs" for existing_bucket in there):
        return None
    return BucketSettings(
        purpose="logs",
        receives=tuple(name for name, wanted in receivers.items() if wanted),
        lifecycle=(LifecycleSettings(after_days=LOG_DAYS[settings.profile], expire=True),),
        empty_on_delete=settings.profile == "development",
    )
