"""A site's distribution: one domain over private buckets and, by path, private load balancers.

Builds the distribution with its origin access control, response-headers policies and viewer-request
functions, and the delivery of its access log.

Promises:
- HTTPS only, TLS 1.2 of 2021 or later, HTTP/2 and 3, IPv6, compression.
- A bucket answers to this distribution alone (see `bucket_trusts`), signed by origin access
  control; a load balancer is reached inside its network by a VPC origin (see `private_origin`). No
  origin is public, and no shared secret stands anywhere.
- A path that is not there stays a 404 and a refusal by the firewall stays a 403: no error page
  stands in for either, single-page sites get their index page by a function before the cache.
- The log holds no cookies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, AlarmSpec, Arn, Trust, WidgetSpec
from components.naming import Kind, Naming
from components.parts.edge_region import abroad
from components.sites.behaviors import (
    OWN_BUCKET,
    Behaviors,
    balancer_origin_id,
    bucket_origin_id,
)
from components.sites.functions import RUNTIME, viewer_request
from components.sites.headers import headers_policy
from components.sites.names import LOG_DELIVERY_NAME
from components.sites.private_origin import PrivateOrigin
from components.sites.settings import SiteSettings
from components.sites.site_alarms import site_alarms, site_widgets
from components.tags import name_tag

READ_SECONDS = 30
"""How long a load balancer's service may take for an answer."""

KEEP_SECONDS = 5
"""How long a connection to a load balancer waits for a next request: less than that does."""

LOG_FIELDS = (
    "date", "time", "x-edge-location", "sc-bytes", "c-ip", "cs-method", "cs(Host)", "cs-uri-stem",
    "sc-status", "cs(Referer)", "cs(User-Agent)", "cs-uri-query", "x-edge-result-type",
    "x-edge-request-id", "x-host-header", "cs-protocol", "cs-bytes", "time-taken",
    "x-forwarded-for", "ssl-protocol", "ssl-cipher", "x-edge-response-result-type",
    "cs-protocol-version", "c-port", "time-to-first-byte", "x-edge-detailed-result-type",
    "sc-content-type", "sc-content-len",
)  # fmt: skip
"""All that is useful, and not `cs(Cookie)` ("Standard logging reference", CloudFront, 2026-11)."""


@dataclass(frozen=True)
class BucketOrigin:
    """A bucket that a site serves."""

    arn: Arn
    regional_domain_name: pulumi.Input[str]


@dataclass(frozen=True)
class LogTarget:
    """The bucket that takes access logs."""

    bucket_arn: Arn
    policy: pulumi.Resource
    """Lets the log delivery service write; the delivery is refused before."""


