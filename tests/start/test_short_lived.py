"""Stacks that are there for a while: names, domains and ends that nobody has to think of."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from components.tags import EXPIRES
from tests.conftest import STACKS
from tests.recordings import ROOT
from trellis.cli import environment, expired
from trellis.cli.environment import write_context
from trellis.cli.main import main
from trellis.compare.claims import clashes
from trellis.planner.record import record
from trellis.stackfile import expiry_checks
from trellis.stackfile.expiry_checks import LONGEST_DAYS
from trellis.stackfile.loading import read_stack
from trellis.stackfile.resolution import resolve
from trellis.start.short_lived import UnfitError, below, changes, comment, refuse_name, text_of
from trellis.tiers.images import repositories_made

TODAY = dt.datetime.now(dt.UTC).date()
SHARED = f"""\
name: shop
runtime: python
main: {ROOT}
config:
  trellis:system:
    value:
      name: shop
      buckets: {{files: {{}}}}
"""
DEV = """\
# what a person wrote stays
config:
  aws:region: us-east-1
  trellis:environment: dev
  trellis:profile: development
  trellis:account: "123456789012"
  trellis:tags: {Owner: ops@dev.example.com}
  trellis:network: {zones: 2, nat: single}
  trellis:zones: {main: {domain: dev.example.com}}
  trellis:loadBalancers: {alb: {}}
  trellis:services:
    web:
      image:
        repository: web
        digest: "sha256:0000000000000000000000000000000000000000000000000000000000000001"
      port: 80
      routes: [{host: app.dev.example.com}]
      environment: {ADDRESS: "https://app.dev.example.com/x"}
"""


class Noon(dt.datetime):
    """A clock that stands, so that no day ends within a test."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
        return dt.datetime.combine(TODAY, dt.time(12), tz)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    at_noon = SimpleNamespace(**{**vars(dt), "datetime": Noon})
    for module in (environment, expired):
        monkeypatch.setattr(module, "dt", at_noon)
    monkeypatch.setattr(expiry_checks, "datetime", Noon)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text(SHARED)
    (tmp_path / "Pulumi.dev.yaml").write_text(DEV)
    return tmp_path


@pytest.mark.long
def test_it_is_like_the_other_and_clashes_with_it_in_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    command = ["environment", "pr-7", "--like", "dev", "--project", str(project)]
    assert main(command) == 0
    text = (project / "Pulumi.pr-7.yaml").read_text()
    assert text.startswith("# what a person wrote stays")
    config = yaml.safe_load(text)["config"]
    assert config["trellis:environment"] == "pr-7"
    assert config["trellis:expires"] == (TODAY + dt.timedelta(days=7)).isoformat()
    assert config["trellis:zones"] == {"main": {"domain": "dev.example.com", "existing": True}}
    web = config["trellis:services"]["web"]
    assert web["routes"] == [{"host": "app.pr-7.dev.example.com"}]
    assert web["environment"] == {"ADDRESS": "https://app.pr-7.dev.example.com/x"}
    assert config["trellis:tags"] == {"Owner": "ops@dev.example.com"}
    capsys.readouterr()
    assert main(["plan", "--all", "--project", str(project)]) == 0
    assert capsys.readouterr().err == ""
    tags = record(project, "pr-7").of_type("pulumi:providers:aws")[0].inputs["defaultTags"]
    assert json.loads(str(tags))["tags"][EXPIRES] == config["trellis:expires"]
    # Pushed to again, it gets the same file anew; the other's is never written.
    assert main([*command, "--days", "3"]) == 0
    again = yaml.safe_load((project / "Pulumi.pr-7.yaml").read_text())["config"]
    assert again["trellis:expires"] == (TODAY + dt.timedelta(days=3)).isoformat()
    assert (project / "Pulumi.dev.yaml").read_text() == DEV


BLOCKS = """\
config:
  aws:region: us-east-1
  trellis:environment: dev
  trellis:zones:
    main:
      # what all of them are below
      domain: dev.example.com
      records:
        mx:
          type: MX
          values:
            - 10 mail.example.net
  trellis:services:
    web:
      routes:
        - host: app.dev.example.com
          path: /x
  trellis:functions:
    f: {code: {path: src, handler: app.handle, lock: requirements.txt}}
  trellis:repositories: {web: {keep: 3, adopt: shop/web}}
  trellis:databases:
    main:
      engine: postgres
      physicalName: legacy
      deletionProtection: true
      adopt:
        id: legacy
        keeps: [dbSubnetGroupName]
  trellis:monitoring: {logs: {audit: {name: "/{name}/{environment}/audit", keep: true}}}
  trellis:tags: {adopt: old}
"""


