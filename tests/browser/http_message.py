"""A request as the CDN's double sees it, and an answer as it gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import unquote


@dataclass(frozen=True)
class Viewer:
    """Where a request comes from."""

    address: str = "192.0.2.1"
    country: str = "KE"
    """ISO 3166-1, two letters."""


@dataclass(frozen=True)
class Request:
    """One request; header names are in lower case."""

    method: str
    host: str
    path: str
    """As the browser wrote it, percent-encoded."""
    query: str | None = None
    """Without its question mark; None where there is no question mark."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    https: bool = True
    viewer: Viewer = Viewer()

    @property
    def target(self) -> str:
        """Path and query."""
        return self.path if self.query is None else f"{self.path}?{self.query}"

    @property
    def decoded_path(self) -> str:
        """The path without percent signs."""
        return unquote(self.path)

    @property
    def reads(self) -> bool:
        """Whether it asks for something and changes nothing."""
        return self.method in {"GET", "HEAD"}


@dataclass(frozen=True)
class Answer:
    """One answer; header names are as they are sent."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The value of a header, however it is written."""
        return next((v for k, v in self.headers.items() if k.lower() == name.lower()), None)

    def having(self, name: str, value: str) -> Answer:
        """The same with a header, instead of any of that name."""
        return replace(self, headers={**self.without(name).headers, name: value})

    def without(self, name: str) -> Answer:
        """The same without a header."""
        kept = {k: v for k, v in self.headers.items() if k.lower() != name.lower()}
        return replace(self, headers=kept)
