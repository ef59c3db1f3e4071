"""Prices of the real systems' recordings, without planning them again."""

from __future__ import annotations

import functools

from tests.recordings import ROOT, recorded
from trellis.price.pricing import Priced, StackFolder, price_of


@functools.cache
def priced(project: str, stack: str) -> Priced:
    """The price of one real stack, with what its file states of use."""
    return price_of(StackFolder(ROOT / project, stack), recorded(project, stack, "preview"))
