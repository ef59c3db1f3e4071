"""Rules by resource type. A module says of its types what they charge, why they are free, or why
nobody can price them; a type stands in one of the three, and in one module.

To price a new type: a rule in the module of its service, which yields `Charge`s by the keys of the
price data, or a row in its `FREE` or `NOT_PRICED`. Amounts of use that the rule asks for stand in
`trellis/price/usage.py`, and what a person may state of them in `trellis/stackfile/usage.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from trellis.price.asked import Asked
from trellis.price.lines import Free, Said
from trellis.price.rules import (
    containers,
    databases,
    edge,
    lake,
    messaging,
    monitoring,
    network,
    security,
    serverless,
    storage,
)

Rule: TypeAlias = Callable[[Asked], Iterator[Said]]

RULES: Mapping[str, Rule] = {
    **containers.RULES,
    **databases.RULES,
    **edge.RULES,
    **lake.RULES,
    **messaging.RULES,
    **monitoring.RULES,
    **network.RULES,
    **security.RULES,
    **serverless.RULES,
    **storage.RULES,
}
"""What a resource is charged for, by its type."""

FREE: Mapping[str, Free] = {
    **containers.FREE,
    **databases.FREE,
    **edge.FREE,
    **lake.FREE,
    **messaging.FREE,
    **monitoring.FREE,
    **network.FREE,
    **security.FREE,
    **serverless.FREE,
    **storage.FREE,
}
"""Why a type costs nothing by itself."""

NOT_PRICED: Mapping[str, str] = {
    **lake.NOT_PRICED,
    **messaging.NOT_PRICED,
    **monitoring.NOT_PRICED,
    **security.NOT_PRICED,
}
"""Why a type that costs has no price here."""

ALSO: Mapping[str, tuple[Rule, ...]] = {
    databases.INSTANCE: (security.managed_secret,),
    databases.CLUSTER: (security.managed_secret,),
}
"""What a type is charged for beside its own rule, by rules of another service."""
