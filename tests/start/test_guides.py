"""The guides for users of other tools say what the readers do, word by word."""

from __future__ import annotations

import re

import pytest
import yaml

from tests.recordings import ROOT
from trellis.stackfile.settings import SystemSettings
from trellis.start import compose_servers, compose_service
from trellis.start.copilot_service import TYPES

GUIDES = ("copilot", "compose", "sst")
TIERS = {field.alias or name for name, field in SystemSettings.model_fields.items()}


def page(tool: str) -> str:
    return (ROOT / "docs" / f"coming-from-{tool}.md").read_text("utf-8")


def words(text: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", text))


def rows(tool: str) -> list[tuple[str, str]]:
    lines = re.findall(r"^\| (.+?) \| (.+?) \|$", page(tool), re.MULTILINE)
    return [row for row in lines if row[0] not in ("---", tool) and not row[0].startswith("---")]


@pytest.mark.parametrize("tool", GUIDES)
def test_what_stands_on_our_side_is_in_the_reference(tool: str) -> None:
    reference = (ROOT / "docs" / "reference.md").read_text("utf-8")
    known = set(re.findall(r"[A-Za-z][A-Za-z0-9]*", reference)) | TIERS
    assert len(rows(tool)) >= 15
    for _, ours in rows(tool):
        for word in words(ours):
            for part in re.findall(r"[A-Za-z]+", word.split(":")[0]):
                assert part in known, word


def test_every_type_of_copilots_has_its_tier() -> None:
    table = dict(rows("copilot"))
    for kind, (tier, _) in TYPES.items():
        if kind == "Request-Driven Web Service":
            continue
        assert f"`{tier}`" in table[f"`{kind}`"]


def test_every_server_and_every_word_of_compose_is_told() -> None:
    text = page("compose")
    for image in (*compose_servers.DATABASES, *compose_servers.CACHES):
        if image not in ("timescaledb", "redis-stack-server"):
            assert f"`{image}`" in text or f"image: {image}`" in text, image
    for word in compose_service.LEFT:
        if word not in ("networks", "links", "dns", "sysctls", "develop", "env_file"):
            assert f"`{word}`" in text, word


@pytest.mark.parametrize("tool", ["compose", "sst"])
def test_blocks_of_the_guides_are_settings(tool: str) -> None:
    for block in re.findall(r"```yaml\n(.*?)```", page(tool), re.DOTALL):
        for key, value in yaml.safe_load(block).items():
            tier = key.removeprefix("trellis:")
            assert tier in TIERS
            assert value
