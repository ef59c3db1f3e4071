"""What only the whole can tell of firewalls: what they weigh, and what stands behind which."""

from __future__ import annotations

from collections.abc import Iterator

from components.firewall.settings import FirewallSettings
from trellis.stackfile.complaints import Complaint, unknown
from trellis.stackfile.context import Context
from trellis.stackfile.edge import behind_sites
from trellis.stackfile.settings import SystemSettings


def called_directly(settings: SystemSettings) -> list[str]:
    """Keys of the load balancers whose clients call them, and not through a site.

    To the others every request comes from CloudFront: what counts or judges addresses there would
    take all users for one.
    """
    through = {key for key, _ in behind_sites(settings)}
    return [key for key in settings.load_balancers if key not in through]


def protected_sites(settings: SystemSettings, firewall: FirewallSettings) -> list[str]:
    """Keys of the sites that stand behind a firewall."""
    return _chosen(firewall.sites, list(settings.sites))


def protected_balancers(settings: SystemSettings, firewall: FirewallSettings) -> list[str]:
    """Keys of the load balancers that stand behind a firewall."""
    return _chosen(firewall.load_balancers, called_directly(settings))


def protected_apis(settings: SystemSettings, firewall: FirewallSettings) -> list[str]:
    """Keys of the REST APIs that stand behind a firewall."""
    return _chosen(firewall.apis, [k for k, api in settings.apis.items() if api.kind == "rest"])


def protected_pools(settings: SystemSettings, firewall: FirewallSettings) -> list[str]:
    """Keys of the user pools that stand behind a firewall."""
    return _chosen(firewall.user_pools, _pools_made(settings))


PROTECTED = (protected_sites, protected_balancers, protected_apis, protected_pools)
"""What a firewall can stand before."""


def _pools_made(settings: SystemSettings) -> list[str]:
    return [key for key, pool in settings.user_pools.items() if pool.existing is None]


def firewalls(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Rules beyond the capacity, what is not there to protect, or stands behind two."""
    guarded: dict[tuple[str, str], str] = {}
    direct = called_directly(settings)
    for key, firewall in settings.firewalls.items():
        if firewall.wcu > firewall.capacity:
            yield (
                ("firewalls", key),
                f"rules of {firewall.wcu} capacity units (WCU)",
                f"at most {firewall.capacity}",
                "leave a managed set out, or raise `capacity`: more than 1500 costs by request",
            )
        elif not any(protected(settings, firewall) for protected in PROTECTED):
            yield (
                ("firewalls", key),
                "a firewall that nothing stands behind",
                "one before a site, a load balancer that clients call, a REST API or a user pool",
                "nothing would be made of it",
            )
        for field, kind, named, there in (
            ("sites", "site", protected_sites(settings, firewall), settings.sites),
            (
                "loadBalancers",
                "load balancer",
                protected_balancers(settings, firewall),
                settings.load_balancers,
            ),
            ("apis", "API", protected_apis(settings, firewall), settings.apis),
            (
                "userPools",
                "user pool",
                protected_pools(settings, firewall),
                # One that somebody else made stands behind their firewall.
                _pools_made(settings),
            ),
        ):
            for name in named:
                path = ("firewalls", key, field)
                if name not in there:
                    yield unknown(path, kind, name, there)
                    continue
                if field == "loadBalancers" and name not in direct:
                    yield (
                        path,
                        f"the load balancer {name}, which sites lead to",
                        f"load balancers that clients call: {', '.join(direct) or 'there is none'}",
                        "its requests come from CloudFront, so one user's rate would be all "
                        "users'; put the site behind the firewall",
                    )
                other = guarded.setdefault((field, name), key)
                if other != key:
                    yield path, f"the {kind} {name}", f"one firewall: {other} has it", ""


def _chosen(chosen: str | tuple[str, ...], every: list[str]) -> list[str]:
    if chosen == "all":
        return every
    return [] if isinstance(chosen, str) else list(dict.fromkeys(chosen))


CHECKS = (firewalls,)
