"""The YAML that README and docs show is YAML that a stack file may hold."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from tests.conftest import ROOT
from trellis.stackfile.settings import SystemSettings

PAGES = (
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "examples/hello/README.md",
)
BLOCK = re.compile(r"^ *```yaml\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
LEAST = {"region": "us-east-1", "environment": "dev", "name": "shop"}
"""What a stack must say, beside what an example shows of it."""


def examples(page: Path) -> Iterator[tuple[int, str]]:
    """Line and text of each example of a page."""
    text = page.read_text("utf-8")
    for found in BLOCK.finditer(text):
        yield text.count("\n", 0, found.start()) + 2, textwrap.dedent(found[1])


def shown(example: dict[str, Any]) -> dict[str, Any]:
    """The settings that an example shows: of a whole file, of some keys or parts, or of a service.

    Keys of a file begin with `trellis:`. Those without are parts of a system, as under
    `trellis:system`, unless there is an `image` among them, which only a service has.
    """
    config = example.get("config", example)
    if not any(key.startswith("trellis:") for key in config):
        return {"services": {"example": config}} if "image" in config else config
    own = {
        key.removeprefix("trellis:"): value
        for key, value in config.items()
        if key.startswith("trellis:") and key != "trellis:system"
    }
    return {**config.get("trellis:system", {}).get("value", {}), **own}


def has_settings(example: dict[str, Any]) -> bool:
    """Whether settings stand in it: Pulumi's files of projects and packs keep them in `config`."""
    return "runtime" not in example or "config" in example


def without_nulls(value: Any) -> Any:
    """`null` takes an inherited key away, so it is there no longer when settings are judged."""
    if isinstance(value, dict):
        entries = cast("dict[str, Any]", value).items()
        return {key: without_nulls(entry) for key, entry in entries if entry is not None}
    return value


EXAMPLES = [
    pytest.param(text, id=f"{page.relative_to(ROOT)}:{line}")
    for page in PAGES
    for line, text in examples(page)
    if (example := yaml.safe_load(text)) is not None and has_settings(example)
]


def test_there_are_examples_to_judge():
    assert len(EXAMPLES) >= 7


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_is_one_that_a_stack_file_may_hold(text: str):
    given = without_nulls({**LEAST, **shown(yaml.safe_load(text))})
    SystemSettings.model_validate_json(json.dumps(given))


@pytest.mark.parametrize(
    "wrong",
    [
        "trellis:networks: {}",
        "trellis:services: {a: {images: {}}}",
        "image: {repo: hello}",
        "image: {repository: hello}\nnetwork: {}",
        "networks: {}",
        "cpu: 256",
        "functions: {resize: {memory: 512}}",
        "runtime: python\nconfig: {trellis:system: {value: {networks: {}}}}",
    ],
)
def test_an_example_that_a_stack_file_may_not_hold_would_be_noticed(wrong: str):
    given = without_nulls({**LEAST, **shown(yaml.safe_load(wrong))})
    with pytest.raises(ValueError, match="validation error"):
        SystemSettings.model_validate_json(json.dumps(given))
