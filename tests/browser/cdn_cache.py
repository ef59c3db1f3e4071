"""What one edge location keeps, for how long, and what an invalidation takes away."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from tests.browser.http_message import Answer, Request


@dataclass(frozen=True)
class CachePolicy:
    """How long an answer is kept, and what tells two of them apart."""

    shortest: int
    """Seconds."""
    default: int
    longest: int
    by_query: bool = False
    by_host: bool = False

    @property
    def keeps(self) -> bool:
        """Whether anything is kept at all."""
        return self.longest > 0

    def key(self, request: Request) -> tuple[str, ...]:
        """What two requests for the same thing have in common; the path comes first."""
        query = request.query or "" if self.by_query else ""
        return (request.path, query, request.host if self.by_host else "")

    def seconds(self, cache_control: str) -> int:
        """How long an answer with this header is kept ("Manage how long content stays in the cache
        (expiration)", CloudFront, 2026-11)."""
        words = {
            name.strip().lower(): value.strip('" ')
            for name, _, value in (part.partition("=") for part in cache_control.split(","))
        }
        if words.keys() & {"no-cache", "no-store", "private"}:
            return self.shortest
        asked = words.get("s-maxage", words.get("max-age"))
        wanted = self.default if asked is None else int(asked)
        return min(max(wanted, self.shortest), self.longest)


POLICIES: Mapping[str, CachePolicy] = {
    "658327ea-f89d-4fab-a63d-7e88639e58f6": CachePolicy(1, 86_400, 31_536_000),
    "4135ea2d-6df8-44a3-9df3-4b5a84be39ad": CachePolicy(0, 0, 0),
    "4cc15a8a-d715-48a4-82b8-cc0b614638fe": CachePolicy(0, 0, 31_536_000, True, True),
}
"""CachingOptimized, CachingDisabled and UseOriginCacheControlHeaders-QueryStrings ("Use managed
cache policies", CloudFront, 2026-11)."""


@dataclass(frozen=True)
class Kept:
    """One answer in the cache."""

    answer: Answer
    since: float
    until: float


@dataclass
class EdgeCache:
    """The cache of one distribution at one edge location."""

    now: Callable[[], float]
    """Seconds."""
    _kept: dict[tuple[str, ...], Kept] = field(default_factory=dict)

    def get(
        self,
        key: tuple[str, ...],
        fetch: Callable[[str | None], Answer],
        seconds: Callable[[Answer], int],
    ) -> tuple[Answer, str]:
        """The answer with its age, and `X-Cache` as CloudFront says it.

        Args:
            fetch: asks the origin, with the entity tag of what is kept.
            seconds: how long to keep an answer.
        """
        kept = self._kept.get(key)
        if kept is not None and self.now() < kept.until:
            age = str(int(self.now() - kept.since))
            word = "Hit" if kept.answer.status < 400 else "Error"
            return kept.answer.having("Age", age), f"{word} from cloudfront"
        fresh = fetch(kept.answer.header("etag") if kept else None)
        word = "Miss" if fresh.status < 400 else "Error"
        if fresh.status == 304 and kept is not None:
            fresh, word = kept.answer, "RefreshHit"
        if seconds(fresh) > 0:
            self._kept[key] = Kept(fresh, self.now(), self.now() + seconds(fresh))
        else:
            self._kept.pop(key, None)
        return fresh, f"{word} from cloudfront"

    def invalidate(self, path: str) -> None:
        """Forget a path, or all that begin with one that ends in `*`; the query is part of neither
        unless it is given ("Invalidate files to remove content", CloudFront, 2026-11)."""
        pattern = re.compile(fnmatch.translate(path.replace("[", "[[]").replace("?", "[?]")))
        for key in [kept for kept in self._kept if pattern.match(kept[0])]:
            del self._kept[key]


def partial(answer: Answer, asked: str | None) -> Answer:
    """The part of an answer that a `Range` header asks for: one range of bytes."""
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", asked or "")
    if answer.status != 200 or found is None or found.groups() == ("", ""):
        return answer
    size = len(answer.body)
    first, last = found.groups()
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last), size - 1) if first and last else size - 1
    if start >= size or start > end:
        return Answer(416, {"Content-Range": f"bytes */{size}"})
    part = replace(answer, status=206, body=answer.body[start : end + 1])
    return part.having("Content-Range", f"bytes {start}-{end}/{size}")


def unchanged(answer: Answer, request: Request) -> bool:
    """Whether the viewer has this already: its entity tag is among those it names."""
    tag = answer.header("etag")
    tags = request.headers.get("if-none-match", "")
    named = {part.strip().removeprefix("W/") for part in tags.split(",")}
    return answer.status == 200 and tag is not None and tag.removeprefix("W/") in named
