"""Terraform's state as a stack file: what exists is taken over, all else is listed.

AWS and Terraform are not asked. What holds data becomes an entry with `adopt`, the network stays
(`network.existing`), services are made anew beside those that run. Every resource that comes to
nothing of the stack file, and every attribute that the entry does not have, is told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from trellis.stackfile.context import Context, FoundNetwork, context_text
from trellis.stackfile.looking_up_adopted import label
from trellis.start.draft import Converted, Draft
from trellis.start.ledger import Ledger, Leftover
from trellis.start.terraform_data import BESIDE_BUCKETS, Data, retention
from trellis.start.terraform_left import advice_of
from trellis.start.terraform_network import network_of, several_in_a_zone
from trellis.start.terraform_services import Services
from trellis.start.terraform_silent import SILENT, TAGS
from trellis.start.terraform_state import Held, State, free, read_state
from trellis.start.units import key_of

STACK = "prod"
"""What the state's environment is called where no tag says it."""

IN_NETWORK: Final = ("databases", "caches", "loadBalancers", "services")
"""Parts that stand in a network."""

STAYS: Final = ("aws_vpc", "aws_subnet")

PLACE = re.compile(r"arn:aws[a-z-]*:[^:]+:(?P<region>[a-z0-9-]+):(?P<account>\d{12}):")

CARRIED_APART: Final = (
    "aws_lb_listener",
    "aws_alb_listener",
    "aws_rds_cluster_instance",
    "aws_ecs_task_definition",
    "aws_ecs_service",
    *BESIDE_BUCKETS,
)
"""Types that entries of others are made of."""


def convert(file: Path, _: Path, __: str | None = None) -> Converted:
    """What a state comes to.

    A target and a domain are not asked for: nothing is built, and the state has its zones.

    Raises:
        StackFileError: the file is no state.
    """
    reader = _Reader(file)
    return reader.converted()


