"""`trellis explain` says what a setting is, where it came from and what lost against it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import ROOT
from tests.stackfile.conftest import Stack
from trellis.cli.explain import explain, stack_and_path
from trellis.cli.main import main
from trellis.cli.options import WRONG_INPUT
from trellis.stackfile.explaining import parsed
from trellis.stackfile.problems import StackFileError, dotted

SHARED = (
    "config:\n  trellis:system:\n    value:\n      tags: {Team: a}\n      network: {zones: 1}\n"
)
OWN = (
    "  trellis:profile: development\n"
    "  trellis:tags:\n    Team: null\n    Cost: b\n"
    "  trellis:network:\n    zones: [us-east-1a, us-east-1b]\n    cidr: 10.0.0.0/16\n"
)

Explained = Callable[[str | None], list[str]]


@pytest.fixture
def explained(stack: Stack) -> Explained:
    stack.shared(SHARED)
    stack.write(OWN)
    return lambda path: explain(stack.folder, "dev", path).splitlines()


def test_a_value_names_its_place_and_all_that_lost(explained: Explained) -> None:
    assert explained("network.cidr") == [
        "network.cidr = 10.0.0.0/16",
        "  from Pulumi.dev.yaml:11 (stack file)",
        "  over 10.0.0.0/16, the default",
        "  The VPC's IPv4 block, /16 to /28.",
        "  allowed: text",
    ]


def test_a_value_of_the_profile_wins_over_the_default_only(explained: Explained) -> None:
    lines = explained("network.nat")
    assert lines[:3] == [
        "network.nat = single",
        "  from the development profile",
        "  over perZone, the default",
    ]


def test_a_list_shows_its_items_and_what_is_allowed(explained: Explained) -> None:
    lines = explained("trellis:network.zones")
    assert lines[0] == "network.zones"
    assert lines[1].split() == ["network.zones[0]", "us-east-1a", "Pulumi.dev.yaml:10",
                                "(stack", "file)"]  # fmt: skip
    assert lines[-1].startswith("  allowed: a whole number from 1 to 6, or a list of 1 to 6")


def test_an_inherited_value_that_lost_is_told_with_its_line(stack: Stack) -> None:
    stack.shared(SHARED)
    stack.write("  trellis:network: {zones: 3}\n")
    lines = explain(stack.folder, "dev", "network.zones").splitlines()
    assert "  over 1 in Pulumi.yaml:7 (shared system)" in lines


def test_a_null_that_took_something_away_is_told(stack: Stack) -> None:
    stack.shared(SHARED)
    stack.write("  trellis:network:\n    zones: null\n")
    lines = explain(stack.folder, "dev", "network.zones").splitlines()
    assert lines[0] == "network.zones = 3"
    assert lines[1] == "  from the default"
    assert "  over null, which takes away what is below in Pulumi.dev.yaml:6 (stack file)" in lines


def test_what_is_not_set_still_says_what_it_would_be(explained: Explained) -> None:
    lines = explained("network.existing.vpcId")
    assert lines[0] == "network.existing.vpcId is not set"
    assert lines[-1].startswith("  allowed: text of the form ^vpc-")


def test_without_a_path_every_value_has_a_line(explained: Explained, stack: Stack) -> None:
    lines = explained(None)
    assert len(lines) == len(stack.load().sources)
    assert any(line.split()[:3] == ["tags.Cost", "b", "Pulumi.dev.yaml:8"] for line in lines)
    assert not any(line.startswith("tags.Team") for line in lines)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("network.zonez", "did you mean `zones`?"),
        ("netwrok.zones", "did you mean `network`?"),
        ("network.cidr.foo", "nothing below: it is one value"),
        ("network.zones[7]", "is not set"),
        ("network..zones", "a path such as"),
    ],
)
def test_a_wrong_path_names_the_nearest(stack: Stack, path: str, message: str) -> None:
    stack.shared(SHARED)
    stack.write(OWN)
    try:
        text = explain(stack.folder, "dev", path)
    except StackFileError as error:
        text = str(error)
    assert message in text


def test_a_wrong_stack_is_told_instead(stack: Stack) -> None:
    stack.write("  trellis:network: {zones: 9}\n")
    with pytest.raises(StackFileError, match=r"network\.zones"):
        explain(stack.folder, "dev")


@pytest.mark.parametrize(
    "path",
    ["network.zones", "services.backend.routes[0].host", 'tags["a.b"]', "aws:region", "a[1][2]"],
)
def test_a_path_is_read_as_it_is_written(path: str) -> None:
    assert dotted(parsed(path)) == path


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ([], ("dev", None)),
        (["prod"], ("prod", None)),
        (["network.nat"], ("dev", "network.nat")),
        (["prod", "network.nat"], ("prod", "network.nat")),
    ],
)
def test_a_stack_or_a_path_may_be_left_out(words: list[str], meant: tuple[str, str | None]):
    assert stack_and_path(ROOT, words) == meant


def test_the_only_stack_of_a_project_is_the_one_meant():
    assert stack_and_path(ROOT / "systems" / "engify", ["secrets"]) == ("prod", "secrets")


def test_a_third_word_is_refused(capsys: pytest.CaptureFixture[str]):
    assert main(["explain", "dev", "network", "nat"]) == WRONG_INPUT
    assert "give a stack and a path" in capsys.readouterr().err


def test_a_setting_of_a_wrong_file_is_explained_without_its_value(stack: Stack) -> None:
    stack.write("  trellis:network: {cidr: 10.0.0.0/16, nat: most}\n  trellis:queus: {}\n")
    lines = explain(stack.folder, "dev", "network.nat").splitlines()
    assert lines[0].startswith("network.nat has no value: the stack's settings are wrong")
    assert lines[-1] == "  allowed: one of none, single, perZone"
    for path in (None, "network.nats"):
        with pytest.raises(StackFileError) as refused:
            explain(stack.folder, "dev", path)
        assert len(refused.value.problems) == 2
