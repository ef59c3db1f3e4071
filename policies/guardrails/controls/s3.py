"""Buckets: private, encrypted, versioned, and readable over TLS only."""

from typing import Final

from .. import aws
from ..control import (
    Control,
    Level,
    Severity,
    Verdict,
    require,
    where,
)
from ..define import Facts, graph_control
from ..evidence import Resource, Stack
from ..iam.documents import Effect
from ..policies import refuses_plain_requests, statements
from ..reading import Reading
from ..unknown import UNKNOWN, Tri, Unknown, all_of, any_of

_GUIDE = "AmazonS3/latest/userguide/"
_KMS = ("aws:kms", "aws:kms:dsse")
# Who delivers access logs where a policy lets it: "Enabling Amazon S3 server access logging" (S3
# User Guide) and "Access logs for your Application Load Balancer", read 2026-11.
_DELIVERING = ("logging.s3.amazonaws.com", "logdelivery.elasticloadbalancing.amazonaws.com")


def _receives_own_logs(bucket: Resource, stack: Stack) -> Tri:
    """Whether S3 delivers the access logs of a bucket here, of this stack or by leave of another.

    Leave is given by the canned ACL for it, or by a policy that lets a deliverer write.
    """
    return _is_target(bucket, stack) | _lets_deliver(bucket, stack)


def _lets_deliver(bucket: Resource, stack: Stack) -> Tri:
    """Whether an ACL or a policy of the bucket is one for the delivery of access logs."""
    return (
        bucket["acl"].equals("log-delivery-write")
        | stack.some_companion(
            bucket, aws.BUCKET_ACL, "bucket", lambda acl: acl["acl"].equals("log-delivery-write")
        )
        | _admits_delivery(bucket["policy"])
        | stack.some_companion(
            bucket, aws.BUCKET_POLICY, "bucket", lambda one: _admits_delivery(one["policy"])
        )
    )


def _admits_delivery(policy: Reading) -> Tri:
    found = statements(policy)
    if found is None:
        return Tri.UNKNOWN
    return Tri.of(
        any(
            statement.effect is Effect.ALLOW and principal.value in _DELIVERING
            for statement in found
            for principal in statement.principals
        )
    )


def _is_target(bucket: Resource, stack: Stack) -> Tri:
    return any_of(
        companion.belongs
        for kind, path in (
            (aws.BUCKET_LOGGING, "targetBucket"),
            (aws.BUCKET, "logging.targetBucket"),
        )
        for companion in stack.companions(bucket, kind, path)
        # What logs into itself would never end: it is no bucket for logs, but a mistake.
        if companion.resource.urn != bucket.urn
    )


def _receives_balancer_logs(bucket: Resource, stack: Stack) -> Tri:
    return any_of(
        one.belongs & ~one.resource.at(f"{logs}.enabled").equals(False)
        for kind, logs in (
            (aws.LOAD_BALANCER, "accessLogs"),
            (aws.LOAD_BALANCER, "connectionLogs"),
            (aws.LOAD_BALANCER, "healthCheckLogs"),
            (aws.CLASSIC_BALANCER, "accessLogs"),
        )
        for one in stack.companions(bucket, kind, f"{logs}.bucket")
    )


def _receives_edge_logs(bucket: Resource, stack: Stack) -> Tri:
    """Whether CloudFront delivers access logs here, in either way."""
    return any_of(
        one.belongs
        for kind, path in (
            (aws.DISTRIBUTION, "loggingConfig.bucket"),
            (aws.LOG_DESTINATION, "deliveryDestinationConfiguration.destinationResourceArn"),
        )
        for one in stack.companions(bucket, kind, path)
    )


def _receives_logs(bucket: Resource, stack: Stack) -> Tri:
    """Whether access logs are delivered to the bucket, by S3, a load balancer or CloudFront."""
    return (
        _receives_own_logs(bucket, stack)
        | _receives_balancer_logs(bucket, stack)
        | _receives_edge_logs(bucket, stack)
    )


