"""Comments of real edits, and how GitHub shows one: Markdown with tables, HTML without scripts."""

from __future__ import annotations

import contextlib
import io
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

from tests.recordings import ROOT
from trellis.cli.main import main

SMALL = """\
config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: dev
  trellis:account: "123456789012"
  trellis:profile: development
  trellis:network: {zones: 2, nat: single}
  trellis:databases: {main: {engine: postgres, version: "16", instanceClass: db.t4g.medium}}
  trellis:tables: {orders: {partitionKey: {name: id}}}
  trellis:buckets: {files: {}}
  trellis:queues: {mail: {}}
  trellis:zones: {main: {domain: example.com}}
  trellis:loadBalancers: {alb: {}}
  trellis:services:
    web:
      image:
        repository: web
        digest: "sha256:0000000000000000000000000000000000000000000000000000000000000001"
      port: 80
      routes: [{host: app.example.com}]
      uses: [{database: main}]
"""


@dataclass(frozen=True)
class Edit:
    """One edit of a stack file."""

    name: str
    before: str
    after: str
    project: str = ""
    """Folder of a system; empty for the small stack."""
    stack: str = "dev"


SYSTEMS = (
    Edit("clubapp", "profile: production", "profile: development", ".", "prod"),
    Edit("afric-analyzer", "profile: production", "profile: development",
         "systems/afric-analyzer", "prod"),
    Edit("chat-backend", "profile: production", "profile: development",
         "systems/chat-backend", "prod"),
    Edit("engify", "profile: production", "profile: development", "systems/engify", "prod"),
    Edit("mantissa-log", "profile: production", "profile: development",
         "systems/mantissa-log", "prod"),
)  # fmt: skip

EDITS = (
    Edit("nothing", "nat: single", "nat:  single"),
    Edit("larger-database", "db.t4g.medium", "db.m7g.large"),
    Edit("other-key", "{name: id}", "{name: key}"),
    Edit("table-goes", "  trellis:tables: {orders: {partitionKey: {name: id}}}\n", ""),
    Edit("queue-comes", "{mail: {}}", "{mail: {}, work: {visibilitySeconds: 120}}"),
    Edit("other-host", "app.example.com", "www.example.com"),
    Edit("new-grant", "[{database: main}]",
         "[{database: main}, {bucket: files, access: read}, {queue: mail, access: send}]"),
    Edit("other-image", "0001", "0002"),
    Edit("production", "profile: development", "profile: production"),
    Edit("everything-goes", SMALL[SMALL.index("  trellis:network"):], ""),
)  # fmt: skip


def comment(edit: Edit, folder: Path) -> str:
    """What `trellis comment` writes of an edit, in a repository of its own."""
    source = ROOT / edit.project if edit.project else None
    if source is None:
        (folder / "Pulumi.yaml").write_text(f"name: shop\nruntime: python\nmain: {ROOT}\n")
        (folder / "Pulumi.dev.yaml").write_text(SMALL)
    else:
        for file in (*source.glob("Pulumi*.yaml"), *source.glob("trellis.*.context.json")):
            shutil.copy(file, folder)
        for own in source.iterdir() if source != ROOT else ():
            if own.is_dir() and own.name != "build":
                shutil.copytree(own, folder / own.name)
        project = folder / "Pulumi.yaml"
        lines = project.read_text().splitlines()
        kept = [line for line in lines if not line.startswith("main:")]
        project.write_text("\n".join([*kept, f"main: {ROOT}"]) + "\n")
    _git(folder, "init", "-q")
    _git(folder, "add", ".")
    _git(folder, "commit", "-qm", "one")
    file = folder / f"Pulumi.{edit.stack}.yaml"
    text = file.read_text()
    if edit.before not in text:
        raise AssertionError(f"{edit.name}: {edit.before!r} does not stand there")
    file.write_text(text.replace(edit.before, edit.after))
    words = ["--project", str(folder), "--output", str(folder / "comment.md")]
    with contextlib.redirect_stdout(io.StringIO()):
        code = main(["comment", edit.stack, *words])
    if code != 0:
        raise AssertionError(f"{edit.name}: `trellis comment` ended with {code}")
    return (folder / "comment.md").read_text(encoding="utf-8")


STYLE = """
body { font: 14px/1.5 sans-serif; margin: 8px; word-wrap: break-word; color: #1f2328 }
table { display: block; width: max-content; max-width: 100%; overflow: auto;
        border-collapse: collapse }
th, td { border: 1px solid #d1d9e0; padding: 6px 13px }
code { background: #818b981f; border-radius: 6px; padding: .2em .4em; font-size: 85%;
       white-space: break-spaces }
"""
"""As GitHub lays a comment out ("github-markdown-css" says the same of tables and code)."""


def page(markdown: str) -> str:
    """A comment as a page; HTML in it is HTML, as a comment may have `<details>`."""
    body = MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown)
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    return f"<!doctype html><html>{head}<style>{STYLE}</style><body>{body}</body></html>"


def _git(folder: Path, *arguments: str) -> None:
    author = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
    subprocess.run(["git", *author, *arguments], cwd=folder, check=True, capture_output=True)
