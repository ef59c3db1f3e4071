"""Amazon SNS and SQS: what AWS answers (their API References, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import Shape

SHAPES: Mapping[str, Shape] = {
    "aws:sns/smsPreferences:SmsPreferences": Shape(
        id="aws_sns_sms_id", computed={"monthlySpendLimit": 1}, tagged=False
    ),
    "aws:sqs/redrivePolicy:RedrivePolicy": Shape(id="{queueUrl}", tagged=False),
}
"""By Pulumi type token."""
