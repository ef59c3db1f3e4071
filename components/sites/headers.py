"""The response headers of a site: for browsers' safety, and none that tell of the inside."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws

from components.naming import Kind, Naming
from components.sites.settings import SiteCorsSettings, SiteSettings

REMOVED = (
    "Server",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-server-side-encryption-bucket-key-enabled",
    "x-amz-version-id",
)
"""What S3 adds: the key's ARN holds the account id. At most ten can be removed ("CloudFront quotas:
quotas on policies", 2026-11)."""


def headers_policy(
    name: str, settings: SiteSettings, *, naming: Naming, opts: pulumi.ResourceOptions
) -> aws.cloudfront.ResponseHeadersPolicy:
    """Make a response-headers policy."""
    return aws.cloudfront.ResponseHeadersPolicy(
        name,
        name=naming.of(Kind.WEB_ACL, name),
        comment=f"Headers of {settings.domain}",
        security_headers_config=_security(settings),  # pyright: ignore[reportArgumentType]
        custom_headers_config={
            "items": [
                {
                    "header": "Permissions-Policy",
                    "value": settings.headers.permissions_policy,
                    "override": False,
                }
            ]
        }
        if settings.headers.permissions_policy != "none"
        else None,
        remove_headers_config={"items": [{"header": header} for header in REMOVED]},
        cors_config=_cors(settings.cors) if settings.cors else None,  # pyright: ignore[reportArgumentType]
        opts=pulumi.ResourceOptions(parent=opts.parent, delete_before_replace=False),
    )


def _security(settings: SiteSettings) -> dict[str, Any]:
    headers = settings.headers
    found: dict[str, Any] = {
        "content_type_options": {"override": True},
        "frame_options": {"frame_option": headers.frame, "override": True},
        "referrer_policy": {"referrer_policy": headers.referrer, "override": True},
    }
    if headers.hsts_seconds:
        found["strict_transport_security"] = {
            "access_control_max_age_sec": headers.hsts_seconds,
            "include_subdomains": headers.hsts_subdomains,
            "preload": headers.hsts_preload,
            "override": True,
        }
    if headers.content_security_policy != "none":
        # A page that a service makes knows better what it loads.
        found["content_security_policy"] = {
            "content_security_policy": headers.content_security_policy,
            "override": False,
        }
    return found


def _cors(settings: SiteCorsSettings) -> dict[str, Any]:
    """Said by CloudFront: S3 would answer by the `Origin` header, which is not in the cache key."""
    return {
        "access_control_allow_origins": {"items": list(settings.origins)},
        "access_control_allow_methods": {"items": list(settings.methods)},
        "access_control_allow_headers": {"items": list(settings.headers)},
        "access_control_allow_credentials": False,
        "access_control_max_age_sec": settings.max_age_seconds,
        "origin_override": True,
    }
