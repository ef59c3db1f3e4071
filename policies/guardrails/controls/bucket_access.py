"""Who may reach a bucket: nobody from outside, and no other account."""

from typing import Final

from .. import aws
from ..control import (
    Control,
    Level,
    Scope,
    Severity,
    Verdict,
    first_failure,
    not_applicable,
    require,
)
from ..define import Facts, account_control, graph_control, resource_control
from ..evidence import Resource, Stack
from ..iam.documents import Kind
from ..iam.resource_policies import cross_account_write
from ..policies import judged, open_to_anyone
from ..resource_documents import OUTPOST_BUCKET_POLICY, document_of
from ..unknown import Tri, Unknown, all_of, any_of

_GUIDE = "AmazonS3/latest/userguide/"
_CHANGING: Final = ("PUT", "POST", "DELETE")
# A bucket's other doors have policies of their own.
_OTHER_DOORS: Final = (
    aws.BUCKET_ACCESS_POINT,
    aws.ACCESS_POINT_POLICY,
    aws.MULTI_REGION_ACCESS_POLICY,
    OUTPOST_BUCKET_POLICY,
)


@graph_control(
    Facts(
        "S3.8",
        "Buckets block public access with all four flags",
        Severity.HIGH,
        "buckets.<key> always blocks public access; there is no setting to open it",
        "BucketPublicAccessBlock(bucket=bucket.id, block_public_acls=True, "
        "block_public_policy=True, ignore_public_acls=True, restrict_public_buckets=True)",
        _GUIDE + "access-control-block-public-access.html",
    ),
    *aws.BUCKETS,
)
def public_access_blocked(bucket: Resource, stack: Stack) -> Verdict:
    return require(
        stack.some_companion(
            bucket,
            aws.PUBLIC_ACCESS_BLOCK,
            "bucket",
            lambda block: all_of(block[flag].is_true() for flag in aws.PUBLIC_ACCESS_FLAGS),
        ),
        "no public access block with all four flags is bound to the bucket",
    )


def _grants(acl: Resource) -> Tri:
    return ~acl["acl"].equals("private")


@graph_control(
    Facts(
        "S3.12",
        "Access to buckets is not managed by ACLs",
        Severity.MEDIUM,
        "buckets.<key> always has ACLs off",
        "BucketOwnershipControls(rule={'object_ownership': 'BucketOwnerEnforced'}), no BucketAcl",
        _GUIDE + "about-object-ownership.html",
    ),
    *aws.BUCKETS,
)
def acls_off(bucket: Resource, stack: Stack) -> Verdict:
    inline = (bucket["acl"].present() & _grants(bucket)) | bucket["grants"].present()
    separate = stack.some_companion(
        bucket,
        aws.BUCKET_ACL,
        "bucket",
        _grants,
    )
    other_owner = stack.some_companion(
        bucket,
        aws.BUCKET_OWNERSHIP,
        "bucket",
        lambda one: ~one.at("rule.objectOwnership").equals("BucketOwnerEnforced"),
    )
    return first_failure(
        require(~other_owner, "object ownership is not BucketOwnerEnforced, so ACLs count"),
        require(~(inline | separate), "an ACL grants access to the bucket"),
    )


# Canned ACLs that let in everybody, or everybody with an account of any customer.
_PUBLIC_ACLS: Final = ("public-read", "public-read-write", "authenticated-read")
_EVERYBODY: Final = r"acs\.amazonaws\.com/groups/global/(AllUsers|AuthenticatedUsers)$"


@resource_control(
    Facts(
        "S3.public-acl",
        "ACLs of buckets and objects let nobody in whom no policy names",
        Severity.CRITICAL,
        "buckets.<key> always has ACLs off",
        "acl='private', or no ACL at all",
        _GUIDE + "acl-overview.html",
    ),
    *aws.BUCKETS,
    aws.BUCKET_ACL,
    aws.OBJECT,
    aws.OBJECT_COPY,
)
def acl_not_public(resource: Resource) -> Verdict:
    grants = (*resource.leaves("grants"), *resource.leaves("accessControlPolicy.grants"))
    granted = any_of(
        one["uri"].matches(_EVERYBODY) | one["grantee"]["uri"].matches(_EVERYBODY) for one in grants
    )
    return require(~(resource["acl"].one_of(_PUBLIC_ACLS) | granted), "an ACL lets everybody in")


@resource_control(
    Facts(
        "S3.2",
        "Buckets are not open to anyone",
        Severity.CRITICAL,
        "buckets.<key> is open to the tiers that use it only",
        "name the principals in the BucketPolicy, or bind them by aws:SourceArn",
        _GUIDE + "example-bucket-policies.html",
    ),
    aws.BUCKET_POLICY,
    *aws.BUCKETS,
    *_OTHER_DOORS,
    scope=Scope.DOCUMENT,
)
def not_public(bucket: Resource) -> Verdict:
    return open_to_anyone(document_of(bucket))


@account_control(
    Facts(
        "S3.6",
        "No other account may change a bucket",
        Severity.HIGH,
        "buckets.<key> is open to this account only",
        "no write actions for principals of other accounts in the BucketPolicy",
        _GUIDE + "example-walkthroughs-managing-access-example2.html",
    ),
    aws.BUCKET_POLICY,
    *aws.BUCKETS,
    *_OTHER_DOORS,
)
def no_foreign_writer(
    bucket: Resource, account: str | Unknown, trusted: tuple[str, ...]
) -> Verdict:
    return judged(
        document_of(bucket),
        lambda document: cross_account_write(document, account, trusted),
        Kind.RESOURCE,
    )


@resource_control(
    Facts(
        "S3.cors-writes",
        "Not every website may write to a bucket from a browser",
        Severity.MEDIUM,
        "buckets.<key>.cors: [{origins: ['https://www.example.com'], methods: [PUT]}]",
        "allowed_origins=['https://www.example.com'] beside PUT, POST and DELETE",
        _GUIDE + "cors.html",
        # A browser still needs a signed request: this is the second lock, not the first.
        level=Level.ADVISORY,
    ),
    aws.BUCKET_CORS,
    *aws.BUCKETS,
)
def cors_named(bucket: Resource) -> Verdict:
    rules = bucket["corsRules"]
    if rules.is_absent:
        return not_applicable("it has no CORS rules")
    return require(
        ~rules.some(
            lambda rule: (
                rule["allowedOrigins"].includes("*")
                & rule["allowedMethods"].some(lambda one: one.one_of(_CHANGING))
            )
        ),
        "a CORS rule lets every origin write",
    )


CONTROLS: Final[tuple[Control, ...]] = (
    public_access_blocked,
    acls_off,
    acl_not_public,
    not_public,
    no_foreign_writer,
    cors_named,
)
