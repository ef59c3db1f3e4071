"""Crawlers of folders beside a catalog's records: what they touch, when they look, who is told."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from policies.guardrails.control import Outcome
from policies.guardrails.run import analyse
from testing.oracles.judged import judged
from tests.components.catalog.test_paths import GIVEN
from tests.components.small_systems import ACCOUNT, REGION, small_system, statement
from trellis.planner.evidence import evidence
from trellis.planner.record import Recording
from trellis.stackfile.problems import StackFileError

CRAWLER = "aws:glue/crawler:Crawler"
SECURITY = "aws:glue/securityConfiguration:SecurityConfiguration"
GROUP = "aws:cloudwatch/logGroup:LogGroup"
POLICY = "aws:iam/rolePolicy:RolePolicy"
TABLES = f"arn:aws:glue:{REGION}:{ACCOUNT}:table/shop_dev_lake"
EXPORTS: dict[str, Any] = {"prefix": "exports/", "schedule": "cron(0 5 * * ? *)"}


def lake(crawlers: dict[str, Any], **more: Any) -> Recording:
    return small_system(
        buckets={"logs": {}, "results": {}},
        catalogs={"lake": {**GIVEN, "crawlers": crawlers}},
        queries={"main": {"catalog": "lake", "results": "results"}},
        **more,
    )


@pytest.fixture(scope="module")
def whole() -> Recording:
    return lake({"exports": EXPORTS, "failed": {"prefix": "logs-failed/", "changes": "update"}})


def statements(recording: Recording, key: str) -> dict[str, Any]:
    (policy,) = [
        resource for resource in recording.of_type(POLICY) if f"lake-{key}-crawler" in resource.urn
    ]
    return {s["Sid"]: s for s in json.loads(policy.inputs["policy"])["Statement"]}


def listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def test_without_crawlers_a_catalog_makes_nothing_for_them() -> None:
    recording = lake({})
    assert recording.of_type(CRAWLER) == recording.of_type(SECURITY) == ()
    assert not [rule for rule in recording if rule.name == "crawlers-failed"]


def test_a_crawler_looks_through_its_folder_into_tables_of_its_own_names(whole: Recording) -> None:
    inputs = whole.one(CRAWLER, "lake-exports-crawler").inputs
    assert inputs["s3Targets"] == [{"path": "s3://shop-dev-logs/exports/"}]
    assert inputs["databaseName"] == "shop_dev_lake"
    assert inputs["tablePrefix"] == "exports_"
    assert inputs["schedule"] == "cron(0 5 * * ? *)"
    by_hand = whole.one(CRAWLER, "lake-failed-crawler").inputs
    assert by_hand.get("schedule") is None


@pytest.mark.parametrize(
    ("key", "update", "looks"),
    [
        ("exports", "LOG", "CRAWL_NEW_FOLDERS_ONLY"),
        ("failed", "UPDATE_IN_DATABASE", "CRAWL_EVERYTHING"),
    ],
)
def test_tables_are_changed_only_where_the_stack_file_says_so_and_deleted_never(
    whole: Recording, key: str, update: str, looks: str
) -> None:
    inputs = whole.one(CRAWLER, f"lake-{key}-crawler").inputs
    assert inputs["schemaChangePolicy"] == {"updateBehavior": update, "deleteBehavior": "LOG"}
    # Glue takes new folders only together with no changes at all ("Incremental crawls", 2026-11).
    assert inputs["recrawlPolicy"] == {"recrawlBehavior": looks}


def test_no_crawler_may_change_a_declared_table(whole: Recording) -> None:
    for key in ("exports", "failed"):
        own = statements(whole, key)["WriteOwnTables"]
        assert [r for r in listed(own["Resource"]) if ":table/" in r] == [f"{TABLES}/{key}_*"]
        writing = [
            action
            for found in statements(whole, key).values()
            for action in listed(found["Action"])
            if action.startswith(("glue:Create", "glue:Update", "glue:BatchCreate", "glue:Delete"))
        ]
        assert set(writing) <= set(listed(own["Action"]))
        assert not [action for action in writing if "Delete" in action]


def test_a_crawler_reads_its_folder_and_no_records(whole: Recording) -> None:
    found = statements(whole, "exports")
    assert listed(found["ReadFolder"]["Resource"]) == ["arn:aws:s3:::shop-dev-logs/exports/*"]
    objects = {
        action
        for one in found.values()
        for action in listed(one["Action"])
        if action.startswith("s3:") and action not in ("s3:ListBucket", "s3:GetBucketLocation")
    }
    assert objects == {"s3:GetObject"}
    assert listed(found["KeyOfBucket"]["Action"]) == ["kms:Decrypt"]


def test_its_log_is_ours_ends_and_is_encrypted_by_the_key_that_the_crawler_takes(
    whole: Recording,
) -> None:
    crawler = whole.one(CRAWLER, "lake-exports-crawler")
    security = whole.one(SECURITY, "lake-crawlers")
    role = whole.one("aws:iam/role:Role", "lake-exports-crawler")
    name = f"/aws-glue/crawlers-role/{role.inputs['name']}-{security.inputs['name']}"
    group = whole.one(GROUP, "lake-exports-crawler").inputs
    assert group["name"] == name
    assert group["retentionInDays"]
    assert crawler.inputs["securityConfiguration"] == security.inputs["name"]
    cloudwatch = security.inputs["encryptionConfiguration"]["cloudwatchEncryption"]
    assert cloudwatch == {
        "cloudwatchEncryptionMode": "SSE-KMS", "kmsKeyArn": group["kmsKeyId"],
    }  # fmt: skip
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}"
    assert listed(statements(whole, "exports")["TellLog"]["Resource"]) == [arn, f"{arn}:*"]


def test_glues_own_model_takes_what_is_asked(whole: Recording) -> None:
    for resource in (*whole.of_type(CRAWLER), *whole.of_type(SECURITY)):
        assert list(judged(resource.type, dict(resource.inputs))) == []


def test_the_pack_finds_nothing_in_crawlers(whole: Recording) -> None:
    def failed(recording: Recording) -> set[tuple[str, str]]:
        report = analyse(evidence(recording), today=date(2026, 11, 30))
        return {(one.control.id, one.resource) for one in report.with_outcome(Outcome.FAIL)}

    assert failed(whole) - failed(lake({})) == set()
    report = analyse(evidence(whole), today=date(2026, 11, 30))
    passed = {(one.control.id, one.resource) for one in report.with_outcome(Outcome.PASS)}
    assert ("Glue.encrypted-jobs", "lake-exports-crawler") in passed
    assert ("IAM.confused-deputy", "lake-exports-crawler") in passed


def test_glue_of_this_account_alone_takes_the_role(whole: Recording) -> None:
    role = whole.one("aws:iam/role:Role", "lake-exports-crawler")
    (trust,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "glue.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def test_a_run_that_fails_is_told_by_name(whole: Recording) -> None:
    rule = whole.one("aws:cloudwatch/eventRule:EventRule", "crawlers-failed")
    assert json.loads(rule.inputs["eventPattern"])["detail"] == {
        "crawlerName": ["shop-dev-lake-exports", "shop-dev-lake-failed"], "state": ["Failed"],
    }  # fmt: skip
    target = whole.one("aws:cloudwatch/eventTarget:EventTarget", "crawlers-failed")
    assert target.inputs["arn"].endswith(":shop-dev-alerts")


def test_whoever_asks_the_workgroup_reads_what_crawlers_declared() -> None:
    image = {"uri": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/web@sha256:{'0' * 64}"}
    recording = lake(
        {"exports": EXPORTS},
        network={"cidr": "10.0.0.0/16", "zones": 2, "nat": "single"},
        services={"web": {"image": image, "uses": [{"query": "main"}]}},
    )
    (policy,) = [p for p in recording.of_type(POLICY) if "RecordsQueryMain" in p.inputs["policy"]]
    assert listed(statement(policy, "RecordsQueryMain")["Resource"]) == [
        "arn:aws:s3:::shop-dev-logs/logs/*",
        "arn:aws:s3:::shop-dev-logs/exports/*",
    ]


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "the records": ({"exports": {"prefix": "logs/"}}, "compute their partitions"),
    "a table's records": ({"exports": {"prefix": "logs/cloudtrail/"}}, "compute their partitions"),
    "two of one folder": (
        {"exports": {"prefix": "a/"}, "more": {"prefix": "a/b/"}}, "of the crawler exports",
    ),
    "too often": (
        {"exports": {"prefix": "a/", "schedule": "cron(0/4 * * * ? *)"}}, "5 minutes apart",
    ),
    "too often around the hour": (
        {"exports": {"prefix": "a/", "schedule": "cron(0,58 * * * ? *)"}}, "5 minutes apart",
    ),
    "a rate, which Glue doesn't know": (
        {"exports": {"prefix": "a/", "schedule": "rate(1 day)"}}, "cron",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_useless_or_refused_by_glue_is_refused(case: str) -> None:
    crawlers, message = REFUSED[case]
    with pytest.raises(StackFileError, match=message):
        lake(crawlers)


def test_a_declared_table_is_never_called_as_a_crawlers_are() -> None:
    given = {**GIVEN, "crawlers": {"cloud": {"prefix": "a/"}}}
    given["tables"] = {**GIVEN["tables"], "cloud_trail": {"columns": {"page": "string"}}}
    with pytest.raises(StackFileError, match="begins with cloud_, as cloud_trail does"):
        small_system(buckets={"logs": {}}, catalogs={"lake": given})


def test_another_catalogs_records_are_no_folder_for_a_crawler() -> None:
    other = {**GIVEN, "prefix": "other/", "crawlers": {"exports": {"prefix": "logs/x/"}}}
    with pytest.raises(StackFileError, match=r"catalogs\.second\.crawlers\.exports\.prefix"):
        small_system(buckets={"logs": {}}, catalogs={"lake": dict(GIVEN), "second": other})
