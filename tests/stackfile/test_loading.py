"""Merging, precedence, profile, secure values and where each value came from."""

from __future__ import annotations

import json

import pytest

from tests.stackfile.conftest import Stack
from trellis.stackfile import loading
from trellis.stackfile.loading import load, read_stack, using
from trellis.stackfile.problems import Source, StackFileError
from trellis.stackfile.resolution import resolve

SHARED = """\
config:
  trellis:system:
    value:
      name: shared
      tags: {Team: a, Cost: b}
      network:
        cidr: 10.1.0.0/16
        zones: [us-east-1a, us-east-1b]
        flowLogs: {traffic: REJECT, retentionDays: 90}
"""


def test_the_stack_wins_over_the_shared_system_key_by_key(stack: Stack) -> None:
    stack.shared(SHARED)
    stack.write("  trellis:tags: {Team: c}\n  trellis:network: {flowLogs: {traffic: ALL}}\n")
    settings = stack.load().settings
    assert settings.name == "shop"
    assert settings.tags == {"Team": "c", "Cost": "b"}
    assert settings.network is not None
    assert settings.network.cidr == "10.1.0.0/16"
    assert settings.network.flow_logs.traffic == "ALL"
    assert settings.network.flow_logs.retention_days == 90


def test_a_list_replaces_the_inherited_one(stack: Stack) -> None:
    stack.shared(SHARED)
    stack.write("  trellis:network: {zones: [us-east-1c]}\n")
    network = stack.load().settings.network
    assert network is not None
    assert network.zones == ("us-east-1c",)


def test_null_takes_an_inherited_key_away(stack: Stack) -> None:
    stack.shared(SHARED)
    stack.write("  trellis:tags: {Team: null}\n  trellis:network: {flowLogs: ~, zones: null}\n")
    settings = stack.load().settings
    assert settings.tags == {"Cost": "b"}
    assert settings.network is not None
    assert settings.network.zones == 3
    assert settings.network.flow_logs.traffic == "ALL"


def test_an_empty_top_key_takes_the_whole_tier_away(stack: Stack) -> None:
    stack.shared(SHARED)
    stack.write("  trellis:network:\n")
    assert stack.load().settings.network is None


def test_the_profile_stands_between_files_and_defaults(stack: Stack) -> None:
    stack.shared(SHARED)
    stack.write("  trellis:profile: development\n  trellis:network: {zones: 1}\n")
    network = stack.load().settings.network
    assert network is not None
    assert network.nat == "single"
    assert network.zones == 1
    assert network.flow_logs.retention_days == 90


def test_the_profile_reaches_parts_that_were_left_out_whole(stack: Stack) -> None:
    stack.write("  trellis:profile: development\n  trellis:network: {}\n")
    network = stack.load().settings.network
    assert network is not None
    assert network.flow_logs.retention_days == 30
    stack.write("  trellis:network: {}\n")
    network = stack.load().settings.network
    assert network is not None
    assert network.flow_logs.retention_days == 365


def test_every_value_has_a_source(stack: Stack) -> None:
    stack.shared(SHARED)
    stack.write(
        "  trellis:profile: development\n"
        "  trellis:network:\n    zones:\n      - us-east-1a\n      - us-east-1b\n"
    )
    sources = stack.load().sources
    assert sources["network", "zones", 1] == Source("stack file", "Pulumi.dev.yaml", 9, 9)
    assert sources["region",] == Source("stack file", "Pulumi.dev.yaml", 2, 15)
    assert sources["tags", "Cost"] == Source("shared system", "Pulumi.yaml", 7, 29)
    assert sources["network", "flowLogs", "retentionDays"].line == 11
    assert sources["network", "nat"] == Source("profile")
    assert sources["network", "ipv6"] == Source("default")
    assert sources["exemptions",] == Source("default")


def test_an_aliased_value_has_the_source_of_its_anchor(stack: Stack) -> None:
    stack.write("  other:a: &tags\n    Team: x\n  trellis:tags: *tags\n")
    loaded = stack.load()
    assert loaded.settings.tags == {"Team": "x"}
    assert loaded.sources["tags", "Team"].line == 6


def test_region_comes_from_the_project_file_too(stack: Stack) -> None:
    stack.shared("config:\n  aws:region: eu-west-1\n")
    stack.write_whole("config:\n  trellis:name: shop\n  trellis:environment: dev\n")
    loaded = stack.load()
    assert loaded.settings.region == "eu-west-1"
    assert loaded.sources["region",] == Source("shared system", "Pulumi.yaml", 4, 15)


