"""The account's baseline, for the stack that sets it up, with the buckets that keep its records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.baseline.baseline import TOKEN_AUDIENCE, Baseline, Store, trail_name
from components.baseline.settings import AUDIT_BUCKETS
from components.baseline.trusts import configuration_writes, trail_writes
from components.bucket.bucket import Bucket
from components.contracts import Arn, Domain
from components.parts.token_trust import GITHUB
from components.table.table import Table
from trellis.stackfile.settings import SystemSettings
from trellis.tiers.deliveries import issuers_of
from trellis.tiers.identities import audiences_of
from trellis.tiers.stack_context import StackContext

TRAIL, CONFIGURATION = AUDIT_BUCKETS["trail"], AUDIT_BUCKETS["configuration"]

OBJECTS, ITEMS = "AWS::S3::Object", "AWS::DynamoDB::Table"
"""CloudTrail's types of what is read and written ("Logging data events", 2026-11)."""


@dataclass(frozen=True)
class Account:
    """What the baseline did."""

    sealed: tuple[str, ...] = ()
    """Keys of buckets whose policies stand."""
    sign_in: tuple[pulumi.Resource, ...] = ()
    """What must be there before a role can trust a pipeline."""
    api_logs: tuple[pulumi.Resource, ...] = ()
    """What must be there before an API logs."""
    catalog_encryption: tuple[pulumi.Resource, ...] = ()
    """What must be there before a catalog, so that it is encrypted from the first."""


def make_baseline(
    stack: StackContext, buckets: Mapping[str, Bucket], tables: Mapping[str, Table]
) -> Account:
    """Set up the baseline, where the stack file says so.

    AWS tries at once whether it may write there, so these policies can't wait for the others.
    """
    settings = stack.settings.baseline
    _warn_of_api_logs(stack.settings)
    if settings is None:
        return Account()
    if settings.makes("trail"):
        arn = stack.where.arn("cloudtrail", f"trail/{trail_name(stack.naming)}")
        buckets[TRAIL].trust(*trail_writes(arn))
    if settings.makes("configuration"):
        buckets[CONFIGURATION].trust(*configuration_writes(stack.where))
    sealed = {key: buckets[key].seal() for key in (TRAIL, CONFIGURATION) if key in buckets}
    recorded: dict[str, list[Arn]] = {
        OBJECTS: [f"{buckets[key].arn}/" for key in settings.trail.buckets],
        ITEMS: [tables[key].arn for key in settings.trail.tables],
    }
    made = Baseline(
        "baseline",
        settings,
        naming=stack.naming,
        where=stack.where,
        trail_store=_store(buckets, sealed, TRAIL),
        configuration_store=_store(buckets, sealed, CONFIGURATION),
        log_key_arn=stack.key(Domain.LOGS),
        recorded=recorded,
        issuers=_issuers(stack.settings),
        logs_apis=any(api.kind == "rest" for api in stack.settings.apis.values()),
        catalog_key_arn=stack.key(Domain.DATA) if stack.settings.catalogs else None,
        opts=stack.child,
    )
    return Account(tuple(sealed), made.sign_in, made.api_logs, made.catalog_encryption)


def _warn_of_api_logs(settings: SystemSettings) -> None:
    """Tell of REST APIs whose stage AWS refuses, unless the region has the role already."""
    logs = any(api.kind == "rest" for api in settings.apis.values())
    baseline = settings.baseline
    known = baseline is not None and (baseline.makes("apiLogs") or "apiLogs" in baseline.elsewhere)
    if logs and not known:
        pulumi.log.warn(
            "AWS refuses the stage of a REST API where API Gateway may not write logs yet in this "
            "region: `baseline: {}` lets it, `baseline: {elsewhere: [apiLogs]}` says that another "
            "stack did"
        )


def _issuers(settings: SystemSettings) -> dict[str, set[str]]:
    """Whose tokens count, and whom they may be meant for."""
    found = audiences_of(settings)
    for issuer, audiences in issuers_of(settings).items():
        found.setdefault(issuer, set()).update(audiences)
    if _has_pipelines(settings):
        found.setdefault(GITHUB, set()).add(TOKEN_AUDIENCE)
    return found


def _has_pipelines(settings: SystemSettings) -> bool:
    return any(site.content.external is not None for site in settings.sites.values())


def _store(
    buckets: Mapping[str, Bucket], sealed: Mapping[str, pulumi.Resource], key: str
) -> Store | None:
    return Store(buckets[key].name, sealed[key]) if key in sealed else None
