"""The roles of one stack's delivery, whole: what each may do, and the boundary of the stack's own.

`trellis roles STACK --write` keeps them in `trellis.STACK.roles.json` beside the stack file, which
is committed: a pull request that widens a role says so in its difference, and the stack that makes
the roles (the tier `delivery`) reads them from there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.naming import Naming
from trellis.planner.recording import Recorded, Recording
from trellis.roles.arns import Place
from trellis.roles.boundary import boundary
from trellis.roles.derive import Derivation
from trellis.roles.passing import ROLE, passes
from trellis.roles.state import State, freeze_of, of_stack, state_statements
from trellis.roles.statements import Statement, policies
from trellis.roles.table import dated

VERSION = 1
KINDS = ("deploy", "drift", "service", "site")
"""Roles by what they are for. A preview has none: a plan asks AWS nothing."""


CLUSTER = "aws:ecs/cluster:Cluster"
SERVICE = "aws:ecs/service:Service"
TASKS = "aws:ecs/taskDefinition:TaskDefinition"
REPOSITORY = "aws:ecr/repository:Repository"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
SYSTEM_TAGS = ("System", "Environment")
"""Tags of everything that the provider makes, which say whose it is."""

BUCKET = "aws:s3/bucket:Bucket"


class NoRolesError(Exception):
    """Roles can't be derived; the text says why and what to do."""


@dataclass(frozen=True)
class Roles:
    """The roles of one stack."""

    project: str
    stack: str
    place: Place
    state: State | None
    boundary_name: str
    boundary: Mapping[str, Any]
    statements: Mapping[str, tuple[Statement, ...]]
    """By kind of role; kinds that have nothing to do are not there."""
    askers: Mapping[str, tuple[str, ...]]
    """URNs of the resources that ask for an action of the deployment, by action."""
    like: str | None = None
    """The stack that all stacks of these roles are like, where they are there for a while."""
    unbounded: tuple[str, ...] = ()
    """Roles of the stack that lack the boundary: what is derived may neither make nor change
    them."""

    def lacks(self) -> str | None:
        """What the stack file is to say before these roles can deploy it; None where it says so."""
        if not self.unbounded:
            return None
        names = ", ".join(self.unbounded[:3]) + ("..." if len(self.unbounded) > 3 else "")
        own = f"set `permissionsBoundary: {self.boundary_name}` in the stack file"
        if self.like is not None:
            system = self.place.system
            own = (
                f"set `permissionsBoundary` in the file of {self.like}, as `boundary-{system}-` "
                f"with its environment; such stacks have {self.boundary_name} then"
            )
        return (
            f"{len(self.unbounded)} roles of the stack lack the boundary ({names}), and the role "
            "that deploys may make or change no role without it, or it could make any: "
            f"{own}; the stack of the delivery makes that policy"
        )

    def ready(self) -> Roles:
        """These roles, where they can deploy the stack.

        Raises:
            NoRolesError: the stack's own roles lack the boundary.
        """
        lacks = self.lacks()
        if lacks is not None:
            raise NoRolesError(lacks)
        return self

    def as_json(self) -> dict[str, Any]:
        """What the file says (docs/delivery.md)."""
        return {
            "version": VERSION,
            "table": dated(),
            "project": self.project,
            "stack": self.stack,
            **({} if self.like is None else {"like": self.like}),
            "system": self.place.system,
            "environment": self.place.environment,
            "account": self.place.account,
            "region": self.place.region,
            "state": None
            if self.state is None
            else {"bucket": self.state.bucket, "keyArn": self.state.key_arn},
            "boundary": {"name": self.boundary_name, "document": self.boundary},
            "roles": {kind: policies(granted) for kind, granted in self.statements.items()},
        }


def file_of(project: Path, stack: str) -> Path:
    """Where the roles of a stack are kept."""
    return project / f"trellis.{stack}.roles.json"


def derive(
    recorded: Callable[[str], Recording],
    naming: Naming,
    partition: str,
    state: State | None,
    bounded_as: str | None = None,
) -> Roles:
    """The roles of a stack.

    Args:
        recorded: gives the recording of a mode, `deployed` or `preview`.
        bounded_as: the environment in the boundary's name, where it is not the stack's own.

    Raises:
        NoRolesError: the stack file names no account.
        TooLongError: a role fits in no policies that AWS takes.
    """
    deployed = recorded("deployed")
    place = where(deployed, naming, partition)
    name = boundary_name(naming.system, bounded_as or naming.environment)
    free = tuple(role.name for role in deployed.of_type(ROLE) if not _bounded(role, name))
    arn = f"arn:{partition}:iam::{place.account}:policy/{name}"
    derivation = Derivation(deployed, recorded("preview"), place, arn)
    deploy, drift = derivation.deploy(), derivation.drift()
    own = of_stack(deployed.project, deployed.stack)
    freeze = freeze_of(deployed.project, deployed.stack)
    kept = tuple(state_statements(place, state, own, writes=True, frozen=freeze))
    found = {
        "deploy": (*deploy.statements, *_diagnosed(deployed), *kept),
        "drift": (*drift.statements, *state_statements(place, state, own, writes=False)),
        "service": tuple(_service(deployed, place)),
        "site": tuple(_site(deployed)),
    }
    return Roles(
        deployed.project,
        deployed.stack,
        place,
        state,
        name,
        boundary(deployed),
        {kind: statements for kind, statements in found.items() if statements},
        deploy.askers,
        unbounded=free,
    )


