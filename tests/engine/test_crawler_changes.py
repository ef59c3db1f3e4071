"""Crawlers in the real engine: what edits of a deployed stack touch, and what they leave alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.engine import Engine, EngineStack
from tests.engine.test_service_changes import PROJECT, touched

pytestmark = pytest.mark.engine

STACK = """\
config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: dev
  trellis:account: "123456789012"
  trellis:buckets: {data: {}}
  trellis:catalogs:
    lake:
      from: {put: true}
      bucket: data
      type: .kind
      date: {since: "2026-11-01"}
      tables: {clicks: {columns: {page: string}}}
      crawlers: {CRAWLERS}
"""

CRAWLER, POLICY = "Crawler lake-exports-crawler", "RolePolicy lake-exports-crawler"


def stack_file(*crawlers: str) -> str:
    return STACK.replace("CRAWLERS", ", ".join(crawlers))


def exports(folder: str = "exports/", schedule: str = "0 5 * * ? *", changes: str = "log") -> str:
    return f'exports: {{prefix: {folder}, schedule: "cron({schedule})", changes: {changes}}}'


@pytest.fixture(scope="module")
def shop(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> EngineStack:
    folder: Path = tmp_path_factory.mktemp("shop")
    (folder / "Pulumi.yaml").write_text(PROJECT)
    (folder / "Pulumi.dev.yaml").write_text(stack_file(exports()))
    stack = engine.stack(folder, "dev")
    assert set(stack.up().changed) == {"create"}
    return stack


def test_edits_touch_the_crawler_alone_and_never_a_table(shop: EngineStack):
    made = touched(shop)["created"]
    assert {CRAWLER, POLICY, "SecurityConfiguration lake-crawlers"} <= made
    assert shop.up().changed == {}

    for edited, updated in (
        (exports(schedule="0 6 * * ? *"), {CRAWLER}),
        (exports(schedule="0 6 * * ? *", changes="update"), {CRAWLER}),
        (exports(schedule="0 6 * * ? *"), {CRAWLER}),
    ):
        shop.rewrite(stack_file(edited))
        shop.up()
        assert touched(shop) == {"created": set(), "updated": updated, "deleted": set()}

    # AWS gives no other folder to one that looks through new folders only: it is another crawler.
    shop.rewrite(stack_file(exports("dumps/", "0 6 * * ? *")))
    shop.up()
    assert touched(shop) == {"created": {CRAWLER}, "updated": {POLICY}, "deleted": {CRAWLER}}

    shop.rewrite(stack_file())
    shop.up()
    gone = touched(shop)
    assert {CRAWLER, POLICY, "SecurityConfiguration lake-crawlers"} <= gone["deleted"]
    assert not {name for name in gone["deleted"] | gone["updated"] if "CatalogTable" in name}
    assert shop.up().changed == {}
