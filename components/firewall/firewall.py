"""A firewall: a web ACL for CloudFront or for the stack's region, its address sets and its log.

Builds the web ACL, an IP set for each address family of the lists, the log group with the
permission to write it, and the log's configuration. What stands behind it says so itself: a load
balancer has the association, a distribution names its web ACL.

Promises:
- Authorization headers and cookies never stand in the log.
- Every rule has its own metric and samples; `mode: count` changes actions and nothing else.
- A static version of each managed set is pinned: AWS's new rules come when somebody asks for them.
"""

from __future__ import annotations

from typing import Literal

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, AlarmSpec, Arn, WidgetSpec
from components.firewall.alarms import firewall_alarms, firewall_widgets
from components.firewall.rules import rules, visibility
from components.firewall.settings import FirewallSettings, by_family
from components.naming import Kind, Naming
from components.parts.edge_region import US_EAST_1, edge
from components.parts.log_delivery import firewall_writer, log_delivery
from components.parts.log_group import log_group
from components.tags import name_tag

LOG_PREFIX = "aws-waf-logs-"
"""What names of log groups must begin with ("Sending web ACL traffic logs to a CloudWatch Logs log
group", 2026-11)."""

REDACTED = ("authorization", "cookie", "x-api-key")
"""Headers that carry credentials."""

PROVEN_SECONDS = 3600
"""How long a solved puzzle counts: an hour's visit, not AWS's five minutes ("Timestamp expiration
and token immunity times", AWS WAF, 2026-11)."""

Scope = Literal["CLOUDFRONT", "REGIONAL"]


class Firewall(pulumi.ComponentResource):
    """One web ACL. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: FirewallSettings,
        scope: Scope,
        *,
        naming: Naming,
        where: AccountRegion,
        log_key_arn: Arn | None,
        log_permission: pulumi.Resource | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the firewall.

        Args:
            name: Pulumi name, of firewall and scope.
            scope: what for; that of CloudFront is made in us-east-1.
            log_key_arn: the key for logs, of that region.
            log_permission: what lets the logs be written; a policy for this firewall alone when
                left out.
        """
        super().__init__("trellis:firewall:Firewall", name, None, opts)
        self._key = name
        self._settings = settings
        self._scope: Scope = scope
        self._naming = naming
        self._where = edge(where) if scope == "CLOUDFRONT" else where
        self._region = US_EAST_1 if scope == "CLOUDFRONT" and where.region != US_EAST_1 else None
        self._physical_name = naming.of(Kind.WEB_ACL, name)
        self._child = pulumi.ResourceOptions(parent=self)
        self._acl = self._create_acl()
        self._create_log(log_key_arn, log_permission)
        self.register_outputs({"arn": self._acl.arn})

    @property
    def name(self) -> str:
        """WAF's name of the web ACL."""
        return self._physical_name

    @property
    def resource(self) -> aws.wafv2.WebAcl:
        """The web ACL."""
        return self._acl

    @property
    def arn(self) -> pulumi.Output[str]:
        """What load balancers and distributions name as their web ACL."""
        return self._acl.arn

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """A surge of blocked requests."""
        return firewall_alarms(self._key, self._physical_name, self._measured_in)

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """What it lets through and what it blocks."""
        return firewall_widgets(self._key, self._physical_name, self._measured_in)

    @property
    def _measured_in(self) -> str | None:
        return None if self._scope == "CLOUDFRONT" else self._where.region

    def _create_acl(self) -> aws.wafv2.WebAcl:
        settings = self._settings
        return aws.wafv2.WebAcl(
            self._key,
            name=self._physical_name,
            description=f"{self._naming.system} {self._naming.environment}: {self._key}",
            scope=self._scope,
            default_action={"allow": {}},
            rules=rules(  # pyright: ignore[reportArgumentType]
                settings,
                self._physical_name,
                self._create_sets("allow", settings.allow),
                self._create_sets("deny", settings.deny),
            ),
            captcha_config={"immunity_time_property": {"immunity_time": PROVEN_SECONDS}}
            if settings.bots is not None and settings.bots.captcha
            else None,
            visibility_config=visibility(self._physical_name),  # pyright: ignore[reportArgumentType]
            region=self._region,
            tags=name_tag(self._physical_name),
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=False),
        )

    def _create_sets(self, label: str, blocks: tuple[str, ...]) -> dict[str, pulumi.Input[str]]:
        found: dict[str, pulumi.Input[str]] = {}
        for family, members in by_family(blocks).items():
            name = f"{self._key}-{label}-{family.lower()}"
            found[family] = aws.wafv2.IpSet(
                name,
                name=self._naming.of(Kind.WEB_ACL, name),
                description=f"{label} of {self._key}",
                scope=self._scope,
                ip_address_version=family,
                addresses=members,
                region=self._region,
                tags=name_tag(name),
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=False),
            ).arn
        return found

    def _create_log(self, key_arn: Arn | None, permission: pulumi.Resource | None) -> None:
        group_name = f"{LOG_PREFIX}{self._physical_name}"
        group = log_group(
            self._key,
            physical_name=group_name,
            retention_days=self._settings.log_days,
            key_arn=key_arn,
            region=self._region,
            opts=self._child,
        )
        if permission is None:
            permission = log_delivery(
                self._key,
                physical_name=group_name,
                where=self._where,
                trusts=[firewall_writer(self._where, group_name)],
                region=self._region,
                opts=self._child,
            )
        aws.wafv2.WebAclLoggingConfiguration(
            self._key,
            resource_arn=self._acl.arn,
            log_destination_configs=[group.arn],
            redacted_fields=[{"single_header": {"name": header}} for header in REDACTED],
            # What was let through stands in the access logs already.
            logging_filter={
                "default_behavior": "DROP",
                "filters": [
                    {
                        "behavior": "KEEP",
                        "requirement": "MEETS_ANY",
                        "conditions": [
                            {"action_condition": {"action": action}}
                            for action in ("BLOCK", "COUNT", "EXCLUDED_AS_COUNT", "CAPTCHA")
                        ],
                    }
                ],
            },
            region=self._region,
            # AWS WAF tries at once whether it may write.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[permission]),
        )
