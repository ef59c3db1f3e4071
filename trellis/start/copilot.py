"""A folder of AWS Copilot's as stack files: workloads, environments, and what is left over.

Sources: "Manifests" of the Copilot documentation (v1.34), whose words are read here; Copilot's
support ended on 2026-06-12.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from trellis.stackfile.nodes import Mapping, Node
from trellis.stackfile.problems import Problem, Source, StackFileError
from trellis.start.copilot_calls import calls
from trellis.start.copilot_environment import environment
from trellis.start.copilot_service import TYPES
from trellis.start.copilot_workload import Workload
from trellis.start.draft import Converted, Draft, difference
from trellis.start.ledger import Ledger, entries, get, laid_over, shapes, text
from trellis.start.units import key_of
from trellis.start.zones import zones

FOLDER = "copilot"
SUBJECT = "Copilot's files have"
ADDONS = {
    "AWS::RDS::DBCluster": "`databases` (engine aurora-postgresql or aurora-mysql)",
    "AWS::RDS::DBInstance": "`databases`",
    "AWS::DynamoDB::Table": "`tables`",
    "AWS::S3::Bucket": "`buckets`",
    "AWS::ElastiCache::ReplicationGroup": "`caches`",
    "AWS::ElastiCache::CacheCluster": "`caches`",
    "AWS::SQS::Queue": "`queues`",
    "AWS::SNS::Topic": "`topics`",
    "AWS::SecretsManager::Secret": "`secrets`",
    "AWS::IAM::ManagedPolicy": "`uses`: what a task may do follows from it",
    "AWS::IAM::Policy": "`uses`: what a task may do follows from it",
    "AWS::EC2::SecurityGroup": "nothing: rules follow from `uses`",
}
"""What an addon's resource is in a stack file, by its CloudFormation type."""


def convert(folder: Path, target: Path, domain: str | None = None) -> Converted:
    """What the manifests under `copilot/` come to.

    Args:
        folder: the one that holds `copilot/`.
        target: the folder of the repository in the making, from which paths to sources start.
        domain: whose zone is made; each web service without an alias has a name in it.

    Raises:
        StackFileError: a file can't be read, or there is none.
    """
    ledger = Ledger()
    root = folder / FOLDER
    manifests = _manifests(root, folder, ledger)
    found = {file: node for file, node in manifests.items() if text(get(node, "type")) in TYPES}
    if not found:
        place = Source("manifest", str(root))
        allowed = f"`manifest.yml` of a service, job or site in {FOLDER}/NAME/"
        raise StackFileError([Problem((), "no workload", allowed, source=place)], subject=SUBJECT)
    stages = _stages(root, folder, ledger, list(found.values()))
    base = _draft(ledger, found, None, None, folder, target, domain)
    own: dict[str, dict[str, Any]] = {}
    for stage, manifest in stages.items():
        draft = _draft(ledger, found, stage, manifest, folder, target, domain)
        own[stage] = difference(base.settings, draft.settings)
        base.origins = {**draft.origins, **base.origins}
    _others(root, folder, ledger)
    name = key_of(_application(root, ledger) or folder.resolve().name)
    return Converted(name, base.settings, own, base.origins, ledger)


def _application(root: Path, ledger: Ledger) -> str | None:
    file = root / ".workspace"
    if not file.is_file():
        return None
    return str(ledger.take(get(ledger.read(file, f"{FOLDER}/.workspace"), "application")))


def _manifests(root: Path, folder: Path, ledger: Ledger) -> dict[str, Mapping]:
    files = sorted(root.glob("*/manifest.y*ml"))
    return {
        name: ledger.read(file, name)
        for file in files
        for name in [file.relative_to(folder).as_posix()]
    }


