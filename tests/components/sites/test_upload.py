"""What AWS gets of a site whose content `up` uploads: as many resources for any number of files.

And where a relative path of content starts: at the stack file's project, wherever the program runs.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from policies.guardrails.control import Outcome
from policies.guardrails.run import analyse
from tests.components.small_systems import document
from trellis.planner.evidence import evidence
from trellis.planner.record import Mode, Recorded, Recording, record
from trellis.planner.wire import UNKNOWN, FileContent
from trellis.stackfile.problems import StackFileError

ROOT = Path(__file__).resolve().parents[3]
STACK = """config:
  aws:region: eu-central-1
  trellis:name: shop
  trellis:environment: prod
  trellis:profile: production
  trellis:account: "123456789012"
  trellis:zones: {main: {domain: example.org, dnssec: true}}
  trellis:buckets: {logs: {purpose: logs, receives: [deliveries]}}
  trellis:firewalls: {edge: {}}
  trellis:baseline: {elsewhere: [trail, threatDetection, configuration, budgets]}
  trellis:sites:
    www:
      domain: www.example.org
      redirectFrom: [example.org]
      content: {path: web/dist, keepDays: 7}
"""


def project(folder: Path, files: int = 3) -> Path:
    """A project whose program is this repository and whose site stands beside its stack file."""
    dist = folder / "web" / "dist"
    dist.mkdir(parents=True)
    for number in range(files - 1):
        (dist / f"f{number}.js").write_text(str(number))
    (dist / "index.html").write_text("home")
    (folder / "Pulumi.yaml").write_text(f"name: shop\nruntime: python\nmain: {ROOT}\n")
    (folder / "Pulumi.prod.yaml").write_text(STACK)
    return folder


def of_content(recording: Recording) -> list[Recorded]:
    """What the content's component makes, by type."""
    return [resource for resource in recording if "trellis:sites:Content$" in resource.urn]


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> dict[Mode, Recording]:
    folder = project(tmp_path_factory.mktemp("shop"))
    return {mode: record(folder, "prod", mode) for mode in ("preview", "deployed")}


@pytest.fixture
def deployed(recordings: dict[Mode, Recording]) -> Recording:
    return recordings["deployed"]


def test_a_site_of_any_size_is_one_archive_one_function_and_one_invocation(
    tmp_path: Path, deployed: Recording
):
    many = record(project(tmp_path, files=300), "prod", "deployed")
    assert [resource.urn for resource in many] == [resource.urn for resource in deployed]
    assert sorted(resource.type.rpartition(":")[2] for resource in of_content(deployed)) == [
        "BucketObjectv2",
        "Function",
        "Invocation",
        "LogGroup",
        "Role",
        "RolePolicy",
    ]


def test_the_archive_holds_each_file_under_its_key_where_nobody_asks(deployed: Recording):
    archive = deployed.one("aws:s3/bucketObjectv2:BucketObjectv2", "www-content").inputs
    assert (archive["bucket"], archive["key"]) == ("shop-prod-site-www", "_trellis/content.zip")
    source = archive["source"]
    assert isinstance(source, FileContent)
    assert source.kind == "archive-assets"
    assert {k: Path(v.value).name for k, v in source.value.items()} == {
        "f0.js": "f0.js",
        "f1.js": "f1.js",
        "index.html": "index.html",
    }


def test_the_function_is_told_of_the_release_and_has_no_environment(deployed: Recording):
    function = deployed.one("aws:lambda/function:Function", "www-release").inputs
    assert "environment" not in function
    assert (function["timeout"], function["ephemeralStorage"]) == (900, {"size": 512})
    invocation = deployed.one("aws:lambda/invocation:Invocation", "www-release")
    assert invocation.inputs["lifecycleScope"] == "CRUD"
    parsed = json.loads(invocation.inputs["input"])
    marks = [sorted(group.pop("marks")) for group in parsed["files"]]
    assert marks == [["index.html"], ["f0.js", "f1.js"]]
    assert parsed == {
        "bucket": "shop-prod-site-www",
        "distribution": deployed.one("aws:cloudfront/distribution:Distribution", "www").id,
        "archive": "_trellis/content.zip",
        "retired": "_trellis/retired.json",
        "keepDays": 7,
        "index": "index.html",
        "files": [
            {"type": "text/html; charset=utf-8", "cache": "no-cache", "immutable": False},
            {"type": "text/javascript; charset=utf-8", "cache": "no-cache", "immutable": False},
        ],
    }


