"""Afric Analyzer's rows on sites, DNS, certificates and firewall, over its recordings."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from trellis.planner.record import Recording

Recordings = Callable[..., Recording]

RECORD = "aws:route53/record:Record"
CERTIFICATE = "aws:acm/certificate:Certificate"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
FUNCTION = "aws:cloudfront/function:Function"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
ACL = "aws:wafv2/webAcl:WebAcl"
LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"


@pytest.fixture(params=["starter", "prod"])
def stack(request: pytest.FixtureRequest, recording_of: Recordings) -> Recording:
    return recording_of("systems/afric-analyzer", request.param)


@pytest.fixture
def domain(stack: Recording) -> str:
    """One account has both stacks, and each of them a domain of its own."""
    return {"starter": "starter.example.africa", "prod": "example.africa"}[stack.stack]


def site_values(recording: Recording, function: str) -> dict[str, Any]:
    """The values that a viewer-request function begins with."""
    first = recording.one(FUNCTION, function).inputs["code"].splitlines()[0]
    return json.loads(first.removeprefix("const SITE = ").removesuffix(";"))


def test_the_app_and_the_landing_page_are_sites_and_the_apex_leads_to_www(
    stack: Recording, domain: str
):
    sites = {resource.name: resource.inputs["aliases"] for resource in stack.of_type(DISTRIBUTION)}
    assert sites == {
        "app": [f"app.{domain}"],
        "www": [f"www.{domain}", domain],
    }
    app, www = site_values(stack, "app-pages"), site_values(stack, "www-pages")
    assert (app["pages"], app["redirectFrom"]) == ("spa", [])
    assert (www["domain"], www["redirectFrom"]) == (f"www.{domain}", [domain])


def test_both_are_cached_by_cachingoptimized_and_https_only(stack: Recording):
    for site in stack.of_type(DISTRIBUTION):
        behavior = site.inputs["defaultCacheBehavior"]
        assert behavior["cachePolicyId"] == CACHING_OPTIMIZED
        assert behavior["viewerProtocolPolicy"] == "redirect-to-https"
        assert site.inputs["viewerCertificate"]["minimumProtocolVersion"] == "TLSv1.2_2021"


def test_a_refusal_by_the_firewall_is_hidden_by_no_error_page(stack: Recording):
    for site in stack.of_type(DISTRIBUTION):
        assert [response["errorCode"] for response in site.inputs["customErrorResponses"]] == [404]


def test_each_site_s_private_bucket_trusts_exactly_its_distribution(stack: Recording):
    for site in stack.of_type(DISTRIBUTION):
        (origin,) = site.inputs["origins"]
        assert origin["originAccessControlId"]
        statements = json.loads(stack.one(POLICY, f"site-{site.name}").inputs["policy"])
        allowed = [
            statement for statement in statements["Statement"] if statement["Effect"] == "Allow"
        ]
        assert {statement["Action"] for statement in allowed} == {"s3:GetObject", "s3:ListBucket"}
        for statement in allowed:
            assert statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
            assert statement["Condition"] == {
                "StringEquals": {"aws:SourceArn": site.outputs["arn"]}
            }


def test_addresses_lead_to_cloudfront_and_the_load_balancer(stack: Recording, domain: str):
    sites = {
        resource.name: resource.outputs["domainName"] for resource in stack.of_type(DISTRIBUTION)
    }
    balancer = stack.one("aws:lb/loadBalancer:LoadBalancer", "alb").outputs["dnsName"]
    found = {
        (resource.inputs["name"], resource.inputs["type"]): resource.inputs["aliases"][0]["name"]
        for resource in stack.of_type(RECORD)
        if resource.inputs.get("aliases")
    }
    assert found == {
        **{(f"app.{domain}", kind): sites["app"] for kind in ("A", "AAAA", "HTTPS")},
        **{(f"www.{domain}", kind): sites["www"] for kind in ("A", "AAAA", "HTTPS")},
        **{(domain, kind): sites["www"] for kind in ("A", "AAAA", "HTTPS")},
        (f"api.{domain}", "A"): balancer,
    }


def test_certificates_are_made_where_they_are_needed(stack: Recording, domain: str):
    found = {
        resource.name: (
            resource.inputs["domainName"],
            resource.inputs.get("subjectAlternativeNames"),
            resource.inputs.get("region", "eu-west-1"),
        )
        for resource in stack.of_type(CERTIFICATE)
    }
    assert found == {
        "load-balancer-alb": (f"api.{domain}", [f"api.{domain}"], "eu-west-1"),
        "site-app": (f"app.{domain}", [f"app.{domain}"], "us-east-1"),
        "site-www": (f"www.{domain}", [domain], "us-east-1"),
    }


def test_the_firewall_stands_before_the_load_balancer_and_both_sites(stack: Recording):
    sites = stack.one(ACL, "main-sites")
    assert (sites.inputs["scope"], sites.inputs["region"]) == ("CLOUDFRONT", "us-east-1")
    for site in stack.of_type(DISTRIBUTION):
        assert site.inputs["webAclId"] == sites.outputs["arn"]
    regional = stack.one(ACL, "main-regional")
    assert regional.inputs["scope"] == "REGIONAL"
    (association,) = stack.of_type("aws:wafv2/webAclAssociation:WebAclAssociation")
    assert association.inputs["webAclArn"] == regional.outputs["arn"]


def test_two_thousand_requests_in_five_minutes_are_the_most_an_address_may_send(stack: Recording):
    for acl in stack.of_type(ACL):
        rule = next(element for element in acl.inputs["rules"] if element["name"] == "rate")
        assert rule["action"] == {"block": {}}
        assert rule["statement"]["rateBasedStatement"] == {
            "aggregateKeyType": "IP",
            "limit": 2000,
            "evaluationWindowSec": 300,
        }


def test_the_four_managed_sets_are_there_with_their_versions_pinned(stack: Recording):
    for acl in stack.of_type(ACL):
        groups = [
            rule["statement"]["managedRuleGroupStatement"]
            for rule in acl.inputs["rules"]
            if "managedRuleGroupStatement" in rule["statement"]
        ]
        assert {group["name"]: group.get("version") for group in groups} == {
            "AWSManagedRulesAmazonIpReputationList": None,
            "AWSManagedRulesCommonRuleSet": "Version_1.19",
            "AWSManagedRulesKnownBadInputsRuleSet": "Version_1.22",
            "AWSManagedRulesSQLiRuleSet": "Version_2.3",
        }


def test_long_bodies_are_refused_but_where_logs_come_in(stack: Recording):
    for acl in stack.of_type(ACL):
        rule = next(element for element in acl.inputs["rules"] if element["name"] == "body-size")
        label, elsewhere = rule["statement"]["andStatement"]["statements"]
        assert label["labelMatchStatement"]["key"].endswith(":SizeRestrictions_Body")
        match = elsewhere["notStatement"]["statement"]["byteMatchStatement"]
        assert (match["positionalConstraint"], match["searchString"]) == (
            "STARTS_WITH",
            "/api/logs/",
        )
        assert rule["action"] == {"block": {}}


def test_the_firewall_s_log_holds_no_credentials_and_is_encrypted(stack: Recording):
    for log in stack.of_type(LOGGING):
        assert log.inputs["redactedFields"] == [
            {"singleHeader": {"name": "authorization"}},
            {"singleHeader": {"name": "cookie"}},
            {"singleHeader": {"name": "x-api-key"}},
        ]
        group = stack.one("aws:cloudwatch/logGroup:LogGroup", log.name)
        assert log.inputs["logDestinationConfigs"] == [group.outputs["arn"]]
        assert group.inputs["name"].startswith("aws-waf-logs-")
        region = group.inputs.get("region", "eu-west-1")
        assert region in group.inputs["kmsKeyId"]
        assert log.inputs.get("region", "eu-west-1") == region


def test_a_pipeline_may_fill_its_own_site_and_nothing_else(stack: Recording):
    role = stack.one("aws:iam/role:Role", "app-publisher").inputs
    (trust,) = json.loads(role["assumeRolePolicy"])["Statement"]
    assert trust["Condition"]["StringEquals"] == {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": "repo:example-africa/dashboard:"
        "ref:refs/heads/main",
    }
    policy = stack.one("aws:iam/rolePolicy:RolePolicy", "app-publisher").inputs["policy"]
    bucket = stack.one("aws:s3/bucket:Bucket", "site-app").outputs["arn"]
    site = stack.one(DISTRIBUTION, "app").outputs["arn"]
    resources = {
        statement["Sid"]: statement["Resource"] for statement in json.loads(policy)["Statement"]
    }
    key = resources.pop("UseTheKey")
    assert ":key/" in key
    assert resources == {
        "SeeWhatIsThere": bucket,
        "Publish": f"{bucket}/*",
        "Invalidate": site,
    }
