"""How streams are declared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from components.contracts import Domain
from components.naming import Naming
from components.parts.adoption import Adopts, by_key, named
from components.parts.changes import Change, Unique
from components.parts.declaration import (
    ACCESS,
    CONFIGURATION,
    ComponentContext,
    Data,
    Resource,
    TakenName,
    Tier,
    Watched,
)
from components.parts.shown import Category, Shown
from components.stream.changes import shards
from components.stream.links import OFFER
from components.stream.names import STREAM_NAME
from components.stream.settings import StreamSettings
from components.stream.stream import Stream
from components.stream.stream_name import stream_name


def _names(key: str, settings: StreamSettings, naming: Naming) -> Iterator[TakenName]:
    setting = ("name",) if settings.name else ()
    yield TakenName("stream", partial(stream_name, key, settings, naming), setting)


def _make(key: str, settings: StreamSettings, stack: ComponentContext) -> Stream:
    return Stream(
        key,
        settings,
        naming=stack.naming,
        where=stack.where,
        key_arn=stack.key(Domain.DATA),
        protect=stack.protect,
        opts=stack.child,
    )


TIERS = (
    Tier(
        field="streams",
        settings=StreamSettings,
        components={
            "trellis:stream:Stream": Shown(
                "stream",
                glyph="M2 6c3-3 4 3 7 0s4 3 7 0M2 12c3-3 4 3 7 0s4 3 7 0",
                category=Category.MESSAGES,
                icon=r"Kinesis",
            ),
        },
        resources={
            "aws:kinesis/stream:Stream": Resource(
                Watched(
                    (
                        "GetRecords.IteratorAgeMilliseconds",
                        "ReadProvisionedThroughputExceeded",
                        "WriteProvisionedThroughputExceeded",
                    )
                ),
                facts=("name", "shardCount", "retentionPeriod"),
                data=Data("records", "name", "let consumers read it to its end first"),
                unique=Unique("region", ("name",)),
                change=Change(
                    shorter={"retentionPeriod": ("records older than", "hours")}, refusals=(shards,)
                ),
            ),
            "aws:kinesis/streamConsumer:StreamConsumer": Resource(
                CONFIGURATION, facts=("name",), change=Change(place=("streamArn", "name"))
            ),
            "aws:kinesis/resourcePolicy:ResourcePolicy": Resource(
                ACCESS,
                change=Change(
                    same=("resourceArn",), deletion="other accounts can't put records any more"
                ),
            ),
        },
        keys=frozenset({Domain.DATA}),
        offer=OFFER,
        adopts=Adopts(
            ("aws:kinesis/stream:Stream",),
            over=("policy",),
            also=("consumers",),
            name=named(STREAM_NAME),
            given=by_key(STREAM_NAME),
        ),
        names=_names,
        make=_make,
    ),
)
"""What this package adds to a stack file."""
