"""What a release asks of S3 and CloudFront: every call counted, against moto."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from components.sites.content import ContentPlan, SiteFile, plan_content
from components.sites.settings import SiteSettings
from functions.site_content.handler import KeptError, Manifest, handle, plan

NOW = datetime(2026, 11, 21, tzinfo=UTC)
BUCKET = "shop-site"


def manifest(immutable: dict[str, str], mutable: dict[str, str]) -> Manifest:
    return {"immutable": immutable, "mutable": mutable}


BEFORE = manifest({"assets/a-1.js": "1", "assets/b-1.js": "1"}, {"index.html": "1", "r.txt": "1"})


def test_a_first_release_invalidates_all_that_may_have_been_there_before():
    assert plan(BEFORE, None, {}, NOW, 30).paths == ("/*",)


def test_an_unchanged_release_does_nothing():
    step = plan(BEFORE, BEFORE, {}, NOW, 30)
    assert (step.paths, step.delete, step.retired) == ((), (), {})


def test_a_page_that_left_is_invalidated_and_a_new_one_is_not():
    after = manifest(BEFORE["immutable"], {"index.html": "1", "new page.html": "1"})
    assert plan(after, BEFORE, {}, NOW, 30).paths == ("/r.txt",)


def test_a_path_is_written_as_a_browser_asks_for_it():
    before, after = (manifest({}, {"über uns*.html": mark}) for mark in "12")
    assert plan(after, before, {}, NOW, 30).paths == ("/%C3%BCber%20uns%2A.html",)


def test_more_than_a_hundred_changes_are_one_path_for_everything():
    files = [f"{n}.html" for n in range(101)]
    before, after = (manifest({}, dict.fromkeys(files, mark)) for mark in "12")
    assert plan(after, before, {}, NOW, 30).paths == ("/*",)


def test_an_immutable_file_outlives_its_release_and_then_goes():
    after = manifest({"assets/a-1.js": "1"}, BEFORE["mutable"])
    left = plan(after, BEFORE, {}, NOW, 30)
    assert (left.paths, left.delete) == ((), ())
    assert left.retired == {"assets/b-1.js": NOW.isoformat()}

    soon = plan(after, after, left.retired, NOW + timedelta(days=30), 30)
    assert soon.delete == ()
    later = plan(after, after, soon.retired, NOW + timedelta(days=31), 30)
    assert (later.delete, later.retired) == (("assets/b-1.js",), {})


def test_a_release_told_twice_does_not_make_old_files_younger():
    after = manifest({"assets/a-1.js": "1"}, BEFORE["mutable"])
    first = plan(after, BEFORE, {}, NOW, 30)
    assert plan(after, BEFORE, first.retired, NOW + timedelta(days=1), 30) == first


def test_a_file_that_comes_back_is_not_taken_away():
    retired = {"assets/b-1.js": NOW.isoformat()}
    back = plan(BEFORE, BEFORE, retired, NOW + timedelta(days=99), 30)
    assert (back.delete, back.retired) == ((), {})


def test_an_immutable_file_of_another_content_is_invalidated_after_all():
    after = manifest({**BEFORE["immutable"], "assets/a-1.js": "2"}, BEFORE["mutable"])
    assert plan(after, BEFORE, {}, NOW, 30).paths == ("/assets/a-1.js",)


@dataclass
class Live:
    """A bucket and a distribution in moto, an engine's state, and the calls that were sent."""

    s3: Any
    cloudfront: Any
    distribution: str
    calls: Counter[str] = field(default_factory=Counter[str])
    objects: dict[str, SiteFile] = field(default_factory=dict[str, SiteFile])
    told: Manifest | None = None

    def up(self, plan_: ContentPlan, *, now: datetime = NOW, until: str = "the end") -> None:
        """What the engine does: objects that differ in their order, deletions, the function.

        Args:
            until: key of the object before which the machine breaks down.
        """
        for file in (*plan_.first, *plan_.pages):
            if file.key == until:
                return
            old = self.objects.get(file.key)
            if old is None or old.mark != file.mark:
                self.s3.put_object(
                    Bucket=BUCKET,
                    Key=file.key,
                    Body=file.source.read_bytes(),
                    ContentType=file.content_type,
                    CacheControl=file.cache_control,
                )
                self.objects[file.key] = file
        if until == "the function":
            return
        new: Manifest = json.loads(plan_.manifest)
        if new != self.told:
            self.tell(new, now)
        kept = {file.key for file in plan_.files}
        for key in [key for key in self.objects if key not in kept]:
            if not self.objects.pop(key).immutable:
                self.s3.delete_object(Bucket=BUCKET, Key=key)

    def tell(self, new: Manifest, now: datetime = NOW) -> dict[str, int]:
        """One update of the invocation, as the provider makes it with the lifecycle CRUD."""
        action = "create" if self.told is None else "update"
        request: Any = {**new, "tf": {"action": action, "prev_input": self.told}}
        # One for each invocation, as AWS Lambda's are.
        context = SimpleNamespace(aws_request_id=f"id-{self.calls.total()}")
        done = handle(request, context, s3=self.s3, cloudfront=self.cloudfront, now=now)
        self.told = new
        return done

    def invalidated(self) -> list[list[str]]:
        """Paths of every invalidation, the oldest first."""
        made = self.cloudfront.list_invalidations(DistributionId=self.distribution)[
            "InvalidationList"
        ]
        ids = [each["Id"] for each in made.get("Items", [])]
        return [
            self.cloudfront.get_invalidation(DistributionId=self.distribution, Id=each)[
                "Invalidation"
            ]["InvalidationBatch"]["Paths"]["Items"]
            for each in ids
        ]

    def count(self, model: Any, **_: Any) -> None:
        """Take note of a call that is sent; boto3 calls this."""
        self.calls[model.name] += 1

    def held(self) -> set[str]:
        return {each["Key"] for each in self.s3.list_objects_v2(Bucket=BUCKET)["Contents"]}


