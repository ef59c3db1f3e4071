"""File systems that a link brings: mounted by tasks and functions, refused where nothing can be."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.contracts import AccountRegion, Link
from components.parts.file_system import file_system_link
from components.parts.links import GivenTwiceError, join
from testing.service_cases import parts, service
from tests.components.functions.test_lambda_functions import APP
from tests.components.small_systems import ACCOUNT, NETWORK, REGION
from tests.systems import services as read
from trellis.assembly import build
from trellis.planner.record import ProgramInput, record_program
from trellis.planner.recording import Recording
from trellis.stackfile.loading import load

WHERE = AccountRegion(ACCOUNT, REGION)
USES = {"uses": [{"link": "shared"}]}


def shared(path: str = "/mnt/shared", name: str = "files-shared", **more: Any) -> Link:
    return file_system_link(
        name,
        where=WHERE,
        file_system_id="fs-0123456789abcdef0",
        access_point_id="fsap-0123456789abcdef0",
        security_group_id="sg-0123456789abcdef0",
        path=path,
        **more,
    )


def recorded(link: Link, **tiers: Any) -> Recording:
    config = {
        "aws:region": REGION,
        "trellis:account": ACCOUNT,
        "trellis:environment": "dev",
        "trellis:profile": "production",
        "trellis:name": "shop",
        **{f"trellis:{part}": json.dumps(value) for part, value in tiers.items()},
    }

    def program() -> None:
        build(load(), links={"shared": link})

    return record_program(program, ProgramInput("shop", "dev", config), "deployed")


def test_a_task_mounts_what_its_link_brings():
    recording = recorded(shared(read_only=True), **parts({"api": service(**USES)}))
    task = recording.one(read.TASK, "api")
    (volume,) = task.inputs["volumes"]
    assert volume["efsVolumeConfiguration"] == {
        "fileSystemId": "fs-0123456789abcdef0",
        "transitEncryption": "ENABLED",
        "authorizationConfig": {"accessPointId": "fsap-0123456789abcdef0", "iam": "ENABLED"},
    }
    (container,) = json.loads(task.inputs["containerDefinitions"])
    assert container["mountPoints"] == [
        {"sourceVolume": volume["name"], "containerPath": "/mnt/shared", "readOnly": True}
    ]
    assert ("sg-0123456789abcdef0", 2049) in read.out_of(recording, "Service api")
    assert read.actions(recording, "api-task") == {"elasticfilesystem:ClientMount"}


def test_a_function_mounts_what_its_link_brings():
    app = {**APP, **USES, "subnets": "private"}
    recording = recorded(shared(), functions={"app": app}, network=NETWORK)
    function = recording.one("aws:lambda/function:Function", "app")
    point = f"arn:aws:elasticfilesystem:{REGION}:{ACCOUNT}:access-point/fsap-0123456789abcdef0"
    assert function.inputs["fileSystemConfig"] == {"arn": point, "localMountPath": "/mnt/shared"}
    assert "elasticfilesystem:ClientWrite" in str(
        [policy.inputs for policy in recording.of_type("aws:iam/rolePolicy:RolePolicy")]
    )


@pytest.mark.parametrize(
    ("link", "subnets", "message"),
    [
        (shared("/srv/shared"), "private", "Lambda takes /mnt/ and one name"),
        (shared(), "none", "stands in no network"),
    ],
)
def test_a_function_refuses_a_file_system_it_cannot_mount(link: Link, subnets: str, message: str):
    with pytest.raises(ValueError, match=message):
        recorded(link, functions={"app": {**APP, **USES, "subnets": subnets}}, network=NETWORK)


def test_an_identity_outside_aws_mounts_nothing():
    outside = {
        "issuer": "https://gitlab.com",
        "audience": "https://gitlab.com",
        "subject": "project_path:shop/api:ref_type:branch:ref:main",
        **USES,
    }
    with pytest.raises(ValueError, match=r"identity ci can mount no file system.*files-shared"):
        recorded(shared(), identities={"ci": outside})


def test_a_folder_of_a_task_holds_one_thing():
    with pytest.raises(GivenTwiceError, match=r"files-shared is mounted at /tmp of api.*scratch"):
        recorded(shared("/tmp"), **parts({"api": service(scratch=["/tmp"], **USES)}))


def test_two_links_mount_nothing_at_one_folder_and_one_link_counts_once():
    with pytest.raises(GivenTwiceError, match="files-other at /mnt/shared, where files-shared"):
        join({}, [shared(), shared(name="files-other")])
    with pytest.raises(GivenTwiceError, match="at /a and at /b"):
        join({}, [shared("/b"), shared("/a")])
    assert len(join({}, [shared(), shared()]).mounts) == 1
