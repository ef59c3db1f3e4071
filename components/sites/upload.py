"""A site's content: uploaded by `up`, in an order that breaks no open tab.

Builds one object, an archive of the built folder, and a function with one invocation: as many
resources for five files as for five thousand.

How an upload goes. The archive goes into the site's own bucket, where CloudFront's function lets
nobody see it. Then `aws.lambda_.Invocation` with the lifecycle `CRUD` has its turn: its input is
the release's manifest, and when that changes the provider invokes the function
(`functions/site_content`) once more, with the manifest before beside the new one. So what was live
stands in the engine's state and nowhere else. The function puts exactly the files that changed,
pages after all they name and the index page last, and invalidates exactly those paths; no Pulumi
resource invalidates a distribution. A `preview` updates nothing and so invokes nothing; an
unchanged manifest is no update. An `up` that broke off has not saved the new manifest, so the next
one does all that changed since.

Promises:
- An immutable file that a release no longer has stays in the bucket for `keepDays`, for tabs that
  still ask for it.
- A changed file is one object put beside the archive, and one path invalidated.
- A file that changes between plan and upload is not put: the function knows its digest.
- The function has no environment: all it needs is in its input, and none of that is secret.
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, AlarmSpec, Arn, Grant
from components.naming import Kind, Naming
from components.parts.function_alarms import function_alarms
from components.parts.key_grant import WRITE, key_grant
from components.parts.log_group import log_group
from components.parts.role import granted_role
from components.parts.sources import FUNCTIONS
from components.sites.content import ContentPlan
from components.sites.functions import HIDDEN
from components.sites.settings import ContentSettings
from components.tags import name_tag

HANDLER = FUNCTIONS / "site_content" / "handler.py"

RUNTIME = "python3.13"
"""Has boto3 ("Lambda runtimes", AWS Lambda Developer Guide, 2026-11)."""

TIMEOUT = 900
"""Seconds, the most there is ("Lambda quotas", 2026-11); some thousand files take a few."""

MEMORY = 1769
"""MiB: with these a function has one processor ("Configure Lambda function memory", 2026-11)."""

LEAST_DISK, MOST_DISK = 512, 10_240
"""MiB of a function's disk ("Configure ephemeral storage for Lambda functions", 2026-11)."""

ARCHIVE = f"{HIDDEN.removeprefix('/')}content.zip"
"""Key of the archive."""

RETIRED = f"{HIDDEN.removeprefix('/')}retired.json"
"""Key of what the function keeps: when immutable files left, until they go."""


