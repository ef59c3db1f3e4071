"""Certificates of a system: asked for where they are needed, proven by DNS, waited for.

Builds every certificate, one validation record for each name that needs proof (ACM asks the same
account for the same record whatever the certificate and region, and a wildcard's is its parent's),
and one wait for each certificate.

Promises:
- `arn(key)` is the ARN of an issued certificate: whoever uses it comes after its validation.
- A certificate that changes is made anew before the old one goes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi_aws.acm.outputs import CertificateDomainValidationOption

from components.contracts import AccountRegion, AlarmSpec, MetricQuery, Severity
from components.naming import Kind, Naming
from components.parts.domain import bare
from components.tags import name_tag

EXPIRY_DAYS = 30
"""ACM renews 60 days before a certificate ends ("Managed certificate renewal", 2026-11): below 30,
renewal has failed."""

VALIDATION_TTL = 300
"""Seconds."""


@dataclass(frozen=True)
class CertificateRequest:
    """One certificate that somebody needs."""

    key: str
    """The Pulumi name, as in `site-app`."""
    names: tuple[str, ...]
    """The first is its common name."""
    region: str
    algorithm: str = "RSA_2048"
    authority: str | None = None
    """ARN of the private authority that issues it, where no public one can."""


class Certificates(pulumi.ComponentResource):
    """All certificates of a system. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        requests: Sequence[CertificateRequest],
        *,
        naming: Naming,
        where: AccountRegion,
        zone_id: Callable[[str], pulumi.Input[str]],
        delegations: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make them.

        Args:
            zone_id: of the zone that a name stands in.
            delegations: what must be there before the zones are asked for proofs.
        """
        super().__init__("trellis:dns:Certificates", name, None, opts)
        self._naming = naming
        self._where = where
        self._zone_id = zone_id
        self._delegations = delegations
        self._child = pulumi.ResourceOptions(parent=self)
        self._requests = {request.key: request for request in requests}
        self._certificates = {
            request.key: self._create_certificate(request) for request in requests
        }
        self._records = self._create_records()
        self._arns = {key: self._create_wait(key) for key in self._certificates}
        self.register_outputs({"arns": dict(self._arns)})

    def arn(self, key: str) -> pulumi.Output[str]:
        """ARN of an issued certificate.

        Raises:
            KeyError: nobody asked for it.
        """
        return self._arns[key]

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Tell when a renewal has failed, each in its certificate's region."""
        return tuple(self._expiry(key) for key in self._requests)

    def _create_certificate(self, request: CertificateRequest) -> aws.acm.Certificate:
        return aws.acm.Certificate(
            request.key,
            domain_name=request.names[0],
            # The common name is among them in any case. None at all would leave them as they are.
            subject_alternative_names=list(request.names[1:] or request.names),
            validation_method="DNS" if request.authority is None else None,
            certificate_authority_arn=request.authority,
            key_algorithm=request.algorithm,
            options={"certificate_transparency_logging_preference": "ENABLED"},
            region=request.region if request.region != self._where.region else None,
            tags=name_tag(self._naming.of(Kind.VPC_TAG, request.key)),
            opts=self._child,
        )

    def _create_records(self) -> Mapping[str, aws.route53.Record]:
        """One record for each name to prove, by that name."""
        sources: dict[str, tuple[aws.acm.Certificate, str]] = {}
        for key, request in self._requests.items():
            # A private authority asks for no proof.
            for name in request.names if request.authority is None else ():
                sources.setdefault(bare(name), (self._certificates[key], name))
        return {
            domain: self._create_record(domain, certificate, name)
            for domain, (certificate, name) in sorted(sources.items())
        }

    def _create_record(
        self, domain: str, certificate: aws.acm.Certificate, name: str
    ) -> aws.route53.Record:
        def option(field: str) -> pulumi.Output[str]:
            # ACM lists the options in no particular order.
            return certificate.domain_validation_options.apply(
                lambda options: str(getattr(_option_of(name, options), field))
            )

        return aws.route53.Record(
            domain,
            zone_id=self._zone_id(domain),
            name=option("resource_record_name"),
            type=option("resource_record_type"),
            records=[option("resource_record_value")],
            ttl=VALIDATION_TTL,
            # Another certificate of this account may have left the very same record.
            allow_overwrite=True,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

    def _create_wait(self, key: str) -> pulumi.Output[str]:
        request = self._requests[key]
        if request.authority is not None:
            return self._certificates[key].arn
        proofs = list(dict.fromkeys(bare(name) for name in request.names))
        validation = aws.acm.CertificateValidation(
            key,
            certificate_arn=self._certificates[key].arn,
            validation_record_fqdns=[self._records[name].fqdn for name in proofs],
            region=request.region if request.region != self._where.region else None,
            opts=pulumi.ResourceOptions(parent=self, depends_on=self._delegations),
        )
        return validation.certificate_arn

    def _expiry(self, key: str) -> AlarmSpec:
        request = self._requests[key]
        return AlarmSpec(
            name=f"certificate-{key}-expiry",
            title=f"Certificate of {request.names[0]}: ends soon",
            meaning=f"It ends in less than {EXPIRY_DAYS} days, so its renewal has failed.",
            action="Look at its validation records: they must still stand in the zone.",
            severity=Severity.NOTIFY,
            metrics=(
                MetricQuery(
                    id="days",
                    namespace="AWS/CertificateManager",
                    name="DaysToExpiry",
                    dimensions={"CertificateArn": self._certificates[key].arn},
                    statistic="Minimum",
                    period=86_400,
                ),
            ),
            threshold=EXPIRY_DAYS,
            comparison="LessThanThreshold",
            evaluation_periods=1,
            datapoints_to_alarm=1,
            missing_data="ignore",
            parent=f"certificate-{key}",
            region=request.region,
        )


def _option_of(
    name: str, options: Sequence[CertificateDomainValidationOption]
) -> CertificateDomainValidationOption:
    """How `name` is proved; the only option there is serves every name of the certificate."""
    for option in options:
        if option.domain_name == name:
            return option
    if len(options) == 1:
        return options[0]
    raise LookupError(f"ACM says nothing of how to prove {name}")
