"""The same double told by the recordings of real systems, their buckets filled as pipelines do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from moto import mock_aws

from tests.browser.aws_clients import AwsClients
from tests.browser.cdn import Cdn
from tests.browser.cdn_server import EdgeServer
from tests.browser.chromium import Person
from tests.browser.http_message import Viewer
from tests.browser.shop_on_aws import Clock, make_bucket, put_files
from tests.browser.viewer_functions import ViewerFunctions
from trellis.planner.record import Recording

HTML = "text/html"
DASHBOARD = {
    "index.html": (HTML, b"<!doctype html><h1>Dashboard</h1><script src=/app.js></script>"),
    "app.js": ("text/javascript", b"document.querySelector('h1').append(location.pathname)"),
}
LANDING = {
    "index.html": (HTML, b"<!doctype html><h1>Welcome</h1>"),
    "prices/index.html": (HTML, b"<!doctype html><h1>Prices</h1>"),
}
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'


@pytest.fixture
def stands(
    edge: EdgeServer,
    functions: ViewerFunctions,
    clients: AwsClients,
    recording_of: Callable[..., Recording],
) -> Iterator[Callable[..., Cdn]]:
    """`stands(project, stack, **files by bucket)`: that system's CDN answers from now on."""
    with mock_aws():

        def stands(project: str, stack: str, files: dict[str, dict[str, tuple[str, bytes]]]) -> Cdn:
            recording = recording_of(project, stack)
            for bucket, content in files.items():
                name = recording.one("aws:s3/bucket:Bucket", bucket).outputs["bucket"]
                make_bucket(clients.s3, name)
                put_files(clients.s3, name, content)
            cdn = Cdn(recording, clients.s3, functions, Clock().seconds)
            edge.answering, edge.viewer = cdn.answer, Viewer()
            return cdn

        yield stands
        errors = edge.rest()
    assert errors == [], "the double of the CDN failed"


@pytest.fixture
def afric(stands: Callable[..., Cdn]) -> Cdn:
    """Afric Analyzer with its dashboard and its landing page."""
    files = {"site-app": DASHBOARD, "site-www": LANDING}
    return stands("systems/afric-analyzer", "prod", files)


def test_a_deep_link_into_the_dashboard_opens_it(afric: Cdn, person: Person):
    tab = person.opens("https://app.example.africa/tenants/7?tab=alerts")
    tab.shows("h1", "Dashboard/tenants/7")
    assert tab.page.status == 200
    gone = person.opens("https://app.example.africa/static/gone.js")
    assert (gone.page.status, "Dashboard" in gone.text) == (404, False)


def test_the_dashboard_shows_the_firewalls_refusal_as_what_it_is(afric: Cdn, person: Person):
    tab = person.opens("https://app.example.africa/tenants?name='%20or%201=1")
    assert (tab.page.status, "Dashboard" in tab.text) == (403, False)
    assert "Request blocked" in tab.text


def test_the_apex_leads_to_www_with_path_and_query(afric: Cdn, person: Person):
    tab = person.opens("http://example.africa/prices/?currency=KES&x=%2F")
    tab.shows("h1", "Prices")
    assert tab.url == "https://www.example.africa/prices/?currency=KES&x=%2F"
    assert person.opens("https://www.example.africa/gone/").page.status == 404


def test_club_apps_assets_are_files_and_their_bucket_shows_no_list(
    stands: Callable[..., Cdn], person: Person
):
    stands(".", "dev", {"assets": {"images/logo.svg": ("image/svg+xml", LOGO)}})
    tab = person.opens("https://assets.desh.co/images/logo.svg")
    assert (tab.page.status, tab.page.headers["content-type"]) == (200, "image/svg+xml")
    for path in ("/", "/?list-type=2", "/images/", "/images"):
        tab.goto(f"https://assets.desh.co{path}")
        assert tab.page.status == 404, path
        assert "logo.svg" not in tab.text, path
