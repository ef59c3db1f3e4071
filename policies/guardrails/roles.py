"""Principals as the IAM analysis wants them: all their policies, wherever they stand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from . import aws
from .evidence import Resource, Stack
from .iam.documents import DocumentError, Kind, PolicyDocument, Text, parse, unknown_document
from .iam.escalation import Account, AccountRole, find_role_chains
from .iam.findings import Finding
from .iam.managed_policies import document_of
from .iam.permissions import Permissions, RolePolicies, role_policies
from .reading import Reading
from .unknown import UNKNOWN, Tri, Unknown, is_unknown

_SERVICE: Final = "arn:aws:iam::aws:policy/service-role/"


@dataclass(frozen=True, slots=True)
class StackRole:
    """One role with the union of its inline, attached and managed policies."""

    policies: RolePolicies
    permissions: Permissions
    trust: PolicyDocument
    arn: Text
    prescribed: frozenset[str] = frozenset()
    """Labels of the documents that AWS's guide tells to attach to a role of its one service."""


def roles(stack: Stack) -> Mapping[str, StackRole]:
    """The roles of a stack by URN, read once."""
    return stack.once("roles", lambda one: {r.urn: _read(r, one) for r in one.of_type(aws.ROLE)})


def chains(stack: Stack) -> Mapping[str, tuple[Finding, ...]]:
    """By URN, whether a role reaches a more powerful one through other roles of the stack."""
    return stack.once("chains", _chains)


def _chains(stack: Stack) -> Mapping[str, tuple[Finding, ...]]:
    by_urn = roles(stack)
    # A role whose ARN is not known yet is told apart by its URN; no document names that.
    named = {urn: urn if is_unknown(role.arn) else role.arn for urn, role in by_urn.items()}
    account = Account(
        {named[urn]: AccountRole(role.policies, role.trust) for urn, role in by_urn.items()}
    )
    found = find_role_chains(account)
    return {urn: found[named[urn]] for urn in by_urn}


def _read(role: Resource, stack: Stack) -> StackRole:
    trust = document_in(role["assumeRolePolicy"], "trust policy", Kind.TRUST)
    policies = policies_of(role, stack, _used_by_aws_alone(trust))
    prescribed = _prescribed(policies.documents, trust)
    return StackRole(policies, Permissions(policies), trust, _arn(role, stack), prescribed)


# By service: the policies under `service-role/` that its guide tells to give it, wide as they are.
# "Step 2: Create an IAM role for AWS Glue" (AWS Glue User Guide) and "Service role for Amazon EMR"
# (Amazon EMR Management Guide), from memory, 2026-12.
_PRESCRIBED: Final = {
    "glue.amazonaws.com": ("AWSGlueServiceRole",),
    "elasticmapreduce.amazonaws.com": ("AmazonElasticMapReduceRole", "AmazonEMRServicePolicy_v2"),
}


def _prescribed(documents: Iterable[PolicyDocument], trust: PolicyDocument) -> frozenset[str]:
    trusted = {one.value for statement in trust.statements for one in statement.principals}
    names = _PRESCRIBED.get(str(next(iter(trusted))), ()) if len(trusted) == 1 else ()
    of_aws: set[str] = set()
    others: set[str] = set()
    for document in documents:
        meant = document.label in names and document is document_of(_SERVICE + document.label)
        (of_aws if meant else others).add(document.label)
    return frozenset(of_aws - others)


@dataclass(frozen=True, slots=True)
class Granting:
    """Which resources give a kind of principal its policies, and by which input they name it.

    ``inline`` holds a document, ``attached`` one policy's ARN, ``exclusive`` all ARNs there are.
    """

    inline: tuple[str, str]
    attached: tuple[tuple[str, str], ...]
    exclusive: tuple[str, str]


GRANTING: Final[Mapping[str, Granting]] = MappingProxyType(
    {
        aws.ROLE: Granting(
            (aws.ROLE_POLICY, "role"),
            ((aws.ROLE_POLICY_ATTACHMENT, "role"), (aws.POLICY_ATTACHMENT, "roles")),
            (aws.ROLE_ATTACHMENTS, "roleName"),
        ),
        aws.GROUP: Granting(
            (aws.GROUP_POLICY, "group"),
            ((aws.GROUP_POLICY_ATTACHMENT, "group"), (aws.POLICY_ATTACHMENT, "groups")),
            (aws.GROUP_ATTACHMENTS, "groupName"),
        ),
        aws.USER: Granting(
            (aws.USER_POLICY, "user"),
            ((aws.USER_POLICY_ATTACHMENT, "user"), (aws.POLICY_ATTACHMENT, "users")),
            (aws.USER_ATTACHMENTS, "userName"),
        ),
    }
)


