"""What a built folder becomes: objects with their type and cache header.

Pure and linear in the number of files: each is read once, for its digest. Content types come from
a table of our own, because Python's `mimetypes` reads the machine's files and two machines would
plan different uploads. What must not be on the internet, or could never be asked for, is refused.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase, translate
from functools import cached_property
from pathlib import Path
from re import Pattern, compile
from typing import Any

from components.sites.functions import HIDDEN
from components.sites.settings import SiteSettings

YEAR = "public, max-age=31536000, immutable"
"""For files whose names change with their content."""
ALWAYS_ASK = "no-cache"
"""Kept, and asked about before each use: a deployment is seen at once."""

TYPES: Mapping[str, str] = {
    ".avif": "image/avif",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".gif": "image/gif",
    ".htm": "text/html; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".otf": "font/otf",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webm": "video/webm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".zip": "application/zip",
}
"""By suffix ("Media Types", IANA, 2026-11; text/javascript by RFC 9239)."""

NAMED: Mapping[str, str] = {
    ".well-known/apple-app-site-association": "application/json",
    ".well-known/security.txt": "text/plain; charset=utf-8",
}
"""By key, for files whose names say nothing of it."""

UNKNOWN_TYPE = "application/octet-stream"

PAGES = (".htm", ".html")
"""What names the other files, so it comes last."""

LEFT_OUT = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""What file managers leave behind."""

PRIVATE = (".env", ".env.*", ".git", ".htpasswd", ".npmrc", "Pulumi.yaml", "Pulumi.*.yaml")
"""Names of files and folders that are never meant for the internet."""

LONGEST_KEY = 1024
"""Bytes of UTF-8 ("Naming Amazon S3 objects", 2026-11)."""

MOST_CONTENT = 5 * 1024**3
"""Bytes of all files together: one function unpacks them, in 15 minutes and on a disk of 10 GB
("Lambda quotas", 2026-11), half of which is left for what does not get smaller in an archive."""

MANIFEST_LIMIT = 2_900_000
"""Bytes: a function is told of two releases, in one call of at most 6 MB ("Lambda quotas",
2026-11). About 45,000 files."""

MARK = 16
"""Hex digits of a manifest's digests: 64 bits tell two states of one file apart."""


class ContentError(Exception):
    """The folder can't be a site: what was found, what is allowed, and what to do."""

    def __init__(self, found: str, allowed: str, hint: str = "", field: str = "content") -> None:
        super().__init__(f"found {found}; allowed is {allowed}{f' ({hint})' if hint else ''}")
        self.found = found
        self.allowed = allowed
        self.hint = hint
        self.field = field
        """Which field of the site it is about: `content`, `index` or `notFound`."""


@dataclass(frozen=True)
class SiteFile:
    """One object of a site."""

    key: str
    """Path in the folder, with `/`."""
    source: Path
    content_type: str
    cache_control: str
    digest: str
    """SHA-256 of the content, hex."""
    size: int
    """Bytes."""
    immutable: bool
    """Whether its name changes with its content."""

    @property
    def page(self) -> bool:
        """Whether it names other files."""
        return self.source.suffix.lower() in PAGES

    @property
    def mark(self) -> str:
        """Changes with anything that a browser or the CDN gets: content, type and cache header.
        The function that puts the file there works it out again (`functions/site_content`)."""
        mark = f"{self.digest} {self.content_type} {self.cache_control}"
        return hashlib.sha256(mark.encode()).hexdigest()[:MARK]


@dataclass(frozen=True)
class ContentPlan:
    """Everything that one deployment uploads."""

    files: tuple[SiteFile, ...]
    """Sorted by key."""
    index: str
    """Key of the page that comes last of all."""

    @property
    def pages(self) -> tuple[SiteFile, ...]:
        """What names other files."""
        return tuple(file for file in self.files if file.page)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def digest(self) -> str:
        """Changes with any file's path or content, and with nothing else; SHA-256, hex."""
        listing = json.dumps([(file.key, file.digest) for file in self.files])
        return hashlib.sha256(listing.encode()).hexdigest()

    @cached_property
    def release(self) -> list[dict[str, Any]]:
        """What the deployment consists of: marks by key, the files of the same headers together."""
        alike: dict[tuple[str, str, bool], dict[str, str]] = {}
        for file in self.files:
            headers = (file.content_type, file.cache_control, file.immutable)
            alike.setdefault(headers, {})[file.key] = file.mark
        return [
            {"type": kind, "cache": cache, "immutable": immutable, "marks": alike[headers]}
            for headers in sorted(alike)
            for kind, cache, immutable in (headers,)
        ]


def plan_content(project: Path, site: SiteSettings) -> ContentPlan:
    """Plan the upload of a site's built folder.

    Args:
        project: folder of `Pulumi.yaml`, from which a relative `content.path` starts.

    Raises:
        ContentError: there is no such folder, it lacks a page that the settings name, or holds
            what S3 or CloudFront would not serve or nobody should see.
    """
    given = site.content.path or ""
    folder = project / given
    _check_folder(project, folder, given)
    immutable = [_matcher(pattern) for pattern in site.content.immutable]
    cached = [(_matcher(pattern), header) for pattern, header in site.content.cache.items()]
    files = tuple(
        sorted(
            (_file(key, path, immutable, cached) for key, path in _walk(folder, "")),
            key=lambda file: file.key,
        )
    )
    plan = ContentPlan(files, site.index)
    _check_pages(plan, site, given)
    return plan


