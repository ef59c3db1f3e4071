"""One domain over a site, an extra bucket and services: all that AWS would get, recorded."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from pydantic import ValidationError

from components.sites.paths import in_order, shadowed
from components.sites.settings import SiteSettings
from tests.components.small_systems import NETWORK, document, small_system
from trellis.planner.record import Mode, Recording
from trellis.planner.wire import UNKNOWN

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
FUNCTION = "aws:cloudfront/function:Function"
HEADERS = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"
VPC_ORIGIN = "aws:cloudfront/vpcOrigin:VpcOrigin"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
CERTIFICATE = "aws:acm/certificate:Certificate"
ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"

CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ORIGIN_DECIDES = "4cc15a8a-d715-48a4-82b8-cc0b614638fe"
ALL_OF_THE_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"

SERVICE = {
    "image": {"repository": "api", "digest": f"sha256:{'a' * 64}"},
    "cpu": 256,
    "memory": 512,
    "port": 8080,
}
APP = {
    "domain": "app.example.org",
    "redirectFrom": ["example.org"],
    "pages": "spa",
    "content": {"external": {"repository": "shop/web"}},
    "cors": {"origins": ["https://shop.example.com"]},
    # Not in the order they must be asked.
    "behaviors": {
        "/api/*": {"loadBalancer": "inner"},
        "/api/v1/reports/*": {"loadBalancer": "inner", "cache": "origin"},
        "/media/*": {"bucket": "media"},
    },
}


@cache
def recorded(mode: Mode = "deployed") -> Recording:
    return small_system(
        mode,
        network=NETWORK,
        zones={"main": {"domain": "example.org"}},
        buckets={"media": {}},
        loadBalancers={"inner": {"scheme": "internal"}, "outer": {}},
        services={
            "api": {
                **SERVICE,
                "routes": [
                    {"loadBalancer": "inner", "path": "/api/*"},
                    {"loadBalancer": "outer", "host": "api.example.org"},
                ],
            }
        },
        sites={
            "app": APP,
            "second": {
                "domain": "second.example.org",
                "content": {"external": {"repository": "shop/second"}},
                "behaviors": {"/api/*": {"loadBalancer": "inner"}},
            },
        },
        firewalls={"main": {}},
    )


@pytest.fixture
def deployed() -> Recording:
    return recorded()


def behavior(recording: Recording, path: str) -> dict[str, Any]:
    every = recording.one(DISTRIBUTION, "app").inputs["orderedCacheBehaviors"]
    return next(element for element in every if element["pathPattern"] == path)


def test_the_more_specific_path_is_asked_first_whatever_the_stack_file_s_order(
    deployed: Recording,
):
    every = deployed.one(DISTRIBUTION, "app").inputs["orderedCacheBehaviors"]
    assert [element["pathPattern"] for element in every] == [
        "/api/v1/reports/*",
        "/media/*",
        "/api/*",
    ]


@pytest.mark.parametrize(
    ("patterns", "ordered"),
    [
        (["/a*", "/a", "/a?"], ["/a", "/a?", "/a*"]),
        (["/*.json", "/api/*", "/api/*.json"], ["/api/*.json", "/api/*", "/*.json"]),
        (["/a*b*", "/a*b", "/a??", "/a?b"], ["/a?b", "/a??", "/a*b", "/a*b*"]),
    ],
)
def test_what_another_pattern_holds_whole_stands_before_it(patterns: list[str], ordered: list[str]):
    assert in_order(patterns) == ordered
    assert in_order(reversed(patterns)) == ordered


def test_only_patterns_of_the_same_paths_shadow_each_other():
    assert shadowed(["/api/*", "/api/v1/*", "/*/v1"]) == []
    assert shadowed(["/a?*", "/b", "/a*?"]) == [("/a*?", "/a?*")]


GROUP = "1a2b3c4d-0000-4000-8000-000000000001"


def test_paths_of_signed_requests_name_who_signs():
    def site(content: dict[str, Any], behaviors: dict[str, Any]) -> Any:
        named = {"domain": "x.example.org", "content": content, "behaviors": behaviors}
        recording = small_system(
            zones={"main": {"domain": "example.org"}},
            buckets={"media": {}, "static": {}},
            sites={"x": named},
        )
        return recording.one(DISTRIBUTION, "x").inputs

    files, own = {"bucket": "media"}, {"bucket": "static"}
    found = site(own, {"/books/*": {**files, "signedBy": [GROUP]}, "/covers/*": files})
    assert "trustedKeyGroups" not in found["defaultCacheBehavior"]
    named = {one["pathPattern"]: one for one in found["orderedCacheBehaviors"]}
    assert named["/books/*"]["trustedKeyGroups"] == [GROUP]
    assert "trustedKeyGroups" not in named["/covers/*"]
    # Of the site's own bucket, too: what all may have, or what signed requests alone may.
    whole = site({**own, "signedBy": [GROUP]}, {"/covers/*": own})
    assert whole["defaultCacheBehavior"]["trustedKeyGroups"] == [GROUP]
    (covers,) = whole["orderedCacheBehaviors"]
    assert "trustedKeyGroups" not in covers
    assert covers["targetOriginId"] == whole["defaultCacheBehavior"]["targetOriginId"]
    assert len(whole["origins"]) == 1


def test_a_service_s_paths_are_not_cached_and_get_all_the_viewer_sent(deployed: Recording):
    api = behavior(deployed, "/api/*")
    assert api["targetOriginId"] == "load-balancer-inner"
    assert api["cachePolicyId"] == CACHING_DISABLED
    # Host among it: routes and certificate of the load balancer are for the site's name.
    assert api["originRequestPolicyId"] == ALL_OF_THE_VIEWER
    assert sorted(api["allowedMethods"]) == sorted(
        ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
    )
    assert api["cachedMethods"] == ["GET", "HEAD"]
    assert api["viewerProtocolPolicy"] == "redirect-to-https"


def test_a_service_may_say_itself_what_is_cached(deployed: Recording):
    reports = behavior(deployed, "/api/v1/reports/*")
    assert reports["cachePolicyId"] == ORIGIN_DECIDES
    assert reports["originRequestPolicyId"] == ALL_OF_THE_VIEWER


def test_an_extra_bucket_is_only_read_and_shows_no_list(deployed: Recording):
    media = behavior(deployed, "/media/*")
    assert media["targetOriginId"] == "bucket-media"
    assert media["cachePolicyId"] == CACHING_OPTIMIZED
    assert "originRequestPolicyId" not in media, "S3 would see a host that is none of its own"
    assert media["allowedMethods"] == ["GET", "HEAD", "OPTIONS"]
    function = deployed.one(FUNCTION, "app-files")
    assert media["functionAssociations"] == [
        {"eventType": "viewer-request", "functionArn": function.outputs["arn"]}
    ]
    assert '"pages": "files"' in function.inputs["code"].splitlines()[0]


def test_the_other_name_leads_home_on_a_service_s_paths_too(deployed: Recording):
    function = deployed.one(FUNCTION, "app-redirect")
    assert '"pages": "none"' in function.inputs["code"].splitlines()[0]
    for path in ("/api/*", "/api/v1/reports/*"):
        (association,) = behavior(deployed, path)["functionAssociations"]
        assert association["functionArn"] == function.outputs["arn"]
    second = deployed.one(DISTRIBUTION, "second").inputs["orderedCacheBehaviors"]
    assert second[0]["functionAssociations"] == []


def test_a_service_speaks_for_itself_to_other_sites_scripts(deployed: Recording):
    own, service = deployed.one(HEADERS, "app"), deployed.one(HEADERS, "app-service")
    assert "corsConfig" in own.inputs
    assert "corsConfig" not in service.inputs
    assert service.inputs["securityHeadersConfig"] == own.inputs["securityHeadersConfig"]
    assert behavior(deployed, "/api/*")["responseHeadersPolicyId"] == service.id
    assert behavior(deployed, "/media/*")["responseHeadersPolicyId"] == own.id


def test_no_error_of_a_service_is_kept_for_the_next_caller_or_replaced(deployed: Recording):
    errors = deployed.one(DISTRIBUTION, "app").inputs["customErrorResponses"]
    assert {error["errorCode"] for error in errors} == {404, 405, 414, 500, 501, 502, 503, 504}
    assert all(error["errorCachingMinTtl"] == 0 for error in errors)
    assert not any("responsePagePath" in error for error in errors)


def test_buckets_are_signed_for_and_the_load_balancer_is_reached_inside(deployed: Recording):
    site = deployed.one(DISTRIBUTION, "app").inputs
    control = deployed.one("aws:cloudfront/originAccessControl:OriginAccessControl", "app")
    origin = deployed.one(VPC_ORIGIN, "inner")
    buckets = {
        name: deployed.one("aws:s3/bucket:Bucket", key).outputs["bucketRegionalDomainName"]
        for name, key in (("bucket", "site-app"), ("bucket-media", "media"))
    }
    balancer = deployed.one("aws:lb/loadBalancer:LoadBalancer", "inner")
    assert site["origins"] == [
        *(
            {"originId": name, "domainName": domain, "originAccessControlId": control.id}
            for name, domain in buckets.items()
        ),
        {
            "originId": "load-balancer-inner",
            "domainName": balancer.outputs["dnsName"],
            "vpcOriginConfig": {
                "vpcOriginId": origin.id,
                "originKeepaliveTimeout": 5,
                "originReadTimeout": 30,
            },
        },
    ]


def test_two_sites_share_one_vpc_origin_of_https_only(deployed: Recording):
    (origin,) = deployed.of_type(VPC_ORIGIN)
    balancer = deployed.one("aws:lb/loadBalancer:LoadBalancer", "inner")
    assert balancer.inputs["internal"] is True
    assert origin.inputs["vpcOriginEndpointConfig"] == {
        "name": "shop-dev-origin-inner",
        "arn": balancer.outputs["arn"],
        "httpPort": 80,
        "httpsPort": 443,
        "originProtocolPolicy": "https-only",
        "originSslProtocols": {"items": ["TLSv1.2"], "quantity": 1},
    }
    for site in deployed.of_type(DISTRIBUTION):
        assert site.inputs["origins"][-1]["vpcOriginConfig"]["vpcOriginId"] == origin.id


def test_cloudfront_s_own_group_is_let_in_once_and_nobody_from_outside(deployed: Recording):
    group = deployed.one("aws:ec2/securityGroup:SecurityGroup", "inner").id
    rules = [
        resource
        for resource in deployed.of_type(INGRESS)
        if resource.inputs["securityGroupId"] == group
    ]
    assert sorted(element.name for element in rules) == [
        "inner-443-from-10.0.0.0-16",
        "inner-443-from-cloudfront",
        "inner-80-from-10.0.0.0-16",
    ]
    rule = deployed.one(INGRESS, "inner-443-from-cloudfront").inputs
    assert (rule["fromPort"], rule["toPort"], rule["ipProtocol"]) == (443, 443, "tcp")
    assert rule["referencedSecurityGroupId"].startswith("sg-0")
    assert "cidrIpv4" not in rule


def test_before_the_vpc_origin_exists_its_group_is_not_asked_for():
    rule = recorded("preview").one(INGRESS, "inner-443-from-cloudfront").inputs
    assert rule["referencedSecurityGroupId"] is UNKNOWN


def test_the_load_balancer_s_certificate_is_for_the_sites_names(deployed: Recording):
    names = deployed.one(CERTIFICATE, "load-balancer-inner").inputs
    assert names["domainName"] == "app.example.org"
    assert names["subjectAlternativeNames"] == ["second.example.org"]


def test_the_sites_names_lead_to_the_cdn_alone(deployed: Recording):
    site = deployed.one(DISTRIBUTION, "app").outputs["domainName"]
    targets = {
        resource.inputs["aliases"][0]["name"]
        for resource in deployed.of_type("aws:route53/record:Record")
        if resource.inputs["name"] == "app.example.org" and resource.inputs.get("aliases")
    }
    assert targets == {site}


@pytest.mark.parametrize("bucket", ["media", "site-app"])
def test_each_bucket_trusts_exactly_this_distribution(deployed: Recording, bucket: str):
    arn = deployed.one(DISTRIBUTION, "app").outputs["arn"]
    owner = deployed.one("aws:s3/bucket:Bucket", bucket).outputs["arn"]
    allowed = [e for e in document(deployed.one(POLICY, bucket)) if e["Effect"] == "Allow"]
    assert [(statement["Action"], statement["Resource"]) for statement in allowed] == [
        ("s3:GetObject", f"{owner}/*"),
        ("s3:ListBucket", owner),
    ]
    for statement in allowed:
        assert statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
        assert statement["Condition"] == {"StringEquals": {"aws:SourceArn": arn}}


def test_the_data_key_lets_the_cdn_read_the_extra_bucket_too(deployed: Recording):
    (statement,) = [
        element
        for key in deployed.of_type("aws:kms/key:Key")
        for element in json.loads(key.inputs["policy"])["Statement"]
        if element["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    ]
    buckets = statement["Condition"]["ArnLike"]["kms:EncryptionContext:aws:s3:arn"]
    assert "arn:aws:s3:::shop-dev-media/*" in buckets


def test_no_firewall_counts_cloudfront_s_addresses_before_the_inner_load_balancer(
    deployed: Recording,
):
    outer = deployed.one("aws:lb/loadBalancer:LoadBalancer", "outer").outputs["arn"]
    (association,) = deployed.of_type(ASSOCIATION)
    assert association.inputs["resourceArn"] == outer
    for site in deployed.of_type(DISTRIBUTION):
        assert site.inputs["webAclId"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"behaviors": {"/api/*": {}}}, "exactly one of loadBalancer, bucket"),
        ({"behaviors": {"/a": {"loadBalancer": "x", "bucket": "y"}}}, "exactly one of"),
        ({"behaviors": {"/a": {"bucket": "y", "cache": "origin"}}}, "with a load balancer only"),
        ({"behaviors": {"/a": {"bucket": "y", "signedBy": ["a key"]}}}, "should match pattern"),
        ({"behaviors": {"/a": {"bucket": "y", "signedBy": [GROUP] * 5}}}, "at most 4"),
        ({"behaviors": {"/*": {"bucket": "y"}}}, "content: {loadBalancer: KEY}"),
        ({"behaviors": {"/?*": {"bucket": "y"}}}, "content: {loadBalancer: KEY}"),
        ({"content": {"bucket": "a", "loadBalancer": "x"}}, "exactly one of path, bucket"),
        ({"content": {"loadBalancer": "x"}, "notFound": "/404.html"}, "own 404 answers"),
        (
            {"notFound": "/404.html", "behaviors": {"/api/*": {"loadBalancer": "x"}}},
            "service's own 404 answers",
        ),
        ({"redirectFrom": ["a.example.org", "a.example.org"]}, "every name once"),
        ({"countries": {"deny": ["UK"]}}, "as in GB"),
    ],
)
def test_what_cloudfront_would_take_in_another_sense_is_refused(
    settings: dict[str, Any], words: str
):
    site = {"domain": "app.example.org", "content": {"bucket": "app"}, **settings}
    with pytest.raises(ValidationError, match=words):
        SiteSettings.model_validate_json(json.dumps(site))
