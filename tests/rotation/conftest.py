"""The servers and the secrets service that the rotation tests share."""

from collections.abc import Callable, Iterator

import pytest
from rotation_crashes import Outbound
from rotation_secrets import SecretsService, playing_secrets_manager
from rotation_servers import Server, cache_server, mysql_server, postgres_server
from rotation_systems import System, make_system

SERVERS = {
    "postgres": "postgres",
    "newest postgres": "newest_postgres",
    "mysql": "mysql",
}
"""The fixture of a kind's server; all others stand on the cache's."""


@pytest.fixture
def service() -> Iterator[SecretsService]:
    with playing_secrets_manager() as played:
        yield played


@pytest.fixture
def outbound(service: SecretsService, monkeypatch: pytest.MonkeyPatch) -> Outbound:
    """Every outbound call of the function in this test passes through here."""
    seam = Outbound()
    seam.install(monkeypatch)
    service.wrap = seam.wrap_client
    return seam


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def newest_postgres() -> Iterator[Server]:
    with postgres_server(newest=True) as server:
        yield server


@pytest.fixture(scope="session")
def mysql() -> Iterator[Server]:
    with mysql_server() as server:
        yield server


@pytest.fixture(scope="session")
def cache() -> Iterator[Server]:
    with cache_server() as server:
        yield server


@pytest.fixture
def new_system(
    request: pytest.FixtureRequest, service: SecretsService, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], System]:
    """Make a fresh secret of a kind on the server it needs."""

    def make(kind: str) -> System:
        server: Server = request.getfixturevalue(SERVERS.get(kind, "cache"))
        # The machine's own authorities are, for these tests, one that signed no server; and one is
        # read faster than the usual hundreds.
        monkeypatch.setenv("SSL_CERT_FILE", server.other_ca)
        monkeypatch.setenv("SSL_CERT_DIR", str(server.folder / "no-such-folder"))
        return make_system(kind.removeprefix("newest "), server, service)

    return make
