"""What follows from using a video stream: its name, and grants on exactly it."""

from __future__ import annotations

import pulumi

from components.contracts import Arn, Grant, Link
from components.parts.access import sid_part
from components.parts.offer import Offer
from components.video.settings import VideoSettings

ACCESSES = {
    "put": ("kinesisvideo:GetDataEndpoint", "kinesisvideo:PutMedia"),
    "watch": ("kinesisvideo:GetDataEndpoint", "kinesisvideo:GetMedia"),
}

OFFER = Offer[VideoSettings](
    kind="video",
    accesses=tuple(ACCESSES),
    default="watch",
    variables={"name": "{KEY}_VIDEO"},
)


def video_link(
    key: str,
    settings: VideoSettings,
    access: str | None,
    *,
    name: str,
    arn: Arn,
    stream: pulumi.Resource,
) -> Link:
    """The link of one access."""
    access = OFFER.chosen(key, settings, access)
    producer = f"{OFFER.kind}-{key}"
    label = f"{access.capitalize()}{sid_part(producer)}"
    return Link(
        producer=producer,
        access=access,
        grants=(Grant(label, ACCESSES[access], (arn,)),),
        environment=OFFER.environment(key, settings, {"name": name}),
        depends_on=(stream,),
    )
