"""GitLab's jobs for a service's image: what they may, and their scripts, run by bash.

The commands in the scripts write down how they were called, and fail where a test says so; the
image's archive, git and its branch are real.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.workflows.test_rendered_workflows import TEAM, parsed
from trellis.cli.main import main
from trellis.workflows.render import Repository, gitlab
from trellis.workflows.tools import BUILDKIT, TOOLS

FILE = ".gitlab/trellis-service-web.yml"
NAMES = ("test web", "build web", "scan web", "sign web", "web to staging", "web to prod",
         "record web")  # fmt: skip


def service_jobs() -> dict[str, dict[str, Any]]:
    """Every job of the service's file, in order."""
    return {name: job for name, job in parsed(gitlab(TEAM)[FILE]).items() if "script" in job}


def script(name: str) -> str:
    return "\n".join(service_jobs()[name]["script"])


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


NOTED = """#!/bin/bash
said="$(basename "$0") $*"
printf '%s\\n' "$said" >> "$SAID"
case "$said" in
  "trellis plan"*) cat "$PLAN" ;;
  "trellis set"*) echo "image: ${@: -1}" > Pulumi.prod.yaml ;;
  "crane auth login"*) cat > "$GIVEN" ;;
  sha256sum*) cat > /dev/null ;;
  "crane push"*) : > "$PUSHED" ;;
  "crane manifest"*)
    [ -e "$PUSHED" ] || exit 1
    cat "${SERVED:-manifest.json}" ;;
  curl*)
    while [ "$1" != --output ]; do shift; done
    cp "$0" "$2" ;;
esac
case "$said" in ${FAILS:-nothing}*) exit 1 ;; esac
"""
BOTO3 = """
import base64
class Client:
    def get_authorization_token(self):
        token = base64.b64encode(b"AWS:secret").decode()
        return {"authorizationData": [{"authorizationToken": token}]}
def client(service, region_name):
    assert (service, region_name) == ("ecr", "us-east-1")
    return Client()
"""
PLAN = {
    "resources": [
        {"type": "aws:ecr/repository:Repository", "name": "api", "inputs": {"name": "shop-api"}},
        {"type": "aws:ecr/repository:Repository", "name": "web", "inputs": {"name": "shop-web"}},
    ]
}
STACK_FILE = "image: former\n"


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


MANIFEST = json.dumps({"schemaVersion": 2, "layers": []}, indent=1).encode()
DIGEST = f"sha256:{digest_of(MANIFEST)}"


def archive(
    folder: Path, manifest: bytes = MANIFEST, listed: int = 1, listed_digest: str = ""
) -> None:
    """An image's archive as BuildKit writes it."""
    listed_digest = listed_digest or digest_of(manifest)
    index = {"manifests": [{"digest": f"sha256:{listed_digest}"}] * listed}
    (folder / "image").mkdir()
    with tarfile.open(folder / "image/image.tar", "w") as file:
        for name, data in (
            ("index.json", json.dumps(index).encode()),
            (f"blobs/sha256/{listed_digest}", manifest),
        ):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            file.addfile(entry, io.BytesIO(data))


@dataclass
class Ran:
    code: int
    lines: list[str]
    output: str
    folder: Path

    def short(self) -> list[str]:
        """The first two words of each command of the two that change something."""
        words = [" ".join(line.split()[:2]) for line in self.lines]
        return [line for line in words if line.startswith(("pulumi", "trellis", "crane", "cosign"))]


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def ran(tmp_path: Path, name: str, **more: str) -> Ran:
    """Run a job's script as GitLab does."""
    root = tmp_path / "root"
    root.mkdir(exist_ok=True)
    if not (root / ".git").exists():
        git(root, "init", "--quiet")
        (root / "Pulumi.prod.yaml").write_text(STACK_FILE)
        git(root, "add", ".")
        git(root, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "x")
    for made in ("bin", "modules", "temp"):
        (tmp_path / made).mkdir(exist_ok=True)
    for command in ("pulumi", "trellis", "crane", "cosign", "syft", "grype", "curl", "make",
                    "sha256sum", "buildctl-daemonless.sh"):  # fmt: skip
        (tmp_path / "bin" / command).write_text(NOTED)
        (tmp_path / "bin" / command).chmod(0o755)
    (tmp_path / "bin/tar").write_text(
        # The programs are fetched by a curl that fetches nothing.
        '#!/bin/sh\ncase "$1" in -xzf) exit 0 ;; esac\nPATH=/usr/bin:/bin exec tar "$@"\n'
    )
    (tmp_path / "bin/tar").chmod(0o755)
    (tmp_path / "bin/python").unlink(missing_ok=True)
    (tmp_path / "bin/python").symlink_to(sys.executable)
    (tmp_path / "modules/boto3.py").write_text(BOTO3)
    (tmp_path / "plan.json").write_text(json.dumps(PLAN))
    role = "arn:aws:iam::123456789012:role/{}"
    environment: Mapping[str, str] = {
        "PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin", "SAID": str(tmp_path / "said"),
        "PLAN": str(tmp_path / "plan.json"), "GIVEN": str(tmp_path / "given"),
        "PUSHED": str(tmp_path / "pushed"), "PYTHONPATH": str(tmp_path / "modules"),
        "AWS_TOKEN": "eyJ", "TRELLIS_DEPLOY_ROLE": role.format("deploy"),
        "TRELLIS_SERVICE_ROLE": role.format("service"), "TRELLIS_ACCOUNT": "123456789012",
        "TRELLIS_REGION": "us-east-1", "TRELLIS_STATE": "s3://x", "CI_PIPELINE_ID": "5",
        "CI_PROJECT_DIR": str(root), "TMPDIR": str(tmp_path / "temp"), "CI_COMMIT_SHA": "abc123",
        "CI_SERVER_URL": "https://gitlab.example", "CI_JOB_TOKEN": "job-token",
        "CI_PROJECT_URL": "https://gitlab.example/desh/shop", "HOME": str(tmp_path),
        "GITLAB_USER_NAME": "Ada", "GITLAB_USER_EMAIL": "ada@example.com", **more,
    }  # fmt: skip
    (tmp_path / "said").write_text("")
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script(name)],
        cwd=root, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = (tmp_path / "said").read_text().splitlines()
    return Ran(done.returncode, lines, done.stdout + done.stderr, root)


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