def _check_folder(project: Path, folder: Path, given: str) -> None:
    build = "build the site before deploying it, or say where it was built"
    if not folder.exists():
        raise ContentError(f"{given}, which is not there", "a folder beside Pulumi.yaml", build)
    if not folder.is_dir():
        raise ContentError(f"{given}, which is a file", "the folder that holds the built site")
    if project.resolve().is_relative_to(folder.resolve()):
        raise ContentError(
            f"{given!r}, which holds the project itself",
            "a folder with the built site and nothing else",
            "stack files and sources would be on the internet",
        )


def _check_pages(plan: ContentPlan, site: SiteSettings, given: str) -> None:
    keys = {file.key for file in plan.files}
    if not keys:
        raise ContentError(f"{given}, which is empty", "a folder with the built site")
    build = f"build the site, or say another page; {given} has {_some(plan)}"
    if site.pages != "files" and site.index not in keys:
        raise ContentError(
            f"no {site.index} in {given}", "a folder with the index page", build, "index"
        )
    missing = site.not_found
    if missing is not None and missing.removeprefix("/") not in keys:
        raise ContentError(
            f"{missing}, which is not in {given}",
            "the path of a page of the site",
            build,
            "notFound",
        )
    if plan.size > MOST_CONTENT:
        raise ContentError(
            f"{given} of {plan.size / 1024**3:.1f} GiB",
            f"at most {MOST_CONTENT // 1024**3} GiB",
            "`external` or `bucket` suits large content",
        )
    size = len(json.dumps(plan.release))
    if size > MANIFEST_LIMIT:
        raise ContentError(
            f"{len(keys)} files, whose names and digests are {size} bytes",
            f"at most {MANIFEST_LIMIT} bytes",
            "`external` or `bucket` suits content of that many files",
        )


def _some(plan: ContentPlan) -> str:
    pages = [file.key for file in plan.pages][:3]
    return ", ".join(pages) if pages else "no page at all"


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, Path]]:
    """Every file under a folder, with its key."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise _unreadable(prefix or str(folder), error) from None
    for entry in entries:
        if entry.name in LEFT_OUT:
            continue
        key = prefix + entry.name
        path = folder / entry.name
        _check_name(key, entry.name)
        if entry.is_symlink():
            _check_link(key, path)
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(path, f"{key}/")
        elif entry.is_file():
            yield key, path
        else:
            raise ContentError(f"{key}, which is neither file nor folder", "files and folders")


def _check_name(key: str, name: str) -> None:
    if any(fnmatchcase(name, pattern) for pattern in PRIVATE):
        raise ContentError(
            f"{key} in the built site",
            f"no {', '.join(PRIVATE)}",
            "it would be on the internet; leave it out of the build",
        )
    try:
        length = len(key.encode())
    except UnicodeEncodeError:
        shown = key.encode(errors="backslashreplace").decode()
        raise ContentError(
            f"the name {shown}, which is no UTF-8", "names in UTF-8, as object keys are"
        ) from None
    if not key.isprintable():
        shown = key.encode("unicode_escape").decode()
        raise ContentError(f"the name {shown}", "names of visible characters and spaces")
    if length > LONGEST_KEY:
        raise ContentError(
            f"a path of {length} bytes: {key[:60]}...",
            f"at most {LONGEST_KEY}, as object keys have",
        )
    if f"/{key}/".startswith(HIDDEN):
        raise ContentError(key, f"names outside {HIDDEN}", "deployments keep their own there")


def _check_link(key: str, path: Path) -> None:
    """A link may stand for a file of the same folder; all else is not the built site."""
    target = path.resolve()
    root = path
    for _ in key.split("/"):
        root = root.parent
    if not target.exists():
        raise ContentError(f"{key}, a link to what is not there", "files, and links to them")
    if target.is_dir():
        raise ContentError(f"{key}, a link to a folder", "the files themselves")
    if not target.is_relative_to(root.resolve()):
        raise ContentError(
            f"{key}, a link that leads out of the built site", "the file itself, or no link"
        )


def _file(
    key: str,
    path: Path,
    immutable: list[Pattern[str]],
    cached: list[tuple[Pattern[str], str]],
) -> SiteFile:
    suffix = path.suffix.lower()
    lasting = suffix not in PAGES and any(pattern.match(key) for pattern in immutable)
    chosen = next((header for pattern, header in cached if pattern.match(key)), None)
    digest, size = _digest(key, path)
    return SiteFile(
        key=key,
        source=path,
        content_type=NAMED.get(key) or TYPES.get(suffix, UNKNOWN_TYPE),
        cache_control=chosen or (YEAR if lasting else ALWAYS_ASK),
        digest=digest,
        size=size,
        immutable=lasting,
    )


def _digest(key: str, path: Path) -> tuple[str, int]:
    """SHA-256 and length of a file."""
    try:
        size = path.stat().st_size
        if size > MOST_CONTENT:
            raise ContentError(
                f"{key} of {size / 1024**3:.0f} GiB",
                f"at most {MOST_CONTENT // 1024**3} GiB",
                "`external` or `bucket` suits large content",
            )
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest(), size
    except OSError as error:
        raise _unreadable(key, error) from None


def _unreadable(key: str, error: OSError) -> ContentError:
    return ContentError(f"{key}, which can't be read ({error.strerror})", "files that can be read")


def _matcher(pattern: str) -> Pattern[str]:
    return compile(translate(pattern))
