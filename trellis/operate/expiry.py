"""The last day of a deployed stack, as its state has it in the tags of everything it made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from components.tags import EXPIRES
from trellis.stackfile.tree import is_list, is_mapping

PROVIDER = "pulumi:providers:aws"


def end_of(document: Any) -> tuple[str, date] | None:
    """The name and last day of a stack that `pulumi stack export` wrote; None for one that has no
    end, or in which nothing stands.

    Raises:
        ValueError: it is no such document; the text says what was found.
    """
    deployment = document.get("deployment") if is_mapping(document) else None
    if not is_mapping(deployment):
        raise ValueError("no `deployment`; allowed: what `pulumi stack export` writes")
    resources: Any = deployment.get("resources") or []
    for resource in resources if is_list(resources) else ():
        if is_mapping(resource) and resource.get("type") == PROVIDER:
            end = _tags(resource).get(EXPIRES)
            if end is not None:
                stack = str(resource["urn"]).split("::")[0].removeprefix("urn:pulumi:")
                return stack, date.fromisoformat(str(end))
    return None


def _tags(provider: Mapping[str, Any]) -> Mapping[str, Any]:
    """The default tags of a provider; its blocks travel as JSON text."""
    inputs: Mapping[str, Any] = provider.get("inputs") or {}
    tags: Any = inputs.get("defaultTags")
    block: Any = json.loads(tags) if isinstance(tags, str) else tags
    return block.get("tags") or {} if is_mapping(block) else {}
