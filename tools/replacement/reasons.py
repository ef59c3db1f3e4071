"""Why one source says that a property replaces and the other does not."""

from __future__ import annotations

from collections.abc import Mapping

PROVIDER_ALONE: Mapping[tuple[str, str], str] = {
    ("", ""): "not create-only in CloudFormation's schema; the provider has no call to change it",
}
"""By type and path, where the provider replaces and CloudFormation changes in place."""

ALSO: Mapping[tuple[str, str], str] = {
    ("aws:dynamodb/table:Table", "localSecondaryIndexes"): (
        "one that is added can be asked about together with its attributes only"
    ),
}
"""By type and path, where the provider replaces for every kind of edit and can be asked about some
only (`ForceNew` in its source)."""

IN_PLACE: Mapping[tuple[str, str] | str, str] = {
    "": "create-only in CloudFormation's schema; the provider has a call to change it",
}
"""By type and property, where CloudFormation replaces and the provider changes in place."""
