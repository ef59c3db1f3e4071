"""What watches a system: alarms and charts that all others publish, archives, canaries."""

from __future__ import annotations

from components.network.vpc import Network
from trellis.stackfile.loading import Loaded
from trellis.tiers.functions import follow_logs
from trellis.tiers.log_archive import feed, make_canaries, make_log_archive
from trellis.tiers.monitoring import make_edge_topics, make_monitoring, published
from trellis.tiers.stack_context import StackContext
from trellis.tiers.used import Used
from trellis.tiers.users import Sealed, Users


def watch(
    stack: StackContext,
    loaded: Loaded,
    network: Network | None,
    used: Used,
    users: Users,
    sealed: Sealed,
) -> None:
    """Make monitoring, from what all components publish, and what hangs on its log groups."""
    running = users.running
    log_archive = make_log_archive(stack, used.buckets, running)
    edge_topics = make_edge_topics(stack)
    firewalls = (*users.regional_firewalls, *users.site_firewalls.values())
    seen = published(
        [
            *(running.components() if running is not None else ()),
            *used.databases.values(),
            *used.proxies.values(),
            *used.caches.values(),
            *used.tables.values(),
            *(component for made in used.declared.values() for component in made.values()),
            *used.buckets.values(),
            *used.lake.components(),
            *used.queues.values(),
            *used.topics.values(),
            *edge_topics.values(),
            *used.mail.values(),
            *used.functions.values(),
            *used.apis.values(),
            *used.pools.values(),
            *sealed.checkers,
            *used.rotations.values(),
            *users.sites.values(),
            *sealed.contents,
            *{id(firewall): firewall for firewall in firewalls}.values(),
            used.dns.certificates,
            *used.dns.zones.values(),
            used.backups,
            network,
            *make_canaries(stack, used.buckets),
            log_archive,
        ],
        waiting=running.waiting_services() if running is not None else (),
    )
    monitoring = make_monitoring(
        stack, loaded, seen, used.topics, edge_topics, used.secrets, users.services
    )
    feed(stack, log_archive, running, monitoring)
    follow_logs(stack, used.functions, monitoring.log_groups)
    used.lake.subscribe(monitoring)
