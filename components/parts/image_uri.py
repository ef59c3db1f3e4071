"""Images that a URI names: which of them are in a private registry of ECR."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pulumi

from components.contracts import AccountRegion

PRIVATE = re.compile(
    r"(?P<account>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\."
    r"(?:amazonaws\.com|amazonaws\.com\.cn|on\.aws)/(?P<name>[^@:]+)"
)
"""Registry and repository ("Amazon ECR private registry", Amazon ECR User Guide, 2026-11)."""


PUBLIC = "public.ecr.aws/"
"""How images of Amazon ECR Public begin, which anybody pulls."""


@dataclass(frozen=True)
class PrivateRepository:
    """A repository of ECR, of this account or another one."""

    account: str
    region: str
    name: str

    def arn(self, partition: str) -> str:
        """What a role must be let into to pull from it."""
        return f"arn:{partition}:ecr:{self.region}:{self.account}:repository/{self.name}"


def private_repository(uri: str) -> PrivateRepository | None:
    """The repository that a whole image reference names; None where it is not ECR's.

    >>> private_repository("123456789012.dkr.ecr.eu-west-1.amazonaws.com/hub/nginx@sha256:0").name
    'hub/nginx'
    """
    found = PRIVATE.match(uri)
    return PrivateRepository(**found.groupdict()) if found else None


HUB = "docker.io"
"""The registry of a name that says none, as every client of containers reads it."""


def whole(uri: str) -> str:
    """A reference with its registry: Docker Hub's by their usual names, too.

    The first part is a registry where it holds a dot or a port or is `localhost`; a name of one
    part is one of Docker Hub's own (`library`), as in "Normalizing" (distribution/reference).

    >>> whole("nginx:1.27")
    'docker.io/library/nginx:1.27'
    >>> whole("docker.io/nginx:1.27")
    'docker.io/library/nginx:1.27'
    >>> whole("grafana/loki:3.2.0")
    'docker.io/grafana/loki:3.2.0'
    >>> whole("registry.example:5000/web:v1")
    'registry.example:5000/web:v1'
    """
    first, slash, rest = uri.partition("/")
    if slash and ({".", ":"} & set(first) or first == "localhost"):
        host, name = first, rest
    else:
        host, name = HUB, uri
    if host == HUB and "/" not in name:
        name = f"library/{name}"
    return f"{host}/{name}"


def is_tagged(uri: str) -> bool:
    """Whether a reference is by tag, so that its digest is looked up."""
    return "@" not in uri


def pinned(uri: str, digest: str) -> str:
    """A reference by tag, by the digest that it was found to be.

    >>> pinned("registry.example:5000/hub/web:v1", "sha256:0")
    'registry.example:5000/hub/web@sha256:0'
    """
    return f"{uri.rpartition(':')[0]}@{digest}"


def registry(place: AccountRegion) -> str:
    """What follows the account in the name of its private registry."""
    suffix = "amazonaws.com.cn" if place.partition == "aws-cn" else "amazonaws.com"
    return f".dkr.ecr.{place.region}.{suffix}"


def repository_url(place: AccountRegion, name: str) -> pulumi.Input[str]:
    """Where images are pushed and pulled: registry and name, without tag."""
    rest = f"{registry(place)}/{name}"
    if isinstance(place.account, str):
        return place.account + rest
    return pulumi.Output.concat(place.account, rest)
