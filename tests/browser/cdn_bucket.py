"""A distribution's bucket: objects in moto's S3, read only as far as the recorded policies let it.

S3 answers what is not there with 404 where the reader may list and with 403 where not, and the
path `/` with a list of its objects where it may ("GetObject: permissions", "ListObjects", Amazon
S3 API Reference, 2026-11).
"""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from botocore.exceptions import ClientError

from tests.browser.http_message import Answer
from trellis.planner.record import Recorded, Recording

READER = "cloudfront.amazonaws.com"


@dataclass(frozen=True)
class BucketOrigin:
    """One bucket as one distribution sees it."""

    s3: Any
    """boto3's client."""
    bucket: str
    distribution_arn: str
    signed: bool
    """Whether the distribution signs its requests (origin access control)."""
    policy: Mapping[str, Any]
    key_arn: str | None
    """Customer key that objects are encrypted with."""
    key_policy: Mapping[str, Any]

    def get(self, path: str, etag: str | None = None) -> Answer:
        """The object of a path; 304 where its entity tag is still the given one."""
        key = unquote(path.removeprefix("/"))
        if not key:
            return self._list()
        if not self._may("s3:GetObject", f"/{key}") or not self._may_decrypt(key):
            return _error(403, "AccessDenied")
        asked = {"IfNoneMatch": etag} if etag else {}
        try:
            found = self.s3.get_object(Bucket=self.bucket, Key=key, **asked)
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            if status == 304:
                return Answer(304)
            missing = status == 404 and self._may("s3:ListBucket", "")
            return _error(404, "NoSuchKey") if missing else _error(403, "AccessDenied")
        return Answer(200, self._headers(found), found["Body"].read())

    def _headers(self, found: Mapping[str, Any]) -> dict[str, str]:
        sent = found["ResponseMetadata"]["HTTPHeaders"]
        kept = ("content-type", "cache-control", "etag", "last-modified", "x-amz-version-id")
        headers = {name: sent[name] for name in kept if name in sent}
        headers["Server"] = "AmazonS3"
        headers["Accept-Ranges"] = "bytes"
        if self.key_arn:
            headers["x-amz-server-side-encryption"] = "aws:kms"
            headers["x-amz-server-side-encryption-aws-kms-key-id"] = self.key_arn
        return headers

    def _list(self) -> Answer:
        if not self._may("s3:ListBucket", ""):
            return _error(403, "AccessDenied")
        listed = self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])
        keys = "".join(f"<Contents><Key>{entry['Key']}</Key></Contents>" for entry in listed)
        body = f"<ListBucketResult>{keys}</ListBucketResult>".encode()
        return Answer(200, {"Content-Type": "application/xml"}, body)

    def _may(self, action: str, path: str) -> bool:
        context = {"aws:SourceArn": self.distribution_arn, "aws:SecureTransport": "true"}
        resource = f"arn:aws:s3:::{self.bucket}{path}"
        return self.signed and _allows(self.policy, action, resource, context)

    def _may_decrypt(self, key: str) -> bool:
        if self.key_arn is None:
            return True
        context = {
            "aws:SourceArn": self.distribution_arn,
            "kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{self.bucket}/{key}",
        }
        return _allows(self.key_policy, "kms:Decrypt", self.key_arn, context)


def bucket_origin(
    recording: Recording, distribution: Recorded, origin: Mapping[str, Any], s3: Any
) -> BucketOrigin:
    """The bucket of an origin, with its recorded policy and that of its key."""
    domain = origin["domainName"]
    bucket = next(
        resource
        for resource in recording.of_type("aws:s3/bucket:Bucket")
        if resource.outputs["bucketRegionalDomainName"] == domain
    )
    name = bucket.outputs["bucket"]
    key_arn = _key_arn(recording, name)
    keys = {resource.outputs["arn"]: resource for resource in recording.of_type("aws:kms/key:Key")}
    controls = {
        resource.id: resource
        for resource in recording.of_type("aws:cloudfront/originAccessControl:OriginAccessControl")
    }
    control = controls.get(origin.get("originAccessControlId", ""))
    policies = [
        resource.inputs["policy"]
        for resource in recording.of_type("aws:s3/bucketPolicy:BucketPolicy")
        if resource.inputs["bucket"] == name
    ]
    return BucketOrigin(
        s3=s3,
        bucket=name,
        distribution_arn=distribution.outputs["arn"],
        signed=control is not None and control.inputs["signingBehavior"] == "always",
        policy=json.loads(policies[0]) if policies else {"Statement": []},
        key_arn=key_arn,
        key_policy=json.loads(keys[key_arn].inputs["policy"]) if key_arn else {},
    )


def _key_arn(recording: Recording, bucket: str) -> str | None:
    kind = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    for resource in recording.of_type(kind):
        if resource.inputs["bucket"] == bucket:
            rule = resource.inputs["rules"][0]["applyServerSideEncryptionByDefault"]
            return rule.get("kmsMasterKeyId")
    return None


def _allows(
    policy: Mapping[str, Any], action: str, resource: str, context: Mapping[str, str]
) -> bool:
    found = {
        statement["Effect"]
        for statement in policy["Statement"]
        if _is_reader(statement["Principal"])
        and any(fnmatch.fnmatchcase(action, pattern) for pattern in _list(statement["Action"]))
        and any(fnmatch.fnmatchcase(resource, pattern) for pattern in _list(statement["Resource"]))
        and _holds(statement.get("Condition", {}), context)
    }
    return found == {"Allow"}


def _is_reader(principal: Any) -> bool:
    return principal == "*" or READER in _list(principal.get("Service", ()))


def _holds(conditions: Mapping[str, Any], context: Mapping[str, str]) -> bool:
    for operator, wanted in conditions.items():
        if operator not in {"StringEquals", "ArnEquals", "ArnLike", "Bool"}:
            raise LookupError(f"the double of S3 knows no {operator}")
        for key, values in wanted.items():
            has = context.get(key, "")
            if not any(fnmatch.fnmatchcase(has, element) for element in _list(values)):
                return False
    return True


def _list(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _error(status: int, code: str) -> Answer:
    body = f"<Error><Code>{code}</Code></Error>".encode()
    return Answer(status, {"Content-Type": "application/xml", "Server": "AmazonS3"}, body)
