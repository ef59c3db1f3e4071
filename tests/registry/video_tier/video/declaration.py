"""How video streams are declared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from components.contracts import Domain
from components.naming import Naming
from components.parts.changes import Change, Unique
from components.parts.declaration import (
    ComponentContext,
    Data,
    Problem,
    Resource,
    StackFacts,
    TakenName,
    Tier,
    Watched,
)
from components.parts.shown import Category, Shown
from components.video.links import OFFER
from components.video.names import VIDEO_NAME
from components.video.settings import VideoSettings
from components.video.video import Video


def _names(key: str, _: VideoSettings, naming: Naming) -> Iterator[TakenName]:
    yield TakenName("video stream", partial(naming.of, VIDEO_NAME, key))


def _kept_in_production(_: str, settings: VideoSettings, stack: StackFacts) -> Iterator[Problem]:
    if stack.profile == "production" and settings.retention_hours == 0:
        yield Problem(("retentionHours",), "0", "at least 1 in production")


def _make(key: str, settings: VideoSettings, stack: ComponentContext) -> Video:
    return Video(
        key,
        settings,
        naming=stack.naming,
        where=stack.where,
        key_arn=stack.key(Domain.DATA),
        opts=stack.child,
    )


TIERS = (
    Tier(
        field="videos",
        settings=VideoSettings,
        components={
            "trellis:video:Video": Shown(
                "video stream",
                glyph="M2 5h9v8H2zM11 8l5-3v8l-5-3",
                category=Category.MESSAGES,
            ),
        },
        resources={
            "aws:kinesis/videoStream:VideoStream": Resource(
                Watched(("PutMedia.ErrorAckCount",)),
                facts=("name", "dataRetentionInHours"),
                data=Data("pictures", "name", "send them again"),
                unique=Unique("region", ("name",)),
                change=Change(shorter={"dataRetentionInHours": ("pictures older than", "hours")}),
            ),
        },
        keys=frozenset({Domain.DATA}),
        offer=OFFER,
        names=_names,
        checks=(_kept_in_production,),
        make=_make,
    ),
)
"""What this package adds to a stack file."""
