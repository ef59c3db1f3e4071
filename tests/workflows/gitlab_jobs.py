"""The scripts of GitLab's jobs for a service's image, run by bash.

The commands in them write down how they were called, and fail where a test says so; the image's
archive, git and its branch are real.
"""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.workflows.test_rendered_workflows import TEAM, parsed
from trellis.workflows.render import gitlab

FILE = ".gitlab/trellis-service-web.yml"
NAMES = ("test web", "build web", "scan web", "sign web", "web to staging", "web to prod",
         "record web")  # fmt: skip


def service_jobs() -> dict[str, dict[str, Any]]:
    """Every job of the service's file, in order."""
    return {name: job for name, job in parsed(gitlab(TEAM)[FILE]).items() if "script" in job}


def script(name: str) -> str:
    return "\n".join(service_jobs()[name]["script"])


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
        git(root, "init", "--quiet", "--initial-branch", "main")
        git(root, "remote", "add", "origin", str(root))
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
