"""Resource policies: whom else a bucket, key, queue, topic, secret, image or function lets in."""

from typing import Final

from .. import aws
from ..control import Control, Scope, Severity, Verdict
from ..define import Facts, account_control, resource_control
from ..evidence import Resource
from ..iam.documents import Kind
from ..iam.resource_policies import foreign_access
from ..iam.trust import unbound_services
from ..policies import Analysis, judged, permission_document, verdict_of
from ..unknown import Unknown

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
    *_SEARCH,
)


def _document_of(resource: Resource, analysis: Analysis) -> Verdict:
    if resource.type == aws.FUNCTION_PERMISSION:
        return verdict_of(analysis(permission_document(resource)))
    name = "accessPolicies" if resource.type in _SEARCH else "policy"
    return judged(resource[name], analysis, Kind.RESOURCE)


@account_control(
    Facts(
        "IAM.foreign-access",
        "No other account has access to what the stack holds",
        Severity.HIGH,
        "every tier is open to this account only; leave out repositories.<key>.pullAccounts",
        "name principals of this account, or bind others by aws:PrincipalOrgID",
        _IAM + "access_policies-cross-account-resource-access.html",
    ),
    *_SHARED,
    aws.FUNCTION_PERMISSION,
)
def no_foreign_access(
    resource: Resource, account: str | Unknown, trusted: tuple[str, ...]
) -> Verdict:
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
    *_SHARED,
    scope=Scope.DOCUMENT,
)
def services_bound(resource: Resource) -> Verdict:
    return _document_of(resource, unbound_services)


CONTROLS: Final[tuple[Control, ...]] = (no_foreign_access, services_bound)
