"""A setting that is changed alone changes what is made, or is refused; `bench` changes all."""

from __future__ import annotations

from random import Random

import pytest

from testing.setting_effects import Leaf, Stack, chosen, effects
from trellis.stackfile.shape import Scalar

pytestmark = pytest.mark.long

SAMPLE = 6
"""Settings of one stack; `python -m bench setting_effects` takes every setting of five."""


@pytest.fixture(scope="module")
def stack() -> Stack:
    return Stack("systems/chat-backend", "dev")


def test_a_sample_of_settings_has_an_effect_each_or_is_refused(stack: Stack):
    settings = chosen([stack])
    assert len(settings) > 100
    names = Random(20261129).sample(sorted(settings), SAMPLE)
    found = effects({name: settings[name] for name in names})
    assert {name: effect for name, effect in found.items() if effect.startswith("in vain")} == {}
    assert "changed" in found.values()


def test_a_setting_that_changes_nothing_is_found(stack: Stack):
    """What is for `trellis price` alone changes no plan."""
    size = Leaf(("usage", "size"), Scalar("choice", choices=("small", "large")), None)
    assert stack.effect(size, Random(1)).startswith("in vain")
