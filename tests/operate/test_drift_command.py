"""`trellis drift`: every change that a refresh finds goes to one owner, and nothing is guessed."""

from __future__ import annotations

import datetime as dt
import html
import json
from pathlib import Path
from typing import Any

import pytest

from trellis.cli.main import main
from trellis.operate.aws_changes import DATED, HINTS, ROWS, Seen, aws_own
from trellis.tiers.provider_types import python_names as properties_of

PROJECT = "name: shop\nruntime: python\nconfig:\n  trellis:system: {value: {name: shop}}\n"
STACK = """\
config:
  aws:region: us-east-1
  trellis:environment: dev
  trellis:profile: development
  trellis:queues: {mail: {}}
  trellis:tables: {orders: {partitionKey: {name: id}}}
"""
QUEUE, TABLE = "aws:sqs/queue:Queue", "aws:dynamodb/table:Table"
ROOT_URN = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"
OPEN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
PARENTS = {QUEUE: ("trellis:messaging:Queue", "mail"), TABLE: ("trellis:table:Table", "orders")}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text(PROJECT)
    (tmp_path / "Pulumi.dev.yaml").write_text(STACK)
    return tmp_path


def urn_of(type_: str, name: str) -> str:
    parent = PARENTS.get(type_)
    kind = f"trellis:index:System${parent[0]}${type_}" if parent else type_
    return f"urn:pulumi:dev::shop::{kind}::{name}"


