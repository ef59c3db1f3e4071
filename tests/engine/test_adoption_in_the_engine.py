"""`adopt` in the real engine: what exists is imported and kept, and nothing of it is made anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.engine.engine import Engine, EngineError, EngineStack
from tests.engine.test_service_changes import PROJECT, touched

pytestmark = pytest.mark.engine

STACK = """\
config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: dev
  trellis:account: "123456789012"
  trellis:tables:
    orders:
      partitionKey: {name: id}
      physicalName: Orders
      adopt: Orders
  trellis:buckets:
    uploads: {bucketName: uploads-2019, accessLogs: none, adopt: uploads-2019}
  trellis:queues:
    jobs:
      physicalName: Jobs
      adopt: https://sqs.us-east-1.amazonaws.com/123456789012/Jobs
  trellis:zones:
    main: {domain: example.com, queryLogs: false, adopt: Z1D633PJN98FT9}
"""

TABLE = "aws:dynamodb/table:Table"
BUCKET = "aws:s3/bucket:Bucket"
QUEUE = "aws:sqs/queue:Queue"
ZONE = "aws:route53/zone:Zone"

THERE: dict[tuple[str, str], dict[str, Any]] = {
    (TABLE, "Orders"): {
        "name": "Orders",
        "hashKey": "id",
        "billingMode": "PROVISIONED",
        "attributes": [{"name": "id", "type": "S"}],
        "deletionProtectionEnabled": True,
    },
    (BUCKET, "uploads-2019"): {"bucket": "uploads-2019", "tags": {"Team": "old"}},
    (QUEUE, "https://sqs.us-east-1.amazonaws.com/123456789012/Jobs"): {
        "name": "Jobs",
        "visibilityTimeoutSeconds": 30,
    },
    (ZONE, "Z1D633PJN98FT9"): {"name": "example.com", "comment": "by hand"},
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose stack files the tests bring along."""
    folder = tmp_path_factory.mktemp("adoption")
    (folder / "Pulumi.yaml").write_text(PROJECT)
    return folder


@pytest.fixture(scope="module")
def taken(engine: Engine, project: Path) -> EngineStack:
    """A production stack that took over a table, a bucket, a queue and a zone."""
    stack = engine.stack(project, "dev", text=STACK)
    for (type_, id_), inputs in THERE.items():
        stack.aws.exists(type_, id_, inputs)
    outcome = stack.up()
    assert outcome.changes["import"] == len(THERE)
    return stack


def _held(stack: EngineStack) -> dict[tuple[str, str], dict[str, Any]]:
    """The state of what was taken over, by type and name."""
    types = {type_ for type_, _ in THERE}
    names = {"orders", "uploads", "jobs", "main"}
    found: dict[tuple[str, str], Any] = {}
    for urn, resource in stack.state().items():
        name = urn.rsplit("::", 1)[-1]
        if resource["type"] in types and name in names:
            found[resource["type"], name] = resource
    return found


def test_what_exists_is_imported_and_then_changed_in_place(taken: EngineStack):
    done = touched(taken)
    made = {
        urn_name
        for urn_name in done["created"]
        if urn_name.split(" ")[0] in ("Table", "Bucket", "Zone")
    }
    assert made == set()
    assert {"Table orders", "Bucket uploads", "Queue jobs", "Zone main"} <= done["updated"]
    assert not done["deleted"]
    held = _held(taken)
    assert {state["id"] for state in held.values()} == {id_ for _, id_ in THERE}
    (table,) = taken.aws.things(TABLE)
    assert table["billingMode"] == "PAY_PER_REQUEST"


def test_what_holds_data_is_protected_from_then_on(taken: EngineStack):
    held = _held(taken)
    assert held[TABLE, "orders"]["protect"]
    assert held[BUCKET, "uploads"]["protect"]


def test_a_second_up_changes_nothing(taken: EngineStack):
    assert taken.up().changed == {}


def test_what_is_protected_is_not_made_anew(taken: EngineStack):
    taken.rewrite(STACK.replace("partitionKey: {name: id}", "partitionKey: {name: order}"))
    with pytest.raises(EngineError, match="marked for protection"):
        taken.up()
    taken.rewrite(STACK)
    assert {thing["hashKey"] for thing in taken.aws.things(TABLE)} == {"id"}


def test_taking_adopt_away_changes_nothing(taken: EngineStack):
    touched(taken)
    lines = STACK.splitlines()
    without = [line for line in lines if not line.strip().startswith("adopt:")]
    text = "\n".join(without).replace(", adopt: uploads-2019", "")
    taken.rewrite(text.replace(", adopt: Z1D633PJN98FT9", "") + "\n")
    assert "adopt" not in taken.file.read_text()
    assert taken.up().changed == {}
    assert touched(taken) == {"created": set(), "updated": set(), "deleted": set()}


def test_what_is_kept_stays_as_aws_has_it(engine: Engine, project: Path):
    text = STACK[: STACK.index("  trellis:buckets:")].replace(
        "adopt: Orders", "adopt: {id: Orders, keeps: [billingMode]}"
    )
    text += "  trellis:profile: development\n"
    stack = engine.stack(project, "dev", text=text)
    stack.aws.exists(TABLE, "Orders", THERE[TABLE, "Orders"])
    stack.up()
    (table,) = stack.aws.things(TABLE)
    assert table["billingMode"] == "PROVISIONED"
    assert stack.up().changed == {}
    # Not protected, and all the same never made anew.
    stack.rewrite(text.replace("partitionKey: {name: id}", "partitionKey: {name: order}"))
    with pytest.raises(EngineError, match="may not be replaced"):
        stack.up()


def test_what_is_not_there_is_not_made_instead(engine: Engine, project: Path):
    stack = engine.stack(project, "dev", text=STACK[: STACK.index("  trellis:buckets:")])
    with pytest.raises(EngineError, match="Orders' does not exist"):
        stack.up()
    assert not stack.aws.things(TABLE)
