"""A site's distribution: one domain over a private bucket and, by path, private load balancers.

Builds the distribution with its origin access control, response-headers policy, viewer-request
function and VPC origins, and the delivery of its access log.

Promises:
- HTTPS only, TLS 1.2 of 2021 or later, HTTP/2 and 3, IPv6, compression.
- The bucket answers to this distribution alone (see `bucket_trusts`), signed by origin access
  control; a load balancer is reached inside its network by a VPC origin. No origin is public, and
  no shared secret stands anywhere.
- A path that is not there stays a 404 and a refusal by the firewall stays a 403: no error page
  stands in for either, single-page sites get their index page by a function before the cache.
- The log holds no cookies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Arn, MetricQuery, Trust, WidgetSpec
from components.naming import Kind, Naming
from components.parts.edge_region import abroad
from components.sites.functions import RUNTIME, viewer_request
from components.sites.headers import headers_policy
from components.sites.settings import BehaviorSettings, SiteSettings
from components.tags import name_tag

CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ORIGIN_DECIDES = "4cc15a8a-d715-48a4-82b8-cc0b614638fe"
ALL_OF_THE_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
"""AWS's own policies: CachingOptimized, CachingDisabled, UseOriginCacheControlHeaders-QueryStrings
and AllViewer ("Use managed cache policies", "Use managed origin request policies", 2026-11)."""

ERROR_SECONDS = 10
"""How long a 404 is kept: not long, so that a file that comes is there."""

LOG_FIELDS = (
    "date", "time", "x-edge-location", "sc-bytes", "c-ip", "cs-method", "cs(Host)", "cs-uri-stem",
    "sc-status", "cs(Referer)", "cs(User-Agent)", "cs-uri-query", "x-edge-result-type",
    "x-edge-request-id", "x-host-header", "cs-protocol", "cs-bytes", "time-taken",
    "x-forwarded-for", "ssl-protocol", "ssl-cipher", "x-edge-response-result-type",
    "cs-protocol-version", "c-port", "time-to-first-byte", "x-edge-detailed-result-type",
    "sc-content-type", "sc-content-len",
)  # fmt: skip
"""All that is useful, and not `cs(Cookie)` ("Standard logging reference", CloudFront, 2026-11)."""

BUCKET_ORIGIN = "bucket"


@dataclass(frozen=True)
class BucketOrigin:
    """The bucket a site serves."""

    arn: Arn
    regional_domain_name: pulumi.Input[str]


@dataclass(frozen=True)
class BalancerOrigin:
    """An internal load balancer that answers some paths."""

    arn: Arn
    dns_name: pulumi.Input[str]


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
        bucket: BucketOrigin,
        balancers: Mapping[str, BalancerOrigin],
        certificate_arn: Arn,
        web_acl_arn: Arn | None = None,
        log: LogTarget | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the distribution.

        Args:
            name: the stack file's key.
            balancers: those that `behaviors` name, by key.
            certificate_arn: an issued certificate in us-east-1 for all names of the site.
            web_acl_arn: of a web ACL for CloudFront.
        """
        super().__init__("trellis:sites:Distribution", name, None, opts)
        self._name = name
        self._settings = settings
        self._naming = naming
        self._where = where
        self._child = pulumi.ResourceOptions(parent=self)

        self._headers = headers_policy(name, settings, naming=naming, opts=self._child)
        self._function = self._create_function("pages", settings.pages)
        self._redirect = (
            self._create_function("redirect", "none")
            if settings.redirect_from and settings.behaviors
            else None
        )
        self._distribution = self._create_distribution(
            bucket, self._create_balancer_origins(balancers), certificate_arn, web_acl_arn
        )
        if log is not None:
            self._create_log(log)
        self.register_outputs({"id": self._distribution.id, "domainName": self.domain_name})

    @property
    def id(self) -> pulumi.Output[str]:
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
        """What the bucket's policy must say: this distribution, and no other, reads it.

        It may see which objects there are, so that what is not there is a 404 instead of a 403.
        Nobody sees a list: the function answers or rewrites the only path that would show one.
        """
        words = "".join(word.capitalize() for word in self._name.split("-"))
        principals: Any = {"Service": ("cloudfront.amazonaws.com",)}
        only = {"StringEquals": {"aws:SourceArn": self.arn}}
        return (
            Trust(f"Distribution{words}", principals, ("s3:GetObject",), only, ("/*",)),
            Trust(f"Distribution{words}Missing", principals, ("s3:ListBucket",), only),
        )

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """Requests and error shares, on dashboards in any region."""
        dimensions: dict[str, pulumi.Input[str]] = {
            "DistributionId": self._distribution.id,
            "Region": "Global",
        }

        def query(label: str, metric: str, statistic: str) -> MetricQuery:
            return MetricQuery(
                label, "AWS/CloudFront", metric, dimensions, statistic, 300, label=metric
            )

        title = self._settings.domain
        return (
            WidgetSpec(f"{title}: requests", "Sites", (query("requests", "Requests", "Sum"),)),
            WidgetSpec(
                f"{title}: errors",
                "Sites",
                (
                    query("client", "4xxErrorRate", "Average"),
                    query("server", "5xxErrorRate", "Average"),
                ),
                unit="Percent",
            ),
        )

    def _create_function(self, label: str, pages: Any) -> aws.cloudfront.Function:
        return aws.cloudfront.Function(
            f"{self._name}-{label}",
            name=self._naming.of(Kind.FUNCTION, "site", self._name, label),
            comment=f"Requests of {self._settings.domain}",
            runtime=RUNTIME,
            code=viewer_request(self._settings, pages),
            publish=True,
            opts=self._child,
        )

    def _create_balancer_origins(
        self, balancers: Mapping[str, BalancerOrigin]
    ) -> list[dict[str, Any]]:
        used = sorted({each.load_balancer for each in self._settings.behaviors.values()})
        found: list[dict[str, Any]] = []
        for key in used:
            physical_name = self._naming.of(Kind.FUNCTION, "site", self._name, key)
            origin = aws.cloudfront.VpcOrigin(
                f"{self._name}-{key}",
                vpc_origin_endpoint_config={
                    "name": physical_name,
                    "arn": balancers[key].arn,
                    "http_port": 80,
                    "https_port": 443,
                    "origin_protocol_policy": "https-only",
                    "origin_ssl_protocols": {"items": ["TLSv1.2"], "quantity": 1},
                },
                tags=name_tag(physical_name),
                opts=self._child,
            )
            found.append(
                {
                    "origin_id": f"load-balancer-{key}",
                    "domain_name": balancers[key].dns_name,
                    "vpc_origin_config": {
                        "vpc_origin_id": origin.id,
                        "origin_keepalive_timeout": 5,
                        "origin_read_timeout": 30,
                    },
                }
            )
        return found

    def _create_distribution(
        self,
        bucket: BucketOrigin,
        balancer_origins: list[dict[str, Any]],
        certificate_arn: Arn,
        web_acl_arn: Arn | None,
    ) -> aws.cloudfront.Distribution:
        settings = self._settings
        control = aws.cloudfront.OriginAccessControl(
            self._name,
            name=self._naming.of(Kind.FUNCTION, "site", self._name),
            description=f"{settings.domain} signs what it asks its bucket for",
            origin_access_control_origin_type="s3",
            signing_behavior="always",
            signing_protocol="sigv4",
            opts=self._child,
        )
        origins: list[Any] = [
            {
                "origin_id": BUCKET_ORIGIN,
                "domain_name": bucket.regional_domain_name,
                "origin_access_control_id": control.id,
            },
            *balancer_origins,
        ]
        physical_name = self._naming.of(Kind.VPC_TAG, "site", self._name)
        return aws.cloudfront.Distribution(
            self._name,
            comment=physical_name,
            enabled=True,
            aliases=list(settings.names),
            origins=origins,
            default_cache_behavior=self._bucket_behavior(),  # pyright: ignore[reportArgumentType]
            ordered_cache_behaviors=[
                self._service_behavior(path, each)  # pyright: ignore[reportArgumentType]
                for path, each in settings.behaviors.items()
            ],
            default_root_object=settings.index if settings.pages != "files" else None,
            custom_error_responses=self._errors(),  # pyright: ignore[reportArgumentType]
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
            tags=name_tag(physical_name),
            opts=self._child,
        )

    def _bucket_behavior(self) -> dict[str, Any]:
        methods = ["GET", "HEAD", "OPTIONS"] if self._settings.cors else ["GET", "HEAD"]
        return {
            **self._behavior(BUCKET_ORIGIN, methods, self._function),
            "cache_policy_id": CACHING_OPTIMIZED,
        }

    def _service_behavior(self, path: str, each: BehaviorSettings) -> dict[str, Any]:
        everything = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
        origin = f"load-balancer-{each.load_balancer}"
        return {
            **self._behavior(origin, everything, self._redirect),
            "path_pattern": path,
            "cache_policy_id": CACHING_DISABLED if each.cache == "none" else ORIGIN_DECIDES,
            # With its host: the load balancer's certificate and routes are for the site's name.
            "origin_request_policy_id": ALL_OF_THE_VIEWER,
        }

    def _behavior(
        self, origin: str, methods: list[str], function: aws.cloudfront.Function | None
    ) -> dict[str, Any]:
        associations = (
            [{"event_type": "viewer-request", "function_arn": function.arn}] if function else []
        )
        return {
            "target_origin_id": origin,
            "viewer_protocol_policy": "redirect-to-https",
            "allowed_methods": methods,
            "cached_methods": ["GET", "HEAD"],
            "compress": True,
            "response_headers_policy_id": self._headers.id,
            "function_associations": associations,
        }

    def _errors(self) -> list[dict[str, Any]]:
        """Of 404 only: a page for 403 would hide what the firewall refuses."""
        missing: dict[str, Any] = {"error_code": 404, "error_caching_min_ttl": ERROR_SECONDS}
        if self._settings.not_found is not None:
            missing |= {"response_code": 404, "response_page_path": self._settings.not_found}
        return [missing]

    def _countries(self) -> Any:
        countries = self._settings.countries
        if countries is None:
            return {"restriction_type": "none"}
        kind = "whitelist" if countries.allow else "blacklist"
        return {"restriction_type": kind, "locations": [*countries.allow, *countries.deny]}

    def _create_log(self, log: LogTarget) -> None:
        """Deliver the access log, by the service that serves all of AWS: no bucket ACL needed."""
        region = abroad(self._where)
        label = self._naming.of(Kind.LOG_DELIVERY, "site", self._name)
        source = aws.cloudwatch.LogDeliverySource(
            self._name,
            name=label,
            log_type="ACCESS_LOGS",
            resource_arn=self._distribution.arn,
            region=region,
            tags=name_tag(label),
            opts=self._child,
        )
        destination = aws.cloudwatch.LogDeliveryDestination(
            self._name,
            name=label,
            delivery_destination_configuration={"destination_resource_arn": log.bucket_arn},
            output_format="json",
            region=region,
            tags=name_tag(label),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[log.policy]),
        )
        aws.cloudwatch.LogDelivery(
            self._name,
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
            opts=self._child,
        )
