"""The controls, one module a service or two."""

from collections.abc import Sequence
from typing import Final

from ..control import Control
from . import (
    account,
    analytics,
    apis,
    balancers,
    containers,
    data_stores,
    dns,
    edge,
    encryption,
    functions,
    iam,
    messaging,
    network,
    observability,
    rds,
    reach,
    s3,
    sharing,
    waf,
)

SERVICES: Final[Sequence[Sequence[Control]]] = tuple(
    module.CONTROLS
    for module in (
        s3,
        rds,
        data_stores,
        containers,
        balancers,
        edge,
        waf,
        network,
        reach,
        dns,
        encryption,
        functions,
        observability,
        messaging,
        iam,
        sharing,
        apis,
        analytics,
        account,
    )
)
