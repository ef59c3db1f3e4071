"""GitLab's jobs for a service's image: what they may, and what their scripts do."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.workflows.gitlab_jobs import (
    DIGEST,
    FILE,
    MANIFEST,
    NAMES,
    STACK_FILE,
    archive,
    git,
    ran,
    script,
    service_jobs,
)
from tests.workflows.test_rendered_workflows import TEAM, parsed
from trellis.cli.main import main
from trellis.workflows.render import Repository, gitlab
from trellis.workflows.tools import BUILDKIT, TOOLS

pytestmark = pytest.mark.long


def test_an_image_is_built_listed_and_scanned_by_jobs_that_sign_in_nowhere():
    jobs = service_jobs()
    assert tuple(jobs) == NAMES
    for name in NAMES[:3]:
        # A variable of an environment reaches the jobs of that environment alone.
        assert not {"id_tokens", "environment", "secrets"} & jobs[name].keys(), name
        assert "TRELLIS_DEPLOY" not in str(jobs[name])
    assert jobs["build web"]["needs"] == ["test web"]
    assert jobs["build web"]["image"]["name"] == BUILDKIT
    assert "type=oci,dest=image/image.tar" in script("build web")
    # No list, no image: the scan reads the list, and either failing ends the job.
    scanned = jobs["scan web"]["script"]
    at = [next(i for i, line in enumerate(scanned) if word in line)
          for word in ("syft scan", "test -s", "grype sbom:")]  # fmt: skip
    assert at == sorted(at)
    assert "--fail-on high" in scanned[at[2]]
    assert "|| true" not in "\n".join(scanned)
    assert not any(job.get("allow_failure") for job in jobs.values())


def test_what_signs_has_no_role_and_runs_nothing_of_the_repository():
    sign = service_jobs()["sign web"]
    assert sign["id_tokens"] == {"SIGSTORE_ID_TOKEN": {"aud": "sigstore"}}
    assert sign["variables"] == {"GIT_STRATEGY": "none"}
    assert sign["before_script"] == []
    assert "environment" not in sign
    assert "trellis" not in script("sign web")
    assert sign["needs"] == ["build web", "scan web"]
    others = {name for name, job in service_jobs().items() if "SIGSTORE" in str(job)}
    assert others == {"sign web"}, "nothing else can sign as this pipeline"


def test_exactly_the_attested_digest_goes_from_stack_to_stack():
    jobs = service_jobs()
    # A stack is deployed as its file says first, so that the image is all that changes.
    assert jobs["web to staging"]["needs"] == ["build web", "sign web", "deploy staging"]
    assert jobs["web to prod"]["needs"] == [
        "build web", "sign web", "deploy prod", "web to staging",
    ]  # fmt: skip
    assert jobs["record web"]["needs"] == ["web to staging", "web to prod"]
    pipeline = parsed(gitlab(TEAM)[".gitlab-ci.yml"])
    for stack in TEAM.stacks:
        job = jobs[f"web to {stack}"]
        assert job["environment"] == stack
        assert job["resource_group"] == pipeline[f"deploy {stack}"]["resource_group"]
        assert job["interruptible"] is False
        assert job["id_tokens"] == {"AWS_TOKEN": {"aud": "sts.amazonaws.com"}}
        run = script(f"web to {stack}")
        words = ("TRELLIS_SERVICE_ROLE", "crane push", "cmp manifest.json served.json",
                 "cosign verify-blob-attestation served.json", "TRELLIS_DEPLOY_ROLE",
                 "trellis drift", "trellis set", "pulumi up")  # fmt: skip
        order = [run.index(word) for word in words]
        assert order == sorted(order)
        assert "//.gitlab-ci.yml@refs/heads/main" in run
        assert run.count("export ROLE=") == run.count("not of TRELLIS_ACCOUNT") == 2


def test_services_that_one_push_changes_change_a_stacks_file_one_after_the_other():
    both = Repository(TEAM.stacks, services={"web": "web", "api": "api"})
    web = parsed(gitlab(both)[FILE])
    api = parsed(gitlab(both)[FILE.replace("web", "api")])
    for stack in TEAM.stacks:
        assert {"job": f"web to {stack}", "optional": True} in api[f"api to {stack}"]["needs"]
        assert not [need for need in web[f"web to {stack}"]["needs"] if "api" in str(need)]
        # Each passes on its own stack's file alone.
        assert api[f"api to {stack}"]["artifacts"]["paths"] == [f"stacks/{stack}"]
    assert {"job": "record web", "optional": True} in api["record api"]["needs"]


def test_a_later_service_begins_with_what_the_one_before_it_deployed(built: Path):
    theirs = built / "root/stacks/prod"
    theirs.mkdir(parents=True)
    (theirs / "Pulumi.prod.yaml").write_text("image: theirs\n")
    (theirs / "former").write_text("older\n")
    failed = ran(built, "web to prod", FAILS="trellis smoke")
    # Going back does not take back the other service.
    assert (failed.folder / "Pulumi.prod.yaml").read_text() == "image: theirs\n"
    (theirs / "Pulumi.prod.yaml").write_text("image: theirs\n")
    done = ran(built, "web to prod")
    assert done.code == 0, done.output
    former = (theirs / "former").read_text().strip()
    (built / "theirs.yaml").write_text("image: theirs\n")
    assert former == git(done.folder, "hash-object", str(built / "theirs.yaml"))
    assert DIGEST in (theirs / "Pulumi.prod.yaml").read_text()


def test_a_service_is_built_where_its_folder_changed_and_by_no_schedule():
    changed = {
        "if": '$CI_COMMIT_BRANCH == "main" && $CI_PIPELINE_SOURCE == "push"',
        "changes": ["services/web/**/*"],
    }
    for name, job in service_jobs().items():
        # By hand and by a schedule GitLab takes everything for changed.
        assert job["rules"] == [changed], name
    pipeline = parsed(gitlab(TEAM)[".gitlab-ci.yml"])
    assert pipeline["include"] == [{"local": f"/{FILE}"}]
    assert {job["stage"] for job in service_jobs().values()} <= set(pipeline["stages"])
    known = set(service_jobs()) | set(pipeline)
    assert all(set(job.get("needs", ())) <= known for job in service_jobs().values())


def test_every_program_is_one_file_by_its_digest():
    text = gitlab(TEAM)[FILE]
    assert re.fullmatch(r"moby/buildkit:v[\d.]+-rootless@sha256:[0-9a-f]{64}", BUILDKIT)
    fetched = re.findall(r"--output \"\$tools/(\S+)\" \\\n +(\S+)\n +echo \"(\w+)  ", text)
    assert {name.partition(".")[0] for name, _, _ in fetched} == set(TOOLS)
    for name, address, digest in fetched:
        tool = TOOLS[name.partition(".")[0]]
        assert (address, digest) == (tool.address, tool.sha256)
        assert re.fullmatch("[0-9a-f]{64}", digest)
        assert re.search(r"/download/v\d+\.\d+\.\d+/", address)
    assert text.count("curl ") == text.count("sha256sum --check") == len(fetched)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "root").mkdir()
    archive(tmp_path / "root")
    return tmp_path


DEPLOYED = (
    "trellis plan", "crane auth", "crane manifest", "crane push", "crane manifest",
    "cosign verify-blob-attestation", "trellis backend", "pulumi login", "pulumi install",
    "pulumi preview", "trellis drift", "trellis set", "pulumi up", "trellis smoke",
)  # fmt: skip


def test_the_digest_that_was_attested_is_pushed_verified_and_deployed(built: Path):
    done = ran(built, "web to prod")
    assert done.code == 0, done.output
    assert done.short() == list(DEPLOYED)
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop-web"
    (pushed,) = [line.split() for line in done.lines if line.startswith("crane push")]
    assert (Path(pushed[2]) / "index.json").is_file()
    assert pushed[3] == f"{image}:abc123"
    assert f"crane manifest {image}@{DIGEST}" in done.lines
    assert (built / "given").read_text() == "secret\n"
    (verified,) = [line for line in done.lines if line.startswith("cosign")]
    assert "--certificate-oidc-issuer https://gitlab.example" in verified
    identity = "https://gitlab.example/desh/shop//.gitlab-ci.yml@refs/heads/main"
    assert verified.endswith(f"--certificate-identity {identity}")
    (was_set,) = [line for line in done.lines if line.startswith("trellis set")]
    assert was_set.endswith(f'{{repository: web, digest: "{DIGEST}"}}')
    records = done.folder / "stacks/prod"
    assert (records / "digest").read_text().strip() == DIGEST
    assert DIGEST in (records / "Pulumi.prod.yaml").read_text()
    assert (records / "former").read_text().strip() == git(
        done.folder, "rev-parse", "HEAD:Pulumi.prod.yaml"
    )
    assert "secret" not in "\n".join(done.lines) + done.output


@pytest.mark.long
def test_the_repository_is_found_in_a_real_plan(capsys: pytest.CaptureFixture[str]):
    assert main(["plan", "dev", "--project", str(ROOT), "--json"]) == 0
    plan = capsys.readouterr().out
    program = re.search(r"--json \| python -c '(.+?)' \"web\"", script("web to prod"), re.DOTALL)
    assert program is not None
    for service, code, name in (("backend", 0, "clubapp-backend\n"), ("nobody", 1, "")):
        done = subprocess.run(
            [sys.executable, "-c", program[1], service],
            input=plan, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stdout) == (code, name)
        assert ("no repository nobody" in done.stderr) == (code == 1)


@pytest.mark.parametrize(
    ("since", "changed", "code"),
    [
        (f"web is sha256:{'1' * 64}", True, 1),
        # Its own record, and that of another service.
        (f"web is sha256:{'1' * 64}", False, 0),
        (f"api is sha256:{'1' * 64}", True, 0),
    ],
)
def test_an_older_image_does_not_go_over_a_newer_one(
    since: str, changed: bool, code: int, built: Path
):
    assert ran(built, "web to prod").code == 0
    (built / "pushed").unlink()
    root = built / "root"
    shutil.rmtree(root / "stacks")
    git(root, "checkout", "--quiet", "--", "Pulumi.prod.yaml")
    first = git(root, "rev-parse", "HEAD")
    (root / "Pulumi.prod.yaml").write_text("image: newer\n")
    if changed:
        (root / "services/web").mkdir(parents=True)
        (root / "services/web/app.py").write_text("")
        git(root, "add", "services")
    git(root, "add", "Pulumi.prod.yaml")
    git(root, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", since)
    git(root, "checkout", "--quiet", "--detach", first)
    done = ran(built, "web to prod")
    assert done.code == code, done.output
    assert ("an older one does not go over it" in done.output) == (code == 1)
    assert ("pulumi up" in done.short()) == (code == 0)
    if code == 0:
        # What runs is what the branch says: it is the former one from there on.
        former = (root / "stacks/prod/former").read_text().strip()
        assert former == git(root, "rev-parse", "main:Pulumi.prod.yaml")


def test_a_job_that_is_run_again_pushes_nothing_twice(built: Path):
    (built / "pushed").touch()
    done = ran(built, "web to prod")
    assert done.code == 0, done.output
    assert "crane push" not in done.short()
    assert done.short()[-2:] == ["pulumi up", "trellis smoke"]


@pytest.mark.long
@pytest.mark.parametrize(
    "fails",
    [
        "curl", "sha256sum", "trellis plan", "crane auth", "crane push",
        "cosign verify-blob-attestation", "trellis backend check", "pulumi login",
        "pulumi install", "pulumi preview", "trellis drift", "trellis set",
    ],
)  # fmt: skip
def test_what_fails_before_the_deployment_deploys_nothing(fails: str, built: Path):
    done = ran(built, "web to prod", FAILS=fails)
    assert done.code != 0
    assert done.lines[-1].startswith(fails)
    assert "pulumi up" not in done.short()


@pytest.mark.long
@pytest.mark.parametrize("fails", ["pulumi up --yes --non-interactive --cwd", "trellis smoke"])
def test_a_digest_that_does_not_work_is_taken_back(fails: str, built: Path):
    done = ran(built, "web to prod", FAILS=fails)
    assert done.code == 1
    tried = ["pulumi up"] if fails.startswith("pulumi") else ["pulumi up", "trellis smoke"]
    after = done.short()[DEPLOYED.index("pulumi up") :]
    assert after == [*tried, "trellis diagnose", "pulumi up", "trellis smoke"]
    # The file that was committed, and a refresh, as what failed may be half there.
    assert (done.folder / "Pulumi.prod.yaml").read_text() == STACK_FILE
    ups = [line for line in done.lines if line.startswith("pulumi up")]
    assert ["--refresh" in up for up in ups] == [False, True]
    assert all(f"--policy-pack {done.folder}/guardrails" in up for up in ups)


def test_a_registry_that_serves_something_else_is_not_deployed_from(built: Path):
    (built / "other.json").write_bytes(MANIFEST + b"\n")
    done = ran(built, "web to prod", SERVED=str(built / "other.json"))
    assert done.code != 0
    assert done.short()[-1] == "crane manifest"


@pytest.mark.long
@pytest.mark.parametrize("role", ["TRELLIS_SERVICE_ROLE", "TRELLIS_DEPLOY_ROLE"])
def test_no_role_of_another_account_is_signed_in_to(role: str, built: Path):
    done = ran(built, "web to prod", **{role: "arn:aws:iam::999999999999:role/x"})
    assert done.code == 1
    assert "not of TRELLIS_ACCOUNT" in done.output
    assert "pulumi login" not in done.short()
    assert ("crane push" in done.short()) == (role == "TRELLIS_DEPLOY_ROLE")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"listed": 2}, "2 manifests"),
        ({"listed": 0}, "0 manifests"),
        ({"listed_digest": "0" * 64}, "another manifest than it says"),
        ({"manifest": b'{"manifests": []}'}, "no image of one platform"),
    ],
)
@pytest.mark.parametrize("name", ["sign web", "web to prod"])
def test_an_archive_that_is_not_one_image_is_neither_signed_nor_deployed(
    name: str, wrong: dict[str, Any], message: str, tmp_path: Path
):
    (tmp_path / "root").mkdir()
    archive(tmp_path / "root", **wrong)
    done = ran(tmp_path, name)
    assert done.code != 0
    assert message in done.output
    assert done.short() == []


def test_what_is_signed_is_the_manifest_with_its_list(built: Path):
    done = ran(built, "sign web")
    assert done.code == 0, done.output
    assert (done.folder / "manifest.json").read_bytes() == MANIFEST
    (signed,) = [line for line in done.lines if line.startswith("cosign")]
    assert signed.startswith("cosign attest-blob manifest.json --yes --type spdxjson")
    assert "--predicate image/sbom.spdx.json --bundle image/attested.json" in signed


@pytest.mark.long
@pytest.mark.parametrize("fails", ["syft", "grype", "sha256sum"])
def test_a_scanner_that_fails_is_no_clean_scan(fails: str, built: Path):
    (built / "root/image/sbom.spdx.json").write_text("{}")
    done = ran(built, "scan web")
    assert done.code == 0, done.output
    (listed,) = [line.split() for line in done.lines if line.startswith("syft")]
    layout = Path(listed[2].removeprefix("oci-dir:"))
    assert (layout / "index.json").is_file(), "what is listed is what was built"
    assert ran(built, "scan web", FAILS=fails).code != 0
    (built / "root/image/sbom.spdx.json").write_text("")
    silent = ran(built, "scan web")
    assert silent.code != 0
    assert not [line for line in silent.lines if line.startswith("grype")]


@pytest.mark.long
@pytest.mark.parametrize("token", ["TRELLIS_ISSUES_TOKEN", "TRELLIS_NOTES_TOKEN"])
def test_what_is_tested_and_built_gets_no_token_that_lasts(token: str, built: Path):
    done = ran(built, "test web", **{token: "glpat-x"})
    assert (done.code, done.lines) == (1, [])
    assert token in done.output
    assert "glpat" not in done.output


def test_the_folder_is_tested_and_built(built: Path):
    assert ran(built, "test web").lines == ["make -C services/web lint test"]
    (line,) = ran(built, "build web").lines
    assert "--local context=services/web --local dockerfile=services/web" in line
    for name in ("test web", "build web"):
        assert ran(built, name, FAILS=service_jobs()[name]["script"][-1].split()[0]).code != 0
