"""Tags that AWS refuses, or that Trellis sets itself: of the whole stack, and of single buckets."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping

from components.tags import RESERVED
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.context import Context
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.settings import SystemSettings

TAG_KEY, TAG_VALUE, TAGS = 128, 256, 50
"""Characters of a tag's key and value, and tags a resource ("Tag naming limits and requirements",
Tagging AWS Resources User Guide, 2026-11)."""

SIGNS = "_.:/=+-@"
"""What a tag may have beside letters, digits and spaces; IAM refuses a role with others
("CreateRole", IAM API Reference: Tag, 2026-11)."""

OWN = ("Name", *RESERVED)
"""Keys that Trellis sets itself."""


def tags(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Tags of everything in the stack."""
    path: KeyPath = ("tags",)
    seen: dict[str, str] = {}
    own = {key.lower() for key in OWN}
    for key in settings.tags:
        first = seen.setdefault(key.lower(), key)
        if first != key:
            yield (
                (*path, key),
                f"the key {key}, which is {first} but for case",
                "keys that differ by more than case",
                "IAM takes both for one key and refuses every role",
            )
        if key.lower() in own:
            yield (*path, key), f"the key {key}", "any other key", "Trellis sets it itself"
    yield from _written(path, settings.tags)
    yield from _too_many(path, settings.tags, ())


def bucket_tags(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Tags of single buckets: S3 tells keys apart by case."""
    for name, bucket in settings.buckets.items():
        path: KeyPath = ("buckets", name, "tags")
        for key in bucket.tags:
            if key in OWN:
                yield (*path, key), f"the key {key}", "any other key", "Trellis sets it itself"
        yield from _written(path, bucket.tags)
        if bucket.tags:
            yield from _too_many(path, bucket.tags, settings.tags)


def _written(path: KeyPath, given: Mapping[str, str]) -> Iterator[Complaint]:
    for key, value in given.items():
        place = (*path, key)
        if key.lower().startswith("aws:"):
            yield place, f"the key {key}", "a key that does not begin with aws:", ""
        if not 1 <= len(key) <= TAG_KEY:
            yield place, f"a key of {len(key)} characters", f"1 to {TAG_KEY}", ""
        if len(value) > TAG_VALUE:
            yield place, f"a value of {len(value)} characters", f"at most {TAG_VALUE}", ""
        for what, text in (("key", key), ("value", value)):
            refused = "".join(dict.fromkeys(sign for sign in text if not _is_taken(sign)))
            if refused:
                yield (
                    place,
                    f"a {what} with {refused!r}",
                    f"letters, digits, spaces and {' '.join(SIGNS)}",
                    "AWS refuses whatever is to bear another",
                )


def _is_taken(sign: str) -> bool:
    return sign in SIGNS or unicodedata.category(sign)[0] in "LNZ"


def _too_many(
    path: KeyPath, given: Mapping[str, str], beside: Collection[str]
) -> Iterator[Complaint]:
    most = TAGS - len(OWN) - len({*beside} - {*given})
    if len(given) > most:
        yield (
            path,
            f"{len(given)} tags",
            f"at most {most}: AWS takes {TAGS}",
            f"Trellis adds {', '.join(OWN)}" + (", `tags` the rest" if beside else ""),
        )


CHECKS = (tags, bucket_tags)
