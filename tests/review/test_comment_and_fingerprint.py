"""The comment on a pull request and the fingerprint: of real edits in a repository of their own."""

from __future__ import annotations

import html
import json
import re
import subprocess
from pathlib import Path

import pytest

from trellis.cli.main import main
from trellis.review.markdown import BUDGET, LONGEST, Table, document, marker, text

PROJECT = "name: shop\nruntime: {name: python, options: {toolchain: pip}}\nmain: %s\n"
STACK = """\
config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: dev
  trellis:account: "123456789012"
  trellis:profile: development
  trellis:tables: {orders: {partitionKey: {name: id}}}
  trellis:buckets: {files: {}}
"""
EDITED = STACK.replace("{name: id}", "{name: key}") + "  trellis:queues: {mail: {}}\n"


def git(folder: Path, *arguments: str) -> None:
    author = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
    subprocess.run(["git", *author, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose stack is committed, and edited after that."""
    folder = tmp_path_factory.mktemp("shop")
    root = Path(__file__).parents[2]
    (folder / "Pulumi.yaml").write_text(PROJECT % root, encoding="utf-8")
    (folder / "Pulumi.dev.yaml").write_text(STACK, encoding="utf-8")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "one")
    assert main(["fingerprint", "dev", "--project", str(folder), "--output", "reviewed.json"]) == 0
    Path("reviewed.json").rename(folder / "reviewed.json")
    (folder / "Pulumi.dev.yaml").write_text(EDITED, encoding="utf-8")
    return folder


def test_the_comment_says_the_worst_first(project: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["comment", "dev", "--project", str(project)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "<!-- trellis:shop/dev -->"
    assert "DATA WOULD BE LOST: 1 replaced, 0 deleted" in lines[1]
    assert re.search(r"Replaced: <code>Table orders</code>", lines[3])
    whole = html.unescape("\n".join(lines))
    assert "tables.orders.partitionKey.name" in whole
    assert "USD a month" in whole
    assert "| <code>Queue mail</code>" in whole
    assert "nothing was asked of AWS" in lines[-1]


def test_grants_of_one_thing_on_another_are_one_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "Pulumi.yaml").write_text(PROJECT % Path(__file__).parents[2], encoding="utf-8")
    digest = "sha256:" + "0" * 64
    running = f"""\
  trellis:network: {{zones: 2, nat: single}}
  trellis:queues: {{mail: {{}}}}
  trellis:services:
    web:
      image: {{repository: web, digest: "{digest}"}}
      uses: []
"""
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text(STACK + running, encoding="utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    uses = "uses: [{bucket: files, access: readWrite}, {queue: mail, access: send}]"
    file.write_text((STACK + running).replace("uses: []", uses), encoding="utf-8")
    assert main(["comment", "dev", "--project", str(tmp_path)]) == 0
    whole = html.unescape(capsys.readouterr().out)
    grants = whole.partition("New grants")[2].partition("\n\n**")[0].splitlines()
    rows = [line.split(" | ") for line in grants if "services.web" in line]
    assert len(rows) > 2
    ends = [(who, on, line) for who, _, on, line in rows]
    assert len(set(ends)) == len(ends)


def test_a_deployment_of_another_plan_names_resource_and_input(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    reviewed = ["--reviewed", str(project / "reviewed.json"), "--project", str(project)]
    assert main(["fingerprint", "dev", *reviewed]) == 1
    printed = capsys.readouterr().out
    assert "aws:dynamodb/table:Table::orders: hashKey is other" in printed
    assert re.search(r"aws:sqs/queue:Queue::mail is new", printed)
    assert "files" not in printed
    (project / "Pulumi.dev.yaml").write_text(STACK, encoding="utf-8")
    try:
        assert main(["fingerprint", "dev", *reviewed]) == 0
    finally:
        (project / "Pulumi.dev.yaml").write_text(EDITED, encoding="utf-8")
    assert "the one that was reviewed" in capsys.readouterr().out


@pytest.mark.parametrize("message", ["", "[]", "{}", '{"resources": {}, "version": 2}'])
def test_a_file_that_is_no_fingerprint_is_said_not_raised(
    message: str, project: Path, capsys: pytest.CaptureFixture[str]
):
    file = project / "broken.json"
    file.write_text(message)
    assert main(["fingerprint", "dev", "--project", str(project), "--reviewed", str(file)]) == 2
    assert capsys.readouterr().err.startswith("trellis fingerprint: ")


def test_only_a_commit_is_compared_with(project: Path, capsys: pytest.CaptureFixture[str]):
    for against in ("Pulumi.dev.yaml", "git:no-such"):
        arguments = ["comment", "dev", "--project", str(project), "--against", against]
        assert main(arguments) == 2
        assert "trellis comment: " in capsys.readouterr().err


HOSTILE = (
    "<script>alert(1)</script>",
    "a | b |\n|---|---|",
    "--> <img src=x onerror=y>",
    "@everyone #1 https://evil.example [x](javascript:y) ![z](http://w)",
    "**bold** _it_ `code` ~~gone~~ \\",
    "</details></code>",
    "\u202egnol\u0000\u001b[2J",
    "x" * 64_000,
)


@pytest.mark.parametrize("foreign", HOSTILE)
def test_foreign_text_is_text(foreign: str):
    escaped = text(foreign)
    inside = escaped.removeprefix("<code>").removesuffix("</code>")
    assert len(html.unescape(inside)) <= LONGEST
    assert not set(re.sub(r"&#\d+;", "", inside)) & set("<>|`*_[]()!@#\\~:.\n-")
    assert not [element for element in inside if not element.isprintable()]
    assert "-->" not in marker("trellis", foreign, foreign)
    assert "--" not in marker("trellis", foreign, foreign)


def test_no_table_is_cut_and_no_comment_too_long():
    rows = tuple((text(f"name {at}"), text("y" * 150)) for at in range(2_000))
    tables = [Table("A", ("x", "y"), rows, always=True), Table("B", ("x", "y"), rows)]
    body = document("trellis:a/b", ["### title"], tables, "<sub>end</sub>")
    assert len(body) <= BUDGET
    lines = [line for line in body.splitlines() if line.startswith("|")]
    assert all(line.endswith("|") and line.count(" | ") == 1 for line in lines if "---" not in line)
    shown = sum("<code>name" in line for line in lines)
    left_out = sum(int(match) for match in re.findall(r"(\d+) rows left out", body))
    assert shown > 100
    assert shown + left_out == 4_000
    assert body.endswith("<sub>end</sub>\n")
    assert body.count("<details>") == body.count("</details>") == 1


def test_a_fingerprint_is_the_same_each_time(project: Path, capsys: pytest.CaptureFixture[str]):
    printed: list[str] = []
    for _ in range(2):
        assert main(["fingerprint", "dev", "--project", str(project)]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    saved = json.loads((project / "reviewed.json").read_text())
    assert saved["whole"] != printed[0].strip()