def written_like(text: str) -> dict[str, Any]:
    data = {key.partition(":")[2]: value for key, value in yaml.safe_load(text)["config"].items()}
    made = text_of(text, "Pulumi.dev.yaml", {"name": "shop", **data}, "pr-7", TODAY)
    return yaml.safe_load(made)["config"]


def test_a_file_written_in_blocks_is_taken_as_one_in_lines():
    made = written_like(BLOCKS)
    assert made["trellis:zones"] == {"main": {"domain": "dev.example.com", "existing": True}}
    route = {"host": "app.pr-7.dev.example.com", "path": "/x"}
    assert made["trellis:services"]["web"]["routes"] == [route]


def test_what_was_taken_over_stays_the_other_stacks():
    made = written_like(BLOCKS)
    assert made["trellis:databases"]["main"]["adopt"] is None
    assert made["trellis:databases"]["main"]["physicalName"] is None
    assert made["trellis:tags"] == {"adopt": "old"}


def test_what_keeps_a_stack_from_going_is_left_out():
    made = written_like(BLOCKS)
    assert made["trellis:databases"]["main"]["deletionProtection"] is None
    assert made["trellis:monitoring"]["logs"]["audit"]["keep"] is None
    assert made["trellis:functions"]["f"]["code"]["lock"] == "requirements.txt"


@pytest.mark.long
def test_more_days_change_tags_alone(project: Path, capsys: pytest.CaptureFixture[str]):
    command = ["environment", "pr-7", "--like", "dev", "--project", str(project)]
    assert main([*command, "--days", "3"]) == 0
    former = project / "former.yaml"
    former.write_text((project / "Pulumi.pr-7.yaml").read_text())
    assert main([*command, "--days", "9"]) == 0
    capsys.readouterr()
    words = ["--against", str(former), "--project", str(project)]
    assert main(["compare", "pr-7", *words]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert "no data is lost; 0 replaced, 0 deleted, 0 created" in first


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["dev"], "is the environment of the stack dev"),
        (["dev-2"], "would share names"),
        (["de"], None),
        (["PR-7"], "lower-case"),
        (["pr-7", "--days", "31"], f"0 (today) to {LONGEST_DAYS}"),
        (["pr-7", "--days", "-1"], "--days -1: 0 (today)"),
        (["pr-7", "--days", "9" * 12], "0 (today)"),
        (["pr-7", "--config-file", "x.yaml"], "no effect"),
    ],
)
def test_what_may_not_be_is_refused_and_not_written(
    words: list[str], message: str | None, project: Path, capsys: pytest.CaptureFixture[str]
):
    before = sorted(project.iterdir())
    code = main(["environment", *words, "--like", "dev", "--project", str(project)])
    if message is None:
        assert code == 0
        return
    assert code == 2
    assert message in capsys.readouterr().err
    assert sorted(project.iterdir()) == before


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('  trellis:expires: "2026-01-31"\n', "which is past"),
        (f'  trellis:expires: "{TODAY + dt.timedelta(days=90)}"\n', "a day in the next 30 days"),
        (f'  trellis:expires: "{TODAY}"\n  trellis:profile: production\n', "profile `production`"),
        ('  trellis:expires: "soon"\n', "trellis:expires"),
        ('  trellis:tags: {"trellis:expires": "x"}\n', "`expires` sets it"),
    ],
)
def test_an_end_that_is_none_is_refused_with_its_line(
    lines: str, message: str, project: Path, capsys: pytest.CaptureFixture[str]
):
    own = [line for line in DEV.splitlines() if line.split(": ")[0] not in lines]
    (project / "Pulumi.dev.yaml").write_text("\n".join(own) + "\n" + lines)
    assert main(["plan", "dev", "--project", str(project)]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert "Pulumi.dev.yaml:" in error


def test_what_has_ended_is_listed_from_files(project: Path, capsys: pytest.CaptureFixture[str]):
    expired = ["expired", "--project", str(project)]
    assert main(expired) == 0
    assert capsys.readouterr().out == ""
    for name, day in (("pr-1", "2026-01-31"), ("pr-2", TODAY.isoformat())):
        text = DEV.replace(" dev\n", f" {name}\n") + f'  trellis:expires: "{day}"\n'
        (project / f"Pulumi.{name}.yaml").write_text(text)
    assert main(expired) == 0
    printed = capsys.readouterr()
    assert printed.out == "pr-1\n"
    assert f"pr-2: until {TODAY.isoformat()}" in printed.err


def exported(stack: str, tags: dict[str, str] | None) -> str:
    urn = f"urn:pulumi:{stack}::shop::pulumi:providers:aws::aws"
    inputs = {"defaultTags": json.dumps({"tags": tags})} if tags is not None else {}
    resource = {"urn": urn, "type": "pulumi:providers:aws", "inputs": inputs}
    return json.dumps({"version": 3, "deployment": {"resources": [resource]}})


def test_what_has_ended_is_listed_from_states(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    texts = {
        "a": exported("pr-1", {EXPIRES: "2026-01-31"}),
        "b": exported("pr-2", {EXPIRES: TODAY.isoformat()}),
        "c": exported("prod", {"System": "shop"}),
        "d": exported("old", None),
        "e": '{"version": 3, "deployment": {}}',
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    assert main(["expired", "--state", *(str(tmp_path / name) for name in texts)]) == 0
    assert capsys.readouterr().out == "pr-1\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON"),
        ("[]", "no `deployment`"),
        (exported("pr-1", {EXPIRES: "soon"}), "Invalid isoformat"),
    ],
)
def test_a_state_that_is_none_is_told(
    text: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "a").write_text(text)
    assert main(["expired", "--state", str(tmp_path / "a")]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("example.com", "x.example.com"),
        ("www.example.com", "www.x.example.com"),
        ("*.example.com", "*.x.example.com"),
        ("https://a.example.com:8/y", "https://a.x.example.com:8/y"),
        ("a.dev.example.com", "a.x.dev.example.com"),
        ("me@example.com", "me@example.com"),
        ("notexample.com", "notexample.com"),
        ("example.com.au", "example.com.au"),
        (["example.com", {"a": "b.example.com"}], ["x.example.com", {"a": "b.x.example.com"}]),
        (7, 7),
    ],
)
def test_a_host_gets_one_label_more(before: object, after: object):
    assert below(before, ["dev.example.com", "example.com"], "x") == after


