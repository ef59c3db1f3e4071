"""A site whose every path an application answers: CloudFront before a load balancer, no bucket."""

from __future__ import annotations

import pytest

from tests.components.small_systems import NETWORK, small_system
from trellis.planner.record import Recording
from trellis.stackfile.problems import StackFileError

SERVICE = {
    "image": {"repository": "web", "digest": f"sha256:{'a' * 64}"},
    "port": 8080,
    "routes": [{"loadBalancer": "inner", "host": "www.example.org"}],
}


@pytest.fixture(scope="module")
def system() -> Recording:
    return small_system(
        network=NETWORK,
        zones={"main": {"domain": "example.org"}},
        buckets={"media": {}},
        loadBalancers={"inner": {"scheme": "internal"}},
        services={"web": SERVICE},
        sites={
            "www": {
                "domain": "www.example.org",
                "redirectFrom": ["example.org"],
                "content": {"loadBalancer": "inner", "originCache": "origin"},
                "behaviors": {"/media/*": {"bucket": "media"}},
            }
        },
    )


def test_every_path_is_the_application_s_but_those_that_behaviors_name(system: Recording):
    site = system.one("aws:cloudfront/distribution:Distribution", "www").inputs
    default = site["defaultCacheBehavior"]
    assert default["targetOriginId"] == "load-balancer-inner"
    assert "POST" in default["allowedMethods"]
    assert default["cachePolicyId"] == "4cc15a8a-d715-48a4-82b8-cc0b614638fe"
    assert default["originRequestPolicyId"] == "216adef6-5c7f-47e4-b989-5492eafa07d3"
    assert "defaultRootObject" not in site, "the application answers `/` itself"
    (media,) = site["orderedCacheBehaviors"]
    assert (media["pathPattern"], media["targetOriginId"]) == ("/media/*", "bucket-media")


def test_it_has_no_bucket_of_its_own(system: Recording):
    buckets = {resource.name for resource in system.of_type("aws:s3/bucket:Bucket")}
    assert buckets == {"media", "access-logs"}
    origins = system.one("aws:cloudfront/distribution:Distribution", "www").inputs["origins"]
    assert [origin["originId"] for origin in origins] == ["bucket-media", "load-balancer-inner"]


def test_the_other_name_leads_home_on_every_path(system: Recording):
    site = system.one("aws:cloudfront/distribution:Distribution", "www").inputs
    (association,) = site["defaultCacheBehavior"]["functionAssociations"]
    redirect = system.one("aws:cloudfront/function:Function", "www-redirect")
    assert association["functionArn"] == redirect.outputs["arn"]


def test_the_load_balancer_is_reached_inside_and_has_a_certificate_of_the_site_s_name(
    system: Recording,
):
    assert [resource.name for resource in system.of_type("aws:cloudfront/vpcOrigin:VpcOrigin")] == [
        "inner"
    ]
    here = [
        resource
        for resource in system.of_type("aws:acm/certificate:Certificate")
        if "load-balancer" in resource.name
    ]
    assert [resource.inputs["domainName"] for resource in here] == ["www.example.org"]


def test_settings_of_pages_are_refused_where_an_application_answers():
    with pytest.raises(StackFileError) as error:
        small_system(
            network=NETWORK,
            zones={"main": {"domain": "example.org"}},
            loadBalancers={"inner": {"scheme": "internal"}},
            services={"web": SERVICE},
            sites={
                "www": {
                    "domain": "www.example.org",
                    "content": {"loadBalancer": "inner"},
                    "pages": "spa",
                }
            },
        )
    assert "the service has its own pages" in str(error.value)
