"""Whoever holds permissions: roles, groups, users, and policies whose holder is not in the stack.

Each is judged by the union of all that it holds. A policy that is attached in the stack is judged
with its holder; one that is not is as dangerous as whoever will hold it. What several resources
give to one principal made elsewhere counts together, and is told of the first of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from . import aws
from .evidence import Resource, Stack
from .iam.documents import PolicyDocument, Text, unseen_document
from .iam.permissions import Permissions, RolePolicies, role_policies
from .roles import GRANTING, document_in, managed, policies_of, roles
from .unknown import Tri

_INLINE: Final = {
    granting.inline[0]: (kind, granting.inline[1]) for kind, granting in GRANTING.items()
}
_ATTACHED: Final = {
    attachment: (kind, path)
    for kind, granting in GRANTING.items()
    for attachment, path in (*granting.attached, granting.exclusive)
    if attachment != aws.POLICY_ATTACHMENT
}
_PERMISSION_SETS: Final = (
    aws.PERMISSION_SET_POLICY,
    aws.PERMISSION_SET_ATTACHMENT,
    aws.PERMISSION_SET_ATTACHMENTS,
)
HOLDERS: Final = (
    *GRANTING,
    aws.MANAGED_POLICY,
    *_INLINE,
    *_ATTACHED,
    aws.POLICY_ATTACHMENT,
    *_PERMISSION_SETS,
)
"""The types of which the permissions are asked, each by itself or with its holder."""


class _Who(NamedTuple):
    """A principal made elsewhere: its kind and name; where that is not known, by what names it."""

    kind: str
    name: str
    named_by: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """What one principal, or a policy without one, may do; ``arn`` of a role only."""

    policies: RolePolicies
    permissions: Permissions
    arn: Text | None = None
    prescribed: frozenset[str] = frozenset()


def holders(stack: Stack) -> Mapping[str, Holder]:
    """By URN, whoever is judged by itself; the rest is judged with its holder."""
    return stack.once("holders", lambda one: dict(_holders(one)))


def _holder(policies: RolePolicies) -> Holder:
    return Holder(policies, Permissions(policies))


def _holders(stack: Stack) -> Iterator[tuple[str, Holder]]:
    for urn, role in roles(stack).items():
        yield urn, Holder(role.policies, role.permissions, role.arn, role.prescribed)
    for group in stack.of_type(aws.GROUP):
        yield group.urn, _holder(policies_of(group, stack))
    for user in stack.of_type(aws.USER):
        yield user.urn, _holder(_with_groups(user, stack))
    for policy in stack.of_type(aws.MANAGED_POLICY):
        if not _is_attached(policy, stack):
            document = document_in(policy["policy"], policy.name)
            yield policy.urn, _holder(RolePolicies((document,)))
    elsewhere = _made_elsewhere(stack)
    for who, resources in elsewhere.items():
        documents = [document for one in resources for document in _given_by(one, stack)]
        if not documents:
            continue
        if _may_be_one(who, elsewhere):
            documents.append(unseen_document("a policy whose holder is not known yet"))
        yield resources[0].urn, _holder(RolePolicies(tuple(documents)))


def _may_be_one(who: _Who, elsewhere: Mapping[_Who, list[Resource]]) -> bool:
    """Whether another principal of the kind may turn out to be this one."""
    return any(
        other != who and other.kind == who.kind and "" in (who.name, other.name)
        for other in elsewhere
    )


def _with_groups(user: Resource, stack: Stack) -> RolePolicies:
    """A user's own policies, with those of the groups of the stack that the user is in."""
    own = policies_of(user, stack)
    groups: list[Resource] = []
    unseen = False
    for kind, of_user, of_group in (
        (aws.USER_GROUP_MEMBERSHIP, "user", "groups"),
        (aws.GROUP_MEMBERSHIP, "users", "group"),
    ):
        for membership in stack.companions(user, kind, of_user):
            targets = stack.follow(membership.resource, of_group, aws.GROUP)
            groups.extend(targets.found)
            unseen = unseen or (membership.belongs & targets.complete) is not Tri.YES
    of_groups = [
        document
        for group in dict.fromkeys(groups)
        for document in policies_of(group, stack).documents
    ]
    if unseen:
        of_groups.append(unseen_document("a group that is not seen"))
    return RolePolicies((*own.documents, *of_groups), own.boundary)


def _is_attached(policy: Resource, stack: Stack) -> bool:
    """Whether a principal of the stack surely holds the policy, and is judged with it."""
    paths = [(kind, "managedPolicyArns") for kind in (aws.ROLE,)]
    paths += [
        (attachment, "policyArns" if attachment.endswith("Exclusive") else "policyArn")
        for attachment in _ATTACHED
    ]
    for kind, path in (*paths, (aws.POLICY_ATTACHMENT, "policyArn")):
        for companion in stack.companions(policy, kind, path):
            if companion.belongs is Tri.YES and _holds_in_stack(companion.resource, stack):
                return True
    return False


def _holds_in_stack(resource: Resource, stack: Stack) -> bool:
    if resource.type == aws.ROLE:
        return True
    if resource.type == aws.POLICY_ATTACHMENT:
        return any(
            stack.follow(resource, path, kind).found
            for kind, path in ((aws.ROLE, "roles"), (aws.GROUP, "groups"), (aws.USER, "users"))
        )
    kind, path = _ATTACHED[resource.type]
    return bool(stack.follow(resource, path, kind).found)


def _made_elsewhere(stack: Stack) -> Mapping[_Who, list[Resource]]:
    """What gives permissions to principals that are not in the stack, by who they are."""
    found: dict[_Who, list[Resource]] = {}
    for kind, (principal, path) in {**_INLINE, **_ATTACHED}.items():
        for resource in stack.of_type(kind):
            targets = stack.follow(resource, path, principal)
            if targets.found or (stack.of_type(principal) and resource[path].is_unknown):
                continue
            found.setdefault(_who(principal, resource, path), []).append(resource)
    for resource in stack.of_type(aws.POLICY_ATTACHMENT):
        if not _holds_in_stack(resource, stack):
            found[_Who(resource.type, resource.urn)] = [resource]
    for kind in _PERMISSION_SETS:
        for resource in stack.of_type(kind):
            who = _who("permission set", resource, "permissionSetArn")
            found.setdefault(who, []).append(resource)
    return found


def _who(kind: str, resource: Resource, path: str) -> _Who:
    name = resource[path].text()
    return _Who(kind, "", resource.urn) if name is None else _Who(kind, name)


def _given_by(resource: Resource, stack: Stack) -> Iterator[PolicyDocument]:
    """The documents that one resource gives; a policy of the stack is judged by itself."""
    if resource.type in _INLINE:
        yield document_in(resource["policy"], resource.name)
        return
    if resource.type == aws.PERMISSION_SET_POLICY:
        yield document_in(resource["inlinePolicy"], resource.name)
        return
    for path in ("policyArn", "policyArns", "managedPolicyArn", "managedPolicyArns"):
        reading = resource[path]
        if reading.is_absent:
            continue
        if stack.resolve(resource, reading, aws.MANAGED_POLICY).found:
            continue
        arns = (reading,) if reading.is_unknown else reading.elements()
        yield from role_policies({}, [managed(resource, arn, stack) for arn in arns]).documents
