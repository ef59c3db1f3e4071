"""What a deployment does to open tabs, to visits while it runs, and where it breaks off."""

from __future__ import annotations

from components.sites.upload import ARCHIVE
from tests.browser.chromium import Chromium, Person, Tab
from tests.browser.deployment import Step
from tests.browser.shop_on_aws import HOME, ShopOnAws


def visits(person: Person, build: str) -> Tab:
    """Open a page, and see that all of it is of one build: lazily loaded parts, too."""
    tab = person.opens(f"{HOME}/orders/17")
    tab.shows("#build", f"build {build}")
    asks_for_the_report(tab, build)
    assert problems(tab) == []
    return tab


def problems(tab: Tab) -> list[str]:
    """All that a person or the console sees go wrong."""
    return [
        *(request.url for request in tab.seen if request.status >= 400),
        *tab.failed,
        *tab.console,
    ]


def asks_for_the_report(tab: Tab, build: str) -> None:
    tab.clicks("#report")
    tab.waits_for("document.querySelector('#report-said').textContent")
    assert tab.run("document.querySelector('#report-said').textContent") == f"report {build}"


def written(steps: list[Step]) -> list[str]:
    return [f"{step.action} {step.target}" for step in steps]


def test_a_tab_left_open_loads_its_own_parts_after_a_deployment(shop: ShopOnAws, person: Person):
    tab = person.opens(HOME)
    tab.shows("#build", "build 1")
    assert not any("report" in line.request.path for line in shop.cdn.log), "not loaded yet"
    shop.up("2")
    asks_for_the_report(tab, "1")


def test_a_reload_gets_the_new_build_whole(shop: ShopOnAws, person: Person):
    tab = visits(person, "1")
    shop.up("2")
    tab.reload()
    tab.shows("#build", "build 2")
    asks_for_the_report(tab, "2")
    assert problems(tab) == []


def test_at_every_moment_of_a_deployment_new_visits_and_open_tabs_are_whole(
    shop: ShopOnAws, person: Person, chromium: Chromium
):
    waiting = visits(person, "1")
    report = next(request.url for request in waiting.seen if "/report-" in request.url)
    seen: list[str] = []
    taken: list[Step] = []
    for step in shop.steps("2"):
        taken.append(step)
        shop.cdn.forgets()
        somebody = chromium.person()
        tab = somebody.opens(f"{HOME}/orders/17")
        tab.waits_for("document.querySelector('#build')")
        build = tab.run("document.querySelector('#build').textContent").removeprefix("build ")
        asks_for_the_report(tab, build)
        assert problems(tab) == [], step
        seen.append(build)
        somebody.leaves()
        # Another address for the browser, which has loaded it already, and the same for the CDN.
        again = waiting.run(f"import('{report}?{len(taken)}').then((it) => it.report())")
        assert again == "report 1"
    page = next(i for i, element in enumerate(taken) if element.target == "index.html")
    assert seen == ["1"] * page + ["2"] * (len(taken) - page)


def test_visits_between_the_files_and_the_pages_of_a_broken_deployment_are_whole(
    shop: ShopOnAws, person: Person, chromium: Chromium
):
    old = person.opens(HOME)
    old.shows("#build", "build 1")
    # The machine that ran `up` is gone: files are there, pages are not.
    done = written(shop.breaks_off("2", before="index.html"))
    assert len([element for element in done if "assets/" in element]) == 3, done
    shop.clock.passes(hours=1)
    newcomer = chromium.person()
    visits(newcomer, "1")
    asks_for_the_report(old, "1")

    rest = written(shop.up("2"))
    assert "put index.html" in rest
    shop.clock.passes(seconds=2)
    old.reload()
    old.shows("#build", "build 2")
    newcomer.leaves()


def test_a_deployment_that_broke_before_telling_the_cdn_is_made_good_by_the_next(
    shop: ShopOnAws, person: Person
):
    tab = visits(person, "1")
    tab.clicks("#settings")
    tab.shows("#settings-said", '200 {"build": "1"}\n')
    # Pages are there; nobody told the CDN.
    done = written(shop.breaks_off("2", before="invalidate"))
    assert done[-1] == "put index.html"
    tab.clicks("#settings")
    assert shop.invalidated == []
    shop.up("2")
    assert "/config.json" in shop.invalidated
    tab.reload()
    tab.clicks("#settings")
    tab.shows("#settings-said", '200 {"build": "2"}\n')


def test_what_the_cdn_keeps_for_a_day_is_new_at_once_after_a_deployment(
    shop: ShopOnAws, person: Person
):
    tab = person.opens(HOME)
    for build in ("1", "2", "1"):
        shop.up(build)
        tab.reload()
        tab.shows("#build", f"build {build}")
        tab.clicks("#settings")
        tab.shows("#settings-said", f'200 {{"build": "{build}"}}\n')
    assert shop.invalidated.count("/config.json") == 2
    assert "/*" not in shop.invalidated
    assert not any("assets/" in element for element in shop.invalidated)


def test_a_repeated_deployment_touches_and_invalidates_nothing(shop: ShopOnAws, person: Person):
    tab = visits(person, "1")
    asked = len(shop.cdn.log)
    assert shop.up("1") == []
    assert shop.invalidated == []
    tab.reload()
    tab.shows("#build", "build 1")
    # The page is asked for again, and is as it was; its files stand in the browser's cache.
    assert {line.request.path: line.status for line in shop.cdn.log[asked:]} == {"/orders/17": 304}


def test_going_back_to_an_earlier_build_is_seen_at_once(shop: ShopOnAws, person: Person):
    shop.up("2")
    tab = visits(person, "2")
    shop.up("1")
    tab.reload()
    tab.shows("#build", "build 1")
    asks_for_the_report(tab, "1")


def test_files_of_an_old_build_go_when_their_days_are_over_and_then_are_missing(
    shop: ShopOnAws, person: Person
):
    tab = person.opens(HOME)
    tab.shows("#build", "build 1")
    shop.up("2")
    shop.clock.passes(days=31)
    shop.up("3")
    tab.clicks("#report")
    tab.waits_for("document.querySelector('#report-said').textContent.startsWith('failed')")
    report = next(request for request in tab.seen if "/report-" in request.url)
    assert (report.status, "html" in report.headers["content-type"]) == (404, False)
    tab.reload()
    tab.shows("#build", "build 3")
    asks_for_the_report(tab, "3")


def test_the_walk_through_a_deployment_notices_one_that_breaks_visits(
    shop: ShopOnAws, person: Person
):
    careless = shop.steps("2", pages_first=True)
    assert [next(careless).target, next(careless).target] == [ARCHIVE, "index.html"]
    shop.cdn.forgets()
    tab = person.opens(f"{HOME}/orders/17")
    missing = [line.request.path for line in shop.cdn.log if line.status == 404]
    assert {element.rpartition(".")[2] for element in missing} == {"css", "js"}
    assert problems(tab) != []
