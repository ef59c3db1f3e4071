"""A mail identity: an SES domain with DKIM, a return path of its own and a configuration set.

Builds the configuration set (TLS required, reputation measured, bounces and complaints
suppressed), the domain identity signed by Easy DKIM, the MAIL FROM domain, and, given the domain's
zone, the records that all of it needs. Promises: mail that can't be delivered over TLS is not
delivered; a sender may send as this domain only.
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.contracts import (
    AccountRegion,
    AlarmSpec,
    Arn,
    DnsRecord,
    Grant,
    Link,
    MetricQuery,
    Severity,
)
from components.mail.names import CONFIGURATION_SET_NAME
from components.mail.settings import MailSettings
from components.naming import Naming
from components.parts.access import sid_part
from components.parts.offer import Offer
from components.tags import name_tag

DKIM_TOKENS = 3
"""Records that Easy DKIM asks for ("Easy DKIM in Amazon SES", 2026-11)."""

BOUNCE_RATE = 0.05
"""Share of bounces at which SES puts an account under review ("Reputation metrics", 2026-11)."""

COMPLAINT_RATE = 0.001
"""Share of complaints at which SES does (same page)."""


OFFER = Offer[MailSettings](
    kind="mail",
    accesses=("send",),
    default="send",
    variables={"set": "SES_CONFIGURATION_SET", "domain": "SES_DOMAIN", "region": "SES_REGION"},
    shared=frozenset({"region"}),
    # The API of SES ("AWS services that integrate with AWS PrivateLink", 2026-11).
    interface="email",
)


class MailIdentity(pulumi.ComponentResource):
    """One domain to send mail as. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: MailSettings,
        *,
        naming: Naming,
        where: AccountRegion,
        zone_id: pulumi.Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the identity.

        Args:
            name: the stack file's key.
            zone_id: the domain's Route 53 zone where it is ours; else `records` says what its
                owner has to enter.
        """
        super().__init__("trellis:mail:MailIdentity", name, None, opts)
        self._key = name
        self._settings = settings
        self._where = where
        self._child = pulumi.ResourceOptions(parent=self)
        self._set_name = naming.of(CONFIGURATION_SET_NAME, name)
        self._set = self._create_configuration_set()
        self._identity: aws.sesv2.EmailIdentity | None = None
        if not settings.existing:
            self._identity = self._create_identity()
            self._create_mail_from(self._identity)
            if zone_id is not None:
                self._create_records(self._identity, zone_id)
        self.register_outputs({"arn": self.arn})

    @property
    def name(self) -> str:
        """The domain, which SES knows it by."""
        return self._settings.domain

    @property
    def resource(self) -> aws.sesv2.EmailIdentity | None:
        """The identity; None of one that exists."""
        return self._identity

    @property
    def arn(self) -> Arn:
        """The identity's ARN, known before it is made."""
        return self._where.arn("ses", f"identity/{self._settings.domain}")

    @property
    def configuration_set(self) -> str:
        """Name of the configuration set that senders name."""
        return self._set_name

    @property
    def records(self) -> tuple[DnsRecord, ...]:
        """What the domain's zone must hold: DKIM, the return path's MX and SPF, and DMARC; of an
        identity that exists nothing, its owner has seen to it."""
        return self._records(self._identity) if self._identity is not None else ()

    def _records(self, identity: aws.sesv2.EmailIdentity) -> tuple[DnsRecord, ...]:
        domain, path = self._settings.domain, self._mail_from
        return (
            *(self._dkim(identity, number) for number in range(DKIM_TOKENS)),
            DnsRecord(
                f"{self._key}-mail-from-mx",
                path,
                "MX",
                (f"10 feedback-smtp.{self._where.region}.amazonses.com",),
            ),
            DnsRecord(
                f"{self._key}-mail-from-spf", path, "TXT", ("v=spf1 include:amazonses.com -all",)
            ),
            *(
                (DnsRecord(f"{self._key}-dmarc", f"_dmarc.{domain}", "TXT", (self._dmarc(),)),)
                if self._settings.dmarc != "none"
                else ()
            ),
        )

    def link(self, access: str | None = None) -> Link:
        """What a sender needs: this identity, as addresses of this domain only.

        Raises:
            UnknownAccessError: `access` is not `send`.
        """
        access = OFFER.chosen(self._key, self._settings, access)
        senders = self._settings.senders or (f"*@{self._settings.domain}",)
        return Link(
            producer=f"mail-{self._key}",
            access=access,
            grants=(
                Grant(
                    f"SendAs{sid_part(self._key)}",
                    ("ses:SendEmail", "ses:SendRawEmail"),
                    (self.arn, self._where.arn("ses", f"configuration-set/{self._set_name}")),
                    {"StringLike": {"ses:FromAddress": list(senders)}},
                ),
            ),
            environment=OFFER.environment(
                self._key,
                self._settings,
                {
                    "set": self._set_name,
                    "domain": self._settings.domain,
                    "region": self._where.region,
                },
            ),
            depends_on=(self._identity or self._set,),
        )

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Tell before SES stops the account."""
        return (
            self._reputation("bounces", "Reputation.BounceRate", BOUNCE_RATE),
            self._reputation("complaints", "Reputation.ComplaintRate", COMPLAINT_RATE),
        )

    @property
    def _mail_from(self) -> str:
        return f"{self._settings.mail_from}.{self._settings.domain}"

    def _create_configuration_set(self) -> aws.sesv2.ConfigurationSet:
        return aws.sesv2.ConfigurationSet(
            self._key,
            configuration_set_name=self._set_name,
            delivery_options={"tls_policy": "REQUIRE"},
            reputation_options={"reputation_metrics_enabled": True},
            sending_options={"sending_enabled": True},
            suppression_options={"suppressed_reasons": list(self._settings.suppress)},
            tags=name_tag(self._set_name),
            opts=self._child,
        )

    def _create_identity(self) -> aws.sesv2.EmailIdentity:
        return aws.sesv2.EmailIdentity(
            self._key,
            email_identity=self._settings.domain,
            configuration_set_name=self._set.configuration_set_name,
            dkim_signing_attributes={
                "next_signing_key_length": f"RSA_{self._settings.key_bits}_BIT"
            },
            tags=name_tag(self._settings.domain),
            opts=self._child,
        )

    def _create_mail_from(self, identity: aws.sesv2.EmailIdentity) -> None:
        aws.sesv2.EmailIdentityMailFromAttributes(
            self._key,
            email_identity=identity.email_identity,
            mail_from_domain=self._mail_from,
            # Rather no mail than mail whose return path is not ours, which fails DMARC anyway.
            behavior_on_mx_failure="REJECT_MESSAGE",
            opts=self._child,
        )

    def _create_records(
        self, identity: aws.sesv2.EmailIdentity, zone_id: pulumi.Input[str]
    ) -> None:
        for record in self._records(identity):
            aws.route53.Record(
                record.name,
                zone_id=zone_id,
                name=record.fqdn,
                type=record.type,
                ttl=record.ttl,
                records=list(record.values),
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
            )

    def _dkim(self, identity: aws.sesv2.EmailIdentity, number: int) -> DnsRecord:
        token = identity.dkim_signing_attributes.apply(
            lambda attributes: _token(attributes.tokens or [], number)
        )
        return DnsRecord(
            f"{self._key}-dkim-{number + 1}",
            pulumi.Output.concat(token, "._domainkey.", self._settings.domain),
            "CNAME",
            (pulumi.Output.concat(token, ".dkim.amazonses.com"),),
        )

    def _dmarc(self) -> str:
        dmarc = self._settings.dmarc
        if dmarc == "none":
            return ""
        reports = f"; rua=mailto:{dmarc.reports}" if dmarc.reports else ""
        return f"v=DMARC1; p={dmarc.policy}{reports}"

    def _reputation(self, what: str, metric: str, limit: float) -> AlarmSpec:
        return AlarmSpec(
            name=f"{self._key}-{what}",
            title=f"Mail of {self._settings.domain}: too many {what}",
            meaning=f"The share of {what} is at {limit:.1%}, where SES reviews the account and "
            "may stop it.",
            action="Stop the sending that causes it; look at which addresses it went to.",
            severity=Severity.NOTIFY,
            metrics=(
                MetricQuery(
                    id="rate",
                    namespace="AWS/SES",
                    name=metric,
                    dimensions={"ses:configuration-set": self._set_name},
                    statistic="Maximum",
                    period=3600,
                ),
            ),
            threshold=limit,
            comparison="GreaterThanOrEqualToThreshold",
            evaluation_periods=1,
            datapoints_to_alarm=1,
            missing_data="ignore",
            parent=f"mail-{self._key}",
        )


def _token(tokens: Sequence[str], number: int) -> str:
    """One of the three tokens SES gives; whoever shows fewer, as a checker does, gets its last."""
    if not tokens:
        raise LookupError("SES gave no DKIM tokens; is Easy DKIM on for this identity?")
    return tokens[min(number, len(tokens) - 1)]