@graph_control(
    Facts(
        "S3.17",
        "Buckets are encrypted with a KMS key",
        Severity.MEDIUM,
        "buckets.<key>.encryption: customerKey (the default for data); purpose: logs is for "
        "buckets that receive some",
        "BucketServerSideEncryptionConfiguration(bucket=bucket.id, rules=[...'aws:kms'...])",
        _GUIDE + "UsingKMSEncryption.html",
    ),
    *aws.BUCKETS,
)
def encrypted_with_key(bucket: Resource, stack: Stack) -> Verdict:
    inline = bucket.at(
        "serverSideEncryptionConfiguration.rule.applyServerSideEncryptionByDefault.sseAlgorithm"
    ).one_of(_KMS)
    separate = stack.some_companion(
        bucket,
        aws.BUCKET_ENCRYPTION,
        "bucket",
        lambda one: one["rules"].some(
            lambda rule: rule["applyServerSideEncryptionByDefault"]["sseAlgorithm"].one_of(_KMS)
        ),
    )
    encrypted = inline | separate
    return where(
        encrypted | ~(_receives_own_logs(bucket, stack) | _receives_balancer_logs(bucket, stack)),
        require(encrypted, "default encryption does not use a KMS key"),
        "the bucket receives access logs, which S3 and load balancers deliver under S3's own key",
    )


@graph_control(
    Facts(
        "S3.5",
        "Buckets refuse requests without TLS",
        Severity.MEDIUM,
        "buckets.<key> always refuses plain requests",
        "BucketPolicy with a Deny of s3:* for everyone where aws:SecureTransport is false",
        _GUIDE + "security-best-practices.html",
    ),
    *aws.BUCKETS,
)
def tls_only(bucket: Resource, stack: Stack) -> Verdict:
    arn = _arn(bucket)
    inline = refuses_plain_requests(bucket["policy"], "s3", arn)
    separate = stack.some_companion(
        bucket,
        aws.BUCKET_POLICY,
        "bucket",
        lambda policy: refuses_plain_requests(policy["policy"], "s3", arn),
    )
    return require(
        inline | separate, "no policy denies requests where aws:SecureTransport is false"
    )


@graph_control(
    Facts(
        "S3.14",
        "Buckets keep former versions of objects",
        Severity.LOW,
        "buckets.<key>.versioning: true (the default for data); purpose: logs is for buckets that "
        "receive some",
        "BucketVersioning(bucket=bucket.id, versioning_configuration={'status': 'Enabled'})",
        _GUIDE + "Versioning.html",
    ),
    *aws.BUCKETS,
)
def versioned(bucket: Resource, stack: Stack) -> Verdict:
    inline = bucket.at("versioning.enabled").is_true()
    separate = stack.some_companion(
        bucket,
        aws.BUCKET_VERSIONING,
        "bucket",
        lambda one: one.at("versioningConfiguration.status").equals("Enabled"),
    )
    kept = inline | separate
    return where(
        kept | ~_receives_logs(bucket, stack),
        require(kept, "versioning is not enabled"),
        "the bucket receives access logs: each is written once, under a name of its own",
    )


@graph_control(
    Facts(
        "S3.9",
        "Access to buckets is logged",
        Severity.MEDIUM,
        "buckets: {logs: {purpose: logs}} takes the access logs of the others, and a bucket beside "
        "it those of a copy made by buckets.<key>.replication; leave out "
        "buckets.<key>.accessLogs: none",
        "BucketLogging(bucket=bucket.id, target_bucket=logs.id, target_prefix=...)",
        _GUIDE + "ServerLogs.html",
    ),
    *aws.BUCKETS,
)
def access_logged(bucket: Resource, stack: Stack) -> Verdict:
    inline = bucket.at("logging.targetBucket").present()
    separate = stack.some_companion(
        bucket,
        aws.BUCKET_LOGGING,
        "bucket",
        lambda one: one["targetBucket"].present(),
    )
    return where(
        ~_receives_logs(bucket, stack) | inline | separate,
        require(inline | separate, "server access logging has no target"),
        "the bucket receives access logs; logging its own deliveries would never end",
    )


