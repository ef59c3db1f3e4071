"""Releases of a site against S3 and CloudFront as moto plays them."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import boto3
import pytest
from moto import mock_aws

from components.sites.content import ContentPlan, plan_content
from components.sites.settings import SiteSettings
from functions.site_content import handler
from functions.site_content.handler import ChangedError, KeptError, Release, handle
from tests.components.sites.releases import BEFORE, BUCKET, NOW, whole

pytestmark = pytest.mark.long


@dataclass
class Live:
    """A bucket and a distribution in moto, an engine's state, and the calls that were sent."""

    s3: Any
    cloudfront: Any
    distribution: str
    calls: Counter[str] = field(default_factory=Counter[str])
    put: list[str] = field(default_factory=list[str])
    """Keys in the order in which they came."""
    archived: str | None = None
    released: Release | None = None
    breaks_at: str | None = None
    """Key of the object that S3 refuses."""

    def up(self, plan_: ContentPlan, *, now: datetime = NOW) -> None:
        """What the engine does: the archive where it differs, then the function."""
        if plan_.digest != self.archived:
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w") as archive:
                for file in plan_.files:
                    archive.write(file.source, file.key)
            self.s3.put_object(Bucket=BUCKET, Key="_trellis/content.zip", Body=packed.getvalue())
            self.archived = plan_.digest
        new = whole(plan_.release, distribution=self.distribution)
        if new != self.released:
            self.release(new, now)

    def release(self, new: Release, now: datetime = NOW) -> dict[str, int]:
        """One update of the invocation, as the provider makes it with the lifecycle CRUD."""
        action = "create" if self.released is None else "update"
        request: Any = {**new, "tf": {"action": action, "prev_input": self.released}}
        # One for each invocation, as AWS Lambda's are.
        context = SimpleNamespace(aws_request_id=f"id-{self.calls.total()}")
        done = handle(request, context, s3=self.s3, cloudfront=self.cloudfront, now=now)
        self.released = new
        return done

    def invalidated(self) -> list[list[str]]:
        """Paths of every invalidation, the oldest first."""
        made = self.cloudfront.list_invalidations(DistributionId=self.distribution)[
            "InvalidationList"
        ]
        ids = [element["Id"] for element in made.get("Items", [])]
        return [
            self.cloudfront.get_invalidation(DistributionId=self.distribution, Id=element)[
                "Invalidation"
            ]["InvalidationBatch"]["Paths"]["Items"]
            for element in ids
        ]

    def count(self, model: Any, params: Any, **_: Any) -> None:
        """Take note of a call that is sent; boto3 calls this."""
        self.calls[model.name] += 1
        if model.name == "PutObject":
            key = unquote(params["url_path"]).removeprefix("/")
            if key == self.breaks_at:
                raise ConnectionError(f"S3 does not take {key}")
            self.put.append(key)

    def held(self) -> set[str]:
        return {content["Key"] for content in self.s3.list_objects_v2(Bucket=BUCKET)["Contents"]}


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
    for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(key, "testing")
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1")
        cloudfront = boto3.client("cloudfront", region_name="us-east-1")
        s3.create_bucket(Bucket=BUCKET)
        found = Live(s3, cloudfront, distribution(cloudfront))
        for client in (s3, cloudfront):
            client.meta.events.register("before-call.*.*", found.count)
        yield found


def written(project: Path, files: dict[str, str], **settings: Any) -> ContentPlan:
    for name, text in files.items():
        file = project / "dist" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    given = {"domain": "app.example.org", "content": {"path": "dist", **settings}}
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
    live.put.clear()
    return live


ARCHIVE = "_trellis/content.zip"


@pytest.mark.parametrize("name", ["index.html", "about.html", "robots.txt"])
def test_one_changed_file_is_one_object_put_beside_the_archive_and_one_path(
    tmp_path: Path, shop: Live, name: str
):
    shop.up(written(tmp_path, {name: "changed"}))
    assert shop.put == [ARCHIVE, name]
    assert shop.calls["CreateInvalidation"] == 1
    assert set(shop.calls) == {"PutObject", "GetObject", "HeadObject", "CreateInvalidation"}
    assert shop.s3.get_object(Bucket=BUCKET, Key=name)["Body"].read() == b"changed"
    assert [f"/{name}"] in shop.invalidated()


def test_unchanged_content_is_no_call_at_all(tmp_path: Path, shop: Live):
    shop.up(written(tmp_path, SITE))
    assert shop.calls == {}


def test_objects_have_the_headers_of_the_plan(tmp_path: Path, live: Live):
    plan_ = written(tmp_path, SITE)
    live.up(plan_)
    found = {
        key: (there["ContentType"], there["CacheControl"])
        for key in SITE
        for there in [live.s3.get_object(Bucket=BUCKET, Key=key)]
    }
    assert found == {f.key: (f.content_type, f.cache_control) for f in plan_.files}
    assert live.put[-2:] == ["about.html", "index.html"]


