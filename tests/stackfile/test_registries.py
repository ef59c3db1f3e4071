"""Images by tag are looked up where a registry's API says, without a password."""

from __future__ import annotations

import hashlib
import http.server
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pulumi
import pytest

from components.parts.image_settings import ImageSettings
from components.services.settings import ServiceSettings
from testing.service_cases import service
from tests.components.small_systems import NETWORK, small_system
from tests.stackfile.conftest import Stack
from trellis.cli.lookup import addresses_of
from trellis.stackfile.context import Context
from trellis.stackfile.looking_up_values import Wanted, digests_elsewhere
from trellis.stackfile.problems import StackFileError
from trellis.stackfile.registries import MANIFESTS, Registries, RegistryError, address
from trellis.tiers.images import Images
from trellis.tiers.lookups import wanted_of

INDEX = MANIFESTS.split(", ")[0]
DIGEST = "sha256:" + "cd" * 32
HOST = "registry.example"
WEB = f"{HOST}/team/web:v1"


@dataclass
class Registry:
    """A server on this machine that behaves like a registry with anonymous tokens."""

    address: str = ""
    asked: list[tuple[str, str, str | None]] = field(
        default_factory=list[tuple[str, str, str | None]]
    )
    """Method, path and token of every request."""
    tokens: bool = True
    sends_digest: bool = True
    answer: tuple[int, str] | None = None
    """Status and content type of everything, instead."""
    realm: str | None = None
    body: bytes = b'{"schemaVersion": 2}'

    def digest(self, reference: str = WEB) -> str | None:
        return Registries({HOST: self.address}).digest(reference)


def handler(registry: Registry) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.serve()

        def do_HEAD(self) -> None:
            self.serve()

        def serve(self) -> None:
            token = self.headers.get("Authorization")
            registry.asked.append((self.command, self.path, token))
            if registry.answer is not None:
                self.respond(registry.answer[0], {"Content-Type": registry.answer[1]})
            elif self.path.startswith("/token?"):
                self.respond(200, {"Content-Type": "application/json"}, b'{"token": "for-anybody"}')
            elif registry.tokens and token != "Bearer for-anybody":
                realm = registry.realm or f"{registry.address}/token"
                scope = "repository:team/web:pull"
                challenge = f'Bearer realm="{realm}",service="registry",scope="{scope}"'
                self.respond(401, {"WWW-Authenticate": challenge})
            elif self.path == "/v2/team/web/manifests/v1":
                digest = {"Docker-Content-Digest": DIGEST} if registry.sends_digest else {}
                self.respond(200, {"Content-Type": INDEX, **digest}, registry.body)
            else:
                self.respond(404, {"Content-Type": "application/json"})

        def respond(self, status: int, headers: Mapping[str, str], body: bytes = b"") -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler


@pytest.fixture
def registry() -> Iterator[Registry]:
    found = Registry()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler(found)) as server:
        found.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield found
        server.shutdown()
        thread.join()


def test_a_tag_becomes_its_digest_by_a_token_for_anybody(registry: Registry):
    assert registry.digest() == DIGEST
    manifest = "/v2/team/web/manifests/v1"
    token = "/token?scope=repository%3Ateam%2Fweb%3Apull&service=registry"
    assert registry.asked == [
        ("HEAD", manifest, None),
        ("GET", token, None),
        ("HEAD", manifest, "Bearer for-anybody"),
    ]


def test_a_registry_that_asks_nobody_is_asked_once(registry: Registry):
    registry.tokens = False
    assert registry.digest() == DIGEST
    assert len(registry.asked) == 1


def test_a_registry_that_does_not_say_the_digest_gives_the_manifest_it_is_made_of(
    registry: Registry,
):
    registry.sends_digest = False
    assert registry.digest() == f"sha256:{hashlib.sha256(registry.body).hexdigest()}"


def test_one_token_serves_all_tags_of_a_repository(registry: Registry):
    registries = Registries({HOST: registry.address})
    assert registries.digest(WEB) == DIGEST
    assert registries.digest(f"{HOST}/team/web:v2") is None
    assert sum(path.startswith("/token") for _, path, _ in registry.asked) == 1


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((401, "application/json"), "to nobody without a password"),
        ((403, "application/json"), "to nobody without a password"),
        ((429, "application/json"), "no more requests for now"),
        ((503, "text/html"), "out of order"),
        ((404, "text/html"), "none of a registry's"),
        ((200, "text/html"), "none of a registry's"),
    ],
)
def test_what_is_no_digest_is_told_in_words(
    registry: Registry, answer: tuple[int, str], message: str
):
    registry.answer = answer
    with pytest.raises(RegistryError, match=message) as caught:
        registry.digest()
    assert HOST in caught.value.found