def state(type_: str, name: str, inputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    parent = PARENTS.get(type_)
    above = f"urn:pulumi:dev::shop::trellis:index:System${parent[0]}::{parent[1]}" if parent else ""
    return {
        "urn": urn_of(type_, name), "type": type_, "custom": True, "id": name, "inputs": inputs,
        "outputs": {}, "parent": above, **more,
    }  # fmt: skip


def component(type_: str) -> list[dict[str, Any]]:
    kind, name = PARENTS[type_]
    whole = {"urn": f"urn:pulumi:dev::shop::trellis:index:System${kind}::{name}", "type": kind,
             "custom": False}  # fmt: skip
    both = {"urn": whole["urn"], "oldState": whole, "newState": whole}
    return [{"op": "refresh", **both}, {"op": "same", **both}]


class Document:
    """A document of the engine, resource by resource."""

    def __init__(self, *, preview: bool = True) -> None:
        self._preview = preview
        root = {"urn": ROOT_URN, "type": "pulumi:pulumi:Stack", "custom": False}
        both = {"urn": ROOT_URN, "oldState": root, "newState": root}
        self.steps: list[dict[str, Any]] = [{"op": "refresh", **both}]
        if preview:
            self.steps.append({"op": "same", **both})
            for type_ in PARENTS:
                self.steps += component(type_)

    def resource(
        self, type_: str, name: str, before: dict[str, Any] | None,
        after: dict[str, Any] | None, planned: dict[str, Any] | None = None, *, op: str = "same",
        changed: tuple[str, ...] = (), replacing: tuple[str, ...] = (), **more: Any,
    ) -> Document:  # fmt: skip
        urn = urn_of(type_, name)
        old = None if before is None else state(type_, name, before, **more)
        now = None if after is None else state(type_, name, after, **more)
        new = None if planned is None else state(type_, name, planned, **more)
        if not self._preview:
            kind = "delete" if now is None else "update" if changed else "refresh"
            self.steps.append({"op": kind, "urn": urn, "oldState": old, "newState": now})
            return self
        if old is not None:
            self.steps.append({"op": "refresh", "urn": urn, "oldState": old, "newState": old})
        step: dict[str, Any] = {"op": op, "urn": urn, "oldState": now, "newState": new}
        step["detailedDiff"] = {key: {"kind": "update", "inputDiff": True} for key in changed}
        step["replaceReasons"] = list(replacing)
        self.steps.append(step)
        return self

    def into(self, folder: Path, **more: Any) -> Path:
        file = folder / "preview.json"
        file.write_text(json.dumps({"steps": self.steps, **more}))
        return file


def sorted_(
    document: Document, project: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[int, list[dict[str, Any]]]:
    """The exit code, and the changes."""
    file = document.into(project)
    code = main(["drift", "dev", "--project", str(project), "--preview", str(file), "--json"])
    printed = json.loads(capsys.readouterr().out)
    assert printed["table"] == DATED.isoformat()
    return code, printed["changes"]


SAME = {"visibilityTimeoutSeconds": 60}
OTHER = {"visibilityTimeoutSeconds": 99}


def test_nothing_is_no_drift(project: Path, capsys: pytest.CaptureFixture[str]):
    document = Document().resource(QUEUE, "mail", SAME, SAME, SAME)
    assert sorted_(document, project, capsys) == (0, [])
    assert sorted_(Document(preview=False), project, capsys) == (0, [])


def test_a_change_by_hand_is_somebodys_and_the_stack_file_names_the_line(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    changed = ("visibilityTimeoutSeconds",)
    document = Document().resource(QUEUE, "mail", SAME, OTHER, SAME, op="update", changed=changed)
    code, (change,) = sorted_(document, project, capsys)
    assert code == 1
    assert (change["owner"], change["before"], change["after"]) == ("somebody", 60, 99)
    assert change["then"] == "set back"
    assert change["place"].endswith("Pulumi.dev.yaml:5 (queues.mail)")


def test_a_change_by_hand_that_no_deployment_undoes_stays(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    more = {**SAME, "policy": "{}x"}
    changed = ("tags",)
    planned = {**SAME, "tags": {"a": "b"}}
    document = Document().resource(QUEUE, "mail", SAME, more, planned, op="update", changed=changed)
    code, changes = sorted_(document, project, capsys)
    assert code == 1
    assert [(change["property"], change["owner"], change["then"]) for change in changes] == [
        ("policy", "somebody", "stays"),
        ("tags", "ours", "updated"),
    ]


def test_a_change_by_hand_that_makes_the_deployment_replace_says_so(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    document = Document().resource(
        TABLE, "orders", {"hashKey": "id"}, {"hashKey": "key"}, {"hashKey": "id"},
        op="replace", changed=("hashKey",), replacing=("hashKey",),
    )  # fmt: skip
    _, (change,) = sorted_(document, project, capsys)
    assert change["then"] == "replaced for it"


def test_what_is_gone_was_deleted_by_somebody(project: Path, capsys: pytest.CaptureFixture[str]):
    document = Document().resource(QUEUE, "mail", SAME, None, SAME, op="create")
    code, (change,) = sorted_(document, project, capsys)
    assert (code, change["owner"], change["property"]) == (1, "somebody", None)
    assert change["then"] == "made again"


def test_what_the_stack_file_alone_changes_is_ours(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    changed = ("visibilityTimeoutSeconds",)
    document = (
        Document()
        .resource(QUEUE, "mail", SAME, SAME, OTHER, op="update", changed=changed)
        .resource(QUEUE, "new", None, None, SAME, op="create")
        .resource(QUEUE, "old", SAME, SAME, None, op="delete")
    )
    code, changes = sorted_(document, project, capsys)
    assert code == 4
    assert {change["owner"] for change in changes} == {"ours"}
    assert [change["then"] for change in changes] == ["updated", "created", "deleted"]


def test_a_state_that_is_behind_what_file_and_aws_agree_on_is_ours(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    document = Document().resource(QUEUE, "mail", SAME, OTHER, OTHER)
    code, (change,) = sorted_(document, project, capsys)
    assert (code, change["owner"]) == (4, "ours")
    assert "the state is behind" in change["why"]


def test_what_the_stack_leaves_to_aws_is_awss(project: Path, capsys: pytest.CaptureFixture[str]):
    document = Document().resource(
        "aws:lb/listenerRule:ListenerRule", "web", {"actions": [1]}, {"actions": [2]},
        {"actions": [1]}, ignoreChanges=["actions"],
    )  # fmt: skip
    code, (change,) = sorted_(document, project, capsys)
    assert (code, change["owner"]) == (0, "aws")
    assert "ignoreChanges" in change["why"]


def test_a_value_that_the_provider_takes_for_the_same_is_nobodys(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    document = Document().resource(QUEUE, "mail", SAME, OTHER, SAME, op="same")
    code, (change,) = sorted_(document, project, capsys)
    assert (code, change["owner"]) == (0, "aws")


def test_an_order_or_a_form_of_json_is_no_change(project: Path, capsys: pytest.CaptureFixture[str]):
    before, after = {"policy": '{"a": 1, "b": 2}'}, {"policy": '{"b":2,"a":1}'}
    document = Document().resource(QUEUE, "mail", before, after, before)
    assert sorted_(document, project, capsys) == (0, [])


def test_an_update_that_waits_for_another_resource_follows_from_it(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    alarm, actions = "aws:cloudwatch/metricAlarm:MetricAlarm", {"alarmActions": ["arn:1"]}
    document = (
        Document()
        .resource(QUEUE, "mail", SAME, None, SAME, op="create")
        .resource(alarm, "a", actions, actions, {"alarmActions": [OPEN]}, op="update",
                  changed=("alarmActions",))
    )  # fmt: skip
    file = document.into(project)
    assert main(["drift", "dev", "--project", str(project), "--preview", str(file)]) == 1
    printed = capsys.readouterr().out
    assert "dev: 1 by hand; 2 resources read" in printed
    assert "1 updates follow from these" in printed


def test_a_refresh_alone_tells_what_is_otherwise_on_aws(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    document = (
        Document(preview=False)
        .resource(QUEUE, "mail", SAME, OTHER, changed=("visibilityTimeoutSeconds",))
        .resource(QUEUE, "old", SAME, None)
    )
    code, changes = sorted_(document, project, capsys)
    assert code == 1
    assert [(change["property"], change["then"]) for change in changes] == [
        ("visibilityTimeoutSeconds", None),
        (None, None),
    ]


INSTANCE = "aws:rds/instance:Instance"
OWN = [
    ("aws:ecs/service:Service", "desiredCount", 2, 7, {}, True),
    (INSTANCE, "engineVersion", "16.4", "16.6", {}, True),
    (INSTANCE, "engineVersion", "16.4", "17.2", {}, False),
    (INSTANCE, "engineVersion", "16.6", "16.4", {}, False),
    (INSTANCE, "engineVersion", "16.4", "16.6", {"autoMinorVersionUpgrade": False}, False),
    (INSTANCE, "allocatedStorage", 100, 150, {"maxAllocatedStorage": 200}, True),
    (INSTANCE, "allocatedStorage", 100, 250, {"maxAllocatedStorage": 200}, False),
    (INSTANCE, "allocatedStorage", 100, 150, {}, False),
    (INSTANCE, "publiclyAccessible", False, True, {}, False),
    (TABLE, "readCapacity", 5, 50, {"billingMode": "PROVISIONED"}, True),
    (TABLE, "readCapacity", 5, 50, {"billingMode": "PAY_PER_REQUEST"}, False),
    (TABLE, "globalSecondaryIndexes", [{"name": "a", "readCapacity": 1}],
     [{"name": "a", "readCapacity": 9}], {}, True),
    (TABLE, "globalSecondaryIndexes", [{"name": "a"}], [{"name": "b"}], {}, False),
    ("aws:kinesis/stream:Stream", "shardCount", 4, 8,
     {"streamModeDetails": {"streamMode": "ON_DEMAND"}}, True),
    ("aws:kinesis/stream:Stream", "shardCount", 4, 8, {}, False),
    ("aws:secretsmanager/secretVersion:SecretVersion", "versionStages", ["AWSCURRENT"],
     ["AWSPREVIOUS"], {}, True),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "property_", "before", "after", "more", "own"), OWN)
def test_aws_changes_are_told_from_a_persons(
    type_: str, property_: str, before: Any, after: Any, more: dict[str, Any], own: bool,
    project: Path, capsys: pytest.CaptureFixture[str],
):  # fmt: skip
    inputs = {**more, property_: after}
    assert (aws_own(type_, property_, Seen(before, after, inputs)) is not None) == own
    old = {**more, property_: before}
    changed = (property_,)
    document = Document().resource(type_, "x", old, inputs, old, op="update", changed=changed)
    code, (change,) = sorted_(document, project, capsys)
    assert (code, change["owner"]) == ((0, "aws") if own else (1, "somebody"))
    assert change["why"]


def test_every_row_names_a_property_of_the_provider_and_its_source():
    assert dt.datetime.now(dt.UTC).date() >= DATED
    for type_, property_ in (*((row.type, row.property) for row in ROWS), *HINTS):
        assert property_ in properties_of(type_), (type_, property_)
    for row in ROWS:
        assert row.why
        assert "Guide" in row.source
    assert len({(row.type, row.property) for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON"),
        ("{}", "no `steps`"),
        ('{"steps": [{}]}', "a step without `urn`"),
        ('{"steps": [1]}', "a step without `urn`"),
        ('{"steps": []}', "did not ask AWS"),
        (json.dumps({"steps": [{"op": "same", "urn": ROOT_URN}]}), "did not ask AWS"),
        (json.dumps({"steps": [], "diagnostics": [
            {"severity": "error", "message": "error: AccessDenied\nmore"}]}), "AccessDenied"),
    ],
)  # fmt: skip
def test_what_is_no_refresh_is_never_taken_for_a_clean_one(
    text: str, message: str, project: Path, capsys: pytest.CaptureFixture[str]
):
    file = project / "preview.json"
    file.write_text(text)
    assert main(["drift", "dev", "--project", str(project), "--preview", str(file)]) == 2
    error = capsys.readouterr().err
    assert error.startswith("trellis drift: ")
    assert message in error


def test_a_preview_without_show_sames_hides_drift_and_is_refused(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    document = Document().resource(QUEUE, "mail", SAME, OTHER, SAME)
    del document.steps[-1]
    file = document.into(project)
    assert main(["drift", "dev", "--project", str(project), "--preview", str(file)]) == 2
    assert "--show-sames" in capsys.readouterr().err


def test_another_stacks_document_is_refused(project: Path, capsys: pytest.CaptureFixture[str]):
    (project / "Pulumi.prod.yaml").write_text(STACK.replace("dev\n", "prod\n", 1))
    file = Document().into(project)
    assert main(["drift", "prod", "--project", str(project), "--preview", str(file)]) == 2
    assert "of the stack dev" in capsys.readouterr().err


def test_the_issue_holds_foreign_text_as_text(project: Path):
    hostile = "</code><img src=x> @all | `x` --> [y](javascript:z)"
    document = Document().resource(
        QUEUE, "mail", {"tags": hostile}, {"tags": "x" * 70_000}, {"tags": hostile},
        op="update", changed=("tags",),
    )  # fmt: skip
    file, issue = document.into(project), project / "issue.md"
    words = ["--preview", str(file), "--issue", str(issue)]
    assert main(["drift", "dev", "--project", str(project), *words]) == 1
    body = issue.read_text()
    assert body.startswith("<!-- trellis-drift:shop/dev -->\n")
    assert "<img" not in body
    assert "@all" not in body
    assert "@all" in html.unescape(body)
    assert len(body) < 60_000