def policies_of(principal: Resource, stack: Stack, by_aws_alone: bool = False) -> RolePolicies:
    """The union of a principal's inline, attached and managed policies, within its boundary.

    ``by_aws_alone``: only a service of AWS acts with them, so what AWS wrote for it is left out.
    """
    granting = GRANTING[principal.type]
    inline: list[PolicyDocument] = []
    for position, policy in enumerate(_members(principal["inlinePolicies"])):
        name = policy["name"].text() or f"inline policy {position}"
        if not policy["policy"].is_absent:
            inline.append(document_in(policy["policy"], name))
    attached: list[object] = [
        managed(principal, arn, stack) for arn in _members(principal["managedPolicyArns"])
    ]
    for companion in stack.companions(principal, *granting.inline):
        one = companion.resource
        if companion.belongs is Tri.YES:
            inline.append(document_in(one["policy"], one.name))
        else:
            attached.append(UNKNOWN)
    for kind, path in granting.attached:
        for companion in stack.companions(principal, kind, path):
            one = companion.resource
            surely = companion.belongs is Tri.YES
            attached.append(managed(one, one["policyArn"], stack) if surely else UNKNOWN)
    for companion in stack.companions(principal, *granting.exclusive):
        one = companion.resource
        if companion.belongs is Tri.YES:
            attached.extend(managed(one, arn, stack) for arn in _members(one["policyArns"]))
        else:
            attached.append(UNKNOWN)
    limit = principal["permissionsBoundary"]
    boundary = None if limit.is_absent else managed(principal, limit, stack)
    if by_aws_alone:
        attached = [one for one in attached if not _written_for_a_service(one)]
    documents = role_policies({}, attached, boundary)
    return RolePolicies((*inline, *documents.documents), documents.boundary)


# Services that run the account's own code or templates under a role it gives them: whoever may
# change the code has the role's permissions.
_RUN_OUR_CODE: Final = frozenset(
    f"{name}.amazonaws.com"
    for name in (
        "apprunner",
        "bedrock",
        "build.apprunner",
        "cloudformation",
        "codebuild",
        "codepipeline",
        "datapipeline",
        "ec2",
        "ecs-tasks",
        "edgelambda",
        "eks",
        "eks-fargate-pods",
        "elasticmapreduce",
        "emr-serverless",
        "glue",
        "imagebuilder",
        "lambda",
        "pods.eks",
        "sagemaker",
        "ssm",
        "states",
        "synthetics",
        "tasks.apprunner",
    )
)


def _used_by_aws_alone(trust: PolicyDocument) -> bool:
    """Whether only services that act by AWS's own code may take the role."""
    principals = [one for statement in trust.statements for one in statement.principals]
    return bool(principals) and all(
        one.type == "Service" and not is_unknown(one.value) and one.value not in _RUN_OUR_CODE
        for one in principals
    )


def _written_for_a_service(policy: object) -> bool:
    """Whether AWS wrote a policy for one of its services (AWS Backup, say) to work with.

    Such policies are wide by design; held by that service alone they hand nothing to anybody.
    """
    return isinstance(policy, str) and policy.startswith(_SERVICE)


def _members(reading: Reading) -> Iterable[Reading]:
    return (reading,) if reading.is_unknown else reading.elements()


def document_in(reading: Reading, label: str, kind: Kind = Kind.IDENTITY) -> PolicyDocument:
    """The document in an input; one that AWS would refuse may allow anything."""
    if reading.is_absent:
        return PolicyDocument(label, ())
    try:
        return parse(reading.value, label, kind)
    except DocumentError:
        # A malformed document is the document controls' finding; here it may allow anything.
        return unknown_document(label)


def managed(owner: Resource, arn: Reading, stack: Stack) -> object:
    """The document of a policy in the stack, else the ARN (AWS's own), else unknown."""
    targets = stack.resolve(owner, arn, aws.MANAGED_POLICY)
    if len(targets.found) == 1 and targets.complete is Tri.YES:
        policy = targets.found[0]
        return document_in(policy["policy"], policy.name)
    text = arn.text()
    return text if text is not None else UNKNOWN


def _arn(role: Resource, stack: Stack) -> Text:
    arn = (role.facts.outputs or {}).get("arn")
    if isinstance(arn, str):
        return arn
    name, account = role["name"].text(), stack.account
    if name is None or isinstance(account, Unknown):
        return UNKNOWN
    path = role["path"].text() or "/"
    return f"arn:aws:iam::{account}:role{path}{name}"
