"""Who gets past a distribution: functions that only it may call, and signatures by key groups."""

from typing import Final

from .. import aws
from ..control import Control, Severity, Verdict, not_applicable, require, where
from ..define import Facts, of_own_code, resource_control
from ..evidence import Resource
from ..reading import Reading
from ..unknown import Tri, any_of

_CDN: Final = "AmazonCloudFront/latest/DeveloperGuide/"


def _is_function(origin: Reading) -> Tri:
    return origin["domainName"].matches(r"\.lambda-url\.[a-z0-9-]+\.on\.aws$")


@resource_control(
    Facts(
        "CloudFront.16",
        "Function URLs behind a distribution answer to it alone",
        Severity.MEDIUM,
        "sites.<key> and apis.<key> put no function URL behind a distribution",
        "OriginAccessControl(origin_access_control_origin_type='lambda', ...) at the origin",
        _CDN + "private-content-restricting-access-to-lambda.html",
    ),
    aws.DISTRIBUTION,
)
def function_origins_private(distribution: Resource) -> Verdict:
    origins = distribution["origins"]
    open_ = origins.some(lambda one: _is_function(one) & one["originAccessControlId"].absent())
    return where(
        origins.some(_is_function),
        require(~open_, "a function URL is an origin without originAccessControlId"),
        "no function URL is an origin",
    )


@resource_control(
    of_own_code(
        "CloudFront.17",
        "Signed URLs and cookies are checked by key groups",
        Severity.MEDIUM,
        "trusted_key_groups=[group.id] instead of trusted_signers",
        _CDN + "private-content-trusted-signers.html",
        stack="sites.<key> asks for no signed URLs or cookies",
    ),
    aws.DISTRIBUTION,
)
def signed_by_key_groups(distribution: Resource) -> Verdict:
    behaviors = (distribution["defaultCacheBehavior"], distribution["orderedCacheBehaviors"])
    accounts = any_of(
        those.some(lambda one: one["trustedSigners"].present()) for those in behaviors
    )
    groups = any_of(
        those.some(lambda one: one["trustedKeyGroups"].present()) for those in behaviors
    )
    if accounts is Tri.NO and groups is Tri.NO:
        return not_applicable("it asks for no signatures")
    return require(~accounts, "trustedSigners names accounts, whose root users make the keys")


CONTROLS: Final[tuple[Control, ...]] = (function_origins_private, signed_by_key_groups)
