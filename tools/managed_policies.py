"""Writes the table of AWS-managed policies from the record that moto keeps of the IAM API.

``python tools/managed_policies.py`` after moto is renewed; a test holds the table to moto's record.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import moto
from moto.iam.aws_managed_policies import aws_managed_policies_data

TABLE = Path(__file__).parents[1] / "policies/guardrails/iam/managed_policies.jsonl.gz"


def written() -> bytes:
    """The table: one policy a line, so that one is found and read without the others."""
    recorded = json.loads(aws_managed_policies_data)
    newest = max(entry["UpdateDate"] for entry in recorded.values())[:10]
    about = {
        "about": "Documents of AWS-managed policies by name, one a line.",
        "source": "IAM API (ListPolicies, GetPolicyVersion) as recorded in moto "
        + moto.__version__,
        "newest": newest,
        "count": len(recorded),
    }
    lines = [about]
    for name, entry in sorted(recorded.items()):
        statements = entry["Document"]["Statement"]
        lines.append(
            {
                "name": name,
                "path": entry["Path"],
                "version": entry["DefaultVersionId"],
                "updated": entry["UpdateDate"][:10],
                "statements": statements if isinstance(statements, list) else [statements],
            }
        )
    text = "\n".join(json.dumps(line, separators=(",", ":")) for line in lines)
    # Without the time of writing, so that the same record gives the same file.
    return gzip.compress(f"{text}\n".encode(), mtime=0)


def main() -> None:
    """Write the table anew."""
    TABLE.write_bytes(written())


if __name__ == "__main__":
    main()
