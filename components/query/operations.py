"""The API operations that make the types of this package."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:athena/namedQuery:NamedQuery": call("athena", "CreateNamedQuery", query="QueryString"),
    # A workgroup is made enabled; another state is an update's.
    "aws:athena/workgroup:Workgroup": call(
        "athena", "CreateWorkGroup", state="UpdateWorkGroup:State"
    ),
}
"""By Pulumi type token."""
