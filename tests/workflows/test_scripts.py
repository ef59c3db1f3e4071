"""The scripts of the workflows, run by Node against a GitHub in memory."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from trellis.workflows.render import TEMPLATES

pytestmark = [
    pytest.mark.node,
    pytest.mark.skipif(shutil.which("node") is None, reason="node is not on PATH"),
]

HARNESS = """
const [script, given] = [process.argv[1], JSON.parse(process.argv[2])]
const done = []
const core = { setFailed: (said) => done.push(['failed', said]) }
const context = {
  repo: { owner: 'desh', repo: 'shop' }, runId: 12,
  payload: { pull_request: { number: 7 } },
}
const did = (name) => async (what) => { done.push([name, what]); return {} }
const github = {
  paginate: async (list, what) => list(what),
  rest: {
    actions: { getWorkflowRun: async () => ({ data: given.run }) },
    pulls: { get: async ({ pull_number }) => ({ data: given.pulls[pull_number] }) },
    repos: { createOrUpdateFileContents: did('put') },
    issues: {
      listComments: async () => given.comments,
      listForRepo: async () => given.issues,
      createComment: did('comment'), updateComment: did('edit'),
      create: did('open'), update: did('update'),
    },
  },
}
const run = new Function('require', 'core', 'context', 'github', 'process',
  `return (async () => {${require('fs').readFileSync(script, 'utf8')}})()`)