def distribution(cloudfront: Any) -> str:
    """The id of a distribution that takes invalidations."""
    domain = f"{BUCKET}.s3.us-east-1.amazonaws.com"
    made = cloudfront.create_distribution(
        DistributionConfig={
            "CallerReference": "1",
            "Comment": "",
            "Enabled": True,
            "Origins": {
                "Quantity": 1,
                "Items": [
                    {
                        "Id": "bucket",
                        "DomainName": domain,
                        "S3OriginConfig": {"OriginAccessIdentity": ""},
                    }
                ],
            },
            "DefaultCacheBehavior": {
                "TargetOriginId": "bucket",
                "ViewerProtocolPolicy": "https-only",
            },
        }
    )
    return made["Distribution"]["Id"]


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    for key, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "BUCKET": BUCKET,
        "RETIRED": "_trellis/retired.json",
        "KEEP_DAYS": "30",
    }.items():
        monkeypatch.setenv(key, value)
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1")
        cloudfront = boto3.client("cloudfront", region_name="us-east-1")
        s3.create_bucket(Bucket=BUCKET)
        found = Live(s3, cloudfront, distribution(cloudfront))
        monkeypatch.setenv("DISTRIBUTION", found.distribution)
        for client in (s3, cloudfront):
            client.meta.events.register("before-call.*.*", found.count)
        yield found


def written(project: Path, files: dict[str, str]) -> ContentPlan:
    for name, text in files.items():
        file = project / "dist" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    given = {"domain": "app.example.org", "content": {"path": "dist"}}
    return plan_content(project, SiteSettings.model_validate_json(json.dumps(given)))


SITE = {
    "index.html": "<script src=/assets/app-1.js>",
    "about.html": "about",
    "assets/app-1.js": "1",
    "robots.txt": "User-agent: *",
}


@pytest.fixture
def shop(tmp_path: Path, live: Live) -> Live:
    """A site that is up, with no call counted yet."""
    live.up(written(tmp_path, SITE))
    live.calls.clear()
    return live


