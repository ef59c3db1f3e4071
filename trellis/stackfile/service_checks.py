"""What only the whole can tell of services and jobs: what they use, and who waits for whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from components.messaging.settings import visibility_problem
from components.parts.existing import place_of
from components.parts.uses import UseSettings
from components.parts.variable import variable
from components.secrets.settings import CREDENTIAL_FIELDS
from components.services.task.settings import TaskSettings
from trellis.registry import OFFERS, offer_of, producers
from trellis.stackfile.complaints import Complaint, unknown
from trellis.stackfile.context import Context
from trellis.stackfile.database_checks import within_the_server
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.settings import SystemSettings
from trellis.stackfile.suggesting import did_you_mean
from trellis.stackfile.variables import shared_variables, variables_of


def tasks_of(settings: SystemSettings) -> Mapping[KeyPath, TaskSettings]:
    """Services and jobs by their path."""
    return {
        **{("services", key): service for key, service in settings.services.items()},
        **{("jobs", key): job for key, job in settings.jobs.items()},
    }


class Consumer(Protocol):
    """Anything that uses something."""

    @property
    def uses(self) -> tuple[UseSettings, ...]:
        """All it may reach."""
        ...

    @property
    def environment(self) -> Mapping[str, str]:
        """Its own environment variables."""
        ...


def consumers_of(settings: SystemSettings) -> Mapping[KeyPath, Consumer]:
    """Services, jobs, functions and identities by their path."""
    return {
        **tasks_of(settings),
        **{("functions", key): function for key, function in settings.functions.items()},
        **{("identities", key): identity for key, identity in settings.identities.items()},
    }


def known_uses(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A `uses:` line that names nothing there is, or an access it does not offer."""
    for path, task in consumers_of(settings).items():
        for position, use in enumerate(task.uses):
            if not use.is_elsewhere:
                yield from _use(settings, (*path, "uses", position), use)


def _use(settings: SystemSettings, path: KeyPath, use: UseSettings) -> Iterator[Complaint]:
    there = producers(settings, use.kind)
    if use.key not in there:
        yield unknown((*path, use.kind), use.kind, use.key, there)
        return
    offer = offer_of(use.kind, there[use.key])
    offered = ", ".join(offer.accesses)
    if use.access is None and offer.default is None:
        yield path, f"{use.kind} {use.key} without `access`", f"`access`: one of {offered}", ""
    elif use.access is not None and use.access not in offer.accesses:
        hint = did_you_mean(use.access, offer.accesses)
        yield (*path, "access"), use.access, f"for a {use.kind}, one of {offered}", hint
    missing = offer.unavailable(use.key, there[use.key]).get(use.access or "")
    if missing is not None:
        found, allowed = missing
        yield (*path, "access"), found, allowed, ""
    if use.database is not None:
        yield from within_the_server(path, use, there[use.key])
    if use.as_ is not None and not offer.brings_one(there[use.key]):
        yield (
            (*path, "as"),
            f"a new name for what {use.kind} {use.key} brings",
            "`as` only where exactly one value comes: "
            + ", ".join(kind for kind, other_offer in OFFERS.items() if other_offer.one_value),
            "it brings several values, whose names follow from its key",
        )


