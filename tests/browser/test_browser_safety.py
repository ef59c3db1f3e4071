"""Headers that browsers act on: that they come, and that the browser then does what they say."""

from __future__ import annotations

import pytest

from tests.browser.chromium import Person
from tests.browser.shop_on_aws import HOME, MANUAL, ShopOnAws

SAFETY = {
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "strict-origin-when-cross-origin",
    "content-security-policy": "base-uri 'self'; frame-ancestors 'none'; object-src 'none'",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


@pytest.mark.parametrize("path", ["/", "/orders/17", "/gone.png", "/config.json", "/api/orders"])
def test_every_answer_has_the_headers_for_safety_and_none_that_tells_of_the_inside(
    shop: ShopOnAws, person: Person, path: str
):
    headers = person.opens(HOME + path).page.headers
    assert {name: headers.get(name) for name in SAFETY} == SAFETY
    inside = ("server", "x-amz-server-side-encryption-aws-kms-key-id", "x-amz-version-id")
    assert not headers.keys() & set(inside)
    assert "arn:aws" not in str(headers)


def test_after_one_visit_the_browser_asks_over_tls_only(shop: ShopOnAws, person: Person):
    person.opens("http://www.example.org/orders/17")
    assert [line.request.https for line in shop.served("/orders/17")] == [False, True]
    tab = person.opens("http://www.example.org/orders/18")
    assert tab.url == f"{HOME}/orders/18"
    assert [line.request.https for line in shop.served("/orders/18")] == [True]


def test_an_inline_script_is_blocked_where_the_setting_says_so(shop: ShopOnAws, person: Person):
    tab = person.opens(f"{MANUAL}/")
    tab.shows("#said", "nothing ran")
    assert any("Content Security Policy" in element for element in tab.console), tab.console


def test_the_same_page_runs_it_under_the_default_policy(shop: ShopOnAws, person: Person):
    tab = person.opens(f"{HOME}/inline.html")
    tab.shows("#said", "inline ran")
    assert tab.console == []


@pytest.mark.parametrize(
    ("top", "inner", "shown"),
    [
        (HOME, f"{HOME}/orders/17", False),
        (HOME, f"{MANUAL}/guide/", False),
        (f"{MANUAL}/guide/", f"{MANUAL}/guide/next/", True),
    ],
    ids=["DENY", "SAMEORIGIN elsewhere", "SAMEORIGIN at home"],
)
def test_a_frame_shows_only_what_may_be_framed(
    shop: ShopOnAws, person: Person, top: str, inner: str, shown: bool
):
    tab = person.opens(top)
    tab.run(
        f"""new Promise((done) => {{
          const frame = document.createElement('iframe')
          frame.onload = done
          frame.src = '{inner}'
          document.body.append(frame)
        }})"""
    )
    title = "document.querySelector('iframe').contentDocument?.querySelector('h1')?.textContent"
    assert tab.run(title) == ("Next" if shown else None)
    assert any("ERR_BLOCKED_BY_RESPONSE" in element for element in tab.failed) is not shown


def test_a_text_is_not_taken_for_a_script(shop: ShopOnAws, person: Person):
    tab = person.opens(HOME)
    outcome = tab.run(
        """new Promise((done) => {
          const script = document.createElement('script')
          script.onload = () => done('ran')
          script.onerror = () => done('refused')
          script.src = '/notes.txt'
          document.body.append(script)
        })"""
    )
    assert (outcome, tab.run("window.stolen")) == ("refused", None)
    assert tab.answer("/notes.txt").status == 200


def test_pages_may_not_ask_for_the_camera(shop: ShopOnAws, person: Person):
    tab = person.opens(HOME)
    allowed = (
        "['camera', 'microphone', 'fullscreen'].map((f) => document.featurePolicy.allowsFeature(f))"
    )
    assert tab.run(allowed) == [False, False, True]


def test_only_the_named_sites_scripts_read_an_answer(shop: ShopOnAws, person: Person):
    read = "fetch('{}').then((answer) => answer.status, (error) => error.message)"
    tab = person.opens(HOME)
    assert tab.run(read.format(f"{MANUAL}/guide/")) == 200
    tab.goto("https://example.org/inline.html")
    assert tab.url == f"{HOME}/inline.html", "another name runs nothing of its own"
    answer = shop.asks("/guide/", host="docs.example.org", origin="https://evil.example")
    assert (answer.status, answer.header("access-control-allow-origin")) == (200, None)
