"""What a stack takes for itself in its account, its region and the world, and who else does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from trellis.compare.types import KNOWN
from trellis.compare.types import resource as declared
from trellis.planner.recording import Recorded, Recording
from trellis.planner.wire import Secret

LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"

RECORD: Final = "aws:route53/record:Record"
DISTRIBUTION: Final = "aws:cloudfront/distribution:Distribution"

ONCE = "one stack sets it up; the others say so under `baseline.elsewhere`"
OTHER_NAMES = "give one stack other names"
OTHER_NAME = "give one of them another name, or another `environment`"


@dataclass(frozen=True)
class Claim:
    """Something of which there is one, and the resource that asks for it."""

    scope: Literal["world", "account", "region"]
    type: str
    name: str
    """Empty for what an account or region has once, without a name."""
    resource: Recorded
    region: str


@dataclass(frozen=True)
class Clash:
    """What two stacks cannot both have, or what several have too many of together."""

    message: str
    hint: str
    stacks: tuple[str, ...]
    raised: bool = False
    """Whether it is a quota, which AWS raises when it is asked."""

    def __str__(self) -> str:
        return f"{' and '.join(self.stacks)}: {self.message}\n  hint     {self.hint}"


def claims(recording: Recording) -> Iterator[Claim]:
    """All that a stack takes for itself; what Pulumi makes a name up for clashes with nothing."""
    for resource in recording:
        if not resource.custom or resource.read:
            continue
        if resource.inputs.get("vpcs"):
            continue  # a private zone is its network's own
        if resource.type == LOG_GROUP and resource.property_dependencies.get("name"):
            continue  # API Gateway's own log: the API's id, which AWS makes up, is in its name
        region = str(resource.inputs.get("region") or recording.region)
        unique = declared(resource.type).unique
        if unique is not None:
            parts = [text_of(resource, key) for key in unique.by]
            if not unique.by or any(parts):
                kind, name = unique.among or resource.type, " ".join(filter(None, parts))
                yield Claim(unique.scope, kind, name, resource, region)
        if resource.type == DISTRIBUTION:
            for alias in resource.inputs.get("aliases") or ():
                yield Claim("world", resource.type, str(alias), resource, region)
        known = text_of(resource, "zoneId") and text_of(resource, "name")
        if resource.type == RECORD and known and not resource.inputs.get("allowOverwrite"):
            yield Claim("account", resource.type, _record(resource), resource, region)


def _record(resource: Recorded) -> str:
    parts = ("zoneId", "name", "type", "setIdentifier")
    return " ".join(text for key in parts if (text := text_of(resource, key)))


def text_of(resource: Recorded, key: str) -> str:
    """An input as text; empty for what is none."""
    value = resource.inputs.get(key)
    value = value.value if isinstance(value, Secret) else value
    return value if isinstance(value, str) else ""


def clashes(recordings: Sequence[Recording]) -> list[Clash]:
    """What the stacks of a project cannot have beside each other."""
    taken: dict[tuple[str, ...], dict[str, Claim]] = {}
    home = _only_account(recordings)
    for recording in recordings:
        for claim in claims(recording):
            place = (
                ()
                if claim.scope == "world"
                else (recording.account or home, claim.region)
                if claim.scope == "region"
                else (recording.account or home,)
            )
            key = (claim.scope, claim.type, claim.name, *place)
            taken.setdefault(key, {}).setdefault(recording.stack, claim)
    found = [_clash(tuple(by_stack), next(iter(by_stack.values())))
             for by_stack in taken.values() if len(by_stack) > 1]  # fmt: skip
    return [*dict.fromkeys(found), *_too_many(recordings)]


def _only_account(recordings: Sequence[Recording]) -> str:
    """The account of a stack that names none: the only one that the others name."""
    named = {recording.account for recording in recordings if recording.account}
    return named.pop() if len(named) == 1 else ""


def _clash(stacks: tuple[str, ...], claim: Claim) -> Clash:
    label = claim.type.rsplit(":", 1)[-1]
    where = {
        "world": "in the world",
        "account": "in an account",
        "region": f"in {claim.region}",
    }[claim.scope]
    both = "both" if len(stacks) == 2 else "all"
    message = f"{both} have the {label} {claim.name}".rstrip() + f", of which there is one {where}"
    return Clash(message, _hint(claim), stacks)


def _hint(claim: Claim) -> str:
    """What to do where two stacks claim the same."""
    if claim.type in (RECORD, DISTRIBUTION):
        return OTHER_NAMES
    unique = declared(claim.type).unique
    return (unique.hint if unique else "") or (OTHER_NAME if claim.name else ONCE)


def _too_many(recordings: Sequence[Recording]) -> Iterator[Clash]:
    home = _only_account(recordings)
    for type_, known in KNOWN.items():
        if known.quota is None:
            continue
        counts: dict[tuple[str, str], dict[str, int]] = {}
        for recording in recordings:
            for resource in recording.of_type(type_):
                region = str(resource.inputs.get("region") or recording.region)
                by_stack = counts.setdefault((recording.account or home, region), {})
                by_stack[recording.stack] = by_stack.get(recording.stack, 0) + 1
        for (_, region), by_stack in counts.items():
            total = sum(by_stack.values())
            if total > known.quota.most:
                message = (
                    f"{total} {known.quota.label} in {region}, where an account has "
                    f"{known.quota.most}"
                )
                yield Clash(message, known.quota.hint, tuple(by_stack), raised=True)
