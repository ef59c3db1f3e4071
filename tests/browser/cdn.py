"""A test double of CloudFront that does what a recording says it was told, in CloudFront's order.

For each request: the web ACL, the countries, the viewer protocol, the behaviour of the path with
its methods, the viewer-request function, the cache, the origin with its error pages, and the
response-headers policy. There is one edge location. Where CloudFront's documentation leaves open
what happens, the double takes the reading that is worse for the site: an error page stands in for
whatever has its status, whoever refused.

Left out: HTTP/2 and 3, signed URLs, origin groups and failover, Brotli, error answers of services
whose behaviour caches nothing.
"""

from __future__ import annotations

import fnmatch
import gzip
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.browser.cdn_bucket import BucketOrigin, bucket_origin
from tests.browser.cdn_cache import POLICIES, CachePolicy, EdgeCache, partial, unchanged
from tests.browser.cdn_firewall import Firewall
from tests.browser.cdn_headers import with_policy
from tests.browser.http_message import Answer, Request
from tests.browser.viewer_functions import ViewerFunctions
from trellis.planner.record import Recorded, Recording

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
BLOCKED = b"<!doctype html><title>ERROR</title><h1>403 ERROR</h1><p>Request blocked.</p>"

COMPRESSED = range(1_000, 10_000_001)
"""Bytes of what is compressed ("Serve compressed files", CloudFront, 2026-11)."""

ERROR_SECONDS = 10
"""How long errors are kept where nothing is said ("Control how long CloudFront caches errors",
2026-11)."""

Service = Callable[[Request], Answer]
"""What stands behind a load balancer."""


@dataclass(frozen=True)
class Line:
    """One line of the access log."""

    request: Request
    status: int
    x_cache: str


@dataclass
class Cdn:
    """All distributions of a recording.

    Args of the constructor:
        s3: boto3's client of the buckets.
        services: by load balancer, the stack file's key.
        now: seconds; tests move it on by themselves.
    """

    recording: Recording
    s3: Any
    functions: ViewerFunctions
    now: Callable[[], float]
    services: Mapping[str, Service] = field(default_factory=dict[str, Service])
    log: list[Line] = field(default_factory=list[Line])

    def __post_init__(self) -> None:
        """Find the distributions by name."""
        self._sites = [_Site(self, resource) for resource in self.recording.of_type(DISTRIBUTION)]

    def answer(self, request: Request) -> Answer:
        """What the viewer gets."""
        site = next(
            (distribution for distribution in self._sites if request.host in distribution.names),
            None,
        )
        answer = site.answer(request) if site else Answer(403, {}, BLOCKED)
        self.log.append(Line(request, answer.status, answer.header("x-cache") or ""))
        body = answer.body if request.method != "HEAD" else b""
        return replace(answer, body=body).having("Content-Length", str(len(answer.body)))

    def forgets(self) -> None:
        """From now on another edge location answers, which has kept nothing yet."""
        for site in self._sites:
            site.cache = EdgeCache(self.now)

    def invalidate(self, distribution_id: str, paths: Sequence[str]) -> None:
        """What `CreateInvalidation` does, at once."""
        site = next(
            distribution for distribution in self._sites if distribution.id == distribution_id
        )
        for path in paths:
            site.cache.invalidate(path)


