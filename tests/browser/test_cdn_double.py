"""The double itself: what it does without a browser, and that it shows a site told wrongly."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.cdn import DISTRIBUTION
from tests.browser.cdn_cache import CachePolicy, EdgeCache
from tests.browser.cdn_firewall import Firewall
from tests.browser.http_message import Answer, Request
from tests.browser.shop_on_aws import ShopOnAws
from trellis.planner.record import Recording

Recorded = Callable[[str], Recording]


def changed(recording: Recording, type_: str, name: str, **inputs: Any) -> Recording:
    """The recording with some inputs of one resource instead of its own."""
    it = recording.one(type_, name)
    other = dataclasses.replace(it, inputs={**it.inputs, **inputs})
    resources = tuple(other if resource is it else resource for resource in recording)
    return dataclasses.replace(recording, resources=resources)


INSTEAD = [
    {"errorCode": code, "responseCode": 200, "responsePagePath": "/index.html"}
    for code in (403, 404)
]
"""How single-page sites are often served: the index page for everything that fails."""


def test_a_site_that_serves_its_index_page_for_errors_would_be_found_out(
    shop: ShopOnAws, recorded_shop: Recorded
):
    shop.stands_as(changed(recorded_shop("1"), DISTRIBUTION, "app", customErrorResponses=INSTEAD))
    gone = shop.asks("/assets/gone.js")
    assert (gone.status, b"<title>Shop" in gone.body) == (200, True)
    assert shop.asks("/api/gone").status == 200
    shop.comes_from("203.0.113.9")
    assert (shop.asks("/").status, shop.asks("/").header("x-cache")) == (
        200,
        "Error from cloudfront",
    )


def without(policy: str, sid: str) -> str:
    document = json.loads(policy)
    kept = [statement for statement in document["Statement"] if statement["Sid"] != sid]
    assert len(kept) == len(document["Statement"]) - 1
    return json.dumps({**document, "Statement": kept})


POLICY, KEY = "aws:s3/bucketPolicy:BucketPolicy", "aws:kms/key:Key"


@pytest.mark.parametrize(
    ("type_", "name", "sid", "found", "gone"),
    [
        (POLICY, "site-app", "DistributionApp", 403, 403),
        (POLICY, "site-app", "DistributionAppMissing", 200, 403),
        (KEY, "keys-data", "DistributionsReadBuckets", 403, 403),
    ],
)
def test_a_missing_trust_of_bucket_or_key_shows(
    shop: ShopOnAws, recorded_shop: Recorded, type_: str, name: str, sid: str, found: int, gone: int
):
    assert (shop.asks("/").status, shop.asks("/gone.js").status) == (200, 404)
    recording = recorded_shop("1")
    policy = without(recording.one(type_, name).inputs["policy"], sid)
    shop.stands_as(changed(recording, type_, name, policy=policy))
    assert (shop.asks("/").status, shop.asks("/gone.js").status) == (found, gone)


def test_a_bucket_does_not_answer_another_sites_distribution(
    shop: ShopOnAws, recorded_shop: Recorded
):
    recording = recorded_shop("1")
    origins = recording.one(DISTRIBUTION, "docs").inputs["origins"]
    app = recording.one(DISTRIBUTION, "app").inputs["origins"]
    swapped = [*origins, *(element for element in app if element["originId"] != "bucket")]
    shop.stands_as(changed(recording, DISTRIBUTION, "app", origins=swapped))
    assert shop.asks("/").status == 403


def test_without_its_function_a_site_of_files_would_show_its_list(
    shop: ShopOnAws, recorded_shop: Recorded
):
    recording = recorded_shop("1")
    behavior = dict(recording.one(DISTRIBUTION, "app").inputs["defaultCacheBehavior"])
    bare: dict[str, Any] = {**behavior, "functionAssociations": []}
    shop.stands_as(
        changed(recording, DISTRIBUTION, "app", defaultCacheBehavior=bare, defaultRootObject=None)
    )
    assert b"<Key>notes.txt</Key>" in shop.asks("/").body


def test_count_mode_lets_everything_through(shop: ShopOnAws, recorded_shop: Recorded):
    recording = recorded_shop("1")
    acl = "aws:wafv2/webAcl:WebAcl"
    rules: list[dict[str, Any]] = [
        {**rule, "overrideAction": {"count": {}}}
        if "overrideAction" in rule
        else {**rule, "action": {"count": {}}}
        for rule in recording.one(acl, "main-sites").inputs["rules"]
    ]
    shop.stands_as(changed(recording, acl, "main-sites", rules=rules))
    shop.comes_from("203.0.113.9", "FR")
    assert shop.asks("/?q=$%7Bjndi:x%7D").status == 200


def test_a_rule_the_double_does_not_know_is_an_error_and_no_pass():
    rule: dict[str, Any] = {
        "name": "odd",
        "priority": 0,
        "action": {"block": {}},
        "statement": {"xssMatch": {}},
    }
    firewall = Firewall((rule,), {}, lambda: 0.0)
    with pytest.raises(LookupError, match="xssMatch"):
        firewall.blocks(Request("GET", "a", "/"))


def test_what_the_viewer_has_is_not_sent_again(shop: ShopOnAws):
    first = shop.asks("/orders/17")
    again = shop.asks("/orders/18", if_none_match=first.header("etag") or "")
    assert (again.status, again.body) == (304, b"")
    assert again.header("cache-control") == "no-cache"
    assert shop.asks("/orders/18", if_none_match='"other"').status == 200


def test_a_head_request_has_the_headers_and_no_body(shop: ShopOnAws):
    whole, head = shop.asks("/orders/17"), shop.asks("/orders/17", "HEAD")
    assert (head.status, head.body) == (200, b"")
    for name in ("content-length", "content-type", "etag", "content-security-policy"):
        assert head.header(name) == whole.header(name), name


def test_a_range_is_served_and_one_behind_the_end_is_refused(shop: ShopOnAws):
    part = shop.asks("/notes.txt", range="bytes=7-12")
    assert (part.status, part.body) == (206, b"stolen")
    assert part.header("content-range") == "bytes 7-12/21"
    assert shop.asks("/notes.txt", range="bytes=-5").body == b"true\n"
    assert shop.asks("/notes.txt", range="bytes=21-").status == 416


def test_scripts_travel_compressed_and_stay_the_same_thing(shop: ShopOnAws):
    (script,) = [
        content["Key"]
        for content in shop.s3.list_objects_v2(Bucket="shop-dev-site-app")["Contents"]
        if content["Key"].startswith("assets/app-") and content["Key"].endswith(".js")
    ]
    plain = shop.asks(f"/{script}")
    packed = shop.asks(f"/{script}", accept_encoding="gzip, br")
    assert packed.header("content-encoding") == "gzip"
    assert packed.header("cache-control") == "public, max-age=31536000, immutable"
    assert len(packed.body) < len(plain.body)
    tag = packed.header("etag") or ""
    assert shop.asks(f"/{script}", if_none_match=tag).status == 304


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_a_bucket_takes_no_other_methods_than_reads(shop: ShopOnAws, method: str):
    assert shop.asks("/orders/17", method).status == 403
    assert shop.s3.get_object(Bucket="shop-dev-site-app", Key="index.html")


def test_another_name_keeps_the_method_of_what_is_no_read(shop: ShopOnAws):
    answer = shop.asks("/api/form?a=1", "POST", host="example.org", body=b"b=2")
    assert (answer.status, answer.header("location")) == (
        308,
        "https://www.example.org/api/form?a=1",
    )
    assert shop.service.asked == []


def test_a_page_is_kept_for_a_second_and_then_asked_for_again(shop: ShopOnAws):
    words: list[str | None] = []
    for _ in range(3):
        words += [shop.asks("/").header("x-cache"), shop.asks("/orders/1").header("x-cache")]
        shop.clock.passes(seconds=1)
    assert [str(word).partition(" ")[0] for word in words] == [
        *("Miss", "Hit"),
        *("RefreshHit", "Hit"),
        *("RefreshHit", "Hit"),
    ], "CloudFront's shortest with this policy is a second, whatever `no-cache` says"


@pytest.mark.parametrize(
    ("site", "seconds"),
    [("app", 0), ("docs", 10)],
    ids=["at once where a service answers, too", "soon elsewhere"],
)
def test_a_file_that_comes_is_there(shop: ShopOnAws, site: str, seconds: int):
    host = {"app": "www.example.org", "docs": "docs.example.org"}[site]
    assert shop.asks("/late.txt", host=host).status == 404
    shop.s3.put_object(Bucket=f"shop-dev-site-{site}", Key="late.txt", Body=b"here")
    if seconds:
        shop.clock.passes(seconds=seconds - 1)
        assert shop.asks("/late.txt", host=host).status == 404
        shop.clock.passes(seconds=1)
    assert shop.asks("/late.txt", host=host).body == b"here"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("", 86_400),
        ("no-cache", 1),
        ("private, max-age=60", 1),
        ("max-age=0, s-maxage=60", 60),
        ('public, max-age="600"', 600),
        ("max-age=99999999", 31_536_000),
    ],
)
def test_answers_are_kept_as_long_as_their_header_and_the_policy_say(header: str, seconds: int):
    assert CachePolicy(1, 86_400, 31_536_000).seconds(header) == seconds


def test_an_invalidation_takes_exactly_the_paths_it_names():
    cache = EdgeCache(lambda: 0.0)
    paths = ("/a", "/a.html", "/b/c", "/b/d", "/a[1].js")

    def asked(path: str, status: int, seconds: int) -> int:
        answer, _ = cache.get((path,), lambda _: Answer(status), lambda _: seconds)
        return answer.status

    def kept() -> list[str]:
        return [path for path in paths if asked(path, 404, 0) == 200]

    for invalidated, left in (
        ("/a", ["/a.html", "/b/c", "/b/d", "/a[1].js"]),
        ("/b/*", ["/a", "/a.html", "/a[1].js"]),
        ("/a[1].js", ["/a", "/a.html", "/b/c", "/b/d"]),
        ("/*", []),
    ):
        for path in paths:
            asked(path, 200, 60)
        cache.invalidate(invalidated)
        assert kept() == left, invalidated
