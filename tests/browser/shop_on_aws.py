"""The shop as it stands on AWS after `up`: its CDN, its bucket, its service, and the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.browser.aws_clients import AwsClients
from tests.browser.cdn import Cdn, Line
from tests.browser.cdn_server import EdgeServer
from tests.browser.deployment import Deployments, Step
from tests.browser.http_message import Answer, Request, Viewer
from tests.browser.viewer_functions import ViewerFunctions
from trellis.planner.record import Recording

HOME = "https://www.example.org"
MANUAL = "https://docs.example.org"


@dataclass
class Clock:
    """A time that tests move on."""

    at: datetime = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def now(self) -> datetime:
        """The time."""
        return self.at

    def seconds(self) -> float:
        """The same as a number."""
        return self.at.timestamp()

    def passes(self, **time: float) -> None:
        """Let time pass, as `timedelta` takes it."""
        self.at += timedelta(**time)


@dataclass
class Service:
    """What the shop's container answers."""

    asked: list[Request] = field(default_factory=list[Request])

    def __call__(self, request: Request) -> Answer:
        """Orders, photos, a form and a login; anything else is not there."""
        self.asked.append(request)
        plain = {"Content-Type": "text/plain", "Cache-Control": "public, max-age=600"}
        match request.path:
            case "/api/orders":
                return Answer(200, plain, f"order {len(self.asked)} {request.query}".encode())
            case "/api/form" | "/api/login" | "/api/photos/1":
                text = f"{request.method} {request.query} {len(request.body)} {request.body[:9]!r}"
                return Answer(200, plain, text.encode())
            case _:
                return Answer(404, {"Content-Type": "application/json"}, b'{"error": "no such"}')


class ShopOnAws:
    """A world of its own for each test."""

    def __init__(
        self,
        edge: EdgeServer,
        functions: ViewerFunctions,
        clients: AwsClients,
        recorded: Callable[[str], Recording],
    ) -> None:
        self.clock = Clock()
        self.service = Service()
        self.invalidated: list[str] = []
        self._edge = edge
        self._recorded = recorded
        self._functions = functions
        self.s3 = clients.s3
        clients.invalidate = self._invalidate
        make_buckets(self.s3, recorded("1"))
        self.stands_as(recorded("1"))
        self._sites = {
            site: Deployments(site, self.s3, clients.cloudfront, self.clock.now)
            for site in ("app", "docs")
        }
        edge.viewer = Viewer()

    def stands_as(self, recording: Recording) -> None:
        """Let CloudFront, AWS WAF and the policies be told by this recording from now on."""
        self.cdn = Cdn(
            recording, self.s3, self._functions, self.clock.seconds, {"inner": self.service}
        )
        self._edge.answering = self.cdn.answer

    def up(self, build: str) -> list[Step]:
        """Deploy a build of both sites; returns what that did to the app."""
        self._sites["docs"].up(self._recorded(build))
        return self._sites["app"].up(self._recorded(build))

    def steps(self, build: str, *, pages_first: bool = False) -> Iterator[Step]:
        """Deploy a build of the app, a step at a time."""
        return self._sites["app"].steps(self._recorded(build), pages_first=pages_first)

    def breaks_off(self, build: str, before: str) -> list[Step]:
        """Deploy a build of the app until just before an object key or kind of step."""
        return list(self._sites["app"].steps(self._recorded(build), until=before))

    def comes_from(self, address: str = "192.0.2.1", country: str = "KE") -> None:
        """Where all requests come from, from now on."""
        self._edge.viewer = Viewer(address, country)

    def served(self, path: str) -> list[Line]:
        """The access log's lines of a path."""
        return [line for line in self.cdn.log if line.request.path == path]

    def asks(
        self,
        path: str,
        method: str = "GET",
        host: str = "www.example.org",
        body: bytes = b"",
        **headers: str,
    ) -> Answer:
        """A request without a browser; `user_agent` stands for `user-agent`."""
        path, mark, query = path.partition("?")
        sent = {"user-agent": "tests"} | {k.replace("_", "-"): v for k, v in headers.items()}
        return self.cdn.answer(
            Request(
                method, host, path, query if mark else None, sent, body, True, self._edge.viewer
            )
        )

    def _invalidate(self, distribution: str, paths: list[str]) -> None:
        self.invalidated += paths
        self.cdn.invalidate(distribution, paths)


def make_buckets(s3: Any, recording: Recording) -> None:
    """All buckets of a recording."""
    for resource in recording.of_type("aws:s3/bucket:Bucket"):
        make_bucket(s3, resource.outputs["bucket"])


def make_bucket(s3: Any, name: str) -> None:
    """One bucket, with versions as all of ours have, in the client's region."""
    where = {"LocationConstraint": s3.meta.region_name}
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=where)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})


def put_files(s3: Any, bucket: str, files: dict[str, tuple[str, bytes]]) -> None:
    """What a pipeline of the team's own puts into a bucket: type and content by key."""
    for key, (kind, body) in files.items():
        s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType=kind)


ROOT = Path(__file__).resolve().parents[2]
