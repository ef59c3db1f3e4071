"""A hosted zone: made here or found, with its records, its query log and its signature.

Builds the zone (unless it exists), the records a person lists, the query log with its group and
permission, and for DNSSEC the key, the key-signing key and the switch.

Promises:
- A zone made here survives a mistaken deletion in production: its name servers stand at the
  registrar, and a new zone has others.
- A record is called by its name and type, which are what AWS knows it by; no key and no position.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, AlarmSpec, Arn, Trust
from components.dns.settings import TEXT_LIMIT, RecordSettings, ZoneSettings
from components.dns.zone_alarms import signature_alarms
from components.naming import Kind, Naming
from components.parts.edge_region import abroad, edge
from components.parts.key_administration import ADMINISTRATION
from components.parts.log_delivery import log_delivery, query_writer
from components.parts.log_group import log_group
from components.parts.policy_document import resource_document
from components.tags import name_tag

SIGNING_SPEC = "ECC_NIST_P256"
"""The one kind of key that signs zones ("Working with customer managed keys for DNSSEC", Route 53,
2026-11); KMS rotates no asymmetric key."""


QUERY_LOGS = "/aws/route53/"
"""What the names of query log groups begin with."""

DELEGATION_TTL = 3600
"""Seconds that others keep who answers for a zone under this one."""


class HostedZone(pulumi.ComponentResource):
    """One zone. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: ZoneSettings,
        *,
        naming: Naming,
        where: AccountRegion,
        existing_id: pulumi.Input[str] | None = None,
        vpc_id: pulumi.Input[str] | None = None,
        log_key_arn: Arn | None = None,
        log_permission: pulumi.Resource | None = None,
        protect: bool = True,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the zone, or take the existing one.

        Args:
            name: the stack file's key.
            existing_id: id of the zone, with `existing`; AWS is asked for it when left out.
            vpc_id: the network that a private zone answers in.
            log_key_arn: the key for logs, in us-east-1: Route 53 logs only there.
            log_permission: what lets Route 53 write; a policy for this zone alone when left out.

        Raises:
            ValueError: a private zone without a network.
        """
        if settings.private and not settings.existing and vpc_id is None:
            raise ValueError(f"zone {name}: the network that {settings.domain} is private to")
        super().__init__("trellis:dns:HostedZone", name, None, opts)
        self._key = name
        self._settings = settings
        self._naming = naming
        self._where = where
        self._child = pulumi.ResourceOptions(parent=self)
        self._owner = opts.parent if opts is not None else None
        self._zone: aws.route53.Zone | None = None
        self._ds_record: pulumi.Output[str] | None = None
        if settings.existing:
            self._zone_id: pulumi.Input[str] = existing_id or self._found_id()
        else:
            self._zone = self._create_zone(protect, vpc_id if settings.private else None)
            self._zone_id = self._zone.zone_id
            if settings.logs_queries:
                self._create_query_log(self._zone, log_key_arn, log_permission)
            if settings.dnssec:
                self._ds_record = self._create_signature(self._zone, protect)
        self._create_records()
        servers = {} if self._zone is None else {"nameServers": self._zone.name_servers}
        # In the state even where the first `up` fails: the stack's own outputs come at its end.
        self.register_outputs({"zoneId": self._zone_id, **servers})

    @property
    def name(self) -> str:
        """The domain that it is the zone of."""
        return self._settings.domain

    @property
    def arn(self) -> Arn:
        """Its ARN, of neither region nor account."""
        head = f"arn:{self._where.partition}:route53:::hostedzone/"
        return pulumi.Output.concat(head, self._zone_id)

    @property
    def resource(self) -> aws.route53.Zone | None:
        """The zone; None of one that exists."""
        return self._zone

    @property
    def zone_id(self) -> pulumi.Input[str]:
        """Where records are made."""
        return self._zone_id

    def delegate(self, child: HostedZone) -> pulumi.Resource | None:
        """Let this zone say who answers for a zone under it; None where that one exists already."""
        if child._zone is None:
            return None
        return aws.route53.Record(
            f"{child._key}-delegation",
            zone_id=self._zone_id,
            name=child.name,
            type="NS",
            ttl=DELEGATION_TTL,
            records=child._zone.name_servers,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

    def record_label(self, name: str) -> str:
        """The Pulumi name of one of its own records; see `record_name`."""
        return f"{self._key}-{name}"

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """That its signature holds, where it is signed here."""
        if self._ds_record is None:
            return ()
        return signature_alarms(self._key, self.name, self._zone_id)

    def exports(self) -> dict[str, pulumi.Input[object]]:
        """What a person has to enter at the registrar, where the zone was made here."""
        if self._zone is None or self._settings.private:
            return {"zoneId": self._zone_id}
        exported: dict[str, pulumi.Input[object]] = {
            "zoneId": self._zone_id,
            "nameServers": self._zone.name_servers,
            "delegation": f"Set these four name servers at the registrar of {self.name}, "
            "or as its NS record in the zone above",
        }
        if self._ds_record is not None:
            exported["dsRecord"] = self._ds_record
        return exported

    def _create_zone(self, protect: bool, vpc_id: pulumi.Input[str] | None) -> aws.route53.Zone:
        instruction = (
            f"set its name servers at the registrar of {self.name}"
            if vpc_id is None
            else "asked in its network only"
        )
        return aws.route53.Zone(
            self._key,
            name=self.name,
            comment=f"{self._naming.system} {self._naming.environment}: {instruction}",
            vpcs=[{"vpc_id": vpc_id}] if vpc_id is not None else None,
            # Records that somebody else made in it are not thrown away with it.
            force_destroy=False,
            tags=name_tag(self.name),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=protect,
                retain_on_delete=protect,
                hooks=pulumi.ResourceHookBinding(after_create=[self._announcement()])
                if vpc_id is None
                else None,
            ),
        )

    def _announcement(self) -> pulumi.ResourceHook:
        """Tells the name servers as soon as there are some: certificates wait for them, and the
        stack's outputs come only when all of it stands."""

        def announce(made: pulumi.ResourceHookArgs) -> None:
            servers = ", ".join((made.new_outputs or {}).get("nameServers", ()))
            pulumi.log.info(
                f"{self.name} answers from {servers}. Set them at its registrar, or as NS "
                "records in the zone above: certificates wait until they are found there."
            )

        return pulumi.ResourceHook(f"zone-{self._key}-name-servers", announce)

    def _found_id(self) -> pulumi.Output[str]:
        found = aws.route53.get_zone_output(
            name=self.name,
            private_zone=self._settings.private,
            opts=pulumi.InvokeOutputOptions(parent=self),
        )
        return found.zone_id

    def _create_query_log(
        self, zone: aws.route53.Zone, key_arn: Arn | None, permission: pulumi.Resource | None
    ) -> None:
        where = edge(self._where)
        group_name = f"{QUERY_LOGS}{self.name}"
        group = log_group(
            f"{self._key}-queries",
            physical_name=group_name,
            retention_days=self._settings.query_log_days,
            key_arn=key_arn,
            region=abroad(self._where),
            opts=self._child,
        )
        if permission is None:
            permission = log_delivery(
                f"{self._key}-queries",
                physical_name=self._naming.of(Kind.ROLE, self._key, "queries"),
                where=where,
                trusts=[query_writer(where, group_name)],
                region=abroad(self._where),
                opts=self._child,
            )
        aws.route53.QueryLog(
            self._key,
            zone_id=zone.zone_id,
            cloudwatch_log_group_arn=group.arn,
            # Route 53 tries at once whether it may write.
            opts=pulumi.ResourceOptions(
                delete_before_replace=True, parent=self, depends_on=[permission]
            ),
        )

    def _create_signature(self, zone: aws.route53.Zone, protect: bool) -> pulumi.Output[str]:
        """Sign the zone; the DS record that its parent zone must hold."""
        region = abroad(self._where)
        label = f"{self._key}-signing"
        key = aws.kms.Key(
            label,
            description=f"Signs the zone {self.name}",
            customer_master_key_spec=SIGNING_SPEC,
            key_usage="SIGN_VERIFY",
            policy=resource_document("*", _key_trusts(self._where)),
            deletion_window_in_days=30,
            region=region,
            tags=name_tag(self._naming.of(Kind.VPC_TAG, label)),
            opts=pulumi.ResourceOptions(parent=self, protect=protect, retain_on_delete=protect),
        )
        signer = aws.route53.KeySigningKey(
            label,
            hosted_zone_id=zone.zone_id,
            key_management_service_arn=key.arn,
            # Of three characters at least, which a zone's key need not have.
            name=f"zone_{self._key.replace('-', '_')}",
            opts=self._child,
        )
        aws.route53.HostedZoneDnsSec(
            label,
            hosted_zone_id=zone.zone_id,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[signer]),
        )
        return signer.ds_record

    def _create_records(self) -> None:
        for record in self._settings.records.values():
            name = record_name(record.fqdn(self.name), record.type)
            aws.route53.Record(
                self.record_label(name),
                zone_id=self._zone_id,
                name=record.fqdn(self.name),
                type=record.type,
                ttl=record.ttl,
                records=_values(record),
                # The name may have led to a part of this system until now.
                opts=pulumi.ResourceOptions(
                    parent=self,
                    aliases=[pulumi.Alias(name=name, parent=self._owner)],
                    delete_before_replace=True,
                ),
            )


