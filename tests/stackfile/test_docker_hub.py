"""Images of Docker Hub are named as people name them, and looked up where its API is."""

from __future__ import annotations

import email.message
import io
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.response import addinfourl

import pytest

from components.parts.image_settings import ImageSettings
from components.parts.image_uri import whole
from tests.stackfile.conftest import Stack
from trellis.stackfile.registries import MANIFESTS, Registries, RegistryError
from trellis.tiers.lookups import wanted_of

API = "https://registry-1.docker.io"
ISSUER = "https://auth.docker.io/token"
DIGEST = "sha256:" + "ab" * 32


@pytest.mark.parametrize(
    ("message", "meant"),
    [
        ("nginx:1.27", "docker.io/library/nginx:1.27"),
        (f"nginx@{DIGEST}", f"docker.io/library/nginx@{DIGEST}"),
        ("library/nginx:1.27", "docker.io/library/nginx:1.27"),
        ("docker.io/nginx:1.27", "docker.io/library/nginx:1.27"),
        ("docker.io/library/nginx:1.27", "docker.io/library/nginx:1.27"),
        ("grafana/loki:3.2.0", "docker.io/grafana/loki:3.2.0"),
        ("localhost/web:v1", "localhost/web:v1"),
        ("registry.example/web:v1", "registry.example/web:v1"),
        ("registry:5000/web:v1", "registry:5000/web:v1"),
    ],
)
def test_a_name_without_a_registry_is_docker_hubs(message: str, meant: str):
    assert ImageSettings.model_validate({"uri": message}).uri == meant
    assert whole(meant) == meant


@dataclass
class Hub:
    """Answers as Docker Hub's were on record, by host; everything else is a failed test."""

    asked: list[tuple[str, str, str | None]] = field(
        default_factory=list[tuple[str, str, str | None]]
    )
    known: bool = True

    def open(self, request: urllib.request.Request, timeout: float) -> Any:
        url, token = request.full_url, request.unredirected_hdrs.get("Authorization")
        self.asked.append((request.get_method(), url, token))
        if url.startswith(f"{ISSUER}?"):
            query = parse_qs(urlsplit(url).query)
            assert query["service"] == ["registry.docker.io"]
            assert query["scope"] == ["repository:library/nginx:pull"]
            return self._respond(url, {"Content-Type": "application/json"}, b'{"token": "anybody"}')
        assert url == f"{API}/v2/library/nginx/manifests/1.27"
        if token is None or not self.known:
            challenge = (
                f'Bearer realm="{ISSUER}",service="registry.docker.io",'
                'scope="repository:library/nginx:pull"'
            )
            raise urllib.error.HTTPError(
                url, 401, "Unauthorized", _headers({"WWW-Authenticate": challenge}), io.BytesIO()
            )
        found = {"Content-Type": MANIFESTS.split(", ")[0], "Docker-Content-Digest": DIGEST}
        return self._respond(url, found, b"")

    def _respond(self, url: str, headers: dict[str, str], body: bytes) -> Any:
        return addinfourl(io.BytesIO(body), _headers(headers), url, 200)


def _headers(headers: dict[str, str]) -> email.message.Message:
    message = email.message.Message()
    for name, value in headers.items():
        message[name] = value
    return message


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Hub:
    found = Hub()
    monkeypatch.setattr(urllib.request, "urlopen", found.open)
    return found


def test_it_is_asked_at_its_apis_host_by_a_token_for_anybody(hub: Hub):
    assert Registries().digest("docker.io/library/nginx:1.27") == DIGEST
    manifest = f"{API}/v2/library/nginx/manifests/1.27"
    assert [(method, url.partition("?")[0], token) for method, url, token in hub.asked] == [
        ("HEAD", manifest, None),
        ("GET", ISSUER, None),
        ("HEAD", manifest, "Bearer anybody"),
    ]


def test_an_image_that_it_shows_to_nobody_is_told_with_the_name_that_was_written(hub: Hub):
    hub.known = False
    with pytest.raises(RegistryError, match=r"docker\.io, which shows the image to nobody"):
        Registries().digest("docker.io/library/nginx:1.27")


def test_a_mirror_is_asked_instead_where_the_command_names_one(hub: Hub):
    mirror = Registries({"docker.io": "https://mirror.example"})
    with pytest.raises(AssertionError):
        mirror.digest("docker.io/library/nginx:1.27")
    assert hub.asked[0][1].startswith("https://mirror.example/v2/library/nginx/")


def test_two_ways_to_name_an_image_are_looked_up_once(stack: Stack):
    stack.write(
        "  trellis:network: {}\n"
        "  trellis:services:\n"
        "    web: {image: {uri: 'nginx:1.27'},"
        " sidecars: {proxy: {image: {uri: 'docker.io/library/nginx:1.27'}}}}\n"
    )
    wanted = wanted_of(stack.load().settings)
    assert wanted.elsewhere == {"docker.io/library/nginx:1.27": ("services", "web", "image", "uri")}
