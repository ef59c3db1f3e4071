"""The controls, one module a service."""

from collections.abc import Sequence
from typing import Final

from ..control import Control
from . import rds

SERVICES: Final[Sequence[Sequence[Control]]] = (rds.CONTROLS,)