class _Site:
    """One distribution."""

    def __init__(self, cdn: Cdn, recorded: Recorded) -> None:
        inputs = recorded.inputs
        self.id = recorded.id
        self.names = set(inputs["aliases"]) if inputs["enabled"] else set[str]()
        self.cache = EdgeCache(cdn.now)
        self._cdn = cdn
        self._inputs = inputs
        self._firewall = _firewall(cdn.recording, inputs.get("webAclId"), cdn.now)
        self._policies = {
            resource.id: resource.inputs
            for resource in cdn.recording.of_type(
                "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"
            )
        }
        self._code = {
            resource.outputs["arn"]: resource.inputs["code"]
            for resource in cdn.recording.of_type("aws:cloudfront/function:Function")
        }
        self._origins = {
            origin["originId"]: _origin(cdn, recorded, origin) for origin in inputs["origins"]
        }

    def answer(self, request: Request) -> Answer:
        if self._firewall is not None and self._firewall.blocks(request):
            return self._error_page(request, _refused())
        if not self._country_is_served(request.viewer.country):
            return self._error_page(request, _refused())
        behavior = self._behavior(request.path)
        if not request.https and behavior["viewerProtocolPolicy"] == "redirect-to-https":
            location = f"https://{request.host}{request.target}"
            return Answer(301, {"Location": location, "X-Cache": "Redirect from cloudfront"})
        if request.method not in behavior["allowedMethods"]:
            return self._error_page(request, _refused())
        policy = self._policies.get(behavior.get("responseHeadersPolicyId", ""), {})
        asked = self._after_functions(behavior, request)
        if isinstance(asked, Answer):
            generated = asked.having("X-Cache", "FunctionGeneratedResponse from cloudfront")
            return with_policy(policy, request, generated)
        found = self._from_origin(behavior, asked)
        if found.status >= 400:
            found = self._error_page(asked, found)
        return _as_asked(with_policy(policy, request, found), asked, behavior.get("compress"))

    def _behavior(self, path: str) -> Mapping[str, Any]:
        for behavior in self._inputs.get("orderedCacheBehaviors", ()):
            if _path_matches(behavior["pathPattern"], path):
                return behavior
        return self._inputs["defaultCacheBehavior"]

    def _country_is_served(self, country: str) -> bool:
        restriction = self._inputs["restrictions"]["geoRestriction"]
        if restriction["restrictionType"] == "none":
            return True
        return (country in restriction["locations"]) == (
            restriction["restrictionType"] == "whitelist"
        )

    def _after_functions(self, behavior: Mapping[str, Any], request: Request) -> Request | Answer:
        for association in behavior.get("functionAssociations", ()):
            if association["eventType"] == "viewer-request":
                return self._cdn.functions.run(self._code[association["functionArn"]], request)
        return request

    def _from_origin(self, behavior: Mapping[str, Any], request: Request) -> Answer:
        root = self._inputs.get("defaultRootObject")
        if request.path == "/" and root:
            request = replace(request, path=f"/{root}")
        policy = POLICIES[behavior["cachePolicyId"]]
        origin = self._origins[behavior["targetOriginId"]]

        def fetch(etag: str | None) -> Answer:
            if isinstance(origin, BucketOrigin):
                return origin.get(request.path, etag)
            return origin(request)

        if not policy.keeps or not request.reads:
            answer = fetch(None)
            word = "Miss" if answer.status < 400 else "Error"
            return answer.having("X-Cache", f"{word} from cloudfront")
        answer, word = self.cache.get(
            policy.key(request), fetch, lambda element: self._seconds(policy, element)
        )
        return answer.having("X-Cache", word)

    def _seconds(self, policy: CachePolicy, answer: Answer) -> int:
        if answer.status < 400:
            return policy.seconds(answer.header("cache-control") or "")
        for error in self._errors(answer.status):
            return error.get("errorCachingMinTtl", ERROR_SECONDS)
        return ERROR_SECONDS

    def _error_page(self, request: Request, answer: Answer) -> Answer:
        for error in self._errors(answer.status):
            if path := error.get("responsePagePath"):
                page = self._from_origin(self._behavior(path), replace(request, path=path))
                if page.status == 200:
                    page = page.having("X-Cache", "Error from cloudfront")
                    return replace(page, status=error["responseCode"])
                return page
        return answer

    def _errors(self, status: int) -> Iterator[Mapping[str, Any]]:
        for response in self._inputs.get("customErrorResponses", ()):
            if response["errorCode"] == status:
                yield response


def _origin(cdn: Cdn, distribution: Recorded, origin: Mapping[str, Any]) -> BucketOrigin | Service:
    if "vpcOriginConfig" not in origin:
        return bucket_origin(cdn.recording, distribution, origin, cdn.s3)
    made = {
        resource.id: resource
        for resource in cdn.recording.of_type("aws:cloudfront/vpcOrigin:VpcOrigin")
    }
    behind = made[origin["vpcOriginConfig"]["vpcOriginId"]].inputs["vpcOriginEndpointConfig"]["arn"]
    balancers = {
        resource.outputs["arn"]: resource.name
        for resource in cdn.recording.of_type("aws:lb/loadBalancer:LoadBalancer")
        if resource.inputs.get("internal")
    }
    return cdn.services[balancers[behind]]


def _firewall(recording: Recording, arn: str | None, now: Callable[[], float]) -> Firewall | None:
    if arn is None:
        return None
    acl = next(
        resource
        for resource in recording.of_type("aws:wafv2/webAcl:WebAcl")
        if resource.outputs["arn"] == arn
    )
    sets = recording.of_type("aws:wafv2/ipSet:IpSet")
    return Firewall(
        tuple(acl.inputs["rules"]),
        {resource.outputs["arn"]: tuple(resource.inputs["addresses"]) for resource in sets},
        now,
    )


def _path_matches(pattern: str, path: str) -> bool:
    """`*` is any characters and `?` is one; nothing else is special."""
    plain = f"/{pattern.removeprefix('/')}".replace("[", "[[]")
    return re.match(fnmatch.translate(plain), path) is not None


def _refused() -> Answer:
    return Answer(403, {"Content-Type": "text/html", "X-Cache": "Error from cloudfront"}, BLOCKED)


def _as_asked(answer: Answer, request: Request, compress: Any) -> Answer:
    """Not again what the viewer has; else the part it asks for, or the whole compressed."""
    if unchanged(answer, request):
        return replace(answer, status=304, body=b"")
    if "range" in request.headers:
        return partial(answer, request.headers["range"])
    kind = answer.header("content-type") or ""
    textual = kind.startswith("text/") or "json" in kind or "javascript" in kind or "svg" in kind
    gzips = "gzip" in request.headers.get("accept-encoding", "")
    if not (compress and gzips and textual and len(answer.body) in COMPRESSED):
        return answer
    tag = answer.header("etag") or ""
    packed = replace(answer, body=gzip.compress(answer.body, mtime=0))
    packed = packed.having("Content-Encoding", "gzip").having("Vary", "Accept-Encoding")
    return packed.having("ETag", f"W/{tag.removeprefix('W/')}") if tag else packed