def test_another_cache_header_puts_the_file_again_from_the_archive_that_is_there(
    tmp_path: Path, shop: Live
):
    shop.up(written(tmp_path, {}, cache={"robots.txt": "max-age=60"}))
    assert shop.put == ["robots.txt"]
    assert ["/robots.txt"] in shop.invalidated()


def test_one_new_hashed_file_is_two_objects_one_path_and_a_note_of_the_old_one(
    tmp_path: Path, shop: Live
):
    (tmp_path / "dist" / "assets" / "app-1.js").unlink()
    shop.up(written(tmp_path, {"assets/app-2.js": "2", "index.html": "app-2"}))
    assert shop.put == [ARCHIVE, "assets/app-2.js", "index.html", "_trellis/retired.json"]
    assert {"assets/app-1.js", "assets/app-2.js"} <= shop.held()
    assert shop.calls["CreateInvalidation"] == 1


def test_a_page_that_left_is_gone_before_the_cdn_is_told(tmp_path: Path, shop: Live):
    (tmp_path / "dist" / "about.html").unlink()
    shop.up(written(tmp_path, {}))
    assert "about.html" not in shop.held()
    assert ["/about.html"] in shop.invalidated()
    order = list(shop.calls)
    assert order.index("DeleteObjects") < order.index("CreateInvalidation")


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


@pytest.mark.parametrize(
    ("breaks_at", "there"),
    [
        (ARCHIVE, []),
        ("robots.txt", [ARCHIVE]),
        ("about.html", [ARCHIVE, "robots.txt"]),
        ("index.html", [ARCHIVE, "robots.txt", "about.html"]),
    ],
)
def test_the_up_after_one_that_broke_does_the_rest_and_tells_of_all(
    tmp_path: Path, shop: Live, breaks_at: str, there: list[str]
):
    plan_ = written(tmp_path, {"about.html": "2", "index.html": "2", "robots.txt": "2"})
    shop.breaks_at = breaks_at
    with pytest.raises(ConnectionError):
        shop.up(plan_)
    assert shop.put == there, "nothing comes before what it names"
    assert shop.calls["CreateInvalidation"] == 0
    shop.breaks_at = None
    shop.up(plan_)
    assert shop.s3.get_object(Bucket=BUCKET, Key="index.html")["Body"].read() == b"2"
    assert ["/about.html", "/index.html", "/robots.txt"] in shop.invalidated()


def test_a_file_that_changed_since_the_plan_is_not_put(tmp_path: Path, shop: Live):
    plan_ = written(tmp_path, {"index.html": "2"})
    (tmp_path / "dist" / "index.html").write_text("a build that is going on")
    with pytest.raises(ChangedError, match=r"index.html changed while the site was deployed"):
        shop.up(plan_)
    assert shop.put == [ARCHIVE]
    assert shop.calls["CreateInvalidation"] == 0


def test_a_site_in_another_bucket_is_put_whole(tmp_path: Path, shop: Live):
    assert shop.released is not None
    shop.released = {**shop.released, "bucket": "the-one-before"}
    shop.up(written(tmp_path, SITE))
    assert set(shop.put) == set(SITE)


def test_a_large_file_goes_in_parts(tmp_path: Path, shop: Live, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(handler, "IN_ONE_PUT", 1000)
    shop.up(written(tmp_path, {"film.mp4": "f" * 5000}))
    there = shop.s3.get_object(Bucket=BUCKET, Key="film.mp4")
    assert (there["ContentLength"], there["ContentType"]) == (5000, "video/mp4")


def test_a_site_that_goes_puts_invalidates_and_deletes_nothing(live: Live):
    request: Any = {**BEFORE, "tf": {"action": "delete", "prev_input": BEFORE}}
    done = handle(request, None, s3=live.s3, cloudfront=live.cloudfront, now=NOW)
    assert done == {"put": 0, "invalidated": 0, "deleted": 0}
    assert live.calls == {}


def test_old_files_are_deleted_a_thousand_at_once(live: Live):
    long_ago = (NOW - timedelta(days=40)).isoformat()
    retired = {f"assets/{n:04}.js": long_ago for n in range(1500)}
    live.s3.put_object(Bucket=BUCKET, Key="_trellis/retired.json", Body=json.dumps(retired))
    live.released = BEFORE
    live.calls.clear()
    assert live.release(BEFORE) == {"put": 0, "invalidated": 0, "deleted": 1500}
    assert live.calls["DeleteObjects"] == 2


def test_what_s3_would_not_delete_is_not_forgotten(live: Live):
    long_ago = (NOW - timedelta(days=40)).isoformat()
    live.s3.put_object(
        Bucket=BUCKET, Key="_trellis/retired.json", Body=json.dumps({"assets/old.js": long_ago})
    )

    def refused(**_: Any) -> dict[str, Any]:
        return {"Errors": [{"Key": "assets/old.js", "Code": "AccessDenied"}]}

    live.s3.delete_objects = refused
    live.released = BEFORE
    with pytest.raises(KeptError, match=r"assets/old.js: AccessDenied"):
        live.release(BEFORE)
