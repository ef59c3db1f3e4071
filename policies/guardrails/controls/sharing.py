"""Resource policies: whom else a bucket, key, queue, topic, secret, image or function lets in."""

from typing import Final

from .. import aws
from ..control import Control, Scope, Severity, Verdict, not_applicable, require
from ..define import Facts, account_control, resource_control
from ..evidence import Resource
from ..iam.documents import Kind
from ..iam.resource_policies import foreign_access
from ..iam.trust import unbound_services
from ..policies import Analysis, judged, permission_document, verdict_of
from ..resource_documents import (
    OTHER_POLICIES,
    OUTPOST_BUCKET_POLICY,
    PRINCIPALS,
    document_of,
    known_principal,
)
from ..unknown import Unknown, all_of

_IAM = "IAM/latest/UserGuide/"
_SEARCH: Final = (
    aws.SEARCH_DOMAIN,
    aws.SEARCH_POLICY,
    aws.ELASTICSEARCH,
    aws.ELASTICSEARCH_POLICY,
)
_SHARED = (
    *aws.BUCKETS,
    aws.BUCKET_POLICY,
    aws.KEY,
    aws.KEY_POLICY,
    aws.REPLICA_KEY,
    aws.EXTERNAL_KEY,
    aws.REPLICA_EXTERNAL_KEY,
    aws.QUEUE,
    aws.QUEUE_POLICY,
    aws.TOPIC,
    aws.TOPIC_POLICY,
    aws.SECRET,
    aws.SECRET_POLICY,
    aws.REPOSITORY_POLICY,
    aws.TABLE_POLICY,
    aws.STREAM_POLICY,
    aws.EVENT_BUS_POLICY,
    aws.VAULT_POLICY,
    aws.KAFKA_POLICY,
    aws.FILE_SYSTEM_POLICY,
    aws.BUCKET_ACCESS_POINT,
    aws.ACCESS_POINT_POLICY,
    aws.MULTI_REGION_ACCESS_POLICY,
    OUTPOST_BUCKET_POLICY,
    aws.FUNCTION_POLICY,
    aws.REGISTRY_POLICY,
    aws.REPOSITORY_TEMPLATE,
    *OTHER_POLICIES,
    *_SEARCH,
)

# Lets services write log lines, and nothing else: no harm that a stranger could turn them to.
_LOG_WRITERS: Final = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"


def _document_of(resource: Resource, analysis: Analysis) -> Verdict:
    if resource.type == aws.FUNCTION_PERMISSION:
        return verdict_of(analysis(permission_document(resource)))
    return judged(document_of(resource), analysis, Kind.RESOURCE)


@account_control(
    Facts(
        "IAM.foreign-access",
        "No other account has access to what the stack holds",
        Severity.HIGH,
        "every tier is open to this account only; leave out repositories.<key>.pullAccounts and "
        "streams.<key>.putBy, or list the accounts in trustedAccounts",
        "name principals of this account, or bind others by aws:PrincipalOrgID",
        _IAM + "access_policies-cross-account-resource-access.html",
    ),
    *_SHARED,
    *PRINCIPALS,
    aws.FUNCTION_PERMISSION,
)
def no_foreign_access(
    resource: Resource, account: str | Unknown, trusted: tuple[str, ...]
) -> Verdict:
    if resource.type in PRINCIPALS:
        named = resource[PRINCIPALS[resource.type]]
        if named.is_absent:
            return not_applicable("it names no principal")
        members = (named,) if named.is_unknown else named.elements()
        return require(
            all_of(
                # Everybody is another control's question: IAM.public-policy.
                one.equals("*") | known_principal(one, account, trusted)
                for one in members
            ),
            "it is shared with another account",
        )
    return _document_of(resource, lambda document: foreign_access(document, account, trusted))


@resource_control(
    Facts(
        "IAM.unbound-service",
        "Services act on what the stack holds for named sources only",
        Severity.MEDIUM,
        "every tier lets services in for this account's resources only",
        "condition aws:SourceArn or aws:SourceAccount beside a service principal",
        _IAM + "confused-deputy.html",
    ),
    *(kind for kind in _SHARED if kind != _LOG_WRITERS),
    scope=Scope.DOCUMENT,
)
def services_bound(resource: Resource) -> Verdict:
    return _document_of(resource, unbound_services)


CONTROLS: Final[tuple[Control, ...]] = (no_foreign_access, services_bound)
