"""The bucket rows of the systems, asserted over recordings of their stack files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.components.small_systems import document, statement
from trellis.planner.record import Recording

S3 = "aws:s3/bucket"
BUCKET = f"{S3}:Bucket"
POLICY = f"{S3}Policy:BucketPolicy"
VERSIONING = f"{S3}Versioning:BucketVersioning"
ENCRYPTION = f"{S3}ServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
LIFECYCLE = f"{S3}LifecycleConfiguration:BucketLifecycleConfiguration"

Recorded = Callable[..., Recording]

KEPT = ("clubapp-dev-receipts",)
"""Buckets with records that a development stack keeps too."""


def lifecycle(recording: Recording, name: str) -> dict[str, dict[str, Any]]:
    """The rules of a bucket by their ids."""
    return {rule["id"]: rule for rule in recording.one(LIFECYCLE, name).inputs["rules"]}


def algorithm(recording: Recording, name: str) -> str:
    (rule,) = recording.one(ENCRYPTION, name).inputs["rules"]
    return rule["applyServerSideEncryptionByDefault"]["sseAlgorithm"]


def test_every_bucket_of_every_system_is_private_encrypted_and_tls_only(
    recording_of: Recorded, any_stack: tuple[str, str]
):
    recording = recording_of(*any_stack)
    blocks = {
        resource.inputs["bucket"]: resource.inputs
        for resource in recording.of_type(f"{S3}PublicAccessBlock:BucketPublicAccessBlock")
    }
    policies = {resource.inputs["bucket"]: resource for resource in recording.of_type(POLICY)}
    encrypted = {resource.inputs["bucket"] for resource in recording.of_type(ENCRYPTION)}
    uploads = {resource.inputs["bucket"]: resource for resource in recording.of_type(LIFECYCLE)}
    for bucket in recording.of_type(BUCKET):
        name = bucket.inputs["bucket"]
        flags = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls")
        assert all(blocks[name][flag] for flag in (*flags, "restrictPublicBuckets"))
        tls = statement(policies[name], "TlsOnly")
        assert tls["Effect"] == "Deny"
        assert tls["Resource"] == [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]
        assert name in encrypted
        assert any("abortIncompleteMultipartUpload" in r for r in uploads[name].inputs["rules"])
        production = any_stack[1] in {"prod", "staging"}
        assert bucket.protect is production
        kept = production or name in KEPT
        assert bucket.inputs["forceDestroy"] is not kept


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_clubapp_assets_are_versioned_and_only_replaced_versions_go_cold(
    recording_of: Recorded, stack: str
):
    recording = recording_of(".", stack)
    assert recording.one(BUCKET, "assets").inputs["bucket"] == f"clubapp-{stack}-assets"
    assert recording.one(VERSIONING, "assets")
    rule = lifecycle(recording, "assets")["objects"]
    assert "transitions" not in rule
    assert "expiration" not in rule
    assert rule["noncurrentVersionTransitions"] == [
        {"noncurrentDays": 30, "storageClass": "GLACIER"}
    ]
    assert rule["noncurrentVersionExpiration"] == {"noncurrentDays": 2555}
    assert algorithm(recording, "assets") == "aws:kms"


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_clubapp_receipts_are_archived_after_a_year_and_kept_for_seven(
    recording_of: Recorded, stack: str
):
    recording = recording_of(".", stack)
    receipts = recording.one(BUCKET, "receipts")
    assert receipts.inputs["bucket"] == f"clubapp-{stack}-receipts"
    assert receipts.inputs["tags"]["Compliance"] == "financial"
    assert receipts.inputs["tags"]["Retention"] == "7years"
    rule = lifecycle(recording, "receipts")["objects"]
    assert rule["transitions"] == [{"days": 365, "storageClass": "GLACIER"}]
    assert rule["expiration"] == {"days": 2555}
    assert recording.one(VERSIONING, "receipts")
    # Only the backend, by its own identity policy: nobody is let in from outside.
    allowed = [e for e in document(recording.one(POLICY, "receipts")) if e["Effect"] == "Allow"]
    assert allowed == []


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_clubapp_logs_receive_what_they_should_for_thirty_days(recording_of: Recorded, stack: str):
    recording = recording_of(".", stack)
    logs = recording.one(BUCKET, "logs")
    assert logs.inputs["bucket"] == f"clubapp-{stack}-logs"
    assert logs.inputs["tags"]["Retention"] == "30days"
    assert "logs" not in {resource.name for resource in recording.of_type(VERSIONING)}
    assert algorithm(recording, "logs") == "AES256"
    assert lifecycle(recording, "logs")["objects"]["expiration"] == {"days": 30}
    policy = recording.one(POLICY, "logs")
    sids = {element["Sid"] for element in document(policy)}
    assert {"AccessLogsOfBuckets", "LoadBalancerLogs", "ExportsWrite", "ExportsCheck"} <= sids
    sources = statement(policy, "AccessLogsOfBuckets")["Condition"]["ArnLike"]["aws:SourceArn"]
    assert set(sources) >= {
        f"arn:aws:s3:::clubapp-{stack}-assets",
        f"arn:aws:s3:::clubapp-{stack}-receipts",
    }
    for name in ("assets", "receipts"):
        logging = recording.one(f"{S3}Logging:BucketLogging", name).inputs
        assert logging["targetBucket"] == f"clubapp-{stack}-logs"


@pytest.mark.parametrize("stack", ["starter", "prod"])
def test_analyzer_reports_are_under_the_customer_key_and_tier_themselves(
    recording_of: Recorded, stack: str
):
    recording = recording_of("systems/afric-analyzer", stack)
    assert recording.one(BUCKET, "reports").inputs["bucket"] == f"siem-{stack}-reports"
    assert algorithm(recording, "reports") == "aws:kms"
    assert lifecycle(recording, "reports")["objects"]["transitions"] == [
        {"days": 0, "storageClass": "INTELLIGENT_TIERING"}
    ]


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_mantissa_keeps_logs_results_and_configuration_versioned_under_its_key(
    recording_of: Recorded, stack: str
):
    recording = recording_of("systems/mantissa-log", stack)
    for name in ("logs", "query-results", "configuration"):
        assert recording.one(BUCKET, name).inputs["bucket"] == f"mantissa-log-{stack}-{name}"
        assert recording.one(VERSIONING, name)
        assert algorithm(recording, name) == "aws:kms"
    rule = lifecycle(recording, "logs")["objects"]
    assert rule["transitions"] == [{"days": 30, "storageClass": "STANDARD_IA"}]
    assert rule["expiration"] == {"days": 365}


def test_no_bucket_logs_before_the_receiving_one_lets_s3_in(
    recording_of: Recorded, any_stack: tuple[str, str]
):
    """S3 may look at the receiving bucket's policy (InvalidTargetBucketForLogging)."""
    recording = recording_of(*any_stack)
    policies = {resource.inputs["bucket"]: resource.urn for resource in recording.of_type(POLICY)}
    for logging in recording.of_type(f"{S3}Logging:BucketLogging"):
        assert policies[logging.inputs["targetBucket"]] in logging.dependencies, logging.urn
