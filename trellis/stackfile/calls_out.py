"""Addresses that variables name with a port, and whether a task's security group lets it out there.

A security group says nothing when it drops a connection: the program waits until it gives up. So
who names `smtp.example.net` and port 587 in `environment`, and in `uses` nothing of the kind, is
told before.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from components.database.engines import ENGINES
from components.database.settings import DatabaseSettings
from components.parts.uses import UseSettings
from trellis.stackfile.settings import SystemSettings

HTTPS = 443
"""What a task may call anywhere, unless it says `internet: false`."""

SCHEMES: Mapping[str, int] = {
    "amqp": 5672, "amqps": 5671, "ldap": 389, "ldaps": 636, "mongodb": 27017, "mqtt": 1883,
    "mqtts": 8883, "mssql": 1433, "mysql": 3306, "nats": 4222, "postgres": 5432,
    "postgresql": 5432, "redis": 6379, "rediss": 6379, "sftp": 22, "smtp": 25, "smtps": 465,
    "http": 0, "https": 0,
}  # fmt: skip
"""Ports of URLs that say none ("Service Name and Transport Protocol Port Number Registry", IANA,
2026-11); of HTTP only those that say one, for a name without is often the program's own."""

URL = re.compile(
    r"(?P<scheme>[a-z]+)(?:\+[a-z0-9]+)?://(?:[^@/]*@)?(?P<host>[A-Za-z0-9._-]+)(?::(?P<port>\d{1,5}))?"
    r"(?:[/?#].*)?"
)
BARE = re.compile(r"(?P<host>[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+):(?P<port>\d{1,5})")
NAME = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
HOST_OF = re.compile(r"(?P<what>\w*?)_?(?:HOST|HOSTNAME|SERVER|ADDRESS)")


@dataclass(frozen=True)
class CallOut:
    """A host and port that a variable names."""

    variable: str
    host: str
    port: int


def calls_out(environment: Mapping[str, str]) -> Iterator[CallOut]:
    """Every host with a port in a program's variables, this machine itself left out."""
    for variable, value in environment.items():
        for part in value.split(","):
            found = _named(variable, part.strip(), environment)
            if found is not None and not _is_near(found.host):
                yield found


def _named(variable: str, value: str, environment: Mapping[str, str]) -> CallOut | None:
    url = URL.fullmatch(value)
    if url is not None and url["scheme"] in SCHEMES:
        port = int(url["port"] or SCHEMES[url["scheme"]])
        return CallOut(variable, url["host"], port) if port else None
    bare = BARE.fullmatch(value)
    if bare is not None:
        return CallOut(variable, bare["host"], int(bare["port"]))
    host = HOST_OF.fullmatch(variable)
    if host is not None and NAME.fullmatch(value):
        port = environment.get(f"{host['what']}_PORT" if host["what"] else "PORT", "")
        # A server's own PORT is no port of HOST, unless HOST is somebody's name.
        if port.isdigit() and host["what"]:
            return CallOut(variable, value, int(port))
    return None


def _is_near(host: str) -> bool:
    """Whether it is this task itself, which no security group stands before."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host in ("localhost", "host.docker.internal")
    return address.is_loopback or address.is_link_local or address.is_unspecified


def closed(
    environment: Mapping[str, str], uses: Iterable[UseSettings], settings: SystemSettings
) -> Iterator[CallOut]:
    """Those that nothing in `uses` opens the port for.

    A port that is open to one address or name counts as open: a name may lead to any of them. Names
    without a dot are called by `uses: [{service: ...}]`, or by nobody.
    """
    lines = tuple(uses)
    if any(use.kind == "link" for use in lines):
        return
    services = {use.key for use in lines if use.kind == "service"}
    ports = {HTTPS, *_opened(lines, settings)}
    for call in calls_out(environment):
        is_service = call.host in settings.services
        if call.host not in services if is_service else "." in call.host and call.port not in ports:
            yield call


def _opened(uses: Iterable[UseSettings], settings: SystemSettings) -> Iterator[int]:
    """Ports that lines lead to, by whatever name the program calls them."""
    for use in uses:
        if use.port is not None:
            yield use.port
        if use.kind == "cache":
            there = settings.existing.caches.get(use.key)
            yield there.port if there else settings.caches[use.key].port
        elif use.kind == "database":
            database = settings.existing.databases.get(use.key)
            yield database.port if database else _port(settings.databases[use.key])


def _port(database: DatabaseSettings) -> int:
    """Where links to a database lead: a proxy before it listens at the engine's own port."""
    usual = ENGINES[database.engine].port
    return usual if database.proxy is not None else database.port or usual
