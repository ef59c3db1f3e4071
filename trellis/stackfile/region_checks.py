"""Regions and ARNs that name no region of AWS, or one of another partition.

A misspelt region has the right form; AWS answers for none, so every call fails after a long wait.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from components.parts.regions import PARTITIONS, REGION_FORM, known_regions, partition_of
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.context import Context
from trellis.stackfile.layers import SYSTEM
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.settings import SystemSettings
from trellis.stackfile.shape import Scalar, at
from trellis.stackfile.suggesting import did_you_mean
from trellis.stackfile.values import values

NEW: KeyPath = ("provider", "newRegions")
ARN = re.compile(r"arn:(?P<partition>[a-z-]+):[a-z0-9-]+:(?P<region>[^:]*):.*", re.DOTALL)
WHOLE = re.compile(rf"com\.amazonaws\.(?P<region>{REGION_FORM.strip('^$')})\..+")
SHOWN = 6
"""Regions of the partition that an error names where none is alike."""


def regions(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Regions that AWS has not, by themselves and in ARNs, and those of another partition."""
    new = settings.provider.new_regions
    home = partition_of(settings.region)
    named: set[str] = set()
    for path, text in values(settings):
        if not isinstance(text, str) or path[: len(NEW)] == NEW:
            continue
        arn = ARN.fullmatch(text) if text.startswith("arn:") else None
        if arn is None and not re.fullmatch(REGION_FORM, text):
            continue
        if not _is_place(path, arn is not None):
            continue
        region = text if arn is None else arn["region"]
        named.add(region)
        if region and "*" not in region and region not in known_regions() and region not in new:
            yield _unknown(path, text, region, home)
        elif arn is not None and arn["partition"] != home:
            yield (
                path,
                f"an ARN of the partition {arn['partition']}",
                f"one of {home}, which {settings.region} is in",
                "nothing reaches from one partition of AWS into another",
            )
        elif arn is None and partition_of(region) != home:
            yield (
                path,
                f"{region}, a region of the partition {partition_of(region)}",
                f"one of {home}, which {settings.region} is in",
                "nothing reaches from one partition of AWS into another",
            )
    if home not in PARTITIONS:
        yield (
            ("region",),
            f"{settings.region}, a region of the partition {home}",
            f"one of {', '.join(PARTITIONS)}",
            "Trellis knows no addresses of the others",
        )
    yield from _new(new, named)
    endpoints = settings.network.endpoints if settings.network is not None else ()
    for position, service in enumerate(() if endpoints == "auto" else endpoints):
        place = WHOLE.fullmatch(service)
        if place is not None and place["region"] != settings.region:
            yield (
                ("network", "endpoints", position),
                f"an endpoint service of {place['region']}",
                f"one of {settings.region}, where the network is",
                "",
            )


def _unknown(path: KeyPath, text: str, region: str, home: str) -> Complaint:
    there = sorted(name for name, partition in known_regions().items() if partition == home)
    hint = did_you_mean(region, there) or f"as in {', '.join(there[:SHOWN])}"
    later = "one that is newer than this AWS SDK stands in `provider.newRegions` as well"
    found = region if text == region else f"an ARN in {region}"
    return path, f"{found}, which is no region of AWS", "a region of AWS", f"{hint} ({later})"


def _new(new: tuple[str, ...], named: set[str]) -> Iterator[Complaint]:
    for position, region in enumerate(new):
        path = (*NEW, position)
        if region in known_regions():
            yield path, f"{region}, which is known", "a region that the AWS SDK does not know", ""
        elif region not in named:
            yield path, f"{region}, which nothing here names", "one that the stack file names", ""


def _is_place(path: KeyPath, is_arn: bool) -> bool:
    """Whether a field is one of regions or ARNs, and no free text that looks like one."""
    patterns = [s.pattern or "" for s in at(SYSTEM, path) if isinstance(s, Scalar)]
    return any("arn:aws" in p if is_arn else p == REGION_FORM for p in patterns)


CHECKS = (regions,)