def test_a_token_is_asked_for_with_tls_only(registry: Registry):
    registry.realm = "http://tokens.example/token"
    with pytest.raises(RegistryError, match="an address without TLS"):
        registry.digest()


def test_a_registry_that_is_not_there_is_told(registry: Registry):
    closed = Registries({HOST: "http://127.0.0.1:1"})
    with pytest.raises(RegistryError, match="can't be reached"):
        closed.digest(WEB)


def test_all_that_can_not_be_asked_is_told_at_its_place(registry: Registry):
    registry.answer = (503, "text/html")
    places = {
        WEB: ("services", "web", "image", "uri"),
        f"{HOST}/team/job:v1": ("jobs", "job", "image", "uri"),
    }
    with pytest.raises(StackFileError) as caught:
        digests_elsewhere(places, {HOST: registry.address})
    assert [problem.path for problem in caught.value.problems] == [
        ("jobs", "job", "image", "uri"),
        ("services", "web", "image", "uri"),
    ]


def test_the_lookup_asks_for_every_tag_of_another_registry(stack: Stack):
    stack.write(
        "  trellis:network: {}\n"
        "  trellis:services:\n"
        f"    web: {{image: {{uri: '{WEB}'}}, sidecars: {{proxy: {{image: {{uri: '{WEB}'}}}}}}}}\n"
        f"    pinned: {{image: {{uri: '{HOST}/team/web@{DIGEST}'}}}}\n"
    )
    wanted = wanted_of(stack.load().settings)
    assert wanted.elsewhere == {WEB: ("services", "web", "image", "uri")}
    assert wanted.images == ()


def test_what_a_registry_does_not_have_is_waited_for(registry: Registry):
    missing = f"{HOST}/team/other:v1"
    wanted = Wanted(elsewhere={missing: ("services", "web", "image", "uri")})
    found = digests_elsewhere(wanted.elsewhere, {HOST: registry.address})
    assert found == {}
    assert wanted.missing(Context(looked_up=date(2026, 11, 30))) == (f"the image {missing}",)


def images(**found: str) -> Images:
    context = Context(looked_up=date(2026, 11, 30), images=found)
    provider: Any = None
    return Images({}, context, provider, "aws", pulumi.ResourceOptions(), {})


def test_a_task_runs_the_digest_that_was_found_and_waits_without_one():
    task = ServiceSettings.model_validate(service(image={"uri": WEB}))
    found = images(**{WEB: DIGEST}).of(task)
    assert found.images is not None
    (image,) = found.images.values()
    assert image.reference == f"{HOST}/team/web@{DIGEST}"
    assert found.repository_arns == ()
    assert images().of(task).waits == (f"the image {WEB}: run `trellis lookup`",)


def test_a_plan_without_a_lookup_goes_on_and_says_what_is_waited_for():
    recording = small_system(network=NETWORK, services={"web": service(image={"uri": WEB})})
    assert not recording.of_type("aws:ecs/taskDefinition:TaskDefinition")
    assert recording.one("aws:cloudwatch/logGroup:LogGroup", "web")


@pytest.mark.parametrize(
    ("image", "message"),
    [
        ({"uri": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:v1"}, "`repository`"),
        ({"uri": "nginx"}, "uri"),
        ({"uri": WEB, "credentials": "hub"}, "by digest"),
        ({"uri": f"{HOST}/team/web"}, "uri"),
    ],
)
def test_a_reference_that_nobody_could_look_up_is_refused(image: dict[str, str], message: str):
    with pytest.raises(ValueError, match=message):
        ImageSettings.model_validate(image)


@pytest.mark.parametrize(
    "message", ["ftp://a.example", "http://a.example", "https://a.example/v2", ""]
)
def test_an_address_is_a_host_with_tls(message: str):
    with pytest.raises(ValueError, match="https://HOST"):
        address(message)


def test_the_command_takes_the_address_of_an_api():
    assert addresses_of(["registry.example=mirror.example:5000"]) == {
        HOST: "https://mirror.example:5000"
    }
    with pytest.raises(StackFileError, match="HOST=ADDRESS"):
        addresses_of(["registry.example"])