def test_senders_of_mail_are_of_the_domain_that_it_gets(project: Path):
    (project / "Pulumi.dev.yaml").write_text(
        DEV
        + "  trellis:mail: {main: {domain: dev.example.com, senders: [a@dev.example.com]}}\n"
        + "  trellis:userPools:\n"
        + "    users: {mail: {domain: main, sender: a@dev.example.com, replyTo: b@x.dev}}\n"
    )
    files = read_stack(project, "dev")
    like = resolve(files.config, files)
    found = dict(changes(like.data, "pr-7", TODAY))
    assert found["mail", "main", "domain"] == "pr-7.dev.example.com"
    assert found["mail", "main", "senders"] == ["a@pr-7.dev.example.com"]
    assert found["userPools", "users", "mail", "sender"] == "a@pr-7.dev.example.com"
    assert ("userPools", "users", "mail", "replyTo") not in found
    draft = project / "Pulumi.pr-7.yaml"
    draft.write_text(text_of(files.file.read_text(), draft.name, like.data, "pr-7", TODAY))
    tried = read_stack(project, "pr-7")
    assert not resolve(tried.config, tried).problems


def test_one_environment_never_begins_another():
    for name in ("prod", "prod-1", "pro-1-x"):
        with pytest.raises(UnfitError):
            refuse_name(name, {"prod": "prod", "y": "pro-1"})
    refuse_name("product", {"prod": "prod"})


@pytest.mark.long
def test_two_of_them_and_the_other_share_no_name_in_the_account(project: Path):
    own = DEV + (
        "  trellis:buckets: {files: {bucketName: shop-dev-files}}\n"
        "  trellis:queues: {mail: {physicalName: shop-dev-mail}}\n"
        "  trellis:repositories: {web: {keep: 3}}\n"
        "  trellis:baseline: {trail: {keepDays: 90}}\n"
    )
    (project / "Pulumi.dev.yaml").write_text(own)
    for name in ("pr-1", "pr-2"):
        command = ["environment", name, "--like", "dev", "--project", str(project)]
        assert main(command) == 0
    stacks = [record(project, name) for name in ("dev", "pr-1", "pr-2")]
    assert not clashes(stacks)
    names = {
        str(bucket.inputs["bucket"]) for stack in stacks for bucket in stack.of_type(BUCKET)
        if bucket.name == "files"
    }  # fmt: skip
    assert names == {"shop-dev-files", "shop-pr-1-files", "shop-pr-2-files"}
    # Images are where the other stack's are: a repository of its own would be empty.
    dev, one, _ = stacks
    assert [repository.name for repository in dev.of_type(REPOSITORY)] == ["web"]
    assert not one.of_type(REPOSITORY)
    assert not one.of_type("aws:cloudtrail/trail:Trail")


