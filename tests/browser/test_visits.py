"""What somebody with a browser meets: pages, what is missing, what is refused, other names."""

from __future__ import annotations

import pytest

from tests.browser.chromium import Person, Tab
from tests.browser.shop_on_aws import HOME, MANUAL, ShopOnAws


def is_the_app(tab: Tab) -> bool:
    return tab.run("document.querySelector('#app') !== null")


def test_a_deep_link_opens_the_page_it_names(shop: ShopOnAws, person: Person):
    tab = person.opens(f"{HOME}/orders/17?from=mail")
    tab.shows("h1", "Order 17")
    assert (tab.page.status, tab.page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert tab.url == f"{HOME}/orders/17?from=mail"
    tab.reload()
    tab.shows("h1", "Order 17")
    assert {request.status for request in tab.seen} == {200}
    assert tab.console == []


def test_style_and_image_of_a_deep_link_are_those_of_the_site(shop: ShopOnAws, person: Person):
    tab = person.opens(f"{HOME}/orders/17")
    tab.shows("h1", "Order 17")
    colour = "getComputedStyle(document.querySelector('h1')).color"
    assert tab.run(colour) == "rgb(0, 0, 10)"
    assert tab.run("document.querySelector('#logo').naturalWidth") == 12


def test_going_from_page_to_page_and_back_asks_the_cdn_for_nothing(shop: ShopOnAws, person: Person):
    tab = person.opens(f"{HOME}/orders/17")
    tab.shows("h1", "Order 17")
    asked = len(shop.cdn.log)
    tab.clicks("#order")
    tab.shows("h1", "Order 18")
    assert tab.url == f"{HOME}/orders/18"
    tab.run("history.back()")
    tab.shows("h1", "Order 17")
    assert [line.request.target for line in shop.cdn.log[asked:]] == []


@pytest.mark.parametrize("path", ["/assets/app-00000000.js", "/gone.png", "/robots.txt"])
def test_a_missing_file_is_a_404_and_not_the_app(shop: ShopOnAws, person: Person, path: str):
    tab = person.opens(HOME + path)
    assert (tab.page.status, is_the_app(tab)) == (404, False)


def test_a_missing_script_fails_as_missing_in_an_open_page(shop: ShopOnAws, person: Person):
    tab = person.opens(HOME)
    tab.shows("h1", "Shop")
    tab.run("import('/assets/gone-00000000.js').catch(() => 0)")
    gone = tab.answer("/assets/gone-00000000.js")
    assert (gone.status, "html" in gone.headers["content-type"]) == (404, False)


def test_a_missing_page_shows_the_sites_own_404_page_as_a_404(shop: ShopOnAws, person: Person):
    tab = person.opens(f"{MANUAL}/guide/gone/")
    tab.shows("h1", "No such page in the manual")
    assert (tab.page.status, tab.url) == (404, f"{MANUAL}/guide/gone/")


def test_a_folder_without_its_slash_leads_to_it_so_that_relative_links_work(
    shop: ShopOnAws, person: Person
):
    tab = person.opens(f"{MANUAL}/guide?part=2")
    tab.shows("h1", "Guide")
    assert tab.url == f"{MANUAL}/guide/?part=2"
    tab.loads_after("document.querySelector('#next').click()")
    tab.shows("h1", "Next")
    assert tab.url == f"{MANUAL}/guide/next/"


BLOCKS = {
    "a country": ("192.0.2.1", "FR", f"{HOME}/orders/17"),
    "an address": ("203.0.113.9", "KE", f"{HOME}/orders/17"),
    "a probing query": ("192.0.2.1", "KE", f"{HOME}/orders/17?q=$%7Bjndi:ldap://a%7D"),
    "a missing file": ("203.0.113.9", "KE", f"{HOME}/assets/gone.js"),
    "a page of the manual": ("203.0.113.9", "KE", f"{MANUAL}/guide/"),
}


@pytest.mark.parametrize("what", BLOCKS)
def test_a_blocked_request_shows_as_blocked_and_not_as_the_site(
    shop: ShopOnAws, person: Person, what: str
):
    address, country, url = BLOCKS[what]
    shop.comes_from(address, country)
    tab = person.opens(url)
    assert (tab.page.status, is_the_app(tab)) == (403, False)
    assert "Request blocked" in tab.text
    shop.comes_from()
    tab.reload()
    assert tab.page.status != 403 or "jndi" in url, "the refusal was kept"


def test_a_country_that_the_distribution_leaves_out_is_blocked_too(shop: ShopOnAws, person: Person):
    shop.comes_from(country="FR")
    assert person.opens(f"{MANUAL}/guide/").page.status == 403


def test_who_asks_too_often_is_blocked_until_slowing_down(shop: ShopOnAws, person: Person):
    for _ in range(200):
        assert shop.asks("/orders/17").status == 200
    tab = person.opens(f"{HOME}/orders/17")
    assert (tab.page.status, is_the_app(tab)) == (403, False)
    shop.comes_from("192.0.2.2")
    tab.goto(f"{HOME}/orders/17")
    assert tab.page.status == 200
    shop.comes_from()
    shop.clock.passes(seconds=61)
    tab.goto(f"{HOME}/orders/17")
    tab.shows("h1", "Order 17")


def test_guessing_passwords_is_blocked_while_the_page_stays_open(shop: ShopOnAws, person: Person):
    tab = person.opens(HOME)
    tab.shows("h1", "Shop")
    guess = "fetch('/api/login', {method: 'POST', body: 'a'}).then((answer) => answer.status)"
    assert [tab.run(guess) for _ in range(12)] == [200] * 10 + [403] * 2
    tab.reload()
    tab.shows("h1", "Shop")


def test_a_long_body_is_blocked_but_where_uploads_go(shop: ShopOnAws, person: Person):
    tab = person.opens(HOME)
    post = "fetch('{}', {{method: 'POST', body: 'x'.repeat(9000)}}).then((answer) => answer.status)"
    assert tab.run(post.format("/api/form")) == 403
    assert tab.run(post.format("/api/photos/1")) == 200
    assert [request.path for request in shop.service.asked] == ["/api/photos/1"]


def test_another_name_leads_to_the_site_with_path_query_and_fragment(
    shop: ShopOnAws, person: Person
):
    tab = person.opens("http://example.org/orders/17?tab=a%20b&x=&x=%C3%BC#part")
    tab.shows("h1", "Order 17")
    assert tab.url == f"{HOME}/orders/17?tab=a%20b&x=&x=%C3%BC#part"
    path = [line for line in shop.cdn.log if line.request.path == "/orders/17"]
    assert [(line.request.https, line.request.host, line.status) for line in path] == [
        (False, "example.org", 301),
        (True, "example.org", 301),
        (True, "www.example.org", 200),
    ]


def test_a_form_sent_to_another_name_arrives_with_its_fields(shop: ShopOnAws, person: Person):
    tab = person.opens(f"{HOME}/inline.html")
    tab.loads_after(
        """document.body.innerHTML =
             '<form method=post action="https://example.org/api/form?a=1"><input name=b value=2>',
           document.querySelector('form').submit()"""
    )
    assert tab.text == "POST a=1 3 b'b=2'"
    assert tab.url == f"{HOME}/api/form?a=1"


def test_the_service_answers_its_paths_and_nothing_of_it_is_kept(shop: ShopOnAws, person: Person):
    tab = person.opens(HOME)
    tab.shows("h1", "Shop")
    for number in (1, 2):
        answer = tab.run("fetch('/api/orders?open=1', {cache: 'no-store'}).then((a) => a.text())")
        assert answer == f"order {number} open=1"
    assert [request.host for request in shop.service.asked] == ["www.example.org"] * 2


def test_a_404_of_the_service_stays_its_own(shop: ShopOnAws, person: Person):
    tab = person.opens(HOME)
    text = "fetch('/api/gone').then(async (a) => [a.status, a.headers.get('content-type'), {}])"
    status, kind, body = tab.run(text.format("await a.json()"))
    assert (status, kind, body) == (404, "application/json", {"error": "no such"})


@pytest.mark.parametrize(
    "path", ["/_trellis/retired.json", "/%5Ftrellis/retired.json", "/_trellis%2Fretired.json"]
)
def test_nobody_reads_what_deployments_keep(shop: ShopOnAws, person: Person, path: str):
    shop.up("2")
    kept = shop.s3.list_objects_v2(Bucket="shop-dev-site-app", Prefix="_trellis/")["Contents"]
    assert [stored["Key"] for stored in kept] == ["_trellis/content.zip", "_trellis/retired.json"]
    tab = person.opens(HOME + path)
    assert (tab.page.status, tab.text) == (404, "Not found")
