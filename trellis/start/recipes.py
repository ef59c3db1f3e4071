"""What `trellis add` writes for each kind of thing: the shortest entry that runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from trellis.stackfile import tree

HANDLER = '''\
"""{key}: what calls it says what `event` holds."""

from typing import Any


def handle(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer one event."""
    print(event)
    return {{"statusCode": 200, "body": "{key}"}}
'''

PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{key}</title>
<h1>{key}</h1>
</html>
"""


@dataclass(frozen=True)
class Entry:
    """One entry of a tier, and files that it needs beside the stack file."""

    tier: str
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    files: Mapping[str, str] = field(default_factory=dict[str, str])


def _service(key: str) -> Entry:
    return Entry("services", {"image": {"repository": key, "tag": "1.0.0"}, "port": 8080,
                              "discoverable": True})  # fmt: skip


def _job(key: str) -> Entry:
    image = {"repository": key, "tag": "1.0.0"}
    return Entry("jobs", {"image": image, "schedule": "rate(1 day)"})


def _database(_: str) -> Entry:
    return Entry(
        "databases", {"engine": "postgres", "version": "17", "instanceClass": "db.t4g.medium"}
    )


def _table(_: str) -> Entry:
    return Entry("tables", {"partitionKey": {"name": "id"}})


def _function(key: str) -> Entry:
    path = f"functions/{key}"
    code = {"path": path, "handler": "app.handle"}
    return Entry("functions", {"code": code}, {f"{path}/app.py": HANDLER.format(key=key)})


def _site(key: str) -> Entry:
    path = f"sites/{key}"
    return Entry("sites", {"content": {"path": path}}, {f"{path}/index.html": PAGE.format(key=key)})


def _empty(tier: str) -> Callable[[str], Entry]:
    return lambda _: Entry(tier)


KINDS: Mapping[str, Callable[[str], Entry]] = {
    "service": _service,
    "job": _job,
    "function": _function,
    "database": _database,
    "cache": _empty("caches"),
    "table": _table,
    "bucket": _empty("buckets"),
    "queue": _empty("queues"),
    "topic": _empty("topics"),
    "secret": _empty("secrets"),
    "mail": _empty("mail"),
    "zone": _empty("zones"),
    "site": _site,
    "repository": _empty("repositories"),
    "firewall": _empty("firewalls"),
}
"""By the word on the command line. What has no default (a domain) is given as `domain=...`."""


def entry_of(kind: str, key: str, given: Mapping[tuple[str | int, ...], Any]) -> Entry:
    """An entry with what a person gave in place of what the recipe has.

    Args:
        given: values by path inside the entry.
    """
    found = KINDS[kind](key)
    settings = deepcopy(dict(found.settings))
    for path, value in given.items():
        _put(settings, path, value)
    tops = {path[0] for path in given}
    if kind == "function" and "image" in tops:
        settings.pop("code")
    # Another place than the recipe's has files already, or is a person's to fill.
    return Entry(found.tier, settings, {} if tops & {"code", "content", "image"} else found.files)


def _put(settings: dict[str, Any], path: tuple[str | int, ...], value: Any) -> None:
    for part in path[:-1]:
        below = settings.get(str(part))
        if not tree.is_mapping(below):
            below = settings[str(part)] = {}
        settings = below
    settings[str(path[-1])] = value
