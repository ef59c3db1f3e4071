"""Elastic Load Balancing: what AWS answers ("Elastic Load Balancing API Reference", 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import Shape

SHAPES: Mapping[str, Shape] = {
    "aws:lb/targetGroupAttachment:TargetGroupAttachment": Shape(
        id="{targetGroupArn}-{digits:26}", tagged=False
    ),
}
"""By Pulumi type token."""
