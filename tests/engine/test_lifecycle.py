"""The root stacks from nothing to nothing in the real engine, with a policy pack attached."""

from __future__ import annotations

import pytest

from tests.engine.engine import ONE_CONTROL, ROOT, Engine, EngineError

pytestmark = pytest.mark.engine


@pytest.mark.parametrize("name", [pytest.param("dev", marks=pytest.mark.minutes), "prod"])
def test_a_stack_comes_up_stays_as_it_is_and_goes(engine: Engine, name: str) -> None:
    stack = engine.stack(ROOT, name)

    previewed = stack.preview(pack=ONE_CONTROL)
    assert not stack.aws.cloud, "a preview made something"
    assert set(previewed.changed) == {"create"}

    made = stack.up(pack=ONE_CONTROL)
    assert made.changes == previewed.changes
    assert made.resources.keys() == previewed.resources.keys()
    assert len(stack.aws.cloud) == len(stack.aws.calls.created)

    assert not stack.up().changed, "a second up changes something"
    assert not stack.refresh().changed, "a refresh finds drift"

    protected = [resource for resource in stack.state().values() if resource.get("protect")]
    if protected:
        with pytest.raises(EngineError, match="protect"):
            stack.destroy()
        stack.unprotect()
    kept = {urn for urn, resource in stack.state().items() if resource.get("retainOnDelete")}
    if kept:
        # AWS's own protection too, and what is kept in subnets and groups that are to go.
        stack.aws.unprotect()
        stack.aws.remove(kept)
    stack.destroy()
    assert not stack.state()
    left = set(stack.aws.calls.created) - set(stack.aws.calls.deleted)
    assert left == kept, "what is not retained is deleted, what is retained is left"


def test_a_pack_refuses_a_stack_that_breaks_its_control(engine: Engine) -> None:
    stack = engine.stack(ROOT, "dev")
    with pytest.raises(EngineError, match="network is a /16; /20 is the largest allowed"):
        stack.up(pack=ONE_CONTROL, pack_config={"vpc-size": {"largest": 20}})
    made = {type_ for type_, _ in stack.aws.cloud}
    assert "aws:ec2/vpc:Vpc" not in made, "the pack spoke after the resource was made"
