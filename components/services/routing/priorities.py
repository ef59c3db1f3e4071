"""The order of listener rules: a route's priority follows from itself, never from its neighbours.

AWS tries rules by priority, lowest first, and refuses a priority twice. A priority handed out by
position would move every later rule when a route is added. Here the 50,000 priorities are cut into
bands, the more specific the earlier, and within its band a route's place is a hash of the service
and the route. So adding, removing and reordering routes changes no other rule. Two routes that
fall on one priority are refused with a free one to write down: moving either of them silently
would break that promise.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise, product

from components.services.routing.settings import PRIORITIES, RouteSettings

_SEGMENTS = 4
"""From this many literal path segments on, a path counts as equally specific."""


def _bands() -> Mapping[tuple[bool, str, int], range]:
    """Priorities by (has headers or methods, kind of host, kind of path), specific ones first.

    Bands are as wide as their routes are common, to keep two routes off one priority.
    """
    bands: dict[tuple[bool, str, int], range] = {}
    start = PRIORITIES[0]
    for narrowed, host, path in product((True, False), ("exact", "wildcard", "any"), range(6)):
        width = 500 if narrowed else {"exact": 3000, "wildcard": 1000, "any": 2000}[host]
        if not narrowed and host == "exact" and path == _ANY_PATH:
            width = 8000
        bands[narrowed, host, path] = range(start, start + width)
        start += width
    return bands


_ANY_PATH = 5
_BANDS = _bands()


def priority(service: str, route: RouteSettings) -> int:
    """The priority of a route's rule: its own, or one that follows from service and route.

    >>> priority("backend", RouteSettings(host="api.desh.co"))
    30954
    """
    if route.priority is not None:
        return route.priority
    band = _BANDS[
        bool(route.headers or route.methods), _host_kind(route.hosts), _path_kind(route.paths)
    ]
    return band[int(_digest(service, route), 16) % len(band)]


def rule_names(
    service: str, route: RouteSettings, balancer: str, *, swaps: bool
) -> tuple[str, str]:
    """The Pulumi name of a route's rule, and the one it has under the other strategy.

    A rule that keeps its priority must change in place, whosever it becomes: AWS would refuse a
    second one with it. So where a priority was given, the name is that. The one rule of a
    service whose versions swap (`swaps`) keeps its name whatever the route says: a new rule would
    begin with the first target group, which has no tasks after every other deployment.

    Args:
        balancer: key of the load balancer.
    """
    swapped = f"{service}-{balancer}"
    if route.priority is not None:
        settled = f"{balancer}-at-{route.priority}"
    else:
        settled = f"{service}-{balancer}-{_digest(service, route)[:6]}"
    return (swapped, settled) if swaps else (settled, swapped)


def former_rule_name(service: str, route: RouteSettings) -> str:
    """What a rule without a priority of its own was called before its name had the load balancer
    in it, which tells the same route on two of them apart."""
    return f"{service}-{_digest(service, route)[:6]}"


def covers(first: RouteSettings, second: RouteSettings) -> bool:
    """Whether every request of the second route also fits the first one."""
    return (
        _all_covered(first.hosts, second.hosts)
        and _all_covered(first.paths, second.paths)
        and (not first.methods or bool(second.methods))
        and set(second.methods) <= set(first.methods or second.methods)
        and all(
            name in _lowered(second) and _all_covered(values, _lowered(second)[name])
            for name, values in _lowered(first).items()
        )
    )


@dataclass(frozen=True)
class Placed:
    """A route with where it stands in the stack file."""

    service: str
    position: int
    route: RouteSettings

    @property
    def priority(self) -> int:
        """See `priority`."""
        return priority(self.service, self.route)


def clashes(routes: Iterable[Placed]) -> list[tuple[Placed, Placed, int]]:
    """Neighbours of one priority, each with a free priority near by, of one load balancer."""
    ordered = sorted(routes, key=lambda route: (route.priority, route.service, route.position))
    taken = {rule.priority for rule in ordered}
    return [
        (first, second, _free(first.priority, taken))
        for first, second in pairwise(ordered)
        if first.priority == second.priority
    ]


def shadowed(routes: Iterable[Placed]) -> list[tuple[Placed, Placed]]:
    """Routes that no request reaches, each after the one that takes all of them."""
    ordered = sorted(routes, key=lambda route: (route.priority, route.service, route.position))
    return [
        (first, second)
        for place, first in enumerate(ordered)
        for second in ordered[place + 1 :]
        if covers(first.route, second.route)
    ]


def _free(near: int, taken: set[int]) -> int:
    return next(number for number in range(near + 1, near + len(taken) + 2) if number not in taken)


def _digest(service: str, route: RouteSettings) -> str:
    matched = {
        "service": service,
        "hosts": sorted(route.hosts),
        "paths": sorted(route.paths),
        "methods": sorted(route.methods),
        "headers": {name: sorted(values) for name, values in _lowered(route).items()},
    }
    return hashlib.sha256(json.dumps(matched, sort_keys=True).encode()).hexdigest()


def _lowered(route: RouteSettings) -> dict[str, tuple[str, ...]]:
    return {
        name.lower(): tuple(value.lower() for value in values)
        for name, values in route.headers.items()
    }


def _host_kind(hosts: tuple[str, ...]) -> str:
    if not hosts:
        return "any"
    return "wildcard" if any(_wild(host) for host in hosts) else "exact"


def _path_kind(paths: tuple[str, ...]) -> int:
    """0 for exact paths, up to 5 for any path; of several paths, the least specific counts."""
    return max((_one_path_kind(path) for path in paths), default=_ANY_PATH)


def _one_path_kind(path: str) -> int:
    if not _wild(path):
        return 0
    literal = re.split(r"[*?]", path, maxsplit=1)[0]
    return _ANY_PATH - min(_SEGMENTS, literal.count("/") - (literal == "/"))


def _wild(pattern: str) -> bool:
    return "*" in pattern or "?" in pattern


def _all_covered(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    if not first:
        return True
    return bool(second) and all(any(_covers(a, b) for a in first) for b in second)


def _covers(first: str, second: str) -> bool:
    """Whether the first pattern matches all that the second matches.

    The second's `*` stands as a character of its own that only the first's `*` takes.
    """
    many, one = "\0", "\1"
    text = second.replace("*", many).replace("?", one)
    expression = "".join(
        ".*" if char == "*" else f"[^{many}]" if char == "?" else re.escape(char) for char in first
    )
    return re.fullmatch(expression, text, re.DOTALL) is not None