class _Reader:
    def __init__(self, file: Path) -> None:
        self._ledger = Ledger()
        self._state: State = read_state(file, self._ledger)
        self._file = file
        self._draft = Draft(self._ledger)
        self._advised: set[str] = set()
        self._notes: list[Leftover] = []

    def converted(self) -> Converted:
        network = network_of(self._state, self.advise)
        if network is not None:
            several = several_in_a_zone(network)
            named = {"subnets": several} if several else {}
            self._draft.put(("network",), {"existing": {"vpcId": network.vpc_id, **named}})
        Data(self._state, self._draft, self.advise).put()
        Services(self._state, self._draft, self.advise).put()
        self._zones()
        self._logs()
        if network is None:
            self._without_network()
        self._carried()
        self._leave()
        places = Counter(
            (found["region"], found["account"])
            for block in self._state.held
            if (found := PLACE.match(str(block.attributes.get("arn") or "")))
        )
        region, account = places.most_common(1)[0][0] if places else (None, None)
        stack = self._stack()
        for note in self._notes:
            self._ledger.note(note.file, note.advice, note.line, note.path)
        return Converted(
            key_of(self._file.resolve().parent.name or "system"),
            {},
            {stack: self._draft.settings},
            self._draft.origins,
            self._ledger,
            region=region,
            account=account,
            files={f"trellis.{stack}.context.json": self._context(network, region, account)},
        )

    def advise(self, held: Held, attribute: str, advice: str) -> None:
        """Say what to do about a resource, or about one of its attributes."""
        node = held.at(attribute) if attribute else held.at("id")
        line = self._ledger.place(node)[1] or held.line
        if attribute:
            held.used.add(attribute)
        else:
            self._advised.add(held.address)
        named = f"{held.address}.{attribute}" if attribute else held.address
        note = Leftover(held.file, line, (), f"{named}: {advice}")
        if note not in self._notes:
            self._notes.append(note)

    def _zones(self) -> None:
        for held in self._state.of("aws_route53_zone"):
            zone_id, domain = held.take("zone_id") or held.take("id"), held.take("name")
            key = free(key_of(str(domain)), self._draft.entries("zones"))
            settings: dict[str, Any] = {"domain": domain, "queryLogs": False}
            also: list[dict[str, str]] = []
            if held.take("vpc"):
                settings["private"] = True
            for record in self._state.of("aws_route53_record"):
                if record.attributes.get("zone_id") == zone_id:
                    self._record(record, key, settings, also)
            settings["adopt"] = {"id": zone_id, "also": also} if also else zone_id
            held.carried = True
            self._draft.put(("zones", key), settings, held.at("name"))

    def _record(
        self, held: Held, zone: str, settings: dict[str, Any], also: list[dict[str, str]]
    ) -> None:
        type_, domain = held.take("type"), str(settings["domain"])
        name = str(held.take("fqdn") or held.take("name")).rstrip(".")
        held.used.update({"name", "zone_id"})
        short = "@" if name == domain else name.removesuffix(f".{domain}")
        if held.attributes.get("alias") or held.attributes.get("set_identifier"):
            self.advise(
                held,
                "",
                "names of sites and services are made from `sites.KEY.domain` and "
                "`routes`; a record that stands in their way is named under the zone's "
                "`adopt.also`, or deleted first",
            )
            return
        if type_ in ("SOA", "SPF", "PTR", "NAPTR") or (type_ == "NS" and short == "@"):
            self.advise(held, "", "the zone's own, or of a type that no entry has")
            return
        values = [
            str(text).strip('"') if type_ == "TXT" else str(text)
            for text in held.take("records", [])
        ]
        key = free(
            key_of(f"{short if short != '@' else 'apex'}-{type_}"), settings.get("records", {})
        )
        settings.setdefault("records", {})[key] = {
            "name": short,
            "type": type_,
            "values": values,
            "ttl": held.take("ttl", 300),
        }
        from components.dns.zone import record_name

        also.append(
            {
                "type": "aws:route53/record:Record",
                "name": f"{zone}-{record_name(name, str(type_))}",
                "id": held.take("id"),
            }
        )
        held.carried = True

    def _logs(self) -> None:
        own = [
            re.escape(str(found.attributes.get("name")))
            for found in self._state.of("aws_ecs_service", "aws_lambda_function")
        ]
        made = re.compile(
            rf"/aws/(rds|lambda|apigateway|elasticache)/.*|.*({'|'.join(own)}).*"
            if own
            else r"/aws/(rds|lambda|apigateway|elasticache)/.*"
        )
        for held in self._state.of("aws_cloudwatch_log_group"):
            name = str(held.take("name"))
            if made.fullmatch(name) or name.startswith("/ecs/"):
                self.advise(
                    held,
                    "",
                    "what logs there has a group of its own here; delete this one "
                    "when nobody reads it any more",
                )
                continue
            key = free(key_of(name), self._draft.settings.get("monitoring", {}).get("logs", {}))
            days = held.take("retention_in_days")
            settings: dict[str, Any] = {"name": name, "adopt": name}
            if days:
                settings["retentionDays"] = retention(int(days))
            held.carried = True
            self._draft.put(("monitoring", "logs", key), settings, held.at("name"))

    def _without_network(self) -> None:
        """What stands in a network that nobody knows is not carried over."""
        for part in IN_NETWORK:
            self._draft.settings.pop(part, None)
        self._draft.settings.pop("cluster", None)
        for held in self._state.of(
            "aws_db_instance",
            "aws_rds_cluster",
            "aws_ecs_service",
            "aws_lb",
            "aws_elasticache_replication_group",
            "aws_ecs_cluster",
        ):
            self.advise(
                held,
                "",
                "it stands in a network that this state doesn't hold: bring the "
                "state that has the VPC and its subnets too, or read them there by `data`",
            )

    def _carried(self) -> None:
        """Attributes that an entry does not have."""
        for held in self._state.held:
            if not held.carried or held.type not in SILENT:
                continue
            for name in held.left(SILENT[held.type]):
                advice = (
                    "the stack's own tags take their place: `tags`"
                    if name in TAGS
                    else "the entry's own value is put over it: see docs/reference.md"
                )
                self.advise(held, name, advice)

    def _leave(self) -> None:
        """Resources that came to nothing."""
        for held in self._state.held:
            apart = held.type in CARRIED_APART and bool(held.used)
            if held.managed and not (held.carried or apart or held.address in self._advised):
                self.advise(held, "", advice_of(held.type))

    def _stack(self) -> str:
        """The environment that most resources are tagged with."""
        named: Counter[str] = Counter()
        for held in self._state.of(*{block.type for block in self._state.held}):
            tags: Mapping[str, Any] = held.attributes.get("tags_all") or {}
            value = tags.get("Environment") or tags.get("environment") or tags.get("Env")
            if isinstance(value, str) and re.fullmatch(r"[a-z][a-z0-9-]{0,20}", value):
                named[value] += 1
        return named.most_common(1)[0][0] if named else STACK

    def _context(
        self, network: FoundNetwork | None, region: str | None, account: str | None
    ) -> str:
        """What `trellis lookup` would find: `trellis lookup` writes it anew."""
        zones = sorted(
            {entry.zone for tier in (network.subnets.values() if network else ()) for entry in tier}
        )
        return context_text(
            Context(
                account=account,
                zones={region: tuple(zones)} if region and zones else {},
                network=network,
                adopted=dict(self._adopted()),
            )
        )

    def _adopted(self) -> dict[str, dict[str, Any]]:
        """What can't change in place of the databases."""
        found: dict[str, dict[str, Any]] = {}
        for terraform, type_, names in ADOPTED:
            for held in self._state.of(terraform):
                values = {ours: held.attributes.get(theirs) for theirs, ours in names.items()}
                attributes = held.attributes
                identifier = str(
                    attributes.get("identifier") or attributes.get("cluster_identifier")
                )
                if held.carried:
                    found[label(type_, identifier)] = {
                        name: value for name, value in values.items() if value not in (None, "")
                    }
        return found


ADOPTED: Final = (
    (
        "aws_db_instance",
        "aws:rds/instance:Instance",
        {
            "engine": "engine",
            "username": "username",
            "db_name": "dbName",
            "storage_encrypted": "storageEncrypted",
            "kms_key_id": "kmsKeyId",
            "db_subnet_group_name": "dbSubnetGroupName",
        },
    ),
    (
        "aws_rds_cluster",
        "aws:rds/cluster:Cluster",
        {
            "engine": "engine",
            "master_username": "masterUsername",
            "database_name": "databaseName",
            "storage_encrypted": "storageEncrypted",
            "kms_key_id": "kmsKeyId",
            "db_subnet_group_name": "dbSubnetGroupName",
        },
    ),
)
"""Terraform's and the provider's names of what replaces a database."""