@pytest.mark.parametrize("name", ["index.html", "about.html", "robots.txt"])
def test_one_changed_file_is_one_object_put_and_one_path(tmp_path: Path, shop: Live, name: str):
    shop.up(written(tmp_path, {name: "changed"}))
    assert shop.calls == {"PutObject": 1, "GetObject": 1, "CreateInvalidation": 1}
    assert shop.s3.get_object(Bucket=BUCKET, Key=name)["Body"].read() == b"changed"
    shop.calls.clear()
    assert [f"/{name}"] in shop.invalidated()


def test_unchanged_content_is_no_call_at_all(tmp_path: Path, shop: Live):
    shop.up(written(tmp_path, SITE))
    assert shop.calls == {}


def test_one_new_hashed_file_is_two_objects_one_path_and_a_note_of_the_old_one(
    tmp_path: Path, shop: Live
):
    (tmp_path / "dist" / "assets" / "app-1.js").unlink()
    shop.up(written(tmp_path, {"assets/app-2.js": "2", "index.html": "app-2"}))
    assert shop.calls == {"PutObject": 3, "GetObject": 1, "CreateInvalidation": 1}
    assert {"assets/app-1.js", "assets/app-2.js", "_trellis/retired.json"} <= shop.held()


def test_an_old_file_goes_with_a_release_after_its_time(tmp_path: Path, shop: Live):
    (tmp_path / "dist" / "assets" / "app-1.js").unlink()
    shop.up(written(tmp_path, {"index.html": "2"}))
    shop.up(written(tmp_path, {"index.html": "3"}), now=NOW + timedelta(days=29))
    assert "assets/app-1.js" in shop.held()
    shop.up(written(tmp_path, {"index.html": "4"}), now=NOW + timedelta(days=31))
    assert "assets/app-1.js" not in shop.held()


def test_going_back_to_an_older_release_invalidates_again(tmp_path: Path, shop: Live):
    shop.up(written(tmp_path, {"index.html": "2"}))
    shop.up(written(tmp_path, {"index.html": SITE["index.html"]}))
    assert shop.invalidated().count(["/index.html"]) == 2


@pytest.mark.parametrize("until", ["about.html", "index.html", "the function"])
def test_the_up_after_one_that_broke_does_the_rest_and_tells_of_all(
    tmp_path: Path, shop: Live, until: str
):
    changed = {"about.html": "2", "index.html": "2", "robots.txt": "2"}
    plan_ = written(tmp_path, changed)
    shop.up(plan_, until=until)
    assert shop.calls["CreateInvalidation"] == 0
    shop.up(plan_)
    assert shop.calls["PutObject"] == len(changed), "what was there is sent again"
    assert ["/about.html", "/index.html", "/robots.txt"] in shop.invalidated()


def test_a_site_that_goes_invalidates_and_deletes_nothing(live: Live):
    request: Any = {**BEFORE, "tf": {"action": "delete", "prev_input": BEFORE}}
    done = handle(request, None, s3=live.s3, cloudfront=live.cloudfront, now=NOW)
    assert done == {"invalidated": 0, "deleted": 0}
    assert live.calls == {}


def test_old_files_are_deleted_a_thousand_at_once(live: Live):
    long_ago = (NOW - timedelta(days=40)).isoformat()
    retired = {f"assets/{n:04}.js": long_ago for n in range(1500)}
    live.s3.put_object(Bucket=BUCKET, Key="_trellis/retired.json", Body=json.dumps(retired))
    live.told = BEFORE
    live.calls.clear()
    assert live.tell(BEFORE) == {"invalidated": 0, "deleted": 1500}
    assert live.calls["DeleteObjects"] == 2


def test_what_s3_would_not_delete_is_not_forgotten(live: Live):
    long_ago = (NOW - timedelta(days=40)).isoformat()
    live.s3.put_object(
        Bucket=BUCKET, Key="_trellis/retired.json", Body=json.dumps({"assets/old.js": long_ago})
    )

    def refused(**_: Any) -> dict[str, Any]:
        return {"Errors": [{"Key": "assets/old.js", "Code": "AccessDenied"}]}

    live.s3.delete_objects = refused
    live.told = BEFORE
    with pytest.raises(KeptError, match=r"assets/old.js: AccessDenied"):
        live.tell(BEFORE)
