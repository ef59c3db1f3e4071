"""What an edit leads to targets that nobody has registered yet: a gap that no order closes.

ECS registers tasks once a listener or a rule leads to their target group, so a way in that goes to
a new group at once finds nobody there until the tasks are healthy.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from components.parts.changes import Inputs, blocks, is_mapping
from trellis.compare.meanwhile import TARGET_GROUP, Standing
from trellis.compare.step import Step
from trellis.compare.values import plain
from trellis.planner.recording import Recorded, Recording

BALANCER: Final = "aws:lb/loadBalancer:LoadBalancer"
LISTENER: Final = "aws:lb/listener:Listener"
RULE: Final = "aws:lb/listenerRule:ListenerRule"
LEADING: Final = frozenset({LISTENER, RULE})
GROUP_ARN: Final = re.compile(r"arn:[\w-]+:elasticloadbalancing:[\w:-]+:targetgroup/[^\"]+")

Door: TypeAlias = tuple[str, str]
"""How requests come in: a load balancer and its port, or a listener and the name they are for."""


def unready(
    found: Sequence[Step],
    asked: Mapping[str, Inputs],
    standing: Sequence[Standing],
    after: Recording,
) -> dict[str, str]:
    """By URN of what is made or changed, the new target groups that it leads to from now on.

    A listener or a rule whose group is another one; a new rule that comes before one that answered
    the same requests; and a record, a distribution or an API that leads to another load balancer or
    port, where a rule or listener that is new too has the tasks. Not where a share of the traffic
    stays with the former group.

    Args:
        found: all steps.
        asked: what is made or changed by its URN, with the identifiers of what is deployed.
        standing: what is there before.
    """
    made = [
        step.new
        for step in found
        if step.new is not None
        and (step.operation == "create" or (step.operation == "replace" and not step.delete_first))
    ]
    groups = {group.id: group.name for group in made if group.type == TARGET_GROUP and group.id}
    if not groups:
        return {}
    doors = dict(_doors(made, groups))
    ways = _Ways.of(after)
    rules = [rule for rule in standing if rule.resource.type == RULE]
    by_urn: dict[str, str] = {}
    for step in found:
        new = step.new
        if new is None or step.operation in ("same", "import"):
            continue
        names: list[str] = []
        if new.type in LEADING and step.operation == "update":
            names = _newly_led(step, groups)
        elif new.type == RULE and step.operation == "create":
            if any(_comes_before(asked[step.urn], rule.inputs) for rule in rules):
                names = _only_new(new, groups)
        elif step.operation != "create":
            names = sorted({doors[door] for door in ways.taken(new) if door in doors})
        if names:
            by_urn[step.urn] = ", ".join(names)
    return by_urn


def outlived(
    found: Sequence[Step], asked: Mapping[str, Inputs], standing: Sequence[Standing]
) -> dict[str, str]:
    """By URN of a new rule, the one that answers its requests first and outlives its tasks.

    Whatever is deleted goes at the end, a service before the rules that it waited for; so a rule
    whose group goes too leads nowhere for as long as its tasks take to stop.
    """
    gone = {step.urn for step in found if step.operation == "delete" and not step.retained}
    groups = {
        holding.resource.id
        for holding in standing
        if holding.resource.urn in gone and holding.resource.type == TARGET_GROUP
    }
    rules = [
        holding
        for holding in standing
        if holding.resource.urn in gone
        and holding.resource.type == RULE
        and _led_to(holding.inputs) <= groups
    ]
    by_urn: dict[str, str] = {}
    for step in found:
        if step.type == RULE and step.operation == "create":
            first = [old for old in rules if _comes_before(old.inputs, asked[step.urn])]
            if first:
                by_urn[step.urn] = first[0].resource.name
    return by_urn


def _newly_led(step: Step, groups: Mapping[str, str]) -> list[str]:
    if step.new is None or step.old is None or "actions" in step.new.ignore_changes:
        return []  # what ECS moves goes on as it is
    led = _led_to(plain(step.old.inputs, Path()))
    return _only_new(step.new, groups) if led else []


def _only_new(leading: Recorded, groups: Mapping[str, str]) -> list[str]:
    """The new groups of a listener or a rule whose traffic goes to no other one."""
    now = _led_to(plain(leading.inputs, Path()))
    return sorted(groups[group] for group in now) if now <= groups.keys() else []


def _comes_before(one: Inputs, other: Inputs) -> bool:
    """Whether one rule is asked before another one of its listener for some requests."""
    if one.get("listenerArn") != other.get("listenerArn"):
        return False
    if not _number(one.get("priority")) < _number(other.get("priority")):
        return False
    ours, theirs = _conditions(one), _conditions(other)
    for kind in ("hostHeader", "pathPattern"):
        if kind in ours and kind in theirs and not _some_meet(ours[kind], theirs[kind]):
            return False
    return True


def _some_meet(ours: set[str], theirs: set[str]) -> bool:
    """Whether a value of one may be one of the other, where `*` and `?` stand for others."""
    return any(
        fnmatchcase(one, other) or fnmatchcase(other, one) for one, other in product(ours, theirs)
    )


def _conditions(rule: Inputs) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for condition in blocks(rule, "conditions"):
        for kind, values in condition.items():
            if is_mapping(values) and isinstance(values.get("values"), list):
                found[kind] = set(map(str, values["values"]))
    return found


def _number(priority: Any) -> int:
    return priority if isinstance(priority, int) else 0


def _led_to(inputs: Inputs) -> set[str]:
    """Target groups that a listener or a rule sends to."""
    listed = json.dumps([inputs.get("defaultActions"), inputs.get("actions")], default=str)
    return set(GROUP_ARN.findall(listed))


def _doors(made: Sequence[Recorded], groups: Mapping[str, str]) -> Iterator[tuple[Door, str]]:
    """The ways in that are new, each with the new groups behind it."""
    for leading in made:
        if leading.type not in LEADING:
            continue
        inputs = plain(leading.inputs, Path())
        named = ", ".join(sorted(groups[group] for group in _led_to(inputs) & groups.keys()))
        if not named:
            continue
        if leading.type == LISTENER:
            yield (str(inputs.get("loadBalancerArn")), str(inputs.get("port"))), named
        for host in _conditions(inputs).get("hostHeader", ()):
            yield (str(inputs.get("listenerArn")), host), named


@dataclass(frozen=True)
class _Ways:
    """How everything that leads to load balancers finds them."""

    links: Mapping[str, str]
    """ARN of the load balancer by id of the VPC link of REST APIs."""
    listeners: Mapping[str, tuple[str, ...]]
    """ARNs of the listeners by AWS's own name of the load balancer."""

    @staticmethod
    def of(recording: Recording) -> _Ways:
        by_balancer: dict[str, list[str]] = {}
        for listener in recording.of_type(LISTENER):
            by_balancer.setdefault(str(listener.inputs.get("loadBalancerArn")), []).append(
                listener.id
            )
        return _Ways(
            {
                link.id: str(link.inputs.get("targetArn"))
                for link in recording.of_type("aws:apigateway/vpcLink:VpcLink")
            },
            {
                str(balancer.outputs.get("dnsName")): tuple(by_balancer.get(balancer.id, ()))
                for balancer in recording.of_type(BALANCER)
            },
        )

    def taken(self, resource: Recorded) -> Iterator[Door]:
        """The ways in that a resource leads to; none for one of another kind."""
        inputs = plain(resource.inputs, Path())
        match resource.type:
            case "aws:apigateway/integration:Integration":
                link = self.links.get(str(inputs.get("connectionId")))
                if link is not None:
                    yield link, str(urlsplit(str(inputs.get("uri"))).port)
            case "aws:apigatewayv2/integration:Integration":
                parameters: dict[str, Any] = inputs.get("requestParameters") or {}
                host = parameters.get("overwrite:header.host")
                yield str(inputs.get("integrationUri")), str(host)
            case "aws:route53/record:Record":
                for alias in blocks(inputs, "aliases"):
                    yield from self._at(alias.get("name"), [inputs.get("name")])
            case "aws:cloudfront/distribution:Distribution":
                for origin in blocks(inputs, "origins"):
                    yield from self._at(origin.get("domainName"), inputs.get("aliases") or [])
            case _:
                return

    def _at(self, name: Any, hosts: Sequence[Any]) -> Iterator[Door]:
        for listener in self.listeners.get(str(name), ()):
            for host in hosts:
                yield listener, str(host)