@pytest.mark.parametrize("value", ["12:30", "NO", "yes", "1.2.3", '"16.10"', "a_b"])
def test_text_stays_as_written(stack: Stack, value: str) -> None:
    stack.write(f"  trellis:tags: {{a: {value}}}\n")
    assert stack.load().settings.tags == {"a": value.strip('"')}


def test_a_whole_key_can_be_json_text_as_pulumi_config_set_writes_it(stack: Stack) -> None:
    stack.write("""  trellis:tags: '{"Team": "x"}'\n""")
    assert stack.load().settings.tags == {"Team": "x"}


def test_settings_of_other_programs_are_left_alone(stack: Stack) -> None:
    stack.write("  pulumi:tags: {a: b}\n  datadog:site: eu\n  ownSwitch: true\n")
    assert stack.load().settings.name == "shop"


def test_another_config_file_can_be_given(stack: Stack) -> None:
    other = stack.folder / "other.yaml"
    text = (stack.folder / "Pulumi.dev.yaml").read_text()
    other.write_text(text.replace("shop", "else"))
    files = read_stack(stack.folder, "dev", other)
    with using(files):
        loaded = load(files.config)
    assert loaded.settings.name == "else"
    assert loaded.sources["name",].file == "other.yaml"


def test_stack_files_may_stand_in_a_folder_of_their_own(stack: Stack) -> None:
    stack.shared("stackConfigDir: stacks\n")
    (stack.folder / "stacks").mkdir()
    (stack.folder / "Pulumi.dev.yaml").rename(stack.folder / "stacks" / "Pulumi.dev.yaml")
    assert stack.load().settings.name == "shop"


def test_a_missing_stack_names_those_there_are(stack: Stack) -> None:
    with pytest.raises(StackFileError, match="did you mean `dev`") as caught:
        read_stack(stack.folder, "dve")
    assert "a stack that has a file: dev" in str(caught.value)


def test_values_that_differ_from_the_file_are_located_where_they_agree(stack: Stack) -> None:
    stack.write("  trellis:network: {zones: 2, cidr: 10.0.0.0/16}\n")
    files = read_stack(stack.folder, "dev")
    given = {**files.config, "trellis:network": '{"zones": 1, "cidr": "10.0.0.0/16"}'}
    with using(files):
        sources = load(given).sources
    assert sources["network", "zones"] == Source("pulumi config")
    assert sources["network", "cidr"].line == 5
    assert sources["name",].line == 3


def test_without_any_file_the_engine_s_values_are_enough() -> None:
    config = {
        "aws:region": "us-east-1",
        "trellis:name": "shop",
        "trellis:environment": "dev",
        "trellis:network": json.dumps({"zones": 7}),
    }
    (problem,) = resolve(config, None).problems
    assert problem.source == Source("pulumi config")


def test_an_encrypted_value_is_refused_where_no_secret_belongs(stack: Stack) -> None:
    stack.write("  trellis:tags:\n    Team:\n      secure: v1:abc:def\n")
    problem = stack.problem()
    assert (problem.path, problem.source and problem.source.line) == (("tags", "Team"), 6)
    assert "abc" not in str(problem)


def test_an_encrypted_key_is_refused_whole(stack: Stack) -> None:
    stack.write("  trellis:account:\n    secure: v1:abc:def\n")
    assert stack.problem().found == "an encrypted value (`secure:`)"


def test_a_value_the_engine_calls_secret_is_never_shown() -> None:
    config = {
        "aws:region": "us-east-1",
        "trellis:name": "hunter2 is the password",
        "trellis:environment": "dev",
        "trellis:tags": json.dumps({"a": ["hunter2"]}),
    }
    problems = resolve(config, None, {"trellis:name", "trellis:tags"}).problems
    assert {problem.path for problem in problems} == {("name",), ("tags", "a")}
    assert "hunter2" not in str(StackFileError(problems))


def test_a_file_of_another_stack_lends_neither_positions_nor_problems(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.write("  trellis:tags: {a: 2027-03-31}\n")
    given = {"aws:region": "us-east-1", "trellis:name": "shop", "trellis:environment": "prod"}
    monkeypatch.setattr(loading, "_found_files", lambda: loading.read_files(stack.folder, "dev"))
    loaded = load(given)
    assert loaded.settings.tags == {}
    assert loaded.sources["environment",] == Source("pulumi config")
