"""Writes trellis/compare/replacing.json: what the provider and CloudFormation say, side by side.

`python -m tools.replacement TYPE ...` asks about some types only and keeps the others.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import cfnlint

from testing.sdk import inputs_of
from tools.replacement import asking, names
from tools.replacement.cloudformation import CreateOnly, type_of
from tools.replacement.provider import VERSION, Provider
from tools.replacement.reasons import ALSO, IN_PLACE, PROVIDER_ALONE
from trellis.compare.replacing import FILE
from trellis.planner.simulate import auto_named, resource_types

KINDS = ("add", "change", "remove")

DELETE_FIRST = frozenset(
    {
        "aws_api_gateway_integration",
        "aws_cloudwatch_log_subscription_filter",
        "aws_ecr_lifecycle_policy",
        "aws_iam_policy_attachment",
        "aws_iam_role_policy_attachment",
        "aws_security_group_rule",
    }
)
"""Types with `DeleteBeforeReplace` in `resources.go` of pulumi-aws 7.51."""

NOT_AUTO_NAMED = frozenset(
    {
        "aws_cloudwatch_log_resource_policy",
        "aws_glue_catalog_database",
        "aws_glue_catalog_table",
        "aws_rds_cluster",
        "aws_rds_cluster_instance",
        "aws_rds_cluster_role_association",
        "aws_route53_record",
        "aws_s3_bucket_object",
        "aws_s3_object",
    }
)
"""Types whose names Pulumi leaves to the provider: one given by hand changes no order
(`resources.go` of pulumi-aws 7.51)."""


def main() -> None:
    """Ask both sources about every type, or about those named, and write the table."""
    named = sys.argv[1:]
    provider = Provider()
    known = provider.schema["resource_schemas"]
    types: dict[str, Any] = json.loads(FILE.read_text())["types"] if named else {}
    with provider:
        for token in named or sorted(resource_types()):
            if not token.startswith("pulumi:"):
                types[token] = _type(token, provider, known)
    table = {
        "date": datetime.now(UTC).date().isoformat(),
        "sources": {
            "provider": f"plans of hashicorp/aws {VERSION}, one edit of each argument",
            "cloudformation": f"createOnlyProperties in cfn-lint {version('cfn-lint')}, schemas of "
            + _schemas_of(),
        },
        "types": types,
    }
    FILE.write_text(json.dumps(table, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _schemas_of() -> str:
    file = Path(cfnlint.__file__).parent / "data/schemas/version.json"
    return str(json.loads(file.read_text())["schema_date"])[:10]


def _type(token: str, provider: Provider, known: Mapping[str, Any]) -> dict[str, Any]:
    theirs = names.terraform_type(token, list(known))
    formation = type_of(token)
    create_only = CreateOnly(formation) if formation is not None else None
    found: dict[str, Any] = {"terraform": theirs, "cloudFormation": formation}
    inputs = inputs_of(token)
    properties: dict[str, Any] = {}
    replacing: Mapping[str, list[str]] = {}
    paths: Mapping[str, str] = {}
    if theirs is not None:
        block = known[theirs]["block"]
        paths = names.paths(inputs, block, theirs, asking.DEPTH)
        replacing, unasked = asking.replacing(provider, theirs)
        found["unordered"] = sorted(paths[path] for path in asking.sets(block) if path in paths)
        found["notAsked"] = sorted(
            paths[path] for path in unasked if path in paths and path not in replacing
        )
        for path, kinds in replacing.items():
            if path in paths:
                properties[paths[path]] = {
                    "kinds": list(KINDS) if (token, paths[path]) in ALSO else sorted(set(kinds)),
                    **_entry_of(paths[path], token, create_only),
                }
        if auto_named(token) and theirs not in NOT_AUTO_NAMED:
            found["autoNamed"] = auto_named(token)
        found["deleteFirst"] = theirs in DELETE_FIRST
    in_place: dict[str, str] = {}
    if create_only is not None:
        asked = {path for path in paths.values() if path not in found.get("notAsked", ())}
        for name in sorted(inputs):
            if create_only.named(name, token) not in create_only.always or name in properties:
                continue
            if any(path.startswith(f"{name}.") for path in properties):
                continue  # what it consists of is there
            if name in asked:
                in_place[name] = IN_PLACE.get((token, name), IN_PLACE[""])
                continue
            properties[name] = {
                "kinds": list(KINDS),
                "sources": ["cloudformation"],
                "why": f"provider {VERSION} "
                + ("can't be asked" if name in found.get("notAsked", ()) else "has no such one"),
            }
    found["properties"], found["inPlace"] = properties, in_place
    return {key: value for key, value in found.items() if value not in (False, {}, [])}


def _entry_of(path: str, token: str, create_only: CreateOnly | None) -> dict[str, Any]:
    """Whether CloudFormation says the same of a property that the provider replaces for."""
    if create_only is None:
        return {"sources": ["provider"], "why": "CloudFormation has no such type"}
    top = path.split(".", maxsplit=1)[0]
    theirs = create_only.named(top, token)
    if theirs in create_only.always:
        return {"sources": ["provider", "cloudformation"]}
    if (token, path) in PROVIDER_ALONE:
        return {"sources": ["provider"], "why": PROVIDER_ALONE[token, path]}
    if theirs is None:
        why = "CloudFormation has no such property"
    elif theirs in create_only.sometimes:
        why = "CloudFormation replaces under conditions"
    elif top != path:
        why = "CloudFormation's list names whole properties, and this is a part of one"
    else:
        why = PROVIDER_ALONE["", ""]
    return {"sources": ["provider"], "why": why}


if __name__ == "__main__":
    main()