class Distribution(pulumi.ComponentResource):
    """One site's distribution. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: SiteSettings,
        *,
        naming: Naming,
        where: AccountRegion,
        bucket: BucketOrigin | None,
        certificate_arn: Arn,
        extra_buckets: Mapping[str, BucketOrigin] | None = None,
        balancers: Mapping[str, PrivateOrigin] | None = None,
        web_acl_arn: Arn | None = None,
        log: LogTarget | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the distribution.

        Args:
            name: the stack file's key.
            bucket: the site's own, for all paths that `behaviors` do not name; None where a load
                balancer answers them.
            certificate_arn: an issued certificate in us-east-1 for all names of the site.
            extra_buckets: those that `behaviors` name, by key.
            balancers: those that answer paths, by key.
            web_acl_arn: of a web ACL for CloudFront.
        """
        super().__init__("trellis:sites:Distribution", name, None, opts)
        self._key = name
        self._settings = settings
        self._naming = naming
        self._where = where
        self._child = pulumi.ResourceOptions(parent=self)

        origins = self._origins(bucket, extra_buckets or {}, balancers or {})
        behaviors = Behaviors(settings, self._create_headers(), self._create_functions())
        self._distribution = self._create_distribution(
            origins, behaviors, certificate_arn, web_acl_arn
        )
        if log is not None:
            self._create_log(log)
        self.register_outputs({"id": self._distribution.id, "domainName": self.domain_name})

    @property
    def name(self) -> str:
        """Its comment and `Name` tag: CloudFront knows distributions by id."""
        return self._naming.of(Kind.VPC_TAG, "site", self._key)

    @property
    def resource(self) -> aws.cloudfront.Distribution:
        """The distribution."""
        return self._distribution

    @property
    def distribution_id(self) -> pulumi.Output[str]:
        """What invalidations are made of."""
        return self._distribution.id

    @property
    def arn(self) -> pulumi.Output[str]:
        """ARN, decided by AWS."""
        return self._distribution.arn

    @property
    def domain_name(self) -> pulumi.Output[str]:
        """CloudFront's own name of it, for alias records."""
        return self._distribution.domain_name

    @property
    def hosted_zone_id(self) -> pulumi.Output[str]:
        """Hosted zone of `domain_name`, for alias records."""
        return self._distribution.hosted_zone_id

    def bucket_trusts(self) -> tuple[Trust, ...]:
        """What a bucket's policy must say, be it the site's own or an extra one: this distribution,
        and no other, reads it.

        It may see which objects there are, so that what is not there is a 404 instead of a 403.
        Nobody sees a list: the function answers or rewrites the only path that would show one.
        """
        words = "".join(word.capitalize() for word in self._key.split("-"))
        principals: Any = {"Service": ("cloudfront.amazonaws.com",)}
        only = {"StringEquals": {"aws:SourceArn": self.arn}}
        return (
            Trust(f"Distribution{words}", principals, ("s3:GetObject",), only, ("/*",)),
            Trust(f"Distribution{words}Missing", principals, ("s3:ListBucket",), only),
        )

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """The share of requests that fail, told in us-east-1."""
        return site_alarms(self._key, self._settings.domain, self._distribution.id)

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """Requests and error shares, on dashboards in any region."""
        return site_widgets(self._settings.domain, self._distribution.id)

    def _create_headers(self) -> dict[str, pulumi.Input[str]]:
        """Ids of the response-headers policies: what a service says of other sites' scripts, it
        says itself."""
        settings = self._settings
        own = headers_policy(self._key, settings, naming=self._naming, opts=self._child)
        found: dict[str, pulumi.Input[str]] = {"bucket": own.id, "service": own.id}
        if settings.cors is not None and settings.load_balancers:
            found["service"] = headers_policy(
                f"{self._key}-service",
                settings.model_copy(update={"cors": None}),
                naming=self._naming,
                opts=self._child,
            ).id
        return found

    def _create_functions(self) -> dict[str, pulumi.Input[str]]:
        """ARNs of the viewer-request functions that the site's behaviors need."""
        settings = self._settings
        found: dict[str, pulumi.Input[str]] = {}
        if settings.has_bucket:
            found["pages"] = self._create_function("pages", settings.pages).arn
        if settings.extra_buckets:
            found["files"] = self._create_function("files", "files").arn
        if settings.redirect_from and settings.load_balancers:
            found["redirect"] = self._create_function("redirect", "none").arn
        return found

    def _create_function(
        self, label: str, pages: Literal["spa", "folders", "files", "none"]
    ) -> aws.cloudfront.Function:
        return aws.cloudfront.Function(
            f"{self._key}-{label}",
            name=self._naming.of(Kind.FUNCTION, "site", self._key, label),
            comment=f"Requests of {self._settings.domain}",
            runtime=RUNTIME,
            code=viewer_request(self._settings, pages),
            publish=True,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=False),
        )

    def _origins(
        self,
        bucket: BucketOrigin | None,
        extra_buckets: Mapping[str, BucketOrigin],
        balancers: Mapping[str, PrivateOrigin],
    ) -> list[Any]:
        buckets = {
            **({OWN_BUCKET: bucket} if bucket is not None else {}),
            **{bucket_origin_id(k): extra_buckets[k] for k in self._settings.extra_buckets},
        }
        control_id = self._create_control().id if buckets else None
        return [
            *(
                {
                    "origin_id": origin_id,
                    "domain_name": origin_bucket.regional_domain_name,
                    "origin_access_control_id": control_id,
                }
                for origin_id, origin_bucket in buckets.items()
            ),
            *(
                {
                    "origin_id": balancer_origin_id(key),
                    "domain_name": balancers[key].domain_name,
                    "vpc_origin_config": {
                        "vpc_origin_id": balancers[key].origin_id,
                        "origin_keepalive_timeout": KEEP_SECONDS,
                        "origin_read_timeout": READ_SECONDS,
                    },
                }
                for key in self._settings.load_balancers
            ),
        ]

    def _create_control(self) -> aws.cloudfront.OriginAccessControl:
        return aws.cloudfront.OriginAccessControl(
            self._key,
            name=self._naming.of(Kind.FUNCTION, "site", self._key),
            description=f"{self._settings.domain} signs what it asks its bucket for",
            origin_access_control_origin_type="s3",
            signing_behavior="always",
            signing_protocol="sigv4",
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=False),
        )

    def _create_distribution(
        self,
        origins: list[Any],
        behaviors: Behaviors,
        certificate_arn: Arn,
        web_acl_arn: Arn | None,
    ) -> aws.cloudfront.Distribution:
        settings = self._settings
        return aws.cloudfront.Distribution(
            self._key,
            comment=self.name,
            enabled=True,
            aliases=list(settings.names),
            origins=origins,
            default_cache_behavior=behaviors.default(),  # pyright: ignore[reportArgumentType]
            ordered_cache_behaviors=behaviors.ordered(),  # pyright: ignore[reportArgumentType]
            # A service answers `/` itself.
            default_root_object=settings.index if settings.has_bucket else None,
            custom_error_responses=behaviors.errors(),  # pyright: ignore[reportArgumentType]
            http_version="http2and3",
            is_ipv6_enabled=True,
            price_class="PriceClass_" + settings.price_class.replace("all", "All"),
            restrictions={"geo_restriction": self._countries()},
            viewer_certificate={
                "acm_certificate_arn": certificate_arn,
                "ssl_support_method": "sni-only",
                "minimum_protocol_version": settings.tls,
            },
            web_acl_id=web_acl_arn,
            tags=name_tag(self.name),
            opts=self._child,
        )

    def _countries(self) -> Any:
        countries = self._settings.countries
        if countries is None:
            return {"restriction_type": "none"}
        kind = "whitelist" if countries.allow else "blacklist"
        return {"restriction_type": kind, "locations": [*countries.allow, *countries.deny]}

    def _create_log(self, log: LogTarget) -> None:
        """Deliver the access log, by the service that serves all of AWS: no bucket ACL needed."""
        region = abroad(self._where)
        label = self._naming.of(LOG_DELIVERY_NAME, "site", self._key)
        source = aws.cloudwatch.LogDeliverySource(
            self._key,
            name=label,
            log_type="ACCESS_LOGS",
            resource_arn=self._distribution.arn,
            region=region,
            tags=name_tag(label),
            opts=self._child,
        )
        destination = aws.cloudwatch.LogDeliveryDestination(
            self._key,
            name=label,
            delivery_destination_configuration={"destination_resource_arn": log.bucket_arn},
            output_format="json",
            region=region,
            tags=name_tag(label),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[log.policy]),
        )
        aws.cloudwatch.LogDelivery(
            self._key,
            delivery_source_name=source.name,
            delivery_destination_arn=destination.arn,
            record_fields=list(LOG_FIELDS),
            s3_delivery_configurations=[
                {
                    "suffix_path": "{DistributionId}/{yyyy}/{MM}/{dd}/{HH}",
                    "enable_hive_compatible_path": False,
                }
            ],
            region=region,
            tags=name_tag(label),
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
