"""`trellis set`: one setting changes, everything else of the file stays as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from trellis.cli.main import main
from trellis.stackfile import tree
from trellis.stackfile.editing import changed_text
from trellis.stackfile.problems import StackFileError

FILE = """\
# Club
config:
  aws:region: us-east-1   # where
  trellis:name: shop
  trellis:environment: dev
  # Queues of the shop
  trellis:queues:
    work: {visibilitySeconds: 30}  # s
    late:
      # why it is long
      visibilitySeconds: 60
  trellis:tags: {Team: "a: b"}
# the end
"""


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (("queues", "work", "visibilitySeconds"), 45, "    work: {visibilitySeconds: 45}  # s"),
        (("queues", "late", "visibilitySeconds"), 90, "      visibilitySeconds: 90"),
        (("queues", "work", "fifo"), True, "    work: {visibilitySeconds: 30, fifo: true}  # s"),
        (("queues", "late", "fifo"), True, "      fifo: true"),
        (("queues", "more"), {}, "    more: {}"),
        (("tags", "Team"), "yes", '  trellis:tags: {Team: "yes"}'),
        (("tags", "Cost"), "c, d", '  trellis:tags: {Team: "a: b", Cost: "c, d"}'),
        (("region",), "eu-west-1", "  aws:region: eu-west-1   # where"),
        (("usage", "asOf"), "2026-11-29", '  trellis:usage: {asOf: "2026-11-29"}'),
        (("budgets", "month", "monthly"), 20, "  trellis:budgets: {month: {monthly: 20}}"),
    ],
)  # fmt: skip
def test_one_line_changes(path: tuple[str, ...], value: Any, line: str):
    new = changed_text(FILE, path, value, "Pulumi.dev.yaml")
    before, after = FILE.splitlines(), new.splitlines()
    assert line in after
    assert len([element for element in before if element not in after]) <= 1
    assert len([element for element in after if element not in before]) == 1
    config = yaml.safe_load(new)["config"]
    found = config["aws:region"] if path == ("region",) else config[f"trellis:{path[0]}"]
    for key in path[1:]:
        found = found[key]
    assert found == value


def test_a_mapping_over_several_lines_is_not_replaced():
    with pytest.raises(StackFileError, match="a path to one of the settings inside"):
        changed_text(FILE, ("queues", "late"), {}, "Pulumi.dev.yaml")


LINES = """\
config:
  trellis:name: shop
  trellis:repositories:  # of the images
    # the web's
    web: {name: shop-web}   # old
    api:
      name: shop-api
  # of what is after it
  trellis:queues:
    work: {}
  trellis:services:
    web:
      routes:
        - host: example.com
          paths: [/api/*]
      notes: |
        one
        two

      cpu: 256
"""


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("repositories",), None),
        (("repositories",), {"web": {"name": "other"}}),
        (("repositories", "api"), {}),
        (("services", "web", "routes"), [{"host": "pr.example.com"}]),
        (("services", "web", "routes", 0), {"host": "pr.example.com"}),
        (("services", "web", "notes"), "short"),
        (("services", "web"), {}),
        (("services",), {}),
    ],
)
def test_what_stands_over_several_lines_is_written_over_where_that_is_asked_for(
    path: tuple[str | int, ...], value: Any
):
    new = changed_text(LINES, path, value, "Pulumi.dev.yaml", whole=True)
    assert "# of what is after it" in new
    expected = yaml.safe_load(LINES)
    place = expected["config"]
    *above, last = (f"trellis:{path[0]}", *path[1:])
    for key in above:
        place = place[key]
    place[last] = value
    assert yaml.safe_load(new) == expected


def test_an_anchor_that_others_name_is_not_written_over():
    text = LINES.replace("web: {name: shop-web}", "web: &web {name: shop-web}")
    text = text.replace("work: {}", "work: *web")
    with pytest.raises(StackFileError, match="can't be changed by itself"):
        changed_text(text, ("repositories",), None, "Pulumi.dev.yaml", whole=True)


@pytest.mark.parametrize("path", [("queues", "a", "delaySeconds"), ("queues", "b")])
def test_what_something_else_refers_to_is_not_changed(path: tuple[str, ...]):
    text = "config:\n  trellis:queues: {a: {delaySeconds: &s 5}, b: {delaySeconds: *s}}\n"
    if path[1] == "b":
        text = "config:\n  trellis:queues: {a: &q {delaySeconds: 5}, b: *q}\n"
    with pytest.raises(StackFileError, match="a change by hand"):
        changed_text(text, path, 7, "Pulumi.dev.yaml")


def test_a_value_is_no_place_for_others():
    with pytest.raises(StackFileError, match="no mapping to put it in"):
        changed_text(FILE, ("name", "first"), 1, "Pulumi.dev.yaml")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(FILE)
    return tmp_path


def test_the_command_writes_what_is_right(project: Path, capsys: pytest.CaptureFixture[str]):
    words = ["set", "dev", "queues.work.visibilitySeconds", "45", "--project", str(project)]
    assert main(words) == 0
    assert "queues.work.visibilitySeconds is now 45" in capsys.readouterr().out
    assert (project / "Pulumi.dev.yaml").read_text() == FILE.replace("Seconds: 30", "Seconds: 45")


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("queues.work.visibilityHours", "1", "the unknown key visibilityHours"),
        ("queues.work.visibilitySeconds", "-1", "from 0"),
        ("queues.work", "{", "YAML on one line"),
        ("", "1", "one of a setting, as in"),
    ],
)
def test_the_command_writes_nothing_that_is_wrong(
    project: Path, capsys: pytest.CaptureFixture[str], path: str, value: str, message: str
):
    assert main(["set", "dev", path, value, "--project", str(project)]) == 2
    assert message in capsys.readouterr().err
    assert (project / "Pulumi.dev.yaml").read_text() == FILE


def test_a_date_is_text(project: Path):
    words = ["set", "dev", "usage.asOf", "2026-11-29", "--project", str(project)]
    assert main(words) == 0
    assert 'trellis:usage: {asOf: "2026-11-29"}' in (project / "Pulumi.dev.yaml").read_text()


@pytest.mark.long
@pytest.mark.parametrize("name", ["Pulumi.dev.yaml", "systems/afric-analyzer/Pulumi.prod.yaml"])
def test_every_setting_of_a_real_stack_can_be_set(name: str):
    text = (Path(__file__).parents[2] / name).read_text()
    config: dict[str, Any] = yaml.safe_load(text)["config"]
    for top, whole in config.items():
        for path, leaf in tree.leaves(whole, (top.removeprefix("trellis:"),)):
            if top == "aws:region" or isinstance(leaf, (dict, list)):
                continue
            new = changed_text(text, path, "changed", name)
            assert yaml.safe_load(new) != yaml.safe_load(text)
            assert len(new.splitlines()) == len(text.splitlines())
            comments = [line for line in text.splitlines() if line.lstrip().startswith("#")]
            assert [c for c in comments if c not in new.splitlines()] == []
