"""What a built folder becomes: objects with their type, cache header and place in the order.

Pure and linear in the number of files: each is read once, for its digest. Content types come from
a table of our own, because Python's `mimetypes` reads the machine's files and two machines would
plan different uploads.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import translate
from pathlib import Path
from re import Pattern, compile

from components.sites.settings import ContentSettings

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

UNKNOWN_TYPE = "application/octet-stream"

PAGES = (".htm", ".html")
"""What names the other files, so it comes last."""


class ContentError(Exception):
    """The folder can't be a site; the text says what was found and what to do."""


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
    immutable: bool
    """Whether its name changes with its content."""

    @property
    def page(self) -> bool:
        """Whether it names other files."""
        return self.source.suffix.lower() in PAGES


@dataclass(frozen=True)
class ContentPlan:
    """Everything that one deployment uploads."""

    files: tuple[SiteFile, ...]
    """Sorted by key."""

    @property
    def first(self) -> tuple[SiteFile, ...]:
        """All but pages: nothing asks for them before a page names them."""
        return tuple(file for file in self.files if not file.page)

    @property
    def pages(self) -> tuple[SiteFile, ...]:
        """Uploaded when everything they name is there."""
        return tuple(file for file in self.files if file.page)

    @property
    def manifest(self) -> str:
        """What the deployment consists of, as JSON: digests by key, apart for immutable files."""
        return json.dumps(
            {
                "immutable": {f.key: f.digest for f in self.files if f.immutable},
                "mutable": {f.key: f.digest for f in self.files if not f.immutable},
            },
            separators=(",", ":"),
        )

    @property
    def release(self) -> str:
        """Digest of the manifest: changes with any file, and with nothing else."""
        return hashlib.sha256(self.manifest.encode()).hexdigest()


def plan_content(folder: Path, settings: ContentSettings, index: str) -> ContentPlan:
    """Plan the upload of a built folder.

    Raises:
        ContentError: there is no such folder, no index page in it, or a name S3 would not serve.
    """
    if not folder.is_dir():
        raise ContentError(f"no folder {folder}: build the site before deploying it")
    immutable = [_matcher(pattern) for pattern in settings.immutable]
    cached = [(_matcher(pattern), header) for pattern, header in settings.cache.items()]
    files = tuple(
        _file(folder, path, immutable, cached) for path in sorted(_paths(folder), key=str)
    )
    if index not in {file.key for file in files}:
        raise ContentError(f"no {index} in {folder}: build the site, or say another `index`")
    return ContentPlan(tuple(sorted(files, key=lambda file: file.key)))


def _paths(folder: Path) -> Iterable[Path]:
    for path in folder.rglob("*"):
        if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
            raise ContentError(f"{path} leads out of {folder}: only what is in it is uploaded")
        if path.is_file() and path.name not in {".DS_Store", "Thumbs.db"}:
            yield path


def _file(
    folder: Path,
    path: Path,
    immutable: list[Pattern[str]],
    cached: list[tuple[Pattern[str], str]],
) -> SiteFile:
    key = path.relative_to(folder).as_posix()
    if len(key.encode()) > 1024:
        raise ContentError(f"{path} has a name longer than the 1024 bytes of an object key")
    suffix = path.suffix.lower()
    lasting = suffix not in PAGES and any(each.match(key) for each in immutable)
    chosen = next((header for each, header in cached if each.match(key)), None)
    return SiteFile(
        key=key,
        source=path,
        content_type=TYPES.get(suffix, UNKNOWN_TYPE),
        cache_control=chosen or (YEAR if lasting else ALWAYS_ASK),
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
        immutable=lasting,
    )


def _matcher(pattern: str) -> Pattern[str]:
    return compile(translate(pattern))
