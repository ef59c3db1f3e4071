"""The API operation that makes each of this package's types."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:kinesis/videoStream:VideoStream": call("kinesisvideo", "CreateStream", name="StreamName"),
}
