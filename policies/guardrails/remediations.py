"""Opt-in remediations: safe changes the engine may make to a resource before it is created.

They are off unless the pack's configuration sets their level to ``remediate``; at ``advisory`` or
``mandatory`` they tell of what they would change, or refuse it. Each only adds what is missing:
nothing that a program states is taken away, except a flag that opens a bucket.
"""

from collections.abc import Mapping
from typing import Final, cast

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    ReportViolation,
    ResourceRemediation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
)

from . import aws

TAGS_SCHEMA: Final = PolicyConfigSchema(
    properties={
        "tags": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "Tags that every resource with tags gets where it has none of the name.",
        }
    }
)


def block_public_access(args: ResourceValidationArgs) -> Mapping[str, object] | None:
    """All four flags of a public access block, whatever the program says of them."""
    if args.resource_type != aws.PUBLIC_ACCESS_BLOCK:
        return None
    props = cast("Mapping[str, object]", args.props)
    if all(_known(props, flag) is True for flag in aws.PUBLIC_ACCESS_FLAGS):
        return None
    return _changed(props, dict.fromkeys(aws.PUBLIC_ACCESS_FLAGS, True))


def add_tags(args: ResourceValidationArgs) -> Mapping[str, object] | None:
    """The configured tags, where a resource carries tags and lacks them."""
    props = cast("Mapping[str, object]", args.props)
    missing = _missing_tags(args)
    if not missing:
        return None
    tags = cast("Mapping[str, object]", props["tags"])
    return _changed(props, {"tags": _changed(tags, missing)})


def open_block(args: ResourceValidationArgs, report: ReportViolation) -> None:
    """What the remediation would set, for a configuration that asks to refuse or advise instead."""
    if args.resource_type != aws.PUBLIC_ACCESS_BLOCK:
        return
    props = cast("Mapping[str, object]", args.props)
    stated = set(props)
    off = [
        flag
        for flag in aws.PUBLIC_ACCESS_FLAGS
        if flag not in stated or _known(props, flag) is False
    ]
    if off:
        report(f"not set to true: {', '.join(off)}", None)


def untagged(args: ResourceValidationArgs, report: ReportViolation) -> None:
    """The configured tags that a resource lacks, where it has tags."""
    missing = _missing_tags(args)
    if missing:
        report(f"lacks the tags {', '.join(sorted(missing))}", None)


def _missing_tags(args: ResourceValidationArgs) -> Mapping[str, str]:
    wanted = cast("Mapping[str, str]", args.get_config().get("tags") or {})
    present = _known(cast("Mapping[str, object]", args.props), "tags")
    if not isinstance(present, Mapping):
        return {}
    return {name: value for name, value in wanted.items() if name not in present}


def _known(props: Mapping[str, object], name: str) -> object:
    try:
        return props.get(name)
    except Exception as error:
        if type(error).__name__ != "UnknownValueError":
            raise
        return None


def _changed(props: Mapping[str, object], changes: Mapping[str, object]) -> Mapping[str, object]:
    """The same proxy with changes: secrets and unknowns inside it stay what they are."""
    for name, value in changes.items():
        cast("dict[str, object]", props)[name] = value
    return props


def remediations() -> list[ResourceValidationPolicy]:
    """The remediation policies, disabled until the configuration turns them on.

    The SDK's type asks for an awaitable; its server takes a plain answer too.
    """
    return [
        ResourceValidationPolicy(
            name="remediate-public-access",
            description="Public access blocks block everything.",
            validate=open_block,
            remediate=cast("ResourceRemediation", block_public_access),
            enforcement_level=EnforcementLevel.DISABLED,
        ),
        ResourceValidationPolicy(
            name="remediate-tags",
            description="Resources carry the configured tags.",
            validate=untagged,
            remediate=cast("ResourceRemediation", add_tags),
            enforcement_level=EnforcementLevel.DISABLED,
            config_schema=TAGS_SCHEMA,
        ),
    ]
