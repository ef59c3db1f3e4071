"""Mail that a new zone would lose: addresses under it that are told, and no MX record.

A zone that is made here answers for its domain from the day on that the domain is delegated to it.
Without an MX record, no mail to the domain arrives from then on, that of alarms and budgets among
it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from components.parts.domain import under
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.settings import SystemSettings


def lost_mail(settings: SystemSettings) -> Mapping[str, tuple[KeyPath, ...]]:
    """Domains of new zones without an MX record that mail is sent to, with where the stack file
    names each address first."""
    lost: dict[str, list[KeyPath]] = {}
    first: dict[str, KeyPath] = {}
    for path, address in _addresses(settings):
        first.setdefault(address, path)
    for address, path in first.items():
        domain = address.rsplit("@", 1)[-1].lower()
        if _answered_here(settings, domain) and not _received(settings, domain):
            lost.setdefault(domain, []).append(path)
    return {domain: tuple(paths) for domain, paths in lost.items()}


def _addresses(settings: SystemSettings) -> Iterator[tuple[KeyPath, str]]:
    for key, subscriber in settings.monitoring.subscribers.items():
        if subscriber.email is not None:
            yield ("monitoring", "subscribers", key, "email"), subscriber.email
    for key, budget in settings.budgets.items():
        for position, address in enumerate(budget.emails):
            yield ("budgets", key, "emails", position), address
    if settings.cost_anomalies is not None:
        for position, address in enumerate(settings.cost_anomalies.emails):
            yield ("costAnomalies", "emails", position), address
    for key, topic in settings.topics.items():
        for name, subscription in topic.subscriptions.items():
            if subscription.protocol == "email":
                yield ("topics", key, "subscriptions", name, "to"), subscription.to
    for key, mail in settings.mail.items():
        if mail.dmarc != "none" and mail.dmarc.reports is not None:
            yield ("mail", key, "dmarc", "reports"), mail.dmarc.reports


def _answered_here(settings: SystemSettings, domain: str) -> bool:
    return any(
        under(domain, zone.domain) and not zone.existing and not zone.private
        for zone in settings.zones.values()
    )


def _received(settings: SystemSettings, domain: str) -> bool:
    """Whether a zone's own records say who takes mail for the domain, or who answers for it."""
    return any(
        (record.type == "MX" and record.fqdn(zone.domain) == domain)
        or (record.type == "NS" and under(domain, record.fqdn(zone.domain)))
        for zone in settings.zones.values()
        for record in zone.records.values()
    )