def origin(tmp_path: Path) -> Path:
    """A branch with two stack files, and a clone of it whose commit was deployed to both."""
    bare, root = tmp_path / "origin.git", tmp_path / "root"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
    git(tmp_path, "clone", "--quiet", str(bare), str(root))
    for stack in TEAM.stacks:
        (root / f"Pulumi.{stack}.yaml").write_text(STACK_FILE)
    commit(root)
    for stack in TEAM.stacks:
        records = root / "stacks" / stack
        records.mkdir(parents=True)
        (records / "digest").write_text(f"{DIGEST}\n")
        (records / "former").write_text(git(root, "rev-parse", f"HEAD:Pulumi.{stack}.yaml"))
        (records / f"Pulumi.{stack}.yaml").write_text(f"image: {DIGEST}\n")
    # What the job pushes to by its address is this branch.
    (tmp_path / ".gitconfig").write_text(
        f'[url "{bare}"]\n\tinsteadOf = https://gitlab.example/desh/shop.git\n'
    )
    git(bare, "config", "receive.advertisePushOptions", "true")
    return bare


def commit(root: Path) -> None:
    git(root, "add", "*.yaml")
    git(root, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "x")
    git(root, "push", "--quiet", "origin", "HEAD:main")


def test_a_deployed_digest_is_written_to_the_branch(tmp_path: Path):
    bare = origin(tmp_path)
    done = ran(tmp_path, "record web")
    assert done.code == 0, done.output
    assert git(bare, "show", "-s", "--format=%an <%ae> %s", "main") == (
        f"Ada <ada@example.com> web is {DIGEST}"
    )
    for stack in TEAM.stacks:
        assert DIGEST in git(bare, "show", f"main:Pulumi.{stack}.yaml")
    assert sorted(git(bare, "ls-tree", "--name-only", "main").split()) == [
        "Pulumi.prod.yaml", "Pulumi.staging.yaml",
    ]  # fmt: skip
    # Said once; again there is nothing to say, as the file is another one already.
    again = ran(tmp_path, "record web")
    assert again.code == 1
    assert "changed meanwhile" in again.output


@pytest.mark.long
def test_what_somebody_changed_meanwhile_is_not_written_over(tmp_path: Path):
    bare = origin(tmp_path)
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", str(bare), str(other))
    (other / "README.yaml").write_text("hello\n")
    commit(other)
    # Another file is another matter.
    assert ran(tmp_path, "record web").code == 0
    git(other, "pull", "--quiet", "origin", "main")
    (other / "Pulumi.prod.yaml").write_text("image: theirs\n")
    commit(other)
    (tmp_path / "root/stacks/staging/former").write_text(
        git(bare, "rev-parse", "main:Pulumi.staging.yaml")
    )
    done = ran(tmp_path, "record web")
    assert done.code == 1
    assert "Pulumi.prod.yaml was changed meanwhile" in done.output
    assert git(bare, "show", "main:Pulumi.prod.yaml") == "image: theirs"


@pytest.mark.long
def test_a_branch_that_takes_no_pushes_fails_the_record_and_says_so(tmp_path: Path):
    bare = origin(tmp_path)
    hook = bare / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'You are not allowed to push' >&2\nexit 1\n")
    hook.chmod(0o755)
    done = ran(tmp_path, "record web")
    assert done.code != 0
    assert "not allowed" in done.output
    assert DIGEST not in git(bare, "show", "main:Pulumi.prod.yaml")


def test_a_stack_file_without_the_digest_is_not_recorded(tmp_path: Path):
    bare = origin(tmp_path)
    (tmp_path / "root/stacks/prod/Pulumi.prod.yaml").write_text("image: another\n")
    assert ran(tmp_path, "record web").code != 0
    assert git(bare, "show", "main:Pulumi.prod.yaml") == STACK_FILE.strip()


def test_the_jobs_token_stands_in_no_argument_and_starts_no_pipeline():
    record = service_jobs()["record web"]
    assert record["before_script"] == [], "nothing of the repository runs"
    run = script("record web")
    assert "--push-option ci.skip" in run
    assert "$CI_JOB_TOKEN@" not in run
    assert "id_tokens" not in record
    assert "environment" not in record
