"""What is granted beside IAM: key grants, and the policies of tables, streams, buses, vaults."""

from typing import Final

from .. import aws
from ..control import Control, Scope, Severity, Verdict, not_applicable, require
from ..define import account_control, of_own_code, resource_control
from ..evidence import Resource
from ..policies import open_to_anyone
from ..resource_documents import OTHER_POLICIES, PRINCIPALS, document_of, known_principal
from ..unknown import Unknown, any_of

_KMS: Final = "kms/latest/developerguide/"
# Principals that a control of their own service judges.
_SHARING: Final = tuple(
    kind for kind in PRINCIPALS if kind not in (aws.EVENT_PERMISSION, aws.LAYER_PERMISSION)
)


@account_control(
    of_own_code(
        "KMS.foreign-grant",
        "Grants on keys are for known accounts only",
        Severity.HIGH,
        "grantee_principal of this account; list others in trustedAccounts",
        _KMS + "grants.html",
    ),
    aws.KEY_GRANT,
)
def grant_for_known(grant: Resource, account: str | Unknown, trusted: tuple[str, ...]) -> Verdict:
    return require(
        known_principal(grant["granteePrincipal"], account, trusted),
        "granteePrincipal is of an account that the stack does not trust",
    )


@resource_control(
    of_own_code(
        "KMS.grants-no-grants",
        "Grants on keys do not let their holders grant",
        Severity.MEDIUM,
        "operations without 'CreateGrant'",
        _KMS + "grants.html",
    ),
    aws.KEY_GRANT,
)
def grants_no_grants(grant: Resource) -> Verdict:
    return require(~grant["operations"].includes("CreateGrant"), "operations has CreateGrant")


@resource_control(
    of_own_code(
        "DynamoDB.private-policy",
        "Policies of tables are not open to anyone",
        Severity.CRITICAL,
        "name roles as principals",
        "amazondynamodb/latest/developerguide/access-control-resource-based.html",
    ),
    aws.TABLE_POLICY,
    scope=Scope.DOCUMENT,
)
def table_private(policy: Resource) -> Verdict:
    return open_to_anyone(policy["policy"])


@resource_control(
    of_own_code(
        "Kinesis.private-policy",
        "Policies of streams are not open to anyone",
        Severity.CRITICAL,
        "name roles as principals",
        "streams/latest/dev/resource-based-policy.html",
        stack="streams.<key>.putBy, which takes accounts and roles by their numbers and ARNs only",
    ),
    aws.STREAM_POLICY,
    scope=Scope.DOCUMENT,
)
def stream_private(policy: Resource) -> Verdict:
    return open_to_anyone(policy["policy"])


@resource_control(
    of_own_code(
        "EventBridge.private-policy",
        "Policies of event buses are not open to anyone",
        Severity.CRITICAL,
        "name accounts as principals, or bind by aws:PrincipalOrgID",
        "eventbridge/latest/userguide/eb-event-bus-perms.html",
    ),
    aws.EVENT_BUS_POLICY,
    aws.EVENT_PERMISSION,
    scope=Scope.DOCUMENT,
)
def bus_private(policy: Resource) -> Verdict:
    if policy.type == aws.EVENT_BUS_POLICY:
        return open_to_anyone(policy["policy"])
    # The condition can say one thing only: the organisation of who calls.
    return require(
        ~policy["principal"].equals("*") | policy["condition"].present(), "principal is everybody"
    )


@resource_control(
    of_own_code(
        "Backup.private-policy",
        "Policies of backup vaults are not open to anyone",
        Severity.CRITICAL,
        "name accounts as principals, or bind by aws:PrincipalOrgID",
        "aws-backup/latest/devguide/create-a-vault-access-policy.html",
    ),
    aws.VAULT_POLICY,
    scope=Scope.DOCUMENT,
)
def vault_private(policy: Resource) -> Verdict:
    return open_to_anyone(policy["policy"])


@resource_control(
    of_own_code(
        "MSK.private-policy",
        "Policies of Kafka clusters are not open to anyone",
        Severity.CRITICAL,
        "name accounts as principals",
        "msk/latest/developerguide/mvpc-cross-account-permissions.html",
    ),
    aws.KAFKA_POLICY,
    scope=Scope.DOCUMENT,
)
def kafka_private(policy: Resource) -> Verdict:
    return open_to_anyone(policy["policy"])


@resource_control(
    of_own_code(
        "Lambda.private-layer",
        "Layers of functions are not open to anyone",
        Severity.HIGH,
        "principal of an account, or organization_id beside '*'",
        "lambda/latest/dg/permissions-layer-cross-account.html",
    ),
    aws.LAYER_PERMISSION,
)
def layer_private(permission: Resource) -> Verdict:
    return require(
        ~permission["principal"].equals("*") | permission["organizationId"].present(),
        "principal is everybody",
    )


@resource_control(
    of_own_code(
        "S3.19",
        "Access points of buckets block public access",
        Severity.CRITICAL,
        "public_access_block_configuration left out, or with all four flags true",
        "AmazonS3/latest/userguide/access-points-bpa-settings.html",
    ),
    aws.BUCKET_ACCESS_POINT,
)
def access_point_blocked(point: Resource) -> Verdict:
    flags = point["publicAccessBlockConfiguration"]
    # AWS sets all four where nothing is said.
    opened = any_of(flags[name].equals(False) for name in aws.PUBLIC_ACCESS_FLAGS)
    return require(~opened, "one of the four flags is false")


@resource_control(
    of_own_code(
        "IAM.public-policy",
        "Policies of other resources are not open to anyone",
        Severity.CRITICAL,
        "name accounts or roles as principals, or bind by aws:PrincipalOrgID",
        "IAM/latest/UserGuide/reference_policies_elements_principal.html",
        stack="policies of a stack's resources name who may use them",
    ),
    *OTHER_POLICIES,
    *_SHARING,
    scope=Scope.DOCUMENT,
)
def others_private(resource: Resource) -> Verdict:
    if resource.type in OTHER_POLICIES:
        return open_to_anyone(document_of(resource))
    named = resource[PRINCIPALS[resource.type]]
    if named.is_absent:
        return not_applicable("it names no principal")
    return require(
        ~named.some(lambda one: one.equals("*")), f"{named.path} is everybody: name accounts"
    )


CONTROLS: Final[tuple[Control, ...]] = (
    grant_for_known,
    grants_no_grants,
    table_private,
    stream_private,
    bus_private,
    vault_private,
    kafka_private,
    layer_private,
    access_point_blocked,
    others_private,
)
