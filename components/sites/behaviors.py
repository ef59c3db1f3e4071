"""What CloudFront does with a request, by path: the behaviors of a distribution and its errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from components.sites.paths import in_order
from components.sites.settings import BehaviorSettings, SiteSettings

CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ORIGIN_DECIDES = "4cc15a8a-d715-48a4-82b8-cc0b614638fe"
ALL_OF_THE_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
"""AWS's own policies: CachingOptimized, CachingDisabled, UseOriginCacheControlHeaders-QueryStrings
and AllViewer ("Use managed cache policies", "Use managed origin request policies", 2026-11)."""

MISSING_SECONDS = 10
"""How long a 404 of a bucket is kept: not long, so that a file that comes is there."""

KEPT_ERRORS = (404, 405, 414, 500, 501, 502, 503, 504)
"""Status codes that CloudFront keeps by itself, whatever the cache policy says ("How CloudFront
processes HTTP 4xx and 5xx status codes from your origin", 2026-11)."""

READS = ("GET", "HEAD")
EVERYTHING = ("GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE")

OWN_BUCKET = "bucket"
"""Origin id of the site's own bucket."""


def bucket_origin_id(key: str) -> str:
    """Origin id of an extra bucket."""
    return f"bucket-{key}"


def balancer_origin_id(key: str) -> str:
    """Origin id of a load balancer."""
    return f"load-balancer-{key}"


class Behaviors:
    """The behaviors of one site, as `aws.cloudfront.Distribution` takes them."""

    def __init__(
        self,
        settings: SiteSettings,
        headers: Mapping[str, pulumi.Input[str]],
        functions: Mapping[str, pulumi.Input[str]],
    ) -> None:
        """Keep what every behavior refers to.

        Args:
            headers: ids of response-headers policies: `bucket`, and `service` where a load balancer
                answers.
            functions: ARNs of viewer-request functions: `pages`, `files` where an extra bucket
                answers, `redirect` where another name leads here and a load balancer answers.
        """
        self._settings = settings
        self._headers = headers
        self._functions = functions

    def default(self) -> dict[str, Any]:
        """Of all paths that no other behavior has."""
        content = self._settings.content
        if content.load_balancer is not None:
            found = self._of_balancer(content.load_balancer, content.origin_cache)
        else:
            found = self._of_bucket(OWN_BUCKET, "pages")
        return {**found, **_signed(content.signed_by)}

    def ordered(self) -> list[dict[str, Any]]:
        """Of all others, the most specific first."""
        return [
            {"path_pattern": path, **self._other(self._settings.behaviors[path])}
            for path in in_order(self._settings.behaviors)
        ]

    def errors(self) -> list[dict[str, Any]]:
        """What becomes of errors, on all paths: a page for 403 would hide what the firewall
        refuses, and a service's answer to one caller is not kept for the next."""
        if self._settings.load_balancers:
            return [{"error_code": code, "error_caching_min_ttl": 0} for code in KEPT_ERRORS]
        missing: dict[str, Any] = {"error_code": 404, "error_caching_min_ttl": MISSING_SECONDS}
        if self._settings.not_found is not None:
            missing |= {"response_code": 404, "response_page_path": self._settings.not_found}
        return [missing]

    def _other(self, behavior: BehaviorSettings) -> dict[str, Any]:
        if behavior.bucket is not None and behavior.bucket == self._settings.content.bucket:
            found = self._of_bucket(OWN_BUCKET, "pages")
        elif behavior.bucket is not None:
            found = self._of_bucket(bucket_origin_id(behavior.bucket), "files")
        else:
            found = self._of_balancer(behavior.load_balancer or "", behavior.cache)
        return {**found, **_signed(behavior.signed_by)}

    def _of_balancer(self, key: str, cache: str | None) -> dict[str, Any]:
        return {
            **self._common(balancer_origin_id(key), EVERYTHING, "service", "redirect"),
            "cache_policy_id": ORIGIN_DECIDES if cache == "origin" else CACHING_DISABLED,
            # With its host: the load balancer's routes and certificate are for the site's name, and
            # CloudFront asks for a certificate of the host that it forwards.
            "origin_request_policy_id": ALL_OF_THE_VIEWER,
        }

    def _of_bucket(self, origin: str, function: str) -> dict[str, Any]:
        methods = (*READS, "OPTIONS") if self._settings.cors else READS
        return {
            **self._common(origin, methods, "bucket", function),
            "cache_policy_id": CACHING_OPTIMIZED,
        }

    def _common(
        self, origin: str, methods: tuple[str, ...], headers: str, function: str
    ) -> dict[str, Any]:
        arn = self._functions.get(function)
        return {
            "target_origin_id": origin,
            "viewer_protocol_policy": "redirect-to-https",
            "allowed_methods": list(methods),
            "cached_methods": list(READS),
            "compress": True,
            "response_headers_policy_id": self._headers[headers],
            "function_associations": [{"event_type": "viewer-request", "function_arn": arn}]
            if arn is not None
            else [],
        }


def _signed(groups: tuple[str, ...]) -> dict[str, Any]:
    """Who signs the requests that are answered; nothing where all are."""
    return {"trusted_key_groups": list(groups)} if groups else {}
