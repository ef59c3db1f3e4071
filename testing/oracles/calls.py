"""Which API operation makes each registered type, and which types none makes."""

from __future__ import annotations

from collections.abc import Mapping

from testing.oracles import calls_account, calls_data, calls_lake, calls_network, calls_services
from testing.oracles.operation import Call

CALLS: Mapping[str, Call] = {
    **calls_network.CALLS,
    **calls_data.CALLS,
    **calls_lake.CALLS,
    **calls_services.CALLS,
    **calls_account.CALLS,
}
"""By Pulumi type token."""

UNCONSTRAINED: Mapping[str, str] = {
    "aws:acm/certificateValidation:CertificateValidation": "waits for a certificate; makes nothing",
}
"""Registered types that no API operation makes, and why."""
