"""IAM: exact actions on exact resources, and roles that only their own service may take."""

from collections.abc import Callable
from typing import Final

from .. import aws
from ..control import (
    Control,
    Outcome,
    Scope,
    Severity,
    Verdict,
    advice,
    first_failure,
    not_applicable,
    require,
)
from ..define import Facts, account_control, graph_control, resource_control
from ..evidence import Resource, Stack
from ..holders import HOLDERS, Holder, holders
from ..iam.documents import Kind
from ..iam.escalation import find_escalations
from ..iam.exposure import (
    allows_everything,
    credentials_exposure,
    exfiltration,
    managed_administrators,
    resource_exposure,
    service_wildcards,
    unknown_actions,
    wildcard_resources,
)
from ..iam.findings import Finding
from ..iam.permissions import Permissions
from ..iam.resource_policies import decrypt_on_all_keys
from ..iam.trust import anonymous_trust, confused_deputy, cross_account_trust, oidc_trust
from ..policies import Analysis, judged, verdict_of
from ..reading import Reading
from ..roles import chains
from ..unknown import UNKNOWN, Tri, Unknown

_IAM = "IAM/latest/UserGuide/"
_KMS = "kms/latest/developerguide/"
_DOCUMENTS = (
    aws.ROLE_POLICY,
    aws.MANAGED_POLICY,
    aws.USER_POLICY,
    aws.GROUP_POLICY,
    aws.PERMISSION_SET_POLICY,
    aws.ROLE,
)
# Where each type names the managed policies that it attaches.
_ATTACHMENTS = {
    aws.ROLE_POLICY_ATTACHMENT: "policyArn",
    aws.USER_POLICY_ATTACHMENT: "policyArn",
    aws.GROUP_POLICY_ATTACHMENT: "policyArn",
    aws.POLICY_ATTACHMENT: "policyArn",
    aws.PERMISSION_SET_ATTACHMENT: "managedPolicyArn",
    aws.PERMISSION_SET_ATTACHMENTS: "managedPolicyArns",
    aws.ROLE_ATTACHMENTS: "policyArns",
    aws.GROUP_ATTACHMENTS: "policyArns",
    aws.USER_ATTACHMENTS: "policyArns",
    aws.ROLE: "managedPolicyArns",
}


def _each_document(resource: Resource, analysis: Analysis) -> Verdict:
    if resource.type == aws.PERMISSION_SET_POLICY:
        return judged(resource["inlinePolicy"], analysis, Kind.IDENTITY)
    if resource.type != aws.ROLE:
        return judged(resource["policy"], analysis, Kind.IDENTITY)
    inline = resource["inlinePolicies"]
    if inline.is_unknown:
        return require(Tri.UNKNOWN, "its inline policies are not known")
    written = [one["policy"] for one in inline.elements() if not one["policy"].is_absent]
    if not written:
        return not_applicable("it has no inline policy")
    return first_failure(*(judged(one, analysis, Kind.IDENTITY) for one in written))


_WITH_ITS_HOLDER: Final = not_applicable("it is judged with all that its holder has")


def _of_holder(findings: tuple[Finding, ...], holder: Holder) -> Verdict:
    """The verdict on what a holder may do; what AWS's own guide prescribes at most advises."""
    verdict = verdict_of(findings)
    if verdict.outcome is not Outcome.FAIL or not holder.prescribed:
        return verdict
    more = [
        finding
        for finding in findings
        if not finding.locations
        or any(place.policy not in holder.prescribed for place in finding.locations)
    ]
    own = verdict_of(more)
    return own if own.outcome is Outcome.FAIL else advice(verdict)


def _document_control(facts: Facts, analysis: Analysis) -> Control:
    def check(resource: Resource) -> Verdict:
        return _each_document(resource, analysis)

    return resource_control(facts, *_DOCUMENTS, scope=Scope.DOCUMENT)(check)


