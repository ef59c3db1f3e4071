"""Whether a selection of AWS Backup takes a resource in.

Sources: "BackupSelection" (AWS Backup API Reference) and "Assigning resources to a backup plan"
(Developer Guide), 2026-11: `resources` name ARNs, also with wildcards; of `selectionTags` one must
be carried; all `conditions` must hold; what `notResources` name is left out of all of it.
"""

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Final

from . import aws
from .evidence import Resource, Stack
from .iam.patterns import covers, has_wildcard, matches_resource, overlaps
from .reading import Reading
from .unknown import Tri, all_of, any_of

# What the ARN of a resource will look like, after its partition, before it is known.
_SHAPES: Final = {
    aws.DB_INSTANCE: "rds:*:*:db:*",
    aws.DB_CLUSTER: "rds:*:*:cluster:*",
    aws.TABLE: "dynamodb:*:*:table/*",
    aws.FILE_SYSTEM: "elasticfilesystem:*:*:file-system/*",
}
_TAG: Final = "aws:ResourceTag/"


def automatic(stack: Stack, files: Resource) -> Tri:
    """Whether a file system is in the plan that AWS keeps for those backed up automatically.

    Source: "Automatic backups" (Amazon EFS User Guide, 2026-11).
    """
    return stack.some_companion(
        files,
        aws.FILE_SYSTEM_BACKUP,
        "fileSystemId",
        lambda one: one.at("backupPolicy.status").equals("ENABLED"),
    )


def selects(stack: Stack, selection: Resource, resource: Resource) -> Tri:
    """Whether ``selection`` takes in ``resource``."""
    tags = selection["selectionTags"]
    tagged = tags.some(
        lambda tag: (
            tag["type"].equals("STRINGEQUALS") & _carries(stack, resource, tag["key"], tag["value"])
        )
    )
    # Beside tags, everything is everything that carries one of them.
    everything = _everything(selection) & tags.absent()
    return (
        (everything | _names(stack, selection, resource, "resources") | tagged)
        & _conditions_hold(stack, selection["conditions"], resource)
        & ~_names(stack, selection, resource, "notResources")
    )


def _everything(selection: Resource) -> Tri:
    referred = selection.facts.property_dependencies.get("resources", ())
    return selection["resources"].some(
        # What comes from another resource is its ARN, not everything.
        lambda one: Tri.NO if one.is_unknown and referred else one.equals("*")
    )


def _names(stack: Stack, selection: Resource, resource: Resource, path: str) -> Tri:
    """Whether a list of ARNs and patterns names the resource; `*` by itself is left out."""
    exact = any_of(
        one.belongs
        for one in stack.companions(resource, aws.BACKUP_SELECTION, path)
        if one.resource.urn == selection.urn
    )
    return exact | any_of(
        _matches(text, resource)
        for one in selection[path].elements()
        if (text := one.text()) is not None and text != "*" and has_wildcard(text)
    )


def _matches(pattern: str, resource: Resource) -> Tri:
    arn = (resource.facts.outputs or {}).get("arn")
    if isinstance(arn, str):
        return matches_resource(pattern, arn)
    # A pattern is written for the partition that the stack is in.
    partition = ":".join(pattern.split(":", 2)[:2])
    shape = f"{partition}:{_SHAPES[resource.type]}"
    if covers(pattern, shape):
        return Tri.YES
    return Tri.UNKNOWN if overlaps(pattern, shape) else Tri.NO


def _conditions_hold(stack: Stack, conditions: Reading, resource: Resource) -> Tri:
    questions: tuple[tuple[str, Callable[[str, str], bool], bool], ...] = (
        ("stringEquals", str.__eq__, True),
        ("stringLikes", fnmatchcase, True),
        ("stringNotEquals", str.__eq__, False),
        ("stringNotLikes", fnmatchcase, False),
    )
    return conditions.every(
        lambda block: all_of(
            block[name].every(
                lambda one, asked=question, wanted=holds: _answers(
                    stack, resource, one, asked, wanted
                )
            )
            for name, question, holds in questions
        )
    )


def _answers(
    stack: Stack,
    resource: Resource,
    condition: Reading,
    asked: Callable[[str, str], bool],
    wanted: bool,
) -> Tri:
    key = condition["key"].text()
    if key is None or not key.startswith(_TAG):
        return Tri.UNKNOWN
    carried = _carries(stack, resource, Reading(key.removeprefix(_TAG)), condition["value"], asked)
    return carried if wanted else ~carried


def _carries(
    stack: Stack,
    resource: Resource,
    key: Reading,
    value: Reading,
    asked: Callable[[str, str], bool] = str.__eq__,
) -> Tri:
    """Whether the resource, or the provider for all of its resources, has such a tag."""
    name, wanted = key.text(), value.text()
    if name is None or wanted is None:
        return Tri.UNKNOWN
    own = _tag(resource["tags"], name, wanted, asked)
    provider = stack.by_urn(resource.facts.provider or "")
    if provider is None or resource["tags"][name].present() is Tri.YES:
        return own
    return own | _tag(provider["defaultTags"].parsed()["tags"], name, wanted, asked)


def _tag(tags: Reading, name: str, wanted: str, asked: Callable[[str, str], bool]) -> Tri:
    return tags[name].ask(lambda found: isinstance(found, str) and asked(found, wanted))