def test_the_function_runs_when_the_archive_is_there_and_its_role_may(deployed: Recording):
    invocation = deployed.one("aws:lambda/invocation:Invocation", "www-release")
    assert {
        deployed.one("aws:s3/bucketObjectv2:BucketObjectv2", "www-content").urn,
        deployed.one("aws:iam/rolePolicy:RolePolicy", "www-release").urn,
    } <= set(invocation.dependencies)
    archive = deployed.one("aws:s3/bucketObjectv2:BucketObjectv2", "www-content")
    assert deployed.one("aws:s3/bucketPolicy:BucketPolicy", "site-www").urn in archive.dependencies


def test_the_function_may_fill_this_bucket_and_tell_this_distribution(deployed: Recording):
    bucket = "arn:aws:s3:::shop-prod-site-www"
    distribution = deployed.one("aws:cloudfront/distribution:Distribution", "www").outputs["arn"]
    key = deployed.one("aws:kms/key:Key", "keys-data").outputs["arn"]
    log = "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/shop-prod-site-www-release"
    allowed = {
        statement["Sid"]: (statement["Action"], statement["Resource"], statement.get("Condition"))
        for statement in document(deployed.one("aws:iam/rolePolicy:RolePolicy", "www-release"))
    }
    assert allowed == {
        "ReadTheRelease": (
            "s3:GetObject",
            [f"{bucket}/_trellis/content.zip", f"{bucket}/_trellis/retired.json"],
            None,
        ),
        "SeeWhatIsThere": ("s3:ListBucket", bucket, None),
        "Publish": (["s3:DeleteObject", "s3:PutObject"], f"{bucket}/*", None),
        "Invalidate": ("cloudfront:CreateInvalidation", distribution, None),
        "WriteLog": (["logs:CreateLogStream", "logs:PutLogEvents"], f"{log}:*", None),
        "UseTheKey": (
            ["kms:Decrypt", "kms:GenerateDataKey"],
            key,
            {"StringEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}},
        ),
    }


@pytest.mark.parametrize("mode", ["preview", "deployed"])
def test_the_pack_finds_nothing_in_a_signed_logged_site_with_content_of_its_own(
    recordings: dict[Mode, Recording], mode: Mode
):
    report = analyse(evidence(recordings[mode]), today=dt.date(2026, 11, 21))
    assert [finding.message() for finding in report.findings if finding.blocks] == []
    signed = [finding for finding in report.findings if finding.control.id == "Route53.dnssec"]
    assert [finding.outcome for finding in signed] == [Outcome.PASS]


def test_a_preview_knows_the_files_but_not_the_distribution(recordings: dict[Mode, Recording]):
    preview = recordings["preview"]
    assert preview.one("aws:lambda/invocation:Invocation", "www-release").inputs["input"] is UNKNOWN
    archive = preview.one("aws:s3/bucketObjectv2:BucketObjectv2", "www-content").inputs
    assert len(archive["source"].value) == 3


@pytest.mark.parametrize("given", [".", "../shop", "whole"])
def test_a_relative_path_starts_at_the_project_wherever_the_program_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str
):
    there = project(tmp_path / "shop")
    monkeypatch.chdir(there)
    found = record(there if given == "whole" else Path(given), "prod")
    archive = found.one("aws:s3/bucketObjectv2:BucketObjectv2", "www-content").inputs
    sources = {Path(element.value).resolve() for element in archive["source"].value.values()}
    assert {resource.parent for resource in sources} == {there / "web" / "dist"}


def test_a_folder_that_is_not_there_is_told_with_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    there = project(tmp_path / "shop")
    (there / "Pulumi.prod.yaml").write_text(STACK.replace("web/dist", "web/build"))
    monkeypatch.chdir(there)
    with pytest.raises(StackFileError) as refused:
        record(Path(), "prod")
    text = str(refused.value)
    assert "Pulumi.prod.yaml:15: sites.www.content.path" in text
    assert "found    web/build, which is not there" in text
