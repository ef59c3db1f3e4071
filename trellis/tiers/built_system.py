"""What `build` gives back: every component by its key, for a program that goes on from there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

import pulumi
import pulumi_aws as aws

from components.bucket.bucket import Bucket
from components.catalog.catalog import Catalog
from components.contracts import AccountRegion, Link, Placement, SubnetTier
from components.functions.function import Function
from components.keys.keys import Keys
from components.messaging.queue import Queue
from components.messaging.topic import Topic
from components.model.model import LanguageModel
from components.naming import Naming
from components.network.vpc import Network
from components.parts.declaration import DeclarationError
from components.query.workgroup import Workgroup
from components.secrets.secret import Secret
from components.services.job import Job
from components.services.routing.load_balancer import LoadBalancer
from components.services.routing.network_balancer import NetworkLoadBalancer
from components.services.service import Service
from components.sites.distribution import Distribution
from components.table.table import Table
from trellis.registry import TIERS
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.loading import Loaded
from trellis.stackfile.service_checks import consumers_of
from trellis.stackfile.suggesting import did_you_mean
from trellis.tiers.uses import Producers


@dataclass(frozen=True)
class BuiltSystem:
    """A system as far as it is made. Each mapping is by the stack file's keys."""

    root: pulumi.ComponentResource
    """The parent of everything; its children have the provider with tags and account guard."""
    provider: aws.Provider
    naming: Naming
    location: AccountRegion
    keys: Keys
    """The customer keys: `keys.arn(Domain.DATA)`."""
    placements: Mapping[SubnetTier, Placement]
    """Where to put things in the network: `placements[SubnetTier.PRIVATE]`."""
    network: Network | None
    """None where there is none, or where it is somebody else's."""
    databases: Mapping[str, Any]
    """Instances and clusters; a proxy in the place of the database that it stands before."""
    caches: Mapping[str, Any]
    tables: Mapping[str, Table]
    buckets: Mapping[str, Bucket]
    queues: Mapping[str, Queue]
    topics: Mapping[str, Topic]
    secrets: Mapping[str, Secret]
    mail: Mapping[str, Any]
    apis: Mapping[str, Any]
    user_pools: Mapping[str, Any]
    functions: Mapping[str, Function]
    """Their names are known; the functions themselves are made after links are."""
    catalogs: Mapping[str, Catalog]
    queries: Mapping[str, Workgroup]
    models: Mapping[str, LanguageModel]
    declared: Mapping[str, Mapping[str, Any]]
    """By part of the stack file, as `streams`: what its declaration alone makes."""
    services: Mapping[str, Service] = field(default_factory=dict[str, Service])
    """Empty while links are made: services come after what they use."""
    jobs: Mapping[str, Job] = field(default_factory=dict[str, Job])
    load_balancers: Mapping[str, LoadBalancer] = field(default_factory=dict[str, LoadBalancer])
    network_load_balancers: Mapping[str, NetworkLoadBalancer] = field(
        default_factory=dict[str, NetworkLoadBalancer]
    )
    sites: Mapping[str, Distribution] = field(default_factory=dict[str, Distribution])

    @property
    def child(self) -> pulumi.ResourceOptions:
        """Options for a resource of one's own: a child of the system, with its provider."""
        return pulumi.ResourceOptions(parent=self.root)

    def made(self, field: str) -> Mapping[str, Any]:
        """The components of a part of the stack file, by its keys.

        Raises:
            DeclarationError: no step of `trellis.tiers` hands on what it made of it.
        """
        found = self.declared.get(field, getattr(self, field, None))
        if found is None:
            raise DeclarationError(
                f"the tier {field} offers something, and BuiltSystem in "
                "trellis/tiers/built_system.py has no field of that name"
            )
        return cast("Mapping[str, Any]", found)

    def producers(
        self, metrics: Mapping[str, Any], logs: Mapping[str, Any], links: Links, existing: Existing
    ) -> Producers:
        """Everything that a `uses:` line can name, with the program's own links made by now.

        Args:
            existing: what is there already, by kind and key.
        """
        given = {"metrics": metrics, "logs": logs}
        offered = {
            tier.offer.kind: self.made(field)
            for field, tier in TIERS.items()
            if tier.offer is not None and tier.offer.kind not in given
        }
        by_kind = {**offered, **given}
        whole = {
            kind: {**existing.get(kind, {}), **by_kind.get(kind, {})}
            for kind in {**existing, **by_kind}
        }
        made = {k: link if isinstance(link, Link) else link(self) for k, link in links.items()}
        return Producers(whole, made)


Existing: TypeAlias = Mapping[str, Mapping[str, Any]]
"""What is there already, by kind and key."""

LinkMaker: TypeAlias = Callable[[BuiltSystem], Link]
Links: TypeAlias = Mapping[str, Link | LinkMaker]
"""By key of `uses: [{link: KEY}]`: the link, or what makes it of what stands so far."""


def check_links(loaded: Loaded, links: Links) -> None:
    """Refuses links that the stack file uses and the program does not give, and the reverse.

    Raises:
        StackFileError: lines of the stack file that name no link.
        pulumi.RunError: links that no line uses.
    """
    used: set[str] = set()
    wrong: list[Complaint] = []
    for path, task in consumers_of(loaded.settings).items():
        for position, use in enumerate(task.uses):
            if use.link is None:
                continue
            used.add(use.link)
            if use.link not in links:
                place = (*path, "uses", position, "link")
                wrong.append((place, f"no link {use.link}", _given(links), _hint(use.link, links)))
    if wrong:
        raise loaded.error(wrong)
    if idle := sorted(links.keys() - used):
        raise pulumi.RunError(
            f"build(..., links=...) gives {', '.join(idle)}, which nothing uses; allowed: links "
            f"that a line of the stack file names, as in `uses: [{{link: {idle[0]}}}]`"
        )


def _given(links: Links) -> str:
    return f"one that the program gives: {', '.join(sorted(links)) or 'it gives none'}"


def _hint(key: str, links: Links) -> str:
    return did_you_mean(key, links) or f"build(load(), links={{{key!r}: ...}}) in __main__.py"