class Content(pulumi.ComponentResource):
    """One site's content. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: ContentSettings,
        plan: ContentPlan,
        *,
        naming: Naming,
        where: AccountRegion,
        bucket: pulumi.Input[str],
        bucket_arn: Arn,
        key_arn: Arn | None,
        distribution_id: pulumi.Input[str],
        distribution_arn: Arn,
        log_key_arn: Arn | None,
        log_days: int,
        after: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Upload the content.

        Args:
            name: the site's key.
            key_arn: the customer key of the bucket, where it has one.
            after: what must be there before the first object.
        """
        super().__init__("trellis:sites:Content", name, None, opts)
        self._key = name
        self._naming = naming
        self._where = where
        self._bucket = bucket
        self._bucket_arn = bucket_arn
        self._child = pulumi.ResourceOptions(parent=self)

        archive = self._create_archive(plan, after)
        function, policy = self._create_function(
            key_arn, distribution_arn, log_key_arn, log_days, _disk(plan.size)
        )
        aws.lambda_.Invocation(
            f"{name}-release",
            function_name=function.name,
            input=pulumi.Output.json_dumps(
                {
                    "bucket": bucket,
                    "distribution": distribution_id,
                    "archive": ARCHIVE,
                    "retired": RETIRED,
                    "keepDays": settings.keep_days,
                    "index": plan.index,
                    "files": plan.release,
                }
            ),
            lifecycle_scope="CRUD",
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy, archive]),
        )
        self.register_outputs({"files": len(plan.files)})

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """A release that CloudFront was not told of."""
        label = f"{self._key}-release"
        return function_alarms(
            f"site-{label}",
            self._naming.of(Kind.FUNCTION, "site", label),
            title=f"Site {self._key}: a release failed",
            meaning="Files were not put or CloudFront was not told, so visitors may see old pages.",
            action="Read the function's log, then deploy again: every step is safe to repeat.",
            parent=f"site-{self._key}",
        )

    def _create_archive(
        self, plan: ContentPlan, after: Sequence[pulumi.Resource]
    ) -> aws.s3.BucketObjectv2:
        return aws.s3.BucketObjectv2(
            f"{self._key}-content",
            bucket=self._bucket,
            key=ARCHIVE,
            source=pulumi.AssetArchive(
                {file.key: pulumi.FileAsset(str(file.source)) for file in plan.files}
            ),
            # The digest that S3 itself knows, the entity tag, is none with a customer key.
            source_hash=plan.digest,
            content_type="application/zip",
            # An object takes ten tags, a stack may have more; its bucket has them all.
            override_provider={"default_tags": {"tags": {}}},
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(after)),
        )

    def _create_function(
        self,
        key_arn: Arn | None,
        distribution_arn: Arn,
        log_key_arn: Arn | None,
        log_days: int,
        disk: int,
    ) -> tuple[aws.lambda_.Function, pulumi.Resource]:
        label = f"{self._key}-release"
        physical_name = self._naming.of(Kind.FUNCTION, "site", label)
        log_name = f"/aws/lambda/{physical_name}"
        log = log_group(
            label,
            physical_name=log_name,
            retention_days=log_days,
            key_arn=log_key_arn,
            opts=self._child,
        )
        role, ready = granted_role(
            label,
            physical_name=self._naming.of(Kind.ROLE, "site", label),
            description=f"Puts what a deployment of {self._key} changed, and tells CloudFront",
            service="lambda.amazonaws.com",
            grants=self._grants(key_arn, distribution_arn, log_name),
            opts=self._child,
        )
        function = aws.lambda_.Function(
            label,
            name=physical_name,
            description=f"Puts what a deployment of {self._key} changed, and tells CloudFront",
            role=role.arn,
            runtime=RUNTIME,
            architectures=["arm64"],
            handler="handler.handle",
            code=pulumi.AssetArchive({"handler.py": pulumi.FileAsset(str(HANDLER))}),
            memory_size=MEMORY,
            ephemeral_storage={"size": disk},
            timeout=TIMEOUT,
            logging_config={"log_format": "JSON", "log_group": log.name},
            tags=name_tag(physical_name),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*ready]),
        )
        return function, ready[-1]

    def _grants(self, key_arn: Arn | None, distribution_arn: Arn, log_name: str) -> list[Grant]:
        def objects(pattern: str) -> pulumi.Input[str]:
            if isinstance(self._bucket_arn, str):
                return f"{self._bucket_arn}/{pattern}"
            return pulumi.Output.concat(self._bucket_arn, "/", pattern)

        grants = [
            Grant("ReadTheRelease", ("s3:GetObject",), (objects(ARCHIVE), objects(RETIRED))),
            # Without this, a list that is not there yet is a refusal instead of a 404.
            Grant("SeeWhatIsThere", ("s3:ListBucket",), (self._bucket_arn,)),
            Grant("Publish", ("s3:DeleteObject", "s3:PutObject"), (objects("*"),)),
            Grant("Invalidate", ("cloudfront:CreateInvalidation",), (distribution_arn,)),
            Grant(
                "WriteLog",
                ("logs:CreateLogStream", "logs:PutLogEvents"),
                (self._where.arn("logs", f"log-group:{log_name}:*"),),
            ),
        ]
        if key_arn is not None:
            grants.append(key_grant("UseTheKey", key_arn, WRITE, "s3", self._where))
        return grants


def _disk(size: int) -> int:
    """MiB of disk for an archive of files of that many bytes, which may not get smaller in it; in
    steps, so that a growing site seldom changes its function."""
    needed = size * 11 // 10 // 1024**2 + 64
    return min(MOST_DISK, -(-needed // LEAST_DISK) * LEAST_DISK)
