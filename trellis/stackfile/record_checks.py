"""DNS records of one name: the zones' own, and those that sites, load balancers and mail make.

Route 53 takes each name and type once, and DNS allows nothing beside a CNAME. A clash of two makers
would be told by AWS in the middle of an `up`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from components.parts.domain import bare, under
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.context import Context
from trellis.stackfile.edge import (
    addressed,
    delegations,
    served_names,
    served_zone_of,
    zone_of,
)
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.settings import SystemSettings

SERVED_TYPES = ("A", "AAAA", "CNAME", "HTTPS")
"""What a served name has, or could not have beside it."""


@dataclass(frozen=True)
class PlannedRecord:
    """A record that the stack makes, as far as its name is known before."""

    zone: str
    """Key of the zone it stands in."""
    name: str
    type: str
    maker: str
    """As in `the site app`."""
    path: KeyPath
    """What of the stack file asks for it."""
    remedy: str = ""
    """How to have it made by nobody but oneself."""


def claims(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Two sites, load balancers or APIs of one name, or a record where something else makes one."""
    taken: dict[tuple[str | None, str], str] = {}
    for address in addressed(settings):
        owner = address.owner
        # A private zone answers inside its network, a public one elsewhere: both may have a name.
        zone = served_zone_of(settings, address)
        other = taken.setdefault((zone, address.name), owner)
        if zone is None and address.kind == "loadBalancer" and other.startswith("load balancer"):
            continue  # whoever keeps that zone decides who is led where
        if other != owner:
            hint = "a path of a site can lead to an internal load balancer: see `behaviors`"
            yield address.path, f"the name {address.name}", f"another: the {other} has it", hint
    made = {
        (record.zone, record.name, record.type): record
        for record in reversed(list(_made(settings)))
    }
    for own in _own(settings):
        other_record = made.get((own.zone, own.name, own.type))
        if other_record is not None:
            yield (
                own.path,
                f"{own.type} of {own.name}",
                f"none: {other_record.maker} makes it",
                other_record.remedy,
            )


def twice(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Two records of one name and type in one zone's own list."""
    seen: dict[tuple[str, str, str], KeyPath] = {}
    for own in _own(settings):
        first = seen.setdefault((own.zone, own.name, own.type), own.path)
        if first != own.path:
            hint = "one record holds several values"
            yield own.path, f"{own.type} of {own.name}", f"only the one of {first[-1]}", hint


def lonely_aliases(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A CNAME at a name that has something else too, whoever makes that."""
    own = list(_own(settings))
    made = [record for record in _made(settings) if record.type not in SERVED_TYPES]
    aliases = {(record.zone, record.name): record for record in own if record.type == "CNAME"}
    reported: set[KeyPath] = set()
    for record in (*own, *made):
        alias = aliases.get((record.zone, record.name))
        if (
            record.type == "CNAME"
            or alias is None
            or (record not in own and alias.path in reported)
        ):
            continue
        reported.add(alias.path)
        mine = record in own
        yield (
            record.path if mine else alias.path,
            f"{record.type} of {record.name}, beside the CNAME {alias.path[-1]}"
            if mine
            else f"CNAME of {record.name}, beside the {record.type} that {record.maker} makes",
            "a CNAME alone: DNS allows nothing else at its name",
            "" if mine else record.remedy,
        )


def given_away(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Names that an NS record gives to other servers, or that stand in a zone of their own here."""
    for own in _own(settings):
        if own.type == "NS":
            zone = settings.zones[own.zone]
            for served_name in served_names(settings):
                if served_zone_of(settings, served_name) == own.zone and under(
                    bare(served_name.name), own.name
                ):
                    yield (
                        served_name.path,
                        f"{served_name.name}, whose addresses {zone.domain} does not answer for",
                        f"a name that `{'.'.join(map(str, own.path))}` does not give to other "
                        "servers",
                        f"list the zone {own.name} under `zones`, with `existing: true` if it is "
                        "made elsewhere",
                    )
    for record in (*_own(settings), *_mail(settings)):
        nearest = zone_of(settings, record.name, private=settings.zones[record.zone].private)
        if nearest in (None, record.zone):
            continue
        domain = settings.zones[nearest].domain if nearest else ""
        if record.name == domain and record.type in {"NS", "DS"}:
            continue
        yield (
            record.path,
            f"{record.type} of {record.name} in the zone {settings.zones[record.zone].domain}, "
            "which nobody asks for it",
            f"the same in `zones.{nearest}`: {domain} answers for what is under it",
            "",
        )


def mail_twice(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Two identities of one domain: SES takes one an account and region."""
    owners: dict[str, str] = {}
    for key, mail in settings.mail.items():
        if mail.existing:
            continue
        first = owners.setdefault(mail.domain, key)
        if first != key:
            yield (
                ("mail", key, "domain"),
                f"{mail.domain} a second time",
                f"another domain: mail.{first} has it",
                f"`existing: true` here uses the identity that mail.{first} makes, with other "
                "senders",
            )


def _own(settings: SystemSettings) -> Iterator[PlannedRecord]:
    """What the zones list."""
    for key, zone in settings.zones.items():
        for label, record in zone.records.items():
            path = ("zones", key, "records", label)
            yield PlannedRecord(key, record.fqdn(zone.domain), record.type, f"zone {key}", path)


def _made(settings: SystemSettings) -> Iterator[PlannedRecord]:
    """What other parts of the stack file make in the zones."""
    for served in addressed(settings):
        zone = served_zone_of(settings, served)
        if zone is None:
            continue
        maker = f"the {served.owner}"
        for kind in SERVED_TYPES:
            yield PlannedRecord(zone, served.name, kind, maker, served.path)
    yield from _mail(settings)
    for key, zone in settings.zones.items():
        for kind in ("NS", "SOA"):
            path: KeyPath = ("zones", key)
            yield PlannedRecord(key, zone.domain, kind, "Route 53", path)
    for child, parent in delegations(settings).items():
        domain = settings.zones[child].domain
        yield PlannedRecord(parent, domain, "NS", f"the zone {child}", ("zones", child))


def _mail(settings: SystemSettings) -> Iterator[PlannedRecord]:
    seen: set[str] = set()
    for key, mail in settings.mail.items():
        zone = zone_of(settings, mail.domain)
        if zone is None or mail.existing or mail.domain in seen:
            continue
        seen.add(mail.domain)
        maker, path = f"mail {key}", ("mail", key)
        back = f"{mail.mail_from}.{mail.domain}"
        other = f"another `mailFrom` in mail.{key}"
        for kind in ("MX", "TXT"):
            yield PlannedRecord(zone, back, kind, maker, (*path, "mailFrom"), other)
        if mail.dmarc != "none":
            name, remedy = f"_dmarc.{mail.domain}", f"or `dmarc: none` in mail.{key}"
            yield PlannedRecord(zone, name, "TXT", maker, path, remedy)


CHECKS = (claims, twice, lonely_aliases, given_away, mail_twice)
