"""No two rules of security groups are the same to AWS, which takes the second one for an error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from components.parts.security_group import OTHER_TRAFFIC
from tests.conftest import STACKS
from trellis.planner.record import Recording

COMPARED = ("securityGroupId", *OTHER_TRAFFIC)
"""By what EC2 tells rules apart ("AuthorizeSecurityGroupIngress", Amazon EC2 API Reference,
2026-11: `InvalidPermission.Duplicate`)."""


@pytest.mark.parametrize("stack", STACKS, ids=lambda stack: "-".join(map(str, stack)))
def test_each_rule_of_a_security_group_is_there_once(
    stack: tuple[str, str], recording_of: Callable[..., Recording]
):
    recording = recording_of(*stack)
    for direction in ("Ingress", "Egress"):
        type_ = f"aws:vpc/securityGroup{direction}Rule:SecurityGroup{direction}Rule"
        rules = Counter(
            tuple(str(rule.inputs.get(word)) for word in COMPARED)
            for rule in recording.of_type(type_)
        )
        assert [rule for rule, times in rules.items() if times > 1] == []