def where(deployed: Recording, naming: Naming, partition: str) -> Place:
    """Where a stack is, and what its names begin with.

    Raises:
        NoRolesError: the stack file names no account.
    """
    if deployed.account is None:
        raise NoRolesError("the stack file names no account: roles name theirs (`trellis:account`)")
    return Place(partition, deployed.region, deployed.account, naming.system, naming.environment)


def _bounded(role: Recorded, name: str) -> bool:
    return str(role.inputs.get("permissionsBoundary")).endswith(f":policy/{name}")


def boundary_name(system: str, environment: str) -> str:
    """Name of the policy that bounds the roles of a system; no name of the system's own begins
    so, or a deployment could change it."""
    return f"boundary-{system}-{environment}"


def _diagnosed(recording: Recording) -> Iterator[Statement]:
    """What `trellis diagnose` asks beyond what the engine does: why tasks stopped."""
    services = recording.of_type(SERVICE)
    if not services:
        return
    clusters = tuple(sorted({str(service.inputs["cluster"]) for service in services}))
    of_these = {"ArnEquals": {"ecs:cluster": list(clusters)}}
    yield Statement("ListTasks", ("ecs:ListTasks",), ("*",), of_these)
    tasks = tuple(f"{arn.replace(':cluster/', ':task/')}/*" for arn in clusters)
    yield Statement("SeeWhyTasksStopped", ("ecs:DescribeTasks",), tasks)


def _service(recording: Recording, place: Place) -> Iterator[Statement]:
    """Push the images, register new versions of the tasks, move the services on to them."""
    services = _arns(recording, SERVICE)
    if not services:
        return
    repositories = _arns(recording, REPOSITORY)
    if repositories:
        yield Statement("SignIn", ("ecr:GetAuthorizationToken",), ("*",))
        yield Statement(
            "Push",
            (
                "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload",
                "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload",
                "ecr:PutImage", "ecr:UploadLayerPart",
            ),
            repositories,
        )  # fmt: skip
    families = sorted({str(task.inputs["family"]) for task in recording.of_type(TASKS)})
    tasks = tuple(
        f"arn:{place.partition}:ecs:{place.region}:{place.account}:task-definition/{family}:*"
        for family in families
    )
    yield Statement("Register", ("ecs:RegisterTaskDefinition", "ecs:TagResource"), tasks)
    yield Statement("SeeTasks", ("ecs:DescribeTaskDefinition",), ("*",))
    yield Statement(
        "Update",
        ("ecs:DescribeServices", "ecs:ListServiceDeployments", "ecs:UpdateService"),
        services,
    )
    deployments = tuple(f"{arn.replace(':service/', ':service-deployment/')}/*" for arn in services)
    yield Statement(
        "GoBack", ("ecs:DescribeServiceDeployments", "ecs:StopServiceDeployment"), deployments
    )
    roles = tuple(
        sorted(arn for arn, trusted in passes(recording) if "ecs-tasks.amazonaws.com" in trusted)
    )
    if roles:
        yield Statement(
            "PassRoles", ("iam:PassRole",), roles,
            {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        )  # fmt: skip


def _site(recording: Recording) -> Iterator[Statement]:
    """Fill the sites' own buckets and invalidate their distributions. Ids of distributions are
    AWS's: the role may invalidate those that carry the system's tags."""
    distributions = recording.of_type(DISTRIBUTION)
    owners = {distribution.parent for distribution in distributions}
    buckets = tuple(
        sorted(
            str(bucket.outputs["arn"])
            for bucket in recording.of_type(BUCKET)
            if bucket.parent in owners or _parent(recording, bucket.parent) in owners
        )
    )
    if not buckets:
        return
    yield Statement("SeeWhatIsThere", ("s3:ListBucket",), buckets)
    yield Statement(
        "Publish",
        ("s3:DeleteObject", "s3:GetObject", "s3:PutObject"),
        tuple(f"{arn}/*" for arn in buckets),
    )
    tags = _tags(recording)
    account = recording.account
    yield Statement(
        "Invalidate",
        ("cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"),
        (f"arn:aws:cloudfront::{account}:distribution/*",),
        {"StringEquals": {f"aws:ResourceTag/{key}": tags[key] for key in SYSTEM_TAGS}},
    )


def _tags(recording: Recording) -> Mapping[str, str]:
    provider = recording.of_type("pulumi:providers:aws")[0]
    found: Mapping[str, str] = json.loads(str(provider.inputs["defaultTags"]))["tags"]
    return found


def _parent(recording: Recording, urn: str) -> str:
    return next((resource.parent for resource in recording if resource.urn == urn), "")


def _arns(recording: Recording, type_: str) -> tuple[str, ...]:
    return tuple(sorted(str(resource.outputs["arn"]) for resource in recording.of_type(type_)))


__all__ = ["KINDS", "NoRolesError", "Roles", "State", "derive", "file_of"]
