"""Hatch's build hook: what a wheel has beside its packages, and no wheel without all of it.

A wheel without these plans many stacks without a word, and fails only at `pulumi up`, or refuses a
stack for a reason that is not the real one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

INCLUDED = {
    "functions": "components/_functions",
    "docs/trellis.schema.json": "trellis/trellis.schema.json",
}
"""Where in a wheel what stands outside the packages goes; `components.parts.sources` finds it."""

REQUIRED = {
    "docs/trellis.schema.json": b'"$schema"',
    "functions/canary/heartbeat.js": b"handler",
    "functions/identity_provider/handler.py": b"def handle",
    "functions/jwt_authorizer/handler.py": b"def handle",
    "functions/master_password/handler.py": b"def handle",
    "functions/pagerduty/handler.py": b"def handle",
    "functions/redeploy/handler.py": b"def handle",
    "functions/rotation/handler.py": b"def handle",
    "functions/rotation/rds-ca.pem": b"-----BEGIN CERTIFICATE-----",
    "functions/run_task/handler.py": b"def handle",
    "functions/site_content/handler.py": b"def handle",
    "components/py.typed": b"",
    "components/sites/viewer_request.js": b"function handler",
    "policies/guardrails/iam/managed_policies.jsonl.gz": b"\x1f\x8b",
    "policies/py.typed": b"",
    "trellis/py.typed": b"",
    "trellis/workflows/templates/comment.js": b"createComment",
    "trellis/workflows/templates/service-stack.yml": b"gh attestation verify",
}
"""Files that a wheel must have, from the project's folder, and a text that each holds."""


class WholeWheel(BuildHookInterface[Any]):
    """Refuses a build that would leave something out."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it packs anything; `version` is `standard` or `editable`."""
        root = Path(self.root)
        wrong = [name for name, text in REQUIRED.items() if not _holds(root / name, text)]
        if wrong:
            raise SystemExit(
                "trellis: the wheel would not be whole. Missing, or not what they should be: "
                + ", ".join(wrong)
            )
        if version == "standard":
            build_data["force_include"].update(INCLUDED)


def _holds(file: Path, text: bytes) -> bool:
    return file.is_file() and text in file.read_bytes()
