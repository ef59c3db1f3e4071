"""Names of what services are made of: each one that AWS takes, and no two alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from components.naming import IllegalNameError, Kind, Naming
from components.services.repository import repository_name
from components.services.task import family_of, log_group_of
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.context import Context
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.service_checks import tasks_of
from trellis.stackfile.settings import SystemSettings


def names(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Two things of one kind and one name, or a name that AWS refuses."""
    taken: dict[tuple[str, str], KeyPath] = {}
    for what, path, named in _named(settings, Naming(settings.name, settings.environment)):
        try:
            name = named()
        except IllegalNameError as error:
            yield path, f"a name that AWS refuses: {error}", "another name", ""
            continue
        before = taken.setdefault((what, name), path)
        if before != path:
            yield path, f"the {what} {name}", f"another: {before[1]} has it", ""


def _named(
    settings: SystemSettings, naming: Naming
) -> Iterator[tuple[str, KeyPath, Callable[[], str]]]:
    """Kind of thing, where its name is said, and what makes the name."""
    for key, service in settings.services.items():
        made = partial(naming.chosen, Kind.SERVICE, service.name, key)
        yield "service", ("services", key, *(("name",) if service.name else ())), made
    for path, task in tasks_of(settings).items():
        key = str(path[1])
        family = (*path, *(("family",) if task.family else ()))
        yield "task definition", family, partial(family_of, key, task, naming)
        group = (*path, *(("logGroup",) if task.log_group else ()))
        yield "log group", group, partial(log_group_of, key, task, naming)
    for key, each in settings.repositories.items():
        place: KeyPath = ("repositories", key, *(("name",) if each.name else ()))
        yield "repository", place, partial(repository_name, key, each, naming)
    for key, balancer in settings.load_balancers.items():
        made = partial(naming.chosen, Kind.LOAD_BALANCER, balancer.name, key)
        yield "load balancer", ("loadBalancers", key, *(("name",) if balancer.name else ())), made
    if settings.services or settings.jobs:
        cluster = partial(naming.chosen, Kind.CLUSTER, settings.cluster.name)
        yield "cluster", ("cluster", "name"), cluster


CHECKS = (names,)
