"""AWS's regions by partition, as the AWS SDK that Trellis runs with knows them.

Read from botocore's own file (`botocore/data/partitions.json`), without importing botocore, which
takes longer than a plan.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

from pydantic import StringConstraints

REGION_FORM = r"^[a-z]{2}(-[a-z]+)+-\d$"
"""What the name of a region looks like."""

RegionName = Annotated[str, StringConstraints(pattern=REGION_FORM)]

PARTITIONS = ("aws", "aws-cn", "aws-us-gov")
"""Those whose ARNs and addresses Trellis writes."""


@cache
def known_regions() -> Mapping[str, str]:
    """The partition of every region that the SDK knows."""
    return {
        region: str(partition["id"])
        for partition in _partitions()
        for region in partition["regions"]
        if re.fullmatch(REGION_FORM, region)
    }


@cache
def partition_of(region: str) -> str:
    """The ARN partition of a region, one that is newer than the SDK included."""
    known = known_regions().get(region)
    if known is not None:
        return known
    fitting = (str(p["id"]) for p in _partitions() if re.fullmatch(p["regionRegex"], region))
    return next(fitting, PARTITIONS[0])


@cache
def _partitions() -> tuple[Mapping[str, Any], ...]:
    spec = find_spec("botocore")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("botocore, whose list of regions Trellis reads")
    file = Path(spec.origin).parent / "data" / "partitions.json"
    return tuple(json.loads(file.read_text(encoding="utf-8"))["partitions"])
