"""The baseline component: what an account has once, set up by the stack that says so.

Builds, each switchable: a trail over all regions on the logs key, whose files can be proven
complete; a recorder of every resource's settings; threat detection; an analyzer of what others can
reach; encryption of new disks; the block on public buckets; the identity providers whose tokens
pipelines sign in with; the role that APIs log with; and the encryption of Glue's catalog.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.baseline.names import ANALYZER_NAME, RECORDER_NAME, TRAIL_NAME
from components.baseline.settings import BaselineSettings
from components.baseline.trusts import CONFIGURATION_PREFIX, TRAIL_PREFIX
from components.contracts import AccountRegion, Arn, Grant
from components.naming import Kind, Naming
from components.parts.policy_document import assume_document
from components.parts.role import granted_role
from components.tags import name_tag

TOKEN_AUDIENCE = "sts.amazonaws.com"
"""Whom tokens must be meant for ("Create an OpenID Connect identity provider in IAM", 2026-11)."""

CONFIGURATION_SERVICE = "config.amazonaws.com"

FEATURES = ("S3_DATA_EVENTS", "LAMBDA_NETWORK_LOGS", "RUNTIME_MONITORING")
"""Of GuardDuty, in the order of the settings ("DetectorFeatureConfiguration", 2026-11)."""


@dataclass(frozen=True)
class Store:
    """A bucket that AWS delivers to, and its policy: AWS tries at once whether it may write."""

    bucket: str
    policy: pulumi.Resource


class Baseline(pulumi.ComponentResource):
    """The account's baseline. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: BaselineSettings,
        *,
        naming: Naming,
        where: AccountRegion,
        trail_store: Store | None = None,
        configuration_store: Store | None = None,
        log_key_arn: Arn | None,
        recorded: Mapping[str, Sequence[Arn]] | None = None,
        issuers: Mapping[str, Iterable[str]] | None = None,
        logs_apis: bool = False,
        catalog_key_arn: Arn | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Set up what `settings` makes.

        Args:
            trail_store: where the trail's files go.
            configuration_store: where the configuration history goes.
            recorded: ARNs of what the trail records reads and writes of, by CloudTrail's type.
            issuers: hosts, with their paths, whose tokens the account's roles take, and whom those
                may be meant for.
            logs_apis: whether there is an API that writes logs.
            catalog_key_arn: what Glue's catalog is encrypted with; None without one.
        """
        super().__init__("trellis:baseline:Baseline", name, None, opts)
        self._key = name
        self._settings = settings
        self._naming = naming
        self._where = where
        self._child = pulumi.ResourceOptions(parent=self)
        if settings.makes("trail"):
            self._create_trail(_there(trail_store), log_key_arn, recorded or {})
        if settings.makes("configuration"):
            self._create_recorder(_there(configuration_store))
        if settings.makes("threatDetection"):
            self._create_detector()
        if settings.makes("accessAnalyzer"):
            physical_name = naming.of(ANALYZER_NAME, "access")
            aws.accessanalyzer.Analyzer(
                f"{name}-access",
                analyzer_name=physical_name,
                type="ACCOUNT",
                tags=name_tag(physical_name),
                opts=self._child,
            )
        if settings.makes("diskEncryption"):
            aws.ebs.EncryptionByDefault(f"{name}-disks", enabled=True, opts=self._child)
        if settings.makes("publicAccessBlock"):
            aws.s3.AccountPublicAccessBlock(
                f"{name}-buckets",
                block_public_acls=True,
                block_public_policy=True,
                ignore_public_acls=True,
                restrict_public_buckets=True,
                opts=self._child,
            )
        self._sign_in: tuple[aws.iam.OpenIdConnectProvider, ...] = ()
        if settings.makes("pipelineSignIn"):
            self._sign_in = tuple(
                self._create_sign_in(issuer, sorted(set(audiences)))
                for issuer, audiences in sorted((issuers or {}).items())
            )
        self._api_logs: tuple[pulumi.Resource, ...] = ()
        if settings.makes("apiLogs") and logs_apis:
            self._api_logs = (self._create_api_logs(),)
        self._catalog: tuple[pulumi.Resource, ...] = ()
        if settings.makes("catalogEncryption") and catalog_key_arn is not None:
            self._catalog = (self._encrypt_catalog(catalog_key_arn),)
        self.register_outputs({})

    @property
    def catalog_encryption(self) -> tuple[pulumi.Resource, ...]:
        """What a catalog comes after: what was there before stays as it was."""
        return self._catalog

    @property
    def sign_in(self) -> tuple[pulumi.Resource, ...]:
        """What must be there before a role can trust an issuer."""
        return self._sign_in

    @property
    def api_logs(self) -> tuple[pulumi.Resource, ...]:
        """What a stage of an API that logs comes after."""
        return self._api_logs

    def _create_api_logs(self) -> pulumi.Resource:
        """The role that API Gateway writes with, once an account and region ("Set up CloudWatch
        logging for REST APIs", API Gateway Developer Guide, 2026-11). AWS tries it at once."""
        name = self._naming.of(Kind.ROLE, "api-logs")
        role = aws.iam.Role(
            f"{self._key}-api-logs",
            name=name,
            description="API Gateway writes the logs of this region's APIs",
            # One role for the whole account, assumed without a source.
            assume_role_policy=assume_document("apigateway.amazonaws.com"),
            tags=name_tag(name),
            opts=self._child,
        )
        policy = aws.iam.RolePolicyAttachment(
            f"{self._key}-api-logs",
            role=role.name,
            policy_arn=f"arn:{self._where.partition}:iam::aws:policy/service-role/"
            "AmazonAPIGatewayPushToCloudWatchLogs",
            opts=pulumi.ResourceOptions(parent=role),
        )
        return aws.apigateway.Account(
            f"{self._key}-api-logs",
            cloudwatch_role_arn=role.arn,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )

    def _encrypt_catalog(self, key_arn: Arn) -> pulumi.Resource:
        """Settings of the whole catalog, once an account and region, with the role that uses the
        key ("Encrypting your Data Catalog", AWS Glue Developer Guide, 2026-11)."""
        role, allowed = granted_role(
            f"{self._key}-catalog",
            physical_name=self._naming.of(Kind.ROLE, "catalog-encryption"),
            description="Glue encrypts and decrypts what its catalog holds",
            service="glue.amazonaws.com",
            conditions={"StringEquals": {"aws:SourceAccount": self._where.account}},
            grants=[
                Grant("UseKey", ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"), (key_arn,))
            ],
            opts=self._child,
        )
        return aws.glue.DataCatalogEncryptionSettings(
            f"{self._key}-catalog",
            data_catalog_encryption_settings={
                "connection_password_encryption": {
                    "aws_kms_key_id": key_arn,
                    "return_connection_password_encrypted": True,
                },
                "encryption_at_rest": {
                    "catalog_encryption_mode": "SSE-KMS-WITH-SERVICE-ROLE",
                    "catalog_encryption_service_role": role.arn,
                    "sse_aws_kms_key_id": key_arn,
                },
            },
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*allowed]),
        )

    def _create_sign_in(
        self, issuer: str, audiences: Sequence[str]
    ) -> aws.iam.OpenIdConnectProvider:
        return aws.iam.OpenIdConnectProvider(
            f"{self._key}-{re.sub(r'[^a-z0-9]+', '-', issuer.lower())}",
            url=f"https://{issuer}",
            # AWS knows the certificate authorities of common issuers: no thumbprint is needed.
            client_id_lists=list(audiences),
            tags=name_tag(issuer),
            opts=self._child,
        )

    def _create_trail(
        self, store: Store, key_arn: Arn | None, recorded: Mapping[str, Sequence[Arn]]
    ) -> None:
        physical_name = trail_name(self._naming)
        aws.cloudtrail.Trail(
            f"{self._key}-trail",
            name=physical_name,
            s3_bucket_name=store.bucket,
            s3_key_prefix=TRAIL_PREFIX,
            kms_key_id=key_arn,
            enable_logging=True,
            enable_log_file_validation=True,
            is_multi_region_trail=True,
            include_global_service_events=True,
            advanced_event_selectors=_selectors(self._settings.trail.management_events, recorded),
            tags=name_tag(physical_name),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[store.policy]),
        )

    def _create_recorder(self, store: Store) -> None:
        """The recorder, where it delivers, and its start, which wants both."""
        settings = self._settings.configuration
        role: list[pulumi.Resource] = []
        if settings.service_role == "make":
            role.append(
                aws.iam.ServiceLinkedRole(
                    f"{self._key}-configuration",
                    aws_service_name=CONFIGURATION_SERVICE,
                    opts=self._child,
                )
            )
        physical_name = self._naming.of(RECORDER_NAME, "configuration")
        recorder = aws.cfg.Recorder(
            f"{self._key}-configuration",
            name=physical_name,
            role_arn=self._where.arn(
                "iam",
                f"role/aws-service-role/{CONFIGURATION_SERVICE}/AWSServiceRoleForConfig",
                regional=False,
            ),
            recording_group={"all_supported": True, "include_global_resource_types": True},
            recording_mode={"recording_frequency": settings.recording.upper()},
            opts=pulumi.ResourceOptions(parent=self, depends_on=role),
        )
        channel = aws.cfg.DeliveryChannel(
            f"{self._key}-configuration",
            name=physical_name,
            s3_bucket_name=store.bucket,
            s3_key_prefix=CONFIGURATION_PREFIX,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[recorder, store.policy]),
        )
        aws.cfg.RecorderStatus(
            f"{self._key}-configuration",
            name=recorder.name,
            is_enabled=True,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[channel]),
        )

    def _create_detector(self) -> None:
        settings = self._settings.threat_detection
        detector = aws.guardduty.Detector(
            f"{self._key}-threats",
            enable=True,
            finding_publishing_frequency=settings.publish,
            tags=name_tag(self._naming.of(RECORDER_NAME, "threats")),
            opts=self._child,
        )
        chosen = (settings.s3, settings.functions, settings.containers)
        for feature, on in zip(FEATURES, chosen, strict=True):
            aws.guardduty.DetectorFeature(
                f"{self._key}-{feature.lower().replace('_', '-')}",
                detector_id=detector.id,
                name=feature,
                status="ENABLED" if on else "DISABLED",
                opts=self._child,
            )