BUCKET = "aws:s3/bucket:Bucket"
REPOSITORY = "aws:ecr/repository:Repository"


@pytest.mark.long
def test_a_name_that_both_would_have_is_refused_and_nothing_is_written(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    (project / "Pulumi.dev.yaml").write_text(
        DEV + "  trellis:buckets: {files: {bucketName: one-for-all}}\n"
    )
    before = sorted(project.iterdir())
    command = ["environment", "pr-1", "--like", "dev", "--project", str(project)]
    assert main(command) == 2
    printed = capsys.readouterr().err
    assert "can't stand beside each other" in printed
    assert "one-for-all" in printed
    line = "buckets.files.bucketName, where the environment does not stand"
    assert f"Pulumi.dev.yaml:{len(DEV.splitlines()) + 1}: {line}" in printed
    assert sorted(project.iterdir()) == before


@pytest.mark.long
def test_what_the_engine_wrote_into_its_file_stays(project: Path):
    command = ["environment", "pr-1", "--like", "dev", "--project", str(project)]
    file = project / "Pulumi.pr-1.yaml"
    engines = {"secretsprovider": "awskms:///alias/x", "encryptedkey": "abc="}
    file.write_text(yaml.safe_dump(engines))
    for _ in range(2):
        assert main(command) == 0
        found = yaml.safe_load(file.read_text())
        assert {key: found[key] for key in engines} == engines
        assert found["config"]["trellis:environment"] == "pr-1"


@pytest.mark.parametrize(("folder", "stack"), STACKS)
def test_every_system_that_ships_may_have_one(folder: str, stack: str, tmp_path: Path):
    files = read_stack(ROOT / folder, stack)
    like = resolve(files.config, files)
    draft = tmp_path / "Pulumi.pr-7.yaml"
    own, made = files.file.read_text(), repositories_made(like.built)
    draft.write_text(text_of(own, "Pulumi.pr-7.yaml", like.data, "pr-7", TODAY, made))
    write_context(files, draft, "pr-7")
    tried = read_stack(ROOT / folder, "pr-7", draft)
    found = resolve(tried.config, tried)
    assert not found.problems
    assert found.data["environment"] == "pr-7"


@pytest.mark.long
def test_more_than_an_account_has_at_first_is_told_and_no_reason_to_refuse(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    text = DEV.replace("{zones: 2, nat: single}", "{zones: 3, nat: perZone}")
    (project / "Pulumi.dev.yaml").write_text(text)
    assert main(["environment", "pr-1", "--like", "dev", "--project", str(project)]) == 0
    printed = capsys.readouterr().err
    assert "6 Elastic IP addresses in us-east-1, where an account has 5" in printed
    assert "L-0263D0A3" in printed
    assert (project / "Pulumi.pr-1.yaml").is_file()


def test_a_pull_request_is_told_where_it_is(project: Path):
    command = ["environment", "pr-1", "--like", "dev", "--project", str(project)]
    assert main([*command, "--comment", str(project / "comment.md")]) == 0
    lines = (project / "comment.md").read_text().splitlines()
    assert lines[0] == "<!-- trellis-environment:pr-1 -->"
    assert (TODAY + dt.timedelta(days=7)).isoformat() in lines[1]
    assert "- <https://app.pr-1.dev.example.com/>" in lines
    assert "pulumi stack output" in comment("pr-1", "dev", TODAY, ())


def test_its_boundary_is_the_one_that_all_such_stacks_have(project: Path):
    bounded = DEV + "  trellis:permissionsBoundary: boundary-shop-dev\n"
    (project / "Pulumi.dev.yaml").write_text(bounded)
    assert main(["environment", "pr-1", "--like", "dev", "--project", str(project)]) == 0
    config = yaml.safe_load((project / "Pulumi.pr-1.yaml").read_text())["config"]
    assert config["trellis:permissionsBoundary"] == "boundary-shop-pr"