def _union_control(facts: Facts, analysis: Callable[[Permissions], tuple[Finding, ...]]) -> Control:
    def check(resource: Resource, stack: Stack) -> Verdict:
        holder = holders(stack).get(resource.urn)
        if holder is None:
            return _WITH_ITS_HOLDER
        return _of_holder(analysis(holder.permissions), holder)

    return graph_control(facts, *HOLDERS)(check)


def _trust_control(facts: Facts, analysis: Analysis) -> Control:
    def check(role: Resource) -> Verdict:
        return judged(role["assumeRolePolicy"], analysis, Kind.TRUST)

    return resource_control(facts, aws.ROLE, scope=Scope.DOCUMENT)(check)


_LINKS = "services.<key>.uses derives exact statements; write none by hand"

no_star = _document_control(
    Facts(
        "IAM.1",
        "No policy allows everything",
        Severity.HIGH,
        _LINKS,
        "list the actions and the resources that are needed",
        _IAM + "best-practices.html",
    ),
    allows_everything,
)
no_service_wildcard = _document_control(
    Facts(
        "IAM.21",
        "No policy allows all of a service",
        Severity.LOW,
        _LINKS,
        "list the actions that are needed instead of s3:*",
        _IAM + "access_policies_managed-vs-inline.html",
    ),
    service_wildcards,
)
narrow_resources = _document_control(
    Facts(
        "IAM.narrow-resources",
        "Actions that can name their resources do",
        Severity.MEDIUM,
        _LINKS,
        "name ARNs instead of '*'; keep '*' for actions that know no resource",
        _IAM + "reference_policies_elements_resource.html",
    ),
    wildcard_resources,
)
known_actions = _document_control(
    Facts(
        "IAM.unknown-action",
        "Every action exists",
        Severity.MEDIUM,
        _LINKS,
        "correct the action's name: AWS ignores those it does not know",
        "service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
    ),
    unknown_actions,
)
decrypt_named_keys = _document_control(
    Facts(
        "KMS.2",
        "No policy decrypts with every key",
        Severity.MEDIUM,
        _LINKS,
        "name the key's ARN for kms:Decrypt and kms:ReEncryptFrom",
        _KMS + "iam-policies-best-practices.html",
    ),
    decrypt_on_all_keys,
)


@graph_control(
    Facts(
        "IAM.escalation",
        "Nobody can make themselves more powerful",
        Severity.CRITICAL,
        _LINKS,
        "limit iam:PassRole to exact roles and a service; keep IAM writes to named resources",
        _IAM + "access_policies_boundaries.html",
    ),
    *HOLDERS,
)
def no_escalation(resource: Resource, stack: Stack) -> Verdict:
    holder = holders(stack).get(resource.urn)
    if holder is None:
        return _WITH_ITS_HOLDER
    own = _of_holder(find_escalations(holder.permissions, holder.arn), holder)
    if resource.type != aws.ROLE:
        return own
    return first_failure(own, verdict_of(chains(stack)[resource.urn]))


no_credentials = _union_control(
    Facts(
        "IAM.credentials-exposure",
        "Nobody can hand out credentials widely",
        Severity.HIGH,
        _LINKS,
        "name the exact users, roles or databases",
        _IAM + "best-practices.html",
    ),
    credentials_exposure,
)
no_exfiltration = _union_control(
    Facts(
        "IAM.exfiltration",
        "Nobody can read stored data widely",
        Severity.HIGH,
        _LINKS,
        "name the buckets, tables or secrets",
        _IAM + "best-practices.html",
    ),
    exfiltration,
)
no_resource_exposure = _union_control(
    Facts(
        "IAM.resource-exposure",
        "Nobody can open resources to others widely",
        Severity.HIGH,
        _LINKS,
        "name the resources of permissions-management actions",
        _IAM + "access_policies_understand-policy-summary-access-level-summaries.html",
    ),
    resource_exposure,
)


