"""A loop variable says what it is: nothing in the product is called `each`."""

from __future__ import annotations

import ast

import pytest

from testing.stacks import ROOT
from tests.architecture.python_files import files, tree

LEFT: frozenset[str] = frozenset(
    {
        "components/auth/settings.py",
        "components/backups/plan.py",
        "components/bucket/bucket.py",
        "components/database/settings.py",
        "components/database/surroundings.py",
        "components/dns/certificates.py",
        "components/parts/links.py",
        "components/parts/model.py",
        "components/services/routing/settings.py",
        "components/services/routing/target_group.py",
        "components/services/settings.py",
        "components/services/task/containers.py",
        "components/services/task/settings.py",
        "components/sites/behaviors.py",
        "policies/guardrails/controls/edge.py",
        "trellis/assembly.py",
        "trellis/backend/state.py",
        "trellis/cli/compare.py",
        "trellis/cli/main.py",
        "trellis/compare/claims.py",
        "trellis/compare/conditions.py",
        "trellis/compare/documents.py",
        "trellis/compare/in_place.py",
        "trellis/compare/meanwhile.py",
        "trellis/compare/refusals.py",
        "trellis/compare/report.py",
        "trellis/compare/steps.py",
        "trellis/compare/verdict.py",
        "trellis/lsp/completing.py",
        "trellis/operate/doctor_account.py",
        "trellis/operate/doctor_limits.py",
        "trellis/operate/doctor_names.py",
        "trellis/operate/doctor_permissions.py",
        "trellis/operate/findings.py",
        "trellis/operate/log_lines.py",
        "trellis/operate/sessions.py",
        "trellis/planner/evidence.py",
        "trellis/planner/recording.py",
        "trellis/planner/text.py",
        "trellis/price/estimate.py",
        "trellis/reach/things.py",
        "trellis/review/fingerprint.py",
        "trellis/review/markdown.py",
        "trellis/roles/arns.py",
        "trellis/roles/derive.py",
        "trellis/roles/passing.py",
        "trellis/roles/roles.py",
        "trellis/stackfile/adopting.py",
        "trellis/stackfile/checks.py",
        "trellis/stackfile/looking_up.py",
        "trellis/stackfile/looking_up_values.py",
        "trellis/stackfile/route_checks.py",
        "trellis/stackfile/service_checks.py",
        "trellis/stackfile/unheeded.py",
        "trellis/start/copilot_service.py",
        "trellis/start/terraform_network.py",
        "trellis/start/terraform_services.py",
        "trellis/tiers/adopted.py",
        "trellis/tiers/dns.py",
        "trellis/tiers/keys.py",
        "trellis/tiers/monitoring.py",
        "trellis/tiers/service_order.py",
        "trellis/tiers/services.py",
        "trellis/tiers/uses.py",
    }
)
"""Modules that still have it: the list may only become shorter."""


def has_each(node: ast.AST) -> bool:
    return (isinstance(node, ast.Name) and node.id == "each") or (
        isinstance(node, ast.arg) and node.arg == "each"
    )


@pytest.mark.long
def test_nothing_is_called_each():
    found = {
        str(file.relative_to(ROOT))
        for file in files("components", "trellis", "policies")
        if "each" in file.read_text("utf-8") and any(map(has_each, ast.walk(tree(file))))
    }
    assert sorted(found - LEFT) == []