AddressType = Literal["A", "AAAA", "HTTPS"]
"""HTTPS tells browsers of HTTP/3 before they connect; only CloudFront answers for it."""


def record_name(fqdn: str, kind: str) -> str:
    """What a record is called beside the others of its zone.

    DNS allows nothing beside a CNAME, so it takes the place of the address: when a name goes from
    one to the other, the old record is deleted before the new one is made.
    """
    return f"{fqdn.replace('*', 'any')}-{'A' if kind == 'CNAME' else kind}"


def alias(
    name: str,
    zone: HostedZone,
    *,
    types: Sequence[AddressType],
    target: pulumi.Input[str],
    target_zone_id: pulumi.Input[str],
    healthy: bool,
    opts: pulumi.ResourceOptions,
) -> None:
    """Make the records that lead a name to AWS.

    Args:
        types: of which the target has addresses or answers.
        healthy: whether Route 53 looks at the target's health; CloudFront has none to look at.
    """
    first: list[pulumi.Resource] = []
    for kind in types:
        label = record_name(name, kind)
        # The name may have been one of the zone's own records until now, a CNAME among them, which
        # is gone when the first of these is made.
        own = pulumi.ResourceOptions(
            aliases=[pulumi.Alias(name=zone.record_label(label), parent=zone)],
            delete_before_replace=True,
            depends_on=list(first),
        )
        record = aws.route53.Record(
            label,
            zone_id=zone.zone_id,
            name=name,
            type=kind,
            aliases=[
                {"name": target, "zone_id": target_zone_id, "evaluate_target_health": healthy}
            ],
            opts=pulumi.ResourceOptions.merge(opts, own),
        )
        first = first or [record]


