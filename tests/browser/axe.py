"""What axe-core finds in a page that is open."""

from __future__ import annotations

import json
from typing import Any

from tests.browser.chromium import Tab
from tests.recordings import ROOT

AXE = ROOT / "tests" / "node" / "node_modules" / "axe-core" / "axe.min.js"

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def violations(tab: Tab) -> list[str]:
    """Each rule that is broken, with the first elements that break it."""
    tab.run(AXE.read_text(encoding="utf-8") + "\n;0")
    found: list[dict[str, Any]] = tab.run(
        f"axe.run(document, {{runOnly: {json.dumps(RULES)}}}).then(r => r.violations.map(v => "
        "({id: v.id, nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 160))})))"
    )
    return [f"{element['id']}: {element['nodes']}" for element in found]