run(require, core, context, github, process).then(
  () => console.log(JSON.stringify(done)),
  (error) => console.log(JSON.stringify([...done, ['threw', error.message]])),
)
"""


def ran(script: str, folder: Path, given: dict[str, Any], **environment: str) -> list[list[Any]]:
    """What a script did."""
    done = subprocess.run(
        ["node", "-e", HARNESS, str(TEMPLATES / script), json.dumps(given)],
        cwd=folder, env={"PATH": "/usr/bin:/bin", **environment}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


BOT = {"login": "github-actions[bot]"}
RUN = {
    "path": ".github/workflows/trellis-preview.yml", "event": "pull_request", "head_sha": "abc",
}  # fmt: skip
MARKER = "<!-- trellis:shop/dev -->"


def reported(folder: Path, number: str = "7", text: str = f"{MARKER}\nhello @all\n") -> Path:
    report = folder / "reports/trellis-dev"
    report.mkdir(parents=True)
    (report / "number").write_text(number)
    (report / "comment.md").write_text(text)
    return folder


def world(**more: Any) -> dict[str, Any]:
    return {"run": RUN, "pulls": {"7": {"head": {"sha": "abc"}}}, "comments": [], **more}


def test_a_comment_is_made_once_and_edited_after_that(tmp_path: Path):
    reported(tmp_path)
    made = ran("comment.js", tmp_path, world(), PREVIEW="12")
    assert [name for name, _ in made] == ["comment"]
    assert made[0][1]["issue_number"] == 7
    assert "@\u200ball" in made[0][1]["body"]
    others = [
        {"id": 1, "user": {"login": "mallory"}, "body": f"{MARKER}\nmine"},
        {"id": 2, "user": BOT, "body": "<!-- trellis:shop/prod -->\nanother stack's"},
        {"id": 3, "user": BOT, "body": f"{MARKER}\nolder"},
    ]
    edited = ran("comment.js", tmp_path, world(comments=others), PREVIEW="12")
    assert [(name, what["comment_id"]) for name, what in edited] == [("edit", 3)]


@pytest.mark.parametrize(
    ("number", "text", "given", "preview", "expected"),
    [
        ("7; rm", MARKER, {}, "12", "no number of a pull request"),
        ("7", "hello", {}, "12", "no marker"),
        ("7", "<!-- trellis:a --><img> -->", {}, "12", "no marker"),
        ("7", MARKER + "x" * 66_000, {}, "12", "no marker"),
        ("7", f"{MARKER}\n" + "x" * 66_000, {}, "12", "longer than"),
        ("7", MARKER, {}, "12 || true", "no number of a run"),
        ("7", MARKER, {"run": {**RUN, "path": ".github/workflows/other.yml"}}, "12", "not a run"),
        ("7", MARKER, {"run": {**RUN, "event": "workflow_dispatch"}}, "12", "not a run"),
    ],
)
def test_a_report_that_is_not_one_is_refused(
    number: str, text: str, given: dict[str, Any], preview: str, expected: str, tmp_path: Path
):
    reported(tmp_path, number, text)
    ((name, message),) = ran("comment.js", tmp_path, world(**given), PREVIEW=preview)
    assert name == "threw"
    assert expected in message


def test_a_report_of_another_commit_is_left_alone_and_none_at_all_fails(tmp_path: Path):
    given = world(pulls={"7": {"head": {"sha": "newer"}}})
    assert ran("comment.js", reported(tmp_path / "a"), given, PREVIEW="12") == []
    (tmp_path / "b").mkdir()
    (failed,) = ran("comment.js", tmp_path / "b", world(), PREVIEW="12")
    assert failed[0] == "failed"


DRIFTED = "<!-- trellis-drift:shop/dev -->\n### drift\n"


def looked(folder: Path, code: str) -> Path:
    report = folder / "reports/drift-dev"
    report.mkdir(parents=True)
    (report / "code").write_text(f"{code}\n")
    (report / "issue.md").write_text(DRIFTED)
    return folder


@pytest.mark.parametrize(
    ("code", "is_open", "did"),
    [
        ("1", False, ["open"]),
        ("1", True, ["update"]),
        ("0", True, ["update"]),
        ("4", True, ["update"]),
        ("0", False, []),
        ("4", False, []),
    ],
)
def test_one_issue_a_stack_is_edited_in_place_and_closed_when_clean(
    code: str, is_open: bool, did: list[str], tmp_path: Path
):
    other = {"number": 8, "body": "<!-- trellis-drift:shop/prod -->\n"}
    mine = {"number": 9, "body": "<!-- trellis-drift:shop/dev -->\nolder"}
    given = {"issues": [other, mine] if is_open else [other]}
    done = ran("drift.js", looked(tmp_path, code), given, STACKS="dev")
    assert [name for name, _ in done] == did
    for _, what in done:
        assert what.get("issue_number", 9) == 9
        assert (what.get("state") == "closed") == (code != "1")


def test_a_stack_that_could_not_be_looked_at_is_no_clean_one(tmp_path: Path):
    mine = {"number": 9, "body": "<!-- trellis-drift:shop/prod -->\nolder"}
    done = ran("drift.js", looked(tmp_path, "0"), {"issues": [mine]}, STACKS="dev, prod")
    assert done == [["failed", "prod could not be looked at: see its log"]]


DIGEST = "sha256:" + "a" * 64


def pinned(folder: Path, text: str) -> Path:
    report = folder / "stacks" / "stack-dev"
    report.mkdir(parents=True)
    (report / "Pulumi.dev.yaml").write_text(text)
    (report / "former").write_text("abc123\n")
    return folder


def recorded(folder: Path, project: str = ".") -> list[list[Any]]:
    return ran(
        "record.js", folder, {}, SERVICE="web", BRANCH="main", PROJECT=project, STACKS="dev",
        DIGEST=DIGEST,
    )  # fmt: skip


def test_a_deployed_digest_is_written_into_the_stack_file_that_it_was_made_from(tmp_path: Path):
    text = f"config:\n  x: {DIGEST}\n"
    ((name, put),) = recorded(pinned(tmp_path, text), "infra")
    assert name == "put"
    assert put["path"] == "infra/Pulumi.dev.yaml"
    assert (put["branch"], put["sha"]) == ("main", "abc123")
    assert base64.b64decode(put["content"]).decode() == text


def test_a_stack_file_without_the_digest_is_not_written(tmp_path: Path):
    ((name, message),) = recorded(pinned(tmp_path, "config: {}\n"))
    assert name == "threw"
    assert "does not name" in message


def environment(
    folder: Path, comments: list[Any], text: str = "", **variables: str
) -> list[list[Any]]:
    (folder / "report").mkdir()
    (folder / "report/comment.md").write_text(text)
    return ran("environment.js", folder, {"comments": comments}, **variables)


ENVIRONMENT = "<!-- trellis-environment:pr-7 -->"


def test_a_pull_request_is_told_where_its_stack_is_and_that_it_is_gone(tmp_path: Path):
    text = f"{ENVIRONMENT}\n- <https://app.pr-7.dev.example.com/> @all\n"
    ((name, made),) = environment(tmp_path, [], text, MADE="success")
    assert (name, made["issue_number"]) == ("comment", 7)
    assert "https://app.pr-7.dev.example.com/" in made["body"]
    assert "@\u200ball" in made["body"]
    mine = {"id": 3, "user": BOT, "body": f"{ENVIRONMENT}\nolder"}
    theirs = {"id": 2, "user": {"login": "mallory"}, "body": ENVIRONMENT}
    gone = ran(
        "environment.js", tmp_path, {"comments": [theirs, mine]}, MADE="skipped", DESTROYED=" 7"
    )
    assert [(name, what["comment_id"]) for name, what in gone] == [("edit", 3)]
    assert "is destroyed" in gone[0][1]["body"]
    failed = ran("environment.js", tmp_path, {"comments": []}, MADE="failure")
    assert "/actions/runs/12" in failed[0][1]["body"]


@pytest.mark.parametrize(
    ("text", "expected", "message"),
    [
        ("hello", {"MADE": "success"}, "no marker"),
        ("<!-- trellis-environment:pr-8 -->", {"MADE": "success"}, "no marker"),
        (f"{ENVIRONMENT}\n" + "x" * 66_000, {"MADE": "success"}, "longer than"),
        ("", {"MADE": "skipped", "DESTROYED": "7 $(x)"}, "no number"),
    ],
)
def test_what_is_no_report_of_this_pull_request_is_refused(
    text: str, expected: dict[str, str], message: str, tmp_path: Path
):
    done = environment(tmp_path, [], text, **expected)
    assert done[-1][0] == "threw"
    assert message in done[-1][1]