@resource_control(
    Facts(
        "IAM.managed-administrator",
        "No administrator policy is attached",
        Severity.HIGH,
        _LINKS,
        "write a policy with the actions that are needed",
        _IAM + "access_policies_job-functions.html",
    ),
    *_ATTACHMENTS,
)
def no_administrator(resource: Resource) -> Verdict:
    arns = resource[_ATTACHMENTS[resource.type]]
    if arns.is_absent:
        return not_applicable("it lists no managed policies")
    readings = (arns,) if arns.is_unknown else arns.elements()
    return verdict_of(managed_administrators([_arn(one) for one in readings]))


def _arn(reading: Reading) -> str | Unknown:
    return UNKNOWN if reading.is_unknown else reading.text() or ""


trust_not_anonymous = _trust_control(
    Facts(
        "IAM.trust-anyone",
        "Roles are not open to anyone",
        Severity.CRITICAL,
        "roles of a stack file name who may take them; there is no setting to open one",
        "name the principals in assume_role_policy",
        _IAM + "id_roles_create_for-user.html",
    ),
    anonymous_trust,
)
no_confused_deputy = _trust_control(
    Facts(
        "IAM.confused-deputy",
        "Services take roles for named accounts or resources only",
        Severity.MEDIUM,
        "roles name aws:SourceAccount (the default); RDS has none for databases.<key>.proxy",
        "condition aws:SourceArn or aws:SourceAccount (for Firehose: sts:ExternalId, your account)",
        _IAM + "confused-deputy.html",
    ),
    confused_deputy,
)
exact_federation = _trust_control(
    Facts(
        "IAM.oidc",
        "Outside identities are named exactly",
        Severity.CRITICAL,
        "sites.<key>.content.external: {repository: owner/name, branch: main}",
        "StringEquals on :sub and :aud in every statement of assume_role_policy",
        _IAM + "id_roles_providers_create_oidc.html",
    ),
    oidc_trust,
)


@account_control(
    Facts(
        "IAM.cross-account",
        "Other accounts take roles only with an agreed word",
        Severity.HIGH,
        "roles of a stack file trust this account's services only",
        "condition sts:ExternalId or aws:PrincipalOrgID in assume_role_policy",
        _IAM + "id_roles_common-scenarios_third-party.html",
    ),
    aws.ROLE,
)
def cross_account(role: Resource, account: str | Unknown, trusted: tuple[str, ...]) -> Verdict:
    return judged(
        role["assumeRolePolicy"],
        lambda document: cross_account_trust(document, account, trusted),
        Kind.TRUST,
    )


@resource_control(
    Facts(
        "IAM.2",
        "No policy hangs on a user",
        Severity.LOW,
        "a stack file makes no users, and no policies for them",
        "attach the policy to a role, or to a group that the user is in",
        _IAM + "best-practices.html",
    ),
    aws.USER_POLICY,
    aws.USER_POLICY_ATTACHMENT,
    aws.POLICY_ATTACHMENT,
)
def no_user_policy(attached: Resource) -> Verdict:
    found = "it gives a user permissions of its own"
    if attached.type != aws.POLICY_ATTACHMENT:
        return require(Tri.NO, found)
    return require(attached["users"].absent(), found)


@resource_control(
    Facts(
        "IAM.users",
        "There are no users and no access keys",
        Severity.HIGH,
        "a stack file makes no users; sites.<key>.content.external federates what runs outside AWS",
        "iam.OpenIdConnectProvider and a role instead of iam.User and iam.AccessKey",
        _IAM + "best-practices.html",
    ),
    aws.USER,
    aws.ACCESS_KEY,
    aws.USER_LOGIN_PROFILE,
)
def no_users(_resource: Resource) -> Verdict:
    return require(Tri.NO, "it is a long-lived credential")


CONTROLS: Final[tuple[Control, ...]] = (
    no_star,
    no_service_wildcard,
    narrow_resources,
    known_actions,
    decrypt_named_keys,
    no_escalation,
    no_credentials,
    no_exfiltration,
    no_resource_exposure,
    no_administrator,
    trust_not_anonymous,
    no_confused_deputy,
    exact_federation,
    cross_account,
    no_user_policy,
    no_users,
)
