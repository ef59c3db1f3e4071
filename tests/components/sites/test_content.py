"""What a built folder becomes, and what a release asks of CloudFront and the bucket."""

from __future__ import annotations

import hashlib
import io
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from components.sites.content import ALWAYS_ASK, YEAR, ContentError, ContentPlan, plan_content
from components.sites.settings import ContentSettings
from functions.site_content.handler import Manifest, OvertakenError, handle, plan

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def built(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def planned(folder: Path, **settings: Any) -> ContentPlan:
    return plan_content(folder, ContentSettings(path="dist", **settings), "index.html")


SITE = {
    "index.html": "<script src=/assets/app-1.js>",
    "about/index.html": "about",
    "assets/app-1.js": "1",
    "assets/app-1.css": "body{}",
    "favicon.ico": "i",
    "robots.txt": "User-agent: *",
    "data.unknown": "?",
}


def test_pages_come_last_and_everything_else_first(tmp_path: Path):
    plan_ = planned(built(tmp_path, SITE))
    assert [file.key for file in plan_.pages] == ["about/index.html", "index.html"]
    assert [file.key for file in plan_.first] == [
        "assets/app-1.css",
        "assets/app-1.js",
        "data.unknown",
        "favicon.ico",
        "robots.txt",
    ]


def test_only_what_changes_its_name_with_its_content_is_kept_for_a_year(tmp_path: Path):
    headers = {file.key: file.cache_control for file in planned(built(tmp_path, SITE)).files}
    assert headers == {
        "index.html": ALWAYS_ASK,
        "about/index.html": ALWAYS_ASK,
        "assets/app-1.js": YEAR,
        "assets/app-1.css": YEAR,
        "favicon.ico": ALWAYS_ASK,
        "robots.txt": ALWAYS_ASK,
        "data.unknown": ALWAYS_ASK,
    }


def test_a_page_is_never_immutable_wherever_it_stands(tmp_path: Path):
    plan_ = planned(built(tmp_path, {**SITE, "assets/page.html": "x"}))
    page = next(file for file in plan_.files if file.key == "assets/page.html")
    assert (page.immutable, page.cache_control) == (False, ALWAYS_ASK)


def test_a_pattern_sets_another_cache_header(tmp_path: Path):
    plan_ = planned(built(tmp_path, SITE), cache={"*.ico": "max-age=600", "*": "no-store"})
    headers = {file.key: file.cache_control for file in plan_.files}
    assert headers["favicon.ico"] == "max-age=600"
    assert headers["index.html"] == "no-store"


def test_content_types_do_not_depend_on_the_machine(tmp_path: Path):
    types = {file.key: file.content_type for file in planned(built(tmp_path, SITE)).files}
    assert types["index.html"] == "text/html; charset=utf-8"
    assert types["assets/app-1.js"] == "text/javascript; charset=utf-8"
    assert types["data.unknown"] == "application/octet-stream"


def test_the_release_changes_with_any_content_and_with_nothing_else(tmp_path: Path):
    first = planned(built(tmp_path / "a", SITE))
    same = planned(built(tmp_path / "b", dict(reversed(SITE.items()))))
    other = planned(built(tmp_path / "c", {**SITE, "robots.txt": "other"}))
    assert first.release == same.release != other.release
    assert hashlib.sha256(first.manifest.encode()).hexdigest() == first.release


@pytest.mark.parametrize(
    ("files", "words"),
    [(None, "build the site before"), ({"a.js": "1"}, "no index.html")],
)
def test_a_folder_that_is_no_site_is_refused_in_words(
    tmp_path: Path, files: dict[str, str] | None, words: str
):
    folder = tmp_path / "dist" if files is None else built(tmp_path, files)
    with pytest.raises(ContentError, match=words):
        planned(folder)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path):
    (tmp_path / "secret").write_text("s")
    folder = built(tmp_path / "dist", SITE)
    (folder / "leak.txt").symlink_to(tmp_path / "secret")
    with pytest.raises(ContentError, match="leads out of"):
        planned(folder)


def manifest(immutable: dict[str, str], mutable: dict[str, str]) -> Manifest:
    return {"immutable": immutable, "mutable": mutable}


BEFORE = manifest({"assets/a-1.js": "1", "assets/b-1.js": "1"}, {"index.html": "1", "r.txt": "1"})
STATE: Any = {"release": "r1", "manifest": BEFORE, "retired": {}}


def test_a_first_release_invalidates_nothing():
    step = plan("r1", BEFORE, None, NOW, 30)
    assert (step.paths, step.delete, step.state) == ((), (), STATE)


def test_an_unchanged_release_does_nothing():
    step = plan("r1", BEFORE, STATE, NOW, 30)
    assert (step.paths, step.delete, step.state) == ((), (), STATE)


def test_one_changed_page_is_one_path():
    after = manifest(BEFORE["immutable"], {"index.html": "2", "r.txt": "1"})
    assert plan("r2", after, STATE, NOW, 30).paths == ("/index.html",)


def test_a_page_that_left_is_invalidated_and_a_new_one_is_not():
    after = manifest(BEFORE["immutable"], {"index.html": "1", "new page.html": "1"})
    assert plan("r2", after, STATE, NOW, 30).paths == ("/r.txt",)


