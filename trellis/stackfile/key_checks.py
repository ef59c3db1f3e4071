"""What only the whole can tell of keys that exist already: which they are, and where."""

from __future__ import annotations

from collections.abc import Iterator

from components.contracts import Domain
from components.parts.existing import place_of
from trellis.registry import camel, fields_of
from trellis.stackfile.complaints import Complaint, unknown
from trellis.stackfile.context import Context
from trellis.stackfile.service_checks import consumers_of
from trellis.stackfile.settings import SystemSettings

ALWAYS = frozenset({Domain.DATA, Domain.LOGS})
"""Domains that something may be encrypted with whatever the parts: log groups, AWS Config."""


def existing_keys(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A domain's key that there is not, or that would encrypt nothing."""
    known = settings.existing.keys
    for domain, key in settings.keys.existing.items():
        fields = fields_of(domain)
        if key not in known:
            yield unknown(("keys", "existing", domain.value), "existing key", key, known)
        elif domain not in ALWAYS and not any(getattr(settings, field) for field in fields):
            yield (
                ("keys", "existing", domain.value),
                f"a key of {domain}, which nothing here is encrypted with",
                f"one of {', '.join(sorted(camel(field) for field in fields))}, or no such line",
                "",
            )


def keys_are_here(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A key of another region: what is encrypted with a key is where the key is."""
    for name, key in settings.existing.keys.items():
        if key.arn is not None and (region := place_of(key.arn).region) != settings.region:
            yield (
                ("existing", "keys", name, "arn"),
                f"a key in {region}",
                f"one in {settings.region}",
                "AWS encrypts with keys of the same region; copies of data have keys of their own",
            )


def keys_that_programs_use(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A `uses:` line to a key that is known by its alias only."""
    for path, consumer in consumers_of(settings).items():
        for position, use in enumerate(consumer.uses):
            key = settings.existing.keys.get(use.kms or "")
            if key is not None and key.arn is None:
                yield (
                    (*path, "uses", position, "kms"),
                    f"key {use.kms}, of which only the alias is known",
                    "a key with `arn`: policies name keys",
                    f"`aws kms describe-key --key-id {key.alias}` says its ARN",
                )


CHECKS = (existing_keys, keys_are_here, keys_that_programs_use)