def trail_name(naming: Naming) -> str:
    """The physical name, known from the settings alone."""
    return naming.of(TRAIL_NAME, "trail")


def _selectors(
    management: bool, recorded: Mapping[str, Sequence[Arn]]
) -> list[aws.cloudtrail.TrailAdvancedEventSelectorArgs]:
    """What is recorded ("Logging data events": advanced event selectors, CloudTrail guide)."""
    found: list[aws.cloudtrail.TrailAdvancedEventSelectorArgs] = []
    if management:
        found.append(_selector("Management events", {"eventCategory": ["Management"]}))
    for kind, arns in recorded.items():
        if not arns:
            continue
        fields: dict[str, Any] = {"eventCategory": ["Data"], "resources.type": [kind]}
        found.append(_selector(f"Data events of {kind}", fields, list(arns)))
    return found


def _selector(
    name: str, fields: Mapping[str, list[str]], begins: list[Arn] | None = None
) -> aws.cloudtrail.TrailAdvancedEventSelectorArgs:
    selectors = [
        aws.cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs(field=field, equals=values)
        for field, values in fields.items()
    ]
    if begins is not None:
        selectors.append(
            aws.cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs(
                field="resources.ARN", starts_withs=begins
            )
        )
    return aws.cloudtrail.TrailAdvancedEventSelectorArgs(name=name, field_selectors=selectors)


def _there(store: Store | None) -> Store:
    if store is None:
        raise ValueError("a trail and a recorder each need a bucket")
    return store
