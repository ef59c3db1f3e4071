"""Every package has samples of what it makes and offers, for the tests of all tiers at once."""

from __future__ import annotations

from importlib import import_module

import pytest

from components.parts.declaration import Tier, Watched
from components.parts.uses import KINDS
from testing import samples
from trellis.registry import beside, camel

DECLARED = {
    module.__name__.split(".")[1]: module.TIERS
    for module in beside("declaration")
    if hasattr(module, "TIERS")
}
SAMPLES = {module.__name__.rpartition(".")[2]: module for module in samples.modules()}


def test_samples_are_of_packages_that_there_are():
    assert SAMPLES.keys() <= DECLARED.keys()


@pytest.mark.parametrize("package", DECLARED)
def test_what_is_watched_has_a_sample(package: str):
    tiers: tuple[Tier[object], ...] = DECLARED[package]
    watched = [
        camel(tier.field)
        for tier in tiers
        if any(isinstance(resource.watched, Watched) for resource in tier.resources.values())
    ]
    parts = getattr(SAMPLES.get(package), "WATCHED", {})
    missing = sorted(set(watched) - parts.keys() - WITHOUT)
    assert not missing, f"testing/samples/{package}.py lacks {missing} in WATCHED"


WITHOUT = {"backups", "certificates"}
"""What a system has without a word."""


@pytest.mark.parametrize("package", DECLARED)
def test_what_is_offered_has_a_sample(package: str):
    tiers: tuple[Tier[object], ...] = DECLARED[package]
    offers = [offer for tier in tiers for offer in (tier.offer, *tier.more_offers) if offer]
    offered = {offer.kind for offer in offers} | {
        there.offer.kind for tier in tiers for there in tier.existing
    }
    lines = getattr(SAMPLES.get(package), "USES", ())
    missing = sorted(offered - {kind for line in lines for kind in KINDS if kind in line})
    assert not missing, f"testing/samples/{package}.py lacks {missing} in USES"


def test_two_samples_of_one_setting_are_refused(monkeypatch: pytest.MonkeyPatch):
    stream = import_module("testing.samples.stream")
    monkeypatch.setattr(stream, "WATCHED", {"tables": {"orders": {"partitionKey": {"name": "n"}}}})
    with pytest.raises(ValueError, match="two samples have name"):
        samples.watched()
