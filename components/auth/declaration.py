"""How user pools are declared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from components.auth.changes import user_attributes
from components.auth.links import OFFER
from components.auth.names import USER_POOL_NAME
from components.auth.providers import function_thing
from components.auth.settings import UserPoolSettings
from components.naming import Kind, Naming
from components.parts.adoption import Adopts, by_key
from components.parts.changes import Change, Downtime, Unique
from components.parts.declaration import (
    ACCESS,
    CONFIGURATION,
    RECORDS,
    ROUTING,
    Data,
    Resource,
    TakenName,
    Tier,
)
from components.parts.shown import Category, Column, Shown


def _names(key: str, settings: UserPoolSettings, naming: Naming) -> Iterator[TakenName]:
    if settings.existing is not None:
        return
    setting = ("name",) if settings.name else ()
    yield TakenName("user pool", partial(naming.of, USER_POOL_NAME, settings.name or key), setting)
    domain = settings.domain
    if domain is not None:
        yield TakenName("domain of users", lambda: domain.prefix, ("domain", "prefix"))
    if settings.providers:
        yield TakenName("function", partial(naming.of, Kind.FUNCTION, function_thing(key)))


TIERS = (
    Tier(
        field="user_pools",
        settings=UserPoolSettings,
        components={
            "trellis:auth:UserPool": Shown(
                "user pool",
                glyph="M9 3a3 3 0 100 6 3 3 0 000-6zM3 16c0-6 12-6 12 0z",
                category=Category.SECURITY,
                column=Column.EDGE,
                icon=r"Cognito",
            ),
        },
        resources={
            "aws:cognito/userGroup:UserGroup": Resource(
                ACCESS, facts=("name",), change=Change(place=("userPoolId", "name"))
            ),
            "aws:cognito/userPool:UserPool": Resource(
                RECORDS,
                facts=("name", "mfaConfiguration"),
                data=Data(
                    "users",
                    None,
                    "import them from a file, or let them in one by one by a `userMigration` "
                    "trigger; passwords can't be read",
                ),
                change=Change(guard="deletionProtection", refusals=(user_attributes,)),
            ),
            "aws:cognito/userPoolClient:UserPoolClient": Resource(
                CONFIGURATION,
                facts=("name", "explicitAuthFlows"),
                change=Change(
                    moves="its client id, which applications sign in by",
                    deletion="its client id goes: applications that sign in by it are refused",
                ),
            ),
            "aws:cognito/userPoolDomain:UserPoolDomain": Resource(
                ROUTING,
                facts=("domain",),
                unique=Unique("world", ("domain",)),
                change=Change(
                    moves="the address of its sign-in pages",
                    downtime=Downtime("nobody can sign in on its pages meanwhile"),
                ),
            ),
        },
        keys=frozenset(),
        offer=OFFER,
        adopts=Adopts(
            ("aws:cognito/userPool:UserPool",),
            also=("clients", "groups", "domain"),
            given=by_key(USER_POOL_NAME),
        ),
        names=_names,
    ),
)
"""What this package adds to a stack file."""