def _values(record: RecordSettings) -> list[str]:
    if record.type != "TXT":
        return list(record.values)
    return [_strings(value) for value in record.values]


def _strings(text: str) -> str:
    """A long text as the provider joins strings of one record: parted by `""`."""
    return '""'.join(text[at : at + TEXT_LIMIT] for at in range(0, len(text), TEXT_LIMIT))


def _key_trusts(where: AccountRegion) -> tuple[Trust, ...]:
    """Who may do what with a signing key ("Customer managed key permissions required for DNSSEC
    signing", Route 53, 2026-11)."""
    service: Mapping[str, tuple[str, ...]] = {"Service": ("dnssec-route53.amazonaws.com",)}
    source = {
        "StringEquals": {"aws:SourceAccount": where.account},
        "ArnLike": {"aws:SourceArn": f"arn:{where.partition}:route53:::hostedzone/*"},
    }
    root = where.arn("iam", "root", regional=False)
    return (
        Trust("AccountAdministers", {"AWS": (root,)}, ADMINISTRATION),
        Trust(
            "Route53Signs",
            {"Service": service["Service"]},
            ("kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"),
            source,
        ),
        # Grants are made without naming the zone: AWS documents this one condition.
        Trust(
            "Route53KeepsSigning",
            {"Service": service["Service"]},
            ("kms:CreateGrant",),
            {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
    )