def _stages(
    root: Path, folder: Path, ledger: Ledger, manifests: list[Mapping]
) -> dict[str, Mapping | None]:
    """The environments: those with a manifest, and those that a workload names."""
    found: dict[str, Mapping | None] = {}
    for file in sorted((root / "environments").glob("*/manifest.y*ml")):
        found[file.parent.name] = ledger.read(file, file.relative_to(folder).as_posix())
    for manifest in manifests:
        for name in entries(get(manifest, "environments")):
            found.setdefault(name, None)
    return found or {"dev": None}


def _draft(
    ledger: Ledger,
    manifests: dict[str, Mapping],
    stage: str | None,
    settings: Mapping | None,
    folder: Path,
    target: Path,
    domain: str | None,
) -> Draft:
    draft = Draft(ledger)
    draft.put(("network",), {})
    if domain is not None:
        at = domain if stage is None else f"{stage}.{domain}"
        production = stage in ("prod", "production")
        draft.put(("zones",), {"main": {"domain": domain if production else at}})
    order = sorted(manifests, key=lambda file: text(get(manifests[file], "type")) or "")
    for file in order:
        _workload(draft, manifests[file], stage, folder, target)
    calls(draft)
    if settings is not None:
        environment(draft, settings)
    if not draft.settings["network"]:
        draft.settings["network"] = {"cidr": "10.0.0.0/16"}
    zones(draft)
    return draft


def _workload(
    draft: Draft, manifest: Mapping, stage: str | None, folder: Path, target: Path
) -> None:
    own = Mapping(manifest.line, manifest.column, dict(manifest.entries))
    overrides = own.entries.pop("environments", None)
    merged: Node = own
    if stage is not None and overrides is not None:
        given = get(overrides.node, stage)
        merged = laid_over(own, given) if isinstance(given, Mapping) else own
    ledger = draft.ledger
    kind, name = str(ledger.take(get(merged, "type"))), str(ledger.take(get(merged, "name")))
    tier, read = TYPES[kind]
    key = key_of(name)
    draft.origins[(tier, key)] = ledger.place(get(manifest, "name") or manifest)[:2]
    with shapes(ledger, manifest, "Copilot"):
        read(Workload(draft, key, tier, merged, folder, target))


def _others(root: Path, folder: Path, ledger: Ledger) -> None:
    """All that is no manifest: addons by resource, anything else as a file."""
    for file in sorted(path for path in root.rglob("*") if path.is_file()):
        name = file.relative_to(folder).as_posix()
        parts = file.relative_to(root).parts
        if "addons" in parts and file.suffix in (".yml", ".yaml"):
            _addon(file, name, ledger)
        elif "overrides" in parts:
            ledger.note(
                name, "an override of CloudFormation: look for its words in docs/reference.md"
            )
        elif parts[0] == "pipelines":
            ledger.note(
                name, "Trellis makes no CodePipeline: run `trellis plan` and `pulumi up` in CI"
            )
        elif file.name not in ("manifest.yml", "manifest.yaml", ".workspace"):
            ledger.note(name, "it was not read")


def _addon(file: Path, name: str, ledger: Ledger) -> None:
    """Each resource, parameter and output of a CloudFormation template, by its line."""
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        ledger.note(name, "no YAML: it was not read")
        return
    for section, body in root.value if isinstance(root, yaml.MappingNode) else ():
        if not isinstance(body, yaml.MappingNode):
            ledger.note(name, "nothing to carry over", _line(section), (section.value,))
            continue
        for key, given in body.value:
            ledger.note(
                name, _addon_advice(section.value, given), _line(key), (section.value, key.value)
            )


def _addon_advice(section: str, given: yaml.Node) -> str:
    if section == "Outputs":
        return "`uses` brings the variables of what it names"
    if section != "Resources" or not isinstance(given, yaml.MappingNode):
        return "nothing to carry over: it belongs to the template"
    kind = next((value.value for key, value in given.value if key.value == "Type"), "?")
    return f"{kind} is {ADDONS.get(kind, 'nothing that is known here')}"


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1
