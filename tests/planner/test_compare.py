"""`trellis compare`: what an edit does, as the engine and AWS's provider would do it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.components.small_systems import CACHE, DATABASE, NETWORK
from tests.planner.edits import edited
from trellis.compare import replacing
from trellis.compare.meaning import loses, words
from trellis.planner.simulate import resource_types

BASE: dict[str, Any] = {"network": NETWORK, "databases": {"main": DATABASE}}


def _with_database(**changes: Any) -> dict[str, Any]:
    return {**BASE, "databases": {"main": {**DATABASE, **changes}}}


def test_the_same_stack_file_changes_nothing():
    assert edited(BASE, BASE) == {}


def test_an_instance_class_changes_in_place():
    step = edited(BASE, _with_database(instanceClass="db.t4g.large"))["Instance main"]
    assert (step.operation, step.changed) == ("update", ("instanceClass",))


def test_another_master_user_replaces_a_database_and_loses_what_it_holds():
    development = {"profile": "development"}
    before, after = BASE | development, _with_database(masterUsername="other") | development
    step = edited(before, after)["Instance main"]
    assert (step.operation, step.because) == ("replace", ("username",))
    assert loses(step) == "the database"


def test_another_name_of_a_database_is_changed_in_place_and_moves_its_address():
    step = edited(BASE, _with_database(name="sales"))["Instance main"]
    assert step.operation == "update"
    assert "moves: its endpoint" in words(step)


def test_another_name_of_a_database_replaces_the_roles_that_are_named_after_it():
    # Its subnet group keeps the prefix that it was made with, which those names begin with too.
    step = edited(BASE, _with_database(name="sales"))["Role main-monitoring"]
    assert (step.operation, step.because) == ("replace", ("name",))


def test_an_entry_that_goes_is_deleted_with_what_it_holds():
    bucket = {"buckets": {"files": {}, "more": {}}}
    steps = edited(bucket, {"buckets": {"files": {}}})
    assert steps["Bucket more"].operation == "delete"
    assert loses(steps["Bucket more"]) == ""  # in production it is kept, without anyone
    assert "nobody looks after it" in " ".join(words(steps["Bucket more"]))
    development = {"profile": "development"}
    steps = edited({**bucket, **development}, {"buckets": {"files": {}}, **development})
    assert loses(steps["Bucket more"]) == "objects"


def test_what_refers_to_a_replacement_is_told_of_it():
    before = {"network": {**NETWORK, "cidr": "10.0.0.0/16"}}
    after = {"network": {**NETWORK, "cidr": "10.1.0.0/16"}}
    steps = edited(before, after)
    assert steps["Vpc network"].because == ("cidrBlock",)
    assert steps["RouteTable network-public"].because == ("vpcId",)


def test_a_renamed_key_with_its_former_one_changes_nothing():
    after = {"network": NETWORK, "databases": {"orders": {**DATABASE, "formerly": "main"}}}
    assert edited(BASE, after) == {}


def test_a_renamed_key_asks_for_the_name_that_is_still_taken():
    named = {**DATABASE, "name": "sales"}
    before = {"network": NETWORK, "databases": {"main": named}}
    step = edited(before, {"network": NETWORK, "databases": {"orders": named}})["Instance orders"]
    assert "shop-dev-sales" in step.taken
    assert "two updates" in " ".join(words(step))


def test_a_cache_goes_up_a_version_in_place_and_down_by_a_replacement():
    old, new = ({"network": NETWORK, "caches": {"main": {**CACHE, "version": v}}}
                for v in ("7.0", "7.1"))  # fmt: skip
    assert edited(old, new)["ReplicationGroup main"].operation == "update"
    assert edited(new, old)["ReplicationGroup main"].because == ("engineVersion",)


def test_every_type_that_trellis_can_register_is_in_the_table():
    assert {t for t in resource_types() if not t.startswith("pulumi:")} == replacing.types()


def test_where_one_source_alone_says_so_the_table_says_why():
    for type_ in replacing.types():
        for entry in replacing.rules(type_).entries.values():
            assert (len(entry.sources) == 2) != bool(entry.why), f"{type_} {entry.path}"


def test_the_table_is_dated():
    assert dt.date(2026, 11, 1) <= replacing.dated()


@pytest.mark.parametrize("profile", ["development", "production"])
def test_data_is_lost_only_where_nothing_keeps_it(profile: str):
    before = {**BASE, "profile": profile}
    steps = edited(before, {"network": NETWORK, "profile": profile})
    assert bool(loses(steps["Instance main"])) == (profile == "development")
    assert steps["Instance main"].protected == (profile == "production")
