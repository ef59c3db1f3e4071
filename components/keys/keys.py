"""The keys component: a customer KMS key a data domain, or one for all of them.

Builds for each key the key itself (symmetric, rotated, with its whole policy) and its alias
`alias/{name}-{environment}-{domain}`; where a domain's data is copied to another region, a key
there too.

Promises:
- The policy goes in with the key, in one call: CloudWatch Logs refuses a group whose key does not
  let it in, and a policy made after the key would leave a while in which that happens, or need
  every consumer to wait. So there is no late `seal`: whom a key trusts follows from the settings
  (see `trusts`), never from a resource that was itself encrypted with the key, and no cycle can
  arise. Whoever has the ARN has a key that is ready.
- The account's principals use a key only through the services of its domain (see `policy`).
- A key's Pulumi name is its domain's: other domains come and go without touching it; a shared key
  is that of `data`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Arn, Domain, Trust
from components.keys.policy import key_document, key_statements
from components.keys.settings import KeysSettings
from components.naming import Kind, Naming
from components.tags import name_tag

SHARED = Domain.DATA
"""The domain whose key all share with `sharing: shared`. A database, a cache and a repository can
never change keys ("Encrypting Amazon RDS resources: limitations", 2026-11): so theirs stays."""


class Keys(pulumi.ComponentResource):
    """The customer keys of one system. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: KeysSettings,
        *,
        naming: Naming,
        where: AccountRegion,
        trusts: Mapping[Domain, Collection[Trust]],
        copies: Mapping[str, Mapping[Domain, Collection[Trust]]] | None = None,
        existing: Mapping[Domain, Arn] | None = None,
        protect: bool = True,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make a key for each domain in `trusts`, or one for all of them.

        Args:
            name: Pulumi name; the prefix of every child's.
            trusts: the domains that are in use, and the services each must let in by their own
                name; an empty collection where there are none.
            copies: by region, the same for domains whose data is copied there.
            existing: keys that somebody else keeps, instead of the domains' own; with one key for
                all, that of `data`.
            protect: whether the keys survive a mistaken deletion.
        """
        super().__init__("trellis:keys:Keys", name, None, opts)
        self._prefix = name
        self._settings = settings
        self._naming = naming
        self._where = where
        self._kept = protect
        self._arns: dict[tuple[str, Domain], pulumi.Output[str]] = {}
        self._statements: dict[Domain, pulumi.Input[str]] = {}
        self._create_keys(where.region, self._use_existing(existing or {}, trusts))
        for region in sorted(copies or {}):
            self._create_keys(region, (copies or {})[region])
        self.register_outputs({"arns": {str(d): arn for (_, d), arn in self._arns.items()}})

    def arn(self, domain: Domain, region: str | None = None) -> pulumi.Output[str]:
        """ARN of the key that encrypts a domain's data; once known, the key may be used.

        Raises:
            KeyError: no key was asked for that domain there.
        """
        arn = self._arns.get((region or self._where.region, domain))
        if arn is None:
            raise KeyError(f"no key was made for {domain} in {region or self._where.region}")
        return arn

    @property
    def statements(self) -> Mapping[Domain, pulumi.Input[str]]:
        """By the first domain of each key that exists already, what its policy must say."""
        return self._statements

    @property
    def domains(self) -> tuple[Domain, ...]:
        """The domains that have a key in the system's own region."""
        return tuple(d for d in Domain if (self._where.region, d) in self._arns)

    def _use_existing(
        self, existing: Mapping[Domain, Arn], trusts: Mapping[Domain, Collection[Trust]]
    ) -> Mapping[Domain, Collection[Trust]]:
        """Take keys that exist already; returns the domains that have none yet."""
        shared = self._settings.sharing == "shared"
        taken = {
            domain: existing[SHARED if shared else domain]
            for domain in trusts
            if (SHARED if shared else domain) in existing
        }
        for domain, arn in sorted(taken.items()):
            self._arns[self._where.region, domain] = pulumi.Output.from_input(arn)
        served = {SHARED: sorted(taken)} if shared and taken else {d: [d] for d in sorted(taken)}
        for first, domains in served.items():
            let_in = [trust for domain in domains for trust in trusts[domain]]
            self._statements[first] = key_statements(domains, let_in, self._where)
        return {domain: trusts[domain] for domain in trusts if domain not in taken}

    def _create_keys(self, region: str, trusts: Mapping[Domain, Collection[Trust]]) -> None:
        if self._settings.sharing == "shared" and trusts:
            key = self._create_key(SHARED.value, region, trusts)
            self._arns.update({(region, domain): key.arn for domain in trusts})
            return
        for domain in sorted(trusts):
            key = self._create_key(domain.value, region, {domain: trusts[domain]})
            self._arns[region, domain] = key.arn

    def _create_key(
        self, label: str, region: str, trusts: Mapping[Domain, Collection[Trust]]
    ) -> aws.kms.Key:
        abroad = region != self._where.region
        name = f"{self._prefix}-{label}-{region}" if abroad else f"{self._prefix}-{label}"
        rotation, deletion = self._settings.of(next(iter(trusts)))
        where = dataclasses.replace(self._where, region=region)
        physical_name = self._naming.of(Kind.VPC_TAG, label)
        key = aws.kms.Key(
            name,
            description=f"{self._naming.system} {self._naming.environment}: "
            + ", ".join(sorted(trusts)),
            enable_key_rotation=True,
            rotation_period_in_days=rotation,
            deletion_window_in_days=deletion,
            policy=key_document(trusts, [t for trust in trusts.values() for t in trust], where),
            region=region if abroad else None,
            tags=name_tag(physical_name),
            opts=pulumi.ResourceOptions(
                parent=self, protect=self._kept, retain_on_delete=self._kept
            ),
        )
        aws.kms.Alias(
            name,
            name=f"alias/{physical_name}",
            target_key_id=key.key_id,
            region=region if abroad else None,
            # It holds no data: children inherit protection that is not said to be off.
            opts=pulumi.ResourceOptions(parent=key, protect=False, retain_on_delete=False),
        )
        return key
