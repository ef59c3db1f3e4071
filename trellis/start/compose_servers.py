"""Servers that compose files run in containers and AWS runs itself: databases and caches."""

from __future__ import annotations

import re
from dataclasses import dataclass

from components.database.engines import ENGINES
from trellis.stackfile.nodes import Node
from trellis.start.draft import Draft
from trellis.start.ledger import entries, get, items, text

DATABASES = {
    "postgres": ("postgres", "17"),
    "postgis": ("postgres", "17"),
    "pgvector": ("postgres", "17"),
    "timescaledb": ("postgres", "17"),
    "mysql": ("mysql", "8.4"),
    "mariadb": ("mariadb", "11.8"),
}
"""Engine and newest major version with standard support, by the image's last part."""

CACHES = {"redis": ("redis", "7.1"), "valkey": ("valkey", "8.1"), "redis-stack-server": (
    "redis", "7.1")}  # fmt: skip

NAMES = ("POSTGRES_DB", "MYSQL_DATABASE", "MARIADB_DATABASE")
USERS = ("POSTGRES_USER", "MYSQL_USER", "MARIADB_USER")


@dataclass(frozen=True)
class Server:
    """A database or cache by its image."""

    kind: str
    """`database` or `cache`."""
    engine: str
    version: str
    asked: str
    """The version that the image has."""

    @property
    def tier(self) -> str:
        """Where it stands in the stack file."""
        return "databases" if self.kind == "database" else "caches"

    def make(self, draft: Draft, key: str, node: Node) -> None:
        """Put it into a draft, with a user that services sign in as."""
        ledger = draft.ledger
        image = get(node, "image")
        settings = {"engine": self.engine, "version": self.version}
        if self.kind == "database":
            settings["instanceClass"] = "db.t4g.medium"
        draft.put((self.tier, key), settings, image)
        ledger.take(image)
        if self.asked != self.version:
            ledger.advise(
                image, f"{self.engine} {self.version} instead of {self.asked or 'no version'}: "
                "what AWS runs; try the data in it",
            )  # fmt: skip
        self._environment(draft, key, node)
        draft.put(("secrets", key), {"kind": "credentials", self.kind: key}, image)
        for name in ("restart", "container_name", "hostname", "healthcheck", "expose", "shm_size"):
            ledger.take(get(node, name))
        ledger.advise(get(node, "ports"), "nobody outside the network reaches it")
        ledger.advise(get(node, "volumes"), "its data: take a dump along; AWS keeps backups itself")
        ledger.advise(get(node, "command"), "the server's settings: `parameters`")
        ledger.advise(get(node, "networks"), "one network; who may call whom follows from `uses`")
        ledger.advise(get(node, "env_file"), "passwords are made and rotated inside AWS")

    def _environment(self, draft: Draft, key: str, node: Node) -> None:
        ledger = draft.ledger
        for name, value, at in environment(get(node, "environment")):
            if name in NAMES and re.fullmatch(r"[a-z][a-z0-9_]{0,62}", value):
                draft.put((self.tier, key, "database"), value, at)
                ledger.take(at)
            elif name in USERS:
                ledger.advise(at, f"services sign in as a user of their own: the secret `{key}`")
            else:
                ledger.advise(at, "passwords are made inside AWS; other settings are `parameters`")


def advice_on_url(
    draft: Draft, server: Server, key: str, name: str, node: Node, scheme: str, rest: str
) -> None:
    """Say where the URL that AWS's rotation writes is another than the one that stood there.

    Args:
        key: of the server, and of the secret with its URL.
        name: of the variable.
    """
    path, _, query = rest.partition("?")
    last = path.rpartition("/")[2]
    if server.kind == "cache":
        if last not in ("", "0"):
            draft.ledger.advise(
                node, f"the secret's URL ends in /0, and stood for number {last}: keep keys apart "
                "by a prefix, or in another of `caches`",
            )  # fmt: skip
        if "CELERY" in name.upper():
            draft.put(("secrets", key, "urlQuery"), "ssl_cert_reqs=required", node)
        elif scheme == "redis":
            draft.ledger.advise(node, "the secret's URL is rediss://: the client speaks TLS")
        return
    there = draft.get(server.tier, key, "database") or "app"
    if last and last != there:
        draft.ledger.advise(
            node, f"the secret's URL names the database {there}: another one is one of "
            f"`databases.{key}.databases`, with a secret of its own (`dbName: {last}`)",
        )  # fmt: skip
    if "+" in scheme:
        draft.ledger.advise(
            node, f"the secret's URL begins with {scheme.partition('+')[0]}://: the program adds "
            "its driver",
        )  # fmt: skip
    if query:
        draft.ledger.advise(node, f"`urlQuery` of the secret `{key}` is how its URL ends")


def server_of(image: str | None) -> Server | None:
    """The managed server that stands for an image; None where there is none."""
    if image is None:
        return None
    name, _, tag = image.split("@")[0].rpartition(":") if ":" in image else (image, "", "")
    last = name.rsplit("/", 1)[-1]
    asked = "".join(re.findall(r"^\d+(?:\.\d+)*", tag))
    if last in DATABASES:
        engine, newest = DATABASES[last]
        parts = asked.split(".")
        majors = [part for part in (".".join(parts[:2]), parts[0]) if _is_supported(engine, part)]
        return Server("database", engine, majors[0] if majors else newest, (majors or [tag])[0])
    if last in CACHES:
        engine, version = CACHES[last]
        same = asked == version or version.startswith(f"{asked}.")
        return Server("cache", engine, version, version if same else asked or tag)
    return None


def _is_supported(engine: str, version: str) -> bool:
    """Whether it is one of the major versions that AWS supports at no extra price."""
    return version in ENGINES[engine].majors


def environment(node: Node | None) -> list[tuple[str, str, Node]]:
    """Variables of a container, from a mapping or a list: name, value and node."""
    by_key = [(name, text(value) or "", value) for name, value in entries(node).items()]
    listed = [
        (name, value, entry)
        for entry in items(node)
        if text(entry) is not None
        for name, _, value in [(text(entry) or "").partition("=")]
    ]
    return by_key or listed