def callable_services(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A call of a service that can't be called by name."""
    for path, task in tasks_of(settings).items():
        for position, use in enumerate(task.uses):
            called = settings.services.get(use.service or "")
            if called is not None and not called.discoverable:
                yield (
                    (*path, "uses", position, "service"),
                    f"service {use.service}, which others can't call by name",
                    "a service with `discoverable: true`",
                    f"set services.{use.service}.discoverable: true",
                )


def environment_names(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """One environment variable from two places, of which the task would see only one."""
    for path, task in consumers_of(settings).items():
        givers = dict.fromkeys(task.environment, "`environment`")
        for position, use in enumerate(task.uses):
            if use.is_elsewhere or use.key not in producers(settings, use.kind):
                continue
            giver = use.giver
            for name in variables_of(use, settings):
                before = givers.setdefault(name, giver)
                if before == giver or _same_value(name, before, use, task, settings):
                    continue
                yield (
                    (*path, "uses", position, *(("as",) if use.as_ is not None else ())),
                    f"the variable {name}, which {before} gives already",
                    "each variable once",
                    "" if use.as_ is not None else _other_names(use),
                )
                break


def shared_variables_are_there(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A sidecar that wants a variable which its task has not."""
    for path, task in tasks_of(settings).items():
        there = [*task.environment]
        for use in task.uses:
            if use.link is not None:  # what the program's own links bring is known to it
                there = []
                break
            if not use.is_elsewhere and use.key in producers(settings, use.kind):
                there += variables_of(use, settings)
        else:
            for name, sidecar in task.sidecars.items():
                for position, wanted in enumerate(sidecar.variables):
                    if wanted not in there:
                        place = (*path, "sidecars", name, "variables", position)
                        yield unknown(place, "variable", wanted, there)


def _same_value(
    name: str, before: str, use: UseSettings, task: Consumer, settings: SystemSettings
) -> bool:
    """Whether both say the region that everything of the kind is in."""
    if use.prefix is not None or name not in shared_variables(use):
        return False
    return before.startswith(f"{use.kind} ") or task.environment.get(name) == settings.region


def _other_names(use: UseSettings) -> str:
    if OFFERS[use.kind].one_value:
        return "`as` gives it a name of its own"
    return f"`prefix: {variable(use.key)}_` gives its variables names of their own"


def secret_fields(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A field of a secret that has none, or not this one."""
    for path, task in consumers_of(settings).items():
        for position, use in enumerate(task.uses):
            secret = settings.secrets.get(use.secret or "")
            if use.field is None or secret is None or secret.kind == "given":
                continue
            place: KeyPath = (*path, "uses", position, "field")
            if secret.kind == "generated":
                yield (
                    place,
                    f"the field {use.field} of a random value",
                    f"no `field`: the value of {use.secret} is plain text",
                    "",
                )
            elif use.field not in CREDENTIAL_FIELDS:
                yield unknown(place, "field of credentials", use.field, CREDENTIAL_FIELDS)


def one_key_one_task(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A service and a job of one name would share roles and logs."""
    for key in settings.jobs.keys() & settings.services.keys():
        yield ("jobs", key), f"a job named {key}, as a service is", "another name", ""


def jobs_before(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A job before nobody, or one that calls a service that waits for it."""
    for key, job in settings.jobs.items():
        for position, service in enumerate(job.before):
            if service not in settings.services:
                path: KeyPath = ("jobs", key, "before", position)
                yield unknown(path, "service", service, settings.services)
        for position, use in enumerate(job.uses):
            waiting = _waiting_for(settings, use.service, job.before)
            if waiting is None:
                continue
            through = f", which calls {waiting}" if waiting != use.service else ""
            yield (
                ("jobs", key, "uses", position, "service"),
                f"a circle: the job calls {use.service}{through}, which waits for the job",
                "a job that can end before the services in `before` are there",
                f"take {waiting} out of `before`, or let the job do without {use.service}",
            )


def _waiting_for(settings: SystemSettings, called: str | None, before: Sequence[str]) -> str | None:
    """Which of `before` a service calls, itself or by others, or is; None where there is none."""
    left, seen = [called], set[str | None]()
    while left:
        key = left.pop()
        if key in before:
            return key
        if key in seen or key not in settings.services:
            continue
        seen.add(key)
        left.extend(use.service for use in settings.services[key].uses if use.service)
    return None


def queues_and_metrics(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A queue that can't drive scaling, or hides messages for less than they take."""
    for key, service in settings.services.items():
        backlog = service.scaling.backlog
        path: KeyPath = ("services", key, "scaling", "backlog")
        if backlog is not None and backlog.queue not in settings.queues:
            yield unknown((*path, "queue"), "queue", backlog.queue, settings.queues)
        if backlog is not None and not settings.cluster.counts_tasks:
            place = "cluster.existing" if settings.cluster.existing is not None else "cluster"
            yield (
                path,
                "scaling by backlog without Container Insights",
                f"`{place}.insights: true`: the count of running tasks comes from there",
                "",
            )
    for path, task in consumers_of(settings).items():
        for position, use in enumerate(task.uses):
            queue = settings.queues.get(use.queue or "")
            if queue is None or use.handling_seconds is None:
                continue
            wrong = visibility_problem(queue, use.handling_seconds, function=False)
            if wrong is not None:
                yield (
                    (*path, "uses", position, "handlingSeconds"),
                    f"{use.handling_seconds} s, and the queue hides a message for "
                    f"{queue.visibility_seconds} s",
                    wrong,
                    f"raise queues.{use.queue}.visibilitySeconds",
                )


def clusters(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A cluster of another account or region, or shells in one that somebody else made."""
    existing = settings.cluster.existing
    if existing is None:
        return
    if existing.arn is not None:
        place = place_of(existing.arn)
        if place.region != settings.region or settings.account not in (None, place.account):
            yield (
                ("cluster", "existing", "arn"),
                f"a cluster of account {place.account} in {place.region}",
                "one of this stack's account and region",
                "its tasks run in the account and region of their cluster",
            )
    for path, task in tasks_of(settings).items():
        if task.exec:
            yield (
                (*path, "exec"),
                "shells in a cluster that somebody else made",
                "`exec: false`, or a cluster that is made here",
                "its owner decides where they are recorded, if anywhere",
            )


CHECKS = (
    known_uses,
    clusters,
    callable_services,
    environment_names,
    shared_variables_are_there,
    secret_fields,
    one_key_one_task,
    jobs_before,
    queues_and_metrics,
)
