"""What a plan cannot know without an account, as `trellis lookup` wrote it down."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, PrivateAttr, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from components.contracts import SubnetTier
from components.network.settings import ExistingNetwork
from components.parts.cidr import Cidr
from components.parts.image_settings import ImageDigest
from components.parts.model import Settings
from components.parts.principals import AccountId
from trellis.stackfile.problems import KeyPath, Problem, Source, StackFileError
from trellis.stackfile.project import shown
from trellis.stackfile.wording import found

LAYER = "context"

ZoneName = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z0-9]+)+$")]
"""An availability zone, as in `us-east-1a`, or a local one, as in `us-west-2-lax-1a`."""
VpcId = Annotated[str, StringConstraints(pattern=r"^vpc-[0-9a-f]{8,17}$")]
SubnetId = Annotated[str, StringConstraints(pattern=r"^subnet-[0-9a-f]{8,17}$")]
HostedZoneId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,32}$")]
"""Route 53 API reference, GetHostedZone (2026-11-30): at most 32 characters."""


class FoundSubnet(Settings):
    """A subnet of a network that this system does not own."""

    id: SubnetId
    zone: ZoneName
    cidr: Cidr


def in_order(
    subnets: Iterable[FoundSubnet], existing: ExistingNetwork, tier: SubnetTier
) -> tuple[FoundSubnet, ...]:
    """A tier's subnets by zone, in each zone as the stack file names them."""
    return tuple(
        sorted(
            subnets,
            key=lambda subnet: (subnet.zone, existing.place(tier, subnet.id), subnet.id),
        )
    )


class FoundNetwork(Settings):
    """A network that this system does not own."""

    vpc_id: VpcId
    cidr: Cidr
    """The VPC's first IPv4 block."""
    subnets: dict[SubnetTier, tuple[FoundSubnet, ...]] = Field(
        default_factory=dict[SubnetTier, tuple[FoundSubnet, ...]]
    )
    """By tier, in the order of the zones."""
    egress: tuple[SubnetTier, ...] = ()
    """Tiers with a route to the internet."""


class Context(Settings):
    """The committed file `trellis.<stack>.context.json`; empty where there is none."""

    version: Literal[1] = 1
    example: bool = False
    """Made up, so that an example can be planned without an account: nothing was looked up."""
    looked_up: date | None = None
    account: AccountId | None = None
    """Whose answers these are."""
    zones: dict[str, tuple[ZoneName, ...]] = Field(default_factory=dict[str, tuple[ZoneName, ...]])
    """Zone names by region."""
    network: FoundNetwork | None = None
    subnets: dict[str, Cidr] = Field(default_factory=dict[str, Cidr])
    """Blocks of this stack's subnets by name, as in `private-a`."""
    hosted_zones: dict[str, HostedZoneId] = Field(default_factory=dict[str, HostedZoneId])
    """Ids of public Route 53 hosted zones by domain."""
    private_zones: dict[str, HostedZoneId] = Field(default_factory=dict[str, HostedZoneId])
    """Ids of private ones by domain."""
    models: dict[str, tuple[str, ...]] = Field(default_factory=dict[str, tuple[str, ...]])
    """Regions that an inference profile of Bedrock routes to, by its id."""
    concurrency: int | None = Field(default=None, ge=0)
    """Runs at once that the account has in the stack's region for all its functions together."""
    images: dict[str, ImageDigest] = Field(default_factory=dict[str, ImageDigest])
    """Digests of container images by `repository:tag`."""
    adopted: dict[str, dict[str, Any]] = Field(default_factory=dict[str, dict[str, Any]])
    """What can't change in place of what is taken over, by its type and identifier."""
    secrets: tuple[str, ...] = ()
    """Names of secrets that an operator has given a value."""
    _supposed: dict[str, None] | None = PrivateAttr(None)

    def supposing(self, supposed: dict[str, None]) -> Context:
        """The same, but every image is there and every secret has its value.

        Args:
            supposed: gets what was asked for and is not in the context, in words.
        """
        context = self.model_copy()
        context._supposed = supposed
        return context

    def digest(self, image: str) -> ImageDigest | None:
        """The digest of an image, `repository:tag`; None where nobody knows of it."""
        known = self.images.get(image)
        if known is None and self._supposed is not None:
            self._supposed[f"the image {image}"] = None
            return f"sha256:{hashlib.sha256(image.encode()).hexdigest()}"
        return known

    def has_value(self, secret: str) -> bool:
        """Whether a secret has a value, by its name; False where nobody knows."""
        if secret not in self.secrets and self._supposed is not None:
            self._supposed[f"a value of the secret {secret}"] = None
            return True
        return secret in self.secrets


def context_file(stack_file: Path, stack: str) -> Path:
    """Where the context of a stack is: beside its file."""
    return stack_file.parent / f"trellis.{stack.rsplit('/', 1)[-1]}.context.json"


def context_for(account: str | None, context: Context) -> Context:
    """The context as far as it speaks of an account: an example says nothing of any other one."""
    return Context() if context.example and account != context.account else context


def read_context(file: Path) -> Context:
    """The context in a file; an empty one where there is no file.

    Raises:
        StackFileError: the file is no context.
    """
    try:
        text = file.read_bytes()
    except FileNotFoundError:
        return Context()
    except OSError as error:
        raise StackFileError([_problem(file, error.strerror or "no file")]) from None
    try:
        return Context.model_validate_json(text, by_alias=True, by_name=False)
    except ValidationError as error:
        problems = [
            _problem(file, _message(problem), problem["loc"], _line(text, problem))
            for problem in error.errors(include_url=False, include_context=False)
        ]
        raise StackFileError(problems) from None


def context_text(context: Context) -> str:
    """A context as its file holds it: sorted, so that looking up again changes no line in vain."""
    values = context.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return json.dumps({"version": context.version, **values}, indent=2, sort_keys=True) + "\n"


def _message(error: ErrorDetails) -> str:
    kinds = {"json_invalid": "no JSON", "missing": "nothing", "extra_forbidden": "an unknown key"}
    return kinds.get(error["type"]) or found(error["input"])


def _line(text: bytes, error: ErrorDetails) -> int | None:
    """The line of what is wrong, or of what it stands in."""
    if error["type"] == "json_invalid":
        place = re.search(r"line (\d+)", error["msg"])
        return int(place[1]) if place is not None else None
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)  # JSON is YAML, whose nodes know lines
    except yaml.YAMLError:
        return None
    for part in error["loc"]:
        below = None
        if isinstance(node, yaml.MappingNode):
            below = next((value for name, value in node.value if name.value == part), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            below = node.value[part] if part < len(node.value) else None
        if below is None:
            break
        node = below
    return None if node is None else node.start_mark.line + 1


def _problem(file: Path, given: str, path: KeyPath = (), line: int | None = None) -> Problem:
    return Problem(
        path,
        given,
        "what `trellis lookup` writes",
        "run it again, or take the file away",
        Source(LAYER, shown(file), line),
    )
