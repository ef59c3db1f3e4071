"""The controls, one module a service or two."""

from collections.abc import Sequence
from typing import Final

from ..control import Control
from . import (
    account,
    analytics,
    apis,
    balancers,
    bucket_access,
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
    rds_users,
    reach,
    repositories,
    s3,
    sharing,
    waf,
)

SERVICES: Final[Sequence[Sequence[Control]]] = tuple(
    module.CONTROLS
    for module in (
        s3,
        bucket_access,
        rds,
        rds_users,
        data_stores,
        containers,
        repositories,
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
