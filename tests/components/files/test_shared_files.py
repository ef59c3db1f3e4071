"""Shared file systems as AWS would get them: who may mount what, where, and what stays."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.components.small_systems import NETWORK, small_system
from tests.planner.edits import compared
from tests.systems import services as read
from trellis.compare.meaning import words
from trellis.compare.replacing import forcing
from trellis.planner.record import Recording
from trellis.stackfile.problems import StackFileError

FILES = "aws:efs/fileSystem:FileSystem"
POINT = "aws:efs/accessPoint:AccessPoint"
TARGET = "aws:efs/mountTarget:MountTarget"
IMAGE = {"repository": "api", "digest": f"sha256:{'1' * 64}"}
CODE = {"uri": f"123456789012.dkr.ecr.us-east-1.amazonaws.com/api@sha256:{'1' * 64}"}
UPLOADS = {"points": {"media": {"folder": "/media", "uid": 33}, "plugins": {"folder": "/plugins"}}}


def system_of(**parts: Any) -> Recording:
    return small_system(network=NETWORK, **parts)


@pytest.fixture(scope="module")
def system() -> Recording:
    return system_of(
        fileSystems={"uploads": UPLOADS, "scratch": {"throughput": "bursting"}},
        services={
            "web": {
                "image": IMAGE,
                "uses": [
                    {"files": "uploads", "at": "/srv/media", "point": "media"},
                    {"files": "scratch", "at": "/srv/cache", "as": "CACHE_FOLDER"},
                ],
            }
        },
        jobs={
            "index": {
                "image": IMAGE,
                "schedule": "rate(1 day)",
                "uses": [
                    {"files": "uploads", "at": "/in", "point": "media", "access": "read"},
                ],
            }
        },
        functions={
            "resize": {
                "image": CODE,
                "subnets": "private",
                "uses": [{"files": "uploads", "at": "/mnt/media", "point": "media"}],
            }
        },
    )


def test_files_are_encrypted_backed_up_and_moved_to_cheaper_classes(system: Recording):
    files = system.one(FILES, "uploads").inputs
    assert files["encrypted"] is True
    assert files["kmsKeyId"].startswith("arn:aws:kms:")
    assert files["lifecyclePolicies"] == [
        {"transitionToIa": "AFTER_30_DAYS"},
        {"transitionToPrimaryStorageClass": "AFTER_1_ACCESS"},
    ]
    backups = system.one("aws:efs/backupPolicy:BackupPolicy", "uploads").inputs
    assert backups["backupPolicy"] == {"status": "ENABLED"}


def test_nobody_comes_without_tls_and_nobody_by_the_policy_alone(system: Recording):
    policy = system.one("aws:efs/fileSystemPolicy:FileSystemPolicy", "uploads").inputs["policy"]
    (statement,) = json.loads(policy)["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_each_zone_has_a_mount_target_that_only_links_open(system: Recording):
    targets = [made for made in system.of_type(TARGET) if made.name.startswith("uploads-")]
    group = system.one("aws:ec2/securityGroup:SecurityGroup", "uploads")
    assert len(targets) == 2
    assert len({made.inputs["subnetId"] for made in targets}) == 2
    assert all(made.inputs["securityGroups"] == [group.id] for made in targets)
    rules = [
        made
        for made in system.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        if made.inputs["securityGroupId"] == group.id
    ]
    assert {made.name for made in rules} == {
        "web-to-files-uploads",
        "index-to-files-uploads",
        "resize-to-files-uploads",
    }
    assert {(made.inputs["fromPort"], made.inputs["toPort"]) for made in rules} == {(2049, 2049)}


def test_an_access_point_decides_folder_and_user(system: Recording):
    point = system.one(POINT, "uploads-media").inputs
    assert point["posixUser"] == {"uid": 33, "gid": 1000}
    assert point["rootDirectory"]["path"] == "/media"
    assert point["rootDirectory"]["creationInfo"]["ownerUid"] == 33
    assert {made.name for made in system.of_type(POINT)} == {
        "uploads-media",
        "uploads-plugins",
        "scratch-main",
    }


def test_a_task_mounts_over_tls_with_iam_and_finds_the_folder_in_its_environment(
    system: Recording,
):
    task = system.one(read.TASK, "web").inputs
    volumes = {made["name"]: made["efsVolumeConfiguration"] for made in task["volumes"]}
    media = volumes["files-uploads-media"]
    assert media["transitEncryption"] == "ENABLED"
    assert media["authorizationConfig"] == {
        "accessPointId": system.one(POINT, "uploads-media").id,
        "iam": "ENABLED",
    }
    (main,) = json.loads(task["containerDefinitions"])
    assert {
        (made["sourceVolume"], made["containerPath"], made["readOnly"])
        for made in main["mountPoints"]
    } == {
        ("files-uploads-media", "/srv/media", False),
        ("files-scratch-main", "/srv/cache", False),
    }
    environment = {made["name"]: made["value"] for made in main["environment"]}
    assert (environment["UPLOADS_PATH"], environment["CACHE_FOLDER"]) == (
        "/srv/media",
        "/srv/cache",
    )


def test_who_reads_may_not_write_and_everybody_comes_by_the_access_point(system: Recording):
    point = system.one(POINT, "uploads-media").outputs["arn"]
    writes = {made["Sid"]: made for made in read.statements(system, "web-task")}
    reads = {made["Sid"]: made for made in read.statements(system, "index-task")}
    assert set(writes["MountFilesUploadsMedia"]["Action"]) == {
        "elasticfilesystem:ClientMount",
        "elasticfilesystem:ClientWrite",
    }
    only = reads["MountFilesUploadsMedia"]
    assert only["Action"] == "elasticfilesystem:ClientMount"
    assert only["Resource"] == system.one(FILES, "uploads").outputs["arn"]
    assert only["Condition"]["StringEquals"]["elasticfilesystem:AccessPointArn"] == point
    (main,) = json.loads(system.one(read.TASK, "index").inputs["containerDefinitions"])
    assert main["mountPoints"][0]["readOnly"] is True


def test_a_function_mounts_its_file_system_below_mnt(system: Recording):
    function = system.one("aws:lambda/function:Function", "resize").inputs
    assert function["fileSystemConfig"] == {
        "arn": system.one(POINT, "uploads-media").outputs["arn"],
        "localMountPath": "/mnt/media",
    }


def test_alarms_tell_of_its_limit_and_of_credits_where_there_are_any(system: Recording):
    alarms = {made.name for made in system.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")}
    assert {"files-uploads-limit", "files-scratch-limit", "files-scratch-credits"} <= alarms
    assert "files-uploads-credits" not in alarms


SERVICE = {"image": IMAGE}
ONE: dict[str, Any] = {"uploads": {}}


REFUSED: list[tuple[dict[str, Any], str]] = [
    (
        {"fileSystems": {"uploads": UPLOADS},
         "services": {"web": {**SERVICE, "uses": [{"files": "uploads", "at": "/a"}]}}},
        "no `point`, and 2 of them",
    ),
    (
        {"fileSystems": ONE,
         "services": {"web": {**SERVICE, "uses": [{"files": "uploads", "at": "/a",
                                                    "point": "other"}]}}},
        "other",
    ),
    (
        {"fileSystems": ONE, "services": {"web": {**SERVICE, "uses": [{"files": "uploads"}]}}},
        "`files` together with `at`",
    ),
    (
        {"fileSystems": ONE,
         "services": {"web": {**SERVICE, "scratch": ["/tmp"],
                              "uses": [{"files": "uploads", "at": "/tmp"}]}}},
        "/tmp, where another mount is",
    ),
    (
        {"fileSystems": ONE,
         "functions": {"f": {"image": CODE, "subnets": "private",
                             "uses": [{"files": "uploads", "at": "/data"}]}}},
        "/mnt/ and one name",
    ),
    (
        {"fileSystems": ONE,
         "functions": {"f": {"image": CODE, "subnets": "none",
                             "uses": [{"files": "uploads", "at": "/mnt/data"}]}}},
        "a function that is not",
    ),
    (
        {"fileSystems": {"a": {}, "b": {}},
         "functions": {"f": {"image": CODE, "subnets": "private",
                             "uses": [{"files": "a", "at": "/mnt/a"},
                                      {"files": "b", "at": "/mnt/b"}]}}},
        "Lambda mounts one at most",
    ),
    ({"fileSystems": {"a": {"throughput": "bursting", "archiveDays": 90}}}, "elastic"),
    ({"fileSystems": {"a": {"points": {}}}}, "one access point"),
    (
        {"fileSystems": {"a": {"points": {"x": {}, "y": {}}}}},
        "each folder in one of `points` only",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "message"), REFUSED)
def test_what_could_not_be_mounted_is_refused(parts: dict[str, Any], message: str):
    with pytest.raises(StackFileError, match=message):
        system_of(**parts)


def test_a_file_system_needs_a_network_whose_zones_are_known():
    with pytest.raises(StackFileError, match="fileSystems without a network"):
        small_system(fileSystems=ONE)
    with pytest.raises(StackFileError, match="zones only a deployment tells"):
        small_system(fileSystems=ONE, network={"from": "org/net/dev"})


def files(settings: dict[str, Any], **more: Any) -> Recording:
    return system_of(fileSystems={"uploads": settings}, **more)


def replaced(before: Recording, after: Recording) -> set[str]:
    """Types whose change AWS answers with a new resource."""
    old = {made.urn: made for made in before}
    found: set[str] = set()
    for resource in after:
        was = old.get(resource.urn)
        if was is None:
            continue
        keys = {*was.inputs, *resource.inputs}
        changes = [
            (path, "change")
            for key in keys
            if was.inputs.get(key) != resource.inputs.get(key)
            for path in _paths(key, resource.inputs.get(key))
        ]
        if forcing(resource.type, changes):  # pyright: ignore[reportArgumentType]
            found.add(resource.type)
    return found


def _paths(key: str, value: Any) -> list[str]:
    inside = [f"{key}.{name}" for name in value] if isinstance(value, dict) else []  # pyright: ignore[reportUnknownVariableType]
    return [key, *inside]


@pytest.fixture(scope="module")
def plain() -> Recording:
    return files({})


@pytest.mark.parametrize(
    "settings",
    [
        {"throughput": "bursting"},
        {"infrequentDays": 7, "archiveDays": 90},
        {"infrequentDays": "none"},
        {"backups": False},
        {"points": {"main": {}, "more": {"folder": "/more"}}},
    ],
)
def test_an_edit_of_a_deployed_file_system_changes_it_in_place(
    plain: Recording, settings: dict[str, Any]
):
    assert replaced(plain, files(settings)) == set()


def test_another_folder_is_another_access_point_and_the_files_stay(plain: Recording):
    assert replaced(plain, files({"points": {"main": {"folder": "/other"}}})) == {POINT}


def test_in_production_files_are_protected_and_kept():
    kept = files({}, profile="production").one(FILES, "uploads")
    assert kept.protect
    assert kept.retain_on_delete


@pytest.mark.parametrize(
    ("point", "message"),
    [
        ({"uid": 1001}, "files that are there still belong to 1000:1000, and 1001:1000 opens only"),
        ({"folder": "/other"}, "files stay in /files, and /other begins empty"),
        ({"permissions": "0770"}, "/files keeps its permissions if it is there already"),
    ],
)
def test_an_edit_of_a_point_tells_what_it_leaves_behind(point: dict[str, Any], message: str):
    uses = [{"files": "media", "at": "/srv/media"}]
    before, after = (
        system_of(
            fileSystems={"media": {"points": {"main": settings}}},
            services={"web": {"image": IMAGE, "uses": uses}},
        )
        for settings in ({}, point)
    )
    steps = compared(before, after)
    step = steps["AccessPoint media-main"]
    found = [text for text in words(step) if text.startswith(("files ", "/"))]
    assert len(found) == 1
    assert found[0].startswith(message)
    assert steps["TaskDefinition web"].operation == "replace"
    assert steps["Service web"].changed == ("taskDefinition",)
