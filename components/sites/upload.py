"""A site's content: uploaded by `up`, in an order that breaks no open tab.

Builds an object for each file of the built folder, and a function with one invocation.

How an upload goes: first everything but pages; then one page, which waits for all of that; then the
other pages, which wait for that one (so waiting is linear in the files), the index page last; and
at the end the invocation. No Pulumi resource invalidates a distribution. Here a Lambda function
does (`functions/site_content`), invoked by a resource, `aws.lambda_.Invocation` with the lifecycle
`CRUD`: its input is the release's manifest, and when that changes the provider invokes the function
once more, with the manifest before beside the new one. So what was live stands in the engine's
state and nowhere else, and the function invalidates exactly the paths that changed. A `preview`
updates nothing and so invokes nothing; an unchanged manifest is no update. An `up` that broke off
has not saved the new manifest, so the next one tells all that changed since.

Promises:
- An immutable file that a release no longer has stays in the bucket (`retain_on_delete`) for
  `keepDays`, for tabs that still ask for it.
- Names are paths: a changed file is one object put, and one path invalidated.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, AlarmSpec, Arn, Grant
from components.naming import Kind, Naming
from components.parts.function_alarms import function_alarms
from components.parts.key_grant import WRITE, key_grant
from components.parts.log_group import log_group
from components.parts.role import granted_role
from components.sites.content import ContentPlan, SiteFile
from components.sites.functions import HIDDEN
from components.sites.settings import ContentSettings
from components.tags import name_tag

SOURCES = Path(__file__).resolve().parents[2] / "functions" / "site_content"

RUNTIME = "python3.13"
"""Has boto3 ("Lambda runtimes", AWS Lambda Developer Guide, 2026-11)."""

TIMEOUT = 300
"""Seconds; deleting some thousand old objects takes a few."""

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
        self._name = name
        self._settings = settings
        self._naming = naming
        self._where = where
        self._bucket = bucket
        self._bucket_arn = bucket_arn
        self._child = pulumi.ResourceOptions(parent=self)

        first = [self._create_object(file, after) for file in plan.first]
        pages: list[aws.s3.BucketObjectv2] = []
        for file in plan.pages:
            pages.append(self._create_object(file, pages[:1] or first or after))
        function, policy = self._create_function(
            key_arn, distribution_id, distribution_arn, log_key_arn, log_days
        )
        aws.lambda_.Invocation(
            f"{name}-release",
            function_name=function.name,
            input=plan.manifest,
            lifecycle_scope="CRUD",
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy, *(pages or first)]),
        )
        self.register_outputs({"files": len(plan.files)})

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """A release that CloudFront was not told of."""
        label = f"{self._name}-release"
        return function_alarms(
            f"site-{label}",
            self._naming.of(Kind.FUNCTION, "site", label),
            title=f"Site {self._name}: a release failed",
            meaning="CloudFront was not told of what changed, so visitors may see old pages.",
            action="Read the function's log, then deploy again: every step is safe to repeat.",
            parent=f"site-{self._name}",
        )

    def _create_object(
        self, file: SiteFile, after: Sequence[pulumi.Resource]
    ) -> aws.s3.BucketObjectv2:
        return aws.s3.BucketObjectv2(
            f"{self._name}/{file.key}",
            bucket=self._bucket,
            key=file.key,
            source=pulumi.FileAsset(str(file.source)),
            # The digest that S3 itself knows: the entity tag is none with a customer key.
            source_hash=file.digest,
            content_type=file.content_type,
            cache_control=file.cache_control,
            # An object takes ten tags, a stack may have more; its bucket has them all.
            override_provider={"default_tags": {"tags": {}}},
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=list(after), retain_on_delete=file.immutable
            ),
        )

    def _create_function(
        self,
        key_arn: Arn | None,
        distribution_id: pulumi.Input[str],
        distribution_arn: Arn,
        log_key_arn: Arn | None,
        log_days: int,
    ) -> tuple[aws.lambda_.Function, pulumi.Resource]:
        label = f"{self._name}-release"
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
            description=f"Tells CloudFront what a deployment of {self._name} changed",
            service="lambda.amazonaws.com",
            grants=self._grants(key_arn, distribution_arn, log_name),
            opts=self._child,
        )
        function = aws.lambda_.Function(
            label,
            name=physical_name,
            description=f"Tells CloudFront what a deployment of {self._name} changed",
            role=role.arn,
            runtime=RUNTIME,
            architectures=["arm64"],
            handler="handler.handle",
            code=pulumi.AssetArchive({"handler.py": pulumi.FileAsset(str(SOURCES / "handler.py"))}),
            memory_size=256,
            timeout=TIMEOUT,
            environment={
                "variables": {
                    "BUCKET": self._bucket,
                    "DISTRIBUTION": distribution_id,
                    "RETIRED": RETIRED,
                    "KEEP_DAYS": str(self._settings.keep_days),
                }
            },
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
            Grant("RememberWhatLeft", ("s3:GetObject", "s3:PutObject"), (objects(RETIRED),)),
            # Without this, a list that is not there yet is a refusal instead of a 404.
            Grant("SeeWhatIsThere", ("s3:ListBucket",), (self._bucket_arn,)),
            Grant("TakeAwayOldFiles", ("s3:DeleteObject",), (objects("*"),)),
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
