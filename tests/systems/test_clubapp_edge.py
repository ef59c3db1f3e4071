"""Club App's rows on DNS, certificates, CDN and firewall, over recordings of its stack files."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from trellis.planner.record import Recording
from trellis.planner.wire import UNKNOWN

Recordings = Callable[..., Recording]

ZONE = "aws:route53/zone:Zone"
RECORD = "aws:route53/record:Record"
CERTIFICATE = "aws:acm/certificate:Certificate"
VALIDATION = "aws:acm/certificateValidation:CertificateValidation"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
FUNCTION = "aws:cloudfront/function:Function"
HEADERS = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"
CONTROL = "aws:cloudfront/originAccessControl:OriginAccessControl"
LISTENER = "aws:lb/listener:Listener"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
ACL = "aws:wafv2/webAcl:WebAcl"
ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"


@pytest.fixture
def dev(recording_of: Recordings) -> Recording:
    return recording_of(".", "dev")


@pytest.fixture
def prod(recording_of: Recordings) -> Recording:
    return recording_of(".", "prod")


def test_the_zone_is_desh_co_and_its_name_servers_are_shown(dev: Recording):
    zone = dev.one(ZONE, "main")
    assert zone.inputs["name"] == "desh.co"
    zone_output = dev.outputs["dns"]["desh.co"]
    assert zone_output["nameServers"] == zone.outputs["nameServers"]
    assert len(zone_output["nameServers"]) == 4
    assert zone_output["delegation"] == (
        "Set these four name servers at the registrar of desh.co, "
        "or as its NS record in the zone above"
    )


def test_the_zone_survives_a_mistaken_deletion_in_production(dev: Recording, prod: Recording):
    assert [(resource.protect, resource.retain_on_delete) for resource in prod.of_type(ZONE)] == [
        (True, True)
    ]
    assert not dev.one(ZONE, "main").protect


def test_queries_are_logged_to_a_group_of_the_zone(dev: Recording):
    (log,) = dev.of_type("aws:route53/queryLog:QueryLog")
    group = dev.one("aws:cloudwatch/logGroup:LogGroup", "main-queries")
    assert log.inputs["cloudwatchLogGroupArn"] == group.outputs["arn"]
    assert group.inputs["name"] == "/aws/route53/desh.co"
    permission = dev.one("aws:cloudwatch/logResourcePolicy:LogResourcePolicy", "log-delivery")
    assert permission.urn in log.dependencies
    assert json.loads(permission.inputs["policyDocument"])["Statement"] == [
        {
            "Sid": "QueryLogs",
            "Effect": "Allow",
            "Principal": {"Service": "route53.amazonaws.com"},
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": "arn:aws:logs:us-east-1:123456789012:log-group:/aws/route53/*:*",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": "123456789012"},
                "ArnLike": {"aws:SourceArn": "arn:aws:route53:::hostedzone/*"},
            },
        }
    ]


def test_addresses_lead_to_the_cdn_and_the_load_balancer(dev: Recording):
    site = dev.one(DISTRIBUTION, "assets").outputs
    balancer = dev.one("aws:lb/loadBalancer:LoadBalancer", "alb").outputs
    cdn = {"name": site["domainName"], "zoneId": site["hostedZoneId"]}
    found = {
        (resource.inputs["name"], resource.inputs["type"]): resource.inputs["aliases"]
        for resource in dev.of_type(RECORD)
        if resource.inputs.get("aliases")
    }
    assert found == {
        ("assets.desh.co", "A"): [{**cdn, "evaluateTargetHealth": False}],
        ("assets.desh.co", "AAAA"): [{**cdn, "evaluateTargetHealth": False}],
        ("assets.desh.co", "HTTPS"): [{**cdn, "evaluateTargetHealth": False}],
        ("api.desh.co", "A"): [
            {
                "name": balancer["dnsName"],
                "zoneId": balancer["zoneId"],
                "evaluateTargetHealth": True,
            }
        ],
    }


def test_certificates_are_proven_in_the_zone_and_waited_for(dev: Recording):
    zone_id = dev.one(ZONE, "main").outputs["zoneId"]
    names = {resource.name: resource.inputs["domainName"] for resource in dev.of_type(CERTIFICATE)}
    assert names == {"load-balancer-alb": "api.desh.co", "site-assets": "assets.desh.co"}
    for key, name in names.items():
        (option,) = dev.one(CERTIFICATE, key).outputs["domainValidationOptions"]
        proof = dev.one(RECORD, name).inputs
        assert proof["zoneId"] == zone_id
        assert (proof["name"], proof["type"], proof["records"]) == (
            option["resourceRecordName"],
            option["resourceRecordType"],
            [option["resourceRecordValue"]],
        )
        wait = dev.one(VALIDATION, key)
        assert wait.inputs["certificateArn"] == dev.one(CERTIFICATE, key).outputs["arn"]
        assert dev.one(RECORD, name).urn in wait.property_dependencies["validationRecordFqdns"]


def test_the_load_balancer_and_the_cdn_come_after_their_certificates(dev: Recording):
    listener = dev.one(LISTENER, "alb-https")
    waits = {key: dev.one(VALIDATION, key) for key in ("load-balancer-alb", "site-assets")}
    assert waits["load-balancer-alb"].urn in listener.property_dependencies["certificateArn"]
    assert listener.inputs["certificateArn"] == waits["load-balancer-alb"].inputs["certificateArn"]
    site = dev.one(DISTRIBUTION, "assets")
    assert waits["site-assets"].urn in site.property_dependencies["viewerCertificate"]
    assert site.inputs["viewerCertificate"] == {
        "acmCertificateArn": waits["site-assets"].inputs["certificateArn"],
        "sslSupportMethod": "sni-only",
        "minimumProtocolVersion": "TLSv1.2_2021",
    }


def test_the_cdn_serves_the_assets_bucket_at_its_own_name(dev: Recording):
    site = dev.one(DISTRIBUTION, "assets").inputs
    bucket = dev.one("aws:s3/bucket:Bucket", "assets")
    assert site["aliases"] == ["assets.desh.co"]
    assert site["origins"] == [
        {
            "originId": "bucket",
            "domainName": bucket.outputs["bucketRegionalDomainName"],
            "originAccessControlId": dev.one(CONTROL, "assets").id,
        }
    ]
    control = dev.one(CONTROL, "assets").inputs
    assert (control["signingBehavior"], control["signingProtocol"]) == ("always", "sigv4")
    assert (site["httpVersion"], site["isIpv6Enabled"]) == ("http2and3", True)
    behavior = site["defaultCacheBehavior"]
    assert behavior["viewerProtocolPolicy"] == "redirect-to-https"
    assert behavior["compress"] is True
    assert behavior["functionAssociations"] == [
        {
            "eventType": "viewer-request",
            "functionArn": dev.one(FUNCTION, "assets-pages").outputs["arn"],
        }
    ]
    assert [error["errorCode"] for error in site["customErrorResponses"]] == [404]
    assert "responseCode" not in site["customErrorResponses"][0]


def test_the_bucket_trusts_exactly_its_distribution(dev: Recording):
    arn = dev.one(DISTRIBUTION, "assets").outputs["arn"]
    statements = json.loads(dev.one(POLICY, "assets").inputs["policy"])["Statement"]
    allowed = [statement for statement in statements if statement["Effect"] == "Allow"]
    only = {"StringEquals": {"aws:SourceArn": arn}}
    service = {"Service": "cloudfront.amazonaws.com"}
    assert allowed == [
        {
            "Sid": "DistributionAssets",
            "Effect": "Allow",
            "Principal": service,
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::clubapp-dev-assets/*",
            "Condition": only,
        },
        {
            "Sid": "DistributionAssetsMissing",
            "Effect": "Allow",
            "Principal": service,
            "Action": "s3:ListBucket",
            "Resource": "arn:aws:s3:::clubapp-dev-assets",
            "Condition": only,
        },
    ]


def test_the_data_key_lets_the_cdn_read_this_bucket_only(dev: Recording):
    statements = [
        statement
        for key in dev.of_type("aws:kms/key:Key")
        for statement in json.loads(key.inputs["policy"])["Statement"]
        if statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    ]
    assert [(statement["Action"], statement["Condition"]) for statement in statements] == [
        (
            "kms:Decrypt",
            {
                "ArnLike": {
                    "aws:SourceArn": "arn:aws:cloudfront::123456789012:distribution/*",
                    "kms:EncryptionContext:aws:s3:arn": [
                        "arn:aws:s3:::clubapp-dev-assets",
                        "arn:aws:s3:::clubapp-dev-assets/*",
                    ],
                }
            },
        )
    ]


def test_browsers_get_the_security_headers_and_no_trace_of_the_bucket(dev: Recording):
    policy = dev.one(HEADERS, "assets").inputs
    security = policy["securityHeadersConfig"]
    assert security["strictTransportSecurity"] == {
        "accessControlMaxAgeSec": 63_072_000,
        "includeSubdomains": True,
        "preload": False,
        "override": True,
    }
    assert security["contentTypeOptions"] == {"override": True}
    assert security["frameOptions"] == {"frameOption": "DENY", "override": True}
    assert security["referrerPolicy"]["referrerPolicy"] == "strict-origin-when-cross-origin"
    removed = {element["header"] for element in policy["removeHeadersConfig"]["items"]}
    assert "x-amz-server-side-encryption-aws-kms-key-id" in removed
    assert policy["corsConfig"]["accessControlAllowOrigins"] == {"items": ["https://desh.co"]}


def test_every_request_is_logged_without_cookies_to_the_log_bucket(dev: Recording):
    (delivery,) = dev.of_type("aws:cloudwatch/logDelivery:LogDelivery")
    (source,) = dev.of_type("aws:cloudwatch/logDeliverySource:LogDeliverySource")
    (target,) = dev.of_type("aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination")
    assert source.inputs["resourceArn"] == dev.one(DISTRIBUTION, "assets").outputs["arn"]
    assert target.inputs["deliveryDestinationConfiguration"] == {
        "destinationResourceArn": "arn:aws:s3:::clubapp-dev-logs"
    }
    assert dev.one(POLICY, "logs").urn in target.dependencies
    assert delivery.inputs["deliveryDestinationArn"] == target.outputs["arn"]
    assert "cs-uri-stem" in delivery.inputs["recordFields"]
    assert not [field for field in delivery.inputs["recordFields"] if "Cookie" in field]


def test_mail_is_proven_in_the_zone_too(dev: Recording):
    zone_id = dev.one(ZONE, "main").outputs["zoneId"]
    names = {"main-dkim-1", "main-dkim-2", "main-dkim-3", "main-dmarc", "main-mail-from-mx"}
    assert {dev.one(RECORD, name).inputs["zoneId"] for name in names} == {zone_id}


def test_only_production_stands_behind_a_firewall(dev: Recording, prod: Recording):
    assert not dev.of_type(ACL)
    assert "webAclId" not in dev.one(DISTRIBUTION, "assets").inputs
    assert {resource.inputs["scope"] for resource in prod.of_type(ACL)} == {
        "CLOUDFRONT",
        "REGIONAL",
    }
    sites = prod.one(ACL, "main-sites")
    assert prod.one(DISTRIBUTION, "assets").inputs["webAclId"] == sites.outputs["arn"]
    (association,) = prod.of_type(ASSOCIATION)
    assert association.inputs["webAclArn"] == prod.one(ACL, "main-regional").outputs["arn"]
    balancer = prod.one("aws:lb/loadBalancer:LoadBalancer", "alb")
    assert association.inputs["resourceArn"] == balancer.outputs["arn"]


def test_production_counts_long_bodies_instead_of_refusing_uploads(prod: Recording):
    for acl in prod.of_type(ACL):
        common = next(rule for rule in acl.inputs["rules"] if rule["name"] == "common")
        group = common["statement"]["managedRuleGroupStatement"]
        assert group["ruleActionOverrides"] == [
            {"name": "SizeRestrictions_BODY", "actionToUse": {"count": {}}}
        ]


def test_what_a_preview_can_know_of_the_edge_is_known(recording_of: Recordings):
    preview = recording_of(".", "dev", "preview")
    site = preview.one(DISTRIBUTION, "assets").inputs
    assert UNKNOWN not in (site["aliases"], site["httpVersion"], site["priceClass"])
    assert UNKNOWN not in preview.one(FUNCTION, "assets-pages").inputs.values()
