"""The shop's recordings, a CDN on loopback and a browser; tests get a shop of their own each."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from moto import mock_aws

from tests.browser.aws_clients import AwsClients
from tests.browser.cdn_server import EdgeServer
from tests.browser.chromium import Chromium, Person, program
from tests.browser.shop_build import SOURCES, build
from tests.browser.shop_on_aws import ROOT, ShopOnAws
from tests.browser.viewer_functions import ViewerFunctions
from trellis.planner.record import Recording, record


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs Node for CloudFront Functions, and nearly everything a browser."""
    here = f"{Path(__file__).parent}/"
    for test in items:
        if str(test.path).startswith(here):
            test.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def recorded_shop(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Recording]:
    """The recording of the shop by number of its build."""

    @functools.cache
    def recorded(number: str) -> Recording:
        project = tmp_path_factory.mktemp(f"shop-{number}")
        shutil.copy(SOURCES / "Pulumi.dev.yaml", project)
        (project / "Pulumi.yaml").write_text(f"name: shop\nruntime: python\nmain: {ROOT}\n")
        build(project, number)
        return record(project, "dev", "deployed")

    return recorded


@pytest.fixture(scope="session")
def functions() -> Iterator[ViewerFunctions]:
    """CloudFront's JavaScript runtime."""
    if shutil.which("node") is None:
        pytest.skip("node is not on PATH, and CloudFront Functions need a JavaScript runtime")
    with ViewerFunctions() as running:
        yield running


@pytest.fixture(scope="session")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EdgeServer]:
    """The loopback ports that every name leads to."""
    with EdgeServer(tmp_path_factory.mktemp("edge")) as server:
        yield server


@pytest.fixture(scope="session")
def clients() -> AwsClients:
    """S3 and CloudFront without an account."""
    return AwsClients()


@pytest.fixture
def shop(
    edge: EdgeServer,
    functions: ViewerFunctions,
    clients: AwsClients,
    recorded_shop: Callable[[str], Recording],
) -> Iterator[ShopOnAws]:
    """A shop whose build 1 is deployed."""
    with mock_aws():
        shop = ShopOnAws(edge, functions, clients, recorded_shop)
        shop.up("1")
        shop.invalidated.clear()
        yield shop
        errors = edge.rest()
    assert errors == [], "the double of the CDN failed"


@pytest.fixture(scope="session")
def chromium(edge: EdgeServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """A browser that takes loopback for the internet."""
    if program() is None:
        pytest.skip("Chromium is not on PATH: sh tests/browser/install_chromium.sh")
    folder = tmp_path_factory.mktemp("chromium")
    with Chromium(folder, edge.plain_port, edge.secure_port, edge.certificate) as browser:
        yield browser


@pytest.fixture
def person(chromium: Chromium) -> Iterator[Person]:
    """Somebody who was never here."""
    somebody = chromium.person()
    yield somebody
    somebody.leaves()
