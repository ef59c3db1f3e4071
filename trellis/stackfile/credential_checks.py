"""Credentials that somebody typed where a text belongs: a stack file and the state have readers."""

from __future__ import annotations

from collections.abc import Iterator

from policies.guardrails.secret_values import certain_kind
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.context import Context
from trellis.stackfile.layers import SYSTEM
from trellis.stackfile.settings import SystemSettings
from trellis.stackfile.shape import Scalar, at
from trellis.stackfile.tree import leaves


def typed(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Any text that is a credential by its form, but for what is kept `secure:`."""
    data = settings.model_dump(mode="json", by_alias=True, exclude_unset=True)
    for path, value in leaves(data):
        kind = certain_kind(value) if isinstance(value, str) else None
        if kind is None or any(
            isinstance(shape, Scalar) and shape.confidential for shape in at(SYSTEM, path, data)
        ):
            continue
        yield (
            path,
            kind,
            "a text without credentials: whoever reads the file or the state would have it",
            "`secrets: {KEY: {}}` makes room for it, `trellis secrets set` puts it in, and "
            "`uses: [{secret: KEY}]` reads it",
        )


CHECKS = (typed,)
