"""How functions are declared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from components.contracts import Domain
from components.functions.function import function_name
from components.functions.links import OFFER
from components.functions.settings import FunctionSettings
from components.naming import Kind, Naming
from components.parts.changes import Change, Downtime
from components.parts.declaration import (
    ACCESS,
    CONFIGURATION,
    Problem,
    Resource,
    StackFacts,
    TakenName,
    Tier,
)
from components.parts.image_uri import private_repository
from components.parts.shown import LAMBDA, Category, Column, Shown


def _names(key: str, settings: FunctionSettings, naming: Naming) -> Iterator[TakenName]:
    setting = ("name",) if settings.name else ()
    yield TakenName("function", partial(function_name, key, settings, naming), setting)
    yield TakenName("queue", partial(naming.of, Kind.QUEUE, key, "failed-events"))
    for name, trigger in settings.triggers.items():
        if trigger.schedule is not None:
            at = ("triggers", name)
            yield TakenName("schedule", partial(naming.of, Kind.SCHEDULE, f"{key}-{name}"), at)


def _images_lambda_takes(
    _: str, settings: FunctionSettings, stack: StackFacts
) -> Iterator[Problem]:
    """Lambda pulls from ECR of its own region, and nothing builds an image for it here."""
    image = settings.image
    if image is None:
        return
    if image.build is not None:
        yield Problem(
            ("image", "build"),
            "an image that is built here",
            "`tag` or `digest` of one that was pushed",
            "only images of services and jobs are built by `pulumi up`",
        )
    if image.uri is not None:
        own = private_repository(image.uri)
        if own is None or own.region != stack.region:
            yield Problem(
                ("image", "uri"),
                f"an image of {image.uri.partition('/')[0]}",
                f"an image of a private repository of ECR in {stack.region}",
                "Lambda takes no other: copy it into a repository of your own",
            )
    if image.uri is None and image.build is None and not (image.tag or image.digest):
        yield Problem(("image",), "a repository alone", "its `tag` or `digest` too")


TIERS = (
    Tier(
        field="functions",
        settings=FunctionSettings,
        components={
            "trellis:functions:Function": Shown(
                "function",
                glyph=LAMBDA,
                category=Category.COMPUTE,
                column=Column.COMPUTE,
                icon=r"AWS-?Lambda",
                runs=True,
            ),
        },
        resources={
            "aws:lambda/alias:Alias": Resource(
                CONFIGURATION,
                facts=("functionVersion",),
                change=Change(place=("functionName", "name")),
            ),
            "aws:lambda/eventSourceMapping:EventSourceMapping": Resource(
                "what it can't hand over stays in its source, whose age is watched, or goes to "
                "the function's dead letters",
                facts=("eventSourceArn", "batchSize"),
                change=Change(
                    downtime=Downtime(
                        "of a stream it begins anew where `start` says: records are skipped "
                        "(latest) or read twice (trimHorizon)"
                    ),
                    place=("eventSourceArn", "functionName"),
                ),
            ),
            "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": Resource(
                CONFIGURATION, facts=("maximumRetryAttempts",)
            ),
            "aws:lambda/functionUrl:FunctionUrl": Resource(
                ACCESS, facts=("authorizationType",), change=Change(moves="its address")
            ),
            "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": Resource(
                "its function tells of runs that found none ready",
                facts=("provisionedConcurrentExecutions",),
            ),
        },
        keys=frozenset({Domain.MESSAGES, Domain.SECRETS}),
        offer=OFFER,
        names=_names,
        checks=(_images_lambda_takes,),
    ),
)
"""What this package adds to a stack file."""
