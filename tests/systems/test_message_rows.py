"""The topic and mail rows of the systems, asserted over recordings of their stack files."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.components.small_systems import statement
from trellis.planner.record import Recording

TOPIC = "aws:sns/topic:Topic"
POLICY = "aws:sns/topicPolicy:TopicPolicy"
KEY = "aws:kms/key:Key"

Recorded = Callable[..., Recording]


def test_every_topic_of_every_system_is_encrypted_and_takes_tls_only(
    recording_of: Recorded, any_stack: tuple[str, str]
):
    recording = recording_of(*any_stack)
    keys = {resource.outputs["arn"] for resource in recording.of_type(KEY)}
    policies = {resource.inputs["arn"]: resource for resource in recording.of_type(POLICY)}
    for topic in recording.of_type(TOPIC):
        if ":messaging:Topic$" not in topic.urn:
            continue  # ElastiCache's own topic: ElastiCache publishes to no encrypted one
        assert topic.inputs["kmsMasterKeyId"] in keys
        assert statement(policies[topic.outputs["arn"]], "TlsOnly")["Effect"] == "Deny"


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_clubapp_has_a_topic_for_notifications(recording_of: Recorded, stack: str):
    recording = recording_of(".", stack)
    notifications = recording.one(TOPIC, "notifications")
    assert notifications.inputs["name"] == f"clubapp-{stack}-notifications"
    assert notifications.inputs["displayName"] == "Club App"


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_clubapp_sends_mail_as_desh_co_with_dkim(recording_of: Recorded, stack: str):
    recording = recording_of(".", stack)
    identity = recording.one("aws:sesv2/emailIdentity:EmailIdentity", "main").inputs
    # Production has a zone and an identity of its own, so that both stacks fit one account.
    assert identity["emailIdentity"] == {"dev": "desh.co", "prod": "prod.desh.co"}[stack]
    assert identity["dkimSigningAttributes"] == {"nextSigningKeyLength": "RSA_2048_BIT"}
    chosen = recording.one("aws:sesv2/configurationSet:ConfigurationSet", "main").inputs
    assert chosen["deliveryOptions"]["tlsPolicy"] == "REQUIRE"