@graph_control(
    Facts(
        "S3.13",
        "Buckets have lifecycle rules, and drop aborted uploads",
        Severity.LOW,
        "buckets.<key>.lifecycle: [{afterDays: 365, to: glacier}]",
        "BucketLifecycleConfiguration(rules=[... abort_incomplete_multipart_upload ...])",
        _GUIDE + "object-lifecycle-mgmt.html",
    ),
    *aws.BUCKETS,
)
def lifecycle(bucket: Resource, stack: Stack) -> Verdict:
    inline = bucket["lifecycleRules"].some(
        lambda rule: (
            rule["enabled"].is_true()
            & rule["abortIncompleteMultipartUploadDays"].present()
            & rule["prefix"].absent()
            & _without_tags(rule["tags"])
        )
    )
    separate = stack.some_companion(
        bucket,
        aws.BUCKET_LIFECYCLE,
        "bucket",
        lambda one: one["rules"].some(
            lambda rule: (
                rule["status"].equals("Enabled")
                & rule["abortIncompleteMultipartUpload"]["daysAfterInitiation"].present()
                & rule["prefix"].absent()
                & _of_all_objects(rule["filter"])
            )
        ),
    )
    return require(
        inline | separate, "no enabled lifecycle rule for all objects drops aborted uploads"
    )


def _of_all_objects(narrowing: Reading) -> Tri:
    """Whether a rule's filter leaves nothing out."""
    both = narrowing["and"]
    return all_of(
        (
            narrowing["prefix"].absent(),
            narrowing["tag"].absent(),
            both["prefix"].absent() & _without_tags(both["tags"]),
            *(
                part[name].absent() | part[name].equals(0)
                for part in (narrowing, both)
                for name in ("objectSizeGreaterThan", "objectSizeLessThan")
            ),
        )
    )


def _without_tags(tags: Reading) -> Tri:
    return Tri.UNKNOWN if tags.is_unknown else Tri.of(not tags.keys())


def _arn(bucket: Resource) -> str | Unknown:
    """The bucket's ARN, from AWS or from its name; unknown where neither is known."""
    arn = (bucket.facts.outputs or {}).get("arn")
    if isinstance(arn, str):
        return arn
    name = bucket["bucket"].text()
    return UNKNOWN if name is None else f"arn:aws:s3:::{name}"


@graph_control(
    Facts(
        "S3.15",
        "Buckets that hold audit logs have object lock",
        Severity.MEDIUM,
        "buckets.<key>.objectLock: {mode: governance, days: 365}",
        "Bucket(object_lock_enabled=True)",
        _GUIDE + "object-lock.html",
        # A lock cannot be lifted before its end, not even to take a system down: a choice.
        level=Level.ADVISORY,
    ),
    *aws.BUCKETS,
)
def audit_logs_locked(bucket: Resource, stack: Stack) -> Verdict:
    trails = stack.companions(bucket, aws.TRAIL, "s3BucketName")
    holds_audit_logs = any_of(trail.belongs for trail in trails)
    locked = bucket["objectLockEnabled"].is_true() | stack.some_companion(
        bucket,
        aws.BUCKET_OBJECT_LOCK,
        "bucket",
        lambda one: ~one["objectLockEnabled"].equals("Disabled"),
    )
    return where(
        holds_audit_logs,
        require(locked, "a trail writes here, and object lock is off"),
        "no trail writes to the bucket",
    )


CONTROLS: Final[tuple[Control, ...]] = (
    encrypted_with_key,
    tls_only,
    versioned,
    access_logged,
    lifecycle,
    audit_logs_locked,
)
