"""A stream's name and ARN, known before it is made."""

from __future__ import annotations

from components.contracts import AccountRegion, Arn
from components.naming import Naming
from components.stream.names import STREAM_NAME
from components.stream.settings import StreamSettings


def stream_name(key: str, settings: StreamSettings, naming: Naming) -> str:
    """The physical name, known from the settings alone."""
    return naming.of(STREAM_NAME, settings.name or key)


def stream_arn(key: str, settings: StreamSettings, naming: Naming, where: AccountRegion) -> Arn:
    """Its ARN."""
    return where.arn("kinesis", f"stream/{stream_name(key, settings, naming)}")
