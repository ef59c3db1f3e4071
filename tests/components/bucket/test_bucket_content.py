"""Files beside the stack file that stand in a bucket: one object each, and only what changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.components.small_systems import small_system
from trellis.planner.record import Recording
from trellis.stackfile.problems import StackFileError

OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
CONTENT = {"path": "rules", "prefix": "rules/"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "rules" / "deep").mkdir(parents=True)
    (tmp_path / "rules" / "one.json").write_text("{}")
    (tmp_path / "rules" / "deep" / "two.sql").write_text("SELECT 1")
    (tmp_path / "rules" / ".hidden").write_text("no")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "rules"


def configuration(**given: Any) -> Recording:
    return small_system(buckets={"configuration": {"content": {**CONTENT, **given}}})


def objects(recording: Recording) -> dict[str, dict[str, Any]]:
    return {resource.name: dict(resource.inputs) for resource in recording.of_type(OBJECT)}


def test_each_file_is_an_object_under_its_path(folder: Path):
    found = objects(configuration())
    assert {name: element["key"] for name, element in found.items()} == {
        "configuration-rules/one.json": "rules/one.json",
        "configuration-rules/deep/two.sql": "rules/deep/two.sql",
    }
    one = found["configuration-rules/one.json"]
    assert (one["bucket"], one["contentType"]) == ("shop-dev-configuration", "application/json")


def test_only_the_changed_file_changes(folder: Path):
    before = objects(configuration())
    (folder / "one.json").write_text('{"a": 1}')
    (folder / "three.json").write_text("{}")
    (folder / "deep" / "two.sql").unlink()
    after = objects(configuration())
    assert after.keys() - before.keys() == {"configuration-rules/three.json"}
    assert before.keys() - after.keys() == {"configuration-rules/deep/two.sql"}
    name = "configuration-rules/one.json"
    assert {key for key in after[name] if after[name][key] != before[name].get(key)} == {
        "sourceHash"
    }


def test_objects_come_after_the_buckets_policy(folder: Path):
    recording = configuration()
    policy = recording.one("aws:s3/bucketPolicy:BucketPolicy", "configuration")
    assert all(policy.urn in resource.dependencies for resource in recording.of_type(OBJECT))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"path": "rulse"}, "which is no folder"),
        ({"path": "empty"}, "which is empty"),
        ({"prefix": "rules"}, "buckets.configuration.content.prefix"),
        ({"path": "/etc"}, "buckets.configuration.content.path"),
    ],
)
def test_a_folder_that_can_not_be_put_is_named(given: dict[str, Any], message: str, folder: Path):
    (folder.parent / "empty").mkdir()
    with pytest.raises(StackFileError) as refused:
        configuration(**given)
    assert message in str(refused.value)


def test_more_files_than_a_bucket_takes_this_way_are_refused(folder: Path):
    for number in range(200):
        (folder / f"{number}.json").write_text("{}")
    with pytest.raises(StackFileError, match="202 files"):
        configuration()
