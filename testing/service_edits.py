"""Random systems of services, and edits that must leave every other service alone."""

from __future__ import annotations

import copy
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.contracts import AccountRegion, Placement, SubnetTier
from components.naming import Naming
from components.services.cluster import Cluster
from components.services.platform_settings import ClusterSettings, LoadBalancerSettings
from components.services.routing.load_balancer import LoadBalancer
from components.services.routing.priorities import Placed, clashes
from components.services.service import Service
from components.services.settings import ServiceSettings
from components.services.task.task import Image, TaskLocation
from testing.service_cases import BALANCER, CERTIFICATE, DIGEST, service, web
from testing.small_systems import ACCOUNT, REGION
from trellis.planner.record import ProgramInput, Recording, record_program

Services = dict[str, dict[str, Any]]

WORDS = ("api", "admin", "auth", "billing", "feed", "jobs", "mail", "search", "shop", "users")


@dataclass(frozen=True)
class Edit:
    """One change of a stack file, and what it was allowed to touch."""

    kind: str
    touched: frozenset[str]
    services: Services


def random_services(chance: random.Random) -> Services:
    """Two to four services: web ones with one or two routes, and workers."""
    keys = chance.sample([f"{a}-{b}" for a in WORDS for b in ("one", "two")], chance.randint(2, 4))
    return {key: _service(chance, key) for key in keys}


def edit(chance: random.Random, before: Services) -> Edit:
    """Adds, removes or reorders services, or adds, removes or reorders routes of one."""
    services = copy.deepcopy(before)
    with_routes = [key for key, declared in services.items() if declared.get("routes")]
    kinds = ["add", "reorder"]
    kinds += ["remove"] * (len(services) > 1)
    kinds += ["add route", "remove route", "reorder routes"] * bool(with_routes)
    kind = chance.choice(kinds)
    match kind:
        case "add":
            free = [f"{a}-{b}" for a in WORDS for b in ("three", "four")]
            key = chance.choice([name for name in free if name not in services])
            items = list(services.items())
            items.insert(chance.randint(0, len(items)), (key, _service(chance, key)))
            return Edit(kind, frozenset({key}), dict(items))
        case "remove":
            key = chance.choice(list(services))
            del services[key]
            return Edit(kind, frozenset({key}), services)
        case "reorder":
            items = list(services.items())
            chance.shuffle(items)
            return Edit(kind, frozenset(), dict(items))
        case "add route":
            key = chance.choice(with_routes)
            routes = services[key]["routes"]
            routes.insert(chance.randint(0, len(routes)), _route(chance, f"{key}-more"))
        case "remove route":
            key = chance.choice(with_routes)
            services[key]["routes"].pop(chance.randrange(len(services[key]["routes"])))
            if not services[key]["routes"]:
                services[key]["routes"] = [_route(chance, f"{key}-last")]
        case _:
            key = chance.choice(with_routes)
            chance.shuffle(services[key]["routes"])
            return Edit(kind, frozenset(), services)
    return Edit(kind, frozenset({key}), services)


def recorded(services: Services) -> Recording | None:
    """The recording of the components alone, or None where two rules have one priority."""
    settings = {k: ServiceSettings.model_validate(v, strict=False) for k, v in services.items()}
    placed = [
        Placed(key, position, route)
        for key, setting in settings.items()
        for position, route in enumerate(setting.routes)
    ]
    if clashes(placed):
        return None
    return record_program(lambda: _program(settings), GIVEN, "deployed")


GIVEN = ProgramInput("shop", "dev", {"aws:region": REGION, "trellis:account": ACCOUNT})
WHERE = AccountRegion(ACCOUNT, REGION)
NAMING = Naming("shop", "dev")


def _program(settings: Mapping[str, ServiceSettings]) -> None:
    """As another Pulumi program would use the components."""
    public, private = (
        Placement(
            "vpc-1", "10.0.0.0/16", tier, [f"subnet-{tier}-a", f"subnet-{tier}-b"], ("a", "b")
        )
        for tier in (SubnetTier.PUBLIC, SubnetTier.PRIVATE)
    )
    cluster = Cluster("cluster", ClusterSettings(), naming=NAMING, where=WHERE)
    balancer = LoadBalancer(
        "alb",
        LoadBalancerSettings.model_validate(BALANCER, strict=False),
        naming=NAMING,
        where=WHERE,
        placement=public,
        certificate_arns={"given": CERTIFICATE},
    )
    location = TaskLocation(NAMING, WHERE, private)
    for key, setting in settings.items():
        made = Service(
            key, setting, location=location, cluster=cluster, balancers={"alb": balancer}
        )
        made.run((), images={setting.container: Image(f"registry.example/app@{DIGEST}")})


def of_service(recording: Recording, key: str) -> Mapping[str, Mapping[str, Any]]:
    """Inputs of everything below one service's component, by URN."""
    by_urn = {resource.urn: resource for resource in recording}
    found: dict[str, Mapping[str, Any]] = {}
    for resource in recording:
        above = resource
        while above.parent and above.type != "trellis:services:Service":
            above = by_urn[above.parent]
        if above.type == "trellis:services:Service" and above.name == key:
            found[resource.urn] = resource.inputs
    return found


def disturbed(before: Recording, after: Recording, made: Edit, keys: set[str]) -> list[str]:
    """Resources of untouched services that an edit changed, came or went with."""
    wrong: list[str] = []
    for key in sorted(keys - made.touched):
        old, new = of_service(before, key), of_service(after, key)
        assert old, f"service {key} has no resources"
        wrong += [urn for urn in {*old, *new} if old.get(urn) != new.get(urn)]
    return wrong


def _service(chance: random.Random, key: str) -> dict[str, Any]:
    if chance.random() < 0.3:
        return service(scaling={"min": 1, "max": chance.randint(2, 9), "cpu": 60})
    routes = [_route(chance, key) for _ in range(chance.randint(1, 2))]
    return web(routes=routes, port=chance.choice([3000, 8000, 8080]))


def _route(chance: random.Random, key: str) -> dict[str, Any]:
    number = chance.randint(0, 10**6)
    match chance.randint(0, 3):
        case 0:
            return {"host": f"{key}-{number}.shop.example"}
        case 1:
            return {"path": f"/{key}/{number}/*"}
        case 2:
            return {"host": "*.shop.example", "path": [f"/{key}-{number}", f"/{key}-{number}/*"]}
        case _:
            return {"path": f"/{key}/{number}", "methods": ["GET"]}