def test_a_path_is_written_as_a_browser_asks_for_it():
    before: Any = {**STATE, "manifest": manifest({}, {"über uns.html": "1"})}
    step = plan("r2", manifest({}, {"über uns.html": "2"}), before, NOW, 30)
    assert step.paths == ("/%C3%BCber%20uns.html",)


def test_more_than_a_hundred_changes_are_one_path_for_everything():
    files = {f"{n}.html": "1" for n in range(101)}
    before: Any = {**STATE, "manifest": manifest({}, files)}
    step = plan("r2", manifest({}, dict.fromkeys(files, "2")), before, NOW, 30)
    assert step.paths == ("/*",)


def test_an_immutable_file_outlives_its_release_and_then_goes():
    after = manifest({"assets/a-1.js": "1"}, BEFORE["mutable"])
    left = plan("r2", after, STATE, NOW, 30)
    assert (left.paths, left.delete) == ((), ())
    assert left.state["retired"] == {"assets/b-1.js": NOW.isoformat()}

    soon = plan("r3", after, left.state, NOW + timedelta(days=30), 30)
    assert soon.delete == ()
    later = plan("r4", after, soon.state, NOW + timedelta(days=31), 30)
    assert later.delete == ("assets/b-1.js",)
    assert later.state["retired"] == {}


def test_a_file_that_comes_back_is_not_taken_away():
    left = plan("r2", manifest({"assets/a-1.js": "1"}, {}), STATE, NOW, 30)
    back = plan("r3", BEFORE, left.state, NOW + timedelta(days=99), 30)
    assert (back.delete, back.state["retired"]) == ((), {})


def test_an_immutable_file_of_another_content_is_invalidated_after_all():
    after = manifest({**BEFORE["immutable"], "assets/a-1.js": "2"}, BEFORE["mutable"])
    assert plan("r2", after, STATE, NOW, 30).paths == ("/assets/a-1.js",)


class MissingError(Exception):
    """As S3 says it."""


class Store:
    """A bucket as boto3's client shows it."""

    exceptions = SimpleNamespace(NoSuchKey=MissingError)

    def __init__(self, **objects: bytes) -> None:
        self.objects = dict(objects)
        self.deleted: list[list[str]] = []

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        if Key not in self.objects:
            raise MissingError
        return {"Body": io.BytesIO(self.objects[Key])}

    def put_object(self, Bucket: str, Key: str, Body: bytes, ContentType: str) -> None:  # noqa: N803
        self.objects[Key] = Body

    def delete_objects(self, Bucket: str, Delete: dict[str, Any]) -> None:  # noqa: N803
        self.deleted.append([each["Key"] for each in Delete["Objects"]])


class Cdn:
    """CloudFront as boto3's client shows it."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def create_invalidation(self, **asked: Any) -> None:
        self.asked.append(asked)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value in {
        "BUCKET": "site",
        "DISTRIBUTION": "E1",
        "MANIFEST": "release",
        "STATE": "live",
        "KEEP_DAYS": "30",
    }.items():
        monkeypatch.setitem(os.environ, key, value)


CONTEXT = SimpleNamespace(aws_request_id="id-1")


def released(store: Store, cdn: Cdn, manifest_: Manifest) -> dict[str, Any]:
    text = json.dumps(manifest_).encode()
    store.objects["release"] = text
    release = hashlib.sha256(text).hexdigest()
    return handle({"release": release}, CONTEXT, s3=store, cloudfront=cdn, now=NOW)


@pytest.mark.usefixtures("environment")
def test_three_releases_and_a_repeated_one():
    store, cdn = Store(), Cdn()
    assert released(store, cdn, BEFORE) == {"invalidated": 0, "deleted": 0}
    changed = manifest(BEFORE["immutable"], {"index.html": "2", "r.txt": "1"})
    assert released(store, cdn, changed) == {"invalidated": 1, "deleted": 0}
    assert released(store, cdn, changed) == {"invalidated": 0, "deleted": 0}
    assert released(store, cdn, BEFORE) == {"invalidated": 1, "deleted": 0}
    one = {
        "DistributionId": "E1",
        "InvalidationBatch": {
            "Paths": {"Quantity": 1, "Items": ["/index.html"]},
            "CallerReference": "id-1",
        },
    }
    assert cdn.asked == [one, one]


@pytest.mark.usefixtures("environment")
def test_old_files_are_deleted_a_thousand_at_once():
    long_ago = (NOW - timedelta(days=40)).isoformat()
    retired = {f"assets/{n:04}.js": long_ago for n in range(1500)}
    state = {"release": "r", "manifest": BEFORE, "retired": retired}
    store, cdn = Store(live=json.dumps(state).encode()), Cdn()
    assert released(store, cdn, BEFORE) == {"invalidated": 0, "deleted": 1500}
    assert [len(each) for each in store.deleted] == [1000, 500]


@pytest.mark.usefixtures("environment")
def test_a_release_that_was_overtaken_leaves_the_word_to_the_other():
    store = Store(release=b"{}")
    with pytest.raises(OvertakenError):
        handle({"release": "other"}, CONTEXT, s3=store, cloudfront=Cdn(), now=NOW)
    assert "live" not in store.objects
